"""Every assignment there is of a small instance, and the makers of instances the tests share."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

from contest.rules.assignment import Instance, Judge, Pair, Wanted


def every_assignment(instance: Instance) -> Iterator[tuple[set[Pair], dict[str, int]]]:
    """All that are allowed, as sets of pairs."""
    keys = [judge.key for judge in instance.judges]
    choices = []
    for entry in instance.entries:
        kept = {judge for key, judge in instance.fixed if key == entry.key}
        free = [j for j in keys if (entry.key, j) not in instance.conflicts]
        choices.append([c for c in combinations(free, entry.judges) if kept <= set(c)])
    for chosen in product(*choices):
        loads = {key: sum(key in c for c in chosen) for key in keys}
        if all(j.min <= loads[j.key] and (j.max is None or loads[j.key] <= j.max) for j in instance.judges):
            yield {(e.key, j) for e, c in zip(instance.entries, chosen, strict=True) for j in c}, loads


def worth(instance: Instance, pairs, loads):
    total = sum((instance.preferences.get(pair, Fraction(0)) for pair in pairs), Fraction(0))
    return total, -sum(load**2 for load in loads.values()), [-load for load in sorted(loads.values(), reverse=True)]


def random_instance(chance: random.Random, *, most_entries: int = 5, most_judges: int = 4) -> Instance:
    """Small enough to try everything: slack and tight, possible and not, with few or many equal preferences."""
    entries = [f"E{i}" for i in range(chance.randint(1, most_entries))]
    judges = [f"J{i}" for i in range(chance.randint(1, most_judges))]
    wanted = tuple(Wanted(key, chance.choice((0, 1, 1, 2, 2, 3)) if len(judges) > 2 else 1) for key in entries)
    need = sum(entry.judges for entry in wanted)
    fair = need // len(judges)
    every = list(product(entries, judges))
    barred = chance.choice((0, 0.1, 0.25))
    conflicts = frozenset(pair for pair in every if chance.random() < barred)
    grain = chance.choice((1, 2, 10, 1000))
    likes = chance.choice((0, 0.3, 1))
    return Instance(
        wanted,
        tuple(
            Judge(key, max(0, fair + chance.choice((-9, -1, 0, 0, 1))), chance.choice((None, fair + 1, fair + 2, fair)))
            for key in judges
        ),
        conflicts,
        {pair: Fraction(chance.randint(-grain // 2, grain), grain) for pair in every if chance.random() < likes},
        frozenset(pair for pair in every if pair not in conflicts and chance.random() < 0.05),
    )


def instance(entries: str, judges: str, **more) -> Instance:
    """entries: "E1:2 E2:1" (judges wanted); judges: "J1:0-3 J2:1-" (least-most)."""
    wanted = tuple(Wanted(key, int(need)) for key, need in (word.split(":") for word in entries.split()))
    panel = []
    for word in judges.split():
        key, limits = word.split(":")
        least, most = limits.split("-")
        panel.append(Judge(key, int(least), int(most) if most else None))
    return Instance(wanted, tuple(panel), **more)


def pairs(text: str) -> frozenset[Pair]:
    return frozenset((entry, judge) for entry, judge in (word.split("/") for word in text.split()))
