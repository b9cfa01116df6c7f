"""The search behind `assignment`: a flow of least cost, on whole numbers, exact.

Each need of an entry is placed in turn along the cheapest chain: the entry takes judge A, from whom
some entry moves to B, … until a judge with room takes one more. Placing every need along a cheapest
chain keeps the whole at least cost (successive shortest paths), so the end result is the best there is,
and a need that finds no chain has none at all (Ford and Fulkerson; Ahuja, Magnanti, Orlin: Network Flows, ch. 9).

One cost carries three wishes, each outweighing all that follow: a judge's least number, the
preferences, even loads. The k-th entry of a judge adds 2k - 1, so that loads add up to their squares.

Work grows with the needs times the square of the judges: 0.2 s for 500 entries, 15 judges, 3 each.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Sequence, Set

Moves = list[tuple[int, int]]
"""A heap of (extra cost, entry)."""


class Placing:
    """A growing assignment, always at least cost for what is placed.

    holds: the judges of each entry, by column. load: entries of each judge, fixed ones included.
    """

    def __init__(
        self,
        cost: Sequence[Sequence[int | None]],
        *,
        fixed: Sequence[Set[int]],
        least: Sequence[int],
        most: Sequence[int],
        need: int,
    ) -> None:
        """cost: by entry and judge, lower is better, None for a pair that must never be.

        fixed: the judges each entry has already and keeps. need: places wanted in all.
        """
        self._judges = range(len(most))
        # An even load must never buy a preference, nor a preference a least number.
        even = need * need + 1
        self._due = even * (2 * need * max((abs(c) for row in cost for c in row if c is not None), default=0) + 1)
        self._cost = [[None if c is None else c * even for c in row] for row in cost]
        self._fixed, self._least, self._most = fixed, least, most
        self.holds = [set(kept) for kept in fixed]
        self.load = [sum(j in kept for kept in fixed) for j in self._judges]
        self._moves: list[list[Moves]] = [[[] for _ in self._judges] for _ in self._judges]

    def place(self, entry: int) -> bool:
        """Give an entry one judge more; False when there is no way, and nothing is changed."""
        reach, came, moved = self._search(entry)
        ends = [(reach[j] + self._next(j), j) for j in sorted(reach) if self.load[j] < self._most[j]]
        if not ends:
            return False
        judge = min(ends)[1]
        self.load[judge] += 1
        changes: list[tuple[int, int, int | None]] = []
        while judge in came:
            changes.append((moved[judge], judge, came[judge]))
            judge = came[judge]
        changes.append((entry, judge, None))
        for row, gained, lost in changes:
            self.holds[row].add(gained)
            if lost is not None:
                self.holds[row].discard(lost)
        for row, gained, lost in changes:
            self._offer(row, gained, lost)
        return True

    def reachable(self, entry: int) -> list[int]:
        """The judges one more place for this entry could be made with, if any of them had room."""
        return sorted(self._search(entry)[0])

    def _next(self, judge: int) -> int:
        """What one more entry costs a judge."""
        load = self.load[judge]
        return 2 * load + 1 - (self._due if load < self._least[judge] else 0)

    def _search(self, entry: int) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
        """The cheapest chains from an entry: cost to each judge, the judge before, the entry that moves."""
        reach = {j: c for j, c in enumerate(self._cost[entry]) if c is not None and j not in self.holds[entry]}
        came: dict[int, int] = {}
        moved: dict[int, int] = {}
        waiting, queued = deque(reach), set(reach)
        while waiting:
            judge = waiting.popleft()
            queued.discard(judge)
            so_far = reach[judge]
            for other, extra, row in self._ways(judge):
                if other not in reach or so_far + extra < reach[other]:
                    reach[other], came[other], moved[other] = so_far + extra, judge, row
                    if other not in queued:
                        waiting.append(other)
                        queued.add(other)
        return reach, came, moved

    def _ways(self, judge: int) -> Iterator[tuple[int, int, int]]:
        """The cheapest move of an entry from this judge to each other: judge, extra cost, entry."""
        for other, moves in enumerate(self._moves[judge]):
            while moves and not self._can_move(moves[0][1], judge, other):
                heapq.heappop(moves)
            if moves:
                yield other, *moves[0]

    def _can_move(self, row: int, judge: int, other: int) -> bool:
        return judge in self.holds[row] and other not in self.holds[row]

    def _offer(self, row: int, gained: int, lost: int | None) -> None:
        """Enter the moves that a change of an entry's judges made possible; those it ended are dropped when met."""
        cost, holds = self._cost[row], self.holds[row]
        for other in self._judges:
            if gained in holds and other not in holds:
                self._enter(row, gained, other, cost[gained], cost[other])
        if lost is not None and lost not in holds:
            for judge in sorted(holds - self._fixed[row]):
                self._enter(row, judge, lost, cost[judge], cost[lost])

    def _enter(self, row: int, judge: int, other: int, now: int | None, then: int | None) -> None:
        if now is not None and then is not None:
            heapq.heappush(self._moves[judge][other], (then - now, row))
