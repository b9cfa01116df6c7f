"""A plan's pages in values. Entries by code, judges by key and name; of interests no more than blindness allows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contest.contests.models import Contest, Round
from contest.entries.queries import unblinded
from contest.judging.models import AssignmentPlan, PanelMember
from contest.judging.panel_queries import Part, codes_by_entry, declared
from contest.judging.plan_queries import KIND_OF, Facts, changed, firm_of

PAGE = 60  # entries a page
KINDS = tuple(dict.fromkeys(KIND_OF.values()))


@dataclass(frozen=True)
class JudgeRow:
    """A judge in a plan: entries now, added, taken off and then, of them of own topics (None: has no topics).

    share: load in percent of the greatest. apart: entries kept from the judge; kinds: the same by kind, empty before
    khớp phách: beside the judges offered for an entry it would tell which unit the entry is from.
    is_full: has as many as he or she takes.
    """

    key: str
    name: str
    now: int
    new: int
    off: int
    then: int
    met: int | None
    share: int
    apart: int
    kinds: Mapping[str, int]
    is_full: bool


@dataclass(frozen=True)
class EntryRow:
    """An entry's judges in a plan, by key: who stays, is added, is taken off; pinned: decided by hand."""

    code: str
    stays: Sequence[str]
    new: Sequence[str]
    off: Sequence[str]
    pinned: Sequence[str]


@dataclass(frozen=True)
class WishRow:
    code: str
    judge: str
    what: str


@dataclass(frozen=True)
class PlanView:
    """A plan as it is shown. changed: what is no longer as it was (kinds). next: the code the next page starts at."""

    state: str
    moving: str
    digest: str
    changed: Sequence[str]
    wishes: Sequence[WishRow]
    problems: Sequence[Any] = ()
    judges: Sequence[JudgeRow] = ()
    entries: Sequence[EntryRow] = ()
    count: int = 0  # entries listed, on all pages
    next: str = ""
    added: int = 0
    freed: int = 0
    touched: int = 0
    least: int = 0
    most: int = 0
    full: int = 0  # judges left out of least and most, having all they take
    met: int = 0
    of_topic: int = 0
    apart: Mapping[str, int] = field(default_factory=dict)
    groups: Sequence[Sequence[str]] = ()
    fewest_shared: int = 0
    most_shared: int = 0
    clashing: Sequence[tuple[str, str]] = ()
    is_forced: bool = False
    suspected: int = 0


def plan_view(
    plan: AssignmentPlan, facts: Facts, members: Sequence[PanelMember], *, everything: bool, start: str,
    knows: bool,
) -> PlanView:  # fmt: skip
    """everything: also entries the plan does not change. start: the code to begin at. knows: after khớp phách."""
    keys = {member.id: member.key for member in members}
    codes = {part.id: part.code for part in facts.parts}
    wishes = [
        WishRow(codes[entry], keys[judge], what)
        for entry, judge, what in plan.wishes
        if entry in codes and judge in keys
    ]
    common: dict[str, Any] = {
        "state": plan.state, "moving": plan.moving, "digest": plan.digest, "wishes": wishes,
        "changed": changed(plan.inputs, facts) if plan.state in ("ready", "refused") else [],
    }  # fmt: skip
    if plan.state not in ("ready", "taken"):
        return PlanView(**common, problems=plan.body.get("problems", ()))
    body = plan.body
    judges = _judge_rows(body["judges"], members, knows=knows)
    listed = [row for row in body["entries"] if everything or row[3] or row[4]]
    first = bisect_left(listed, start, key=lambda row: row[1])
    after = listed[first + PAGE : first + PAGE + 1]
    free = [row.then for row in judges if not row.is_full] or [row.then for row in judges]
    apart: Counter[str] = Counter()
    for item in body["judges"]:
        apart.update(item["apart"])
    return PlanView(
        **common,
        judges=judges,
        entries=[_entry_row(row, keys, plan.wishes) for row in listed[first : first + PAGE]],
        count=len(listed),
        next=after[0][1] if after else "",
        added=sum(len(row[3]) for row in body["entries"]),
        freed=sum(len(row[4]) for row in body["entries"]),
        touched=sum(1 for row in body["entries"] if row[3] or row[4]),
        least=min(free, default=0),
        most=max(free, default=0),
        full=sum(row.is_full for row in judges) if len(free) < len(judges) else 0,
        met=sum(row.met or 0 for row in judges),
        of_topic=sum(row.then for row in judges if row.met is not None),
        apart={kind: apart[kind] for kind in KINDS if apart[kind]},
        groups=[[keys.get(judge, "") for judge in group] for group in body["links"]["groups"]],
        fewest_shared=body["links"]["fewest"],
        most_shared=body["links"]["most"],
        clashing=[(code, key) for code, key in body["clashing"]],
        is_forced=body["is_forced"],
        suspected=body["suspected"],
    )


