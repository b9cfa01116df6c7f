"""Measures of agreement of a panel, exact: intraclass correlations, Kendall's W, Krippendorff's alpha.

A table of marks is whole numbers: points times one common scale, which no measure here depends on. Each function gives
an exact fraction, or a `Lacking`: why the data cannot give that figure.

Sources: Shrout and Fleiss, Intraclass correlations, Psychological Bulletin 86 (1979) 420-428, for the six ICC; Kendall,
Rank Correlation Methods (1948), chapter 6, for W with the correction for ties; Krippendorff, Computing Krippendorff's
Alpha-Reliability (2011), for alpha.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from math import isqrt, lcm
from typing import NamedTuple

PLACES = 3


class Lacking(StrEnum):
    """Why a figure cannot be given."""

    NO_MARKS = "no_marks"
    ONE_JUDGE = "one_judge"
    TOO_FEW_ENTRIES = "too_few_entries"
    TOO_FEW_JUDGES = "too_few_judges"
    NO_VARIANCE = "no_variance"
    NOT_POSITIVE = "variance_not_positive"
    NO_SHARED_ENTRY = "no_shared_entry"
    NO_COMPLETE_SHEET = "no_complete_sheet"


Figure = Fraction | Lacking
ICC_FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def icc(rows: Sequence[Sequence[int]]) -> dict[str, Figure]:
    """The six intraclass correlations, by form. rows: complete entries, a mark of every judge in each.

    Form 1: other judges for every entry; 2: these judges stand for many; 3: these judges only, severity aside. "1" is
    the reliability of one judge, "k" that of the mean of the panel. A form whose denominator, an estimated variance,
    is not above 0 is not given: it is 0 where no marks differ, and below 0 where the judges contradict each other.
    """
    if lacking := _too_small(rows):
        return dict.fromkeys(ICC_FORMS, lacking)
    n, k = len(rows), len(rows[0])
    total = sum(map(sum, rows))
    squares = sum(x * x for row in rows for x in row)
    # Sums of squares, each times n·k, so that they stay whole.
    whole = n * k * squares - total * total
    between = n * sum(sum(row) ** 2 for row in rows) - total * total
    judges = k * sum(sum(column) ** 2 for column in zip(*rows, strict=True)) - total * total
    bms, jms = Fraction(between, n - 1), Fraction(judges, k - 1)
    wms = Fraction(whole - between, n * (k - 1))
    ems = Fraction(whole - between - judges, (n - 1) * (k - 1))
    parts = {
        "1,1": (bms - wms, bms + (k - 1) * wms),
        "2,1": (bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        "3,1": (bms - ems, bms + (k - 1) * ems),
        "1,k": (bms - wms, bms),
        "2,k": (bms - ems, bms + (jms - ems) / n),
        "3,k": (bms - ems, bms),
    }
    if whole == 0:
        return dict.fromkeys(ICC_FORMS, Lacking.NO_VARIANCE)
    return {form: above / below if below > 0 else Lacking.NOT_POSITIVE for form, (above, below) in parts.items()}


def kendall_w(rows: Sequence[Sequence[int]]) -> Figure:
    """Kendall's coefficient of concordance of complete entries, 0 to 1, corrected for ties."""
    if lacking := _too_small(rows):
        return lacking
    n, m = len(rows), len(rows[0])
    columns = [doubled_ranks(column) for column in zip(*rows, strict=True)]
    ties = sum(times**3 - times for column in columns for times in Counter(column).values())
    # The ranks are doubled, so their squares come four times too large.
    squares = sum(sum(ranks) ** 2 for ranks in zip(*columns, strict=True))
    above = 3 * squares - 3 * m * m * n * (n + 1) ** 2
    below = m * m * n * (n * n - 1) - m * ties
    return Fraction(above, below) if below else Lacking.NO_VARIANCE


