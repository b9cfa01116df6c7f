"""Matching units that authors wrote in their own words with those of the directory, and taking a match back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from contest import audit
from contest.accounts.models import Account
from contest.audit import Actor
from contest.contests.models import Contest
from contest.db import db
from contest.entries import typed_units_queries
from contest.entries.models import Entry


def match_units(contest: Contest, texts: Collection[str], *, unit_id: int, actor: Actor, now: datetime) -> int:
    """Give the works and people of this contest who wrote one of these names their unit; how many works.

    What they wrote stays beside it. Whoever has a unit keeps it, so that pressing twice changes nothing.
    """
    works = _set(update(Entry).where(typed_units_queries.unmatched_works(contest), Entry.unit_name.in_(texts)), unit_id)
    people = _set(
        update(Account).where(typed_units_queries.unmatched_people(contest), Account.unit_text.in_(texts)), unit_id
    )
    if works or people:
        details = {"unit": unit_id, "works": works, "people": people}
        audit.record(actor, "entries.match_units", f"contest:{contest.id}", now=now, contest_id=contest.id,
                     details=details)  # fmt: skip
    return works


def unmatch_units(contest: Contest, text: str, *, unit_id: int, actor: Actor, now: datetime) -> int:
    """Take a match back, so that the name waits again; how many works. Repeatable."""
    matched = [(row.text, row.unit_id) for row in typed_units_queries.matched(contest)]
    if (text, unit_id) not in matched:
        return 0
    mine = (Entry.contest_id == contest.id, Entry.state == "submitted", Entry.channel == "web")
    owners = select(Entry.owner_id).where(*mine)
    people = _set(
        update(Account).where(Account.id.in_(owners), Account.unit_id == unit_id, Account.unit_text == text), None
    )
    works = _set(update(Entry).where(*mine, Entry.unit_id == unit_id, Entry.unit_name == text), None)
    details = {"unit": unit_id, "works": works, "people": people}
    audit.record(actor, "entries.unmatch_units", f"contest:{contest.id}", now=now, contest_id=contest.id,
                 details=details)  # fmt: skip
    return works


def _set(statement: Any, unit_id: int | None) -> int:
    changed = db.session.execute(statement.values(unit_id=unit_id).execution_options(synchronize_session=False))
    return int(changed.rowcount)  # type: ignore[attr-defined]
