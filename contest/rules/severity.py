"""How severe the judges are, and what their marks would be without it.

`severity` is what the report shows: a judge's mean deviation from the panel's mean, own mark included, over the entries
that judge marked; below 0 is severe, above is lenient. An entry nobody else marked counts with a deviation of 0.

`judge_effects` is a correction for contests where entries were dealt out, so that who got the severe judge is chance:
each mark is taken as the worth of the entry plus an effect of the judge, and both are fitted by least squares, exactly.
It changes no result by itself; `severity_rule` applies it where the rule set asks for it. It only shifts: judges'
spreads are left alone, because a correction that divides by a spread (a z-score) breaks on the judge who gave equal
marks. It is refused where it could not help or not be trusted:

- `complete`: every judge marked every entry. All entries have the same judges, so the correction could move nobody.
- `too_few_judges`: fewer than LEAST_JUDGES, three. With two nobody can say who is right.
- `not_connected`: some judges share no entry with the rest, not even through others. Nothing tells how severe the two
  groups are against each other.
- `too_few_entries`: a judge shares fewer than LEAST_ENTRIES entries with others. The effect of one judge is known to
  about the spread of single marks divided by the root of that number: with 10, to a third of it, which is the least
  at which correcting takes away more than it adds when severities differ by half a spread.
- `weakly_connected`: a group of judges, seen as one, shares fewer than LEAST_ENTRIES entries with all the others. The
  same reason: two panels of thirty entries each, linked by one entry, would be shifted against each other by the
  chance of that one. `judges` is the smaller group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm

from contest.rules.agreement_figures import Figure, Lacking
from contest.rules.severity_links import components, thinnest_link

Marks = Mapping[str, Mapping[str, int]]
"""By entry, by judge, in whole units."""
Sheets = Mapping[str, Mapping[str, tuple[int, ...]]]
"""By entry, by judge, several marks in whole units: as many everywhere."""
LEAST_ENTRIES, LEAST_JUDGES = 10, 3


class NotCorrectable(Exception):
    """The marks give no trustworthy correction; `code` says why, `judges` whom it is about."""

    def __init__(self, code: str, judges: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.judges = code, judges


def severity(marks: Marks) -> dict[str, Figure]:
    """Each judge's mean deviation from the panel's mean; a judge who shares no entry with anyone has none."""
    common = lcm(*{len(row) for row in marks.values()})
    apart: Counter[str] = Counter()
    entries: Counter[str] = Counter()
    shared: set[str] = set()
    for row in marks.values():
        average = sum(row.values()) * (common // len(row))
        for judge, mark in row.items():
            apart[judge] += mark * common - average
            entries[judge] += 1
        if len(row) > 1:
            shared.update(row)
    alone = Lacking.NO_SHARED_ENTRY if len(entries) > 1 else Lacking.ONE_JUDGE
    return {
        judge: Fraction(apart[judge], common * entries[judge]) if judge in shared else alone
        for judge in sorted(entries)
    }


def judge_effects(marks: Marks) -> dict[str, Fraction]:
    """What each judge adds to a mark against the panel's mean judge; the effects sum to 0.

    Raises NotCorrectable.
    """
    lists = {entry: {judge: (mark,) for judge, mark in row.items()} for entry, row in marks.items()}
    return {judge: effects[0] for judge, effects in effects_of(lists).items()}


def effects_of(sheets: Sheets, *, others: Iterable[str] = ()) -> dict[str, tuple[Fraction, ...]]:
    """The same for several marks at once, those of a sheet: each by itself, over the same entries and judges.

    others: judges of the panel who have no whole sheet, which no correction can do without. Raises NotCorrectable.
    """
    judges = sorted({judge for row in sheets.values() for judge in row} | set(others))
    if sheets and all(len(row) == len(judges) for row in sheets.values()):
        raise NotCorrectable("complete")
    if len(judges) < LEAST_JUDGES:
        raise NotCorrectable("too_few_judges", tuple(judges))
    shared = {entry: row for entry, row in sheets.items() if len(row) > 1}
    if len(groups := components({**sheets, **{f"only {judge}": {judge: ()} for judge in judges}})) > 1:
        raise NotCorrectable("not_connected", min(groups, key=lambda group: (len(group), group)))
    times = Counter(judge for row in shared.values() for judge in row)
    if few := tuple(judge for judge in judges if times[judge] < LEAST_ENTRIES):
        raise NotCorrectable("too_few_entries", few)
    links, smaller = thinnest_link(shared)
    if links < LEAST_ENTRIES:
        raise NotCorrectable("weakly_connected", smaller)
    return _least_squares(shared, judges)


def corrected_means(marks: Marks, effects: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Each entry's mean mark with the judges' effects taken off."""
    return {
        entry: sum((mark - effects[judge] for judge, mark in row.items()), Fraction(0)) / len(row)
        for entry, row in marks.items()
    }


def _least_squares(shared: Sheets, judges: list[str]) -> dict[str, tuple[Fraction, ...]]:
    """Solve the normal equations with the entries eliminated, all in whole numbers.

    What is left is one equation a judge: the number of marks on the diagonal, minus 1/m for every entry of m judges.
    Their sum is nothing, so the last judge is set to 0 and the effects are shifted afterwards.
    """
    common = lcm(*{len(row) for row in shared.values()})
    place = {judge: number for number, judge in enumerate(judges)}
    size = len(judges)
    width = max(len(marks) for row in shared.values() for marks in row.values())
    left = [[0] * (size + width) for _ in range(size)]
    for row in shared.values():
        part = common // len(row)
        averages = [sum(marks) * part for marks in zip(*row.values(), strict=True)]
        numbers = [place[judge] for judge in row]
        for number, marks in zip(numbers, row.values(), strict=True):
            equation = left[number]
            equation[number] += common
            for column, (mark, average) in enumerate(zip(marks, averages, strict=True), size):
                equation[column] += mark * common - average
            for other in numbers:
                equation[other] -= part
    known = [equation[: size - 1] + equation[size:] for equation in left[: size - 1]]
    columns = [[*column, Fraction(0)] for column in _solve(known, width)]
    means = [sum(column, Fraction(0)) / size for column in columns]
    return {
        judge: tuple(column[number] - mean for column, mean in zip(columns, means, strict=True))
        for number, judge in enumerate(judges)
    }


def _solve(rows: list[list[int]], width: int) -> list[list[Fraction]]:
    """Solve whole equations for each of `width` right sides by Bareiss's elimination, which never needs a fraction.

    The matrix is that of a connected graph with one judge struck out, so it is positive definite: no pivot is 0.
    """
    size, before = len(rows), 1
    for pivot in range(size):
        head = rows[pivot]
        for below in range(pivot + 1, size):
            row, factor = rows[below], rows[below][pivot]
            rows[below] = [
                (head[pivot] * row[column] - factor * head[column]) // before if column > pivot else 0
                for column in range(size + width)
            ]
        before = head[pivot]
    return [_substituted(rows, right) for right in range(size, size + width)]


def _substituted(rows: list[list[int]], right: int) -> list[Fraction]:
    """The unknowns from triangular equations, the last one first."""
    size = len(rows)
    found: list[Fraction] = [Fraction(0)] * size
    for number in reversed(range(size)):
        row = rows[number]
        rest = sum((row[column] * found[column] for column in range(number + 1, size)), Fraction(0))
        found[number] = (row[right] - rest) / row[number]
    return found
