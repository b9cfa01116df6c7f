"""The board of the judging: entries × judges in two queries, as tuples ready to print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.db import db
from contest.entries.models import Entry, JudgeCopy, RoundEntry
from contest.entries.queries import blind_title
from contest.judging.models import Assignment, PanelMember, SecondLook, SheetVersion
from contest.judging.queries import Standing
from contest.rules.numbers import plain
from contest.rules.rule_sets import round_max

# Where the rules name no gap, this share of the round's greatest total is worth a look.
FAR_SHARE = Decimal("0.2")
NARROW = 6  # so many judges are still few
STATES = {"empty": "empty", "begun": "begun", "sent": "sent", "asked_again": "again", "recused": "conflict"}

Cell = tuple[str, str]
"""State for the sign, and the text in it: a total, a signed gap, or nothing."""


@dataclass(frozen=True)
class BoardRow:
    """One entry. cells: one per member, None where there is no sheet; why: codes of what someone must do."""

    code: str
    cells: Sequence[Cell | None]
    sent: int
    count: int
    why: Sequence[str]
    gap: Decimal | None


@dataclass(frozen=True)
class Head:
    """One judge: key, name, sheets sent and in all."""

    key: str
    name: str
    sent: int
    count: int
    left: bool
    is_head: bool


@dataclass(frozen=True)
class Board:
    """The whole board. rows that need someone come first, then by code."""

    heads: Sequence[Head]
    rows: Sequence[BoardRow]
    sent: int
    count: int
    states: Mapping[str, int] = field(default_factory=dict)
    to_look: int = 0  # entries whose judges are far apart


def far_gap(rules: Mapping[str, Any]) -> Decimal | None:
    """From which gap on totals are far apart: the third marker's, else a share of the greatest total."""
    third, most = rules.get("third_marker"), round_max(rules)
    return Decimal(third["gap"]) if third else most * FAR_SHARE if most is not None else None


def board(round_: Round, known: Standing, *, viewer: Account, with_marks: bool, point: str = ",") -> Board:
    """Entries × judges. with_marks: totals and gaps too, but none of an entry the viewer has yet to mark.

    point: the decimal sign of the texts.
    """
    members = db.session.execute(
        select(PanelMember.key, PanelMember.is_head, PanelMember.left_at, PanelMember.account_id, Account.full_name)
        .join(Account, Account.id == PanelMember.account_id)
        .where(PanelMember.round_id == round_.id)
        .order_by(PanelMember.id)
    ).all()
    by_code: dict[str, dict[str, Any]] = defaultdict(dict)
    for sheet in known.rows:
        by_code[sheet.code][sheet.judge] = sheet
    own = next((member.key for member in members if member.account_id == viewer.id), None)
    keys, far = [member.key for member in members], far_gap(known.rules)
    rows = [
        _row(code, by, keys, known, far, point if with_marks and not yet_to_mark(by, own) else None)
        for code, by in by_code.items()
    ]
    rows.sort(key=lambda row: (not row.why, row.code))
    return _board(members, rows, by_code)


def yet_to_mark(by: Mapping[str, Any], own: str | None) -> bool:
    """A head judge who also marks must not see the others' totals before the own sheet is sent."""
    return own is not None and own in by and by[own].state in ("empty", "begun")


def _board(members: Sequence[Any], rows: Sequence[BoardRow], by_code: Mapping[str, Mapping[str, Any]]) -> Board:
    sent: Counter[str] = Counter()
    count: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for by in by_code.values():
        for key, sheet in by.items():
            states[STATES[sheet.state]] += 1
            if sheet.state != "recused":
                count[key] += 1
                sent[key] += sheet.state == "sent"
    heads = [
        Head(row.key, row.full_name, sent[row.key], count[row.key], row.left_at is not None, row.is_head)
        for row in members
    ]  # fmt: skip
    to_look = sum(1 for row in rows if "far" in row.why or "third" in row.why)
    return Board(heads, rows, sum(sent.values()), sum(count.values()), states, to_look)


