"""How far the judges of one entry are apart, and what hangs on one of them. Figures to look at: nothing is decided.

Over sheets with a mark on every criterion; others are left out. Judges stand in the order given, and of equals the
first is named, so that the same sheets always name the same judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.rules.bundle_types import Panel
from contest.rules.points import mean, panel_average
from contest.rules.rule_sets import Criterion

FAR_CRITERION = Fraction(2, 5)
"""A judge so much of a criterion's scale away from the others is worth a look, even where the totals agree."""


@dataclass(frozen=True)
class CriterionAway:
    """The criterion on which one judge stands farthest from the mean of the others.

    away: signed points of that criterion, not weighted; share: of its greatest mark, None where it has no limit.
    """

    criterion: str
    judge: str
    away: Fraction
    share: Fraction | None


@dataclass(frozen=True)
class Spread:
    """One entry's judges.

    gap: highest less lowest total. judge: who is farthest from the mean of the others' totals, and away: by how many
    points. moved_by, moves: whose absence moves the panel's points most, and by how much (signed, before rounding);
    None where the rules have more than this entry's average: a third marker, or a correction by all entries.
    """

    totals: Mapping[str, Fraction]
    gap: Fraction
    judge: str
    away: Fraction
    moved_by: str | None
    moves: Fraction | None
    criterion: CriterionAway


def panel_of(rules: Mapping[str, Any]) -> Panel:
    """How a round of a rule set's body averages."""
    panel = rules["panel"]
    tolerance = panel.get("tolerance")
    return Panel(
        panel["average"], panel["drop_high"], panel["drop_low"], panel["drop_needs"], panel["of"],
        None if tolerance is None else Fraction(tolerance),
    )  # fmt: skip


def spread(
    sheets: Mapping[str, Mapping[str, str | None]], scale: Sequence[Criterion], rules: Mapping[str, Any]
) -> Spread | None:
    """Of one entry's sheets by judge, marks as plain decimals. None with fewer than two whole sheets.

    rules: the round's part of a rule set's body.
    """
    whole = {
        judge: [Fraction(str(marks[item.key])) for item in scale]
        for judge, marks in sheets.items()
        if all(marks.get(item.key) is not None for item in scale)
    }
    if len(whole) < 2:
        return None
    weights = [Fraction(item.weight) for item in scale]
    totals = {judge: sum(map(_times, marks, weights), Fraction(0)) for judge, marks in whole.items()}
    judge, away = _farthest(totals)
    beyond_panel = rules.get("third_marker") or rules.get("severity")
    moved_by, moves = (None, None) if beyond_panel else _without(whole, weights, totals, panel_of(rules))
    return Spread(
        totals, max(totals.values()) - min(totals.values()), judge, away, moved_by, moves, _by_criterion(whole, scale)
    )


def _times(mark: Fraction, weight: Fraction) -> Fraction:
    return mark if weight == 1 else mark * weight


def _farthest(values: Mapping[str, Fraction]) -> tuple[str, Fraction]:
    """Who is farthest from the mean of the others, and by how much."""
    count, middle = len(values), mean(list(values.values()))
    judge = max(values, key=lambda key: abs(values[key] - middle))
    return judge, (values[judge] - middle) * Fraction(count, count - 1)


def _by_criterion(whole: Mapping[str, Sequence[Fraction]], scale: Sequence[Criterion]) -> CriterionAway:
    found = []
    for place, item in enumerate(scale):
        judge, away = _farthest({key: marks[place] for key, marks in whole.items()})
        share = None if item.max is None else abs(away) / Fraction(item.max)
        found.append(CriterionAway(item.key, judge, away, share))
    # A criterion without a limit has no share to compare by, and comes last.
    return max(found, key=lambda one: (one.share is not None, one.share or abs(one.away)))


def _without(
    whole: Mapping[str, Sequence[Fraction]], weights: Sequence[Fraction], totals: Mapping[str, Fraction], panel: Panel
) -> tuple[str, Fraction]:
    """Whose absence moves the panel's points most, and by how much."""
    if panel.average == "mean" and not panel.drop_high and not panel.drop_low:
        # With a plain mean it is who is farthest out; half of what boards ask, so not counted judge by judge.
        judge, away = _farthest(totals)
        return judge, -away / len(totals)
    now = _points(whole, weights, totals, panel)
    moves = {
        judge: _points({key: whole[key] for key in whole if key != judge}, weights, totals, panel) - now
        for judge in whole
    }
    judge = max(moves, key=lambda key: abs(moves[key]))
    return judge, moves[judge]


def _points(
    whole: Mapping[str, Sequence[Fraction]], weights: Sequence[Fraction], totals: Mapping[str, Fraction], panel: Panel
) -> Fraction:
    if panel.of == "total":
        return panel_average(panel, [(totals[judge], judge) for judge in whole])[0]
    return sum(
        (
            weight * panel_average(panel, [(marks[place], judge) for judge, marks in whole.items()])[0]
            for place, weight in enumerate(weights)
        ),
        Fraction(0),
    )
