"""What a plan of who marks what is worked out from: read once, as plain values, with a hash of each kind."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from contest.campaigns.models import FieldOfWork
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import Entry, RoundEntry
from contest.jobs import Job
from contest.judging.joint_queries import is_joint
from contest.judging.ledger import SENT_STATES
from contest.judging.models import AssignmentPlan, JudgeTopic, PanelMember, Tablet
from contest.judging.panel_queries import Behind, Part, behind, judges_needed, judging_now, members_of, parts_of
from contest.rules.assignment_plan import Situation
from contest.rules.conflicts import Code

Pair = tuple[int, int]  # round entry id, member id
Topic = tuple[str, int]  # "category" or "field", and its id

# How reasons for keeping a judge from an entry are told apart on pages.
KIND_OF: Mapping[Code, str] = {
    Code.OWN_ENTRY: "own_entry",
    Code.OWN_UNIT: "unit",
    Code.UNIT_BELOW: "unit",
    Code.DECLARED: "declared",
    Code.SAME_PERSON_SUSPECTED: "suspected",
}

# What a plan hangs on, in the order in which changes are told; a change of the first two explains the rest.
KINDS = ("entries", "judges", "interests", "topics", "sheets")


@dataclass(frozen=True)
class Seat:
    """A member who is there. can_take: may get entries; not after the judge's role was taken back."""

    id: int
    key: str
    most: int | None
    can_take: bool
    topics: frozenset[Topic]
    writes: bool = False  # the head judge of a round judged jointly, who writes the panel's sheets down
    is_head: bool = False


@dataclass(frozen=True)
class Facts:
    """A round as a plan needs it. topics: of entries, by round entry id. offline: members with marks on a tablet."""

    parts: Sequence[Part]
    need: int
    seats: Sequence[Seat]
    behind: Behind
    topics: Mapping[int, frozenset[Topic]]
    offline: frozenset[int]
    hashes: Mapping[str, str]

    @property
    def size(self) -> int:
        """Pairs that are looked at: what the time hangs on."""
        return len(self.parts) * len(self.seats)


def facts_of(contest: Contest, round_: Round) -> Facts:
    """Read all of it; a fixed number of statements."""
    members, parts, need = members_of(round_), parts_of(round_), judges_needed(round_)
    judging, known, joint = judging_now(contest), topics_of(round_), is_joint(round_)
    seats = [
        Seat(
            row.id,
            row.key,
            row.max_entries,
            row.account_id in judging,
            known.get(row.id, frozenset()),
            joint and row.is_head,
            row.is_head,
        )
        for row in members
        if row.left_at is None
    ]
    who, topics = behind(contest, round_, members), _topics_of_entries(round_)
    sheets = sorted(
        (part.id, row.member_id, row.state == "recused", row.left_at is None) for part in parts for row in part.sheets
    )
    hashes = {
        "entries": _hash([need, [(part.id, part.code) for part in parts]]),
        "judges": _hash([(seat.id, seat.most, seat.can_take, seat.writes) for seat in seats]),
        "interests": _hash([_stable(who.judges), _stable(who.works), sorted(who.above), sorted(who.colleagues)]),
        "topics": _hash([_sorted(topics), _sorted(known)]),
        "sheets": _hash(sheets),
    }
    offline = _with_marks_on_tablets(members) if round_.state == "open" else frozenset()
    return Facts(parts, need, seats, who, topics, offline, hashes)


