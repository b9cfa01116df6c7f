"""The one lock of a contest's judging: whoever changes its rules, rounds, sheets or results holds it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, literal

from contest.db import db, lock_head

_PREFIX = "ledger:"


def chain_name(contest_id: int) -> str:
    """What the contest's ledger is called among the chains."""
    return f"{_PREFIX}{contest_id}"


def chain_name_of(contest_id: Any) -> Any:
    """`chain_name` of a column, inside a query."""
    return literal(_PREFIX).concat(cast(contest_id, String))


def hold(contest_id: int) -> None:
    """Keep the contest's rules, rounds, sheets and assignments from changing until the transaction ends."""
    lock_head(chain_name(contest_id))


def hold_anew(contest_id: int) -> None:
    """As `hold`, and every row read before the wait is read again when next asked for: it may have changed meanwhile.

    A decision about rules, a round, a panel or who marks what begins with this; what it was handed beside rows it
    reads anew.
    """
    db.session.flush()
    hold(contest_id)
    db.session.expire_all()
