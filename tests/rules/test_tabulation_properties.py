"""What holds of every result, whatever the bundle."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.rules.canonical import canonical_bytes
from contest.rules.exact import plain_decimal
from tests.rules.bundles import Raw, a_round, one_round, result_of
from tests.rules.random_bundles import POINTS, bundles

SLOW = [HealthCheck.too_slow, HealthCheck.large_base_example]
many = settings(max_examples=150, deadline=None, suppress_health_check=SLOW)


def _without_fingerprint(result: Raw) -> Raw:
    return {name: value for name, value in result.items() if name != "bundle_sha256"}


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            assert isinstance(name, str)
            yield from _leaves(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)
    else:
        yield path, value


@many
@given(bundles(), st.integers())
def test_the_order_of_the_lists_decides_nothing(raw: Raw, seed: int) -> None:
    shuffled, rng = copy.deepcopy(raw), random.Random(seed)
    for name in ("judges", "entries", "marks", "adjustments"):
        rng.shuffle(shuffled[name])

    assert _without_fingerprint(result_of(shuffled)) == _without_fingerprint(result_of(raw))


@many
@given(bundles())
def test_the_same_bundle_gives_the_same_bytes_and_is_not_changed(raw: Raw) -> None:
    before = canonical_bytes(raw)

    first, second = canonical_bytes(result_of(raw)), canonical_bytes(result_of(copy.deepcopy(raw)))

    assert first == second
    assert canonical_bytes(raw) == before


COUNTS = {"rules_number", "place", "marks", "dropped", "count", "given", "judges", "expected"}
NUMBERS = {"total", "points", "adjustments", "average", "totals", "difference"}


@many
@given(bundles())
def test_points_are_text_and_nothing_is_a_float(raw: Raw) -> None:
    for path, leaf in _leaves(result_of(raw)):
        assert leaf is None or type(leaf) in (str, int, bool), path
        if type(leaf) is int:
            assert path[-1] in COUNTS, path
        if NUMBERS & {path[-1], path[-2] if len(path) > 1 else ""} and type(leaf) is str:
            assert plain_decimal(leaf) is not None, (path, leaf)
            assert leaf.strip("-0.") or not leaf.startswith("-"), "minus zero"


@many
@given(bundles())
def test_places_follow_1_2_2_4(raw: Raw) -> None:
    result = result_of(raw)

    for pool in {row["pool"] for row in result["places"]}:
        places = [row["place"] for row in result["places"] if row["pool"] == pool]
        assert places == [1 + sum(other < place for other in places) for place in places]
        shared = [row["shared"] for row in result["places"] if row["pool"] == pool]
        assert shared == [places.count(place) > 1 for place in places]
    keys = [(row["pool"] or "", row["place"], row["entry"]) for row in result["places"]]
    assert keys == sorted(keys)


@many
@given(bundles())
def test_every_entry_is_in_exactly_one_place_of_the_result(raw: Raw) -> None:
    result = result_of(raw)

    found = [row["entry"] for row in result["places"]] + [row["entry"] for row in result["unplaced"]]
    found += sorted({row["entry"] for row in result["open"]})
    assert sorted(found) == sorted(entry["key"] for entry in raw["entries"])


@many
@given(bundles(), st.data())
def test_a_withdrawn_entry_changes_nothing_for_the_others(raw: Raw, data: st.DataObject) -> None:
    more = copy.deepcopy(raw)
    more["entries"].append({"key": "W", "pool": "xã", "withdrawn": True})
    for item in raw["rules"]["rounds"]:
        for judge in raw["judges"]:
            for criterion in item["criteria"]:
                value = data.draw(st.none() | POINTS)
                mark = {"round": item["key"], "entry": "W", "judge": judge["key"], "criterion": criterion["key"]}
                more["marks"].append({**mark, "value": value})

    before, after = _without_fingerprint(result_of(raw)), _without_fingerprint(result_of(more))

    unplaced = before.pop("unplaced"), after.pop("unplaced")
    assert after == before
    assert unplaced[1] == sorted([*unplaced[0], {"entry": "W", "reason": "withdrawn"}], key=lambda row: row["entry"])


@many
@given(bundles())
def test_a_twin_shares_the_place_of_its_twin(raw: Raw) -> None:
    """Ties stay ties: an entry with the same marks, lot and measures is never parted from the first."""
    if not raw["entries"]:
        return
    twin = raw["entries"][0]["key"]
    for name in ("entries", "marks", "adjustments"):
        field = "key" if name == "entries" else "entry"
        raw[name] += [{**row, field: f"{twin}-twin"} for row in raw[name] if row[field] == twin]

    result = result_of(raw)

    places = {row["entry"]: (row["place"], row["total"], row["prize"]) for row in result["places"]}
    assert places.get(twin) == places.get(f"{twin}-twin")


@many
@given(bundles())
def test_null_says_the_same_as_no_mark(raw: Raw) -> None:
    """Of places and points; a judge who is named with null is missed by name, and one who is not may not be."""
    bare = copy.deepcopy(raw)
    bare["marks"] = [mark for mark in raw["marks"] if mark["value"] is not None]

    with_nulls, without = result_of(raw), result_of(bare)

    for name in ("places", "unplaced", "open"):
        assert with_nulls[name] == without[name]


@many
@given(
    st.lists(st.lists(POINTS, min_size=1, max_size=4), min_size=1, max_size=5), st.sampled_from(("criterion", "total"))
)
def test_a_missing_mark_is_never_a_zero(sheets: list[list[str]], of: str) -> None:
    """Leaving a judge out of an entry gives it the mean of the others, not less."""
    table = {f"E{number}": " ".join([*marks, "-"]) for number, marks in enumerate(sheets)}

    result = result_of(one_round(table, a_round(of=of)))

    for row in result["places"]:
        marks = [Fraction(mark) for mark in sheets[int(row["entry"][1:])]]
        assert Fraction(row["total"]) == round(sum(marks) / len(marks) * 10**6) / Fraction(10**6)


@many
@given(st.lists(st.tuples(POINTS, POINTS, POINTS), min_size=1, max_size=6), st.sampled_from(("2", "0.5", "7")))
def test_scaling_all_marks_scales_totals_and_keeps_places(sheets: list[tuple[str, ...]], factor: str) -> None:
    def table(times: Fraction) -> dict[str, str]:
        return {
            f"E{number}": " ".join(str(float(Fraction(mark) * times)) for mark in marks)  # exact: few binary digits
            for number, marks in enumerate(sheets)
        }

    round_ = a_round(average="median", drop_high=1, drop_needs=2)
    one = result_of(one_round(table(Fraction(1)), round_, tiebreaks=["places"]))
    scaled = result_of(one_round(table(Fraction(factor)), round_, tiebreaks=["places"]))

    assert [(row["entry"], row["place"]) for row in one["places"]] == [
        (row["entry"], row["place"]) for row in scaled["places"]
    ]
    for before, after in zip(one["places"], scaled["places"], strict=True):
        assert Fraction(after["total"]) == Fraction(before["total"]) * Fraction(factor)
