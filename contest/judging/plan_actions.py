"""A plan of who marks what: worked out, changed by hand, taken. Nothing is assigned before it is taken."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from contest import jobs
from contest.accounts.models import Account
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round
from contest.db import db, insert_for
from contest.judging.models import Assignment, AssignmentPlan, JudgeTopic, PanelMember
from contest.judging.panel_actions import NotPossible, note, reading_order, take_away
from contest.judging.panel_queries import Part, members_of, parts_of
from contest.judging.plan_queries import (
    KIND_OF,
    Facts,
    Pair,
    Topic,
    changed,
    facts_of,
    firm_of,
    plan_of,
    situation_of,
    topics_of,
)
from contest.rules.assignment_plan import Moving, arrange
from contest.rules.assignment_spread import links
from contest.rules.conflicts import Code
from contest.rules.reading import Refused

AT_ONCE = 12_000
"""Pairs of entry and judge up to which a plan is worked out while one waits: about a third of a second."""


_COLUMN: Mapping[str, Any] = {"category": JudgeTopic.category_id, "field": JudgeTopic.field_of_work_id}


class Impossible(Exception):
    """A wish that no plan can meet. problems: codes of rules.assignment with facts, in codes and keys."""

    def __init__(self, problems: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(", ".join(item["code"] for item in problems))
        self.problems = list(problems)


def make(contest: Contest, round_: Round, moving: Moving, *, keep_wishes: bool, actor: Account, now: datetime) -> None:
    """Work a plan out anew, at once or as a job; the one before is gone. Raises NotPossible."""
    plan = _held(round_, actor, now)
    if moving is Moving.AFRESH and round_.state != "waiting":
        raise NotPossible("round_begun")
    # Counted first: what a large round is worked out from is read by its job, not while one waits.
    parts, seats = parts_of(round_), [row for row in members_of(round_) if row.left_at is None]
    if not parts or not seats:
        raise NotPossible("no_judges" if parts else "no_entries")
    entries, judges = {part.id for part in parts}, {row.id for row in seats}
    wishes = [list(wish) for wish in plan.wishes if keep_wishes and wish[0] in entries and wish[1] in judges]
    _begin(plan, moving, wishes, actor, now)
    if len(parts) * len(seats) > AT_ONCE:
        _enqueue(plan, round_, now)
    else:
        facts = facts_of(contest, round_)
        store(plan, facts, *think(facts, moving, wishes))
    note(actor, "plan", round_, now, moving=moving.value, wishes=len(wishes), number=plan.number)


def wish(
    contest: Contest, round_: Round, part: Part, member: PanelMember, what: str, *, instead: PanelMember | None = None,
    actor: Account, now: datetime,
) -> None:  # fmt: skip
    """Decide one pair by hand and work the rest out around it. Raises NotPossible, Impossible; then nothing changed.

    what: "with", "without", or "free" to leave it to the machine again. instead: whose place the member takes.
    """
    plan = _held(round_, actor, now)
    if plan.state not in ("ready", "refused"):
        raise NotPossible("no_plan")
    facts = facts_of(contest, round_)
    if kinds := changed(plan.inputs, facts):
        raise NotPossible("inputs_changed", kinds=kinds)
    decided = {**({instead.id: "without"} if instead is not None else {}), member.id: what}
    firm = firm_of(facts)
    if any((part.id, judge) in firm for judge, asked in decided.items() if asked == "without"):
        raise NotPossible("has_marks")
    wishes = [list(row) for row in plan.wishes if not (row[0] == part.id and row[1] in decided)]
    wishes += [[part.id, judge, asked] for judge, asked in decided.items() if asked != "free"]
    moving = Moving(plan.moving)
    if facts.size > AT_ONCE:
        _begin(plan, moving, wishes, actor, now)
        _enqueue(plan, round_, now)
    else:
        state, body = think(facts, moving, wishes)
        if state == "refused" and what != "free":
            raise Impossible(body["problems"])
        _begin(plan, moving, wishes, actor, now)
        store(plan, facts, state, body)
    note(actor, "plan_wish", round_, now, entry=part.code, judge=member.key, wish=what,
         **({"instead": instead.key} if instead is not None else {}))  # fmt: skip


def set_topics(
    round_: Round, chosen: Mapping[int, Set[Topic]], *, actor: Account, now: datetime
) -> None:  # fmt: skip
    """Write what each member of the panel knows well. chosen: by member id; missing: as it was."""
    hold_anew(round_.contest_id)  # two people writing at once must not both add the same row
    if round_.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    before = topics_of(round_)
    for member in members_of(round_):
        if member.left_at is not None or member.id not in chosen:
            continue
        had, has = before.get(member.id, frozenset[Topic]()), frozenset(chosen[member.id])
        for kind, number in sorted(had - has):
            db.session.execute(
                delete(JudgeTopic).where(JudgeTopic.panel_member_id == member.id, _COLUMN[kind] == number)
            )
        for kind, number in sorted(has - had):
            db.session.add(JudgeTopic(panel_member_id=member.id, **{_COLUMN[kind].key: number}))
        if had != has:
            note(actor, "set_topics", round_, now, judge=member.key, topics=[f"{kind}:{n}" for kind, n in sorted(has)])
    db.session.flush()


def _held(round_: Round, actor: Account, now: datetime) -> AssignmentPlan:
    """The round's plan, locked; an empty one where there is none."""
    if round_.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    values = {
        "round_id": round_.id, "number": 0, "state": "none", "moving": Moving.KEEP.value, "wishes": [], "inputs": {},
        "body": {}, "digest": "", "made_by_id": actor.id, "made_at": now,
    }  # fmt: skip
    add = insert_for(db.session.get_bind().dialect.name)
    db.session.execute(add(AssignmentPlan).values(**values).on_conflict_do_nothing())
    query = select(AssignmentPlan).where(AssignmentPlan.round_id == round_.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _begin(plan: AssignmentPlan, moving: Moving, wishes: list[list[Any]], actor: Account, now: datetime) -> None:
    plan.number, plan.state, plan.moving, plan.wishes = plan.number + 1, "working", moving.value, wishes
    plan.inputs, plan.body, plan.digest, plan.job_id = {}, {}, "", None
    plan.made_by_id, plan.made_at = actor.id, now


def _enqueue(plan: AssignmentPlan, round_: Round, now: datetime) -> None:
    # A key of its own: a job that waits for the plan before this one must not be taken for it.
    row = jobs.enqueue(
        "judging.work_out", now=now, key=f"plan:{round_.id}:{plan.number}", round_id=round_.id, number=plan.number
    )
    db.session.flush()
    plan.job_id = row.id


def store(plan: AssignmentPlan, facts: Facts, state: str, body: dict[str, Any]) -> None:
    """Keep what was thought out, with the hashes of what it was thought out from."""
    plan.state, plan.body, plan.inputs = state, body, dict(facts.hashes)
    plan.digest = hashlib.sha256(repr((plan.round_id, plan.number, sorted(facts.hashes.items()))).encode()).hexdigest()


# ---- Thinking: values in, values out, without the database, so that nobody waits for its lock meanwhile ----


def think(facts: Facts, moving: Moving, wishes: Sequence[Sequence[Any]]) -> tuple[str, dict[str, Any]]:
    """("ready", the plan) or ("refused", why there is none)."""
    barred = facts.behind.barred()
    try:
        found = arrange(situation_of(facts, barred.never, barred.suspected, wishes), moving)
    except Refused as refused:
        return "refused", {"problems": _problems(refused, facts)}
    given, taken = _ids(found.given), _ids(found.taken)
    standing = {(part.id, row.member_id) for part in facts.parts for row in part.active} - taken | given
    return "ready", {
        "entries": _entries(facts, given, taken),
        "judges": _judges(facts, given, taken, standing, barred.kinds),
        "links": _links(standing),
        "clashing": sorted(
            [part.code, row.key] for part in facts.parts for row in part.active
            if (part.id, row.member_id) in barred.never and (part.id, row.member_id) in standing
        ),
        "is_forced": found.is_forced,
        "suspected": len(_ids(found.suspected) & set(barred.suspected)),
    }  # fmt: skip


def _ids(pairs: Sequence[tuple[str, str]]) -> set[Pair]:
    return {(int(entry), int(judge)) for entry, judge in pairs}


def _entries(facts: Facts, given: set[Pair], taken: set[Pair]) -> list[list[Any]]:
    """By code: [round entry id, code, members that stay, that are added, that are taken away]."""
    new: dict[int, list[int]] = {part.id: [] for part in facts.parts}
    for entry, judge in sorted(given):
        new[entry].append(judge)
    rows = []
    for part in facts.parts:
        now = [row.member_id for row in part.active]
        off = [judge for judge in now if (part.id, judge) in taken]
        rows.append([part.id, part.code, [judge for judge in now if judge not in off], new[part.id], off])
    return rows


def _judges(
    facts: Facts, given: set[Pair], taken: set[Pair], standing: set[Pair], kinds: Mapping[Pair, Code]
) -> list[dict[str, Any]]:  # fmt: skip
    """Each judge's load now and then, how many of them are of the judge's own topics, what he or she is kept from."""
    entries = {part.id for part in facts.parts}
    held = {(part.id, row.member_id) for part in facts.parts for row in part.active}
    now, new, off, then = (Counter(judge for _entry, judge in pairs) for pairs in (held, given, taken, standing))
    known = {seat.id: seat.topics for seat in facts.seats}
    met = Counter(
        judge for entry, judge in standing if known.get(judge, frozenset()) & facts.topics.get(entry, frozenset())
    )  # fmt: skip
    apart: Counter[tuple[int, str]] = Counter(
        (judge, KIND_OF[code]) for (entry, judge), code in kinds.items()
        if entry in entries and (entry, judge) not in standing
    )  # fmt: skip
    return [
        {
            "id": seat.id,
            "now": now[seat.id],
            "new": new[seat.id],
            "off": off[seat.id],
            "then": then[seat.id],
            "met": met[seat.id] if seat.topics else None,
            "apart": {kind: apart[seat.id, kind] for kind in dict.fromkeys(KIND_OF.values()) if apart[seat.id, kind]},
        }
        for seat in facts.seats
    ]


def _links(standing: set[Pair]) -> dict[str, Any]:
    found = links((str(entry), str(judge)) for entry, judge in standing)
    groups = [[int(judge) for judge in group] for group in found.groups]
    return {"groups": groups, "fewest": found.fewest, "most": found.most}


def _problems(refused: Refused, facts: Facts) -> list[dict[str, Any]]:
    """What is in the way, entries by code and judges by key."""
    codes = {str(part.id): part.code for part in facts.parts}
    keys = {str(seat.id): seat.key for seat in facts.seats}
    names: dict[str, Any] = {
        "entry": lambda value: codes[value],
        "judge": lambda value: keys[value],
        "entries": lambda value: sorted(codes[item] for item in value),
        "judges": lambda value: [keys[item] for item in value] if isinstance(value, tuple) else value,
    }
    return [
        {"code": item.code, **{name: names.get(name, lambda value: value)(value) for name, value in item.facts.items()}}
        for item in refused.problems
    ]


# ---- Taking ----


def take(contest: Contest, round_: Round, *, digest: str, actor: Account, now: datetime) -> tuple[int, int]:
    """Carry the plan out: (sheets given, sheets taken away). A sheet with marks never moves.

    Raises NotPossible when this is not the plan that was looked at, or what it was worked out from has changed.
    """
    hold_anew(contest.id)
    if round_.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    plan = plan_of(round_, locked=True)
    if plan is None or plan.digest != digest or plan.state not in ("ready", "taken"):
        raise NotPossible("plan_replaced")
    if plan.state == "taken":
        raise NotPossible("plan_taken")
    facts = facts_of(contest, round_)
    if kinds := changed(plan.inputs, facts):
        raise NotPossible("inputs_changed", kinds=kinds)
    given = [(row[0], judge) for row in plan.body["entries"] for judge in row[3]]
    taken = [(row[0], judge) for row in plan.body["entries"] for judge in row[4]]
    firm = firm_of(facts)
    if begun := sorted({row[1] for row in plan.body["entries"] for judge in row[4] if (row[0], judge) in firm}):
        raise NotPossible("begun_meanwhile", codes=begun)
    _free(round_, set(taken), now)
    if given:
        db.session.execute(insert(Assignment), _sheets(round_, facts, given, now))
    plan.state = "taken"
    note(actor, "assign", round_, now, sheets=len(given), freed=len(taken), digest=digest[:16])
    return len(given), len(taken)


def _free(round_: Round, pairs: set[Pair], now: datetime) -> None:
    if not pairs:
        return
    rows = db.session.scalars(
        select(Assignment)
        .where(Assignment.round_id == round_.id, Assignment.state == "empty")
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if (row.round_entry_id, row.panel_member_id) in pairs:
            take_away(row, now)
    db.session.flush()


def _sheets(round_: Round, facts: Facts, pairs: Sequence[Pair], now: datetime) -> list[dict[str, Any]]:
    """Rows to add. On an entry that had judges when the round was opened, a new one is a replacement."""
    had = {part.id for part in facts.parts if part.sheets} if round_.state == "open" else set()
    return [
        {
            "public_id": secrets.token_hex(16),
            "round_id": round_.id,
            "round_entry_id": entry,
            "panel_member_id": judge,
            "position": reading_order(round_.id, entry, judge),
            "reason": "replacement" if entry in had else "assigned",
            "assigned_at": now,
        }
        for entry, judge in pairs
    ]
