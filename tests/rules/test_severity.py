"""How severe the judges are, and the correction that is offered for it."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.agreement_figures import Lacking
from contest.rules.severity import LEAST_ENTRIES, NotCorrectable, corrected_means, judge_effects, severity
from contest.rules.severity_links import components

Marks = dict[str, dict[str, int]]


def rows(*lines: str) -> Marks:
    """A line an entry, a column a judge; "-" is no mark."""
    return {
        f"E{place:02}": {f"J{n}": int(value) for n, value in enumerate(line.split(), 1) if value != "-"}
        for place, line in enumerate(lines)
    }


def dealt(effects: dict[str, int], *, entries: int = 40, per_entry: int = 2, seed: int = 1) -> Marks:
    """Entries dealt out among the judges, each mark exactly the entry's worth and the judge's effect."""
    rng = random.Random(seed)
    return {
        f"E{place}": {judge: worth + effects[judge] for judge in rng.sample(sorted(effects), per_entry)}
        for place in range(entries)
        for worth in [rng.randint(40, 90)]
    }


@pytest.mark.parametrize(
    ("marks", "expected"),
    (
        (rows("8 6", "6 4"), {"J1": Fraction(1), "J2": Fraction(-1)}),
        (rows("9 6 6", "- 5 7"), {"J1": Fraction(2), "J2": Fraction(-1), "J3": Fraction(0)}),
        # The entry J1 marked alone is no deviation, and counts as such.
        (rows("8 6", "9 -"), {"J1": Fraction(1, 2), "J2": Fraction(-1)}),
        (rows("8 6 -", "- - 5"), {"J1": Fraction(1), "J2": Fraction(-1), "J3": Lacking.NO_SHARED_ENTRY}),
        (rows("8", "6"), {"J1": Lacking.ONE_JUDGE}),
        ({}, {}),
    ),
)
def test_severity(marks: Marks, expected: dict[str, Fraction | Lacking]) -> None:
    assert severity(marks) == expected


@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=1, max_size=8))
def test_severities_of_a_full_panel_even_out(table: list[list[int]]) -> None:
    found = severity({f"E{n}": dict(zip("ABC", row, strict=True)) for n, row in enumerate(table)})

    assert sum(Fraction(value) for value in found.values()) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("marks", "groups"),
    (
        (rows("1 1 - -", "- 1 1 -", "- - - 1"), [("J1", "J2", "J3"), ("J4",)]),
        (rows("1 1 - -", "- - 1 1", "- 1 1 -"), [("J1", "J2", "J3", "J4")]),
        ({}, []),
    ),
)
def test_judges_connected_through_entries(marks: Marks, groups: list[tuple[str, ...]]) -> None:
    assert components(marks) == groups


def test_effects_are_found_where_marks_are_made_of_them() -> None:
    effects = {"A": -7, "B": 2, "C": 0, "D": 5}
    marks = dealt(effects)

    found = judge_effects(marks)

    assert found == effects
    corrected = corrected_means(marks, found)
    assert all(corrected[entry] == row[judge] - effects[judge] for entry, row in marks.items() for judge in row)


def test_effects_fit_better_than_any_neighbour() -> None:
    """Least squares by its definition: no judge's effect can be moved without a worse fit."""
    rng = random.Random(7)
    marks = {
        entry: {judge: mark + rng.randint(-4, 4) for judge, mark in row.items()}
        for entry, row in dealt({"A": -3, "B": 1, "C": 0, "D": 2}, per_entry=3).items()
    }
    found = judge_effects(marks)

    assert sum(found.values()) == 0
    least = _misfit(marks, found)
    for first, second in combinations(found, 2):
        for step in (Fraction(1, 100), Fraction(-1, 100)):
            other = found | {first: found[first] + step, second: found[second] - step}
            assert _misfit(marks, other) > least


def _misfit(marks: Marks, effects: dict[str, Fraction]) -> Fraction:
    worth = corrected_means(marks, effects)
    return sum(
        ((mark - worth[entry] - effects[judge]) ** 2 for entry, row in marks.items() for judge, mark in row.items()),
        Fraction(0),
    )


FEW = dealt({"A": 0, "B": 0, "C": 0}) | {f"X{n}": {"D": 50, "A": 50} for n in range(LEAST_ENTRIES - 1)}


@pytest.mark.parametrize(
    ("marks", "code", "judges"),
    (
        (rows("1 1 1", "2 2 2"), "complete", ()),
        (rows("1 1", "2 -"), "too_few_judges", ("J1", "J2")),
        (dealt({"A": 0, "B": 0, "C": 0}) | {"X": {"D": 5}}, "not_connected", ("D",)),
        (FEW, "too_few_entries", ("D",)),
    ),
)
def test_no_correction_that_could_not_be_trusted(marks: Marks, code: str, judges: tuple[str, ...]) -> None:
    with pytest.raises(NotCorrectable) as refused:
        judge_effects(marks)

    assert (refused.value.code, refused.value.judges) == (code, judges)


def test_one_entry_more_and_the_judge_is_corrected() -> None:
    assert set(judge_effects(FEW | {"Y": {"D": 50, "A": 50}})) == {"A", "B", "C", "D"}


def test_a_judge_who_gave_equal_marks_breaks_nothing() -> None:
    marks = {entry: row | {"Z": 60} for entry, row in dealt({"A": 0, "B": 3, "C": -3}).items()}

    assert sum(judge_effects(marks).values()) == 0
