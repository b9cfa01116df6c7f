"""Chance, written down: which entries or judges a bootstrap draws, the same on every machine and in every year.

The draws come from SHAKE-256 of a label and the number of the sample, as little-endian 32-bit words; a word w draws
number w·n >> 32 of n. Panels of up to COUNTED judges are not drawn but counted out: every panel that could be drawn,
with the number of ways it could.
"""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, combinations_with_replacement, groupby
from math import factorial, lcm, prod
from operator import itemgetter, mul
from typing import TypeVar

from contest.rules.agreement_figures import Lacking, alpha_of, alpha_units

SAMPLES = 1000
COUNTED = 6
LEAST_ENTRIES = 10
"""With fewer the interval is far too narrow: a sample of few entries holds too few different ones."""
TAIL = Fraction(1, 40)
"""Each tail of a 95 % interval."""
MOST_LOST = Fraction(1, 20)
Exact = TypeVar("Exact", int, Fraction)


def draw(label: str, sample: int, count: int, size: int) -> list[int]:
    """`size` numbers below `count`, drawn with replacement."""
    data = hashlib.shake_256(f"contest-agreement/1 {label} {sample}".encode()).digest(4 * size)
    return [word * count >> 32 for word in struct.unpack(f"<{size}I", data)]


def drawn_panels(count: int) -> Iterator[tuple[list[int], int]]:
    """How often each of `count` judges sits on a drawn panel of as many, and the weight of that panel."""
    if count <= COUNTED:
        for chosen in combinations_with_replacement(range(count), count):
            times = Counter(chosen)
            yield (
                [times[judge] for judge in range(count)],
                factorial(count) // prod(factorial(n) for n in times.values()),
            )
        return
    for sample in range(SAMPLES):
        times = Counter(draw("judges", sample, count, count))
        yield [times[judge] for judge in range(count)], 1


def percentile(found: Counter[Exact], share: Fraction) -> Exact:
    """The smallest value with at least `share` of all at or below it."""
    wanted, below = share * found.total(), 0
    for value, times in sorted(found.items()):
        below += times
        if below >= wanted:
            return value
    raise ValueError("nothing was drawn")


def alpha_bounds(rows: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction] | Lacking:
    """A 95 % interval of the interval alpha: percentiles of SAMPLES samples of entries, drawn with replacement.

    The entries are drawn in the order of what they hold, so that neither their order nor their names decide. Samples
    in which no two marks differ have no alpha; with more than MOST_LOST of these there is no interval.
    """
    units, common = alpha_units([row for row in rows if len(row) > 1])
    if len(units) < LEAST_ENTRIES:
        return Lacking.TOO_FEW_ENTRIES
    columns = list(zip(*sorted(units), strict=True))
    found: Counter[Fraction] = Counter()
    for sample in range(SAMPLES):
        chosen = itemgetter(*draw("entries", sample, len(units), len(units)))
        marks, total, squares, inside = (sum(chosen(column)) for column in columns)
        alpha = alpha_of(marks, total, squares, inside, common)
        if alpha is not None:
            found[alpha] += 1
    return _bounds(found)


def ordinal_bounds(rows: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction] | Lacking:
    """A 95 % interval of the ordinal alpha in the same way; in each sample the marks are ranked anew, as alpha asks.

    rows: the marks of each entry, as many as there are. Entries are drawn in the order of how many marks they have, and
    then of what they hold.
    """
    units = sorted((sorted(row) for row in rows if len(row) > 1), key=lambda row: (len(row), row))
    if len(units) < LEAST_ENTRIES:
        return Lacking.TOO_FEW_ENTRIES
    values = sorted({mark for row in units for mark in row})
    common = lcm(*{len(row) - 1 for row in units})
    groups = [_Group(list(same), values) for _, same in groupby(units, key=len)]
    found: Counter[Fraction] = Counter()
    for sample in range(SAMPLES):
        times = [0] * len(units)
        for number in draw("entries", sample, len(units), len(units)):
            times[number] += 1
        begins = accumulate((group.units for group in groups), initial=0)
        own = [times[begin : begin + group.units] for begin, group in zip(begins, groups, strict=False)]
        counts = [group.frequencies(drawn) for group, drawn in zip(groups, own, strict=True)]
        whole = [sum(column) for column in zip(*counts, strict=True)]
        # Doubled middle ranks, as in `doubled_ranks`; a value that was not drawn has one that counts nowhere.
        ranks = [2 * below + count + 1 for below, count in zip(accumulate(whole, initial=0), whole, strict=False)]
        squares = [rank * rank for rank in ranks]
        inside = sum(
            common // (group.size - 1) * (group.size * sum(map(mul, of_group, squares)) - group.squared(ranks, drawn))
            for group, of_group, drawn in zip(groups, counts, own, strict=True)
        )
        marks, total = sum(whole), sum(map(mul, whole, ranks))
        alpha = alpha_of(marks, total, sum(map(mul, whole, squares)), inside, common)
        if alpha is not None:
            found[alpha] += 1
    return _bounds(found)


class _Group:
    """Entries with equally many marks, for quick sums over samples of them: a column at a time."""

    def __init__(self, rows: list[list[int]], values: list[int]) -> None:
        place = {value: number for number, value in enumerate(values)}
        self.units, self.size, self._values = len(rows), len(rows[0]), len(values)
        # Four bytes a value: that a value occurs 2^32 times is out of reach.
        self._packed = [sum(1 << 32 * place[mark] for mark in row) for row in rows]
        self._columns = [[place[row[number]] for row in rows] for number in range(self.size)]

    def frequencies(self, times: list[int]) -> tuple[int, ...]:
        """How often each value occurs when each entry is drawn so many times."""
        whole = sum(map(mul, self._packed, times))
        return struct.unpack(f"<{self._values}I", whole.to_bytes(4 * self._values, "little"))

    def squared(self, ranks: list[int], times: list[int]) -> int:
        """The sum of the entries' squared sums of ranks."""
        columns = [[ranks[place] for place in column] for column in self._columns]
        sums = list(map(sum, zip(*columns, strict=True)))
        return sum(map(mul, map(mul, sums, sums), times))


def _bounds(found: Counter[Fraction]) -> tuple[Fraction, Fraction] | Lacking:
    if SAMPLES - found.total() > MOST_LOST * SAMPLES:
        return Lacking.NO_VARIANCE
    return percentile(found, TAIL), percentile(found, 1 - TAIL)
