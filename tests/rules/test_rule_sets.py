"""Rule sets: what a sound body is, what every kind of unsound one is called, and its form in a bundle."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import rule_sets
from contest.rules.bundle import parse_bundle
from contest.rules.rule_sets import Change, Problem


def _criterion(key: str, most: str | None, step: str | None = "0.5", weight: str = "1") -> dict[str, Any]:
    return {"key": key, "name": key.capitalize(), "guidance": "", "max": most, "step": step, "weight": weight}


def _round(key: str, **fields: Any) -> dict[str, Any]:
    return {
        "key": key, "name": key.capitalize(), "weight": "1", "judges_per_entry": 2,
        "criteria": [_criterion("noi-dung", "70"), _criterion("hinh-thuc", "30", "0.25")],
        "panel": {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 5, "of": "total"},
        "rounding": {"panel": 2, "weighted": None, "round": None}, "advance": None,
        "tiebreaks": [f"criterion:{key}/noi-dung"], **fields,
    }  # fmt: skip


def _body(**fields: Any) -> dict[str, Any]:
    return {
        "format": "contest-rules/1", "pools": "none",
        "rounds": [_round("so-khao", advance={"count": 20, "min_total": "60"}), _round("chung-khao")],
        "total": {"combine": "last", "rounding": 2},
        "tiebreaks": ["round:chung-khao", "criterion:chung-khao/noi-dung", "round:so-khao", "judge:head", "lot"],
        "prizes": [
            {"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "85", "value": "5.000.000 đồng"},
            {"key": "nhi", "name": "Giải Nhì", "count": 2, "min_total": "75", "value": ""},
        ], **fields,
    }  # fmt: skip


def _set(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the body with one place changed; path like "rounds.0.panel.of"."""
    body = copy.deepcopy(body)
    *steps, name = path.split(".")
    inner: Any = body
    for step in steps:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    inner[int(name) if name.isdigit() else name] = value
    return body


def test_a_sound_body_has_no_problems() -> None:
    assert rule_sets.validate(_body()) == []


