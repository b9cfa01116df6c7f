"""What other rooms ask of judging: the ledger, a round's sheets, what blocks it. No query here touches an author."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, select

from contest.contests.holding import chain_name
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import ChainHead, db
from contest.entries.models import Entry, RoundEntry
from contest.judging.discussion_models import Discussion
from contest.judging.ledger import SENT_STATES
from contest.judging.marks import total
from contest.judging.models import Assignment, PanelMember, SheetVersion
from contest.rules.chain import GENESIS, Break, verify
from contest.rules.rule_sets import Criterion, criteria_of, round_of, talks


@dataclass(frozen=True)
class LedgerHead:
    """Where a contest's ledger stands: how many versions, and the hash of the last."""

    length: int
    hash: str


def ledger_head(contest: Contest) -> LedgerHead:
    """The head that minutes print; of an empty ledger before the first mark."""
    head = db.session.get(ChainHead, chain_name(contest.id))
    return LedgerHead(head.length, head.hash) if head else LedgerHead(0, GENESIS)


def verify_ledger(contest: Contest) -> list[Break]:
    """Every place where the contest's ledger does not hold, in order; empty when it does."""
    versions = db.session.scalars(
        select(SheetVersion)
        .where(SheetVersion.contest_id == contest.id)
        .order_by(SheetVersion.seq)
        .execution_options(yield_per=500)
    )
    head = ledger_head(contest)
    return verify(versions, head=head.hash, length=head.length)


# Still in the round: not withdrawn there or altogether, and not found invalid since.
TAKING_PART = (RoundEntry.withdrawn_at.is_(None), Entry.state != "withdrawn", Entry.screening != "invalid")


class SheetRow(NamedTuple):
    """A sheet as boards know it: by code and the judge's key, without an author. marks: JSON, as it is stored."""

    id: int
    code: str
    judge: str
    state: str
    marks: str
    has_conflict: bool


def sheets_of(round_: Round) -> list[SheetRow]:
    """Every sheet of the entries still in a round, by code and judge."""
    # Past the mapper, into plain tuples: the board reads a thousand of them.
    return list(map(SheetRow._make, db.session.connection().execute(_SHEETS, {"round_id": round_.id}).all()))


_SHEETS = (
    select(
        Assignment.id,
        RoundEntry.code,
        PanelMember.key.label("judge"),
        Assignment.state,
        cast(Assignment.marks, Text),
        Assignment.has_conflict,
    )
    .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
    .join(Entry, Entry.id == RoundEntry.entry_id)
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .where(Assignment.round_id == bindparam("round_id"), *TAKING_PART)
    .order_by(RoundEntry.code, PanelMember.id)
)


