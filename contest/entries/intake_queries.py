"""The secretariat's reads: lists by filter and search, counts, one entry with everything. They never join codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Author, Entry, JudgeCopy, Screening
from contest.entries.own_queries import within_units
from contest.rules.blind_codes import normalise_code
from contest.rules.text import search_terms, term_variants
from contest.units.models import Unit

NO_FIELD = "none"


@dataclass(frozen=True)
class Filters:
    """What the list shows; empty: everything handed in. unit: an id, with all units below it."""

    q: str = ""
    state: str = ""  # withdrawn; empty: submitted
    screening: str = ""
    channel: str = ""
    late: bool = False
    copy: str = ""  # unchecked | failed
    unit: int | None = None
    field_of_work: str = ""  # the id of one, or NO_FIELD


def intake(contest: Contest, filters: Filters) -> Select[Any]:
    """The entries a filter means, with their authors; for keyset paging by Entry.id."""
    query = (
        select(Entry)
        .options(selectinload(Entry.authors), joinedload(Entry.category))
        .where(Entry.contest_id == contest.id, Entry.state == (filters.state or "submitted"))
    )
    if filters.screening:
        query = query.where(Entry.screening == filters.screening)
    if filters.channel:
        query = query.where(Entry.channel == filters.channel)
    if filters.late:
        query = query.where(Entry.is_late)
    if filters.unit is not None:
        query = query.join(Unit, Unit.id == Entry.unit_id).where(within_units({filters.unit}))
    if filters.field_of_work:
        number = None if filters.field_of_work == NO_FIELD else int(filters.field_of_work)
        query = query.where(Entry.field_of_work_id.is_not_distinct_from(number))
    if filters.copy:
        query = query.outerjoin(JudgeCopy, JudgeCopy.entry_id == Entry.id).where(_copy(filters.copy))
    for term in search_terms(filters.q):
        query = query.where(_holds(term))
    return query


def _copy(wanted: str) -> ColumnElement[bool]:
    if wanted == "failed":
        return JudgeCopy.state == "failed"
    return or_(JudgeCopy.id.is_(None), JudgeCopy.checked_at.is_(None))


def _holds(term: str) -> ColumnElement[bool]:
    """One word in the title, an author's name or the receipt code; accents and i/y do not matter."""
    spellings = term_variants(term)
    titles = [Entry.title_key.contains(spelling, autoescape=True) for spelling in spellings]
    names = [Author.name_key.contains(spelling, autoescape=True) for spelling in spellings]
    wrote = select(Author.entry_id).where(Author.entry_id == Entry.id, or_(*names)).exists()
    return or_(*titles, wrote, Entry.receipt_code.contains(normalise_code(term), autoescape=True))


def counts(contest: Contest) -> Mapping[str, int]:
    """How many entries are where, in one statement."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    inside = Entry.state == "submitted"
    row = db.session.execute(
        select(
            count(inside).label("submitted"),
            count(inside & (Entry.screening == "pending")).label("pending"),
            count(inside & (Entry.screening == "valid")).label("valid"),
            count(inside & (Entry.screening == "invalid")).label("invalid"),
            count(inside & (Entry.screening == "returned")).label("returned"),
            count(inside & Entry.is_late).label("late"),
            count(Entry.state == "withdrawn").label("withdrawn"),
            count(Entry.state == "draft").label("draft"),
        ).where(Entry.contest_id == contest.id)
    ).one()
    return dict(row._mapping)


def units_taking_part(contest: Contest) -> Sequence[Unit]:
    """Units that entries name, by name, for the filter."""
    ids = select(Entry.unit_id).where(Entry.contest_id == contest.id, Entry.unit_id.is_not(None))
    return db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.sort_key).limit(300)).all()


def received_entry(contest: Contest, public_id: str, *, locked: bool = False) -> Entry | None:
    """One entry handed in to this contest; drafts are their owners' alone."""
    query = (
        select(Entry)
        .options(selectinload(Entry.authors), joinedload(Entry.category))
        .where(Entry.contest_id == contest.id, Entry.public_id == public_id, Entry.state != "draft")
    )
    entry = db.session.scalars(query).one_or_none()
    if entry is not None and locked:
        db.session.refresh(entry, with_for_update={"of": Entry})
    return entry


def screenings_of(entry: Entry) -> list[tuple[Screening, str]]:
    """Decisions, newest first, with the name of who decided."""
    rows = db.session.execute(
        select(Screening, Account.full_name)
        .join(Account, Account.id == Screening.by_id)
        .where(Screening.entry_id == entry.id)
        .order_by(Screening.id.desc())
    )
    return [(row, name) for row, name in rows]


def next_pending(contest: Contest, entry: Entry) -> Entry | None:
    """The next entry waiting for a decision, after this one, else from the beginning."""
    waiting = select(Entry).where(
        Entry.contest_id == contest.id, Entry.state == "submitted", Entry.screening == "pending", Entry.id != entry.id
    )
    after = case((Entry.id > entry.id, 0), else_=1)
    return db.session.scalars(waiting.order_by(after, Entry.id).limit(1)).one_or_none()