def _row(
    code: str, by: Mapping[str, Any], keys: Sequence[str], known: Standing, far: Decimal | None, point: str | None
) -> BoardRow:
    """point: the decimal sign; None where marks are not shown."""
    live = [sheet for sheet in by.values() if sheet.state != "recused"]
    apart = known.apart.get(code) if point is not None else None
    why = []
    if any(sheet.has_conflict for sheet in live):
        why.append("rivals")
    if any(sheet.state == "asked_again" for sheet in live):
        why.append("again")
    if len(live) < known.rules["judges_per_entry"]:
        why.append("short")
    totals = known.totals if point is not None else {}
    entry = [totals[sheet.id] for sheet in by.values() if sheet.id in totals]
    mean = (sum(entry, Decimal(0)), len(entry))
    # Totals have room beside few judges only; beside many, signs and what is far apart say enough.
    shown = point if point is not None and len(keys) <= NARROW else None
    cells = [_cell(by.get(key), totals, mean, far, shown) for key in keys]
    if apart is not None and apart.needs_third:
        why.append("third")
    elif not (known.rules.get("third_marker") and len(live) > 2) and any(cell and cell[0] == "far" for cell in cells):
        # Where a third has marked, the rules have said what becomes of the two.
        why.append("far")
    sent = sum(1 for sheet in live if sheet.state == "sent")
    return BoardRow(code, cells, sent, len(live), why, apart.gap if apart is not None else None)


def _cell(
    sheet: Any, totals: Mapping[int, Decimal], entry: tuple[Decimal, int], far: Decimal | None, point: str | None
) -> Cell | None:
    """entry: the sum of the entry's totals, and how many there are. point: None where totals are not written."""
    if sheet is None:
        return None
    if sheet.has_conflict and sheet.state != "recused":
        return ("rivals", "")
    state = STATES[sheet.state]
    own = totals.get(sheet.id)
    if own is None:
        return (state, "")
    whole, count = entry
    if state == "sent" and count > 1 and far is not None:
        away = own - (whole - own) / (count - 1)
        if abs(away) >= far:
            return ("far", ("+" if away > 0 else "−") + plain(abs(away), 0))
    return (state, "" if point is None else plain(own).replace(".", point))


# ---- One entry: the pair ----


def part_by_code(round_: Round, code: str) -> Any:
    """An entry of the round by its code: id, code, title; nothing of who wrote it."""
    return db.session.execute(
        select(
            RoundEntry.id,
            RoundEntry.code,
            RoundEntry.withdrawn_at,
            blind_title,
            JudgeCopy.html,
            JudgeCopy.pages,
            JudgeCopy.state.label("copy_state"),
        )
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(JudgeCopy, JudgeCopy.entry_id == Entry.id)
        .where(RoundEntry.round_id == round_.id, RoundEntry.code == code)
    ).one_or_none()


def sheets_for(part_id: int) -> Sequence[Any]:
    """The sheets of one entry with their judges, in order of the panel."""
    return db.session.execute(
        select(
            Assignment.id,
            Assignment.public_id,
            Assignment.state,
            Assignment.marks,
            Assignment.comment,
            Assignment.reason,
            Assignment.has_conflict,
            Assignment.version_uuid,
            Assignment.version_number,
            Assignment.sent_at,
            PanelMember.id.label("member_id"),
            PanelMember.key,
            PanelMember.is_head,
            PanelMember.left_at,
            PanelMember.account_id,
            Account.full_name,
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Account, Account.id == PanelMember.account_id)
        .where(Assignment.round_entry_id == part_id)
        .order_by(PanelMember.id)
    ).all()


def versions_for(part_id: int) -> Sequence[SheetVersion]:
    """Every version of every sheet of one entry, newest first."""
    return db.session.scalars(
        select(SheetVersion)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .where(Assignment.round_entry_id == part_id)
        .order_by(SheetVersion.seq.desc())
    ).all()


def looks_for(part_id: int) -> Sequence[SecondLook]:
    """Every second look asked about one entry, oldest first."""
    return db.session.scalars(
        select(SecondLook)
        .join(Assignment, Assignment.id == SecondLook.assignment_id)
        .where(Assignment.round_entry_id == part_id)
        .order_by(SecondLook.id)
    ).all()


def assignment_of(part_id: int, member_id: int) -> Assignment | None:
    """One judge's sheet of one entry, for changing it."""
    return db.session.scalars(
        select(Assignment).where(Assignment.round_entry_id == part_id, Assignment.panel_member_id == member_id)
    ).one_or_none()
