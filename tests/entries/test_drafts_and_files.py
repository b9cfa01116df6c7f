"""What the page's script calls, and every kind of rubbish a phone or a malicious hand can send."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries import receive as receiving
from contest.entries.models import Entry, EntryFile, SetAside
from contest.entries.receive import FileRefused, file_name, receive
from contest.storage import storage
from tests.entries import kit


@pytest.fixture
def person(make_account: Callable[..., Account]) -> Account:
    return make_account("Hoàng Văn Páo")


@pytest.fixture
def pen(person: Account, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(person)


@pytest.fixture
def entry(make_contest: Callable[..., Contest], pen: FlaskClient) -> Entry:
    return kit.begin(pen, make_contest())


def _save(client: FlaskClient, entry: Entry, **body: Any) -> Any:
    return client.post(f"/bai/{entry.public_id}/nhap", json={"title": "A", "text": "", "revision": 0, **body})


def _send(client: FlaskClient, entry: Entry, data: bytes, name: str = "bai.docx", key: str = "") -> Any:
    fields = {"uuid": key or str(uuid.uuid4()), "file": (BytesIO(data), name)}
    return client.post(f"/bai/{entry.public_id}/tep", data=fields, headers={"Accept": "application/json"})


def test_a_draft_saves_itself_and_says_where_and_when(pen: FlaskClient, entry: Entry) -> None:
    first = _save(pen, entry, text="một")
    second = _save(pen, entry, text="một hai", revision=first.json["revision"])

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json["state"] == "saved"
    assert second.json["saved"].startswith("Đã lưu lúc ") and second.json["saved"].endswith(" · trên máy chủ")
    db.session.expire_all()
    assert (entry.versions[0].text, entry.versions[0].draft_revision) == ("một hai", 2)


def test_the_same_save_again_changes_nothing(pen: FlaskClient, entry: Entry) -> None:
    _save(pen, entry, text="một")

    again = _save(pen, entry, text="một")

    assert (again.status_code, again.json["revision"]) == (200, 1)


def test_a_save_based_on_an_older_draft_gets_the_stored_one_back(pen: FlaskClient, entry: Entry) -> None:
    _save(pen, entry, text="ở cơ quan")

    answer = _save(pen, entry, text="trên điện thoại")
    db.session.expire_all()
    before = entry.versions[0].text
    picked = _save(pen, entry, text="trên điện thoại", revision=answer.json["revision"], pick="mine")

    assert (answer.status_code, answer.json["state"], answer.json["text"]) == (409, "conflict", "ở cơ quan")
    assert before == "ở cơ quan"
    assert picked.json["text"] == "trên điện thoại"
    assert [row.text for row in db.session.query(SetAside)] == ["ở cơ quan"]


def test_the_text_not_taken_is_kept_aside(pen: FlaskClient, entry: Entry) -> None:
    _save(pen, entry, text="trên máy chủ")

    answer = _save(pen, entry, text="trên máy này", revision=1, pick="theirs")

    assert answer.json["text"] == "trên máy chủ"
    assert [row.text for row in db.session.query(SetAside)] == ["trên máy này"]


@pytest.mark.parametrize("body", [[], "x", {"title": 1}, {"revision": "0"}, {"text": None}])
def test_a_save_that_is_no_draft_is_refused(pen: FlaskClient, entry: Entry, body: Any) -> None:
    sent = {"title": "A", "text": "", "revision": 0, **body} if isinstance(body, dict) else body

    answer = pen.post(f"/bai/{entry.public_id}/nhap", json=sent)

    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_names_inside_the_work_are_shown_while_one_writes(pen: FlaskClient, entry: Entry) -> None:
    kit.sign(pen, entry, "Hoàng Văn Páo", **{"people-0-phone": "0912345678"})

    answer = _save(pen, entry, text="Tôi là hoang van pao, gọi +84 912 345 678.")

    assert "“hoang van pao” trong bài viết." in answer.json["findings"]
    assert "“84 912 345 678” trong bài viết." in answer.json["findings"]
    assert "Nên bỏ họ tên" in answer.json["findings"]


def test_signed_out_a_save_says_so_in_json(client: FlaskClient, entry: Entry) -> None:
    assert _save(client, entry, text="x").status_code == 401


def test_the_stored_draft_comes_with_a_fresh_token(pen: FlaskClient, entry: Entry) -> None:
    _save(pen, entry, text="một")

    answer = pen.get(f"/bai/{entry.public_id}/nhap").json

    assert (answer["text"], answer["revision"]) == ("một", 1)
    assert answer["csrf"]


def test_a_file_sent_twice_is_stored_once(pen: FlaskClient, entry: Entry, app: Flask) -> None:
    key, before = str(uuid.uuid4()), len(list(storage().keys()))

    first = _send(pen, entry, kit.docx(), key=key)
    second = _send(pen, entry, kit.docx(), key=key)

    assert (first.json["new"], second.json["new"]) == (True, False)
    assert db.session.query(EntryFile).count() == 1
    assert len(list(storage().keys())) == before + 1


def test_an_uuid_of_another_entry_opens_nothing(
    pen: FlaskClient, entry: Entry, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]
) -> None:
    key = str(uuid.uuid4())
    _send(pen, entry, kit.docx(), key=key)
    stranger = sign_in(make_account("Người lạ"))
    other = kit.begin(stranger, entry.contest)

    answer = _send(stranger, other, kit.docx("khác"), key=key)

    assert (answer.status_code, answer.json["code"]) == (409, "changed")


def test_without_script_files_are_sent_ordered_and_removed_by_plain_forms(pen: FlaskClient, entry: Entry) -> None:
    files = [(BytesIO(kit.jpeg(60 + n)), f"trang {n}.jpg") for n in range(3)]
    kit.write(pen, entry, files=files, act="stay")
    names = lambda: [file.name for file in _files(entry)]  # noqa: E731
    before = names()

    kit.write(pen, entry, act=f"up:{_files(entry)[2].public_id}")
    moved = names()
    kit.write(pen, entry, act=f"remove:{_files(entry)[0].public_id}")

    assert before == ["trang 0.jpg", "trang 1.jpg", "trang 2.jpg"]
    assert moved == ["trang 0.jpg", "trang 2.jpg", "trang 1.jpg"]
    assert names() == ["trang 2.jpg", "trang 1.jpg"]


def _files(entry: Entry) -> list[EntryFile]:
    db.session.expire_all()
    return list(entry.versions[0].files)


def test_a_form_sent_twice_adds_its_file_once(pen: FlaskClient, entry: Entry) -> None:
    data = kit.docx()

    for _ in range(2):
        kit.write(pen, entry, files=[(BytesIO(data), "bai.docx")])

    assert len(_files(entry)) == 1


RUBBISH = [
    (bytes(range(256)) * 40, "anh.jpg", "unknown_kind"),
    (b"<!doctype html><html><script>alert(1)</script></html>", "bai.docx", "unknown_kind"),
    (kit.encrypted(), "bai.docx", "encrypted"),
    (kit.bomb(), "bai.docx", "bomb"),
    (b"", "rong.docx", "empty"),
    (b"PK\x03\x04rubbish", "bai.docx", "broken"),
    (b"\xff\xd8\xff\xe0 not a picture", "trang.jpg", "broken"),
    (b"%PDF-1.7 not really", "bai.pdf", "broken"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(100), "IMG_0001.HEIC", "heic"),
    (b"MZ" + bytes(500), "bai.docx", "unknown_kind"),
]


@pytest.mark.parametrize(("data", "name", "code"), RUBBISH, ids=[f"{row[2]}-{row[1]}" for row in RUBBISH])
def test_rubbish_is_refused_in_a_plain_sentence_and_nothing_is_kept(
    pen: FlaskClient, entry: Entry, data: bytes, name: str, code: str
) -> None:
    before = len(list(storage().keys()))

    answer = _send(pen, entry, data, name)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert name in answer.json["message"] and answer.json["message"].endswith(".")
    assert len(list(storage().keys())) == before
    assert _files(entry) == []


def test_a_refused_file_in_the_form_keeps_everything_typed(pen: FlaskClient, entry: Entry) -> None:
    answer = kit.write(
        pen, entry, title="Giữ tên này", text="Giữ bài này",
        files=[(BytesIO(kit.encrypted()), "khoa.docx"), (BytesIO(kit.docx()), "mo.docx")],
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Tệp khoa.docx có mật khẩu nên không mở được. Hãy bỏ mật khẩu rồi nộp lại." in answer.text
    assert "Giữ tên này" in answer.text and "Giữ bài này" in answer.text
    assert [file.name for file in _files(entry)] == ["mo.docx"]
    assert entry.versions[0].text == "Giữ bài này"


def test_a_huge_picture_is_refused_before_it_is_unpacked(pen: FlaskClient, entry: Entry) -> None:
    answer = _send(pen, entry, kit.jpeg(12000, 9000), "to.jpg")

    assert answer.json["code"] == "image_too_large"


def test_the_contest_decides_kinds_and_sizes(make_contest: Callable[..., Contest], pen: FlaskClient) -> None:
    entry = kit.begin(pen, make_contest(file_kinds=["pdf"], max_file_mb=1, max_files=1))

    word = _send(pen, entry, kit.docx())
    large = _send(pen, entry, b"%PDF-" + bytes(1_100_000), "to.pdf")
    first = _send(pen, entry, kit.pdf(), "mot.pdf")
    second = _send(pen, entry, kit.pdf(3), "hai.pdf")

    assert (word.json["code"], large.json["code"]) == ("kind_not_taken", "too_large")
    assert "Cuộc thi nhận: PDF." in word.json["message"]
    assert (first.status_code, second.json["code"]) == (200, "too_many_files")


def test_the_kind_is_told_by_content(pen: FlaskClient, entry: Entry) -> None:
    _send(pen, entry, kit.pdf(), "thuc ra la pdf.docx")
    _send(pen, entry, kit.docx(), "thuc ra la word.pdf")

    assert [file.kind for file in _files(entry)] == ["pdf", "docx"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../x", "x"),
        ("C:\\Users\\Pao\\bài.docx", "bài.docx"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        (unicodedata.normalize("NFD", "Bài dự thi.docx"), "Bài dự thi.docx"),
        ("bai\u202excod.exe", "baixcod.exe"),
        ("a\x00b\r\nSet-Cookie: x.txt", "ab Set-Cookie: x.txt"),
        ("", "tep"),
        ("/", "tep"),
        ("...", "tep"),
    ],
)
def test_file_names_lose_folders_and_what_reorders_them(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


def test_a_long_decomposed_name_is_cut_and_keeps_its_ending() -> None:
    name = file_name(unicodedata.normalize("NFD", "ế" * 300) + ".docx")

    assert len(name) == 200
    assert name.endswith("ế.docx")


def test_a_file_comes_back_as_a_download_under_its_own_name(pen: FlaskClient, entry: Entry) -> None:
    _send(pen, entry, kit.docx(), "Bài của “Páo”.docx")
    file = _files(entry)[0]

    answer = pen.get(f"/bai/{entry.public_id}/tep/{file.public_id}")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''B%C3%A0i%20c%E1%BB%A7a" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_headers_and_comments_of_a_word_file_are_shown_as_findings(pen: FlaskClient, entry: Entry) -> None:
    answer = _send(pen, entry, kit.docx(header="Hoàng Văn Páo – Trường Na Hang"))

    assert "“Hoàng Văn Páo” ở đầu trang" in answer.json["findings"]


def test_no_lock_is_held_while_a_file_is_read(pen: FlaskClient, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection writes while the upload is being analysed: with the lock held this would time out."""

    def slow(data: bytes, kind: Any) -> dict[str, Any]:
        with db.engine.connect() as other:
            other.execute(text("UPDATE contests SET version = version + 1"))
            other.commit()
        return {"kind": "docx", "words": 1, "text": "x"}

    monkeypatch.setattr(receiving, "_read", slow)

    answer = _send(pen, entry, kit.docx())

    assert answer.status_code == 200
    db.session.expire_all()
    assert entry.contest.version == 2


def test_receive_refuses_what_goes_past_the_limit_while_reading(app: Flask) -> None:
    with pytest.raises(FileRefused) as refused:
        receive(BytesIO(bytes(101)), "x.txt", kinds=["txt"], limit=100)

    assert (refused.value.code, refused.value.facts) == ("too_large", {"limit": 100})
