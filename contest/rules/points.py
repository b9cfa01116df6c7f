"""The points of one entry in one round, from the sheets of its judges (formats.md, section 2).

A sheet holds the marks one judge gave one entry in one round; a criterion without a mark is not in it. Where the format
is silent:

- Marks are dropped only when at least `drop_needs` are present and one would remain. Of equal totals the one of the
  judge whose key sorts first counts as the lower, so that the order of the input decides nothing.
- With `median` the middle mark after dropping, or the mean of the middle two.
- A judge has a total of a round only with a mark on each of its criteria. With `of: total` a judge without one is left
  out of the average. No criterion may be without any mark, and with `of: total` no entry without any
  total: a sum with a hole in it would count the hole as 0, so the entry is open.
- With `of: total` a criterion's average, which only tie-breaks and readers use, is that of the judges whose totals
  counted. `rounding.weighted` then has no place: the weights are inside the judges' totals.
- Third marker. Asked for when exactly two judges have totals, and they differ by `gap` or more. Once three have, and
  some two of them differ by `gap` or more, `stands` says which sheets count, and the panel rule is applied to these:
  `third`: the third judge's alone. The third is who, taken away, leaves two that differ by `gap` or more; where
  that is true of several, the one whose key sorts last (J9 before J10): an order of marks does not travel in a bundle.
  `closest_two`: the two whose totals are closest; when both pairs are as close, the higher pair.
  `median`: the sheet with the middle total, or sheets, when totals are equal.
  With no such gap, or with four judges or more, all sheets count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from contest.rules.bundle_types import Panel, Round, ThirdMarker
from contest.rules.exact import round_half_up

Sheet = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class CriterionAverage:
    """`average` is not rounded; `marks` are all there are, `dropped` how many of them did not count."""

    average: Fraction
    marks: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps an entry open in a round.

    code: "no_marks", "criterion_without_marks" (`criterion`), "no_complete_sheet", "third_mark_needed" (`totals`, by
    judge).
    """

    code: str
    criterion: str = ""
    totals: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class RoundPoints:
    """Points of an entry in a round as rounded by its rules, adjustments included."""

    points: Fraction
    adjustments: Fraction
    criteria: Mapping[str, CriterionAverage]


def judge_totals(round_: Round, sheets: Mapping[str, Sheet]) -> dict[str, Fraction]:
    """The weighted sum of each complete sheet, by judge."""
    keys = [criterion.key for criterion in round_.criteria]
    weights = [criterion.weight for criterion in round_.criteria]
    return {
        judge: weighted_sum([sheet[key] for key in keys], weights)
        for judge, sheet in sheets.items()
        if len(sheet) == len(keys)
    }


def round_points(round_: Round, sheets: Mapping[str, Sheet], adjustments: Fraction) -> RoundPoints | list[Gap]:
    """What the panel's sheets make of an entry, or all that keeps it open."""
    if not any(sheets.values()):
        return [Gap("no_marks")]
    needs_totals = round_.panel.of == "total" or round_.third_marker is not None
    totals = judge_totals(round_, sheets) if needs_totals else {}
    gaps = _gaps(round_, sheets, totals)
    if gaps:
        return gaps
    standing = sheets
    if round_.third_marker is not None and len(totals) == 3:
        standing = {judge: sheets[judge] for judge in standing_judges(round_.third_marker, totals) or sheets}
    if round_.panel.of == "total":
        points, criteria = _of_total(round_, sheets, {judge: totals[judge] for judge in standing if judge in totals})
    else:
        points, criteria = _of_criteria(round_, sheets, standing)
    return RoundPoints(round_half_up(points + adjustments, round_.rounding.round), adjustments, criteria)


def _gaps(round_: Round, sheets: Mapping[str, Sheet], totals: Mapping[str, Fraction]) -> list[Gap]:
    marked = {key for sheet in sheets.values() for key in sheet}
    gaps = [Gap("criterion_without_marks", each.key) for each in round_.criteria if each.key not in marked]
    if round_.panel.of == "total" and not totals and not gaps:
        gaps.append(Gap("no_complete_sheet"))
    if round_.third_marker is not None and len(totals) == 2:
        first, second = totals.values()
        if abs(first - second) >= round_.third_marker.gap:
            gaps.append(Gap("third_mark_needed", totals=totals))
    return gaps


