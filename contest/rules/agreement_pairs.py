"""Judges two by two, and each judge beside the rest of the panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from contest.rules.agreement_figures import Lacking, correlation

Columns = Mapping[str, Mapping[str, int]]
"""By judge, by entry."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two judges over the entries both marked: `difference` is first minus second, `equal` how many marks are equal.

    correlation: its square and whether it is negative.
    """

    judges: tuple[str, str]
    shared: int
    correlation: tuple[Fraction, bool] | Lacking
    difference: Fraction
    equal: int


def pairs(columns: Columns) -> list[Pair]:
    """Every two judges who share an entry, by their keys."""
    found = []
    for first, second in combinations(sorted(columns), 2):
        left, right = columns[first], columns[second]
        both = [(mark, right[entry]) for entry, mark in left.items() if entry in right]
        if both:
            apart = sum(x - y for x, y in both)
            equal = sum(x == y for x, y in both)
            found.append(Pair((first, second), len(both), correlation(both), Fraction(apart, len(both)), equal))
    return found


def beside_the_rest(marks: Mapping[str, Mapping[str, int]]) -> dict[str, list[tuple[int, int]]]:
    """For each judge and shared entry the own mark and the mean of the others' marks.

    marks: by entry, by judge. The means are times a common factor, which no correlation depends on.
    """
    shared = [row for row in marks.values() if len(row) > 1]
    common = lcm(*{len(row) - 1 for row in shared})
    found: dict[str, list[tuple[int, int]]] = {}
    for row in shared:
        total, part = sum(row.values()), common // (len(row) - 1)
        for judge, mark in row.items():
            found.setdefault(judge, []).append((mark, (total - mark) * part))
    return found
