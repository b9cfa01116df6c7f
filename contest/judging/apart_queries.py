"""How far the judges of each entry are apart, for whoever may see differences: from the round's standing, no query."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.judging.board_queries import far_gap, yet_to_mark
from contest.judging.ledger import SENT_STATES
from contest.judging.queries import SheetRow, Standing
from contest.rules.spread import FAR_CRITERION, Spread, spread


@dataclass(frozen=True)
class Apart:
    """One entry: its figures, and why it should be looked at (far | third | again | criterion); order of the panel."""

    code: str
    spread: Spread
    sheets: Sequence[SheetRow]
    why: Sequence[str]


@dataclass(frozen=True)
class ApartRound:
    """The entries with two whole sheets or more. hidden: how many the viewer has yet to mark, which are left out."""

    entries: Sequence[Apart]
    hidden: int
    far: Decimal | None


def apart_round(known: Standing, *, own: str | None) -> ApartRound:
    """own: the viewer's key on the panel; what that judge has yet to mark is not told."""
    by_code: dict[str, dict[str, SheetRow]] = defaultdict(dict)
    for row in known.rows:
        if row.state != "recused":
            by_code[row.code][row.judge] = row
    far, entries, hidden = far_gap(known.rules), [], 0
    for code, by in by_code.items():
        if yet_to_mark(by, own):
            hidden += 1
        elif (figures := _figures(known, list(by.values()))) is not None:
            entries.append(Apart(code, figures, list(by.values()), _why(known, code, by, figures, far)))
    return ApartRound(entries, hidden, far)


def _why(
    known: Standing, code: str, by: Mapping[str, SheetRow], figures: Spread, far: Decimal | None
) -> list[str]:  # fmt: skip
    found = []
    # As the board has it: where a third has marked, the rules have said what becomes of the two.
    settled = bool(known.rules.get("third_marker")) and len(by) > 2
    if known.apart[code].needs_third:
        found.append("third")
    elif far is not None and abs(figures.away) >= far and not settled:
        found.append("far")
    if any(row.state == "asked_again" for row in by.values()):
        found.append("again")
    if figures.criterion.share is not None and figures.criterion.share >= FAR_CRITERION:
        found.append("criterion")
    return found


def _figures(known: Standing, rows: Sequence[SheetRow]) -> Spread | None:
    sent = [row for row in rows if row.state in SENT_STATES]
    if len(sent) < 2:
        return None
    kept = _kept_of(known)
    key = tuple((row.judge, row.marks) for row in sent)
    if key not in kept:
        if len(kept) >= KNOWN_ENTRIES:
            kept.clear()
        kept[key] = spread({row.judge: json.loads(row.marks) for row in sent}, known.criteria, known.rules)
    return kept[key]


Kept = dict[tuple[tuple[str, str], ...], Spread | None]


def _kept_of(known: Standing) -> Kept:
    """Of these criteria and this way of averaging. What sheets say together never changes while they say the same."""
    if len(_known) >= KNOWN_RULES:
        _known.clear()
    said = json.dumps([known.rules.get(name) for name in ("panel", "third_marker", "severity")], sort_keys=True)
    return _known.setdefault((tuple(known.criteria), said), {})


KNOWN_ENTRIES = 2_000
KNOWN_RULES = 10
_known: dict[Any, Kept] = {}
