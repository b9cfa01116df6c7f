"""The assignment is the best there is, and there is one whenever there can be: tried against every possibility."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.assignment import (
    Assigned,
    Instance,
    Judge,
    Wanted,
    assign,
    read_instance,
    write_assigned,
)
from contest.rules.canonical import canonical_bytes
from contest.rules.reading import Refused
from tests.rules.assignment_oracle import every_assignment, instance, pairs, worth


@st.composite
def instances(draw) -> Instance:
    """Small enough to try everything: up to 4 entries and 4 judges, tight and slack, possible and not."""
    entries = [f"E{i}" for i in range(draw(st.integers(1, 4)))]
    judges = [f"J{i}" for i in range(draw(st.integers(1, 4)))]
    pairs = st.sampled_from(list(product(entries, judges)))
    limits = st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(0, 4)))
    tenths = st.integers(-5, 10).map(lambda n: Fraction(n, 10))
    return Instance(
        tuple(Wanted(key, draw(st.integers(0, min(3, len(judges))))) for key in entries),
        tuple(Judge(key, *draw(limits)) for key in judges),
        frozenset(draw(st.sets(pairs, max_size=4))),
        draw(st.dictionaries(pairs, tenths, max_size=10)),
        frozenset(draw(st.sets(pairs, max_size=1))),
    )


@settings(max_examples=400, deadline=None)
@given(instances())
def test_none_is_better_and_none_is_missed(instance):
    possible = list(every_assignment(instance))

    try:
        got = assign(instance)
    except Refused as refused:
        assert possible == []
        assert all(problem.path for problem in refused.problems)
        return

    assert (set(got.pairs), got.load) in possible
    assert worth(instance, got.pairs, got.load) == max(worth(instance, *one) for one in possible)
    assert got.total_preference == worth(instance, got.pairs, got.load)[0]


@settings(deadline=None)
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(instance, shuffle):
    entries, judges = list(instance.entries), list(instance.judges)
    shuffle.shuffle(entries)
    shuffle.shuffle(judges)
    other = Instance(tuple(entries), tuple(judges), instance.conflicts, instance.preferences, instance.fixed)

    try:
        got = assign(instance)
    except Refused:
        with pytest.raises(Refused):
            assign(other)
        return

    assert canonical_bytes(write_assigned(assign(other))) == canonical_bytes(write_assigned(got))


@pytest.mark.parametrize(
    ("given_", "problems"),
    (
        (instance("E1:2", "J1:0-"), [("entries[0]", "too_few_judges", {"entry": "E1", "judges": 2, "free": 1})]),
        (
            instance("E1:1", "J1:0-", conflicts=pairs("E1/J1")),
            [("entries[0]", "too_few_judges", {"entry": "E1", "judges": 1, "free": 0})],
        ),
        (
            instance("E1:1 E2:1 E3:1", "J1:0-2 J2:0-9", conflicts=pairs("E1/J2 E2/J2 E3/J2")),
            [("entries[2]", "cannot_be_served", {
                "entry": "E3", "missing": 1, "judges": ("J1",), "places": 2, "entries": ("E1", "E2", "E3"), "needed": 3,
            })],
        ),
        (
            instance("E1:1", "J1:1- J2:1-"),
            [("judges[1]", "below_min", {
                "judge": "J2", "load": 0, "min": 1, "judges": ("J1", "J2"), "least": 2, "places": 1,
            })],
        ),
        (instance("E1:0", "J1:3-2"), [("judges[0]", "min_above_max", {"judge": "J1", "min": 3, "max": 2})]),
        (
            instance("E1:1", "J1:0- J2:0-", fixed=pairs("E1/J1 E1/J2")),
            [("entries[0]", "fixed_above_need", {"entry": "E1", "fixed": 2, "judges": 1})],
        ),
        (
            instance("E1:1 E2:1", "J1:0-1", fixed=pairs("E1/J1 E2/J1")),
            [("judges[0]", "fixed_above_max", {"judge": "J1", "fixed": 2, "max": 1})],
        ),
        (
            instance("E1:1", "J1:0- J2:0-", fixed=pairs("E1/J1"), conflicts=pairs("E1/J1")),
            [("fixed", "fixed_conflict", {"entry": "E1", "judge": "J1"})],
        ),
    ),
)  # fmt: skip
def test_what_cannot_be_is_refused_whole_and_named(given_, problems):
    with pytest.raises(Refused) as refused:
        assign(given_)

    assert [(p.path, p.code, p.facts) for p in refused.value.problems] == problems


def test_a_preference_outweighs_any_evenness():
    wish = {(f"E{i}", "J1"): Fraction(1, 100) for i in range(6)}

    got = assign(instance(" ".join(f"E{i}:1" for i in range(6)), "J1:0- J2:0- J3:0-", preferences=wish))

    assert got.load == {"J1": 6, "J2": 0, "J3": 0}
    assert got.total_preference == Fraction(6, 100)


def test_a_fixed_pair_stays_and_counts():
    got = assign(instance("E1:1 E2:1 E3:1", "J1:0- J2:0-", fixed=pairs("E2/J2"), conflicts=pairs("E1/J1")))

    assert got.pairs == (("E1", "J2"), ("E2", "J2"), ("E3", "J1"))


def test_nothing_to_do():
    assert assign(Instance((), ())) == Assigned((), Fraction(0), {})


DOCUMENT = {
    "format": "contest-assignment/1",
    "entries": [{"key": "E1", "judges": 2}, {"key": "E2", "judges": 1}],
    "judges": [{"key": "J1", "min": 0, "max": 30}, {"key": "J2"}, {"key": "J3", "max": None}],
    "conflicts": [["E1", "J1"], ["E1", "J1"]],
    "preferences": [["E1", "J2", "0.75"], ["E2", "J1", "-0.125"]],
    "fixed": [["E2", "J1"]],
}


def test_the_document_of_formats_md():
    got = write_assigned(assign(read_instance(DOCUMENT)))

    assert got == {
        "format": "contest-assigned/1",
        "pairs": [["E1", "J2"], ["E1", "J3"], ["E2", "J1"]],
        "total_preference": "0.625",
        "load": {"J1": 1, "J2": 1, "J3": 1},
    }


@pytest.mark.parametrize(
    ("change", "problems"),
    (
        ({"format": "contest-assignment/2"}, [("format", "unknown_format")]),
        ({"weights": []}, [("weights", "unknown_field")]),
        ({"entries": [{"key": "E1"}, {"key": "E2"}, {"key": "E3", "judges": 1}]}, [
            ("entries[0].judges", "missing_field"), ("entries[1].judges", "missing_field"),
        ]),
        ({"judges": [{"key": "J1"}, {"key": "J2"}, {"key": "J1"}]}, [("judges[2].key", "duplicate")]),
        ({"judges": [{"key": "J1", "min": -1}, {"key": "J2"}]}, [("judges[0].min", "negative")]),
        ({"conflicts": [["E7", "J9"]]}, [("conflicts[0][0]", "unknown_entry"), ("conflicts[0][1]", "unknown_judge")]),
        ({"conflicts": [["E1"]]}, [("conflicts[0]", "wrong_length")]),
        ({"preferences": [["E1", "J1", 0.5]]}, [("preferences[0][2]", "wrong_type")]),
        ({"preferences": [["E1", "J1", "1"], ["E1", "J1", "2"]]}, [("preferences[1]", "duplicate_preference")]),
        ({"fixed": "E1"}, [("fixed", "wrong_type")]),
    ),
)  # fmt: skip
def test_a_wrong_document_is_refused_with_its_paths(change, problems):
    with pytest.raises(Refused) as refused:
        read_instance({**DOCUMENT, **change})

    assert [(p.path, p.code) for p in refused.value.problems] == problems


@pytest.mark.parametrize(
    "document", (None, [], "x", {}, {"format": "contest-assignment/1", "entries": 3, "judges": {}})
)
def test_anything_else_is_refused(document):
    with pytest.raises(Refused):
        read_instance(document)


def test_a_contest_of_usual_size_with_tight_limits():
    chance = random.Random(1)
    entries, judges = [f"E{i}" for i in range(500)], [f"J{i}" for i in range(15)]
    every = list(product(entries, judges))
    given_ = Instance(
        tuple(Wanted(key, 3) for key in entries),
        tuple(Judge(key, 98, 102) for key in judges),
        frozenset(pair for pair in every if chance.random() < 0.1),
        {pair: Fraction(chance.randrange(101), 100) for pair in every},
    )

    got = assign(given_)

    assert sum(got.load.values()) == 1500
    assert all(98 <= load <= 102 for load in got.load.values())
    assert not given_.conflicts & set(got.pairs)
