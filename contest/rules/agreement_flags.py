"""What a head judge should look at before a result is final. A flag is a question, never a verdict: it changes nothing.

The scale of a round is its largest possible total; where a criterion has no maximum, the distance of the largest total
given from the smallest. Codes, with their thresholds and why they are so:

- `severe`, `lenient` (judge, severity, others): a judge of three or more, on at least SHARED entries, whose severity is
  from the median of the others' a twentieth of the scale or more (5 of 100 points: less moves few places), and four
  times or more the others' median distance from their own median (about 2.7 standard deviations: somebody is always
  the most severe, and is flagged only where the rest stand closer together).
- `judges_differ` (judges, difference): the same twentieth in a panel of two, where nothing tells which of them it is.
- `against_panel` (judge, correlation, entries): own marks against the mean of the others correlate at -0.3 or less on
  at least 6 entries. A judge who sees what the others see (0.7) comes there by chance in about one case of fifty.
- `apart_from_panel`: the same under 0.2 on at least 20 entries, by chance in about one case of three hundred.
- `no_spread` (judge, entries): equal totals on three entries or more, where the others' differ.
- `narrow` (judge, spread, others): the spread is under a quarter of the median of the others', both on at least 10
  entries: such a judge decides nothing, though the marks look like marks.
- `same_marks` (judges, entries): two judges with equal totals on all of at least 8 shared entries, not all alike.
  Marks are given in secret; eight equal ones were agreed on, or copied.
- `far_mark` (entry, judge, difference): a total a fifth of the scale or more from the median of at least two others, of
  which half or more is left when the severities of those with at least SHARED entries are taken off: one severe judge
  is one question, not one for every entry.
- `marks_apart` (entry, judges, difference): two totals, and no others, as far apart. A fifth is where a Vietnamese rule
  for written tests asks a third marker. Neither of these two is given where a criterion has no maximum.
- `low_agreement` (value): ICC(3,k) of at least 10 complete entries is under 0.7, the reliability that is asked for
  where little hangs on the order. It is form 3 because all entries had the same judges: their severity moves no place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.rules.agreement_figures import Figure, Lacking, correlation, root, variance
from contest.rules.agreement_pairs import Pair, beside_the_rest
from contest.rules.agreement_tables import Table
from contest.rules.exact import write
from contest.rules.points import median

SHARED = 5
SEVERE = Fraction(1, 20)
SEVERE_TIMES = 4
AGAINST, AGAINST_ENTRIES = Fraction(-3, 10), 6
APART, APART_ENTRIES = Fraction(2, 10), 20
EQUAL_ENTRIES = 3
NARROW, NARROW_ENTRIES = Fraction(1, 4), 10
SAME_ENTRIES = 8
FAR = Fraction(1, 5)
UNUSUAL = Fraction(1, 2)
LOW, LOW_ENTRIES = Fraction(7, 10), 10
PLACES = 3

Flag = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What has been measured of a round: severities in points, pairs, ICC(3,k) and its number of entries."""

    table: Table
    severity: Mapping[str, Figure]
    pairs: tuple[Pair, ...]
    reliability: Figure
    complete: int


def flags(known: Known) -> list[Flag]:
    """All flags of a round, those about the panel first, then by judges, then by entry."""
    table = known.table
    low = isinstance(known.reliability, Fraction) and known.complete >= LOW_ENTRIES and known.reliability < LOW
    found: list[Flag] = [{"code": "low_agreement", "value": _shown(known.reliability)}] if low else []
    rest = beside_the_rest(table.marks)
    columns = {judge: list(table.column(judge).values()) for judge in table.judges}
    spreads = {judge: variance(marks) for judge, marks in columns.items() if len(marks) >= NARROW_ENTRIES}
    for judge in table.judges:
        found += _severe(known, judge, len(rest.get(judge, ())))
        found += _spread(table, judge, rest.get(judge, []), spreads)
        found += _against(judge, rest.get(judge, []))
    for pair in known.pairs:
        found += _pair(table, pair)
    usual = {
        judge: value * table.scale
        for judge, value in known.severity.items()
        if isinstance(value, Fraction) and len(rest.get(judge, ())) >= SHARED
    }
    for entry, row in table.marks.items():
        found += _entry(table, entry, row, usual)
    return found


