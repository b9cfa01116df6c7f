"""The board and one entry's page: what each role sees, and what can be done there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.judging.models import SecondLook, SheetVersion
from contest.rules.permissions import Role
from tests.judging.conftest import FULL, Hall, save, statements_of

SignIn = Callable[[Account], FlaskClient]


def path(hall: Hall, rest: str = "tien-do") -> str:
    return f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/{rest}"


def cells(text: str) -> list[list[tuple[str, str]]]:
    """(state, text) of each cell, by row."""
    body = text.split("<tbody>")[1].split("</tbody>")[0]
    return [
        re.findall(r'<td class="m-(\w+)"><span[^>]*>(?:<b>([^<]*)</b>)?', row)
        for row in body.split("<tr>")[1:]
    ]  # fmt: skip


@pytest.fixture
def busy(make_hall: Any) -> Hall:
    """Three entries: far apart, one draft, and all sent."""
    hall = make_hall(entries=3)
    one, two, three = hall.sheets
    save(one[0], hall.judge(1), "sent", marks={**FULL, "noi-dung": "60"})
    save(one[1], hall.judge(2), "sent", marks={**FULL, "noi-dung": "20"}, comment="Kín")
    save(two[0], hall.judge(1), "sent")
    save(two[1], hall.judge(2), marks={"noi-dung": "41.5"})
    save(three[0], hall.judge(1), "sent")
    save(three[1], hall.judge(2), "sent")
    db.session.commit()
    return hall


def test_the_board_shows_who_needs_someone_first_and_what_is_apart(busy: Hall, sign_in: SignIn) -> None:
    text = sign_in(busy.judge(1)).get(path(busy)).text

    assert re.findall(r'<th scope="row"( class="needs")?', text) == [' class="needs"', "", ""]
    assert cells(text) == [
        [("far", "+40"), ("far", "−40")],
        [("sent", "85,75"), ("begun", "")],
        [("sent", "85,75"), ("sent", "85,75")],
    ]
    assert "Còn 1 phiếu chưa gửi." in text


def test_who_may_not_see_marks_sees_states_only(busy: Hall, make_account: Any, sign_in: SignIn) -> None:
    organiser = make_account("Ban Tổ chức", Role.ORGANISER, contest=busy.contest)
    client = sign_in(organiser)
    text = client.get(path(busy)).text
    one = client.get(path(busy, "bai/0417")).text

    assert {cell for row in cells(text) for cell in row} == {("sent", ""), ("begun", "")}
    for secret in ("93,25", "53,25", "+40", "Kín", "Lịch sử phiếu", "Bản nhỏ bên sông Gâm"):
        assert secret not in text + one


def test_a_head_judge_sees_others_marks_only_after_sending_the_own(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(entries=1)
    save(hall.sheets[0][1], hall.judge(2), "sent", marks={**FULL, "noi-dung": "20"}, comment="Kín")
    db.session.commit()
    client = sign_in(hall.judge(1))
    before = client.get(path(hall)).text + client.get(path(hall, "bai/0417")).text

    assert "53,25" not in before and "Kín" not in before
    save(hall.sheets[0][0], hall.judge(1), "sent")
    db.session.commit()

    after = client.get(path(hall, "bai/0417")).text
    assert "53,25" in after and "Kín" in after


def test_a_draft_is_the_judges_own(busy: Hall, make_account: Any, sign_in: SignIn) -> None:
    secretary = make_account("Thư ký", Role.TALLY_SECRETARY, contest=busy.contest)

    text = sign_in(secretary).get(path(busy, "bai/0418")).text

    assert "đang chấm" in text and "85,75" in text and "41,5" not in text


def test_nothing_on_the_board_names_an_author(busy: Hall, make_account: Any, sign_in: SignIn) -> None:
    entry = busy.sheet.round_entry.entry
    entry.unit_name = "Xã Bí Mật"
    db.session.commit()
    for account in (busy.judge(1), make_account("Thư ký", Role.TALLY_SECRETARY, contest=busy.contest)):
        client = sign_in(account)
        seen = client.get(path(busy)).text + client.get(path(busy, "bai/0417")).text
        assert entry.title in seen
        for secret in ("Tác giả 0", "Bí Mật", entry.receipt_code, entry.public_id):
            assert secret not in seen


def test_the_head_judge_asks_for_a_second_look(busy: Hall, make_account: Any, sign_in: SignIn) -> None:
    client = sign_in(busy.judge(1))
    address = path(busy, "bai/0417/J2/xem-lai")

    client.post(address, data={"reason": ""})
    assert db.session.query(SecondLook).count() == 0
    answer = client.post(address, data={"reason": "Đọc lại phần kết"}, follow_redirects=True)

    assert "Đã đề nghị J2 xem lại bài 0417." in answer.text
    assert busy.sheet.state == "asked_again"
    assert "chờ giám khảo trả lời" in client.get(path(busy)).text
    secretary = make_account("Thư ký", Role.TALLY_SECRETARY, contest=busy.contest)
    for account, status in ((secretary, 403), (busy.judge(2), 403)):
        assert sign_in(account).post(address, data={"reason": "x"}).status_code == status


def test_the_head_judge_picks_between_two_devices_with_a_reason(busy: Hall, sign_in: SignIn) -> None:
    sheet = busy.sheets[1][1]
    beside = save(sheet, busy.judge(2), marks={**FULL, "noi-dung": "44"}, device="b").version.uuid
    db.session.commit()
    client = sign_in(busy.judge(1))
    assert "Chọn bản đúng" in client.get(path(busy, "bai/0418")).text
    form = {"version": beside, "uuid": str(uuid4()), "reason": ""}

    client.post(path(busy, "bai/0418/J2/chon-ban"), data=form)
    assert sheet.has_conflict
    client.post(path(busy, "bai/0418/J2/chon-ban"), data={**form, "reason": "Máy thứ hai mới hơn"})

    db.session.expire_all()
    last = db.session.query(SheetVersion).order_by(SheetVersion.seq.desc()).first()
    assert (sheet.has_conflict, sheet.marks["noi-dung"], sheet.state) == (False, "44", "begun")
    assert (last.kind, last.reason, last.actor_id) == ("pick", "Máy thứ hai mới hơn", busy.judge(1).id)


def test_the_round_is_closed_and_confirmed_from_the_board(busy: Hall, make_account: Any, sign_in: SignIn) -> None:
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=busy.contest))
    head = sign_in(busy.judge(1))
    assert secretary.post(path(busy, "dong")).status_code == 409
    save(busy.sheets[1][1], busy.judge(2), "sent", based_on=busy.sheets[1][1].version_uuid)
    db.session.commit()

    assert "Đóng vòng chấm Sơ khảo?" in secretary.get(path(busy, "tien-do?hoi=dong")).text
    assert secretary.post(path(busy, "dong")).status_code == 303
    assert secretary.post(path(busy, "xac-nhan")).status_code == 403
    assert "Xác nhận điểm của vòng" in head.get(path(busy)).text
    assert head.post(path(busy, "xac-nhan")).status_code == 303
    db.session.expire_all()
    assert busy.contest.rounds[0].state == "confirmed"
    assert head.post(path(busy, "mo-lai"), data={"reason": "Khiếu nại"}).status_code == 303
    db.session.expire_all()
    assert busy.contest.rounds[0].state == "open"


@pytest.mark.parametrize("rest", ("tien-do", "bai/0417"))
def test_who_may_not_see_the_board(busy: Hall, make_hall: Any, sign_in: SignIn, client: FlaskClient, rest: str) -> None:
    other = make_hall()

    assert client.get(path(busy, rest)).status_code == 302
    for account in (busy.judge(2), other.judge(1)):
        assert sign_in(account).get(path(busy, rest)).status_code == 403


@pytest.mark.parametrize("rest", ("tien-do", "bai/0417", "giam-khao", "phan-cong"))
def test_the_number_of_queries_does_not_grow(make_hall: Any, make_account: Any, sign_in: SignIn, rest: str) -> None:
    counts = []
    for entries in (3, 30):
        hall = make_hall(entries=entries)
        visitor = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
        address = path(hall, rest)
        visitor.get(address)
        db.session.remove()
        with statements_of() as statements:
            assert visitor.get(address).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_screen_reader_hears_whose_column_and_which_part_it_is_in(busy: Hall, sign_in: SignIn) -> None:
    text = sign_in(busy.judge(1)).get(path(busy)).text
    heads = re.findall(r'<th scope="col">(.*?)</th>', text)

    assert [re.sub(r"<small.*?</small>|<[^>]*>", "", head).strip() for head in heads[1:3]] == [
        f"J1 {busy.judge(1).full_name}, đã gửi 3/3 (Trưởng ban)", f"J2 {busy.judge(2).full_name}, đã gửi 2/3",
    ]  # fmt: skip
    assert 'aria-label="Bảng tiến độ, phần 1 / 1"' in text
