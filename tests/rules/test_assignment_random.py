"""Thousands of small instances against every possibility, and the proofs of refusals counted over."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from contest.rules.assignment import Instance, assign
from contest.rules.assignment_spread import links
from contest.rules.reading import Problem, Refused
from tests.rules.assignment_oracle import every_assignment, random_instance, worth


@pytest.mark.parametrize("seed", range(8))
def test_no_assignment_is_better_and_none_is_missed(seed: int) -> None:
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()

    for _case in range(500):
        given = random_instance(chance)
        possible = list(every_assignment(given))
        try:
            got = assign(given)
        except Refused as refused:
            assert possible == []
            for problem in refused.problems:
                assert_proven(given, problem)
                outcomes[problem.code] += 1
            continue
        best = max(worth(given, *one) for one in possible)
        assert (set(got.pairs), got.load) in possible
        assert worth(given, got.pairs, got.load) == best
        # Evenness by its other names: the highest least load, and the least distance between the two.
        equal = [loads for pairs, loads in possible if worth(given, pairs, loads)[0] == best[0]]
        assert min(got.load.values()) == max(min(loads.values()) for loads in equal)
        outcomes["assigned"] += 1

    # Each way to end was really tried.
    assert outcomes["assigned"] > 100
    assert min(outcomes["cannot_be_served"], outcomes["below_min"], outcomes["too_few_judges"]) > 5


def assert_proven(given: Instance, problem: Problem) -> None:
    """The numbers of a refusal follow from the instance by counting, and show that it is impossible."""
    facts = problem.facts
    if problem.code not in ("cannot_be_served", "below_min"):
        return
    group = set(facts["judges"])
    outside = {judge.key for judge in given.judges} - group
    owed, may_give = {}, 0
    for entry in given.entries:
        free = {judge.key for judge in given.judges if (entry.key, judge.key) not in given.conflicts}
        fixed = {judge for key, judge in given.fixed if key == entry.key}
        owed[entry.key] = max(entry.judges - len(free & outside), len(fixed & group))
        may_give += min(entry.judges - len(fixed & outside), len(free & group))
    if problem.code == "cannot_be_served":
        limits = [judge.max for judge in given.judges if judge.key in group]
        assert facts["places"] == sum(limits)
        assert facts["entries"] == tuple(sorted(key for key, count in owed.items() if count > 0))
        assert facts["needed"] == sum(owed[key] for key in facts["entries"])
        assert facts["needed"] > facts["places"]
    else:
        assert facts["judge"] in group
        assert facts["least"] == sum(judge.min for judge in given.judges if judge.key in group)
        assert facts["places"] == may_give
        assert facts["least"] > facts["places"]


def test_judges_nearly_always_hang_together_where_any_best_assignment_lets_them() -> None:
    """A climb proves nothing, so this counts: how often some best assignment has fewer groups than ours."""
    chance = random.Random(15)
    tried, missed = 0, 0

    for _case in range(600):
        given = random_instance(chance)
        try:
            got = assign(given)
        except Refused:
            continue
        best = [
            pairs
            for pairs, loads in every_assignment(given)
            if worth(given, pairs, loads)[:2] == worth(given, got.pairs, got.load)[:2]
        ]
        fewest = min(len(links(pairs).groups) for pairs in best)
        tried += 1
        missed += len(links(got.pairs).groups) > fewest

    assert tried > 200
    assert missed <= tried // 100, (missed, tried)