def _judge_rows(
    rows: Sequence[Mapping[str, Any]], members: Sequence[PanelMember], *, knows: bool
) -> list[JudgeRow]:  # fmt: skip
    by_id = {member.id: member for member in members}
    top = max((row["then"] for row in rows), default=0) or 1
    return [
        JudgeRow(
            by_id[row["id"]].key, by_id[row["id"]].account.full_name, row["now"], row["new"], row["off"], row["then"],
            row["met"], row["then"] * 100 // top, sum(row["apart"].values()), row["apart"] if knows else {},
            row["then"] >= (by_id[row["id"]].max_entries or row["then"] + 1),
        )
        for row in rows
        if row["id"] in by_id
    ]  # fmt: skip


def _entry_row(row: Sequence[Any], keys: Mapping[int, str], wishes: Sequence[Sequence[Any]]) -> EntryRow:
    part_id, code, *lists = row
    stays, new, off = ([keys[judge] for judge in judges if judge in keys] for judges in lists)
    pinned = [keys[judge] for entry, judge, what in wishes if entry == part_id and what == "with" and judge in keys]
    return EntryRow(code, stays, new, off, pinned)


@dataclass(frozen=True)
class SeatRow:
    """A judge beside one entry: load, whether of own topics, and what the plan or a person says of the pair.

    state: stays | new | off | free. can_move: the sheet may be given to another.
    """

    key: str
    name: str
    load: int
    knows: bool
    state: str
    wish: str
    can_move: bool


def seats_beside(
    plan: AssignmentPlan, facts: Facts, part: Part, members: Sequence[PanelMember]
) -> list[SeatRow]:  # fmt: skip
    """The judges of one entry in the plan first, then those who could be: nobody with an interest in it."""
    row = next((row for row in plan.body.get("entries", ()) if row[0] == part.id), [part.id, part.code, [], [], []])
    states = {judge: state for judges, state in zip(row[2:], ("stays", "new", "off"), strict=True) for judge in judges}
    wishes = {judge: what for entry, judge, what in plan.wishes if entry == part.id}
    loads = {item["id"]: item["then"] for item in plan.body.get("judges", ())}
    barred = facts.behind.only(part.id).barred()
    spent = {sheet.member_id for sheet in part.sheets} - {sheet.member_id for sheet in part.active}
    names = {member.id: member.account.full_name for member in members}
    firm, own = firm_of(facts), facts.topics.get(part.id, frozenset())
    rows = [
        SeatRow(
            seat.key, names[seat.id], loads.get(seat.id, 0), bool(seat.topics & own), states.get(seat.id, "free"),
            wishes.get(seat.id, ""), (part.id, seat.id) not in firm,
        )
        for seat in facts.seats
        if seat.id in states
        or seat.id in wishes
        or (seat.can_take and seat.id not in spent and (part.id, seat.id) not in barred.never)
    ]  # fmt: skip
    return sorted(rows, key=lambda item: (item.state in ("off", "free"), item.load if item.state == "free" else 0))


@dataclass(frozen=True)
class ApartRow:
    """A judge and an entry the judge is kept from, with the kind of reason."""

    judge: str
    code: str
    kind: str


def apart_rows(
    contest: Contest, round_: Round, facts: Facts, members: Sequence[PanelMember]
) -> list[ApartRow]:  # fmt: skip
    """Which entries are kept from whom, as far as it may be known.

    Knowing that a judge is kept from 0417 for the unit's sake is knowing where 0417 comes from. So before khớp phách
    only what a judge declared of an entry by its code is listed; everything else is counted, and no more.
    """
    codes, keys = {part.id: part.code for part in facts.parts}, {seat.id: seat.key for seat in facts.seats}
    if unblinded(contest):
        pairs = [
            (keys[judge], codes[part], KIND_OF[kind])
            for (part, judge), kind in facts.behind.barred().kinds.items()
            if part in codes and judge in keys
        ]
    else:
        by_entry, by_account = codes_by_entry(round_), {row.account_id: row.key for row in members}
        pairs = [
            (by_account[row.account_id], by_entry[row.entry_id], "declared")
            for row in declared(contest)
            if row.entry_id in by_entry and row.account_id in by_account
        ]
    return [ApartRow(*pair) for pair in sorted(pairs)]
