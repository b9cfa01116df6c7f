"""Topping up: what is marked stays, as little as possible moves, and only then the wishes count."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from contest.rules.assignment import Instance, assign
from contest.rules.assignment_format import read_instance, write_instance
from contest.rules.assignment_top_up import Standing, top_up, topped_up
from contest.rules.reading import Refused
from tests.rules.assignment_oracle import every_assignment, instance, pairs, random_instance


def test_a_judge_left_and_an_entry_came_late() -> None:
    wanted = instance("E1:2 E2:2 E3:2", "J1:0- J2:0- J3:0-")
    standing = Standing(held=pairs("E1/J1 E1/J2 E2/J1 E2/J2"), marked=pairs("E1/J1"), gone=frozenset({"J1"}))

    got = topped_up(wanted, standing)

    # E1 has J1's mark and keeps J2; E2 lost J1; E3 is new. What J1 had and did not mark is taken away.
    assert got.given == (("E2", "J3"), ("E3", "J2"), ("E3", "J3"))
    assert got.taken == (("E2", "J1"),)
    assert got.assigned.load == {"J2": 3, "J3": 2}


def test_what_is_given_moves_only_where_it_must() -> None:
    """J3 may mark E2 alone, so one of the pairs without a mark moves; the preference for E3 moves nothing."""
    wanted = instance(
        "E1:1 E2:1 E3:1", "J1:0-1 J2:0-1 J3:0-1", conflicts=pairs("E1/J3 E3/J3"),
        preferences={("E3", "J1"): Fraction(9), ("E3", "J2"): Fraction(1)},
    )  # fmt: skip
    standing = Standing(held=pairs("E1/J1 E2/J2"), marked=pairs("E1/J1"))

    got = topped_up(wanted, standing)

    assert (got.given, got.taken) == ((("E2", "J3"), ("E3", "J2")), (("E2", "J2"),))
    assert got.assigned.total_preference == 1


def test_marks_above_the_number_needed_all_stay() -> None:
    got = topped_up(instance("E1:1", "J1:0- J2:0-"), Standing(held=pairs("E1/J1 E1/J2"), marked=pairs("E1/J1 E1/J2")))

    assert (got.given, got.taken) == ((), ())
    assert got.assigned.pairs == (("E1", "J1"), ("E1", "J2"))


def test_a_mark_against_a_conflict_is_for_people_to_settle() -> None:
    marked = pairs("E1/J1")

    with pytest.raises(Refused) as refused:
        topped_up(instance("E1:1", "J1:0-", conflicts=marked), Standing(held=marked, marked=marked))

    assert [problem.code for problem in refused.value.problems] == ["too_few_judges", "fixed_conflict"]


def test_a_pair_without_a_mark_gives_way_to_a_conflict() -> None:
    got = topped_up(instance("E1:1", "J1:0- J2:0-", conflicts=pairs("E1/J1")), Standing(held=pairs("E1/J1")))

    assert (got.given, got.taken) == ((("E1", "J2"),), (("E1", "J1"),))


def test_the_fewest_pairs_move_against_every_possibility() -> None:
    chance, moved = random.Random(3), 0

    for _case in range(1500):
        before = random_instance(chance)
        try:
            held = frozenset(assign(before).pairs)
        except Refused:
            continue
        marked = frozenset(pair for pair in sorted(held) if chance.random() < 0.3)
        barred = frozenset(pair for pair in sorted(held - marked) if chance.random() < 0.1)
        after = replace(before, conflicts=before.conflicts | barred, judges=before.judges[: chance.randint(1, 4)])
        gone = frozenset(judge.key for judge in before.judges) - {judge.key for judge in after.judges}
        standing = Standing(held, marked, gone)
        known = replace(after, judges=before.judges)
        possible = list(every_assignment(limited(top_up(known, standing))))
        try:
            got = topped_up(known, standing)
        except Refused:
            assert possible == []
            continue
        by_the_gone = {pair for pair in marked | before.fixed if pair[1] in gone}
        kept = max(len(pairs_ & held) for pairs_, _loads in possible)
        wishes = [pairs_ for pairs_, _loads in possible if len(pairs_ & held) == kept]
        assert len(set(got.assigned.pairs) & held) == kept
        assert got.assigned.total_preference == max(worth_of(before, pairs_) for pairs_ in wishes)
        assert set(got.assigned.pairs) == (held - set(got.taken) - by_the_gone) | set(got.given)
        assert not set(got.taken) & marked
        moved += bool(got.taken)

    assert moved > 100


def limited(given: Instance) -> Instance:
    """Without its preferences: they are what is tested, not what is possible."""
    return replace(given, preferences={})


def worth_of(given: Instance, chosen: set[tuple[str, str]]) -> Fraction:
    return sum((given.preferences.get(pair, Fraction(0)) for pair in chosen), Fraction(0))


def test_the_instance_can_be_handed_to_the_command() -> None:
    wanted = instance("E1:2 E2:1", "J1:0- J2:0-3 J3:1-", preferences={("E1", "J2"): Fraction("0.25")})
    topped = top_up(wanted, Standing(held=pairs("E1/J1 E1/J2"), marked=pairs("E1/J1")))

    assert read_instance(write_instance(topped)) == topped


def test_a_preference_that_is_no_decimal_has_no_document() -> None:
    with pytest.raises(ValueError, match="1/3"):
        write_instance(instance("E1:1", "J1:0-", preferences={("E1", "J1"): Fraction(1, 3)}))
