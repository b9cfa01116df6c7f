"""Reads for the tablets of a round, and for what is brought from one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import Entry, RoundEntry
from contest.judging.models import Assignment, PanelMember, Tablet
from contest.judging.queries import TAKING_PART

_DONE = ("sent", "recused")


def tablets_of(round_: Round) -> Sequence[Any]:
    """A row per tablet of the round's judges, newest contact first, and one with `device` None where none was seen.

    left: sheets of this round the judge has not sent; assigned: all that the judge's list can open, of every
    contest, since the tablet counts those it keeps alike. Judges who left are not among them. Two queries.
    """
    rows = db.session.execute(
        select(
            PanelMember.id.label("member_id"), PanelMember.key, PanelMember.account_id, Account.full_name,
            *(getattr(Tablet, name) for name in _TOLD),
        )
        .join(Account, Account.id == PanelMember.account_id)
        .outerjoin(Tablet, Tablet.account_id == PanelMember.account_id)
        .where(PanelMember.round_id == round_.id, PanelMember.left_at.is_(None))
        .order_by(PanelMember.id, Tablet.seen_at.desc())
    ).all()  # fmt: skip
    left, assigned = _sheets(round_)
    return [
        TabletSeen(
            **{name: getattr(row, name) for name in ("key", "full_name", *_TOLD)},
            left=left.get(row.account_id, 0), assigned=assigned.get(row.account_id, 0),
        )
        for row in rows
    ]  # fmt: skip


_TOLD = (
    "device", "seen_at", "unsent", "refused", "kept", "battery", "is_charging", "clock_off", "version", "agent",
)  # fmt: skip


class TabletSeen(NamedTuple):
    """A tablet as it last spoke, and its judge. See Tablet for the units."""

    key: str
    full_name: str
    device: str | None
    seen_at: Any
    unsent: int | None
    refused: int | None
    kept: int | None
    battery: int | None
    is_charging: bool | None
    clock_off: int | None
    version: str | None
    agent: str | None
    left: int
    assigned: int


def _sheets(round_: Round) -> tuple[dict[int, int], dict[int, int]]:
    """(not sent in this round, on the judge's list) by account."""
    judges = select(PanelMember.account_id).where(PanelMember.round_id == round_.id)
    rows = db.session.execute(
        select(PanelMember.account_id, Assignment.round_id, Assignment.state, func.count())
        .join(Assignment, Assignment.panel_member_id == PanelMember.id)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            PanelMember.account_id.in_(judges), PanelMember.left_at.is_(None), Assignment.state != "recused",
            Round.state != "waiting", Contest.state != "archived", *TAKING_PART,
        )
        .group_by(PanelMember.account_id, Assignment.round_id, Assignment.state)
    )  # fmt: skip
    left: dict[int, int] = {}
    assigned: dict[int, int] = {}
    for account_id, round_id, state, count in rows:
        assigned[account_id] = assigned.get(account_id, 0) + count
        if round_id == round_.id and state not in _DONE:
            left[account_id] = left.get(account_id, 0) + count
    return left, assigned


def member_of(round_: Round, account_id: int) -> PanelMember | None:
    """The judge of the round with this account."""
    return db.session.scalars(
        select(PanelMember)
        .where(PanelMember.round_id == round_.id, PanelMember.account_id == account_id)
        .options(joinedload(PanelMember.account))
    ).one_or_none()


def sheets_of(member: PanelMember) -> dict[str, Any]:
    """The sheets of one judge of a round by public id: code, state, has_conflict, marks; as they are now."""
    rows = db.session.execute(
        select(
            Assignment.public_id, Assignment.state, Assignment.has_conflict, Assignment.marks, RoundEntry.code,
        )
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .where(Assignment.panel_member_id == member.id)
        .order_by(RoundEntry.code)
    )  # fmt: skip
    return {row.public_id: row for row in rows}
