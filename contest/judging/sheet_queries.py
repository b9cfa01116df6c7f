"""What a judge sees: own sheets, by code; never an author, a unit, a receipt or a file name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import and_, bindparam, exists, not_, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.accounts.models import Account
from contest.contests.models import Category, Contest, Round
from contest.db import db
from contest.entries.models import Entry, JudgeCopy, RoundEntry
from contest.entries.queries import blind_title
from contest.judging.ledger import MAY_MARK, criteria, newest_rules
from contest.judging.models import Assignment, PanelMember, SecondLook, SheetVersion
from contest.judging.queries import TAKING_PART


def own_sheets(account: Account) -> Sequence[Any]:
    """Every sheet of this judge in rounds that are open or over, in the judge's order of reading.

    Grouped by contest and round: one row per sheet.
    """
    return db.session.execute(
        select(
            Assignment.public_id,
            Assignment.state,
            Assignment.marks,
            Assignment.has_conflict,
            Assignment.version_uuid,
            JudgeCopy.state.label("copy_state"),
            JudgeCopy.checked_at.label("copied_at"),
            RoundEntry.code,
            blind_title,
            Category.name.label("category"),
            Round.id.label("round_id"),
            Round.key.label("round_key"),
            Round.name.label("round_name"),
            Round.state.label("round_state"),
            Round.marks_due_at,
            Contest.id.label("contest_id"),
            Contest.slug,
            Contest.name.label("contest_name"),
            newest_rules.label("rule_set_id"),
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(Category, Category.id == Entry.category_id)
        .outerjoin(JudgeCopy, JudgeCopy.entry_id == Entry.id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            PanelMember.account_id == account.id,
            PanelMember.left_at.is_(None),
            *TAKING_PART,
            Round.state != "waiting",
            Contest.state != "archived",
            MAY_MARK,
        )
        .order_by(Contest.id.desc(), Round.position.desc(), Assignment.position, RoundEntry.code)
    ).all()


def lost_contests(account: Account) -> Sequence[str]:
    """Names of the contests where this person is on a panel and may not mark any more, newest first."""
    return db.session.scalars(
        select(Contest.name)
        .where(
            Contest.state != "archived",
            exists().where(
                PanelMember.round_id == Round.id,
                Round.contest_id == Contest.id,
                PanelMember.account_id == account.id,
                PanelMember.left_at.is_(None),
                Round.state != "waiting",
                not_(MAY_MARK),
            ),
        )
        .order_by(Contest.id.desc())
    ).all()


# What a judge may open: own sheets, while on the panel and still a judge of the contest, not stepped back from, of a
# round that has begun.
_OPEN = (
    PanelMember.account_id == bindparam("account_id"),
    PanelMember.left_at.is_(None),
    Assignment.state != "recused",
    Round.state != "waiting",
    MAY_MARK,
)
# Built once: building the statement costs as much as running it.
_OWN_SHEET = (
    select(
        Assignment.id,
        Assignment.public_id,
        Assignment.round_id,
        Assignment.state,
        Assignment.marks,
        Assignment.comment,
        Assignment.version_number,
        Assignment.version_uuid,
        Assignment.has_conflict,
        Assignment.saved_at,
        Assignment.sent_at,
        RoundEntry.code,
        not_(and_(*TAKING_PART)).label("is_gone"),
        blind_title,
        Category.name.label("category"),
        JudgeCopy.state.label("copy_state"),
        JudgeCopy.html,
        JudgeCopy.pages,
        Round.key.label("round_key"),
        Round.name.label("round_name"),
        Round.state.label("round_state"),
        Round.marks_due_at,
        Contest.id.label("contest_id"),
        Contest.slug,
        Contest.name.label("contest_name"),
        newest_rules.label("rule_set_id"),
    )
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
    .join(Entry, Entry.id == RoundEntry.entry_id)
    .outerjoin(Category, Category.id == Entry.category_id)
    .outerjoin(JudgeCopy, JudgeCopy.entry_id == Entry.id)
    .join(Round, Round.id == Assignment.round_id)
    .join(Contest, Contest.id == Round.contest_id)
    .where(Assignment.public_id == bindparam("public_id"), *_OPEN)
)


def own_sheet(account: Account, public_id: str) -> Any:
    """One sheet of this judge with the work, or None. Not while the round waits, nor after stepping back."""
    return db.session.execute(_OWN_SHEET, {"public_id": public_id, "account_id": account.id}).one_or_none()


def criterion_names(account: Account, public_id: str) -> dict[str, str]:
    """Names of the criteria of a judge's own sheet by key, for words about it; empty when there is no such sheet."""
    row = own_sheet(account, public_id)
    if row is None or row.rule_set_id is None:
        return {}
    return {item.key: item.name for item in criteria(row.rule_set_id, row.slug, row.round_key)}