def standing_judges(rule: ThirdMarker, totals: Mapping[str, Fraction]) -> list[str] | None:
    """Of three judges those whose sheets count; None when no two of them differ by the gap."""
    apart = [pair for pair in combinations(totals, 2) if abs(totals[pair[0]] - totals[pair[1]]) >= rule.gap]
    if not apart:
        return None
    if rule.stands == "third":
        thirds = [judge for judge in totals if any(judge not in pair for pair in apart)]
        return [max(thirds, key=_natural)]
    low, middle, high = sorted(totals, key=lambda judge: (totals[judge], judge))
    if rule.stands == "closest_two":
        return [low, middle] if totals[middle] - totals[low] < totals[high] - totals[middle] else [middle, high]
    return [judge for judge in totals if totals[judge] == totals[middle]]


def _natural(key: str) -> tuple[tuple[str | int, ...], str]:
    parts = re.split(r"([0-9]+)", key)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), key


def _of_criteria(
    round_: Round, sheets: Mapping[str, Sheet], standing: Mapping[str, Sheet]
) -> tuple[Fraction, dict[str, CriterionAverage]]:
    criteria, terms = {}, []
    rounding = round_.rounding
    for criterion in round_.criteria:
        key = criterion.key
        present = sum(1 for sheet in sheets.values() if key in sheet)
        marks = [(sheet[key], judge) for judge, sheet in standing.items() if key in sheet]
        average, counted = panel_average(round_.panel, marks)
        criteria[key] = CriterionAverage(average, present, present - len(counted))
        term = round_half_up(average, rounding.panel)
        terms.append(term if rounding.weighted is None else round_half_up(term * criterion.weight, rounding.weighted))
    ones = [Fraction(1)] * len(terms)
    weights = ones if rounding.weighted is not None else [criterion.weight for criterion in round_.criteria]
    return weighted_sum(terms, weights), criteria


def _of_total(
    round_: Round, sheets: Mapping[str, Sheet], totals: Mapping[str, Fraction]
) -> tuple[Fraction, dict[str, CriterionAverage]]:
    average, counted = panel_average(round_.panel, [(total, judge) for judge, total in totals.items()])
    middle = median if round_.panel.average == "median" else mean
    criteria = {}
    for criterion in round_.criteria:
        present = sum(1 for sheet in sheets.values() if criterion.key in sheet)
        marks = [sheets[judge][criterion.key] for judge in counted]
        criteria[criterion.key] = CriterionAverage(middle(marks), present, present - len(marks))
    return round_half_up(average, round_.rounding.panel), criteria


def panel_average(panel: Panel, marks: Sequence[tuple[Fraction, str]]) -> tuple[Fraction, list[str]]:
    """Average (mark, judge) pairs, at least one, in any order; with it the judges whose marks counted. Not rounded."""
    high, low = panel.drop_high, panel.drop_low
    if not (high or low) or len(marks) < panel.drop_needs or len(marks) <= high + low:
        kept = list(marks)
    else:
        kept = sorted(marks)[low : len(marks) - high]
    values = [value for value, _ in kept]
    if panel.average == "median":
        return median(values), [judge for _, judge in kept]
    average = mean(values)
    if panel.average == "tolerance" and panel.tolerance is not None:
        near = [(value, judge) for value, judge in kept if abs(value - average) <= panel.tolerance]
        if len(near) >= 2:
            return mean([value for value, _ in near]), [judge for _, judge in near]
    return average, [judge for _, judge in kept]


def mean(values: Sequence[Fraction]) -> Fraction:
    """The mean of at least one value."""
    # One common denominator instead of one per addition: most of the time of a large contest is spent here.
    ratios = [value.as_integer_ratio() for value in values]
    below = lcm(*[denominator for _, denominator in ratios])
    return Fraction(sum([numerator * (below // denominator) for numerator, denominator in ratios]), below * len(values))


def weighted_sum(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The sum of each value times its weight."""
    left = [value.as_integer_ratio() for value in values]
    right = [weight.as_integer_ratio() for weight in weights]
    ratios = [(above * times, below * over) for (above, below), (times, over) in zip(left, right, strict=True)]
    common = lcm(*[below for _, below in ratios])
    return Fraction(sum([above * (common // below) for above, below in ratios]), common)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle of at least one value, or the mean of the middle two."""
    ranked = sorted(values)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
