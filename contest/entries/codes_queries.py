"""Reads around blind codes. Codes and authors come together in `joined` alone, and only once two people agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import Entry, JudgeCopy, RoundEntry, Unblinding
from contest.entries.queries import first_round


@dataclass(frozen=True)
class CodesState:
    """Where the drawing stands. What must be 0 before it: pending, returned, not_made, unchecked."""

    valid: int
    without_code: int
    pending: int
    returned: int
    not_made: int
    unchecked: int

    @property
    def is_ready(self) -> bool:
        return self.without_code > 0 and not (self.pending or self.returned or self.not_made or self.unchecked)


def codes_state(contest: Contest) -> CodesState:
    """Counts only, in two statements: no entry is named."""
    first = first_round(contest)
    drawn = select(RoundEntry.entry_id).where(RoundEntry.round_id == (first.id if first else 0))
    by_screening = (
        select(Entry.screening, func.count())
        .where(Entry.contest_id == contest.id, Entry.state == "submitted")
        .group_by(Entry.screening)
    )
    screening = dict(db.session.execute(by_screening).all())
    is_checked = JudgeCopy.checked_at.is_not(None)
    rows = db.session.execute(
        select(JudgeCopy.state, is_checked, func.count(Entry.id))
        .select_from(Entry)
        .outerjoin(JudgeCopy, JudgeCopy.entry_id == Entry.id)
        .where(
            Entry.contest_id == contest.id,
            Entry.state == "submitted",
            Entry.screening == "valid",
            Entry.id.not_in(drawn),
        )
        .group_by(JudgeCopy.state, is_checked)
    ).all()
    return CodesState(
        valid=screening.get("valid", 0),
        without_code=sum(count for _state, _checked, count in rows),
        pending=screening.get("pending", 0),
        returned=screening.get("returned", 0),
        not_made=sum(count for state, _checked, count in rows if state != "ready"),
        unchecked=sum(count for state, checked, count in rows if state == "ready" and not checked),
    )


def to_draw(contest: Contest) -> Sequence[Entry]:
    """Valid entries without a code in the first round, held until the transaction ends."""
    first = first_round(contest)
    drawn = select(RoundEntry.entry_id).where(RoundEntry.round_id == (first.id if first else 0))
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.contest_id == contest.id,
            Entry.state == "submitted",
            Entry.screening == "valid",
            Entry.id.not_in(drawn),
        )
        .order_by(Entry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def codes_by_round(contest: Contest) -> list[tuple[Round, list[str]]]:
    """The codes of each round and nothing else, for the code keeper."""
    rows = db.session.execute(
        select(Round, RoundEntry.code)
        .join(RoundEntry, RoundEntry.round_id == Round.id)
        .where(Round.contest_id == contest.id)
        .order_by(Round.position, RoundEntry.code)
    )
    codes: dict[int, tuple[Round, list[str]]] = {}
    for round_, code in rows:
        codes.setdefault(round_.id, (round_, []))[1].append(code)
    return list(codes.values())


# What lets somebody sign in as another: whoever gave it could have been both of the two people.
_WAYS_IN = ("accounts.create", "accounts.set_password", "accounts.make_card")


@dataclass(frozen=True)
class GivenAWayIn:
    """One of the two people of a request let the other in since codes were drawn."""

    by: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A request to join codes and authors: code empty for the whole contest."""

    row: Unblinding
    asked_by: str
    approved_by: str
    code: str
    given: Sequence[GivenAWayIn] = field(default=())

    @property
    def state(self) -> str:
        if self.row.refused_at is not None:
            return "refused"
        return "approved" if self.row.approved_at is not None else "asked"


def requests_of(contest: Contest, reader: Account) -> list[Asked]:
    """Every request, newest first. An entry is named by its code in the first round it has.

    reader: who would be the second person of a request that nobody has decided.
    """
    asker, approver = aliased(Account), aliased(Account)
    code = (
        select(func.min(RoundEntry.code))
        .where(RoundEntry.entry_id == Unblinding.entry_id)
        .correlate(Unblinding)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Unblinding, asker.full_name, approver.full_name, code)
        .join(asker, asker.id == Unblinding.asked_by_id)
        .outerjoin(approver, approver.id == Unblinding.approved_by_id)
        .where(Unblinding.contest_id == contest.id)
        .order_by(Unblinding.id.desc())
    )
    asked = [(row, by, approved or "", shown or "") for row, by, approved, shown in rows]
    given = _ways_in_given(contest, [_pair(row, reader) for row, *_rest in asked])
    return [Asked(row, by, approved, shown, given[_pair(row, reader)]) for row, by, approved, shown in asked]


