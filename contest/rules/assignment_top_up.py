"""Topping up: judges left, entries came late, limits changed; what is marked stays, and little else moves.

`top_up` writes the state of a round as an instance of the same format. `topped_up` solves it and says what to
give and what to take away. A pair that is given but not marked yet is kept if it can be: before any preference,
as few of them as possible are taken away.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

from contest.rules.assignment import Assigned, Instance, Pair, Wanted, assign


@dataclass(frozen=True)
class Standing:
    """Where a round stands.

    held: pairs that are given, of judges who left too. marked: those of them that have marks; they stay and count
    for their entry. gone: the judges who left. Who gave an entry back is not to get it again: a conflict.
    """

    held: frozenset[Pair] = frozenset()
    marked: frozenset[Pair] = frozenset()
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ToppedUp:
    """given, taken: pairs to add and to take away, sorted; a pair of a judge who left and has no marks is taken.

    assigned: the whole of the judges who are there, with its total preference as the organisers wrote it.
    """

    given: tuple[Pair, ...]
    taken: tuple[Pair, ...]
    assigned: Assigned


def top_up(instance: Instance, standing: Standing) -> Instance:
    """The instance that gives entries the judges they lack, from what the organisers want and where things stand.

    instance: all judges and entries, each entry with its full number of judges; a pair it fixes is as good as
    marked. An entry with more marks than
    that keeps them all. A marked pair that is a conflict now is left to be refused by `assign`: what becomes of
    marks that are there is not for a machine to say.
    """
    marked = standing.marked | instance.fixed
    counting = Counter(entry for entry, _ in marked)
    by_the_gone = Counter(entry for entry, judge in marked if judge in standing.gone)
    stays = frozenset(pair for pair in marked if pair[1] not in standing.gone)
    preferences = {pair: value for pair, value in instance.preferences.items() if pair[1] not in standing.gone}
    entries = tuple(
        Wanted(entry.key, max(entry.judges, counting[entry.key]) - by_the_gone[entry.key]) for entry in instance.entries
    )
    # More than all preferences together can make good.
    places = sum(entry.judges for entry in entries)
    keep = int(2 * places * max(map(abs, preferences.values()), default=Fraction(0))) + 1
    for pair in standing.held - stays - instance.conflicts:
        if pair[1] not in standing.gone:
            preferences[pair] = preferences.get(pair, Fraction(0)) + keep
    return replace(
        instance,
        entries=entries,
        judges=tuple(judge for judge in instance.judges if judge.key not in standing.gone),
        conflicts=frozenset(pair for pair in instance.conflicts if pair[1] not in standing.gone),
        preferences=preferences,
        fixed=stays,
    )


def topped_up(instance: Instance, standing: Standing) -> ToppedUp:
    """What to give and what to take away. Raises Refused as `assign` does."""
    found = assign(top_up(instance, standing))
    total = sum((instance.preferences.get(pair, Fraction(0)) for pair in found.pairs), Fraction(0))
    now, marked = frozenset(found.pairs), standing.marked | instance.fixed
    return ToppedUp(
        given=tuple(sorted(now - standing.held - standing.marked)),
        taken=tuple(sorted(standing.held - marked - now)),
        assigned=replace(found, total_preference=total),
    )
