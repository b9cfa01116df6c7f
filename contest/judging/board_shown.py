"""The board and one entry's page in values ready to print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.judging.board_queries import (
    STATES,
    Board,
    BoardRow,
    Cell,
    far_gap,
    looks_for,
    sheets_for,
    versions_for,
    yet_to_mark,
)
from contest.judging.ledger import SENDING
from contest.judging.marks import total, total_text
from contest.judging.models import SecondLook, SheetVersion
from contest.judging.panel_queries import barred_pairs, members_of
from contest.judging.tablet_actions import was_brought
from contest.rules.numbers import plain
from contest.rules.rule_sets import Criterion, criteria_of, round_of

LOWEST, HIGHEST, ACROSS = 10, 25, 3  # rows of a block; blocks that stand side by side on a small desk screen


def blocks(board: Board) -> list[Sequence[BoardRow]]:
    """Rows in blocks that stand side by side: few rows are spread across the screen before they fill it down."""
    height = min(HIGHEST, max(LOWEST, -(-len(board.rows) // ACROSS)))
    return [board.rows[start : start + height] for start in range(0, len(board.rows), height)]


def drawn_once(cells: Sequence[Cell | None], draw: Callable[[Cell | None], Markup], known: dict[Any, Markup]) -> Markup:
    """The cells of a row as `draw` draws them, each kind of them drawn only once. known: those drawn so far."""
    for cell in set(cells) - known.keys():
        known[cell] = draw(cell)
    return Markup("".join([known[cell] for cell in cells]))  # noqa: S704  # a template drew them, and escaped


@dataclass(frozen=True)
class VersionLine:
    """One version in a sheet's history."""

    uuid: str
    number: int
    kind: str
    at: datetime
    holds: bool
    total: str | None
    reason: str
    is_brought: bool  # came by hand, from a tablet without a line
    by_other: bool  # picked by the head judge, or keyed in by a secretary
    in_force: bool


@dataclass(frozen=True)
class SheetColumn:
    """One judge's sheet of the entry. marks: in the order of the criteria, None where there is none."""

    key: str
    name: str
    is_head: bool
    has_left: bool
    state: str
    has_conflict: bool
    reason: str
    marks: Sequence[str | None]
    total: str | None
    comment: str
    sent_at: datetime | None
    history: Sequence[VersionLine]
    rivals: Sequence[VersionLine]
    looks: Sequence[SecondLook]


@dataclass(frozen=True)
class PairView:
    """One entry. hidden: the viewer has yet to mark it, so the others' marks are not shown."""

    criteria: Sequence[tuple[str, str | None]]
    columns: Sequence[SheetColumn]
    gap: str | None
    is_far: bool
    needs_third: bool
    hidden: bool
    free: Sequence[tuple[str, str]]  # judges the entry may still be given to


def pair_view(contest: Contest, round_: Round, part: Any, *, viewer: Account, with_marks: bool) -> PairView:
    body = rules_in_force(contest).body
    rules, scale = round_of(body, round_.key), criteria_of(body, round_.key)
    sheets, far = sheets_for(part.id), far_gap(rules)
    by = {sheet.key: sheet for sheet in sheets}
    own = next((sheet.key for sheet in sheets if sheet.account_id == viewer.id), None)
    hidden = with_marks and yet_to_mark(by, own)
    shows = with_marks and not hidden
    histories: dict[int, list[SheetVersion]] = defaultdict(list)
    looks: dict[int, list[SecondLook]] = defaultdict(list)
    if shows:
        for version in versions_for(part.id):
            histories[version.assignment_id].append(version)
        for look in looks_for(part.id):
            looks[look.assignment_id].append(look)
    columns = [_column(sheet, histories[sheet.id], looks[sheet.id], scale, shows=shows) for sheet in sheets]
    live = [sheet for sheet in sheets if sheet.state in ("sent", "asked_again")]
    totals = [value for sheet in live if (value := total(sheet.marks, scale)) is not None]
    gap = max(totals) - min(totals) if shows and len(totals) > 1 else None
    is_far = gap is not None and far is not None and gap >= far
    active = sum(1 for sheet in sheets if sheet.state != "recused")
    return PairView(
        criteria=[(item.name, None if item.max is None else plain(item.max)) for item in scale],
        columns=columns,
        gap=None if gap is None else plain(gap),
        is_far=is_far,
        needs_third=is_far and bool(rules.get("third_marker")) and active == len(totals) == 2,
        hidden=hidden,
        free=_free(contest, round_, part.id, set(by)),
    )


def _free(contest: Contest, round_: Round, part_id: int, taken: set[str]) -> list[tuple[str, str]]:
    members = members_of(round_)
    barred = barred_pairs(contest, round_, members)
    return [
        (member.key, member.account.full_name)
        for member in members
        if member.left_at is None and member.key not in taken and (part_id, member.id) not in barred
    ]


def _column(
    sheet: Any,
    versions: Sequence[SheetVersion],
    looks: Sequence[SecondLook],
    scale: Sequence[Criterion],
    *,
    shows: bool,
) -> Any:
    lines = [_line(version, sheet, scale) for version in versions]
    since = next((index for index, line in enumerate(lines) if line.kind == "pick"), len(lines))
    rivals = [line for line in lines if line.in_force] + [line for line in lines[:since] if not line.holds]
    begun = sheet.state not in ("empty", "begun")
    return SheetColumn(
        key=sheet.key,
        name=sheet.full_name,
        is_head=sheet.is_head,
        has_left=sheet.left_at is not None,
        state=STATES[sheet.state],
        has_conflict=sheet.has_conflict,
        reason=sheet.reason,
        marks=[sheet.marks.get(item.key) if shows and begun else None for item in scale],
        total=total_text(sheet.marks, scale) if shows and begun else None,
        comment=sheet.comment if shows and begun else "",
        sent_at=sheet.sent_at,
        history=lines,
        rivals=rivals if sheet.has_conflict else [],
        looks=looks,
    )


def _line(version: SheetVersion, sheet: Any, scale: Sequence[Criterion]) -> VersionLine:
    # What a judge is still working on is the judge's own, until two devices disagree about it.
    # Nor does a slip keyed in once: the second person keys it blind.
    says = version.kind in SENDING | {"pick"} or sheet.has_conflict or (version.kind == "slip" and version.holds)
    return VersionLine(
        version.uuid, version.number, version.kind, version.server_at, version.holds,
        total_text(version.marks, scale) if says else None,
        version.reason, was_brought(version.device), version.actor_id != sheet.account_id,
        version.uuid == sheet.version_uuid,
    )  # fmt: skip
