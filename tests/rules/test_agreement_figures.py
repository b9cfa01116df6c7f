"""The measures of agreement: published values, limits, and a second implementation."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contest.rules.agreement_figures import (
    ICC_FORMS,
    Lacking,
    alpha_interval,
    alpha_ordinal,
    correlation,
    doubled_ranks,
    icc,
    kendall_w,
    root,
    variance,
)
from contest.rules.exact import write
from tests.rules import agreement_oracle as oracle

Rows = list[list[int]]

# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part C: four observers, twelve units, marks missing.
KRIPPENDORFF = """
1 2 3 3 2 1 4 1 2 - - -
1 2 3 3 2 2 4 1 2 5 - 3
- 3 3 3 2 3 4 2 2 5 1 -
1 2 3 3 2 4 4 1 2 5 1 -
"""

# Kendall, Rank Correlation Methods (1948): three rankings of ten with many ties, as retold by Siegel, Nonparametric
# Statistics (1956), chapter 9. Here doubled, to be whole.
KENDALL_TIES = (
    (2, 9, 4, 9, 6, 15, 12, 18, 15, 20),
    (5, 2, 5, 9, 9, 16, 18, 13, 20, 13),
    (4, 2, 9, 9, 9, 9, 16, 16, 16, 20),
)


def table(text: str) -> Rows:
    """Rows of entries from lines of judges; "-" is no mark."""
    lines = [line.split() for line in text.split("\n") if line]
    return [[int(value) for value in unit if value != "-"] for unit in zip(*lines, strict=True)]


def test_icc_of_shrout_and_fleiss() -> None:
    """Table 4 of the paper: .17 .29 .71 .44 .62 .91; three decimals as in the contract's example."""
    found = icc(SHROUT_FLEISS)

    assert {form: write(Fraction(value), 3) for form, value in found.items() if isinstance(value, Fraction)} == {
        "1,1": "0.166", "2,1": "0.290", "3,1": "0.715", "1,k": "0.443", "2,k": "0.620", "3,k": "0.909",
    }  # fmt: skip


def test_mean_squares_of_shrout_and_fleiss() -> None:
    """Table 3 of the paper: BMS 11.24, WMS 6.26, JMS 32.49, EMS 1.02. It is the oracle that is tried here."""
    found = oracle.mean_squares(SHROUT_FLEISS)

    assert [write(found[name], 2) for name in "bwje"] == ["11.24", "6.26", "32.49", "1.02"]


def test_alpha_of_krippendorff() -> None:
    """The paper gives 0.849 for interval and 0.815 for ordinal data, and 0.743 for nominal, which tries the oracle."""
    rows = table(KRIPPENDORFF)

    assert write(_figure(alpha_interval(rows)), 3) == "0.849"
    assert write(_figure(alpha_ordinal(rows)), 3) == "0.815"
    assert write(oracle.alpha(rows, "nominal") or Fraction(0), 3) == "0.743"


def test_kendall_w_with_ties() -> None:
    """W = 591 / 714 = 0.828."""
    found = kendall_w([list(row) for row in zip(*KENDALL_TIES, strict=True)])

    assert found == Fraction(591, 714)


@pytest.mark.parametrize(
    ("rows", "w"),
    (
        ([[1, 1], [2, 2], [3, 3]], Fraction(1)),
        ([[1, 3], [2, 2], [3, 1]], Fraction(0)),
        ([[1, 5], [1, 5]], Lacking.NO_VARIANCE),
        ([[1, 5], [2, 5]], Fraction(1, 2)),  # one judge ranks, the other does not
        ([[1, 2]], Lacking.TOO_FEW_ENTRIES),
        ([], Lacking.TOO_FEW_ENTRIES),
        ([[1], [2]], Lacking.ONE_JUDGE),
    ),
)
def test_kendall_w_at_its_limits(rows: Rows, w: Fraction | Lacking) -> None:
    assert kendall_w(rows) == w


@pytest.mark.parametrize(
    ("rows", "lacking"),
    (
        ([], Lacking.TOO_FEW_ENTRIES),
        ([[3, 4]], Lacking.TOO_FEW_ENTRIES),
        ([[3], [4]], Lacking.ONE_JUDGE),
        ([[3, 3], [3, 3]], Lacking.NO_VARIANCE),
    ),
)
def test_icc_the_data_cannot_give(rows: Rows, lacking: Lacking) -> None:
    assert icc(rows) == dict.fromkeys(ICC_FORMS, lacking)


def test_icc_of_perfect_agreement_is_one() -> None:
    assert icc([[1, 1, 1], [4, 4, 4], [2, 2, 2]]) == dict.fromkeys(ICC_FORMS, Fraction(1))


def test_icc_of_contradiction() -> None:
    """No difference between the entries' means: an average of the panel has no reliability one could name."""
    found = icc([[1, 2], [2, 1]])

    assert {form: found[form] for form in ("1,1", "3,1")} == {"1,1": -1, "3,1": -1}
    assert {form: found[form] for form in ("1,k", "2,k", "3,k")} == dict.fromkeys(
        ("1,k", "2,k", "3,k"), Lacking.NOT_POSITIVE
    )


