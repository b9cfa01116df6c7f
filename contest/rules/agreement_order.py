"""Judges in an order that follows from what they gave to what, and not from what anyone is called.

Drawn panels name judges by number (`agreement_chance`), so another order is another draw: with keys for an order,
giving J3 the key J10 would move the figures.

Entries begin with the colours given, judges with none. In turns a judge's colour becomes that of the marks and the
entries they were given to, an entry's that of the marks and the judges they are from, until no more can be told apart.
Judges whose colours are still the same, like two who gave every entry the same mark, go by their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

Totals = Mapping[str, Mapping[str, Mapping[str, Fraction]]]
"""By round in their order, by entry, by judge."""


def judges_in_order(totals: Totals, entries: Mapping[str, int]) -> list[str]:
    """The judges of these entries. entries: those that count, each with its first colour."""
    rows = [
        (judge, entry, number, mark)
        for number, of_round in enumerate(totals.values())
        for entry, row in of_round.items()
        if entry in entries
        for judge, mark in row.items()
    ]
    ranks = {mark: rank for rank, mark in enumerate(sorted({mark for *_, mark in rows}))}
    given = [(judge, entry, number, ranks[mark]) for judge, entry, number, mark in rows]
    judges = dict.fromkeys((judge for judge, *_ in given), 0)
    of_entry = {entry: entries[entry] for _, entry, *_ in given}
    told = -1
    while told < len({*judges.values()}) + len({*of_entry.values()}):
        told = len({*judges.values()}) + len({*of_entry.values()})
        judges = _coloured(judges, ((judge, (number, mark, of_entry[entry])) for judge, entry, number, mark in given))
        of_entry = _coloured(of_entry, ((entry, (number, mark, judges[judge])) for judge, entry, number, mark in given))
    return sorted(judges, key=lambda judge: (judges[judge], judge))


def _coloured(before: Mapping[str, int], seen: Iterable[tuple[str, tuple[int, int, int]]]) -> dict[str, int]:
    """Colours after one more look; what could be told apart before still can."""
    looks: dict[str, list[tuple[int, int, int]]] = {key: [] for key in before}
    for key, look in seen:
        looks[key].append(look)
    whole = {key: (before[key], tuple(sorted(look))) for key, look in looks.items()}
    ranks = {look: rank for rank, look in enumerate(sorted({*whole.values()}))}
    return {key: ranks[look] for key, look in whole.items()}