def test_severity_is_corrected_where_it_is_asked_for() -> None:
    body = _set(_body(), "rounds.0.severity", "additive")
    third = {"gap": "20", "stands": "third"}

    assert rule_sets.validate(body) == []
    rounds = rule_sets.bundle_rules(body, 1)["rounds"]
    assert [item.get("severity", "not there") for item in rounds] == ["additive", "not there"]
    assert rule_sets.bundle_rules(body, 1, round_key="so-khao")["rounds"][0]["severity"] == "additive"
    assert rule_sets.validate(_set(body, "rounds.0.third_marker", third)) == [
        Problem("rounds[0].severity", "severity_with_third_marker")
    ]
    assert rule_sets.validate(_set(body, "rounds.0.judges_per_entry", 1)) == [
        Problem("rounds[0].severity", "severity_needs_two")
    ]
    assert rule_sets.changes(_set(_body(), "rounds.0.severity", None), _body()) == []


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("format", "contest-rules/2", ("format", "not_a_choice")),
        ("pools", None, ("pools", "not_a_choice")),
        ("extra", 1, ("extra", "unknown_field")),
        ("rounds", [], ("rounds", "empty_list")),
        ("rounds.0.criteria", [], ("rounds[0].criteria", "empty_list")),
        ("rounds.0.key", "Sơ khảo", ("rounds[0].key", "not_a_key")),
        ("rounds.0.name", " ", ("rounds[0].name", "empty")),
        ("rounds.0.weight", 1, ("rounds[0].weight", "not_a_number")),
        ("rounds.0.weight", "0", ("rounds[0].weight", "not_positive")),
        ("rounds.0.weight", "-1", ("rounds[0].weight", "not_a_number")),
        ("rounds.0.weight", "1e3", ("rounds[0].weight", "not_a_number")),
        ("rounds.0.weight", "٣", ("rounds[0].weight", "not_a_number")),
        ("rounds.0.judges_per_entry", True, ("rounds[0].judges_per_entry", "not_whole")),
        ("rounds.0.judges_per_entry", 0, ("rounds[0].judges_per_entry", "out_of_range")),
        ("rounds.0.criteria.0.step", "0.3", ("rounds[0].criteria[0].step", "step_misses_max")),
        ("rounds.0.criteria.1.key", "noi-dung", ("rounds[0].criteria[1].key", "twice")),
        ("rounds.1.criteria.0.weight", "0", ("rounds[1].criteria[0].weight", "not_positive")),
        ("rounds.0.severity", "z", ("rounds[0].severity", "not_a_choice")),
        ("rounds.0.panel.drop_high", 5, ("rounds[0].panel.drop_needs", "drops_leave_nothing")),
        ("rounds.0.panel.drop_low", 1, ("rounds[0].panel.drop_needs", "drops_never_apply")),
        ("rounds.0.panel.average", "tolerance", ("rounds[0].panel.tolerance", "missing")),
        ("rounds.0.panel.tolerance", "2", ("rounds[0].panel.tolerance", "tolerance_unused")),
        ("rounds.0.rounding.panel", 7, ("rounds[0].rounding.panel", "out_of_range")),
        ("rounds.0.third_marker", {"gap": "120", "stands": "third"}, ("rounds[0].third_marker.gap", "above_max")),
        ("rounds.0.deliberation", {"mode": "chat", "shows": "key"}, ("rounds[0].deliberation.mode", "not_a_choice")),
        ("rounds.0.deliberation", {"mode": "discussion"}, ("rounds[0].deliberation.shows", "missing")),
        ("rounds.0.advance", None, ("rounds[0].advance", "advance_missing")),
        ("rounds.0.advance", {"count": None, "min_total": None}, ("rounds[0].advance", "advance_empty")),
        ("rounds.0.advance.min_total", "101", ("rounds[0].advance.min_total", "above_max")),
        ("rounds.1.advance", {"count": 3, "min_total": None}, ("rounds[1].advance", "advance_after_last")),
        ("rounds.0.tiebreaks", ["round:chung-khao"], ("rounds[0].tiebreaks[0]", "unknown_tiebreak")),
        ("tiebreaks", ["criterion:so-khao/phong-cach"], ("tiebreaks[0]", "unknown_tiebreak")),
        ("tiebreaks", ["measure:seconds"], ("tiebreaks[0]", "unknown_tiebreak")),
        ("tiebreaks", ["places", "places"], ("tiebreaks[1]", "twice")),
        ("tiebreaks", ["lot", "judge:head"], ("tiebreaks[1]", "after_lot")),
        ("prizes.0.min_total", "101", ("prizes[0].min_total", "above_max")),
        ("prizes.1.min_total", "90", ("prizes[1].min_total", "prize_order")),
        ("prizes.0.min_total", None, ("prizes[1].min_total", "prize_order")),
        ("prizes.1.key", "nhat", ("prizes[1].key", "twice")),
        ("prizes.1.count", 0, ("prizes[1].count", "out_of_range")),
    ],
)
def test_every_fault_is_named_where_it_is(path: str, value: Any, problem: tuple[str, str]) -> None:
    found = rule_sets.validate(_set(_body(), path, value))

    assert [(item.path, item.code) for item in found] == [problem]


def test_a_third_marker_needs_exactly_two_before() -> None:
    body = _set(_body(), "rounds.0.third_marker", {"gap": "20", "stands": "third"})
    three = _set(body, "rounds.0.judges_per_entry", 3)

    assert rule_sets.validate(body) == []
    assert rule_sets.validate(three) == [Problem("rounds[0].third_marker", "third_marker_needs_two", {"judges": 3})]


def test_two_rounds_of_one_name_are_refused() -> None:
    body = _body(rounds=[_round("vong"), _round("vong")], total={"combine": "sum", "rounding": 2}, tiebreaks=[])

    assert rule_sets.validate(body) == [Problem("rounds[1].key", "twice", {"key": "vong"})]


@pytest.mark.parametrize("body", [None, [], "rules", 3, {}, {"rounds": {}}])
def test_what_is_no_rule_set_at_all_is_refused_without_falling_over(body: Any) -> None:
    assert rule_sets.validate(body) != []


@pytest.mark.parametrize(("combine", "most"), [("sum", "150.0"), ("last", "100"), ("best", "100")])
def test_the_most_points_follow_how_rounds_are_combined(combine: str, most: str) -> None:
    body = _set(_set(_body(), "total.combine", combine), "rounds.0.weight", "0.5")

    assert rule_sets.total_max(body) == Decimal(most)


