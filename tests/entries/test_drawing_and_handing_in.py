"""Codes are drawn at the very moment an author hands in a new version: one comes after the other."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import codes_actions
from contest.entries.models import JudgeCopy, RoundEntry
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW

# What somebody's request writes, by whom the entry is not to be drawn any more.
MEANWHILE = {
    "a new version": "UPDATE entries SET screening = 'pending' WHERE id = :entry",
    "taken back": "UPDATE entries SET state = 'withdrawn' WHERE id = :entry",
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_an_entry_that_changes_while_codes_are_drawn_gets_none(
    app: Flask, make_contest: Callable[..., Contest], make_entry: Any, make_account: Any, what: str
) -> None:
    contest = make_contest()
    entry = make_entry(contest)
    secretary = make_account("Thư ký", Role.INTAKE_SECRETARY, contest=contest)
    db.session.query(JudgeCopy).update({"checked_at": NOW})
    db.session.commit()
    ids, drawn = (contest.id, secretary.id), []

    def draw() -> None:
        with app.app_context():
            mine = db.session.get_one(Contest, ids[0]), db.session.get_one(Account, ids[1])
            try:
                codes_actions.draw(mine[0], account=mine[1], now=utcnow(), rng=Random(1))
                db.session.commit()
                drawn.append(True)
            except codes_actions.NotReady:
                db.session.rollback()

    entry_id = entry.id
    db.session.remove()
    with db.engine.connect() as other:
        other.execute(text(MEANWHILE[what]), {"entry": entry_id})
        thread = Thread(target=draw)
        thread.start()
        thread.join(0.7)  # long enough to draw, were nothing held
        other.commit()
    thread.join()

    assert drawn == []
    assert db.session.query(RoundEntry).count() == 0