def sheets_beside(part_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Sheets that count, by entry, in order of the panel: id, marks, version_uuid, key."""
    rows = db.session.execute(
        select(
            Assignment.round_entry_id, Assignment.id, Assignment.marks, Assignment.version_uuid, PanelMember.key
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .where(Assignment.round_entry_id.in_(part_ids), Assignment.state.in_(SENT_STATES))
        .order_by(PanelMember.id)
    )  # fmt: skip
    beside: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        beside[row.round_entry_id].append(row)
    return beside


@dataclass(frozen=True)
class Blocker:
    """Something that keeps a round from being confirmed or locked, and the page that solves it."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    endpoint: str = ""


@dataclass(frozen=True)
class Difference:
    """How far an entry's sent sheets are apart. gap: highest less lowest total."""

    gap: Decimal
    sent: int
    active: int
    needs_third: bool


@dataclass(frozen=True)
class Standing:
    """A round's sheets as they are now. totals: of sent sheets, by their id; apart: by code, of two and more sent."""

    rows: Sequence[SheetRow]
    rules: Mapping[str, Any]
    criteria: Sequence[Criterion]
    totals: Mapping[int, Decimal]
    apart: Mapping[str, Difference]


def standing(round_: Round) -> Standing:
    """Read a round's sheets once, for the board and what blocks it."""
    body = rules_in_force(round_.contest).body
    rules, scale = round_of(body, round_.key), criteria_of(body, round_.key)
    rows = sheets_of(round_)
    totals = _totals(rows, scale)
    return Standing(rows, rules, scale, totals, _differences(rows, totals, rules))


def _totals(rows: Sequence[SheetRow], scale: Sequence[Criterion]) -> dict[int, Decimal]:
    """As marks.total, of sent sheets."""
    if len(_worth) >= KNOWN_SCALES:
        _worth.clear()
    known = _worth.setdefault(tuple(scale), {})
    totals = {}
    for row in rows:
        if row.state not in SENT_STATES:
            continue
        if row.marks not in known:
            if len(known) >= KNOWN_SHEETS:
                known.clear()
            known[row.marks] = total(json.loads(row.marks), scale)
        worth = known[row.marks]
        if worth is not None:
            totals[row.id] = worth
    return totals


# What marks are worth on a scale never changes, and a board that is looked at every minute reads the same thousand.
KNOWN_SHEETS = 10_000
KNOWN_SCALES = 20
_worth: dict[tuple[Criterion, ...], dict[str, Decimal | None]] = {}


def _differences(
    rows: Sequence[SheetRow], totals: Mapping[int, Decimal], rules: Mapping[str, Any]
) -> dict[str, Difference]:
    third = rules.get("third_marker") or {}
    least = Decimal(third["gap"]) if third else None
    by_code: dict[str, list[Decimal]] = defaultdict(list)
    active: Counter[str] = Counter()
    for row in rows:
        if row.state != "recused":
            active[row.code] += 1
            if row.id in totals:
                by_code[row.code].append(totals[row.id])
    found = {}
    for code, values in by_code.items():
        if len(values) > 1:
            gap = max(values) - min(values)
            needs_third = least is not None and active[code] == len(values) == 2 and gap >= least
            found[code] = Difference(gap, len(values), active[code], needs_third)
    return found


def blockers(round_: Round, known: Standing | None = None) -> list[Blocker]:
    """What keeps a round from being closed, confirmed and locked, the worst first; empty when nothing does.

    Codes: short_panels, missing_sheets, device_conflicts, asked_again, third_marker, discussions_open (facts: count,
    codes), and where the round stands: round_waiting, round_open, round_not_confirmed. known: when it was read already.
    """
    known = known or standing(round_)
    live = [row for row in known.rows if row.state != "recused"]
    per_entry = Counter(row.code for row in live)
    short = [code for code in _codes(round_) if per_entry[code] < known.rules["judges_per_entry"]]
    found = [
        _blocker("short_panels", short, "judging.panel"),
        _blocker("device_conflicts", [row.code for row in live if row.has_conflict]),
        _blocker("asked_again", [row.code for row in live if row.state == "asked_again"]),
        _blocker("third_marker", [code for code, item in known.apart.items() if item.needs_third]),
        _blocker("missing_sheets", [row.code for row in live if row.state in ("empty", "begun")]),
        _blocker("discussions_open", _discussed(round_) if talks(known.rules) == "discussion" else ()),
        _STANDS.get(round_.state),
    ]
    return [item for item in found if item is not None]


_STANDS = {
    "waiting": Blocker("round_waiting", {}, "judging.panel"),
    "open": Blocker("round_open", {}, "judging.board"),
    "closed": Blocker("round_not_confirmed", {}, "judging.board"),
}


def _blocker(code: str, codes: Sequence[str], endpoint: str = "judging.board") -> Blocker | None:
    """count: of sheets or entries; codes: of the entries, each once."""
    return Blocker(code, {"count": len(codes), "codes": sorted(set(codes))}, endpoint) if codes else None


def _discussed(round_: Round) -> Sequence[str]:
    return db.session.scalars(
        select(RoundEntry.code)
        .join(Discussion, Discussion.round_entry_id == RoundEntry.id)
        .where(RoundEntry.round_id == round_.id, Discussion.ended_at.is_(None))
    ).all()


def _codes(round_: Round) -> Sequence[str]:
    return db.session.scalars(
        select(RoundEntry.code)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.round_id == round_.id, *TAKING_PART)
        .order_by(RoundEntry.code)
    ).all()
