"""Places from merits and tie-breaks. It knows nothing of marks: whoever calls says what each tie-break compares.

Entries of equal merit are compared by the tie-breaks in order; each separates what it can, and the next looks only at
those still equal. Who is equal on all shares a place, and the next place is skipped: 1, 2, 2, 4. Where an entry has no
value for a tie-break (no such measure, not in that round), it stands after those that have one; with `pass_over` the
tie-break separates nobody of that group instead, because a judge who had to stay away must not cost an entry its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """A tie-break: `value` gives what is compared, None where the entry has none; larger first when `descending`."""

    name: str
    value: Callable[[str], Any]
    descending: bool = True
    pass_over: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """`decided_by`: the tie-break that separated this entry from the one above; None where merit did, or nothing."""

    entry: str
    place: int
    shared: bool
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A tie-break that was reached by a group in which these entries have no value for it."""

    tiebreak: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tier:
    entries: list[str]
    decided_by: str | None


def rank(merits: Mapping[str, Any], comparisons: Sequence[Comparison]) -> tuple[list[Placed], list[Lacking]]:
    """Rank entries by merit, larger first; shared places are in the order of their keys."""
    lacking: list[Lacking] = []
    places: list[Placed] = []
    for _, group in groupby(sorted(merits, key=lambda entry: merits[entry], reverse=True), key=lambda e: merits[e]):
        for tier in _split(sorted(group), comparisons, lacking):
            place, shared = len(places) + 1, len(tier.entries) > 1
            for position, entry in enumerate(tier.entries):
                places.append(Placed(entry, place, shared, None if position else tier.decided_by))
    return places, lacking


def _split(group: list[str], comparisons: Sequence[Comparison], lacking: list[Lacking]) -> list[_Tier]:
    """Cut a group of equals, sorted by key, into tiers."""
    tiers = [_Tier(group, None)]
    for comparison in comparisons:
        if all(len(tier.entries) == 1 for tier in tiers):
            break
        cut: list[_Tier] = []
        for tier in tiers:
            parts = [tier.entries] if len(tier.entries) == 1 else _parts(tier.entries, comparison, lacking)
            cut.append(_Tier(parts[0], tier.decided_by))
            cut += [_Tier(part, comparison.name) for part in parts[1:]]
        tiers = cut
    return tiers


def _parts(entries: list[str], comparison: Comparison, lacking: list[Lacking]) -> list[list[str]]:
    values = {entry: comparison.value(entry) for entry in entries}
    without = [entry for entry in entries if values[entry] is None]
    if without:
        lacking.append(Lacking(comparison.name, tuple(without)))
        if comparison.pass_over:
            return [entries]
    having = [entry for entry in entries if values[entry] is not None]
    # sorted() keeps equals in order even in reverse, so shared places stay in the order of their keys.
    having.sort(key=lambda entry: values[entry], reverse=comparison.descending)
    parts = [list(part) for _, part in groupby(having, key=lambda entry: values[entry])]
    return parts + ([without] if without else [])


def places_by_judge(totals: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[int, ...]]:
    """For the tie-break `places`: each judge's totals rank the entries; larger is better.

    totals: for each judge the totals by entry. Equal totals share a place. What comes back compares first
    the number of first places, then of second ones, and so on; entries nobody has a total for are missing from it.
    """
    places: dict[str, list[int]] = {}
    for own in totals.values():
        placed, _ = rank(own, ())
        for row in placed:
            places.setdefault(row.entry, []).append(row.place)
    # Sorted and negated, a longer run of small places compares as larger: more firsts, then more seconds.
    return {entry: tuple(-place for place in sorted(found)) for entry, found in places.items()}


def tiers_of(placed: Iterable[Placed]) -> list[list[str]]:
    """The entries of each place, from the first down."""
    return [[row.entry for row in rows] for _, rows in groupby(placed, key=lambda row: row.place)]