@dataclass(frozen=True)
class Neighbours:
    """Where a sheet stands in its judge's order: addresses and codes before and after, and the counts.

    todo: the next one that waits for the judge, from here to the end and then from the beginning.
    """

    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    todo: tuple[str, str] | None
    sent: int
    count: int


_NEIGHBOURS = (
    select(Assignment.public_id, RoundEntry.code, Assignment.state, Assignment.has_conflict)
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
    .join(Entry, Entry.id == RoundEntry.entry_id)
    .where(
        Assignment.round_id == bindparam("round_id"),
        PanelMember.account_id == bindparam("account_id"),
        Assignment.state != "recused",
        *TAKING_PART,
    )
    .order_by(Assignment.position, RoundEntry.code)
)


def neighbours(account: Account, sheet: Any) -> Neighbours:
    """The sheets beside this one, and how many of the judge's are sent."""
    rows = db.session.execute(_NEIGHBOURS, {"round_id": sheet.round_id, "account_id": account.id}).all()
    places = [(row.public_id, row.code) for row in rows]
    here = next((index for index, (public_id, _code) in enumerate(places) if public_id == sheet.public_id), 0)
    waiting = (row for row in chain(rows[here + 1 :], rows[:here]) if row.state != "sent" or row.has_conflict)
    return Neighbours(
        previous=places[here - 1] if here > 0 else None,
        next=places[here + 1] if here + 1 < len(places) else None,
        todo=next(((row.public_id, row.code) for row in waiting), None),
        sent=sum(1 for row in rows if row.state == "sent"),
        count=len(rows),
    )


def looks_of(sheet_id: int) -> Sequence[SecondLook]:
    """What the head judge has asked about a sheet, newest first: the first is not answered yet."""
    return db.session.scalars(
        select(SecondLook).where(SecondLook.assignment_id == sheet_id).order_by(SecondLook.id.desc())
    ).all()


def history(sheet_id: int) -> Sequence[SheetVersion]:
    """Every version of a sheet, oldest first."""
    return db.session.scalars(
        select(SheetVersion).where(SheetVersion.assignment_id == sheet_id).order_by(SheetVersion.number)
    ).all()


def rivals(sheet: Any) -> list[SheetVersion]:
    """The versions a person has to pick from: the one in force, and the newest of each device beside it.

    Only what came since the last pick.
    """
    beside: dict[str, SheetVersion] = {}
    in_force = []
    for version in history(sheet.id):
        if version.kind == "pick":
            beside.clear()
        elif not version.holds and version.kind != "slip":
            beside[version.device] = version
        if version.uuid == sheet.version_uuid:
            in_force = [version]
    return in_force + list(beside.values())


def version_in(sheet_id: int, uuid: str) -> SheetVersion | None:
    return db.session.scalars(
        select(SheetVersion).where(SheetVersion.assignment_id == sheet_id, SheetVersion.uuid == uuid)
    ).one_or_none()


def own_assignment(account: Account, public_id: str) -> Assignment | None:
    """The row of a judge's own sheet, for changing it."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.panel_member)
        .join(Assignment.round)
        .join(Round.contest)
        .options(
            contains_eager(Assignment.panel_member),
            contains_eager(Assignment.round).contains_eager(Round.contest),
            joinedload(Assignment.round_entry),
        )
        .where(Assignment.public_id == public_id, *_OPEN),
        {"account_id": account.id},
    ).one_or_none()


def page_key(account: Account, public_id: str, number: int) -> str | None:
    """Where the picture of a page (from 1) of a work lies that this judge marks, or None."""
    pages = db.session.scalar(
        select(JudgeCopy.pages)
        .select_from(Assignment)
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(JudgeCopy, JudgeCopy.entry_id == RoundEntry.entry_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Assignment.public_id == public_id, JudgeCopy.state == "ready", *_OPEN),
        {"account_id": account.id},
    )
    return str(pages[number - 1]["key"]) if pages and 1 <= number <= len(pages) else None
