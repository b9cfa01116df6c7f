"""The search behind `assignment`: a flow of least cost, on whole numbers, exact.

Each need of an entry is placed in turn along the cheapest chain: the entry takes judge A, from whom
some entry moves to B, … until a judge with room takes one more. Placing every need along a cheapest
chain keeps the whole at least cost (successive shortest paths), so the end result is the best there is,
and a need that finds no chain has none at all (Ford and Fulkerson; Ahuja, Magnanti, Orlin: Network Flows, ch. 9).

One cost carries three wishes, each outweighing all that follow: a judge's least number, the
preferences, even loads. The k-th entry of a judge adds 2k - 1, so that loads add up to their squares.

Entries are many and judges few, so chains are sought among the judges alone: for every two of them the
cheapest entry that could move from the one to the other is kept at hand. Each judge has a price
(Edmonds and Karp, 1972), under which no move gains anything, so that Dijkstra's search is allowed; it ends
at the first judge with room, which most often is the first judge it looks at.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence, Set


class Placing:
    """A growing assignment, always at least cost for what is placed.

    cost: by entry and judge, lower is better, None for a pair that must never be; as given times a constant.
    holds: the judges of each entry, by column. load: entries of each judge, fixed ones included.
    shared: for every two judges, the entries both have.
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
        """fixed: the judges each entry has already and keeps. need: places wanted in all."""
        judges = self._judges = range(len(most))
        # An even load must never buy a preference, nor a preference a least number.
        even = need * need + 1
        self._due = even * (2 * need * max((abs(c) for row in cost for c in row if c is not None), default=0) + 1)
        self.cost = [[None if c is None else c * even for c in row] for row in cost]
        self.fixed, self.least, self.most = fixed, least, most
        self.holds = [set(kept) for kept in fixed]
        self.load = [sum(j in kept for kept in fixed) for j in judges]
        self.shared = [[0] * len(judges) for _ in judges]
        for kept in fixed:
            for judge in kept:
                self._meet(judge, kept, 1)
        # More than any chain can cost, and any price can be: a chain crosses each judge once.
        self._far = (4 * len(judges) + 8) * (self._due + even)
        # For judges a and b: all moves a -> b that may be possible, as extra cost * entries + entry; the cheapest
        # that is possible; its extra cost. One number instead of a pair of them takes a third of the memory.
        self._moves: list[list[list[int]]] = [[[] for _ in judges] for _ in judges]
        self._mover: list[list[int | None]] = [[None] * len(judges) for _ in judges]
        self._extra = [[3 * self._far] * len(judges) for _ in judges]
        self._price = [0] * len(judges)
        self._open_price = min((self._next(j) for j in judges), default=0)

    def place(self, entry: int) -> bool:
        """Give an entry one judge more; False when there is no way, and nothing is changed."""
        reach, came, end = self._search(entry)
        if end is None:
            return False
        bound = reach[end] + self._next(end) + self._price[end] - self._open_price
        for judge in self._settled:
            self._price[judge] += reach[judge] - bound
        self.load[end] += 1
        changes: list[tuple[int, int, int | None]] = []
        judge = end
        while judge in came:
            row = self._mover[came[judge]][judge]
            assert row is not None  # a chain is made of moves that are possible
            changes.append((row, judge, came[judge]))
            judge = came[judge]
        changes.append((entry, judge, None))
        for row, gained, lost in changes:
            self._change(row, gained, lost)
        for row, gained, lost in changes:
            self._renew(row, gained, lost)
        return True

    def move(self, entry: int, judge: int, other: int) -> None:
        """Give an entry another judge, from outside; once that is done, `place` is not to be called again."""
        self._change(entry, other, judge)
        self.load[judge] -= 1
        self.load[other] += 1

    def ways(self, judge: int) -> Iterator[int]:
        """The judges some entry of this one could move to."""
        return (other for other, row in enumerate(self._mover[judge]) if row is not None)

    def _next(self, judge: int) -> int:
        """What one more entry costs a judge."""
        load = self.load[judge]
        return 2 * load + 1 - (self._due if load < self.least[judge] else 0)

    def _search(self, entry: int) -> tuple[list[int], dict[int, int], int | None]:
        """The cheapest chain from an entry: distances under the prices, the judge before each, the last judge.

        Of several last judges an entry could go to straight, the one is taken that has the fewest entries in
        common with the judges it has, so that all judges meet.
        """
        price, far, holds = self._price, self._far, self.holds[entry]
        reach = [far] * len(price)
        near = []
        bound, end, meetings = far, None, 0
        for judge, cost in enumerate(self.cost[entry]):
            if cost is None or judge in holds:
                continue
            reach[judge] = cost - price[judge]
            near.append((reach[judge], judge))
            if self.load[judge] < self.most[judge]:
                total = cost + self._next(judge) - self._open_price
                if total <= bound:
                    met = sum(self.shared[judge][other] for other in holds)
                    if total < bound or met < meetings:
                        bound, end, meetings = total, judge, met
        came: dict[int, int] = {}
        self._settled: list[int] = []
        waiting = [pair for pair in near if pair[0] < bound]
        heapq.heapify(waiting)
        while waiting and waiting[0][0] < bound:
            so_far, judge = heapq.heappop(waiting)
            if so_far > reach[judge]:
                continue
            self._settled.append(judge)
            so_far += price[judge]
            if self.load[judge] < self.most[judge]:
                total = so_far + self._next(judge) - self._open_price
                if total < bound:
                    bound, end = total, judge
            for other, extra in enumerate(self._extra[judge]):
                distance = so_far + extra - price[other]
                if distance < bound and distance < reach[other]:
                    reach[other], came[other] = distance, judge
                    heapq.heappush(waiting, (distance, other))
        return reach, came, end

    def _change(self, row: int, gained: int, lost: int | None) -> None:
        holds = self.holds[row]
        if lost is not None:
            holds.discard(lost)
            self._meet(lost, holds, -1, both=True)
        self._meet(gained, holds, 1, both=True)
        holds.add(gained)

    def _meet(self, judge: int, others: Set[int], change: int, *, both: bool = False) -> None:
        for other in others:
            if other != judge:
                self.shared[judge][other] += change
                if both:
                    self.shared[other][judge] += change

    def _renew(self, row: int, gained: int, lost: int | None) -> None:
        """After a change of an entry's judges: forget the moves it ended, enter those it made possible."""
        cost, holds = self.cost[row], self.holds[row]
        movable = [judge for judge in holds if judge not in self.fixed[row]]
        for judge in movable:
            if self._mover[judge][gained] == row:
                self._refresh(judge, gained)
        if lost is not None:
            for other, mover in enumerate(self._mover[lost]):
                if mover == row:
                    self._refresh(lost, other)
            if lost not in holds:
                for judge in movable:
                    self._enter(row, judge, lost)
        if gained in holds:
            for other in self._judges:
                if other not in holds and cost[other] is not None:
                    self._enter(row, gained, other)

    def _enter(self, row: int, judge: int, other: int) -> None:
        now, then = self.cost[row][judge], self.cost[row][other]
        if now is None or then is None:
            return
        extra = then - now
        heapq.heappush(self._moves[judge][other], extra * len(self.cost) + row)
        if extra < self._extra[judge][other]:
            self._extra[judge][other], self._mover[judge][other] = extra, row

    def _refresh(self, judge: int, other: int) -> None:
        """Find the cheapest move again; those that are no longer possible are dropped when met."""
        moves = self._moves[judge][other]
        while moves:
            extra, row = divmod(moves[0], len(self.cost))
            if judge in self.holds[row] and other not in self.holds[row]:
                self._extra[judge][other], self._mover[judge][other] = extra, row
                return
            heapq.heappop(moves)
        self._extra[judge][other], self._mover[judge][other] = 3 * self._far, None