def test_without_a_limit_there_is_no_most() -> None:
    assert rule_sets.total_max(_set(_body(), "rounds.1.criteria.0.max", None)) is None


def test_criteria_come_in_the_order_of_the_sheet() -> None:
    criteria = rule_sets.criteria_of(_body(), "chung-khao")

    assert [(item.key, item.max, item.step) for item in criteria] == [
        ("noi-dung", Decimal("70"), Decimal("0.5")),
        ("hinh-thuc", Decimal("30"), Decimal("0.25")),
    ]


def test_an_unknown_round_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        rule_sets.round_of(_body(), "ban-ket")


def test_a_bundle_of_one_round_has_its_own_ties_and_advancement_and_no_prizes() -> None:
    body = _set(_body(), "rounds.0.weight", "0.4")

    rules = rule_sets.bundle_rules(body, 3, round_key="so-khao")

    assert rules == {
        "number": 3,
        "rounds": [
            {
                "key": "so-khao", "weight": "1",
                "criteria": [
                    {"key": "noi-dung", "max": "70", "step": "0.5", "weight": "1"},
                    {"key": "hinh-thuc", "max": "30", "step": "0.25", "weight": "1"},
                ],
                "panel": {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 5, "of": "total"},
                "rounding": {"panel": 2, "weighted": None, "round": None},
            }
        ],
        "total": {"combine": "sum", "rounding": 2},
        "tiebreaks": ["criterion:so-khao/noi-dung"],
        "advance": {"count": 20, "min_total": "60"},
        "prizes": [],
    }  # fmt: skip


