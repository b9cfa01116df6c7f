"""Judges' totals of a round as a table of whole numbers, which is what agreement is measured on.

A judge's total of an entry is the weighted sum of a complete sheet (`points.judge_totals`). A sheet with a criterion
missing has none: the judge has not marked that entry here. Withdrawn entries are left out, as in the result.
The panel of a round is whoever has a total of at least one entry in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from contest.rules.agreement_figures import Lacking
from contest.rules.bundle_types import Bundle, Round
from contest.rules.exact import UNROUNDED, round_half_up
from contest.rules.points import judge_totals
from contest.rules.severity_rule import Sheets, corrected_sheets, correction

Totals = dict[str, dict[str, Fraction]]
"""By entry, by judge."""


@dataclass(frozen=True)
class Table:
    """marks: by entry, by judge, in 1/scale points. Entries and judges are sorted by key.

    silent: judges who are named in the round and have no total, with the reason.
    largest: the largest total there can be, None where a criterion has no maximum.
    """

    judges: tuple[str, ...]
    marks: Mapping[str, Mapping[str, int]]
    scale: int
    largest: Fraction | None
    silent: Mapping[str, Lacking]

    def complete(self) -> list[list[int]]:
        """The entries every judge of the panel marked; judges in order of their keys."""
        return [[row[judge] for judge in self.judges] for row in self.marks.values() if len(row) == len(self.judges)]

    def rows(self) -> list[list[int]]:
        """The marks of each entry, as many as there are."""
        return [list(row.values()) for row in self.marks.values()]

    def column(self, judge: str) -> dict[str, int]:
        """A judge's marks by entry."""
        return {entry: row[judge] for entry, row in self.marks.items() if judge in row}

    def points(self, value: int | Fraction) -> Fraction:
        """A number of this table in points."""
        return Fraction(value) / self.scale


def tables(bundle: Bundle) -> dict[str, Table]:
    """A table for each round of the rules, in their order."""
    named: dict[str, set[str]] = {item.key: set() for item in bundle.rules.rounds}
    marking: dict[str, set[str]] = {item.key: set() for item in bundle.rules.rounds}
    live = {entry.key for entry in bundle.entries if not entry.withdrawn}
    for round_, entry, judge, _, value in bundle.marks:
        if entry in live:
            named[round_].add(judge)
            if value is not None:
                marking[round_].add(judge)
    found = {}
    totals = round_totals(bundle)
    for item in bundle.rules.rounds:
        of_round = totals[item.key]
        scale = lcm(*{total.denominator for row in of_round.values() for total in row.values()})
        judges = {judge for row in of_round.values() for judge in row}
        tops = [each.maximum * each.weight for each in item.criteria if each.maximum is not None]
        found[item.key] = Table(
            judges=tuple(sorted(judges)),
            marks={
                entry: {judge: int(row[judge] * scale) for judge in sorted(row)}
                for entry, row in sorted(of_round.items())
            },
            scale=scale,
            largest=sum(tops, Fraction(0)) if len(tops) == len(item.criteria) else None,
            silent={
                judge: Lacking.NO_COMPLETE_SHEET if judge in marking[item.key] else Lacking.NO_MARKS
                for judge in sorted(named[item.key] - judges)
            },
        )
    return found


def round_totals(bundle: Bundle) -> dict[str, Totals]:
    """The judges' totals by round, as they were given; entries without any are left out."""
    return {item.key: _totals(item, sheets) for item, sheets in _round_sheets(bundle)}


def counted_totals(bundle: Bundle) -> dict[str, Totals]:
    """The same as they count: corrected where the rules correct severity, then to UNROUNDED decimals."""
    found = {}
    for item, sheets in _round_sheets(bundle):
        if item.severity is None:
            found[item.key] = _totals(item, sheets)
            continue
        totals = _totals(item, corrected_sheets(sheets, correction(item, sheets)))
        found[item.key] = {
            entry: {judge: round_half_up(total, UNROUNDED) for judge, total in row.items()}
            for entry, row in totals.items()
        }
    return found


def _totals(round_: Round, sheets: Sheets) -> Totals:
    own = {entry: judge_totals(round_, rows) for entry, rows in sheets.items()}
    return {entry: totals for entry, totals in own.items() if totals}


def _round_sheets(bundle: Bundle) -> list[tuple[Round, Sheets]]:
    live = {entry.key for entry in bundle.entries if not entry.withdrawn}
    sheets: dict[str, dict[str, dict[str, dict[str, Fraction]]]] = {item.key: {} for item in bundle.rules.rounds}
    for round_, entry, judge, criterion, value in bundle.marks:
        if entry in live and value is not None:
            sheets[round_].setdefault(entry, {}).setdefault(judge, {})[criterion] = value
    return [(item, sheets[item.key]) for item in bundle.rules.rounds]
