"""Texts that entries are compared with: added one by one or as a packed folder, read, compared, taken out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.cli import sweep, verify
from contest.contests.models import Contest
from contest.db import db
from contest.entries import reference_receive
from contest.entries.models import Entry, LikePair, ReferenceText
from contest.rules.permissions import Role
from contest.storage import storage
from tests.entries import kit
from tests.entries.alike import listed, prose, work_off

TEXT = prose(120, 1)


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def organiser(
    contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]
) -> FlaskClient:  # fmt: skip
    return sign_in(make_account("Hoàng Thị Tổ Chức", Role.ORGANISER, contest=contest))


@pytest.fixture
def hand_in(make_entry: Callable[..., Entry]) -> Callable[..., Entry]:
    def make(contest: Contest, text: str, **columns: Any) -> Entry:
        entry = make_entry(contest, **columns)
        entry.versions[0].text = text
        db.session.commit()
        return entry

    return make


def _at(contest: Contest, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}/van-ban-doi-chieu{tail}"


def _add(client: FlaskClient, contest: Contest, *files: tuple[str, bytes], **more: str) -> Any:
    data = {
        "files": [(io.BytesIO(content), name) for name, content in files],
        "source": "Tuyển tập 2019", "purpose": "compare", **more,
    }  # fmt: skip
    return client.post(_at(contest), data=data)


def _packed(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def _names() -> list[str]:
    db.session.expire_all()
    return sorted(row.name for row in db.session.query(ReferenceText))


def test_an_entry_that_copies_a_printed_work_is_found(
    contest: Contest, organiser: FlaskClient, hand_in: Callable[..., Entry]
) -> None:
    hand_in(contest, prose(20, 2) + " " + TEXT, title="Bài chép")
    work_off()

    answer = _add(organiser, contest, ("Tập bài.docx", kit.docx(TEXT)))
    waiting = organiser.get(_at(contest)).text
    work_off()
    hand_in(contest, TEXT, title="Bài đến sau")
    work_off()

    assert answer.status_code == 302
    assert "Đang đọc" in waiting
    assert sorted(listed(contest)) == [
        ("Bài chép", "Tập bài.docx"), ("Bài đến sau", "Bài chép"), ("Bài đến sau", "Tập bài.docx")
    ]  # fmt: skip
    page = organiser.get(_at(contest)).text
    assert "Tuyển tập 2019" in page and "120 chữ" in page and "Đang đọc" not in page
    number = db.session.query(LikePair.id).order_by(LikePair.id).limit(1).scalar()
    both = organiser.get(f"/cuoc-thi/{contest.slug}/bai-giong-nhau/{number}").text
    assert "Văn bản đối chiếu · Tuyển tập 2019" in both
    assert "100%" in both
    [event] = db.session.query(AuditEvent).filter_by(action="entries.add_references")
    assert event.details["source"] == "Tuyển tập 2019"


def test_a_folder_is_unpacked_and_what_is_no_text_is_said(contest: Contest, organiser: FlaskClient) -> None:
    folder = _packed(
        ("Năm 2019/Bài một.txt", prose(30, 1).encode()),
        ("Năm 2019/Bài hai.docx", kit.docx(prose(30, 2))),
        ("Năm 2019/Quét.pdf", kit.pdf(1)),
        ("Năm 2019/Ảnh.jpg", kit.jpeg()),
        ("Năm 2019/Trống.txt", b""),
        ("Năm 2019/.DS_Store", b"x"),
        ("Năm 2019/~$Bài hai.docx", b"x"),
        ("__MACOSX/Năm 2019/._Bài một.txt", b"x"),
    )

    answer = _add(organiser, contest, ("nam-2019.zip", folder), ("Rời.txt", prose(30, 3).encode()))
    work_off()

    assert answer.status_code == 422
    assert _names() == ["Bài hai.docx", "Bài một.txt", "Quét.pdf", "Rời.txt"]
    for said in (
        "Tệp Ảnh.jpg không phải dạng được nhận. Nhận tệp .txt, .docx, .pdf",
        "Tệp Trống.txt không có nội dung",
    ):
        assert said in answer.text
    assert "DS_Store" not in answer.text
    assert "Không đọc được: không có chữ nào (có thể là ảnh quét)" in organiser.get(_at(contest)).text


def test_a_name_that_is_utf8_without_saying_so_is_read(contest: Contest, organiser: FlaskClient) -> None:
    plain = _packed(("Bai.txt", prose(30, 1).encode()))
    folder = plain.replace(b"Bai.txt", "Bà.txt".encode())

    _add(organiser, contest, ("a.zip", folder))

    assert _names() == ["Bà.txt"]


def test_a_damaged_member_keeps_nobody_from_the_others(contest: Contest, organiser: FlaskClient) -> None:
    folder = bytearray(_packed(("Một.txt", prose(300, 1).encode()), ("Hai.txt", prose(300, 2).encode())))
    folder[60:200] = bytes(140)

    answer = _add(organiser, contest, ("a.zip", bytes(folder)))

    assert answer.status_code == 422 and "bị hỏng" in answer.text
    assert _names() == ["Hai.txt"]


@pytest.mark.parametrize(
    ("limits", "said", "kept"),
    [
        ({"LARGEST": 100}, "Tệp Hai.txt lớn hơn", ["Ba.txt", "Một.txt"]),
        ({"MOST_FILES": 2}, "nhiều nhất 2 tệp", ["Hai.txt", "Một.txt"]),
        ({"MOST_BYTES": 700}, "Từ tệp Ba.txt trở đi chưa nhận", ["Hai.txt", "Một.txt"]),
    ],
)
def test_there_is_an_end_to_what_is_taken_at_once(
    contest: Contest, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], said: str,
    kept: list[str],
) -> None:  # fmt: skip
    for name, value in limits.items():
        monkeypatch.setattr(reference_receive, name, value)
    files = [("Một.txt", b"a b c d " * 10), ("Hai.txt", b"e f g h " * 70), ("Ba.txt", b"i k l m " * 12)]

    answer = (
        _add(organiser, contest, *files)
        if "LARGEST" in limits
        else _add(organiser, contest, ("a.zip", _packed(*files)))
    )

    assert said in answer.text
    assert _names() == kept


def test_the_same_file_is_kept_once(contest: Contest, organiser: FlaskClient) -> None:
    data = prose(30, 1).encode()
    _add(organiser, contest, ("Một.txt", data))
    before = len(list(storage().keys()))

    again = _add(organiser, contest, ("Hai.txt", data), ("Ba.txt", prose(30, 2).encode()))
    after = len(list(storage().keys()))

    assert "Tệp Hai.txt đã có trong danh sách" in again.text
    assert _names() == ["Ba.txt", "Một.txt"]
    assert after == before + 1


def test_nothing_chosen_is_said(contest: Contest, organiser: FlaskClient) -> None:
    answer = organiser.post(_at(contest), data={"purpose": "compare"})

    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một tệp." in answer.text


def test_what_all_may_quote_from_takes_pairs_off_the_list_and_gives_them_back(
    contest: Contest, organiser: FlaskClient, hand_in: Callable[..., Entry]
) -> None:
    hand_in(contest, TEXT + " " + prose(150, 2), title="Một")
    hand_in(contest, prose(150, 3) + " " + TEXT, title="Hai")
    work_off()
    before = listed(contest)

    _add(organiser, contest, ("Gợi ý.txt", TEXT.encode()), purpose="known")
    work_off()
    with_advice = listed(contest)
    [row] = db.session.query(ReferenceText).all()
    organiser.post(_at(contest, f"/{row.id}/bo"))
    work_off()

    assert before == [("Hai", "Một")]
    assert with_advice == []  # nor is the advice itself a pair with anybody
    assert listed(contest) == [("Hai", "Một")]


def test_a_text_taken_out_leaves_the_list_with_its_pairs(
    contest: Contest, organiser: FlaskClient, hand_in: Callable[..., Entry]
) -> None:
    hand_in(contest, TEXT)
    _add(organiser, contest, ("Tập bài.txt", TEXT.encode()))
    work_off()
    [row] = db.session.query(ReferenceText).all()
    found = listed(contest)

    organiser.post(_at(contest, f"/{row.id}/bo"))

    assert len(found) == 1
    assert listed(contest) == []
    assert "Tập bài.txt</a>" not in organiser.get(_at(contest)).text
    assert organiser.get(_at(contest, f"/{row.id}/tep")).status_code == 404
    assert organiser.post(_at(contest, f"/{row.id}/bo")).status_code == 404


def test_the_file_is_given_back_as_it_was_sent_and_to_its_contest_alone(
    contest: Contest, organiser: FlaskClient, make_contest: Callable[..., Contest],
    make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    _add(organiser, contest, ("Tập bài.txt", TEXT.encode()))
    [row] = db.session.query(ReferenceText).all()
    other = make_contest()
    foreign = sign_in(make_account("Thư ký khác", Role.INTAKE_SECRETARY, contest=other))
    judge = sign_in(make_account("Giám khảo", Role.JUDGE, contest=contest))

    answer = organiser.get(_at(contest, f"/{row.id}/tep"))

    assert answer.data == TEXT.encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert foreign.get(_at(other, f"/{row.id}/tep")).status_code == 404
    assert foreign.post(_at(other, f"/{row.id}/bo")).status_code == 404
    assert [judge.get(_at(contest, tail)).status_code for tail in ("", f"/{row.id}/tep")] == [403, 403]


def test_reference_files_are_swept_by_nobody_and_verified(contest: Contest, organiser: FlaskClient) -> None:
    _add(organiser, contest, ("Tập bài.txt", TEXT.encode()))
    key = db.session.query(ReferenceText).one().storage_key
    db.session.rollback()
    named = sweep._named()
    sound = list(verify.files())
    storage().delete(key)

    assert key in named
    assert sound == []
    assert len(list(verify.files())) == 1


def test_a_file_that_was_lost_is_said(contest: Contest, organiser: FlaskClient) -> None:
    _add(organiser, contest, ("Tập bài.txt", TEXT.encode()))
    storage().delete(db.session.query(ReferenceText).one().storage_key)

    work_off()

    assert "Không đọc được: không còn tệp trong kho" in organiser.get(_at(contest)).text


def test_a_folder_of_too_many_files_is_said_to_be_too_large_not_broken(
    contest: Contest, organiser: FlaskClient
) -> None:  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}.txt", "x")

    said = _add(organiser, contest, ("bai.zip", packed.getvalue())).text

    assert "Thư mục nén bai.zip có quá nhiều tệp, hoặc mở ra quá lớn" in said
    assert "bị hỏng" not in said
