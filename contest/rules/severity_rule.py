"""The correction for judges' severity as a rule of a round: `severity: "additive"` in the bundle; off where absent.

For each criterion an effect of each judge is fitted (`severity.effects_of`) over the complete sheets of the round, all
pools together, withdrawn entries left out. It is taken off every mark of that judge before the panel rule is applied.
So a corrected mark is what the panel's mean judge would have given; it may lie above the criterion's maximum or below
0, and is on no step. The judge's effect on a total is the weighted sum of those on the criteria.

A constant added to one judge's marks lifts every entry by the same, that constant divided by the number of judges: no
place can change by it, unless through rounding or a least total.

Where the marks do not bear it (`severity` says when, and why), nothing at all is corrected in that round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from contest.rules.bundle_types import Round
from contest.rules.exact import write
from contest.rules.points import Sheet, weighted_sum
from contest.rules.severity import NotCorrectable, effects_of

Sheets = Mapping[str, Mapping[str, Sheet]]
"""By entry, by judge."""


@dataclass(frozen=True)
class Correction:
    """What to take off, by judge and criterion, and from a total; or, with `reason`, why nothing is (and of whom)."""

    effects: Mapping[str, Mapping[str, Fraction]]
    totals: Mapping[str, Fraction]
    reason: str = ""
    judges: tuple[str, ...] = ()


def correction(round_: Round, sheets: Sheets) -> Correction:
    """The correction these sheets of a round give."""
    keys = [criterion.key for criterion in round_.criteria]
    marking = {judge for row in sheets.values() for judge, sheet in row.items() if sheet}
    scale = lcm(*{mark.denominator for row in sheets.values() for sheet in row.values() for mark in sheet.values()})
    whole: dict[str, dict[str, tuple[int, ...]]] = {}
    for entry, row in sheets.items():
        full = {judge: sheet for judge, sheet in row.items() if len(sheet) == len(keys)}
        if full:
            whole[entry] = {
                judge: tuple(sheet[key].numerator * (scale // sheet[key].denominator) for key in keys)
                for judge, sheet in full.items()
            }
    try:
        found = effects_of(whole, others=marking)
    except NotCorrectable as refused:
        return Correction({}, {}, refused.code, refused.judges)
    weights = [criterion.weight for criterion in round_.criteria]
    effects = {judge: [effect / scale for effect in own] for judge, own in found.items()}
    return Correction(
        {judge: dict(zip(keys, own, strict=True)) for judge, own in effects.items()},
        {judge: weighted_sum(own, weights) for judge, own in effects.items()},
    )


def corrected_sheets(sheets: Sheets, found: Correction) -> dict[str, dict[str, dict[str, Fraction]]]:
    """The sheets with the effects taken off."""
    return {
        entry: {
            judge: {key: mark - found.effects[judge][key] if found.effects else mark for key, mark in sheet.items()}
            for judge, sheet in row.items()
        }
        for entry, row in sheets.items()
    }


def described(found: Correction) -> dict[str, Any]:
    """The correction as a result document tells it."""
    if found.reason:
        return {"corrected": False, "reason": found.reason, "judges": list(found.judges)}
    effects = {
        judge: {
            "total": write(found.totals[judge], None),
            "criteria": {key: write(effect, None) for key, effect in own.items()},
        }
        for judge, own in found.effects.items()
    }
    return {"corrected": True, "effects": effects}