def _pair(row: Unblinding, reader: Account) -> frozenset[int]:
    return frozenset({row.asked_by_id, row.approved_by_id or reader.id})


def _ways_in_given(contest: Contest, pairs: Sequence[frozenset[int]]) -> dict[frozenset[int], list[GivenAWayIn]]:
    """For each pair of accounts, by ids: what one gave the other to sign in with since this contest has codes."""
    people = {person for pair in pairs for person in pair}
    drawn_at = (
        select(func.min(RoundEntry.created_at))
        .join(Round, Round.id == RoundEntry.round_id)
        .where(Round.contest_id == contest.id)
        .scalar_subquery()
    )
    named = db.session.execute(select(Account.id, Account.full_name).where(Account.id.in_(people)))
    subjects = {f"account:{number}": (number, name) for number, name in named}
    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject.in_(subjects), AuditEvent.actor_id.in_(people), AuditEvent.action.in_(_WAYS_IN))
        .where(AuditEvent.at >= drawn_at)
        .order_by(AuditEvent.seq)
    )
    given: dict[frozenset[int], list[GivenAWayIn]] = {pair: [] for pair in pairs}
    for event in events:
        let_in, name = subjects[event.subject]
        pair = frozenset({event.actor_id or let_in, let_in})
        if pair in given and len(pair) == 2:
            given[pair].append(GivenAWayIn(event.actor_name, name, event.at))
    return given


def open_request(contest: Contest, entry_id: int | None) -> Unblinding | None:
    """The oldest request for this entry, or for the whole contest (None), that nobody has decided on."""
    return db.session.scalars(
        select(Unblinding)
        .where(
            Unblinding.contest_id == contest.id,
            Unblinding.entry_id.is_(None) if entry_id is None else Unblinding.entry_id == entry_id,
            Unblinding.approved_at.is_(None),
            Unblinding.refused_at.is_(None),
        )
        .order_by(Unblinding.id)
        .limit(1)
    ).one_or_none()


def request_in(contest: Contest, number: int) -> Unblinding | None:
    return db.session.scalars(
        select(Unblinding).where(Unblinding.contest_id == contest.id, Unblinding.id == number).with_for_update()
    ).one_or_none()


def entry_by_code(contest: Contest, code: str) -> int | None:
    """The entry id a code of any round stands for. The id stays inside the machine."""
    return db.session.scalars(
        select(RoundEntry.entry_id)
        .join(Round, Round.id == RoundEntry.round_id)
        .where(Round.contest_id == contest.id, RoundEntry.code == code)
    ).one_or_none()


def unconfirmed_rounds(contest: Contest) -> Sequence[Round]:
    """Rounds that the head judge has not confirmed; also those that no entry has reached yet.

    Codes joined between two rounds would name the authors of everything the next one judges.
    """
    return db.session.scalars(
        select(Round).where(Round.contest_id == contest.id, Round.state != "confirmed").order_by(Round.position)
    ).all()


def has_codes(contest: Contest) -> bool:
    return (
        db.session.scalar(
            select(RoundEntry.id)
            .join(Round, Round.id == RoundEntry.round_id)
            .where(Round.contest_id == contest.id)
            .limit(1)
        )
        is not None
    )


class StillSealed(Exception):
    """Codes and authors were asked for without an approved request, or while `rounds` are not confirmed."""

    def __init__(self, rounds: Sequence[str] = ()) -> None:
        super().__init__(", ".join(rounds))
        self.rounds = list(rounds)


def joined(contest: Contest, request: Unblinding) -> Sequence[RoundEntry]:
    """Codes with entries and authors, by round and code, as far as they were drawn when the request was approved.

    Raises StillSealed for a request nobody approved, and for the whole contest while a round is open again.
    """
    if request.approved_at is None or request.refused_at is not None:
        raise StillSealed
    if request.entry_id is None and (rounds := unconfirmed_rounds(contest)):
        raise StillSealed([round_.name for round_ in rounds])
    query = (
        select(RoundEntry)
        .join(Round, Round.id == RoundEntry.round_id)
        .options(joinedload(RoundEntry.round), joinedload(RoundEntry.entry).options(selectinload(Entry.authors)))
        # Nobody agreed to name the author behind a code that was drawn for a later round.
        .where(Round.contest_id == contest.id, RoundEntry.created_at <= request.approved_at)
        .order_by(Round.position, RoundEntry.code)
    )
    if request.entry_id is not None:
        query = query.where(RoundEntry.entry_id == request.entry_id)
    return db.session.scalars(query).all()
