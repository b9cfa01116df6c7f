"""Of equally good assignments, one in which the judges meet: a last wish, which costs nothing of the others.

How severe a judge is can be told only against judges who marked the same entries. So, as far as the numbers
allow, all judges hang together through shared entries, and then no two of them share many while others share
none: the squares of the numbers of shared entries add up to little.

Two entries swap a judge, or one entry moves to a judge who had one entry less, and only where preferences and
loads come out exactly the same. This climbs; it does not prove that no better one exists, which for "hang
together" would be as hard as finding a Hamiltonian cycle (two entries a judge, two judges an entry).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from contest.rules.assignment_flow import Placing

_SWEEPS = 12
_LOOKS = 8_000_000
"""Entries looked at in all, a swap counted as a hundred: the last wish must not take longer than the first two."""
_TRIES = 40
"""Swaps tried for two judges of different groups; the first few nearly always do."""
Swap = tuple[int | None, int | None]
"""The entry that goes from the first judge to the second, and the one that goes the other way."""


@dataclass(frozen=True)
class Links:
    """How the judges of an assignment hang together.

    groups: judges joined by shared entries, directly or through others; one group: all can be compared.
    fewest, most: shared entries of any two judges. Judges without an entry are left out.
    """

    groups: tuple[tuple[str, ...], ...]
    fewest: int
    most: int


def links(pairs: Iterable[tuple[str, str]]) -> Links:
    """How the judges of these pairs (entry, judge) hang together."""
    panels: dict[str, list[str]] = {}
    for entry, judge in sorted(set(pairs)):
        panels.setdefault(entry, []).append(judge)
    judges = sorted({judge for panel in panels.values() for judge in panel})
    place = {judge: i for i, judge in enumerate(judges)}
    shared = [[0] * len(judges) for _ in judges]
    for panel in panels.values():
        for one, other in combinations(panel, 2):
            shared[place[one]][place[other]] += 1
            shared[place[other]][place[one]] += 1
    counts = [shared[i][j] for i, j in combinations(range(len(judges)), 2)]
    groups = tuple(tuple(judges[j] for j in group) for group in _groups(shared, range(len(judges))))
    return Links(groups, min(counts, default=0), max(counts, default=0))


def spread(placing: Placing) -> None:
    """Let the judges of a finished placing meet; its cost stays what it is."""
    Spreading(placing).run()


def _groups(shared: Sequence[Sequence[int]], judges: Iterable[int]) -> list[list[int]]:
    left = dict.fromkeys(judges)
    found = []
    while left:
        first = next(iter(left))
        del left[first]
        group = [first]
        for judge in group:
            near = [other for other in left if shared[judge][other]]
            for other in near:
                del left[other]
            group += near
        found.append(sorted(group))
    return found


class Spreading:
    """Swaps that change neither preferences nor loads, until none helps any more."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing
        self._marks: list[set[int]] = [set() for _ in placing.most]
        for row, holds in enumerate(placing.holds):
            for judge in holds:
                self._marks[judge].add(row)
        self._count = len(self._groups())
        self._looks = _LOOKS

    def run(self) -> None:
        if all(len(holds) < 2 for holds in self._placing.holds):
            return
        self._loosen()
        while self._join():
            self._loosen()

    def _loosen(self) -> None:
        """Take entries from judges who share many to judges who share few."""
        for _sweep in range(_SWEEPS):
            helped = [self._ease(a, b) for a, b in combinations(range(len(self._marks)), 2)]
            if not any(helped):
                return

    def _ease(self, a: int, b: int) -> bool:
        """Swap between two judges while it helps."""
        there, back = self._gains(a, b), self._gains(b, a)
        if min(there) >= 0 and min(back) >= 0:  # the usual end: they share about as many with everyone
            return False
        helped = False
        for ones, others in self._free(a, b):
            best_first = zip(self._ranked(ones, there), self._ranked(others, back), strict=False)
            for one, other in best_first:
                gain = self._gain(one, self._gains(a, b)) + self._gain(other, self._gains(b, a))
                if gain >= 0 or not self._swap(a, b, (one, other), groups=self._count):
                    break
                helped = True
                if one is None or other is None:  # the loads changed hands: what is free has changed
                    return True
        return helped

    def _join(self) -> bool:
        """One swap that makes the groups fewer; False when none is found."""
        for group, rest in combinations(self._groups(), 2):
            for a, b in product(group, rest):
                for ones, others in self._free(a, b):
                    for swap in islice(product(ones, others), _TRIES):
                        if self._swap(a, b, swap, groups=self._count - 1):
                            return True
        return False

    def _groups(self) -> list[list[int]]:
        return _groups(self._placing.shared, (judge for judge, load in enumerate(self._placing.load) if load))

    def _swap(self, a: int, b: int, swap: Swap, *, groups: int) -> bool:
        """Swap two entries, unless the judges then stand in more than so many groups."""
        one, other = swap
        self._looks -= 100
        self._move(one, a, b)
        self._move(other, b, a)
        count = len(self._groups())
        if count <= groups:
            self._count = count
            return True
        self._move(other, a, b)
        self._move(one, b, a)
        return False

    def _move(self, row: int | None, a: int, b: int) -> None:
        if row is not None:
            self._placing.move(row, a, b)
            self._marks[a].remove(row)
            self._marks[b].add(row)

    def _free(self, a: int, b: int) -> Iterator[tuple[list[int | None], list[int | None]]]:
        """Entries that may go from a to b, and those that may go from b to a, where both together cost nothing.

        None stands for no entry: the one who takes it had one entry less, so that the loads only change hands.
        """
        self._looks -= len(self._marks[a]) + len(self._marks[b])
        if self._looks < 0:
            return
        there, back = self._by_cost(a, b), self._by_cost(b, a)
        if self._may_take_over(a, b):
            back.setdefault(0, []).append(None)
        if self._may_take_over(b, a):
            there.setdefault(0, []).append(None)
        for extra in sorted(there.keys() & {-extra for extra in back}):
            yield there[extra], back[-extra]

    def _by_cost(self, a: int, b: int) -> dict[int, list[int | None]]:
        placing = self._placing
        found: dict[int, list[int | None]] = {}
        for row in sorted(self._marks[a] - self._marks[b]):
            cost = placing.cost[row]
            now, then = cost[a], cost[b]
            if now is not None and then is not None and a not in placing.fixed[row]:
                found.setdefault(then - now, []).append(row)
        return found

    def _may_take_over(self, a: int, b: int) -> bool:
        load, placing = self._placing.load, self._placing
        return load[a] == load[b] + 1 and load[a] > placing.least[a] and load[b] < placing.most[b]

    def _gains(self, a: int, b: int) -> list[int]:
        """For each other judge of an entry: half the change of the sum of squares when it goes from a to b."""
        gains = [to_b - to_a + 1 for to_a, to_b in zip(self._placing.shared[a], self._placing.shared[b], strict=True)]
        gains[a] = gains[b] = 0  # they are not others
        return gains

    def _ranked(self, rows: Sequence[int | None], gains: Sequence[int]) -> list[int | None]:
        return sorted(rows, key=lambda row: self._gain(row, gains))

    def _gain(self, row: int | None, gains: Sequence[int]) -> int:
        return 0 if row is None else sum(map(gains.__getitem__, self._placing.holds[row]))
