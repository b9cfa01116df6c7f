"""The secretariat: the list of what came in, one entry, verdicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest import jobs
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Entry, RoundEntry, Screening
from contest.mail import Mail
from contest.rules.permissions import Role
from tests.entries import kit
from tests.fixtures.makers import NOW


def _list(contest: Contest, **query: str) -> str:
    return f"/cuoc-thi/{contest.slug}/tiep-nhan?" + "&".join(f"{key}={value}" for key, value in query.items())


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
        kit.at(contest, entry),
        kit.at(contest, entry, "/ban/1"),
        kit.at(contest, entry, "/trang/1"),
    ):
        assert [person.get(address).status_code for person in (*people, foreign)] == [403] * 7
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 302
    for tail in ("/ket-luan", "/che", "/che-trang", "/xac-nhan-ban-cham", "/lam-lai-ban-cham", "/noi-de", "/rut"):
        assert [person.post(kit.at(contest, entry, tail)).status_code for person in (*people, foreign)] == [403] * 7
    assert desk.get(kit.at(contest, elsewhere)).status_code == 404


def test_drafts_are_their_owners_alone(contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]) -> None:
    draft = make_entry(contest, state="draft", title="Bản nháp kín")

    assert desk.get(kit.at(contest, draft)).status_code == 404
    assert "Bản nháp kín" not in desk.get(_list(contest)).text


def test_a_verdict_is_recorded_with_reasons_and_told_to_the_author(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)

    refused = kit.decide(desk, contest, entry, "invalid")
    taken = kit.decide(desk, contest, entry, "invalid", reasons=["off_topic", "copied"], note="Xem mục 3 thể lệ.")
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
    kit.decide(desk, contest, entry, "returned", reasons=["unreadable"], until=until)
    contest.closes_at = utcnow() - timedelta(days=1)
    db.session.commit()

    page = pen.get(f"/bai/{entry.public_id}").text
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Bản đã sửa.")
    kit.promise(pen, entry)
    answer = kit.hand_in(pen, entry)

    assert "Hạn sửa và nộp lại: " in page and "mờ" in page
    assert answer.status_code == 302
    db.session.expire_all()
    assert (entry.screening, entry.is_late, entry.edit_until) == ("pending", False, None)


def test_a_date_to_mend_that_ends_at_midnight_is_said_by_its_last_day(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    kit.decide(desk, contest, entry, "returned", reasons=["unreadable"], until="2099-12-29T00:00")
    jobs.run_due()

    page = pen.get(f"/bai/{entry.public_id}").text
    letter = db.session.query(Mail).order_by(Mail.id.desc()).first().text

    assert "Hạn sửa và nộp lại: hết ngày 28/12/2099." in page
    assert "Hạn sửa và nộp lại: hết ngày 28/12/2099, kể cả" in letter


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

    desk.post(kit.at(contest, entry, "/ket-luan"), data={"verdict": "valid", "version_id": str(looked_at)})

    db.session.expire_all()
    assert entry.screening == "pending"


def test_a_verdict_is_not_given_over_another_that_was_not_seen(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry], make_account: Callable[..., Account],
    sign_in: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    """Two of the secretariat have the same entry open: a letter to the author says the first, the list the last."""
    entry = make_entry(contest, screening="pending")
    other = sign_in(make_account("Vi Thị Lan", Role.INTAKE_SECRETARY, contest=contest))
    seen = {"after": "", "note": "Bài là thơ"}

    first = [kit.decide(desk, contest, entry, "invalid", **seen) for _ in range(2)]
    second = kit.decide(other, contest, entry, "valid", **{**seen, "note": ""})
    told = other.get(kit.at(contest, entry)).text

    db.session.expire_all()
    assert [answer.status_code for answer in (*first, second)] == [302, 302, 302]
    assert (entry.screening, db.session.query(Screening).count()) == ("invalid", 1)
    assert "Người khác vừa kết luận bài này" in told
    kit.decide(other, contest, entry, "valid")
    db.session.expire_all()
    assert entry.screening == "valid"


def test_the_entry_page_shows_everything_but_no_code(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    data = kit.docx(header="Hoàng Văn Páo")
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(data), "Bài của tôi.docx")])
    jobs.run_due()
    db.session.add(RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code="73519", created_at=NOW))
    db.session.commit()

    page = desk.get(kit.at(contest, entry)).text

    assert "Hoàng Văn Páo" in page and "Bài của tôi.docx" in page and "sông Gâm" in page
    assert "ở đầu trang, cuối trang" in page
    assert "73519" not in page and "73519" not in desk.get(_list(contest)).text
    assert "sông Gâm" not in desk.get(_list(contest, q="73519")).text
