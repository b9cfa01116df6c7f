"""How judges hang together through the entries they share: in which groups, and by how thin a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Rows = Mapping[str, Mapping[str, object]]
"""By entry, whatever each judge gave it."""


def components(rows: Rows) -> list[tuple[str, ...]]:
    """The judges in groups that are connected through shared entries, each group and the list sorted."""
    group: dict[str, set[str]] = {}
    for row in rows.values():
        if len({id(group.setdefault(judge, {judge})) for judge in row}) > 1:
            joined: set[str] = set().union(*(group[judge] for judge in row))
            for judge in joined:
                group[judge] = joined
    return sorted({tuple(sorted(judges)) for judges in group.values()})


def thinnest_link(rows: Rows) -> tuple[int, tuple[str, ...]]:
    """The fewest entries by which two parts of the judges are linked, and the smaller part (of equals the first).

    Of all ways to part the judges in two, the one across which the fewest entries were marked from both sides. There
    have to be two judges or more.
    Source: Klimmek and Wagner, A Simple Hypergraph Min Cut Algorithm (1996), after Stoer and Wagner: in an order that
    always takes the judge with most entries shared with those taken so far, the last one's entries are the thinnest
    link between the last and the one before it; so these two can be joined, and the search repeated.
    """
    judges = sorted({judge for row in rows.values() for judge in row})
    entries = Counter(frozenset(row) for row in rows.values() if len(row) > 1)
    parts: dict[str, tuple[str, ...]] = {judge: (judge,) for judge in judges}
    least: tuple[int, tuple[str, ...]] | None = None
    while len(parts) > 1:
        before, last, links = _order(sorted(parts), entries)
        inside = set(parts[last])
        outside = tuple(judge for judge in judges if judge not in inside)
        side = min(parts[last], outside, key=lambda side: (len(side), side))
        least = min(least or (links, side), (links, side), key=lambda found: (found[0], len(found[1]), found[1]))
        parts[before] = tuple(sorted(parts[before] + parts.pop(last)))
        entries = _joined(entries, last, before)
    if least is None:
        raise ValueError("one judge has no link")
    return least


def _order(names: list[str], entries: Counter[frozenset[str]]) -> tuple[str, str, int]:
    """The last two of the order, and the number of entries of the last."""
    of: dict[str, list[frozenset[str]]] = {name: [] for name in names}
    for row in entries:
        for name in row:
            of[name].append(row)
    near = dict.fromkeys(names, 0)
    touched: set[frozenset[str]] = set()
    before = last = names[0]
    while near:
        before, last = last, max(near, key=lambda name: near[name])
        del near[last]
        for row in of[last]:
            if row not in touched:
                touched.add(row)
                _nearer(near, row, entries[row])
    return before, last, sum(entries[row] for row in of[last])


def _nearer(near: dict[str, int], row: Iterable[str], times: int) -> None:
    for name in row:
        if name in near:
            near[name] += times


def _joined(entries: Counter[frozenset[str]], last: str, before: str) -> Counter[frozenset[str]]:
    found: Counter[frozenset[str]] = Counter()
    for row, times in entries.items():
        fewer = row - {last} | {before} if last in row else row
        if len(fewer) > 1:
            found[fewer] += times
    return found
