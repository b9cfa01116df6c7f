"""Nobody judges where they have an interest, and the staff of a contest cannot enter it (invariant 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.conflicts import Conflict, Judge, Work, barred_to_enter, find_conflicts, reasons
from contest.rules.permissions import Role

# Province 1, district 10 below it, communes 100 and 101 below the district.
JUDGE = Judge(
    "J1", account=7, unit=10, name="lo thi mai", phone="84912345678", email="mai@example.org",
    declared_entries=frozenset({"E9"}), declared_units=frozenset({20}), declared_people=frozenset({"vang a pao"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("work", "expected"),
    (
        (Work("E1", unit=30, unit_ancestors=frozenset({1})), []),
        (Work("E1"), []),
        (Work("E1", author_accounts=frozenset({7, 8})), ["own_entry"]),
        (Work("E1", unit=10, unit_ancestors=frozenset({1})), ["own_unit"]),
        (Work("E1", unit=100, unit_ancestors=frozenset({1, 10})), ["unit_below"]),
        (Work("E1", unit=1), []),  # the unit above is not the judge's
        (Work("E9"), ["declared"]),
        (Work("E1", unit=20), ["declared"]),
        (Work("E1", unit=201, unit_ancestors=frozenset({1, 20})), ["declared"]),
        (Work("E1", author_names=frozenset({"vang a pao"})), ["declared"]),
        (Work("E1", author_phones=frozenset({"84912345678"})), ["same_person_suspected"]),
        (Work("E1", author_emails=frozenset({"mai@example.org"})), ["same_person_suspected"]),
        (Work("E1", unit=10, author_names=frozenset({"lo thi mai"})), ["own_unit", "same_person_suspected"]),
        (Work("E1", unit=30, author_names=frozenset({"lo thi mai"})), []),  # a namesake elsewhere
        (
            Work("E9", unit=10, author_accounts=frozenset({7}), author_phones=frozenset({"84912345678"})),
            ["own_entry", "own_unit", "declared"],
        ),
    ),
)
def test_reasons(work, expected):
    assert reasons(JUDGE, work) == expected


def test_nothing_known_is_no_conflict():
    blank = Work("E1", author_names=frozenset({""}), author_phones=frozenset({""}), author_emails=frozenset({""}))

    assert reasons(Judge("J1"), blank) == []


def test_the_organising_body_stands_above_all_but_not_above_itself():
    judge = Judge("J1", unit=1)
    below = Work("E1", unit=100, unit_ancestors=frozenset({1, 10}))
    own = Work("E2", unit=1)

    assert reasons(judge, below) == ["unit_below"]
    assert reasons(judge, below, above_all=frozenset({1})) == []
    assert reasons(judge, own, above_all=frozenset({1})) == ["own_unit"]


def test_every_pair_is_looked_at_in_order():
    judges = [Judge("J2", account=1), Judge("J1", unit=5)]
    works = [Work("E2", unit=5, author_accounts=frozenset({1})), Work("E1", unit=5)]

    found = find_conflicts(judges, works)

    assert found == [
        Conflict("E2", "J2", "own_entry"),
        Conflict("E2", "J1", "own_unit"),
        Conflict("E1", "J1", "own_unit"),
    ]


def test_a_suspicion_does_not_bar():
    assert Conflict("E1", "J1", reasons(JUDGE, Work("E1", author_phones=frozenset({"84912345678"})))[0]).bars is False
    assert Conflict("E1", "J1", reasons(JUDGE, Work("E9"))[0]).bars is True


UNITS = st.integers(1, 6)


@given(UNITS, UNITS, st.frozensets(UNITS))
def test_a_judge_is_barred_exactly_from_the_own_unit_and_what_is_below(own, unit, ancestors):
    found = reasons(Judge("J1", unit=own), Work("E1", unit=unit, unit_ancestors=ancestors))

    assert bool(found) == (own in ancestors | {unit})


@pytest.mark.parametrize(
    ("roles", "expected"),
    (
        ((), None),
        ((Role.ADMIN, Role.UNIT_CONTACT, Role.COMMITTEE_MEMBER, Role.RECEPTIONIST), None),
        ((Role.UNIT_CONTACT, Role.JUDGE), Role.JUDGE),
        ((Role.ORGANISER,), Role.ORGANISER),
        ((Role.INTAKE_SECRETARY, Role.JUDGE), Role.INTAKE_SECRETARY),
    ),
)
def test_barred_to_enter(roles, expected):
    assert barred_to_enter(roles) == expected
