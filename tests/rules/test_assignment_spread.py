"""Judges meet as far as the numbers allow, and nothing is paid for it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

import pytest

from contest.rules.assignment import Assigned, Instance, Judge, Wanted, assign
from contest.rules.assignment_spread import Links, links
from tests.rules.assignment_oracle import instance


def contest(entries: int, judges: int, each: int, likes: Iterable[tuple[tuple[str, str], Fraction]] = ()) -> Instance:
    return Instance(
        tuple(Wanted(f"E{i:03}", each) for i in range(entries)),
        tuple(Judge(f"J{j:02}") for j in range(judges)),
        preferences=dict(likes),
    )


def linked(assigned: Assigned) -> tuple[int, int, int]:
    found = links(assigned.pairs)
    return len(found.groups), found.fewest, found.most


@pytest.mark.parametrize(
    ("size", "expected"),
    (
        # entries, judges, judges each -> groups, fewest and most shared entries of two judges
        ((100, 12, 3), (1, 4, 5)),  # 300 meetings of 66 pairs of judges: 4.5 each
        ((7, 7, 3), (1, 0, 2)),  # the Fano plane would be (1, 1, 1); swaps two at a time do not find it
        ((45, 10, 2), (1, 1, 1)),  # every two judges meet exactly once
        ((9, 10, 2), (1, 0, 1)),  # a tree: as few entries as can hold ten judges together
        ((8, 10, 2), (2, 0, 1)),  # one entry too few
        ((10, 10, 1), (10, 0, 0)),  # one judge each: nobody meets
    ),
)  # fmt: skip
def test_judges_meet_evenly(size: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    assert linked(assign(contest(*size))) == expected


def test_two_teams_with_the_same_wish_everywhere_are_joined_by_nothing_that_costs() -> None:
    """Half of the entries want one half of the judges: all stay where they are wanted, and stay two groups."""
    likes = {
        (f"E{i:03}", f"J{j:02}"): Fraction(1)
        for i, j in product(range(20), range(6))
        if (i < 10) == (j < 3)
    }  # fmt: skip

    got = assign(contest(20, 6, 2, likes.items()))

    assert got.total_preference == 40
    assert [len(group) for group in links(got.pairs).groups] == [3, 3]


def test_one_who_likes_both_teams_joins_them() -> None:
    likes = {
        (f"E{i:03}", f"J{j:02}"): Fraction(1)
        for i, j in product(range(20), range(6))
        if (i < 10) == (j < 3) or i == 0
    }  # fmt: skip

    got = assign(contest(20, 6, 2, likes.items()))

    assert got.total_preference == 40
    assert [len(group) for group in links(got.pairs).groups] == [6]


def test_a_fixed_pair_and_a_limit_stay_while_judges_swap() -> None:
    entries = " ".join(f"E{i}:2" for i in range(12))
    fixed = frozenset((f"E{i}", judge) for i in range(4) for judge in ("J1", "J2"))

    got = assign(instance(entries, "J1:0- J2:0- J3:6-6 J4:0-", fixed=fixed))

    assert fixed <= set(got.pairs)
    assert got.load == {"J1": 6, "J2": 6, "J3": 6, "J4": 6}
    assert linked(got)[0] == 1


def test_links_of_nothing_and_of_one() -> None:
    assert links([]) == Links((), 0, 0)
    assert links([("E1", "J1")]) == Links((("J1",),), 0, 0)


def test_links_names_the_groups() -> None:
    found = links([("E1", "J1"), ("E1", "J3"), ("E2", "J2"), ("E3", "J3"), ("E3", "J1"), ("E4", "J3"), ("E4", "J4")])

    assert found == Links((("J1", "J3", "J4"), ("J2",)), 0, 2)
