"""Reads for the tablets of a round, and for what is brought from one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import Account, SignInCard
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import Entry, RoundEntry
from contest.judging.models import Assignment, PanelMember, Tablet
from contest.judging.queries import TAKING_PART


class TabletSeen(NamedTuple):
    """A tablet as it last spoke, and its judge; `device` None where none was seen. See Tablet for the units.

    left: sheets of this round the judge has not sent; assigned: all that the judge's list can open, of every
    contest, since the tablet counts those it keeps alike.
    """

    key: str
    full_name: str
    account_id: int
    device: str | None
    seen_at: datetime | None
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


_TABLETS = (
    select(
        PanelMember.key, Account.full_name, PanelMember.account_id, Tablet.device, Tablet.seen_at, Tablet.unsent,
        Tablet.refused, Tablet.kept, Tablet.battery, Tablet.is_charging, Tablet.clock_off, Tablet.version, Tablet.agent,
    )
    .join(Account, Account.id == PanelMember.account_id)
    .outerjoin(Tablet, Tablet.account_id == PanelMember.account_id)
    .where(PanelMember.round_id == bindparam("round_id"), PanelMember.left_at.is_(None))
    .order_by(PanelMember.id, Tablet.seen_at.desc())
)  # fmt: skip
_member = aliased(PanelMember)
# What each judge of the round can open, as sheet_queries.own_sheets has it, and what of it is yet to be sent here.
# Of somebody who lost the role too: what they leave unsent is what the board has to show.
_SHEETS = (
    select(
        _member.account_id,
        func.count(),
        func.sum(
            case((and_(Assignment.round_id == bindparam("round_id"), Assignment.state != "sent"), 1), else_=0)
        ),
    )
    .select_from(_member)
    .join(Assignment, Assignment.panel_member_id == _member.id)
    .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
    .join(Entry, Entry.id == RoundEntry.entry_id)
    .join(Round, Round.id == _member.round_id)
    .join(Contest, Contest.id == Round.contest_id)
    .where(
        _member.account_id.in_(select(PanelMember.account_id).where(PanelMember.round_id == bindparam("round_id"))),
        _member.left_at.is_(None), Assignment.state != "recused", Round.state != "waiting",
        Contest.state != "archived", *TAKING_PART,
    )
    .group_by(_member.account_id)
)  # fmt: skip


def tablets_of(round_: Round) -> Sequence[TabletSeen]:
    """A row per tablet of the round's judges, each judge's newest first; judges who left are not among them.

    Two queries, past the mapper: the board asks at every look.
    """
    connection = db.session.connection()
    asked = {"round_id": round_.id}
    sheets = {row[0]: (row[1], int(row[2])) for row in connection.execute(_SHEETS, asked)}
    rows = []
    for row in connection.execute(_TABLETS, asked):
        assigned, left = sheets.get(row.account_id, (0, 0))
        rows.append(TabletSeen._make((*row, left, assigned)))
    return rows


def member_of(round_: Round, account_id: int) -> PanelMember | None:
    """The judge of the round with this account."""
    return db.session.scalars(
        select(PanelMember)
        .where(PanelMember.round_id == round_.id, PanelMember.account_id == account_id)
        .options(joinedload(PanelMember.account))
    ).one_or_none()


def is_withdrawn(sign_in: int) -> bool:
    """Whether the card that this sign-in came by was withdrawn."""
    return bool(
        db.session.scalar(select(exists().where(SignInCard.session_id == sign_in, SignInCard.revoked_at.is_not(None))))
    )


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
