"""The secretariat: the list, one entry, verdicts, the judge's copy, paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest import jobs
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.copies import mark_names, spans_of
from contest.entries.jobs import make_judge_copy
from contest.entries.models import Author, Entry, JudgeCopy, RoundEntry, Screening
from contest.mail import Mail
from contest.rules.names_inside import Person
from contest.rules.permissions import Role
from contest.storage import storage
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def desk(contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest))


@pytest.fixture
def author(make_account: Callable[..., Account]) -> Account:
    return make_account("Hoàng Văn Páo", email="pao@example.vn")


def _list(contest: Contest, **query: str) -> str:
    return f"/cuoc-thi/{contest.slug}/tiep-nhan?" + "&".join(f"{key}={value}" for key, value in query.items())


def _at(contest: Contest, entry: Entry, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}{tail}"


def _decide(desk: FlaskClient, contest: Contest, entry: Entry, verdict: str, **more: Any) -> Any:
    version = max(entry.versions, key=lambda item: item.number)
    data = {"verdict": verdict, "version_id": str(version.id), **more}
    return desk.post(_at(contest, entry, "/ket-luan"), data=data)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "hoang van pao"}, ["Páo"]),
        ({"q": "PÁO"}, ["Páo"]),
        ({"q": "do thi ha"}, ["Hà"]),
        ({"q": "lí thị mỹ"}, ["Mĩ"]),
        ({"q": "song gam"}, ["Páo"]),
        ({"q": "không có ai"}, []),
        ({"screening": "valid"}, ["Hà"]),
        ({"late": "1"}, ["Hà"]),
        ({"channel": "paper"}, ["Mĩ"]),
        ({"state": "withdrawn"}, ["Rút"]),
        ({}, ["Páo", "Hà", "Mĩ"]),
    ],
)
def test_the_list_is_searched_without_accents_and_filtered(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry], query: dict[str, str], found: list[str]
) -> None:
    make_entry(contest, author="Hoàng Văn Páo", title="Chuyện bên sông Gâm", screening="pending")
    make_entry(contest, author="Đỗ Thị Hà", screening="valid", is_late=True)
    make_entry(contest, author="Lý Thị Mĩ", screening="invalid", channel="paper")
    make_entry(contest, author="Người Rút", state="withdrawn")
    make_entry(contest, author="Người Nháp", state="draft")

    page = desk.get(_list(contest, **query)).text

    assert [name for name in ("Páo", "Hà", "Mĩ", "Rút", "Nháp") if f" {name}</td>" in page] == found


def test_a_receipt_code_is_found_however_it_is_typed(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    make_entry(contest, author="Hoàng Văn Páo", receipt_code="DV24-7K3M-9QXT")
    make_entry(contest, author="Đỗ Thị Hà", receipt_code="DV24-0000-0001")

    page = desk.get(_list(contest, q="7k3m9qxt")).text

    assert "Hoàng Văn Páo" in page and "Đỗ Thị Hà" not in page


def test_the_unit_filter_takes_everything_below(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry], make_unit: Callable[..., Any]
) -> None:
    district = make_unit("Huyện Na Hang")
    commune = make_unit("Xã Năng Khả", parent=district)
    make_entry(contest, author="Hoàng Văn Páo", unit_id=commune.id, unit_name=commune.name)
    make_entry(contest, author="Đỗ Thị Hà")

    page = desk.get(_list(contest, unit=str(district.id))).text

    assert "Hoàng Văn Páo" in page and "Đỗ Thị Hà" not in page


def test_pages_of_the_list_hold_each_entry_once(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    titles = [make_entry(contest, title=f"Bài số {n:03d} hết").title for n in range(60)]

    first = desk.get(_list(contest, screening="valid"))
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = desk.get(following)

    shown = [title for page in (first, second) for title in titles if title in page.text]
    assert sorted(shown) == titles
    assert "screening=valid" in following


def test_the_list_costs_the_same_for_many(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    costs = []
    for more in (1, 2, 27):
        for _ in range(more):
            make_entry(contest)
        with kit.Statements() as spent:
            assert desk.get(_list(contest)).status_code == 200
        costs.append(spent.count)

    assert costs[0] == costs[1] == costs[2]


def test_only_the_secretariat_of_this_contest_sees_what_came_in(
    contest: Contest, make_contest: Callable[..., Contest], make_entry: Callable[..., Entry],
    make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient], client: FlaskClient,
) -> None:  # fmt: skip
    entry, other = make_entry(contest), make_contest()
    elsewhere = make_entry(other)
    roles = (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.ADMIN, Role.UNIT_CONTACT, Role.ORGANISER)
    people = [sign_in(make_account(role, role, contest=contest)) for role in roles]
    foreign = sign_in(make_account("Thư ký khác", Role.INTAKE_SECRETARY, contest=other))
    desk = sign_in(make_account("Thư ký", Role.INTAKE_SECRETARY, contest=contest))

    for address in (
        _list(contest),
        _at(contest, entry),
        _at(contest, entry, "/ban/1"),
        _at(contest, entry, "/trang/1"),
    ):
        assert [person.get(address).status_code for person in (*people, foreign)] == [403] * 7
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 302
    for tail in ("/ket-luan", "/che", "/che-trang", "/xac-nhan-ban-cham", "/lam-lai-ban-cham", "/noi-de", "/rut"):
        assert [person.post(_at(contest, entry, tail)).status_code for person in (*people, foreign)] == [403] * 7
    assert desk.get(_at(contest, elsewhere)).status_code == 404


def test_drafts_are_their_owners_alone(contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]) -> None:
    draft = make_entry(contest, state="draft", title="Bản nháp kín")

    assert desk.get(_at(contest, draft)).status_code == 404
    assert "Bản nháp kín" not in desk.get(_list(contest)).text


def test_a_verdict_is_recorded_with_reasons_and_told_to_the_author(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)

    refused = _decide(desk, contest, entry, "invalid")
    taken = _decide(desk, contest, entry, "invalid", reasons=["off_topic", "copied"], note="Xem mục 3 thể lệ.")
    jobs.run_due()

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Hãy chọn ít nhất một lý do" in refused.text
    db.session.expire_all()
    [row] = db.session.query(Screening).all()
    assert (entry.screening, row.verdict, row.reasons) == ("invalid", "invalid", ["off_topic", "copied"])
    letter = db.session.query(Mail).filter(Mail.subject.contains("Kết quả kiểm tra")).one()
    assert "Không đúng chủ đề" in letter.text and "Xem mục 3 thể lệ." in letter.text
    assert "Không đúng chủ đề" in sign_in(author).get(f"/bai/{entry.public_id}").text


def test_a_returned_entry_can_be_mended_after_closing_until_its_own_date(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    until = (utcnow() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    _decide(desk, contest, entry, "returned", reasons=["unreadable"], until=until)
    contest.closes_at = utcnow() - timedelta(days=1)
    db.session.commit()

    page = pen.get(f"/bai/{entry.public_id}").text
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Bản đã sửa.")
    kit.promise(pen, entry)
    answer = kit.hand_in(pen, entry)

    assert "Sửa và nộp lại trước" in page and "mờ" in page
    assert answer.status_code == 302
    db.session.expire_all()
    assert (entry.screening, entry.is_late, entry.edit_until) == ("pending", False, None)


def test_without_a_return_nothing_changes_after_closing(
    contest: Contest, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    contest.closes_at = utcnow() - timedelta(days=1)
    db.session.commit()

    pen.post(f"/bai/{entry.public_id}/sua-bai")

    db.session.expire_all()
    assert len(entry.versions) == 1


def test_a_verdict_on_an_outdated_version_is_not_taken(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    looked_at = entry.versions[0].id
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Bản mới.")
    kit.promise(pen, entry)
    kit.hand_in(pen, entry)
    db.session.expire_all()

    desk.post(_at(contest, entry, "/ket-luan"), data={"verdict": "valid", "version_id": str(looked_at)})

    db.session.expire_all()
    assert entry.screening == "pending"


def test_the_entry_page_shows_everything_but_no_code(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    data = kit.docx(header="Hoàng Văn Páo")
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(data), "Bài của tôi.docx")])
    jobs.run_due()
    db.session.add(RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code="73519", created_at=NOW))
    db.session.commit()

    page = desk.get(_at(contest, entry)).text

    assert "Hoàng Văn Páo" in page and "Bài của tôi.docx" in page and "sông Gâm" in page
    assert "ở đầu trang, cuối trang" in page
    assert "73519" not in page and "73519" not in desk.get(_list(contest)).text
    assert "sông Gâm" not in desk.get(_list(contest, q="73519")).text


def _copy(entry: Entry) -> JudgeCopy:
    db.session.expire_all()
    return db.session.query(JudgeCopy).filter_by(entry_id=entry.id).one()


def test_names_in_the_copy_are_marked_and_covered(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    work = {"title": "Chuyện của Hoàng Văn Páo", "text": "Tôi tên là Hoàng Văn Páo.\n\nBà con quý Hoàng Văn Páo lắm."}
    entry = kit.submitted(sign_in(author), contest, author, **work)
    jobs.run_due()

    before = desk.get(_at(contest, entry)).text
    desk.post(_at(contest, entry, "/che"), data={"passage": "Hoàng  Văn Páo"})
    copy = _copy(entry)
    after = desk.get(_at(contest, entry)).text

    assert before.count("<mark>Hoàng Văn Páo</mark>") == 3
    assert "Páo" not in copy.html and "Páo" not in copy.title
    assert "Tôi tên là ▇▇▇." in copy.html and copy.title == "Chuyện của ▇▇▇"
    assert len(copy.covered) == 3
    assert "<mark>" not in after
    assert copy.checked_at is None


def test_a_cover_can_be_taken_off_again(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    clean = _copy(entry).html
    desk.post(_at(contest, entry, "/che"), data={"passage": "sông Gâm"})
    covered = _copy(entry).html

    for _ in range(2):
        desk.post(_at(contest, entry, "/che"), data={"uncover": "0"})

    assert covered != clean
    assert _copy(entry).html == clean


def test_an_authors_own_ellipsis_is_not_taken_for_a_cover(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="Ngày ấy… bà con tên Páo vui lắm…")
    jobs.run_due()

    desk.post(_at(contest, entry, "/che"), data={"passage": "Páo"})

    assert _copy(entry).html == "<p>Ngày ấy… bà con tên ▇▇▇ vui lắm…</p>"


def test_a_passage_that_is_not_there_is_said_so(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()

    answer = desk.post(_at(contest, entry, "/che"), data={"passage": "không có"}, follow_redirects=True)

    assert "Không thấy đoạn “không có” trong bản chấm." in answer.text


def test_a_confirmed_copy_must_be_confirmed_again_after_a_change(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    states = []
    confirm = {"version_id": str(_copy(entry).version_id)}
    desk.post(_at(contest, entry, "/xac-nhan-ban-cham"), data=confirm)
    states.append(_copy(entry).checked_at is not None)
    desk.post(_at(contest, entry, "/che"), data={"passage": "Gâm"})
    states.append(_copy(entry).checked_at is not None)

    assert states == [True, False]


def test_a_new_version_makes_a_new_copy_that_nobody_checked(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    jobs.run_due()
    desk.post(_at(contest, entry, "/xac-nhan-ban-cham"), data={"version_id": str(_copy(entry).version_id)})
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Hoàn toàn mới.")
    kit.promise(pen, entry)
    kit.hand_in(pen, entry)
    between = _copy(entry)
    state = (between.state, between.checked_at)
    jobs.run_due()

    assert state == ("making", None)
    assert "Hoàn toàn mới." in _copy(entry).html


def test_the_job_may_run_twice_and_keeps_what_was_covered(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    desk.post(_at(contest, entry, "/che"), data={"passage": "Gâm"})
    covered = _copy(entry).html

    make_judge_copy(entry.id)
    db.session.commit()

    assert _copy(entry).html == covered


def test_pages_are_drawn_without_a_trace_of_who_sent_them(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    photo = BytesIO()
    picture = Image.new("RGB", (300, 400), "white")
    exif = Image.Exif()
    exif[0x013B] = "Hoang Van Pao"  # Artist
    picture.save(photo, "JPEG", exif=exif)
    assert b"Hoang Van Pao" in photo.getvalue()
    files = [(BytesIO(photo.getvalue()), "trang 1.jpg"), (BytesIO(kit.pdf(2)), "trang 2-3.pdf")]
    entry = kit.submitted(sign_in(author), contest, author, text="", files=files)
    jobs.run_due()

    copy = _copy(entry)
    page = desk.get(_at(contest, entry, "/trang/1"))

    assert len(copy.pages) == 3
    assert page.data.startswith(b"\xff\xd8\xff") and b"Hoang Van Pao" not in page.data
    assert desk.get(_at(contest, entry, "/trang/4")).status_code == 404


def test_a_part_of_a_page_is_painted_over_and_back(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.jpeg(200, 300)), "trang.jpg")])
    jobs.run_due()
    before = _copy(entry).pages[0]["key"]

    desk.post(_at(contest, entry, "/che-trang"), data={"page": "1", "part": "top"})
    painted = Image.open(BytesIO(storage().read(_copy(entry).pages[0]["key"]))).convert("L")
    desk.post(_at(contest, entry, "/che-trang"), data={"page": "1", "drop": "0"})

    assert painted.getpixel((100, 10)) < 60 and painted.getpixel((100, 200)) > 240
    assert _copy(entry).pages[0]["key"] == before


def test_a_copy_that_cannot_be_made_says_why(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.docx()), "bai.docx")])
    storage().delete(entry.versions[0].files[0].storage_key)

    jobs.run_due()

    assert (_copy(entry).state, _copy(entry).error) == ("failed", "file_lost")
    assert "không còn tệp trong kho" in desk.get(_at(contest, entry)).text


def test_a_paper_entry_gets_a_receipt_and_a_place(contest: Contest, desk: FlaskClient) -> None:
    data = {
        "title": "Bài viết tay", "pages": "120", "place": "Kệ 2, cặp 5", "received_at": "2024-09-09T08:30",
        "people-0-full_name": "Nông Thị Mây", "category_id": str(contest.categories[0].id), "pledged": "y",
    }  # fmt: skip

    answer = desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)
    jobs.run_due()

    assert answer.status_code == 302
    entry = db.session.query(Entry).one()
    assert (entry.channel, entry.state, entry.paper_pages, entry.paper_place) == (
        "paper",
        "submitted",
        120,
        "Kệ 2, cặp 5",
    )
    assert entry.receipt_code and entry.pledged_at and not entry.is_late
    assert db.session.query(Author).one().full_name == "Nông Thị Mây"
    copy = _copy(entry)
    assert "Bài nộp bản giấy" in copy.html and "Kệ 2" not in copy.html


def test_a_paper_entry_posted_after_the_deadline_is_flagged_late(contest: Contest, desk: FlaskClient) -> None:
    contest.closes_at = NOW
    db.session.commit()
    data = {
        "title": "Bài muộn", "pages": "3", "place": "", "received_at": "2024-09-20T08:30",
        "people-0-full_name": "Nông Thị Mây", "category_id": str(contest.categories[0].id),
        "files": [(BytesIO(kit.pdf(2)), "quet.pdf")],
    }  # fmt: skip

    desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)
    jobs.run_due()

    entry = db.session.query(Entry).one()
    assert entry.is_late
    assert len(_copy(entry).pages) == 2


def test_the_secretariat_may_write_down_a_withdrawal_after_the_codes(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    entry = make_entry(contest)
    taking_part = RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code="0417", created_at=NOW)
    db.session.add(taking_part)
    db.session.commit()

    desk.post(_at(contest, entry, "/rut"), data={"reason": "Đơn ngày 12/9/2024"})

    db.session.expire_all()
    assert (entry.state, taking_part.withdrawn_at is not None) == ("withdrawn", True)


def test_the_original_is_a_download(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.docx()), "Bài.docx")])
    file = entry.versions[0].files[0]

    answer = desk.get(_at(contest, entry, f"/tep/{file.public_id}"))

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            "<p>Tôi là <strong>Hoàng Văn</strong> Páo.</p>",
            "<p>Tôi là <strong><mark>Hoàng Văn</mark></strong><mark> Páo</mark>.</p>",
        ),
        ("<p>a &amp; b &lt;Hoàng Văn Páo&gt;</p>", "<p>a &amp; b &lt;<mark>Hoàng Văn Páo</mark>&gt;</p>"),
        ("<p>Không ai.</p>", "<p>Không ai.</p>"),
    ],
)  # fmt: skip
def test_marking_keeps_the_html_whole(made: str, expected: str) -> None:
    marked, _found = mark_names(made, [Person(name="Hoàng Văn Páo")])

    assert marked.replace("<mark></mark>", "") == expected.replace("<mark></mark>", "")


def test_spans_do_not_mind_spaces_and_line_ends() -> None:
    assert spans_of("tổ  dân vận", "Từ ngày có tổ\n\ndân vận và tổ dân vận mới") == [(11, 22), (26, 36)]
