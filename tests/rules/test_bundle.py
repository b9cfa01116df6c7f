"""What a bundle must not say, each with the path of the field, and what hostile input cannot do."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.cli.pure import sentence
from contest.rules.bundle import Refused, parse_bundle
from contest.rules.reading import read_json
from contest.rules.tabulation import tabulate
from tests.rules.bundles import a_bundle, a_round

HUGE = "9" * 5000


def _short(value: object) -> str:
    return ascii(value) if isinstance(value, str) and len(value) < 70 else type(value).__name__


def sound() -> dict[str, Any]:
    """A bundle with one of everything, which is accepted."""
    raw = a_bundle(
        {"r1": {"A": "8/2 7/1", "B": "6/2 5/1"}, "r2": {"A": "9 9", "B": "8 8"}},
        [a_round("r1", criteria=2, max="10", step="0.5"), a_round("r2", third={"gap": "2", "stands": "median"})],
        tiebreaks=["round:r2", "criterion:r1/c2", "measure:seconds:asc", "judge:head", "places", "lot"],
        advance={"count": 1, "min_total": "5"},
        prizes=[{"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "5"}],
    )
    for number, entry in enumerate(raw["entries"], 1):
        entry.update(pool="xã", lot=number, measures={"seconds": "60.5"}, withdrawn=False, rounds=["r1", "r2"])
    raw["adjustments"] = [{"round": "r1", "entry": "A", "points": "-1", "reason": "quá giờ"}]
    return raw


def _set(raw: Any, path: str, value: object) -> None:
    """Set a field by its path, "marks[0].value"; DELETE removes it."""
    steps: list[Any] = []
    for step in path.split("."):
        name, *places = step.replace("]", "").split("[")
        steps += [name, *(int(place) for place in places)]
    for step in steps[:-1]:
        raw = raw[step]
    if value is DELETE:
        del raw[steps[-1]]
    else:
        raw[steps[-1]] = value


DELETE = object()


def problems(raw: object) -> list[tuple[str, str]]:
    """Path and code of all that is wrong."""
    try:
        parse_bundle(raw)
    except Refused as refused:
        return [(problem.path, problem.code) for problem in refused.problems]
    return []


def test_a_sound_bundle_is_accepted() -> None:
    assert problems(sound()) == []


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    (
        ("format", "contest-tabulation/2", "", "unknown_format"),
        ("format", None, "", "unknown_format"),
        ("format", DELETE, "", "missing_field"),
        ("rules", DELETE, "", "missing_field"),
        ("rules", [], "", "wrong_type"),
        ("judges", {}, "", "wrong_type"),
        ("marks", None, "", "wrong_type"),
        ("entries", "A", "", "wrong_type"),
        ("colour", "red", "", "unknown_field"),
        ("adjustments", 3, "", "wrong_type"),
        # rules
        ("rules.number", "1", "", "wrong_type"),
        ("rules.number", True, "", "wrong_type"),
        ("rules.number", -1, "", "negative"),
        ("rules.number", 10**5000, "", "too_large"),
        ("rules.number", 1.0, "", "wrong_type"),
        ("rules.colour", "red", "", "unknown_field"),
        ("rules.rounds", [], "", "too_few"),
        ("rules.rounds[0]", 7, "", "wrong_type"),
        ("rules.rounds[0].key", DELETE, "", "missing_field"),
        ("rules.rounds[0].key", "", "", "bad_key"),
        ("rules.rounds[0].key", "a/b", "", "slash_in_key"),
        ("rules.rounds[1].key", "r1", "", "duplicate"),
        ("rules.rounds[0].weight", 1, "", "wrong_type"),
        ("rules.rounds[0].weight", "-1", "", "negative"),
        ("rules.rounds[0].criteria", [], "", "too_few"),
        ("rules.rounds[0].criteria[1].key", "c1", "", "duplicate"),
        ("rules.rounds[0].criteria[1].max", 60, "", "wrong_type"),
        ("rules.rounds[0].criteria[1].max", "1e999999", "", "not_a_decimal"),
        ("rules.rounds[0].criteria[1].max", "NaN", "", "not_a_decimal"),
        ("rules.rounds[0].criteria[1].max", "-1", "", "negative"),
        ("rules.rounds[0].criteria[1].step", "0", "", "not_positive"),
        ("rules.rounds[0].criteria[1].step", "-0.5", "", "not_positive"),
        ("rules.rounds[0].criteria[1].weight", "-2", "", "negative"),
        ("rules.rounds[0].criteria[1].name", "x", "", "unknown_field"),
        ("rules.rounds[0].panel", DELETE, "", "missing_field"),
        ("rules.rounds[0].panel.average", "mode", "", "not_a_choice"),
        ("rules.rounds[0].panel.average", ["mean"], "", "wrong_type"),
        ("rules.rounds[0].panel.average", "tolerance", "rules.rounds[0].panel.tolerance", "missing_field"),
        ("rules.rounds[0].panel.tolerance", "-1", "", "negative"),
        ("rules.rounds[0].panel.tolerance", 2, "", "wrong_type"),
        ("rules.rounds[0].panel.drop_high", -1, "", "negative"),
        ("rules.rounds[0].panel.drop_high", True, "", "wrong_type"),
        ("rules.rounds[0].panel.drop_high", "1", "", "wrong_type"),
        ("rules.rounds[0].panel.drop_low", 10**9, "", "too_large"),
        ("rules.rounds[0].panel.of", "judge", "", "not_a_choice"),
        ("rules.rounds[0].rounding.panel", -1, "", "negative"),
        ("rules.rounds[0].rounding.panel", 13, "", "too_large"),
        ("rules.rounds[0].rounding.panel", "2", "", "wrong_type"),
        ("rules.rounds[0].rounding.total", 2, "", "unknown_field"),
        ("rules.rounds[1].third_marker.gap", "0", "", "not_positive"),
        ("rules.rounds[1].third_marker.gap", 20, "", "wrong_type"),
        ("rules.rounds[1].third_marker.stands", "first", "", "not_a_choice"),
        ("rules.rounds[1].third_marker", "20", "", "wrong_type"),
        ("rules.total.combine", "product", "", "not_a_choice"),
        ("rules.total.rounding", 2.5, "", "wrong_type"),
        ("rules.total", "sum", "", "wrong_type"),
        ("rules.tiebreaks", "lot", "", "wrong_type"),
        ("rules.tiebreaks[0]", 3, "", "wrong_type"),
        ("rules.tiebreaks[0]", "round:r3", "", "unknown_round"),
        ("rules.tiebreaks[0]", "criterion:r3/c1", "", "unknown_round"),
        ("rules.tiebreaks[0]", "criterion:r1/c3", "", "unknown_criterion"),
        ("rules.tiebreaks[0]", "criterion:r1", "", "unknown_criterion"),
        ("rules.tiebreaks[0]", "measure:seconds", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "measure:seconds:up", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "measure::asc", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "judge:J1", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "age", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "lot:1", "", "unknown_tiebreak"),
        ("rules.tiebreaks[0]", "lot", "rules.tiebreaks[5]", "duplicate"),
        ("rules.advance.count", -1, "", "negative"),
        ("rules.advance.count", "10", "", "wrong_type"),
        ("rules.advance.min_total", 70, "", "wrong_type"),
        ("rules.advance.per_pool", 1, "", "unknown_field"),
        ("rules.prizes[0].count", DELETE, "", "missing_field"),
        ("rules.prizes[0].count", False, "", "wrong_type"),
        ("rules.prizes[0].name", 1, "", "wrong_type"),
        ("rules.prizes[0].name", "Gia\u0309i Nh\u00e2\u0301t", "", "not_nfc"),
        ("rules.prizes[0].value", "5.000.000 đồng", "", "unknown_field"),
        # judges and entries
        ("judges[1].key", "J1", "", "duplicate"),
        ("judges[0].head", 1, "", "wrong_type"),
        ("judges[0].name", "x", "", "unknown_field"),
        ("entries[1].key", "A", "", "duplicate"),
        ("entries[0].key", 17, "", "wrong_type"),
        ("entries[0].key", " A", "", "bad_key"),
        ("entries[0].key", "A\u0000", "", "bad_key"),
        ("entries[0].key", "A" * 201, "", "too_long"),
        ("entries[0].key", "\ud800", "", "broken_unicode"),
        ("entries[0].key", "e\u0302", "", "not_nfc"),
        ("entries[0].pool", 3, "", "wrong_type"),
        ("entries[0].pool", "xa\u0303", "", "not_nfc"),
        ("entries[0].lot", "7", "", "wrong_type"),
        ("entries[0].lot", True, "", "wrong_type"),
        ("entries[0].lot", -7, "", "negative"),
        ("entries[0].lot", DELETE, "", "lot_needed"),
        ("entries[0].lot", None, "", "lot_needed"),
        ("entries[0].measures", [], "", "wrong_type"),
        ("entries[0].measures.seconds", 412, "", "wrong_type"),
        ("entries[0].measures.seconds", "4e2", "", "not_a_decimal"),
        ("entries[0].withdrawn", "no", "", "wrong_type"),
        ("entries[0].rounds", "r1", "", "wrong_type"),
        ("entries[0].rounds[1]", "r3", "", "unknown_round"),
        ("entries[0].rounds[1]", "r1", "", "duplicate"),
        ("entries[0].rounds[0]", 1, "", "wrong_type"),
        # marks
        ("marks[3]", [], "", "wrong_type"),
        ("marks[3].value", DELETE, "", "missing_field"),
        ("marks[3].value", 8.5, "", "wrong_type"),
        ("marks[3].value", 8, "", "wrong_type"),
        ("marks[3].value", True, "", "wrong_type"),
        ("marks[3].value", [], "", "wrong_type"),
        ("marks[3].value", "", "", "not_a_decimal"),
        ("marks[3].value", "8,5", "", "not_a_decimal"),
        ("marks[3].value", HUGE, "", "not_a_decimal"),
        ("marks[3].value", "-1", "", "below_zero"),
        ("marks[0].value", "10.5", "", "above_max"),
        ("marks[0].value", "8.25", "", "off_step"),
        ("marks[3].round", "r3", "", "unknown_round"),
        ("marks[3].round", None, "", "wrong_type"),
        ("marks[3].round", {}, "", "wrong_type"),
        ("marks[3].entry", "Z", "", "unknown_entry"),
        ("marks[3].entry", [], "", "wrong_type"),
        ("marks[3].judge", "J9", "", "unknown_judge"),
        ("marks[3].criterion", "c9", "", "unknown_criterion"),
        ("marks[3].at", "now", "", "unknown_field"),
        ("marks[1].criterion", "c1", "marks[1]", "duplicate_mark"),
        # adjustments
        ("adjustments[0].points", -1, "", "wrong_type"),
        ("adjustments[0].points", "-1e1", "", "not_a_decimal"),
        ("adjustments[0].points", DELETE, "", "missing_field"),
        ("adjustments[0].round", "r3", "", "unknown_round"),
        ("adjustments[0].entry", "Z", "", "unknown_entry"),
        ("adjustments[0].reason", 75, "", "wrong_type"),
        ("adjustments[0].judge", "J1", "", "unknown_field"),
    ),
    ids=_short,
)
def test_refusals_name_the_field(path: str, value: object, where: str, code: str) -> None:
    raw = sound()
    _set(raw, path, value)

    assert (where or path, code) in problems(raw)


@pytest.mark.parametrize("path", ("rules.rounds[0].panel.drop_high", "rules.rounds[0].panel.drop_low"))
def test_a_drop_says_how_many_marks_it_needs(path: str) -> None:
    raw = sound()
    del raw["rules"]["rounds"][0]["panel"]["drop_needs"]
    assert problems(raw) == []

    _set(raw, path, 1)

    assert problems(raw) == [("rules.rounds[0].panel.drop_needs", "missing_field")]


@pytest.mark.parametrize("raw", (None, [], "x", 3, 1.5, float("nan"), True, {}))
def test_what_is_no_bundle_is_refused(raw: object) -> None:
    assert problems(raw) != []


def test_the_rest_is_neutral_when_left_out_or_null() -> None:
    short = {
        "format": "contest-tabulation/1",
        "rules": {"number": 1, "rounds": [{"key": "r", "criteria": [{"key": "c"}], "panel": {"average": "mean"}}]},
        "judges": [{"key": "J"}],
        "entries": [{"key": "A"}],
        "marks": [{"round": "r", "entry": "A", "judge": "J", "criterion": "c", "value": "8"}],
    }
    nulls = copy.deepcopy(short)
    nulls["rules"] |= {"total": None, "tiebreaks": None, "advance": None, "prizes": None}
    nulls["rules"]["rounds"][0] |= {"weight": None, "rounding": None, "third_marker": None}
    nulls["entries"][0] |= {"pool": None, "lot": None, "measures": None, "withdrawn": None, "rounds": None}

    assert problems(short) == []
    assert parse_bundle(short).rules == parse_bundle(nulls).rules
    assert parse_bundle(short).entries == parse_bundle(nulls).entries


def test_all_problems_are_collected_in_the_order_of_the_input() -> None:
    raw = sound()
    for path, value in (
        ("marks[3].value", "8,5"),
        ("rules.number", -1),
        ("judges[0].head", 1),
        ("marks[0].judge", "X"),
    ):
        _set(raw, path, value)

    assert problems(raw) == [
        ("rules.number", "negative"),
        ("judges[0].head", "wrong_type"),
        ("marks[0].judge", "unknown_judge"),
        ("marks[3].value", "not_a_decimal"),
    ]


def test_a_second_mark_is_refused_even_when_one_is_null() -> None:
    raw = sound()
    raw["marks"].append({**raw["marks"][0], "value": None})

    assert problems(raw) == [(f"marks[{len(raw['marks']) - 1}]", "duplicate_mark")]


def test_marks_in_a_round_the_entry_does_not_take_part_in_are_refused() -> None:
    raw = sound()
    raw["entries"][1]["rounds"] = ["r1"]
    places = [place for place, mark in enumerate(raw["marks"]) if (mark["round"], mark["entry"]) == ("r2", "B")]

    assert problems(raw) == [(f"marks[{place}]", "round_not_entered") for place in places]

    for place in places:
        raw["marks"][place]["value"] = None  # no mark, so nothing is wrong

    assert problems(raw) == []

    raw["adjustments"].append({"round": "r2", "entry": "B", "points": "1"})

    assert problems(raw) == [("adjustments[1]", "round_not_entered")]


def test_marks_of_withdrawn_entries_are_checked_but_need_no_lot() -> None:
    raw = sound()
    raw["entries"][0].update(withdrawn=True, lot=None)
    assert problems(raw) == []

    raw["marks"][0]["value"] = "99"

    assert problems(raw) == [("marks[0].value", "above_max")]


@pytest.mark.parametrize(
    ("text", "where", "code"),
    (
        ('{"format": "contest-tabulation/1", "format": "contest-tabulation/1"}', "format", "repeated_key"),
        ('{"rules": {"number": 1, "number": 2}}', "rules.number", "repeated_key"),
        ('{"rules": {"number": NaN}}', "rules.number", "wrong_type"),
        ('{"rules": {"number": -Infinity}}', "rules.number", "wrong_type"),
        ('{"rules": {"number": 1e999999}}', "rules.number", "wrong_type"),
        ('{"rules": {"number": ' + HUGE + "}}", "rules.number", "wrong_type"),
        ('{"judges": [{"key": "\\ud83d"}]}', "judges[0].key", "broken_unicode"),
        ('{"entries": [{"measures": {"s": "1", "s": "2"}}]}', "entries[0].measures.s", "repeated_key"),
        ("[" * 100_000 + "]" * 100_000, "", "too_deep"),
        ('{"a":' * 100_000, "", "too_deep"),
        ("{", "", "not_json"),
        ("", "", "not_json"),
    ),
    ids=_short,
)
def test_hostile_json(text: str, where: str, code: str) -> None:
    try:
        found = problems(read_json(text.encode()))
    except Refused as refused:
        found = [(problem.path, problem.code) for problem in refused.problems]

    assert (where, code) in found


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_json(b'{"format": "\xff"}')

    assert refused.value.problems[0].code == "not_utf8"


def test_deep_values_inside_a_bundle_are_refused_where_they_stand() -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]
    for path in ("rules.tiebreaks", "marks[0].value", "entries[0].measures", "rules.rounds[0].panel"):
        raw = sound()
        _set(raw, path, deep)

        assert problems(raw) != []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(("r1", "A", "J1", "1")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(way for step, part in inner for way in _places(part, (*path, step)))]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(_places(sound())), JSON)
def test_whatever_stands_anywhere_is_counted_or_refused(way: tuple[Any, ...], value: Any) -> None:
    holder = {"raw": sound()}
    inside: Any = holder
    for step in ("raw", *way)[:-1]:
        inside = inside[step]
    inside[("raw", *way)[-1]] = value

    try:
        result = tabulate(parse_bundle(holder["raw"]))
    except Refused as refused:
        lines = [sentence(problem) for problem in refused.problems]
        assert lines
        assert all(line.isprintable() for line in lines)
    else:
        assert result["format"] == "contest-result/1"


def test_the_fingerprint_does_not_depend_on_the_order_of_fields() -> None:
    raw = sound()
    turned = json.loads(json.dumps(raw), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert parse_bundle(turned).sha256 == parse_bundle(raw).sha256
    raw["marks"].reverse()
    assert parse_bundle(turned).sha256 != parse_bundle(raw).sha256
