"""The measures of agreement a second time, straight from their definitions and slowly: sums over values and pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations

Rows = Sequence[Sequence[int]]


def mean_squares(rows: Rows) -> dict[str, Fraction]:
    """The analysis of variance of complete rows: between entries, within, between judges, residual."""
    n, k = len(rows), len(rows[0])
    grand = Fraction(sum(map(sum, rows)), n * k)
    entry = [Fraction(sum(row), k) for row in rows]
    judge = [Fraction(sum(row[j] for row in rows), n) for j in range(k)]
    residuals = [rows[i][j] - entry[i] - judge[j] + grand for i in range(n) for j in range(k)]
    return {
        "b": k * sum(((m - grand) ** 2 for m in entry), Fraction(0)) / (n - 1),
        "w": sum(((rows[i][j] - entry[i]) ** 2 for i in range(n) for j in range(k)), Fraction(0)) / (n * (k - 1)),
        "j": n * sum(((m - grand) ** 2 for m in judge), Fraction(0)) / (k - 1),
        "e": sum((r**2 for r in residuals), Fraction(0)) / ((n - 1) * (k - 1)),
    }


def kendall_w(rows: Rows) -> Fraction | None:
    """W as the variance of the rank sums over the largest it could be with these ties."""
    n, m = len(rows), len(rows[0])
    ranks = [[_rank(row[j], [other[j] for other in rows]) for j in range(m)] for row in rows]
    sums = [sum(row, Fraction(0)) for row in ranks]
    middle = sum(sums, Fraction(0)) / n
    ties = 0
    for j in range(m):
        column = [row[j] for row in rows]
        ties += sum(column.count(value) ** 3 - column.count(value) for value in set(column))
    most = Fraction(m * m * (n**3 - n) - m * ties, 12)
    return sum(((r - middle) ** 2 for r in sums), Fraction(0)) / most if most else None


def _rank(value: int, values: list[int]) -> Fraction:
    return sum(other < value for other in values) + Fraction(values.count(value) + 1, 2)


def alpha(rows: Rows, metric: str) -> Fraction | None:
    """Alpha by the matrix of coincidences, as in the worked examples of Krippendorff (2011)."""
    units = [row for row in rows if len(row) > 1]
    values = sorted({value for row in units for value in row})
    together = {(c, k): Fraction(0) for c in values for k in values}
    for row in units:
        for c, k in permutations(row, 2):
            together[c, k] += Fraction(1, len(row) - 1)
    times = {c: sum((together[c, k] for k in values), Fraction(0)) for c in values}
    n = sum(times.values(), Fraction(0))

    def ordinal(c: int, k: int) -> Fraction:
        low, high = min(c, k), max(c, k)
        between = sum((times[g] for g in values if low <= g <= high), Fraction(0))
        return (between - (times[c] + times[k]) / 2) ** 2

    differences: dict[str, Callable[[int, int], Fraction]] = {
        "nominal": lambda c, k: Fraction(c != k),
        "interval": lambda c, k: Fraction((c - k) ** 2),
        "ordinal": ordinal,
    }
    difference = differences[metric]
    observed = sum((together[c, k] * difference(c, k) for c in values for k in values), Fraction(0)) / n
    expected = sum((times[c] * times[k] * difference(c, k) for c in values for k in values if c != k), Fraction(0))
    return 1 - observed * n * (n - 1) / expected if expected else None
