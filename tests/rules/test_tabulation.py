"""formats.md, section 2: a table for every rule of the panel, the round, the total and the third marker."""

from __future__ import annotations

from typing import Any

import pytest

from contest.rules.canonical import canonical_bytes, sha256_hex
from tests.rules.bundles import a_bundle, a_round, codes, entry_of, one_round, result_of, standings

# The example of the format itself; its total of 51.50 is under both least totals.
EXAMPLE: dict[str, Any] = {
    "format": "contest-tabulation/1",
    "rules": {
        "number": 3,
        "rounds": [
            {
                "key": "noi-dung",
                "weight": "1",
                "criteria": [{"key": "chu-de", "max": "60", "step": "0.5", "weight": "1"}],
                "panel": {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 5, "of": "criterion"},
                "rounding": {"panel": 2, "weighted": None, "round": None},
            }
        ],
        "total": {"combine": "sum", "rounding": 2},
        "tiebreaks": ["round:noi-dung", "criterion:noi-dung/chu-de", "measure:seconds:asc", "judge:head", "lot"],
        "advance": {"count": 10, "min_total": "70"},
        "prizes": [{"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "85"}],
    },
    "judges": [{"key": "J1", "head": True}],
    "entries": [{"key": "A17", "pool": "xa", "lot": 7, "measures": {"seconds": "412"}, "withdrawn": False}],
    "marks": [{"round": "noi-dung", "entry": "A17", "judge": "J1", "criterion": "chu-de", "value": "52.5"}],
    "adjustments": [{"round": "noi-dung", "entry": "A17", "points": "-1", "reason": "overtime 75 s"}],
}


def test_the_example_of_the_format() -> None:
    assert result_of(EXAMPLE) == {
        "format": "contest-result/1",
        "bundle_sha256": sha256_hex(canonical_bytes(EXAMPLE)),
        "rules_number": 3,
        "places": [
            {
                "entry": "A17",
                "pool": "xa",
                "place": 1,
                "shared": False,
                "total": "51.50",
                "decided_by": None,
                "rounds": {
                    "noi-dung": {
                        "points": "51.5",
                        "adjustments": "-1",
                        "criteria": {"chu-de": {"average": "52.50", "marks": 1, "dropped": 0}},
                    }
                },
                "advances": False,
                "prize": None,
            }
        ],
        "unplaced": [],
        "open": [],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("marks", "panel", "average", "count", "dropped"),
    (
        ("7 8 9", {}, "8", 3, 0),
        ("7 8 8", {}, "7.666667", 3, 0),
        ("7 8 8", {"panel": 2}, "7.67", 3, 0),
        ("0 8", {}, "4", 2, 0),  # 0 is a mark
        ("- 8", {}, "8", 1, 0),  # no mark is none
        ("7 8 10", {"average": "median"}, "8", 3, 0),
        ("7 8 10 10", {"average": "median"}, "9", 4, 0),
        ("0 8 8 10", {"drop_high": 1, "drop_low": 1}, "8", 4, 2),
        ("0 8 8 10", {"drop_low": 1}, "8.666667", 4, 1),
        ("0 8 8 10", {"drop_high": 1}, "5.333333", 4, 1),
        ("0 8 8 10", {"drop_high": 1, "drop_low": 1, "drop_needs": 5}, "6.5", 4, 0),
        ("0 8 8 10 10", {"drop_high": 1, "drop_low": 1, "drop_needs": 5}, "8.666667", 5, 2),
        ("0 8 8 - 10", {"drop_high": 1, "drop_low": 1, "drop_needs": 5}, "6.5", 4, 0),  # present, not asked for
        ("9 9 9 9", {"drop_high": 1, "drop_low": 1}, "9", 4, 2),
        ("7 8", {"drop_high": 1, "drop_low": 1, "drop_needs": 2}, "7.5", 2, 0),  # one has to remain
        ("1 2 3 9", {"drop_high": 2, "drop_low": 1}, "2", 4, 3),
        ("1 5 6 9", {"average": "median", "drop_high": 1}, "5", 4, 1),
        ("8 8 8 4", {"average": "tolerance", "tolerance": "2"}, "8", 4, 1),
        ("8 8 8 5", {"average": "tolerance", "tolerance": "2.25"}, "7.25", 4, 0),  # exactly as far stays
        ("8 8 8 5", {"average": "tolerance", "tolerance": "2.24"}, "8", 4, 1),
        ("1 9", {"average": "tolerance", "tolerance": "2"}, "5", 2, 0),  # nobody would remain
        ("1 5 9", {"average": "tolerance", "tolerance": "2"}, "5", 3, 0),  # one would remain
        # Once: 8 is now 2.5 from the new mean of 5.5, and stays.
        ("3 5 6 8 20", {"average": "tolerance", "tolerance": "6"}, "5.5", 5, 1),
        ("0 7 8 9 20", {"average": "tolerance", "tolerance": "0.5", "drop_high": 1, "drop_low": 1}, "8", 5, 2),
    ),
)
def test_average_of_a_panel(marks: str, panel: dict[str, Any], average: str, count: int, dropped: int) -> None:
    result = result_of(one_round({"A": marks}, a_round(**panel)))

    assert result["places"][0]["rounds"]["r"]["criteria"] == {
        "c1": {"average": average, "marks": count, "dropped": dropped}
    }


@pytest.mark.parametrize(
    ("marks", "panel", "points"),
    (
        # Of criterion, each criterion loses its own highest and lowest mark: 5 and 2.5.
        ("9/0 0/9 4/4 6/1", {"of": "criterion"}, "7.5"),
        ("9/0 0/9 4/4 6/1", {"of": "criterion", "weights": ("1", "2")}, "10"),
        # Of total, the judges with the highest and the lowest total: 9, 9, 8, 7, and with weights 9, 18, 12, 8.
        ("9/0 0/9 4/4 6/1", {"of": "total"}, "8.5"),
        ("9/0 0/9 4/4 6/1", {"of": "total", "weights": ("1", "2")}, "10.5"),
        ("1/9 5/5 9/1 5/5", {"of": "total"}, "10"),
        ("9/0 0/9 4/4 6/1", {"of": "total", "average": "median", "drop_high": 0}, "9"),
    ),
)
def test_drop_of_criterion_and_of_total(marks: str, panel: dict[str, Any], points: str) -> None:
    rules = {"drop_high": 1, "drop_low": 1, **panel}

    result = result_of(one_round({"A": marks}, a_round(criteria=2, **rules)))

    assert result["places"][0]["rounds"]["r"]["points"] == points


def test_of_total_shows_the_criteria_of_the_judges_that_counted() -> None:
    round_ = a_round(criteria=2, of="total", drop_high=1, drop_low=1, panel=2)

    result = result_of(one_round({"A": "9/9 5/6 8/2 1/1"}, round_))

    assert result["places"][0]["rounds"]["r"] == {
        "points": "10.5",
        "adjustments": "0",
        "criteria": {
            "c1": {"average": "6.50", "marks": 4, "dropped": 2},
            "c2": {"average": "4.00", "marks": 4, "dropped": 2},
        },
    }


@pytest.mark.parametrize(
    ("rounding", "adjustment", "points", "total"),
    (
        # averages 1/3 and 2/3, weights 1 and 3: exactly 7/3
        ({}, None, "2.333333", "2.333333"),
        ({"panel": 2}, None, "2.34", "2.34"),  # 0.33 + 3 × 0.67
        ({"panel": 1}, None, "2.4", "2.4"),
        ({"weighted": 2}, None, "2.33", "2.33"),  # 0.33 + 2.00
        ({"panel": 2, "weighted": 1}, None, "2.3", "2.3"),  # 0.3 + 2.0
        ({"round_points": 1}, None, "2.3", "2.3"),
        ({"round_points": 1}, "0.02", "2.4", "2.4"),  # 2.3533…: after the adjustment
        ({"round_points": 1}, "-0.09", "2.2", "2.2"),
        ({"panel": 2, "round_points": 0}, "0.16", "3", "3"),  # 2.50: half up
        ({}, "-5", "-2.666667", "-2.666667"),
    ),
)
def test_rounding_at_the_named_places(
    rounding: dict[str, Any], adjustment: str | None, points: str, total: str
) -> None:
    raw = one_round({"A": "0/0 0/1 1/1"}, a_round(criteria=2, weights=("1", "3"), **rounding))
    if adjustment is not None:
        raw["adjustments"] = [{"round": "r", "entry": "A", "points": adjustment}]

    row = result_of(raw)["places"][0]

    assert (row["rounds"]["r"]["points"], row["total"]) == (points, total)


def test_adjustments_of_a_round_add_up() -> None:
    raw = one_round({"A": "10", "B": "9"})
    raw["adjustments"] = [
        {"round": "r", "entry": "A", "points": "-1", "reason": "quá giờ 75 giây"},
        {"round": "r", "entry": "A", "points": "-0.5"},
    ]

    result = result_of(raw)

    assert standings(result) == "1 B 9, 2 A 8.5"
    assert result["places"][1]["rounds"]["r"]["adjustments"] == "-1.5"


@pytest.mark.parametrize(
    ("combine", "expected"),
    (
        ("sum", "1 A 26, 2 B 25"),  # 6 + 2 × 10, 9 + 2 × 8: the weight counts
        ("last", "1 A 10, 2 B 8"),
        ("best", "1 A 10, 2 B 9"),
    ),
)
def test_total(combine: str, expected: str) -> None:
    tables = {"r1": {"A": "6", "B": "9"}, "r2": {"A": "10", "B": "8"}}
    rounds = [a_round("r1"), a_round("r2", round_weight="2")]

    assert standings(result_of(a_bundle(tables, rounds, combine=combine))) == expected


def test_the_total_is_rounded_before_it_is_compared() -> None:
    table = {"A": "8 8 8.01", "B": "8 8 8.02"}

    assert standings(result_of(one_round(table, total=2))) == "1 B 8.01, 2 A 8.00"
    assert standings(result_of(one_round(table, total=1))) == "1= A 8.0, 1= B 8.0"


def test_with_last_a_later_round_stands_above_any_points() -> None:
    tables = {"r1": {"A": "60", "B": "99", "C": "98", "D": "70"}, "r2": {"A": "50", "D": "55"}}
    raw = a_bundle(tables, [a_round("r1"), a_round("r2")], combine="last")
    entry_of(raw, "B")["rounds"] = entry_of(raw, "C")["rounds"] = ["r1"]

    result = result_of(raw)

    assert standings(result) == "1 D 55, 2 A 50, 3 B 99, 4 C 98"
    assert [row["decided_by"] for row in result["places"]] == [None] * 4
    assert list(result["places"][2]["rounds"]) == ["r1"]


def test_an_entry_takes_part_only_in_its_own_rounds() -> None:
    tables = {"r1": {"A": "6", "B": "9"}, "r2": {"A": "10"}}
    raw = a_bundle(tables, [a_round("r1"), a_round("r2")])

    assert standings(result_of(raw)) == "1 A 16"
    assert result_of(raw)["open"] == [{"entry": "B", "pool": None, "round": "r2", "code": "no_marks"}]

    entry_of(raw, "B")["rounds"] = ["r1"]

    assert standings(result_of(raw)) == "1 A 16, 2 B 9"


def test_null_is_no_mark_and_zero_is_one() -> None:
    raw = one_round({"A": "8 0", "B": "8 -", "C": "8 8"})
    raw["marks"].append({"round": "r", "entry": "B", "judge": "J2", "criterion": "c1", "value": None})

    result = result_of(raw)

    assert standings(result) == "1= B 8, 1= C 8, 3 A 4"
    assert result["warnings"] == [
        {
            "code": "marks_missing",
            "entry": "B",
            "pool": None,
            "round": "r",
            "judges": 1,
            "expected": 2,
            "missing": [{"judge": "J2", "criteria": ["c1"]}],
        }
    ]


def test_a_criterion_nobody_marked_keeps_the_entry_open() -> None:
    result = result_of(one_round({"A": "8/- 9/-", "B": "5/5 5/5"}, a_round(criteria=2)))

    assert standings(result) == "1 B 10"
    assert result["open"] == [
        {"entry": "A", "pool": None, "round": "r", "code": "criterion_without_marks", "criterion": "c2"}
    ]


def test_of_total_leaves_an_incomplete_sheet_out() -> None:
    result = result_of(one_round({"A": "8/8 1/-", "B": "5/5 5/7"}, a_round(criteria=2, of="total")))

    assert standings(result) == "1 A 16, 2 B 11"
    assert codes(result, "warnings") == ["marks_missing", "sheet_left_out"]
    assert result["places"][0]["rounds"]["r"]["criteria"]["c1"] == {"average": "8", "marks": 2, "dropped": 1}


def test_of_total_without_a_complete_sheet_is_open() -> None:
    result = result_of(one_round({"A": "8/- -/1", "B": "5/5 5/7"}, a_round(criteria=2, of="total")))

    assert standings(result) == "1 B 11"
    assert result["open"] == [{"entry": "A", "pool": None, "round": "r", "code": "no_complete_sheet"}]


@pytest.mark.parametrize(
    ("stands", "marks", "points"),
    (
        ("third", "60 79", "69.5"),  # 19 apart: no third needed
        ("third", "60 80", None),
        ("third", "80 60", None),
        ("third", "60 85 75", "75"),
        ("third", "75 60 85", "75"),  # 60 and 85 called for it, wherever they stand
        ("third", "60 85 80", "80"),  # or was it J2? then the last by key
        ("third", "60 70 79", "69.666667"),  # three from the start, none of them apart
        ("third", "60 - 85", None),
        ("third", "60 85 75 76", "74"),  # four judges: a panel like any other
        ("closest_two", "60 85 80", "82.5"),
        ("closest_two", "60 85 62", "61"),
        ("closest_two", "60 70 80", "75"),  # as close: the higher pair
        ("closest_two", "60 80 80", "80"),
        ("median", "60 85 80", "80"),
        ("median", "60 85 85", "85"),
        ("median", "60 60 85", "60"),
    ),
)
@pytest.mark.parametrize("of", ("criterion", "total"))
def test_third_marker(of: str, stands: str, marks: str, points: str | None) -> None:
    raw = one_round({"A": marks, "Z": "1 1 1 1"}, a_round(third={"gap": "20", "stands": stands}, of=of))

    result = result_of(raw)

    placed = {row["entry"]: row["total"] for row in result["places"]}
    assert placed.get("A") == points
    assert codes(result, "open") == ([] if points else ["third_mark_needed"])


def test_what_a_third_marker_needs_is_said() -> None:
    raw = one_round(
        {"A": "30/30 20/21", "B": "10/20 20/10"}, a_round(criteria=2, third={"gap": "19", "stands": "third"})
    )

    result = result_of(raw)

    assert result["open"] == [
        {
            "entry": "A",
            "pool": None,
            "round": "r",
            "code": "third_mark_needed",
            "totals": {"J1": "60", "J2": "41"},
            "difference": "19",
        }
    ]
    assert result["warnings"] == []


def test_the_third_marker_after_nine_is_ten() -> None:
    raw = one_round({"A": "60 85 80"}, a_round(third={"gap": "20", "stands": "third"}))
    names = {"J1": "J8", "J2": "J9", "J3": "J10"}
    raw["judges"] = [{"key": name} for name in names.values()]
    for mark in raw["marks"]:
        mark["judge"] = names[mark["judge"]]

    assert standings(result_of(raw)) == "1 A 80"


def test_sheets_that_do_not_stand_are_counted_as_dropped() -> None:
    raw = one_round({"A": "30/30 50/35 40/35"}, a_round(criteria=2, third={"gap": "20", "stands": "third"}))

    row = result_of(raw)["places"][0]

    assert row["rounds"]["r"]["criteria"] == {
        "c1": {"average": "40", "marks": 3, "dropped": 2},
        "c2": {"average": "35", "marks": 3, "dropped": 2},
    }


def test_withdrawn_and_unmarked_entries_are_unplaced() -> None:
    raw = one_round({"A": "8", "B": "9", "C": "-"})
    entry_of(raw, "B")["withdrawn"] = True

    result = result_of(raw)

    assert standings(result) == "1 A 8"
    assert result["unplaced"] == [{"entry": "B", "reason": "withdrawn"}, {"entry": "C", "reason": "no_marks"}]
    assert result["open"] == []


def test_an_empty_contest_has_an_empty_result() -> None:
    raw = one_round({})

    result = result_of(raw)

    assert (result["places"], result["unplaced"], result["open"], result["warnings"]) == ([], [], [], [])


@pytest.mark.parametrize(
    ("table", "missing"),
    (
        ({"A": "8 8 8", "B": "8 8 8"}, {}),
        ({"A": "8 8 8", "B": "8 8 -"}, {"B": ["J3"]}),
        ({"A": "8 8 -", "B": "8 8 -"}, {"A": ["J3"], "B": ["J3"]}),  # J3 marked nothing at all
        ({"A": "8 8 - -", "B": "- - 8 8", "C": "8 - - 8"}, {}),  # dealt out, two judges each
        ({"A": "8 8 - -", "B": "- - 8 8", "C": "8 - - -"}, {"C": []}),  # dealt out, one too few
    ),
)
def test_whose_marks_are_missing(table: dict[str, str], missing: dict[str, list[str]]) -> None:
    warnings = result_of(one_round(table))["warnings"]

    found = {
        row["entry"]: [each["judge"] for each in row["missing"]] for row in warnings if row["code"] == "marks_missing"
    }
    assert found == missing


def test_a_judge_without_any_mark_is_named() -> None:
    raw = one_round({"A": "8 8", "B": "7 7"})
    raw["judges"].append({"key": "J9"})

    assert {"code": "judge_without_marks", "judge": "J9"} in result_of(raw)["warnings"]