def _hash(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _stable(rows: Iterable[Any]) -> list[str]:
    """Rows with sets in them, written the same way each time."""
    return [repr([sorted(map(repr, x)) if isinstance(x, Set) else x for x in vars(row).values()]) for row in rows]


def _sorted(topics: Mapping[int, frozenset[Topic]]) -> list[Any]:
    return sorted((key, sorted(those)) for key, those in topics.items())


def changed(before: Mapping[str, str], facts: Facts) -> list[str]:
    """What is no longer as it was, of KINDS; what follows from other entries or judges is not told apart."""
    found = [kind for kind in KINDS if before.get(kind) != facts.hashes[kind]]
    return [kind for kind in found if kind in KINDS[:2]] or found


def topics_of(round_: Round) -> dict[int, frozenset[Topic]]:
    """What the members of a panel know well, by member id."""
    rows = db.session.execute(
        select(JudgeTopic.panel_member_id, JudgeTopic.category_id, JudgeTopic.field_of_work_id)
        .join(PanelMember, PanelMember.id == JudgeTopic.panel_member_id)
        .where(PanelMember.round_id == round_.id)
    )
    found: dict[int, set[Topic]] = defaultdict(set)
    for member_id, category_id, field_id in rows:
        found[member_id] |= _both(category_id, field_id)
    return {member_id: frozenset(topics) for member_id, topics in found.items()}


def _topics_of_entries(round_: Round) -> dict[int, frozenset[Topic]]:
    rows = db.session.execute(
        select(RoundEntry.id, Entry.category_id, Entry.field_of_work_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.round_id == round_.id)
    )
    return {part_id: frozenset(_both(category_id, field_id)) for part_id, category_id, field_id in rows}


def _both(category_id: int | None, field_id: int | None) -> set[Topic]:
    named = (("category", category_id), ("field", field_id))
    return {(kind, number) for kind, number in named if number is not None}


@dataclass(frozen=True)
class Offered:
    """A topic that can be chosen for a judge, and how many entries of the round carry it."""

    topic: Topic
    name: str
    entries: int


def topics_offered(contest: Contest, round_: Round) -> list[Offered]:
    """The contest's categories where there are several, and the year's fields of work that some entry carries."""
    carried = Counter(topic for topics in _topics_of_entries(round_).values() for topic in topics)
    fields = db.session.execute(
        select(FieldOfWork.id, FieldOfWork.name)
        .where(FieldOfWork.campaign_id == contest.campaign_id)
        .order_by(FieldOfWork.position)
    )
    named: list[tuple[Topic, str]] = [(("category", row.id), row.name) for row in contest.categories]
    named = named if len(named) > 1 else []
    named += [(("field", number), name) for number, name in fields if carried["field", number]]
    return [Offered(topic, name, carried[topic]) for topic, name in named]


def _with_marks_on_tablets(members: Sequence[PanelMember]) -> frozenset[int]:
    """Members whose tablet said that marks wait on it: an empty sheet of theirs may not be empty there."""
    waiting = set(
        db.session.scalars(
            select(Tablet.account_id)
            .where(Tablet.account_id.in_([row.account_id for row in members]), Tablet.unsent + Tablet.refused > 0)
            .distinct()
        )
    )
    return frozenset(row.id for row in members if row.account_id in waiting)


def situation_of(facts: Facts, never: Set[Pair], suspected: Set[Pair], wishes: Sequence[Any]) -> Situation:
    """The same as the rules take it."""
    there = {seat.id for seat in facts.seats}
    held = {(part.id, row.member_id) for part in facts.parts for row in part.active if row.member_id in there}
    spent = {(part.id, row.member_id) for part in facts.parts for row in part.sheets} - held
    gone = {part.id: sum(row.member_id not in there for row in part.active) for part in facts.parts}
    carried = _count(held)
    joint = _joint_sheets(facts, held, spent | set(never) | set(suspected), wishes)
    return Situation(
        need={str(part.id): max(facts.need, len(part.active)) - gone[part.id] for part in facts.parts},
        most={str(seat.id): seat.most if seat.can_take else carried.get(seat.id, 0) for seat in facts.seats},
        held=_keys(held),
        firm=_keys(firm_of(facts)),
        barred=_known(never, there, gone),
        suspected=_known({*suspected, *_may_have_read(facts)}, there, gone),
        spent=_known(spent, there, gone),
        likes=_likes(facts),
        wanted=_keys({(entry, judge) for entry, judge, wish in wishes if wish == "with"} | joint),
        unwanted=_keys((entry, judge) for entry, judge, wish in wishes if wish == "without"),
    )


def _may_have_read(facts: Facts) -> set[Pair]:
    """The head judge with entries whose sheets are in: who may read them had better not mark them after that."""
    heads = [seat.id for seat in facts.seats if seat.is_head and not seat.writes]
    sent = [part.id for part in facts.parts if any(row.state in SENT_STATES for row in part.active)]
    return {(entry, head) for entry in sent for head in heads}


def _joint_sheets(facts: Facts, held: set[Pair], not_for: set[Pair], wishes: Sequence[Any]) -> set[Pair]:
    """Sheets of a joint round that nobody keeps yet: for the head judge, unless a person or an interest says other."""
    decided = {entry for entry, judge, wish in wishes if wish == "with"}
    decided |= {
        entry for entry, judge, _wish in wishes if any(seat.writes and seat.id == judge for seat in facts.seats)
    }
    kept = {entry for entry, _judge in held}
    return {
        (part.id, seat.id)
        for seat in facts.seats
        if seat.writes
        for part in facts.parts
        if part.id not in kept | decided and (part.id, seat.id) not in not_for
    }


def firm_of(facts: Facts) -> set[Pair]:
    """Sheets no plan may move: begun, sent, for a third opinion, or with marks that may wait on a tablet."""
    return {
        (part.id, row.member_id)
        for part in facts.parts
        for row in part.active
        if row.left_at is None
        and (
            row.state != "empty"
            or row.version_number > 0
            or row.reason == "third_marker"
            or row.member_id in facts.offline
        )
    }


def _likes(facts: Facts) -> dict[tuple[str, str], Fraction]:
    """One for each topic that entry and judge share. Nothing is known of either: neither for nor against."""
    knowing: dict[Topic, list[int]] = defaultdict(list)
    for seat in facts.seats:
        for topic in seat.topics:
            knowing[topic].append(seat.id)
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for part in facts.parts:
        for topic in facts.topics.get(part.id, ()):
            for judge in knowing.get(topic, ()):
                found[str(part.id), str(judge)] += 1
    return dict(found)


def _count(pairs: Iterable[Pair]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for _entry, judge in pairs:
        found[judge] += 1
    return found


def _keys(pairs: Iterable[Pair]) -> frozenset[tuple[str, str]]:
    return frozenset((str(entry), str(judge)) for entry, judge in pairs)


def _known(pairs: Iterable[Pair], judges: set[int], entries: Mapping[int, int]) -> frozenset[tuple[str, str]]:
    return _keys((entry, judge) for entry, judge in pairs if judge in judges and entry in entries)


def plan_of(round_: Round, *, locked: bool = False) -> AssignmentPlan | None:
    """The round's plan as it stands in the database now; locked: nobody else changes it meanwhile."""
    return db.session.get(
        AssignmentPlan, round_.id, populate_existing=True, with_for_update=True if locked else None
    )  # fmt: skip


def job_of(plan: AssignmentPlan) -> Job | None:
    """The work a plan waits for."""
    return db.session.get(Job, plan.job_id) if plan.job_id is not None else None
