"""Reads of discussions: for the head judge by entry, for a judge only while one's own sheet takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging.discussion_models import Discussion, DiscussionMessage
from contest.judging.ledger import SENT_STATES
from contest.judging.models import Assignment, PanelMember
from contest.judging.sheet_queries import own_sheet
from contest.rules.permissions import Action, Scope


def of_entry(part_id: int) -> Sequence[Discussion]:
    """Every discussion of an entry, newest first."""
    return db.session.scalars(
        select(Discussion).where(Discussion.round_entry_id == part_id).order_by(Discussion.id.desc())
    ).all()


def open_of(part_id: int) -> Discussion | None:
    return db.session.scalars(
        select(Discussion).where(Discussion.round_entry_id == part_id, Discussion.ended_at.is_(None))
    ).one_or_none()


def states(round_: Round) -> dict[str, str]:
    """By code, of entries that were ever discussed: open | ended."""
    rows = db.session.execute(
        select(RoundEntry.code, Discussion.ended_at)
        .join(RoundEntry, RoundEntry.id == Discussion.round_entry_id)
        .where(RoundEntry.round_id == round_.id)
        .order_by(Discussion.id)
    )
    return {code: "open" if ended_at is None else "ended" for code, ended_at in rows}


def ended_in(round_: Round) -> Sequence[tuple[str, Discussion]]:
    """(code, discussion) of those that are ended, by code: for the minutes."""
    rows = db.session.execute(
        select(RoundEntry.code, Discussion)
        .join(RoundEntry, RoundEntry.id == Discussion.round_entry_id)
        .where(RoundEntry.round_id == round_.id, Discussion.ended_at.is_not(None))
        .order_by(RoundEntry.code, Discussion.id)
    )
    return [(code, discussion) for code, discussion in rows]


def messages_of(discussions: Sequence[int]) -> Sequence[Any]:
    """What was said, oldest first: discussion_id, judge, full_name, said_at, text."""
    return db.session.execute(
        select(
            DiscussionMessage.discussion_id,
            DiscussionMessage.judge,
            Account.full_name,
            DiscussionMessage.said_at,
            DiscussionMessage.text,
        )
        .join(Account, Account.id == DiscussionMessage.account_id)
        .where(DiscussionMessage.discussion_id.in_(discussions))
        .order_by(DiscussionMessage.id)
    ).all()


def sheets_in(discussion: Discussion) -> Sequence[Any]:
    """The sheets that take part as they are now, in order of the panel; one stepped back from is gone."""
    return db.session.execute(
        select(
            Assignment.id,
            Assignment.marks,
            Assignment.comment,
            Assignment.version_uuid,
            PanelMember.key,
            Account.full_name,
            PanelMember.account_id,
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Account, Account.id == PanelMember.account_id)
        .where(
            Assignment.id.in_([item["sheet"] for item in discussion.before.values()]), Assignment.state.in_(SENT_STATES)
        )
        .order_by(PanelMember.id)
    ).all()


@dataclass(frozen=True)
class OwnPlace:
    """A judge's place in an open discussion: the own sheet (a row of own_sheet) and the discussion."""

    sheet: Any
    discussion: Discussion


def own_place(account: Account, public_id: str) -> OwnPlace | None:
    """None where the sheet is not the judge's, is not sent, or its entry is not being discussed with it."""
    row = own_sheet(account, public_id)
    if row is None or row.state not in SENT_STATES or row.round_state != "open" or row.is_gone:
        return None
    discussion = db.session.scalars(
        select(Discussion)
        .join(Assignment, Assignment.round_entry_id == Discussion.round_entry_id)
        .where(Assignment.id == row.id, Discussion.ended_at.is_(None))
    ).one_or_none()
    # A third judge who came after it was opened still marks without knowing of the others.
    if discussion is None or row.id not in {item["sheet"] for item in discussion.before.values()}:
        return None
    return OwnPlace(row, discussion)


def open_for(account: Account) -> Sequence[Any]:
    """Entries that this judge may discuss now: public_id of the own sheet, code, round_name."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.public_id,
            RoundEntry.code,
            Round.name.label("round_name"),
            Discussion.before,
            Contest.id.label("contest_id"),
            Contest.campaign_id,
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(Discussion, Discussion.round_entry_id == RoundEntry.id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            PanelMember.account_id == account.id,
            PanelMember.left_at.is_(None),
            Assignment.state.in_(SENT_STATES),
            Round.state == "open",
            Discussion.ended_at.is_(None),
        )
        .order_by(RoundEntry.code)
    ).all()
    return [
        row
        for row in rows
        if row.id in {item["sheet"] for item in row.before.values()}
        and account.may(Action.MARK, Scope(row.campaign_id, row.contest_id))
    ]
