"""Paper slips are keyed in by two people; equal marks hold, different ones are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.judging.actions import Refused
from contest.judging.models import SheetVersion
from contest.judging.queries import verify_ledger
from contest.judging.slip_actions import key_slip
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, save

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def secretaries(hall: Hall, make_account: Any) -> list[Account]:
    return [make_account(f"Thư ký {n}", Role.TALLY_SECRETARY, contest=hall.contest) for n in (1, 2)]


def key(hall: Hall, who: Account, **changed: str) -> Any:
    keyed = key_slip(hall.sheet.public_id, {**FULL, **changed}, uuid=str(uuid4()), account=who, now=NOW)
    db.session.commit()
    return keyed


def test_a_slip_holds_when_a_second_person_keys_the_same(hall: Hall, secretaries: list[Account]) -> None:
    one, two = secretaries

    assert key(hall, one).outcome == "first"
    assert key(hall, one).outcome == "first"  # the same person again is not a second person
    assert hall.sheet.state == "empty"
    assert key(hall, two).outcome == "equal"

    assert (hall.sheet.state, hall.sheet.marks, hall.sheet.sent_at) == ("sent", FULL, NOW)
    assert [(row.kind, row.holds) for row in db.session.query(SheetVersion)] == [
        ("slip", False),
        ("slip", False),
        ("slip", True),
    ]
    assert (hall.sheet.has_conflict, verify_ledger(hall.contest)) == (False, [])


def test_different_keyings_are_named_until_two_people_agree(hall: Hall, secretaries: list[Account]) -> None:
    one, two = secretaries
    key(hall, one)

    keyed = key(hall, two, **{"noi-dung": "25.5"})
    assert (keyed.outcome, keyed.differing) == ("differs", ["noi-dung"])
    assert hall.sheet.state == "empty"
    assert key(hall, two).outcome == "equal"
    assert hall.sheet.marks == FULL


@pytest.mark.parametrize(
    ("typed", "code"),
    (({"noi-dung": ""}, "missing_marks"), ({"noi-dung": "61"}, "bad_marks"), ({"van-phong": "1"}, "bad_marks")),
)
def test_a_slip_that_is_not_whole_is_refused(hall: Hall, secretaries: list[Account], typed: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        key(hall, secretaries[0], **typed)

    assert refusal.value.code == code


@pytest.mark.parametrize(("kind", "code"), (("draft", "begun_on_device"), ("sent", "already_sent")))
def test_what_the_judge_marks_on_a_device_is_not_keyed_in(
    hall: Hall, secretaries: list[Account], kind: str, code: str
) -> None:
    save(hall.sheet, hall.judge(2), kind)
    db.session.commit()

    with pytest.raises(Refused) as refusal:
        key(hall, secretaries[0])

    assert refusal.value.code == code


def test_the_page_keys_rows_and_hides_the_first_keying(hall: Hall, secretaries: list[Account], sign_in: SignIn) -> None:
    address = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/phieu-giay"
    one, two = (sign_in(who) for who in secretaries)
    form = {"batch": str(uuid4()), **{f"0417:{name}": value.replace(".", ",") for name, value in FULL.items()}}

    assert "J2 · Giám khảo 2" in one.get(address).text
    for _ in range(2):
        assert one.post(f"{address}/J2", data=form).status_code == 303
    assert db.session.query(SheetVersion).count() == 1
    seen = two.get(f"{address}/J2").text + two.get(address.replace("phieu-giay", "bai/0417")).text
    assert "chờ nhập lần hai" in seen
    assert "52,5" not in seen and "85,75" not in seen
    wrong = two.post(f"{address}/J2", data={**form, "batch": str(uuid4()), "0417:noi-dung": "75"})
    assert wrong.status_code == 422 and 'value="75"' in wrong.text and "vượt quá thang điểm 60" in wrong.text
    done = two.post(f"{address}/J2", data={**form, "batch": str(uuid4())}, follow_redirects=True)
    assert "1 phiếu khớp với lần một" in done.text and "đã ghi nhận" in done.text


def test_who_may_not_key_in_slips(hall: Hall, make_account: Any, sign_in: SignIn, client: FlaskClient) -> None:
    address = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/phieu-giay"

    assert client.get(address).status_code == 302
    for who in (hall.judge(1), hall.judge(2), make_account("Ban Tổ chức", Role.ORGANISER, contest=hall.contest)):
        visitor = sign_in(who)
        statuses = [visitor.get(address), visitor.get(f"{address}/J2"), visitor.post(f"{address}/J2")]
        assert [answer.status_code for answer in statuses] == [403] * 3