def _scale(table: Table) -> Fraction:
    if table.largest is not None:
        return table.largest
    every = [mark for row in table.marks.values() for mark in row.values()]
    return table.points(max(every) - min(every)) if every else Fraction(0)


def _severe(known: Known, judge: str, shared: int) -> list[Flag]:
    own = known.severity[judge]
    others = [value for key, value in known.severity.items() if key != judge and isinstance(value, Fraction)]
    if not isinstance(own, Fraction) or len(others) < 2 or shared < SHARED:
        return []
    middle = median(others)
    distance = abs(own - middle)
    usual = median([abs(value - middle) for value in others])
    if not distance or distance < SEVERE * _scale(known.table) or distance < SEVERE_TIMES * usual:
        return []
    code = "severe" if own < middle else "lenient"
    return [{"code": code, "judge": judge, "severity": _shown(own), "others": _shown(middle)}]


def _spread(table: Table, judge: str, beside: list[tuple[int, int]], spreads: Mapping[str, Fraction]) -> list[Flag]:
    if len(beside) >= EQUAL_ENTRIES and len({own for own, _ in beside}) == 1 and len({rest for _, rest in beside}) > 1:
        return [{"code": "no_spread", "judge": judge, "entries": len(beside)}]
    others = [value for key, value in spreads.items() if key != judge]
    if judge not in spreads or len(others) < 2:
        return []
    # The median of roots is the root of the median only for an odd number; close enough to ask a question.
    usual = median(others)
    if spreads[judge] >= NARROW * NARROW * usual:
        return []
    shown = [write(root(value / table.scale**2), PLACES) for value in (spreads[judge], usual)]
    return [{"code": "narrow", "judge": judge, "spread": shown[0], "others": shown[1]}]


def _against(judge: str, beside: list[tuple[int, int]]) -> list[Flag]:
    found = correlation(beside)
    if isinstance(found, Lacking):
        return []
    value = root(found[0], negative=found[1])
    facts = {"judge": judge, "correlation": write(value, PLACES), "entries": len(beside)}
    if len(beside) >= AGAINST_ENTRIES and value <= AGAINST:
        return [{"code": "against_panel", **facts}]
    if len(beside) >= APART_ENTRIES and value < APART:
        return [{"code": "apart_from_panel", **facts}]
    return []


def _pair(table: Table, pair: Pair) -> list[Flag]:
    found: list[Flag] = []
    # Equal marks that do not differ have no correlation, equal ones that do have one.
    if pair.equal == pair.shared >= SAME_ENTRIES and not isinstance(pair.correlation, Lacking):
        found.append({"code": "same_marks", "judges": list(pair.judges), "entries": pair.shared})
    difference = abs(table.points(pair.difference))
    if len(table.judges) == 2 and pair.shared >= SHARED and 0 < difference >= SEVERE * _scale(table):
        found.append({"code": "judges_differ", "judges": list(pair.judges), "difference": _shown(difference)})
    return found


def _entry(table: Table, entry: str, row: Mapping[str, int], usual: Mapping[str, Fraction]) -> list[Flag]:
    """usual: the known severities, in the table's units."""
    if table.largest is None or not table.largest or len(row) < 2:
        return []
    far = FAR * table.largest * table.scale
    if max(row.values()) - min(row.values()) < far:
        return []
    if len(row) == 2:
        low, high = sorted(row, key=lambda judge: (row[judge], judge))
        difference = _shown(table.points(row[high] - row[low]))
        return [{"code": "marks_apart", "entry": entry, "judges": [low, high], "difference": difference}]
    found: list[Flag] = []
    for judge, mark in row.items():
        distance = mark - _middle([other for key, other in row.items() if key != judge])
        if abs(distance) < far:
            continue
        own = mark - usual.get(judge, 0)
        unusual = own - _middle([other - usual.get(key, 0) for key, other in row.items() if key != judge])
        if abs(unusual) >= UNUSUAL * far:
            difference = _shown(table.points(distance))
            found.append({"code": "far_mark", "entry": entry, "judge": judge, "difference": difference})
    return found


def _middle(marks: Sequence[int | Fraction]) -> Fraction:
    """The median of whole or exact marks."""
    ranked = sorted(marks)
    return Fraction(ranked[len(ranked) // 2] + ranked[(len(ranked) - 1) // 2]) / 2


def _shown(value: Figure) -> str | None:
    return write(value, PLACES) if isinstance(value, Fraction) else None