def test_a_severe_judge_lowers_agreement_but_not_consistency() -> None:
    rows = [[5, 2], [7, 4], [9, 6]]

    found = icc(rows)

    assert found["3,1"] == found["3,k"] == 1
    assert _figure(found["1,1"]) < _figure(found["2,1"]) < 1


@pytest.mark.parametrize(
    ("rows", "alpha"),
    (
        ([[1], [2]], Lacking.NO_SHARED_ENTRY),
        ([], Lacking.NO_SHARED_ENTRY),
        ([[1, 2], [3]], Lacking.TOO_FEW_ENTRIES),
        ([[2, 2], [2, 2], [9]], Lacking.NO_VARIANCE),  # the lone 9 does not count
        ([[2, 2], [3, 3]], Fraction(1)),
        ([[2, 3], [3, 2]], Fraction(-1, 2)),
    ),
)
def test_alpha_at_its_limits(rows: Rows, alpha: Fraction | Lacking) -> None:
    assert alpha_interval(rows) == alpha
    assert alpha_ordinal(rows) == alpha


complete = st.integers(2, 4).flatmap(
    lambda judges: st.lists(st.lists(st.integers(0, 5), min_size=judges, max_size=judges), min_size=2, max_size=6)
)
ragged = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=2, max_size=7)


@given(complete)
def test_icc_is_what_its_definition_says(rows: Rows) -> None:
    found, ms, n, k = icc(rows), oracle.mean_squares(rows), len(rows), len(rows[0])

    bms, wms, jms, ems = (ms[name] for name in "bwje")
    expected = {
        "1,1": (bms - wms, bms + (k - 1) * wms),
        "2,1": (bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        "3,1": (bms - ems, bms + (k - 1) * ems),
        "1,k": (bms - wms, bms),
        "2,k": (bms - ems, bms + (jms - ems) / n),
        "3,k": (bms - ems, bms),
    }
    for form, (above, below) in expected.items():
        if below > 0:
            assert found[form] == above / below
        else:
            assert isinstance(found[form], Lacking)


@given(complete)
def test_kendall_w_is_what_its_definition_says(rows: Rows) -> None:
    found = kendall_w(rows)

    assert found == (oracle.kendall_w(rows) if isinstance(found, Fraction) else Lacking.NO_VARIANCE)
    assert isinstance(found, Fraction) == (oracle.kendall_w(rows) is not None)


@given(ragged)
def test_alpha_is_what_its_definition_says(rows: Rows) -> None:
    assume(sum(len(row) > 1 for row in rows) >= 2)

    for metric, found in (("interval", alpha_interval(rows)), ("ordinal", alpha_ordinal(rows))):
        expected = oracle.alpha(rows, metric)
        assert found == (Lacking.NO_VARIANCE if expected is None else expected)


@given(ragged, st.integers(1, 9), st.integers(-5, 5))
def test_alpha_knows_neither_unit_nor_zero(rows: Rows, unit: int, zero: int) -> None:
    other = [[value * unit + zero for value in row] for row in rows]

    assert alpha_interval(other) == alpha_interval(rows)
    assert alpha_ordinal(other) == alpha_ordinal(rows)


@given(ragged)
def test_an_order_knows_no_distances(rows: Rows) -> None:
    assert alpha_ordinal([[value**3 for value in row] for row in rows]) == alpha_ordinal(rows)


def test_equal_values_share_the_middle_of_their_ranks() -> None:
    assert doubled_ranks([7, 5, 5, 9]) == [6, 3, 3, 8]


@given(st.fractions(0, 1000))
def test_a_root_is_rounded_half_up(square: Fraction) -> None:
    found = root(square)

    half = Fraction(1, 2000)
    assert max(found - half, Fraction(0)) ** 2 <= square < (found + half) ** 2
    assert root(square, negative=True) == -found


def test_a_root_on_the_half_goes_up() -> None:
    assert root(Fraction(5, 10_000) ** 2) == Fraction(1, 1000)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8))
def test_correlation_and_variance_are_those_of_the_textbook(pairs: list[tuple[int, int]]) -> None:
    found = correlation(pairs)

    left, right = [x for x, _ in pairs], [y for _, y in pairs]
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert found is Lacking.NO_VARIANCE
        return
    assert not isinstance(found, Lacking)
    n = len(pairs)
    means = sum(left) / n, sum(right) / n
    shared = sum((x - means[0]) * (y - means[1]) for x, y in pairs)
    below = math.sqrt(sum((x - means[0]) ** 2 for x in left) * sum((y - means[1]) ** 2 for y in right))
    assert math.isclose(math.sqrt(found[0]) * (-1 if found[1] else 1), shared / below, abs_tol=1e-9)
    assert math.isclose(variance(left), sum((x - means[0]) ** 2 for x in left) / (n - 1), abs_tol=1e-9)


def test_one_pair_has_no_correlation() -> None:
    assert correlation([(1, 2)]) is Lacking.TOO_FEW_ENTRIES


def _figure(value: Fraction | Lacking) -> Fraction:
    assert isinstance(value, Fraction)
    return value
