"""Plans from where a round stands: even loads first, then preferences; what is held moves only where it may."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from contest.rules.assignment import assign
from contest.rules.assignment_plan import Moving, Situation, arrange, level_first
from contest.rules.reading import Refused
from tests.rules.assignment_oracle import every_assignment, instance, pairs, random_instance


def test_one_judge_who_knows_a_field_does_not_get_all_of_it() -> None:
    wanted = instance(
        "E1:1 E2:1 E3:1 E4:1", "J1:0- J2:0-", preferences={(f"E{n}", "J1"): Fraction(1) for n in (1, 2, 3, 4)}
    )  # fmt: skip

    assert assign(wanted).load == {"J1": 4, "J2": 0}
    assert level_first(wanted).load == {"J1": 2, "J2": 2}


@pytest.mark.parametrize("seed", range(150))
def test_loads_are_the_most_even_and_preferences_the_best_within_them(seed: int) -> None:
    wanted = random_instance(random.Random(seed))
    options = list(every_assignment(wanted))
    if not options:
        with pytest.raises(Refused):
            level_first(wanted)
        return
    got = level_first(wanted)

    evenest = min(_sorted(loads) for _pairs, loads in options)
    if max(evenest) - min(evenest) > 1:  # kept apart by conflicts or limits: only the greatest load is promised
        assert max(got.load.values()) == max(evenest)
        return
    assert _sorted(got.load) == evenest
    best = max(
        sum((wanted.preferences.get(pair, Fraction(0)) for pair in chosen), Fraction(0))
        for chosen, loads in options
        if _sorted(loads) == evenest
    )
    assert got.total_preference == best


def _sorted(loads: Mapping[str, int]) -> list[int]:
    return sorted(loads.values(), reverse=True)


def situation(need: str, most: str, **more: object) -> Situation:
    """situation("E1:2 E2:1", "J1: J2:3", held=pairs("E1/J1"))"""
    return Situation(
        need={name: int(count) for name, count in (item.split(":") for item in need.split())},
        most={name: int(count) if count else None for name, count in (item.split(":") for item in most.split())},
        **more,  # type: ignore[arg-type]
    )


def test_what_is_held_stays_although_another_would_have_fewer() -> None:
    state = situation("E1:1 E2:1 E3:1", "J1: J2:", held=pairs("E1/J1 E2/J1"))

    kept, even = arrange(state, Moving.KEEP), arrange(state, Moving.EVEN)

    assert (kept.given, kept.taken, kept.is_forced) == ((("E3", "J2"),), (), False)
    assert (even.given, even.taken) == ((("E3", "J2"),), ())  # 2 and 1 is as even as three entries can be


def test_an_empty_sheet_moves_where_an_entry_could_not_be_served_otherwise() -> None:
    state = situation("E1:1 E2:1", "J1:1 J2:1", held=pairs("E1/J1"), barred=pairs("E2/J2"))

    got = arrange(state, Moving.KEEP)

    assert (got.given, got.taken, got.is_forced) == ((("E1", "J2"), ("E2", "J1")), (("E1", "J1"),), True)
    with pytest.raises(Refused):
        arrange(replace(state, firm=state.held), Moving.KEEP)


def test_evening_out_moves_as_few_as_possible() -> None:
    held = pairs("E1/J1 E2/J1 E3/J1 E4/J1 E1/J2 E2/J2 E3/J2 E4/J2")

    got = arrange(situation("E1:2 E2:2 E3:2 E4:2", "J1: J2: J3: J4:", held=held), Moving.EVEN)

    assert set(got.load.values()) == {2}
    assert (len(got.given), len(got.taken)) == (4, 4)


def test_a_suspicion_gives_way_only_where_nobody_else_is_left() -> None:
    state = situation("E1:1 E2:1", "J1: J2:", suspected=pairs("E1/J1"))

    assert arrange(state, Moving.KEEP).suspected == ()
    last = arrange(replace(state, barred=pairs("E1/J2")), Moving.KEEP)
    assert last.suspected == (("E1", "J1"),)


def test_a_person_decides_before_a_suspicion_and_not_before_a_conflict() -> None:
    state = situation("E1:1", "J1: J2:", suspected=pairs("E1/J1"), wanted=pairs("E1/J1"))

    assert (arrange(state, Moving.KEEP).pairs, arrange(state, Moving.KEEP).suspected) == ((("E1", "J1"),), ())
    with pytest.raises(Refused) as refused:
        arrange(replace(state, barred=pairs("E1/J1")), Moving.KEEP)
    assert "fixed_conflict" in {problem.code for problem in refused.value.problems}


def test_a_greatest_load_lowered_later_takes_nothing_away() -> None:
    got = arrange(situation("E1:1 E2:1 E3:1", "J1:1 J2:", held=pairs("E1/J1 E2/J1")), Moving.KEEP)

    assert (got.load, got.taken) == ({"J1": 2, "J2": 1}, ())


@pytest.mark.parametrize("moving", list(Moving))
@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_asked_the_firm_stay_and_conflicts_do_not_enter(seed: int, moving: Moving) -> None:
    rng = random.Random(seed)
    entries, judges = [f"E{n}" for n in range(rng.randint(2, 7))], [f"J{n}" for n in range(rng.randint(2, 5))]
    every = [(entry, judge) for entry in entries for judge in judges]
    need = {entry: rng.randint(1, 2) for entry in entries}
    held = {pair for entry in entries for pair in rng.sample([(entry, j) for j in judges], rng.randint(0, need[entry]))}
    firm = {pair for pair in sorted(held) if rng.random() < 0.5}
    barred = {pair for pair in every if rng.random() < 0.2}
    state = Situation(
        need, dict.fromkeys(judges), frozenset(held), frozenset(firm), frozenset(barred),
        frozenset(pair for pair in every if rng.random() < 0.1), frozenset(),
        {pair: Fraction(1) for pair in every if rng.random() < 0.3},
    )  # fmt: skip

    try:
        got = arrange(state, moving)
    except Refused:
        return

    now = set(got.pairs)
    assert firm <= now
    assert now == (held | set(got.given)) - set(got.taken)
    assert not set(got.given) & (barred - firm)
    assert Counter(entry for entry, _judge in now) == Counter(need)
    assert not (now & barred) - firm
    if moving is Moving.KEEP and not got.is_forced:
        assert set(got.taken) <= barred


def test_without_preferences_nothing_is_solved_twice() -> None:
    bare = instance("E1:2 E2:2 E3:2", "J1:0- J2:0- J3:0-")

    assert level_first(bare) == assign(bare)
