"""Counts over every room, each by one GROUP BY: as many statements for one contest as for a hundred."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from contest.accounts.models import Account
from contest.campaigns.models import Campaign
from contest.contests.models import Contest, Round, RuleSet
from contest.db import db
from contest.entries.models import Entry, RoundEntry, Unblinding
from contest.judging.ledger import MAY_MARK, SENT_STATES
from contest.judging.marks import total
from contest.judging.models import Assignment, PanelMember
from contest.judging.queries import TAKING_PART
from contest.results.models import Award, Certificate, Result
from contest.rules.permissions import Action
from contest.rules.rule_sets import criteria_of, round_of


@dataclass
class RoundFigures:
    """One round: how many take part, how many judge, how far the sheets are."""

    entries: int = 0
    judges: int = 0
    sheets: int = 0
    sent: int = 0
    asked_again: int = 0
    conflicts: int = 0
    is_locked: bool = False


@dataclass
class Figures:
    """One contest in numbers. Marks and names are not among them."""

    drafts: int = 0
    submitted: int = 0
    pending: int = 0
    returned: int = 0
    valid: int = 0
    invalid: int = 0
    rounds: dict[int, RoundFigures] = field(default_factory=dict)
    is_locked: bool = False
    is_unblinding_asked: bool = False
    is_unblinded: bool = False
    is_awarded: bool = False
    awards: int = 0
    certificates: int = 0

    @property
    def screened(self) -> int:
        return self.valid + self.invalid


def figures_of(contests: Sequence[Contest]) -> dict[int, Figures]:
    """The figures of each contest, by its id. Contests come with their rounds loaded."""
    found = {contest.id: Figures(rounds={r.id: RoundFigures() for r in contest.rounds}) for contest in contests}
    rounds = {round_id: figures for one in found.values() for round_id, figures in one.rounds.items()}
    if found:
        _count_entries(found)
        _count_results(found, rounds)
    if rounds:
        _count_rounds(rounds)
    return found


def _count_entries(found: dict[int, Figures]) -> None:
    rows = db.session.execute(
        select(Entry.contest_id, Entry.state, Entry.screening, func.count())
        .where(Entry.contest_id.in_(found))
        .group_by(Entry.contest_id, Entry.state, Entry.screening)
    )
    for contest_id, state, screening, count in rows:
        figures = found[contest_id]
        if state == "draft":
            figures.drafts += count
        elif state == "submitted":
            figures.submitted += count
            setattr(figures, screening, getattr(figures, screening) + count)


def _count_rounds(rounds: dict[int, RoundFigures]) -> None:
    for round_id, count in _counted(RoundEntry.round_id, rounds, RoundEntry.withdrawn_at.is_(None)):
        rounds[round_id].entries = count
    for round_id, count in _counted(PanelMember.round_id, rounds, PanelMember.left_at.is_(None)):
        rounds[round_id].judges = count
    rows = db.session.execute(
        select(Assignment.round_id, Assignment.state, Assignment.has_conflict, func.count())
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .where(Assignment.round_id.in_(rounds), Assignment.state != "recused", RoundEntry.withdrawn_at.is_(None))
        .group_by(Assignment.round_id, Assignment.state, Assignment.has_conflict)
    )
    for round_id, state, has_conflict, count in rows:
        figures = rounds[round_id]
        figures.sheets += count
        figures.sent += count if state == "sent" else 0
        figures.asked_again += count if state == "asked_again" else 0
        figures.conflicts += count if has_conflict else 0


def third_markers(contests: Sequence[Contest]) -> dict[int, int]:
    """How many entries of each round that is being judged wait for a third judge, by round id.

    As judging.queries.standing tells it of one round; here of all rounds at once, in two statements.
    """
    judged = {
        item.id: (criteria_of(body, item.key), Decimal(third["gap"]))
        for contest, body in _with_rules(contests)
        for item in contest.rounds
        if item.state in ("open", "closed") and (third := round_of(body, item.key).get("third_marker"))
    }
    rows = db.session.execute(
        select(Assignment.round_id, Assignment.round_entry_id, Assignment.state, Assignment.marks)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(Assignment.round_id.in_(judged), Assignment.state != "recused", *TAKING_PART)
    )
    totals: dict[tuple[int, int], list[Decimal | None]] = defaultdict(list)
    for round_id, part_id, state, marks in rows:
        scale, _gap = judged[round_id]
        totals[round_id, part_id].append(total(marks, scale) if state in SENT_STATES else None)
    waiting: Counter[int] = Counter()
    for (round_id, _part_id), values in totals.items():
        given = [value for value in values if value is not None]
        _scale, least = judged[round_id]
        waiting[round_id] += len(values) == len(given) == 2 and max(given) - min(given) >= least
    return dict(waiting)


def _with_rules(contests: Sequence[Contest]) -> Iterator[tuple[Contest, Any]]:
    """Each contest that is being judged with the rules in force."""
    judged = {contest.id: contest for contest in contests if any(item.state != "waiting" for item in contest.rounds)}
    # Frozen sets after drafts, the newest last: what stands in the end is in force.
    rows = db.session.execute(
        select(RuleSet.contest_id, RuleSet.body)
        .where(RuleSet.contest_id.in_(judged))
        .order_by(RuleSet.frozen_at.is_not(None), RuleSet.number)
    )
    bodies: dict[int, Any] = dict(rows.all())
    return ((judged[contest_id], body) for contest_id, body in bodies.items())


def _count_results(found: dict[int, Figures], rounds: dict[int, RoundFigures]) -> None:
    rows = db.session.execute(
        select(Result.contest_id, Result.round_id, Result.state).where(
            Result.contest_id.in_(found), Result.state != "replaced"
        )
    )
    for contest_id, round_id, state in rows:
        if round_id is None:
            found[contest_id].is_locked = True
            found[contest_id].is_awarded = state == "awarded"
        elif round_id in rounds:
            rounds[round_id].is_locked = True
    joined = (Unblinding.entry_id.is_(None), Unblinding.approved_at.is_not(None), Unblinding.refused_at.is_(None))
    for contest_id, _count in _counted(Unblinding.contest_id, found, *joined):
        found[contest_id].is_unblinded = True
    open_requests = (
        Unblinding.entry_id.is_(None), Unblinding.approved_at.is_(None), Unblinding.refused_at.is_(None)
    )  # fmt: skip
    for contest_id, _count in _counted(Unblinding.contest_id, found, *open_requests):
        found[contest_id].is_unblinding_asked = True
    for contest_id, count in _counted(Certificate.contest_id, found, Certificate.revoked_at.is_(None)):
        found[contest_id].certificates = count
    awards = db.session.execute(
        select(Result.contest_id, func.count(Award.id))
        .join(Award, Award.result_id == Result.id)
        .where(Result.contest_id.in_(found), Result.state != "replaced", Award.state == "given")
        .group_by(Result.contest_id)
    )
    for contest_id, count in awards:
        found[contest_id].awards = count


def _counted(column: Any, keys: Iterable[int], *where: ColumnElement[bool]) -> Iterable[tuple[int, int]]:
    query = select(column, func.count()).where(column.in_(list(keys)), *where).group_by(column)
    return [(int(key), count) for key, count in db.session.execute(query)]


def staffed_contests(account: Account) -> list[Contest]:
    """The contests a person has work in, newest campaign first. Two statements."""
    if not account.held():
        return []
    query = (
        select(Contest)
        .join(Campaign, Campaign.id == Contest.campaign_id)
        .where(Contest.state != "archived")
        .options(selectinload(Contest.rounds))
        .order_by(Campaign.year.desc(), Contest.id)
    )
    return [contest for contest in db.session.scalars(query) if actions_in(account, contest)]


# What lets a person into a contest's workspace. Administering accounts and units is no part of a contest.
STAFF = frozenset(Action) - {
    Action.BACK_UP,
    Action.MANAGE_ACCOUNTS,
    Action.MANAGE_CAMPAIGN,
    Action.MANAGE_UNITS,
    Action.READ_AUDIT,
    Action.REGISTER_FOR_UNIT,
}


def actions_in(account: Account, contest: Contest) -> frozenset[Action]:
    """What the person may do in this contest."""
    return frozenset(action for action in STAFF if account.may(action, contest.scope))


def arrivals(contests: Sequence[Contest]) -> list[tuple[date, int]]:
    """Entries handed in per day of Hà Nội, over these contests, oldest first; days without any are left out."""
    if not contests:
        return []
    day = _day_of(Entry.submitted_at)
    rows = db.session.execute(
        select(day, func.count())
        .where(
            Entry.contest_id.in_([contest.id for contest in contests]),
            Entry.state == "submitted",
            Entry.submitted_at.is_not(None),
        )
        .group_by(day)
        .order_by(day)
    )
    return [(value if isinstance(value, date) else date.fromisoformat(value), count) for value, count in rows]


def _day_of(column: Any) -> ColumnElement[Any]:
    """The day in Hà Nội, on either database. Hà Nội has had no summer time since 1975."""
    if db.session.get_bind().dialect.name == "sqlite":
        return func.date(column, "+7 hours")
    return func.date(func.timezone("Asia/Ho_Chi_Minh", column))


def sheets_to_mark(account: Account) -> dict[int, int]:
    """How many sheets of open rounds a judge has not sent and still may, by contest id."""
    rows = db.session.execute(
        select(Round.contest_id, func.count())
        .select_from(Assignment)
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .where(
            MAY_MARK,
            PanelMember.account_id == account.id,
            PanelMember.left_at.is_(None),
            Round.state == "open",
            RoundEntry.withdrawn_at.is_(None),
            Assignment.state.in_(("empty", "begun", "asked_again")),
        )
        .group_by(Round.contest_id)
    )
    return {int(contest_id): count for contest_id, count in rows}