def test_a_bundle_of_the_contest_has_all_rounds_and_prizes_without_their_value() -> None:
    rules = rule_sets.bundle_rules(_body(other_prizes=[]), 1)

    assert [item["key"] for item in rules["rounds"]] == ["so-khao", "chung-khao"]
    assert rules["advance"] is None
    assert rules["prizes"][0] == {"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "85"}


def test_a_bundle_shares_nothing_with_the_body() -> None:
    body = _body()

    rules = rule_sets.bundle_rules(body, 1)
    rules["rounds"][0]["panel"]["drop_high"] = 9
    rules["tiebreaks"].clear()

    assert body == _body()


def test_changes_name_what_differs_by_key() -> None:
    old = _body()
    new = _set(old, "rounds.0.criteria.0.max", "60")
    new["rounds"][1]["third_marker"] = {"gap": "20", "stands": "third"}
    new["rounds"][1]["criteria"].reverse()
    del new["prizes"][0]

    found = rule_sets.changes(old, new)

    assert found == [
        Change("rounds[so-khao].criteria[noi-dung].max", "changed", "70", "60"),
        Change("rounds[chung-khao].criteria", "reordered", ["noi-dung", "hinh-thuc"], ["hinh-thuc", "noi-dung"]),
        Change("rounds[chung-khao].third_marker", "added", None, {"gap": "20", "stands": "third"}),
        Change("prizes[nhat]", "removed", old["prizes"][0], None),
    ]


def test_the_same_rules_have_no_changes_even_when_an_optional_part_is_written_out() -> None:
    assert rule_sets.changes(_body(), _set(_body(other_prizes=[]), "rounds.0.third_marker", None)) == []


_keys = st.lists(st.sampled_from(["a", "b", "c-1", "d"]), min_size=1, max_size=3, unique=True)


@st.composite
def _criteria(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for key in draw(_keys):
        step = draw(st.sampled_from([None, "0.25", "0.5", "1"]))
        most = draw(st.one_of(st.none(), st.integers(1, 100).map(str)))
        made.append(_criterion(key, most, step, draw(st.sampled_from(["1", "0.7", "2"]))))
    return made


@st.composite
def _panels(draw: st.DrawFn) -> tuple[int, dict[str, Any]]:
    judges = draw(st.integers(1, 9))
    high, low = draw(st.sampled_from([(0, 0), (1, 1), (1, 0)]))
    if judges <= high + low:
        high = low = 0
    needs = draw(st.integers(high + low + 1, max(judges, high + low + 1)))
    panel = {
        "average": draw(st.sampled_from(["mean", "median", "tolerance"])), "drop_high": high, "drop_low": low,
        "drop_needs": needs, "of": draw(st.sampled_from(["criterion", "total"])),
    }  # fmt: skip
    if panel["average"] == "tolerance":
        panel["tolerance"] = "2"
    return judges, panel


@st.composite
def _bodies(draw: st.DrawFn) -> dict[str, Any]:
    keys, combine = draw(_keys), draw(st.sampled_from(["sum", "last", "best"]))
    places = st.one_of(st.none(), st.integers(0, 6))
    rounds = []
    for key in keys:
        judges, panel = draw(_panels())
        item = _round(key, judges_per_entry=judges, panel=panel, criteria=draw(_criteria()), tiebreaks=[f"round:{key}"])
        item["rounding"] = {name: draw(places) for name in ("panel", "weighted", "round")}
        item["weight"] = draw(st.sampled_from(["1", "0.4", "2"]))
        if judges == 2 and draw(st.booleans()):
            item["third_marker"] = {"gap": "1", "stands": draw(st.sampled_from(["third", "closest_two", "median"]))}
            item["criteria"] = [{**entry, "weight": "1"} for entry in item["criteria"]]
        if key != keys[-1] and (combine == "last" or draw(st.booleans())):
            count = draw(st.sampled_from([None, 3]))
            item["advance"] = {"count": count, "min_total": None if count else "0"}
        rounds.append(item)
    ties = ["judge:head", "places", *(f"round:{key}" for key in keys), "measure:seconds:asc", "lot"]
    chosen = draw(st.lists(st.sampled_from(ties), unique=True))
    floors = draw(st.sampled_from([["0.28", "0.25"], ["0", None], [None, None]]))  # 0.28: the least of highest totals
    prizes = [
        {"key": f"giai-{index}", "name": f"Giải {index}", "count": index + 1, "min_total": floor, "value": ""}
        for index, floor in enumerate(floors)
    ]
    return _body(
        rounds=rounds, total={"combine": combine, "rounding": draw(places)}, prizes=prizes,
        tiebreaks=sorted(chosen, key=lambda rule: rule == "lot"), pools=draw(st.sampled_from(["none", "category"])),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_bodies())
def test_what_is_found_sound_is_taken_by_the_tabulation(body: dict[str, Any]) -> None:
    assert rule_sets.validate(body) == []
    for key in (None, *(item["key"] for item in body["rounds"])):
        document = {
            "format": "contest-tabulation/1", "rules": rule_sets.bundle_rules(body, 1, round_key=key),
            "judges": [{"key": "J1", "head": True}], "entries": [], "marks": [], "adjustments": [],
        }  # fmt: skip
        parse_bundle(document)


@settings(max_examples=100, deadline=None)
@given(_bodies())
def test_sound_bodies_of_every_kind_are_found_sound_and_equal_to_themselves(body: dict[str, Any]) -> None:
    assert rule_sets.validate(body) == []
    assert rule_sets.changes(body, copy.deepcopy(body)) == []


@pytest.mark.parametrize(("judges", "problems"), ((1, []), (2, [("rounds[0].deliberation", "joint_needs_one")])))
def test_joint_judging_makes_one_sheet(judges: int, problems: list[tuple[str, str]]) -> None:
    body = _set(_set(_body(), "rounds.0.judges_per_entry", judges), "rounds.0.third_marker", None)
    joint = _set(body, "rounds.0.deliberation", {"mode": "joint", "shows": "key"})

    assert [(problem.path, problem.code) for problem in rule_sets.validate(joint)] == problems


@pytest.mark.parametrize(("judges", "problems"), ((1, [("rounds[0].deliberation", "discussion_needs_two")]), (2, [])))
def test_a_discussion_needs_two_and_is_no_part_of_a_bundle(judges: int, problems: list[tuple[str, str]]) -> None:
    body = _set(_body(), "rounds.0.judges_per_entry", judges)
    talking = _set(copy.deepcopy(body), "rounds.0.deliberation", {"mode": "discussion", "shows": "key"})

    assert [(problem.path, problem.code) for problem in rule_sets.validate(talking)] == problems
    assert rule_sets.bundle_rules(talking, 1) == rule_sets.bundle_rules(body, 1)
    assert [change.path for change in rule_sets.changes(body, talking)] == ["rounds[so-khao].deliberation"]
