"""Who may still read and write, at the very moment: a role taken back, an account closed, a sign-in ended."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import literal, select

from contest.accounts import actions as accounts
from contest.accounts.models import Account, LoginSession, RoleGrant
from contest.accounts.queries import is_allowed
from contest.audit import SYSTEM
from contest.db import db
from contest.entries.models import JudgeCopy
from contest.judging import actions
from contest.judging.actions import Refused
from contest.judging.models import Assignment, DeclaredConflict, SheetVersion
from contest.rules.permissions import Action, Role, Scope
from contest.storage import storage
from tests.fixtures.makers import NOW
from tests.fixtures.meanwhile import Meanwhile
from tests.judging.conftest import FULL, Hall, save

SignIn = Callable[[Account], FlaskClient]
LOST = "không còn giữ vai trò giám khảo"


def take_back(account: Account) -> None:
    for grant in db.session.query(RoleGrant).filter_by(account_id=account.id):
        accounts.revoke_role(grant, actor=SYSTEM, now=NOW)
    db.session.commit()


@pytest.fixture
def with_page(hall: Hall) -> Hall:
    """The judge's work has a picture of its first page."""
    key = storage().put(b"\x89PNG\r\n\x1a\n" + b"0" * 40).key
    copy = db.session.query(JudgeCopy).filter_by(entry_id=hall.sheet.round_entry.entry_id).one()
    copy.pages = [{"key": key, "width": 10, "height": 10, "covers": []}]
    db.session.commit()
    return hall


def test_who_lost_the_role_reads_no_sheet_and_no_page(with_page: Hall, sign_in: SignIn) -> None:
    hall, client = with_page, sign_in(with_page.judge(2))
    address = f"/cham/{hall.sheet.public_id}"
    save(hall.sheet, hall.judge(2))
    db.session.commit()
    paths = (address, f"{address}/trang/1", f"{address}/gui")
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]

    take_back(hall.judge(2))

    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_the_list_of_who_lost_the_role_is_empty_and_says_why(hall: Hall, sign_in: SignIn) -> None:
    client, code = sign_in(hall.judge(2)), hall.sheet.round_entry.code
    before = client.get("/cham").text
    assert code in before and LOST not in before

    take_back(hall.judge(2))

    text = client.get("/cham").text
    assert f"{hall.contest.name}: đồng chí {LOST}" in text
    assert code not in text and hall.sheet.public_id not in text and "Chưa có bài để chấm" not in text


def test_a_role_in_another_contest_opens_nothing_here(make_hall: Any, sign_in: SignIn) -> None:
    hall, other = make_hall(), make_hall()
    judge = hall.judge(2)
    take_back(judge)
    accounts.give_role(judge, Role.JUDGE, contest_id=other.contest.id, actor=SYSTEM, now=NOW)
    db.session.commit()

    assert sign_in(judge).get(f"/cham/{hall.sheet.public_id}").status_code == 404


def test_who_lost_the_role_steps_back_from_nothing_and_picks_nothing(hall: Hall, sign_in: SignIn) -> None:
    client, address = sign_in(hall.judge(2)), f"/cham/{hall.sheet.public_id}"
    take_back(hall.judge(2))

    answers = [client.post(address + path, data={"reason": "Người nhà"}) for path in ("/tu-choi", "/chon-ban")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (db.session.query(DeclaredConflict).count(), hall.sheet.state) == (0, "empty")


def test_a_plain_form_of_who_lost_the_role_leads_to_the_list(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))
    take_back(hall.judge(2))
    fields = {"uuid": str(uuid4()), "act": "draft", **{f"mark-{key}": value for key, value in FULL.items()}}

    answer = client.post(f"/cham/{hall.sheet.public_id}", data=fields)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cham")
    assert "Đồng chí không còn là giám khảo của cuộc thi này." in client.get("/cham").text
    assert db.session.query(SheetVersion).count() == 0


def test_a_closed_account_is_signed_out(hall: Hall, sign_in: SignIn) -> None:
    client, address = sign_in(hall.judge(2)), f"/cham/{hall.sheet.public_id}"
    assert client.get(address).status_code == 200

    accounts.set_active(hall.judge(2), False, actor=SYSTEM, now=NOW)
    db.session.commit()

    assert client.get(address).status_code == 302
    assert client.get(address, headers={"Accept": "application/json"}).status_code == 401


def version(hall: Hall) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "kind": "draft", "marks": FULL, "based_on": None, "comment": "", "reason": ""}


