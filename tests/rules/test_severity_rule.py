"""The correction for severity as a rule of a round: what it does to a result, and when it does nothing."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.bundle import Refused, parse_bundle
from contest.rules.canonical import canonical_bytes
from contest.rules.tabulation import tabulate
from tests.rules.bundles import a_round, codes, one_round, result_of, standings
from tests.rules.random_bundles import bundles

Raw = dict[str, Any]
ON = {"severity": "additive"}


def corrected(table: dict[str, str], round_: Raw | None = None, **rules: Any) -> Raw:
    return one_round(table, (round_ or a_round()) | ON, **rules)


def pairs(*lines: str, times: int = 1) -> dict[str, str]:
    """Entries of three judges, each line so many times."""
    return {f"{'ABCDEFGHI'[place]}{copy}": line for place, line in enumerate(lines) for copy in range(times)}


# Three judges, two an entry, five times each pair: ten shared entries a judge, as few as there may be. J1 gives 6 less
# than J2 and J3. By hand: on AB the differences J2 - J1 are 6, on AC J3 - J1 are 6, on BC 0, so that J2 - J1 = J3 - J1
# = 6 fits exactly; with a sum of 0 the effects are -4, 2 and 2.
SEVERE = pairs("50 56 -", "60 - 66", "- 57 57", times=5)


def test_a_severe_judge_costs_an_entry_nothing_more() -> None:
    plain, result = result_of(one_round(SEVERE)), result_of(corrected(SEVERE))

    assert [row["total"] for row in plain["places"]] == ["63"] * 5 + ["57"] * 5 + ["53"] * 5
    # A: (50 + 4 + 56 - 2) / 2 = 54, B: (60 + 4 + 66 - 2) / 2 = 64, C: 57 - 2 = 55.
    assert [(row["entry"], row["total"]) for row in result["places"][::5]] == [("B0", "64"), ("C0", "55"), ("A0", "54")]
    assert result["severity"] == {
        "r": {
            "corrected": True,
            "effects": {
                "J1": {"total": "-4", "criteria": {"c1": "-4"}},
                "J2": {"total": "2", "criteria": {"c1": "2"}},
                "J3": {"total": "2", "criteria": {"c1": "2"}},
            },
        }
    }
    assert ("severity" in plain, codes(result, "warnings")) == (False, codes(plain, "warnings"))


def test_who_got_the_severe_judge_no_longer_stands_behind() -> None:
    """X was worth more than Y, and was dealt to the severe judge."""
    table = SEVERE | {"X": "52 58 -", "Y": "- 56 57"}

    plain, result = (result_of(raw)["places"] for raw in (one_round(table), corrected(table)))

    def order(rows: Iterable[Raw]) -> list[str]:
        return [row["entry"] for row in rows if row["entry"] in "XY"]

    assert (order(plain), order(result)) == (["Y", "X"], ["X", "Y"])


def test_each_criterion_has_an_effect_of_its_own_and_weights_add_them() -> None:
    table = pairs("20/50 26/48 -", "30/50 - 36/50", "- 27/50 27/52", times=5)
    raw = corrected(table, a_round(criteria=2, weights=("2", "0.5"), of="criterion"))

    found = result_of(raw)["severity"]["r"]["effects"]

    # On c1 as above. On c2 the differences are J2 - J1 = -2, J3 - J1 = 0, J3 - J2 = 2: effects 2/3, -4/3, 2/3.
    assert found["J1"] == {"total": "-7.666667", "criteria": {"c1": "-4", "c2": "0.666667"}}
    assert found["J2"] == {"total": "3.333333", "criteria": {"c1": "2", "c2": "-1.333333"}}
    assert result_of(corrected(table, a_round(criteria=2, weights=("2", "0.5"), of="total")))["severity"]["r"][
        "effects"
    ] == (found)


def test_the_order_of_averaging_does_not_matter_to_the_points() -> None:
    table = pairs("20/50 26/48 -", "30/50 - 36/50", "- 27/50 27/52", times=5)

    one, other = (result_of(corrected(table, a_round(criteria=2, of=of))) for of in ("criterion", "total"))

    assert standings(one) == standings(other)
    # A: c1 (20 + 4 + 26 - 2) / 2 = 24, c2 (50 - 2/3 + 48 + 4/3) / 2 = 49 1/3; rounded only where it is written.
    a0 = next(row for row in one["places"] if row["entry"] == "A0")
    assert {key: each["average"] for key, each in a0["rounds"]["r"]["criteria"].items()} == {
        "c1": "24", "c2": "49.333333",
    }  # fmt: skip
    assert a0["total"] == "73.333333"


def test_rounding_comes_after_the_correction() -> None:
    table = pairs("20/50 26/48 -", "30/50 - 36/50", "- 27/50 27/52", times=5)

    rows = result_of(corrected(table, a_round(criteria=2, panel=1), total=0))["places"]

    a0 = next(row for row in rows if row["entry"] == "A0")
    assert (a0["rounds"]["r"]["criteria"]["c2"]["average"], a0["total"]) == ("49.3", "73")


# Ten entries of a J1, J2, J3 panel, and others of their own: linked by as many entries as `links`.
def two_panels(links: int) -> dict[str, str]:
    full = {f"A{n}": "5 6 7 - - -" for n in range(20)} | {f"B{n}": "- - - 5 6 7" for n in range(20)}
    return full | {f"L{n}": "- - 7 5 - -" for n in range(links)}


@pytest.mark.parametrize(
    ("table", "reason", "judges"),
    (
        (pairs("5 6 7", "7 8 9", times=9), "complete", []),
        (pairs("5 6", "7 -", times=9), "too_few_judges", ["J1", "J2"]),
        (pairs("50 56 -", "60 - 66", "- 57 57", times=4), "too_few_entries", ["J1", "J2", "J3"]),
        (SEVERE | {"X": "- - - 50"}, "not_connected", ["J4"]),
        (two_panels(0), "not_connected", ["J1", "J2", "J3"]),
        (two_panels(9), "weakly_connected", ["J1", "J2", "J3"]),
    ),
)
def test_where_the_marks_do_not_bear_it_they_stand_and_the_result_says_so(
    table: dict[str, str], reason: str, judges: list[str]
) -> None:
    plain, result = result_of(one_round(table)), result_of(corrected(table))

    assert result["severity"] == {"r": {"corrected": False, "reason": reason, "judges": judges}}
    assert result["places"] == plain["places"]
    said = [row for row in result["warnings"] if row["code"] == "severity_not_corrected"]
    # That every entry had the same judges is no fault: there is nothing to correct.
    warned = {"code": "severity_not_corrected", "round": "r", "reason": reason, "judges": judges}
    assert said == ([] if reason == "complete" else [warned])
    assert [row for row in result["warnings"] if row not in said] == plain["warnings"]


def test_ten_links_between_two_panels_are_enough() -> None:
    assert result_of(corrected(two_panels(10)))["severity"]["r"]["corrected"] is True


def test_a_judge_without_one_whole_sheet_keeps_the_round_uncorrected() -> None:
    table = pairs("20/50 26/48 -", "30/50 - 36/50", "- 27/50 27/52", times=5) | {"X": "20/50 26/48 - 5/-"}

    found = result_of(corrected(table, a_round(criteria=2)))["severity"]["r"]

    assert found == {"corrected": False, "reason": "not_connected", "judges": ["J4"]}


def test_an_unfinished_sheet_is_corrected_too_and_fits_nothing() -> None:
    table = pairs("20/50 26/50 -", "30/50 - 36/50", "- 27/50 27/50", times=5) | {"X": "- 40/- 46/50"}

    result = result_of(corrected(table, a_round(criteria=2)))

    assert result["severity"]["r"]["effects"]["J2"]["total"] == "2"
    x = next(row for row in result["places"] if row["entry"] == "X")
    assert x["rounds"]["r"]["criteria"]["c1"]["average"] == "41"


def test_withdrawn_entries_tell_nothing_of_a_judge() -> None:
    raw = corrected(SEVERE | {"X": "5 90 -"})
    raw["entries"][-1]["withdrawn"] = True

    assert result_of(raw)["severity"]["r"]["effects"]["J1"]["total"] == "-4"


@pytest.mark.parametrize("average", ("mean", "median"))
@pytest.mark.parametrize("by", ("30", "1.5", "-7"))
def test_a_constant_added_to_one_judge_changes_no_place(average: str, by: str) -> None:
    raw = _dealt(seed=3, average=average)
    shifted = copy.deepcopy(raw)
    for mark in shifted["marks"]:
        if mark["judge"] == "J2":
            mark["value"] = f"{float(mark['value']) + float(by):.1f}"

    before, after = result_of(raw), result_of(shifted)

    assert before["severity"]["r"]["corrected"] is True
    assert [(row["entry"], row["place"]) for row in after["places"]] == [
        (row["entry"], row["place"]) for row in before["places"]
    ]
    # Every total by the same: the constant over the number of judges.
    lifts = {
        round(float(then["total"]) - float(now["total"]), 4)
        for then, now in zip(after["places"], before["places"], strict=True)
    }
    assert lifts == {round(float(by) / 5, 4)}
    # Without the correction places do hang on it.
    plain = [{**each, "rules": _off(each["rules"])} for each in (raw, shifted)]
    places = [[row["entry"] for row in result_of(each)["places"]] for each in plain]
    assert places[0] != places[1]


def _off(rules: Raw) -> Raw:
    return rules | {"rounds": [{**item, "severity": None} for item in rules["rounds"]]}


def _dealt(*, seed: int, average: str = "mean", judges: int = 5, entries: int = 40) -> Raw:
    """Entries dealt out to three judges each, of marks that fit no model."""
    rng = random.Random(seed)
    table = {}
    for number in range(entries):
        own = rng.sample(range(judges), 3)
        worth = rng.randint(40, 80)
        line = [f"{worth + 3 * judge + rng.randint(-6, 6)}" if judge in own else "-" for judge in range(judges)]
        table[f"E{number:02}"] = " ".join(line)
    return corrected(table, a_round(average=average))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_the_order_of_the_lists_decides_nothing(seed: int) -> None:
    raw = _dealt(seed=5, entries=25)
    mixed = copy.deepcopy(raw)
    for name in ("judges", "entries", "marks"):
        random.Random(seed).shuffle(mixed[name])

    one, other = (result_of(each) for each in (raw, mixed))

    assert one | {"bundle_sha256": ""} == other | {"bundle_sha256": ""}


def test_the_effects_are_exact() -> None:
    """Marks made of thirds of a point: the totals come out as they were made, to the last digit."""
    rng = random.Random(9)
    effects = [Fraction(-5, 2), Fraction(1, 2), Fraction(0), Fraction(2)]
    table, worth = {}, {}
    for number in range(60):
        entry, own = f"E{number:02}", rng.sample(range(4), 2)
        worth[entry] = Fraction(rng.randint(80, 160), 2)
        table[entry] = " ".join(str(float(worth[entry] + effects[n])) if n in own else "-" for n in range(4))

    result = result_of(corrected(table))

    assert {row["entry"]: Fraction(row["total"]) for row in result["places"]} == worth
    assert [Fraction(each["total"]) for each in result["severity"]["r"]["effects"].values()] == effects


@settings(deadline=None)
@given(bundles())
def test_null_says_the_same_as_leaving_it_out(raw: Raw) -> None:
    said = copy.deepcopy(raw)
    for item in said["rules"]["rounds"]:
        item["severity"] = None

    one, other = (tabulate(parse_bundle(each)) for each in (raw, said))

    assert canonical_bytes(one | {"bundle_sha256": ""}) == canonical_bytes(other | {"bundle_sha256": ""})
    assert "severity" not in one


@settings(deadline=None)
@given(bundles())
def test_small_panels_stand_as_they_are(raw: Raw) -> None:
    """Five entries bear no correction: only what is said of it may differ."""
    asked = copy.deepcopy(raw)
    for item in asked["rules"]["rounds"]:
        item.pop("third_marker", None)
    plain = copy.deepcopy(asked)
    for item in asked["rules"]["rounds"]:
        item["severity"] = "additive"

    one, other = (tabulate(parse_bundle(each)) for each in (plain, asked))

    for name in ("places", "open", "unplaced"):
        assert one[name] == other[name]


@pytest.mark.parametrize(
    ("round_", "path", "code"),
    (
        (a_round() | {"severity": "z-score"}, "rules.rounds[0].severity", "not_a_choice"),
        (a_round() | {"severity": True}, "rules.rounds[0].severity", "wrong_type"),
        (a_round(third={"gap": "5", "stands": "third"}) | ON, "rules.rounds[0].severity", "severity_with_third_marker"),
    ),
)
def test_what_is_refused(round_: Raw, path: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_bundle(one_round({"A": "1 2"}, round_))

    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(path, code)]
