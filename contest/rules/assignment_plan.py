"""A plan of who marks what, from where a round stands: what is there stays, what is missing is added.

Loads come first here, preferences within them: one judge who knows a field must not get all its works. What has
marks never moves. What is given and empty moves only where it is asked for, or where an entry could not be served
otherwise; then as few as possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from contest.rules.assignment import Assigned, Instance, Judge, Pair, Wanted, assign
from contest.rules.reading import Refused


class Moving(StrEnum):
    """What may become of sheets that are given and empty."""

    KEEP = "keep"  # stay, unless an entry could not be served
    EVEN = "even"  # move where loads become more even by it; as few as possible
    AFRESH = "afresh"  # as if they had never been given


@dataclass(frozen=True)
class Situation:
    """Where a round stands. Pairs are (entry, judge); judges are those who are there.

    need: judges an entry should have, by entry, marks of judges who left already taken off.
    most: the greatest load of a judge; None: no limit. A lower one than what stays to the judge takes nothing away.
    held: pairs that are given now. firm: those of them that must not move.
    barred: pairs that must never be; suspected: that had better not. spent: given once and given back.
    likes: preferences. wanted, unwanted: what a person decided beside the machine.
    """

    need: Mapping[str, int]
    most: Mapping[str, int | None]
    held: frozenset[Pair] = frozenset()
    firm: frozenset[Pair] = frozenset()
    barred: frozenset[Pair] = frozenset()
    suspected: frozenset[Pair] = frozenset()
    spent: frozenset[Pair] = frozenset()
    likes: Mapping[Pair, Fraction] = field(default_factory=dict)
    wanted: frozenset[Pair] = frozenset()
    unwanted: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Arranged:
    """given, taken: pairs to add and to take away, sorted. pairs: what then stands.

    is_forced: empty sheets had to move although they were to stay. suspected: pairs given in spite of a suspicion.
    """

    given: tuple[Pair, ...]
    taken: tuple[Pair, ...]
    pairs: tuple[Pair, ...]
    load: Mapping[str, int]
    is_forced: bool = False
    suspected: tuple[Pair, ...] = ()


def arrange(situation: Situation, moving: Moving) -> Arranged:
    """The best plan there is. Raises Refused as `assign` does, with what the mildest attempt says."""
    refusal: Refused | None = None
    for instance, is_level, is_forced in _attempts(situation, moving):
        try:
            found = level_first(instance) if is_level else assign(instance)
        except Refused as refused:
            refusal = refused
            continue
        now = frozenset(found.pairs)
        given = tuple(sorted(now - situation.held))
        return Arranged(
            given, tuple(sorted(situation.held - now)), found.pairs, found.load, is_forced,
            tuple(pair for pair in given if pair in situation.suspected and pair not in situation.wanted),
        )  # fmt: skip
    assert refusal is not None  # there is always a first attempt
    raise refusal


def level_first(instance: Instance) -> Assigned:
    """The most even loads there are, and the greatest preference within them.

    A judge gets one entry more or less for a preference only where another has just that number, so that what is
    even stays so. Where conflicts or limits keep three neighbouring loads apart, the outer two may gain.
    """
    level = assign(replace(instance, preferences={}))
    if not instance.preferences:
        return level
    loads = set(level.load.values())
    judges = []
    for judge in instance.judges:
        load = level.load[judge.key]
        low = load - 1 if load - 1 in loads else load
        high = load + 1 if load + 1 in loads else load
        most = high if judge.max is None else min(high, judge.max)
        judges.append(replace(judge, min=max(judge.min, low), max=most))
    return assign(replace(instance, judges=tuple(judges)))


def _attempts(situation: Situation, moving: Moving) -> Iterator[tuple[Instance, bool, bool]]:
    """From the strictest to the mildest: (instance, loads first, empty sheets may have to move)."""
    for apart in dict.fromkeys((situation.suspected - situation.held - situation.wanted, frozenset[Pair]())):
        if moving is Moving.KEEP:
            loose = (situation.barred | situation.unwanted) & (situation.held - situation.firm)
            yield _instance(situation, situation.held - loose, apart, situation.likes), True, False
            if situation.held - situation.firm - loose:
                stay = dict.fromkeys(situation.held - situation.firm - loose, Fraction(1))
                yield _instance(situation, situation.firm, apart, stay), False, True
        elif moving is Moving.EVEN:
            # One sheet that stays outweighs all that could be liked better.
            worth = 1 + 2 * sum(situation.need.values()) * max(map(abs, situation.likes.values()), default=Fraction(0))
            stay = {pair: situation.likes.get(pair, Fraction(0)) + worth for pair in situation.held - situation.firm}
            yield _instance(situation, situation.firm, apart, {**situation.likes, **stay}), True, False
        else:
            yield _instance(situation, situation.firm, apart, situation.likes), True, False


def _instance(
    situation: Situation, stays: frozenset[Pair], apart: frozenset[Pair], likes: Mapping[Pair, Fraction]
) -> Instance:  # fmt: skip
    carried = Counter(judge for _entry, judge in stays)
    return Instance(
        tuple(Wanted(entry, count) for entry, count in situation.need.items()),
        tuple(Judge(key, 0, None if most is None else max(most, carried[key])) for key, most in situation.most.items()),
        (situation.barred | situation.spent | situation.unwanted | apart) - stays,
        likes,
        stays | situation.wanted,
    )
