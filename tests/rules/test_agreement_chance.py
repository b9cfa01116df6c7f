"""The interval of the ordinal alpha: the slow way, and what it must not depend on."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from contest.rules import agreement_chance
from contest.rules.agreement_chance import TAIL, draw, ordinal_bounds, percentile
from contest.rules.agreement_figures import Lacking, alpha_ordinal

Rows = list[list[int]]


def panel(seed: int, *, entries: int = 24) -> Rows:
    """Entries of one to four marks, with many ties."""
    rng = random.Random(seed)
    return [[worth + rng.randint(0, 3) for _ in range(rng.randint(1, 4))] for worth in range(entries)]


@pytest.mark.parametrize("seed", range(4))
def test_the_interval_is_that_of_samples_measured_one_by_one(monkeypatch: Any, seed: int) -> None:
    monkeypatch.setattr(agreement_chance, "SAMPLES", 60)
    rows = panel(seed)
    paired = sorted((sorted(row) for row in rows if len(row) > 1), key=lambda row: (len(row), row))
    found: Counter[Fraction] = Counter()
    for sample in range(60):
        alpha = alpha_ordinal([paired[number] for number in draw("entries", sample, len(paired), len(paired))])
        assert isinstance(alpha, Fraction)
        found[alpha] += 1

    assert ordinal_bounds(rows) == (percentile(found, TAIL), percentile(found, 1 - TAIL))


def test_it_holds_alpha_and_knows_neither_order_nor_distances() -> None:
    rows = panel(9)

    bounds = ordinal_bounds(rows)

    assert not isinstance(bounds, Lacking)
    alpha = alpha_ordinal(rows)
    assert isinstance(alpha, Fraction)
    assert bounds[0] < alpha < bounds[1] <= 1
    assert bounds == ordinal_bounds([row[::-1] for row in rows[::-1]])
    assert bounds == ordinal_bounds([[mark**3 for mark in row] for row in rows])


@pytest.mark.parametrize(
    ("rows", "lacking"),
    (
        ([[1, 2]] * 9 + [[3]] * 9, Lacking.TOO_FEW_ENTRIES),
        ([[4, 4]] * 10, Lacking.NO_VARIANCE),
        ([[4, 4]] * 15 + [[4, 5]], Lacking.NO_VARIANCE),
    ),
)
def test_an_interval_the_data_cannot_give(rows: Rows, lacking: Lacking) -> None:
    assert ordinal_bounds(rows) is lacking