def sent(client: FlaskClient, place: str, change: dict[str, Any], *, in_batch: bool) -> Any:
    """(status, code) of a save, alone or in a batch of one."""
    if not in_batch:
        answer = client.post(f"/cham/{place}/phieu", json=change)
        return answer.status_code, answer.json.get("code")
    answer = client.post("/cham/dong-bo", json={"device": "may-1", "items": [{"sheet": place, **change}]})
    if answer.status_code != 200:
        return answer.status_code, answer.json.get("code")
    (result,) = answer.json["results"]
    return result["status"], result["body"].get("code")


@pytest.mark.parametrize("in_batch", (False, True))
def test_a_save_that_waited_while_the_role_was_taken_back_is_refused(
    hall: Hall, sign_in: SignIn, meanwhile: Meanwhile, in_batch: bool
) -> None:
    client, place, judge_id, change = sign_in(hall.judge(2)), hall.sheet.public_id, hall.judge(2).id, version(hall)

    with meanwhile(lambda: take_back(db.session.get_one(Account, judge_id))):
        answer = sent(client, place, change, in_batch=in_batch)

    assert (answer, db.session.query(SheetVersion).count()) == ((403, "not_a_judge"), 0)


def _end_sign_ins(account_id: int) -> None:
    db.session.query(LoginSession).filter_by(account_id=account_id).update({"ended_at": NOW})


def _close(account_id: int) -> None:
    accounts.set_active(db.session.get_one(Account, account_id), False, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("end", (_end_sign_ins, _close))
@pytest.mark.parametrize("in_batch", (False, True))
def test_a_save_that_waited_while_its_sign_in_was_ended_has_to_sign_in(
    hall: Hall, sign_in: SignIn, meanwhile: Meanwhile, end: Callable[[int], None], in_batch: bool
) -> None:
    client, place, judge_id, change = sign_in(hall.judge(2)), hall.sheet.public_id, hall.judge(2).id, version(hall)

    with meanwhile(lambda: end(judge_id)):
        answer = sent(client, place, change, in_batch=in_batch)

    assert (answer, db.session.query(SheetVersion).count()) == ((401, "signed_out"), 0)


def test_a_plain_form_whose_sign_in_was_ended_leads_to_sign_in(
    hall: Hall, sign_in: SignIn, meanwhile: Meanwhile
) -> None:
    client, place, judge_id = sign_in(hall.judge(2)), hall.sheet.public_id, hall.judge(2).id
    fields = {"uuid": str(uuid4()), "act": "draft", **{f"mark-{key}": value for key, value in FULL.items()}}

    with meanwhile(lambda: _end_sign_ins(judge_id)):
        answer = client.post(f"/cham/{place}", data=fields)

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/dang-nhap")
    assert db.session.query(SheetVersion).count() == 0


def test_who_loses_the_role_while_stepping_back_is_refused(hall: Hall, meanwhile: Meanwhile) -> None:
    row_id, judge_id, contest = hall.sheet.id, hall.judge(2).id, hall.contest

    with meanwhile(lambda: take_back(db.session.get_one(Account, judge_id))):
        sheet, judge = db.session.get_one(Assignment, row_id), db.session.get_one(Account, judge_id)
        _known = [judge.held(), contest.id]
        with pytest.raises(Refused) as refusal:
            actions.recuse(sheet, contest, reason="Người nhà", account=judge, now=NOW)

    assert refusal.value.code == "not_a_judge"


def test_the_column_says_what_the_rules_say(make_contest: Any, make_account: Any) -> None:
    here = make_contest()
    beside, apart = make_contest(campaign=here.campaign), make_contest()
    places = [
        {},
        *({"campaign_id": one.campaign_id} for one in (here, apart)),
        *({"contest_id": one.id} for one in (here, beside, apart)),
    ]
    people = []
    for role, place, revoked, active in product(
        (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY), places, (None, NOW), (True, False)
    ):
        person = make_account(is_active=active)
        db.session.add(RoleGrant(account_id=person.id, role=role, given_at=NOW, revoked_at=revoked, **place))
        people.append(person)
    db.session.commit()

    column = is_allowed(
        Account.id, Action.MARK, campaign_id=literal(here.campaign_id), contest_id=literal(here.id)
    )  # fmt: skip
    said = dict(db.session.execute(select(Account.id, column)).all())

    scope = Scope(here.campaign_id, here.id)
    assert {one.id: bool(said[one.id]) for one in people} == {one.id: one.may(Action.MARK, scope) for one in people}
    assert sum(bool(said[one.id]) for one in people) == 6  # two roles, in the contest, its campaign, everywhere
