"""The rules of contest/rules/similarity.py once more, from their words alone: slow, without hashes, on words."""

from __future__ import annotations

from fractions import Fraction

Run = tuple[int, int, int]


class Oracle:
    """What two lists of words share. passages: sets of runs, also those whose words others show already."""

    def __init__(self, a: list[str], b: list[str]) -> None:
        self.sizes = len(a), len(b)
        if a == b:
            self.passages = [{(0, 0, len(a))}] if a else []
        else:
            chains = _chains(_runs(a, b))
            self.passages = [chain for chain in chains if min(len(_words(chain, 0)), len(_words(chain, 1))) >= 12]

    @property
    def containment(self) -> tuple[Fraction, Fraction]:
        shares = []
        for side in (0, 1):
            words = set().union(*(_words(chain, side) for chain in self.passages))
            shares.append(Fraction(len(words), self.sizes[side]) if self.sizes[side] else Fraction(0))
        return shares[0], shares[1]

    @property
    def score(self) -> Fraction:
        in_a, in_b = self.containment
        total = sum(self.sizes)
        both = (in_a * self.sizes[0] + in_b * self.sizes[1]) / total if total else Fraction(0)
        return (max(in_a, in_b) + both) / 2


def _runs(a: list[str], b: list[str]) -> list[Run]:
    fives_a = [tuple(a[at : at + 5]) for at in range(len(a) - 4)]
    fives_b = [tuple(b[at : at + 5]) for at in range(len(b) - 4)]
    met = set()
    for i, five in enumerate(fives_a):
        for j, other in enumerate(fives_b):
            if five != other:
                continue
            if fives_a.count(five) * fives_b.count(five) <= 25 or fives_a[:i].count(five) == fives_b[:j].count(five):
                met.add((i, j))
    runs = []
    for i, j in met:
        if (i - 1, j - 1) not in met:
            length = 0
            while (i + length, j + length) in met:
                length += 1
            runs.append((i, j, length + 4))
    return runs


def _follows(one: Run, two: Run) -> bool:
    return all(-5 < two[side] - (one[side] + one[2]) <= 20 for side in (0, 1))


def _chains(runs: list[Run]) -> list[set[Run]]:
    chains: list[set[Run]] = []
    for run in runs:
        near = [chain for chain in chains if any(_follows(run, one) or _follows(one, run) for one in chain)]
        chains = [chain for chain in chains if chain not in near] + [{run}.union(*near)]
    return chains


def _words(chain: set[Run], side: int) -> set[int]:
    return {word for run in chain for word in range(run[side], run[side] + run[2])}