def doubled_ranks(values: Sequence[int]) -> list[int]:
    """Twice the rank of each value, the smallest first; equal values share the middle of their ranks."""
    rank, below = {}, 0
    for value, times in sorted(Counter(values).items()):
        rank[value] = 2 * below + times + 1
        below += times
    return [rank[value] for value in values]


class Unit(NamedTuple):
    """What alpha needs of one entry: marks, their sum, sum of squares, and disagreement inside, times `common`."""

    marks: int
    total: int
    squares: int
    inside: int


def alpha_units(rows: Sequence[Sequence[int]]) -> tuple[list[Unit], int]:
    """The units of rows with two marks or more, and the `common` their `inside` is multiplied by."""
    common = lcm(*{len(row) - 1 for row in rows})
    units = []
    for row in rows:
        m, total, squares = len(row), sum(row), sum(x * x for x in row)
        units.append(Unit(m, total, squares, (m * squares - total * total) * (common // (m - 1))))
    return units, common


def alpha_of(marks: int, total: int, squares: int, inside: int, common: int) -> Fraction | None:
    """Alpha from the sums over units; None when no two marks differ."""
    outside = marks * squares - total * total
    return 1 - Fraction(inside * (marks - 1), common * outside) if outside else None


def alpha_interval(rows: Sequence[Sequence[int]]) -> Figure:
    """Krippendorff's alpha of marks as distances. rows: the marks of each entry, as many as there are; one is unused.

    1 is agreement, 0 what chance would give, less is contradiction.
    """
    paired = [row for row in rows if len(row) > 1]
    if len(paired) < 2:
        return Lacking.TOO_FEW_ENTRIES if paired else Lacking.NO_SHARED_ENTRY
    units, common = alpha_units(paired)
    sums = [sum(column) for column in zip(*units, strict=True)]
    found = alpha_of(sums[0], sums[1], sums[2], sums[3], common)
    return Lacking.NO_VARIANCE if found is None else found


def alpha_ordinal(rows: Sequence[Sequence[int]]) -> Figure:
    """Krippendorff's alpha of marks as an order.

    Its difference of two values, the sum of the frequencies between them with half of their own, is that of their
    middle ranks among all marks that are used: so it is the interval alpha of those ranks.
    """
    paired = [row for row in rows if len(row) > 1]
    ranks = iter(doubled_ranks([x for row in paired for x in row]))
    return alpha_interval([[next(ranks) for _ in row] for row in paired])


def root(square: Fraction, *, negative: bool = False) -> Fraction:
    """The square root of a fraction of 0 or more, rounded half up to PLACES decimals, with its sign."""
    above, below = square.as_integer_ratio()
    # floor(√(above/below)) is isqrt(above // below); twice the value and one more, halved, rounds half up.
    units = (isqrt(4 * 100**PLACES * above // below) + 1) // 2
    return Fraction(-units if negative else units, 10**PLACES)


def variance(values: Sequence[int]) -> Fraction:
    """The variance of at least two values, over one less than their number."""
    n, total = len(values), sum(values)
    return Fraction(n * sum(x * x for x in values) - total * total, n * (n - 1))


def correlation(pairs: Sequence[tuple[int, int]]) -> tuple[Fraction, bool] | Lacking:
    """Pearson's correlation of at least two pairs, as its square and whether it is negative."""
    n = len(pairs)
    if n < 2:
        return Lacking.TOO_FEW_ENTRIES
    left, right = sum(x for x, _ in pairs), sum(y for _, y in pairs)
    both = n * sum(x * y for x, y in pairs) - left * right
    below = (n * sum(x * x for x, _ in pairs) - left * left) * (n * sum(y * y for _, y in pairs) - right * right)
    return (Fraction(both * both, below), both < 0) if below else Lacking.NO_VARIANCE


def _too_small(rows: Sequence[Sequence[int]]) -> Lacking | None:
    if rows and len(rows[0]) < 2:
        return Lacking.ONE_JUDGE
    return Lacking.TOO_FEW_ENTRIES if len(rows) < 2 else None
