"""Many tablets at once, on one sheet and on many: nothing lost, nothing twice, one chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from contest.accounts.models import Account
from contest.contests.holding import chain_name
from contest.contests.models import Contest
from contest.db import ChainHead, db
from contest.judging.actions import Change, save_sheet
from contest.judging.ledger import read_sheet
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import ledger_head, verify_ledger
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL


def _save(app: Flask, public_id: str, account_id: int, change: Change) -> tuple[str, bool]:
    with app.app_context():
        account = db.session.get(Account, account_id)
        saved = save_sheet(public_id, change, account=account, now=NOW)
        answer = (saved.version.hash, saved.repeated)
        db.session.commit()
        db.session.remove()
        return answer


def test_one_uuid_sent_by_eight_lines_at_once_is_stored_once(app: Flask, hall: Any) -> None:
    place, judge = hall.sheet.public_id, hall.judge(2).id
    repeated = Change(uuid=str(uuid4()), kind="draft", marks=FULL)
    db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _save(app, place, judge, repeated), range(24)))

    assert len({digest for digest, _ in answers}) == 1
    assert sorted(again for _, again in answers) == [False] + [True] * 23
    assert db.session.query(SheetVersion).count() == 1


def test_devices_hammering_one_sheet_lose_nothing(app: Flask, hall: Any) -> None:
    place, judge, contest_id = hall.sheet.public_id, hall.judge(2).id, hall.contest.id
    changes = [Change(uuid=str(uuid4()), kind="draft", marks={"hinh-thuc": str(n % 30)}) for n in range(60)]
    db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda change: _save(app, place, judge, change), changes))

    rows = db.session.query(SheetVersion).order_by(SheetVersion.seq).all()
    assert [row.seq for row in rows] == list(range(1, 61))
    assert sorted(row.number for row in rows) == list(range(1, 61))
    assert {row.uuid for row in rows} == {change.uuid for change in changes}
    sheet = db.session.query(Assignment).filter_by(public_id=place).one()
    held = db.session.query(SheetVersion).filter_by(uuid=sheet.version_uuid).one()
    assert (sheet.has_conflict, sheet.marks, sheet.version_number) == (True, held.marks, 60)
    assert verify_ledger(db.session.get(Contest, contest_id)) == []


def test_a_chain_that_another_save_has_just_begun_is_held_all_the_same(app: Flask, make_hall: Any) -> None:
    """Asked for the head when there is none, told of one in the next statement: it is not held yet."""
    if db.engine.dialect.name != "postgresql":
        return  # there the transaction itself is the lock
    hall = make_hall(judges=3)
    mine, (theirs, judge) = hall.sheets[0][1].public_id, (hall.sheets[0][2].public_id, hall.members[2].account_id)
    contest_id = hall.contest.id
    begin = [Change(uuid=str(uuid4()), kind="draft", marks={"noi-dung": "40"})]
    db.session.commit()

    def in_between(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if begin and "twin_of" in statement:
            _saved_elsewhere(app, theirs, judge, begin.pop())

    event.listen(db.engine, "before_cursor_execute", in_between)
    try:
        sheet = read_sheet(mine, uuid=str(uuid4()))
    finally:
        event.remove(db.engine, "before_cursor_execute", in_between)

    assert sheet is not None and sheet.chain_length == 1
    with pytest.raises(OperationalError), db.engine.connect() as other:
        other.execute(select(ChainHead).where(ChainHead.name == chain_name(contest_id)).with_for_update(nowait=True))
    db.session.rollback()


def _saved_elsewhere(*what: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_save, *what).result()


def test_a_hall_of_tablets_makes_one_chain(app: Flask, make_hall: Any) -> None:
    hall = make_hall(entries=5, judges=8)
    contest_id = hall.contest.id
    work = [
        (hall.sheets[entry][judge].public_id, hall.members[judge].account_id)
        for judge in range(8)
        for entry in range(5)
    ]
    db.session.remove()

    def mark(place: str, judge: int) -> None:
        first = Change(uuid=str(uuid4()), kind="draft", marks={"noi-dung": "40"})
        _save(app, place, judge, first)
        _save(app, place, judge, Change(uuid=str(uuid4()), kind="sent", marks=FULL, based_on=first.uuid))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: mark(*one), work))

    contest = db.session.get(Contest, contest_id)
    assert (ledger_head(contest).length, verify_ledger(contest)) == (80, [])
    states = {(sheet.state, sheet.has_conflict) for sheet in db.session.query(Assignment)}
    assert states == {("sent", False)}
