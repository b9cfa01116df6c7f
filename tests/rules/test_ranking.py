"""Places, tie-breaks, pools, advancement and prizes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.bundles import a_bundle, a_round, codes, entry_of, one_round, result_of, standings


def _decided(result: dict[str, Any]) -> list[str | None]:
    return [row["decided_by"] for row in result["places"]]


def test_shared_places_skip_the_next() -> None:
    result = result_of(one_round({"A": "7", "B": "8", "C": "9", "D": "8", "E": "7", "F": "7"}))

    assert standings(result) == "1 C 9, 2= B 8, 2= D 8, 4= A 7, 4= E 7, 4= F 7"
    assert _decided(result) == [None] * 6


@pytest.mark.parametrize(
    ("tiebreaks", "expected", "decided"),
    (
        ([], "1= A 10, 1= B 10, 1= C 10", [None, None, None]),
        (["round:r2"], "1 C 10, 2 B 10, 3 A 10", [None, "round:r2", "round:r2"]),
        (["criterion:r1/c2"], "1= A 10, 1= B 10, 3 C 10", [None, None, "criterion:r1/c2"]),
        (["criterion:r1/c2", "round:r2"], "1 B 10, 2 A 10, 3 C 10", [None, "round:r2", "criterion:r1/c2"]),
        (["measure:seconds:asc"], "1 B 10, 2= A 10, 2= C 10", [None, "measure:seconds:asc", None]),
        (["measure:seconds:desc"], "1= A 10, 1= C 10, 3 B 10", [None, None, "measure:seconds:desc"]),
        (["lot"], "1 C 10, 2 A 10, 3 B 10", [None, "lot", "lot"]),
        (["measure:seconds:asc", "lot"], "1 B 10, 2 C 10, 3 A 10", [None, "measure:seconds:asc", "lot"]),
    ),
)
def test_tiebreaks(tiebreaks: list[str], expected: str, decided: list[str | None]) -> None:
    tables = {"r1": {"A": "3/3", "B": "2/3", "C": "2/2"}, "r2": {"A": "4", "B": "5", "C": "6"}}
    raw = a_bundle(tables, [a_round("r1", criteria=2), a_round("r2")], tiebreaks=tiebreaks)
    for key, seconds, lot in (("A", "412", 2), ("B", "411.5", 3), ("C", "412.0", 1)):
        entry_of(raw, key).update(measures={"seconds": seconds}, lot=lot)

    result = result_of(raw)

    assert standings(result) == expected
    assert _decided(result) == decided


def test_a_round_is_compared_as_reported_and_a_criterion_unrounded() -> None:
    raw = one_round({"A": "8 8 8.01", "B": "8 8 8.02"}, a_round(round_points=1), total=1)

    raw["rules"]["tiebreaks"] = ["round:r"]
    assert standings(result_of(raw)) == "1= A 8.0, 1= B 8.0"

    raw["rules"]["tiebreaks"] = ["round:r", "criterion:r/c1"]
    assert standings(result_of(raw)) == "1 B 8.0, 2 A 8.0"


def test_an_unrounded_round_is_reported_and_compared_with_six_decimals() -> None:
    table = {"r1": {"A": "8.0000001", "B": "8"}, "r2": {"A": "6.9999999", "B": "7"}}
    raw = a_bundle(table, [a_round("r1"), a_round("r2")], tiebreaks=["round:r1"])

    assert standings(result_of(raw)) == "1= A 15, 1= B 15"

    table["r1"]["A"], table["r2"]["A"] = "8.000001", "6.999999"
    raw = a_bundle(table, [a_round("r1"), a_round("r2")], tiebreaks=["round:r1"])

    assert standings(result_of(raw)) == "1 A 15, 2 B 15"


def test_a_judge_of_one_round_ranks_by_that_round_alone() -> None:
    # The panels differ: J1 and J2 mark the first round, J3 the second. Firsts: A from J1 and J3, B from J2.
    table = {"r1": {"A": "9 4 -", "B": "7 8 -"}, "r2": {"A": "- - 9", "B": "- - 8"}}
    raw = a_bundle(table, [a_round("r1"), a_round("r2")], tiebreaks=["places"])

    result = result_of(raw)

    assert standings(result) == "1 A 15.5, 2 B 15.5"
    assert _decided(result) == [None, "places"]


def test_the_head_judges_own_mean_total_decides() -> None:
    raw = one_round({"A": "7 8 9", "B": "8 8 8", "C": "7 7 10"}, tiebreaks=["judge:head"])

    assert standings(result_of(raw)) == "1 B 8, 2= A 8, 2= C 8"

    raw["judges"][1]["head"] = True  # means 7.5, 8 and 7

    assert standings(result_of(raw)) == "1 B 8, 2 A 8, 3 C 8"


def test_a_head_judge_who_stayed_away_costs_nobody_a_place() -> None:
    raw = one_round({"A": "- 8 8", "B": "8 8 8", "C": "7 8 9"}, tiebreaks=["judge:head", "lot"])
    for number, entry in enumerate(raw["entries"]):
        entry["lot"] = number

    result = result_of(raw)

    assert standings(result) == "1 A 8, 2 B 8, 3 C 8"
    assert _decided(result) == [None, "lot", "lot"]
    assert {"code": "tiebreak_value_missing", "pool": None, "tiebreak": "judge:head", "entries": ["A"]} in result[
        "warnings"
    ]


def test_who_has_no_measure_stands_after_those_who_have_one() -> None:
    raw = one_round({"A": "8", "B": "8", "C": "8", "D": "9"}, tiebreaks=["measure:seconds:asc"])
    entry_of(raw, "C")["measures"] = {"seconds": "100"}

    result = result_of(raw)

    assert standings(result) == "1 D 9, 2 C 8, 3= A 8, 3= B 8"
    assert result["warnings"] == [
        {"code": "tiebreak_value_missing", "pool": None, "tiebreak": "measure:seconds:asc", "entries": ["A", "B"]}
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    (
        # J1: A B C, J2: B A C, J3: A C B: A has two firsts, B one.
        ({"A": "9 8 9", "B": "8 9 7", "C": "1 1 8"}, "1 A 8.666667, 2 B 8, 3 C 3.333333"),
        ({"A": "9 8 4", "B": "8 7 6"}, "1 A 7, 2 B 7"),
        # One first each; A has the second.
        ({"A": "9 5 1", "B": "1 3 11", "C": "5 9 5"}, "1 C 6.333333, 2 A 5, 3 B 5"),
        ({"A": "9 5", "B": "5 9"}, "1= A 7, 1= B 7"),
        # Equal totals share a judge's place: two firsts of J1 against one of J2.
        ({"A": "9 3", "B": "9 3"}, "1= A 6, 1= B 6"),
    ),
)
def test_places_given_by_the_judges(table: dict[str, str], expected: str) -> None:
    assert standings(result_of(one_round(table, tiebreaks=["places"]))) == expected


def test_more_second_places_decide_when_the_firsts_are_equal() -> None:
    # J1: A first, B second; J2: B first, A third; so B has a first and a second.
    table = {"A": "10 4", "B": "6 8", "C": "1 5"}

    result = result_of(one_round(table, tiebreaks=["places"]))

    assert standings(result) == "1 B 7, 2 A 7, 3 C 3"
    assert _decided(result) == [None, "places", None]


@pytest.mark.parametrize("gone", ("withdrawn", "open"))
def test_who_is_not_placed_takes_no_place_from_the_judges(gone: str) -> None:
    # With C in, J2 gives A a third place; without, a second, and A and B are equal.
    raw = one_round({"A": "9/0 5/0", "B": "5/0 9/0", "C": "1/0 6/0"}, a_round(criteria=2), tiebreaks=["places"])
    assert standings(result_of(raw)) == "1 B 7, 2 A 7, 3 C 3.5"

    if gone == "withdrawn":
        entry_of(raw, "C")["withdrawn"] = True
    else:
        raw["marks"] = [mark for mark in raw["marks"] if (mark["entry"], mark["criterion"]) != ("C", "c2")]

    assert standings(result_of(raw)) == "1= A 7, 1= B 7"


def test_pools_are_ranked_apart() -> None:
    raw = one_round(
        {"A": "7", "B": "9", "C": "8", "D": "6"},
        advance={"count": 1},
        prizes=[{"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": None}],
    )
    for key, pool in (("A", "xã"), ("B", "sở"), ("C", "sở"), ("D", "xã")):
        entry_of(raw, key)["pool"] = pool

    result = result_of(raw)

    rows = [(row["pool"], row["place"], row["entry"], row["advances"], row["prize"]) for row in result["places"]]
    assert rows == [
        ("sở", 1, "B", True, "nhat"),
        ("sở", 2, "C", False, None),
        ("xã", 1, "A", True, "nhat"),
        ("xã", 2, "D", False, None),
    ]


@pytest.mark.parametrize(
    ("rule", "ahead", "over"),
    (
        ({"count": 2}, "AB", []),
        ({"count": 3}, "ABCD", ["C", "D"]),
        ({"count": 4}, "ABCD", []),
        ({"count": 0}, "", []),
        ({"count": 9}, "ABCDE", []),
        ({"count": 3, "min_total": "8.5"}, "AB", []),
        ({"count": 9, "min_total": "8"}, "ABCD", []),
        ({"min_total": "9"}, "AB", []),
        ({"count": None, "min_total": None}, "ABCDE", []),
    ),
)
def test_advancement_keeps_all_who_are_equal_at_its_cut(rule: dict[str, Any], ahead: str, over: list[str]) -> None:
    result = result_of(one_round({"A": "10", "B": "9", "C": "8", "D": "8", "E": "7"}, advance=rule))

    assert "".join(row["entry"] for row in result["places"] if row["advances"]) == ahead
    assert [row["entries"] for row in result["warnings"]] == ([over] if over else [])
    if over:
        expected = {"code": "advance_over_count", "pool": None, "count": 3, "given": 4, "entries": over}
        assert result["warnings"] == [expected]


def test_nobody_goes_on_past_a_higher_place_that_does_not() -> None:
    raw = a_bundle({"r1": {"A": "9", "B": "8"}, "r2": {"A": "4"}}, [a_round("r1"), a_round("r2")], combine="last")
    raw["rules"]["advance"] = {"count": 1, "min_total": "5"}
    entry_of(raw, "B")["rounds"] = ["r1"]

    result = result_of(raw)

    assert standings(result) == "1 A 4, 2 B 8"
    assert [row["advances"] for row in result["places"]] == [False, False]


def _tiers(*tiers: tuple[int, str | None]) -> list[dict[str, Any]]:
    return [
        {"key": str(number), "name": f"Giải {number}", "count": count, "min_total": least}
        for number, (count, least) in enumerate(tiers, 1)
    ]


@pytest.mark.parametrize(
    ("marks", "tiers", "given"),
    (
        ("10 9 8 7", ((1, None), (2, None)), "1 2 2 -"),
        ("10 10 8 7", ((1, None), (2, None)), "1 1 2 2"),  # the second tier keeps its two
        ("10 9 9 9", ((1, None), (2, None)), "1 2 2 2"),
        ("10 9 8 7", ((1, "11"), (2, "8")), "2 2 - -"),  # the first tier stays empty
        ("10 9 8 7", ((1, "9"), (2, "8.5"), (2, "8")), "1 2 3 -"),
        ("10 9 8 7", ((2, "9.5"), (2, None)), "1 2 2 -"),
        ("10 9 8 7", ((0, None), (1, None)), "2 - - -"),
        ("10 9 8 7", (), "- - - -"),
    ),
)
def test_prizes_go_down_the_places(marks: str, tiers: tuple[tuple[int, str | None], ...], given: str) -> None:
    table = dict(zip("ABCD", marks.split(), strict=True))

    result = result_of(one_round(table, prizes=_tiers(*tiers)))

    assert " ".join(row["prize"] or "-" for row in result["places"]) == given


def test_a_prize_shared_beyond_its_count_is_named() -> None:
    result = result_of(one_round({"A": "9", "B": "9", "C": "9"}, prizes=_tiers((2, None))))

    assert result["warnings"] == [
        {"code": "prize_over_count", "pool": None, "prize": "1", "count": 2, "given": 3, "entries": ["A", "B", "C"]}
    ]


def test_a_tie_that_is_broken_shares_no_prize() -> None:
    raw = one_round({"A": "9", "B": "9"}, prizes=_tiers((1, None)), tiebreaks=["lot"])
    entry_of(raw, "A")["lot"], entry_of(raw, "B")["lot"] = 2, 1

    result = result_of(raw)

    assert [(row["entry"], row["prize"]) for row in result["places"]] == [("B", "1"), ("A", None)]
    assert codes(result, "warnings") == []


def test_equal_lots_leave_the_place_shared() -> None:
    raw = one_round({"A": "9", "B": "9"}, tiebreaks=["lot"])
    entry_of(raw, "A")["lot"] = entry_of(raw, "B")["lot"] = 1

    assert standings(result_of(raw)) == "1= A 9, 1= B 9"
