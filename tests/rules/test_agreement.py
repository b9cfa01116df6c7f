"""The report on a panel: what stands in it, what is null and why, and what changes nothing."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.rules.agreement import agreement
from contest.rules.agreement_pairs import beside_the_rest
from contest.rules.agreement_tables import tables
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes
from contest.rules.exact import plain_decimal
from tests.rules.bundles import Raw, a_bundle, a_round, entry_of, one_round
from tests.rules.random_bundles import bundles

FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")
TABLE = {"A": "9 2 5 8", "B": "6 1 3 2", "C": "8 4 6 8", "D": "7 1 2 6", "E": "10 5 6 9", "F": "6 2 4 7"}
many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example]
)


def report_of(raw: Raw) -> Raw:
    """Parse and measure."""
    return agreement(parse_bundle(raw))


def round_of(raw: Raw) -> Raw:
    """The report of the round "r"."""
    return report_of(raw)["rounds"]["r"]


FEW = {"more.alpha_interval_95": "too_few_entries", "more.alpha_ordinal_95": "too_few_entries"}


def null(reason: str) -> Raw:
    """Notes of a round in which no measure of the whole panel can be given."""
    paths = [f"icc.{form}" for form in FORMS]
    paths += ["kendall_w", "krippendorff_alpha.interval", "krippendorff_alpha.ordinal"]
    return dict.fromkeys(paths, reason)


def test_the_table_of_shrout_and_fleiss() -> None:
    """The contract's example. Kendall's W and the severities are worked out by hand from the table."""
    found = report_of(one_round(TABLE))

    assert {key: value for key, value in found.items() if key not in ("bundle_sha256", "places")} == {
        "format": "contest-agreement/1",
        "rounds": {"r": found["rounds"]["r"]},
    }
    round_ = found["rounds"]["r"]
    assert {name: round_[name] for name in ("entries", "judges", "icc", "severity", "kendall_w")} == {
        "entries": 6,
        "judges": 4,
        "icc": {"1,1": "0.166", "2,1": "0.290", "3,1": "0.715", "1,k": "0.443", "2,k": "0.620", "3,k": "0.909"},
        "severity": {"J1": "2.375", "J2": "-2.792", "J3": "-0.958", "J4": "1.375"},
        "kendall_w": "0.887",
    }
    assert round_["notes"] == FEW


def test_what_stands_beyond_the_format() -> None:
    more = round_of(one_round({"A": "8 6 -", "B": "7 6 -", "C": "- 9 5", "D": "- - 4"}))["more"]

    assert more == {
        "entries_marked": 4,
        "entries_paired": 3,
        "alpha_interval_95": None,
        "alpha_ordinal_95": None,
        "entries_by_judge": {"J1": 2, "J2": 3, "J3": 2},
        "spread": {"J1": "0.707", "J2": "1.732", "J3": "0.707"},
        "groups": [["J1", "J2", "J3"]],
        "pairs": [
            {"judges": ["J1", "J2"], "shared": 2, "correlation": None, "mean_difference": "1.500", "equal": 0},
            {"judges": ["J2", "J3"], "shared": 1, "correlation": None, "mean_difference": "4.000", "equal": 0},
        ],
    }


def test_a_mark_missing_takes_its_entry_from_icc_alone() -> None:
    """Complete entries are A to E; the sixth stays in alpha and in severity."""
    whole = round_of(one_round({key: TABLE[key] for key in "ABCDE"}))

    found = round_of(one_round(TABLE | {"F": "6 2 - 7"}))

    assert (found["entries"], found["judges"]) == (5, 4)
    assert (found["icc"], found["kendall_w"]) == (whole["icc"], whole["kendall_w"])
    assert found["krippendorff_alpha"] != whole["krippendorff_alpha"]
    assert found["more"]["entries_by_judge"] == {"J1": 6, "J2": 6, "J3": 5, "J4": 6}


@pytest.mark.parametrize(
    ("table", "notes"),
    (
        ({"A": "-"}, null("no_marks")),
        ({"A": "8", "B": "7"}, null("one_judge") | {"severity.J1": "one_judge"}),
        (
            {"A": "8 7"},
            null("too_few_entries")
            | {"more.spread.J1": "too_few_entries", "more.spread.J2": "too_few_entries"}
            | {"more.pairs[0].correlation": "too_few_entries"},
        ),
        ({"A": "7 7", "B": "7 7"}, null("no_variance") | {"more.pairs[0].correlation": "no_variance"}),
        (
            {"A": "8 -", "B": "7 -", "C": "- 6", "D": "- 6"},
            {path: "no_shared_entry" if "alpha" in path else "too_few_entries" for path in null("")}
            | {"severity.J1": "no_shared_entry", "severity.J2": "no_shared_entry"},
        ),
    ),
    ids=("no marks", "one judge", "one entry", "equal marks", "nothing shared"),
)  # fmt: skip
def test_a_figure_the_data_cannot_give_is_null_with_a_reason(table: dict[str, str], notes: Raw) -> None:
    found = round_of(one_round(table))

    assert found["notes"] == notes | FEW
    assert set(_nulls(found)) == set(found["notes"])


def test_an_incomplete_sheet_is_no_total() -> None:
    raw = one_round({"A": "8/8 7/7 9/-", "B": "6/6 7/6 -/5"}, a_round(criteria=2, weights=("1", "0.5")))

    found = round_of(raw)

    assert (found["entries"], found["judges"]) == (2, 2)
    assert found["severity"] == {"J1": "0.125", "J2": "-0.125", "J3": None}
    assert found["notes"]["severity.J3"] == "no_complete_sheet"


@pytest.mark.parametrize(
    ("round_", "largest"),
    ((a_round(max="10", weights=["2"]), 20), (a_round(criteria=2, max="10"), None), (a_round(), None)),
    ids=("weighted", "one criterion without a maximum", "none"),
)
def test_the_largest_total_there_can_be(round_: Raw, largest: int | None) -> None:
    assert (
        tables(parse_bundle(one_round({"A": "8/8"[: 2 * len(round_["criteria"]) - 1]}, round_)))["r"].largest == largest
    )


def test_figures_in_points_do_not_depend_on_the_step() -> None:
    found = round_of(one_round({"A": "8.25 7", "B": "6.75 7"}))

    assert found["severity"] == {"J1": "0.250", "J2": "-0.250"}
    assert found["more"]["spread"] == {"J1": "1.061", "J2": "0.000"}
    assert found["more"]["pairs"][0]["mean_difference"] == "0.500"


def test_a_judge_beside_the_mean_of_the_others() -> None:
    """One other on A, two on B: the means 5 and 7, both doubled."""
    found = beside_the_rest({"A": {"J1": 3, "J2": 5}, "B": {"J1": 4, "J2": 6, "J3": 8}, "C": {"J3": 9}})

    assert found == {"J1": [(3, 10), (4, 14)], "J2": [(5, 6), (6, 12)], "J3": [(8, 10)]}


def test_a_judge_named_without_a_mark_has_no_severity() -> None:
    raw = one_round({"A": "8 7 -", "B": "6 7 -"})
    raw["marks"].append({"round": "r", "entry": "A", "judge": "J3", "criterion": "c1", "value": None})

    found = round_of(raw)

    assert found["judges"] == 2
    assert found["notes"]["severity.J3"] == "no_marks"


def test_withdrawn_entries_are_left_out() -> None:
    raw = one_round(TABLE | {"W": "10 1 10 1"})
    entry_of(raw, "W")["withdrawn"] = True

    assert round_of(raw) == round_of(one_round(TABLE))


def test_each_round_is_measured_on_its_own_panel() -> None:
    raw = a_bundle({"r": TABLE, "s": {"A": "9 8", "B": "7 5"}}, [a_round(), a_round("s")])

    found = report_of(raw)["rounds"]

    assert list(found) == ["r", "s"]
    assert found["r"] == round_of(one_round(TABLE))
    assert (found["s"]["judges"], sorted(found["s"]["severity"])) == (2, ["J1", "J2"])


def test_a_constant_added_to_one_judge_changes_severity_alone() -> None:
    shifted = {key: " ".join([str(int(line.split()[0]) + 4), *line.split()[1:]]) for key, line in TABLE.items()}

    before, after = round_of(one_round(TABLE)), round_of(one_round(shifted))

    assert after["severity"] == {"J1": "5.375", "J2": "-3.792", "J3": "-1.958", "J4": "0.375"}
    assert after["kendall_w"] == before["kendall_w"]
    assert {form: after["icc"][form] for form in ("3,1", "3,k")} == {
        form: before["icc"][form] for form in ("3,1", "3,k")
    }
    assert after["icc"]["1,1"] != before["icc"]["1,1"]
    assert after["more"]["spread"] == before["more"]["spread"]
    assert [p["correlation"] for p in after["more"]["pairs"]] == [p["correlation"] for p in before["more"]["pairs"]]


def test_other_names_give_the_same_figures() -> None:
    names = {"J1": "Z", "J2": "Y", "J3": "X", "J4": "W"} | {key: f"e{9 - n}" for n, key in enumerate("ABCDEF")}
    raw = one_round({key: f"{line} {line[0]}" for key, line in TABLE.items()})
    other = copy.deepcopy(raw)
    for mark in other["marks"]:
        mark.update(judge=names.get(mark["judge"], mark["judge"]), entry=names[mark["entry"]])
    for row in other["judges"] + other["entries"]:
        row["key"] = names.get(row["key"], row["key"])

    before, after = round_of(raw), round_of(other)

    same = ("entries", "judges", "icc", "kendall_w", "krippendorff_alpha", "notes")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["severity"] == {names.get(judge, judge): value for judge, value in before["severity"].items()}


@many
@given(bundles(), st.integers())
def test_the_order_of_the_lists_decides_nothing(raw: Raw, seed: int) -> None:
    shuffled, rng = copy.deepcopy(raw), random.Random(seed)
    for name in ("judges", "entries", "marks", "adjustments"):
        rng.shuffle(shuffled[name])

    assert report_of(shuffled) | {"bundle_sha256": ""} == report_of(raw) | {"bundle_sha256": ""}


@many
@given(bundles())
def test_any_sound_bundle_gives_the_same_bytes_twice_and_a_note_for_every_null(raw: Raw) -> None:
    before = canonical_bytes(raw)

    first, second = canonical_bytes(report_of(raw)), canonical_bytes(report_of(copy.deepcopy(raw)))

    assert first == second
    assert canonical_bytes(raw) == before
    for round_ in report_of(raw)["rounds"].values():
        assert set(_nulls(round_)) == set(round_["notes"])


@many
@given(bundles())
def test_figures_are_decimals_of_three_places_within_their_limits(raw: Raw) -> None:
    for round_ in report_of(raw)["rounds"].values():
        measures = [*round_["icc"].values(), round_["kendall_w"], *round_["krippendorff_alpha"].values()]
        for text in [*measures, *round_["severity"].values()]:
            if text is not None:
                assert plain_decimal(text) is not None and len(text.partition(".")[2]) == 3
        assert all(plain_decimal(text) <= 1 for text in measures if text is not None)
        if round_["kendall_w"] is not None:
            assert plain_decimal(round_["kendall_w"]) >= 0


def _nulls(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name != "flags":
                yield from _nulls(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _nulls(part, f"{path}[{place}]")
    elif value is None:
        yield path
