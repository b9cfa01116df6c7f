"""What hangs on single judges: without each of them, and on panels that could have sat instead."""

from __future__ import annotations

import copy
import hashlib
import random
from collections import Counter
from fractions import Fraction
from itertools import groupby
from math import factorial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import agreement_places
from contest.rules.agreement_chance import COUNTED, SAMPLES, TAIL, alpha_bounds, draw, drawn_panels, percentile
from contest.rules.agreement_figures import Lacking
from contest.rules.agreement_places import cut_lines
from contest.rules.agreement_without import without_judges
from contest.rules.bundle import parse_bundle
from contest.rules.exact import write
from contest.rules.points import standing_judges
from contest.rules.tabulation import tabulate
from tests.rules.bundles import Raw, a_bundle, a_round, entry_of, one_round, result_of

PRIZES = [{"key": "nhat", "count": 1}, {"key": "nhi", "count": 1, "min_total": "5"}]


def _lines(raw: Raw) -> tuple[list[dict[str, Any]], dict[str, Lacking]]:
    bundle = parse_bundle(raw)
    return cut_lines(bundle, tabulate(bundle))


def _without(raw: Raw) -> Any:
    bundle = parse_bundle(raw)
    return without_judges(bundle, tabulate(bundle))


def test_without_a_judge_the_result_is_counted_again() -> None:
    raw = one_round({"A": "9 9 1", "B": "8 8 8", "C": "5 5 5"}, prizes=PRIZES, advance={"count": 1})

    rows = {row["judge"]: row for row in _without(raw)}

    for judge in ("J1", "J2"):
        assert rows[judge] == {
            "judge": judge,
            "moved": 1,
            "farthest": {"entry": "C", "from": 3, "to": 2},
            "prizes": [{"entry": "C", "from": None, "to": "nhi"}],
            "advances": [],
            "not_placed": [],
        }
    assert rows["J3"] == {
        "judge": "J3",
        "moved": 2,
        "farthest": {"entry": "B", "from": 1, "to": 2},
        "prizes": [{"entry": "B", "from": "nhat", "to": "nhi"}, {"entry": "A", "from": "nhi", "to": "nhat"}],
        "advances": [{"entry": "B", "from": True, "to": False}, {"entry": "A", "from": False, "to": True}],
        "not_placed": [],
    }


def test_an_entry_that_only_this_judge_marked_loses_its_place() -> None:
    raw = one_round({"A": "9 - -", "B": "8 8 8"})

    assert [(row["judge"], row["not_placed"]) for row in _without(raw)] == [("J1", ["A"]), ("J2", []), ("J3", [])]


@pytest.mark.parametrize(
    ("table", "lacking"), (({"A": "9", "B": "8"}, Lacking.ONE_JUDGE), ({"A": "-"}, Lacking.NO_MARKS))
)  # fmt: skip
def test_without_the_only_judge_there_is_nothing(table: dict[str, str], lacking: Lacking) -> None:
    assert _without(one_round(table)) is lacking


def test_a_unanimous_panel_makes_firm_lines() -> None:
    found, notes = _lines(one_round({"A": "9 9 9", "B": "8 8 8", "C": "5 5 5"}, prizes=PRIZES, advance={"count": 2}))

    assert notes == {}
    assert [
        (line["line"], [(row["entry"], row["inside"], row["share"]) for row in line["entries"]]) for line in found
    ] == [
        ("prize:nhat", [("A", True, "1.000"), ("B", False, "0.000")]),
        ("prize:nhi", [("B", True, "1.000"), ("C", False, "0.000")]),
        ("advance", [("B", True, "1.000"), ("C", False, "0.000")]),
    ]  # fmt: skip
    assert [row["places"] for line in found for row in line["entries"]] == [
        [1, 1], [2, 2], [2, 2], [3, 3], [2, 2], [3, 3],
    ]  # fmt: skip


def test_a_line_that_hangs_on_one_judge_says_so() -> None:
    """Of the 27 panels A leads in 8, when the third judge is not drawn; drawn once, B is ahead."""
    found, _ = _lines(one_round({"A": "9 9 1", "B": "8 8 8"}, prizes=PRIZES[:1]))

    assert found == [
        {
            "pool": None,
            "line": "prize:nhat",
            "entries": [
                {"entry": "B", "place": 1, "inside": True, "share": write(Fraction(19, 27), 3), "places": [1, 2]},
                {"entry": "A", "place": 2, "inside": False, "share": write(Fraction(8, 27), 3), "places": [1, 2]},
            ],
        }
    ]


def test_entries_that_share_a_prize_take_nothing_from_the_next() -> None:
    found, _ = _lines(one_round({"A": "9 9 9", "B": "9 9 9", "C": "8 8 8", "D": "7 7 7"}, prizes=PRIZES))

    assert [(row["entry"], row["inside"], row["share"]) for row in found[1]["entries"]] == [
        ("C", True, "1.000"),
        ("D", False, "0.000"),
    ]


def test_pools_of_two_judges_have_no_lines_and_a_reason() -> None:
    raw = one_round({"A": "9 8 -", "B": "8 8 8"}, prizes=PRIZES)
    entry_of(raw, "A")["pool"] = "xa"

    found, notes = _lines(raw)

    assert {line["pool"] for line in found} == {None}
    assert notes == {"xa": Lacking.TOO_FEW_JUDGES}


def test_without_prizes_and_advancement_there_are_no_lines() -> None:
    assert _lines(one_round({"A": "9 8 7", "B": "8 8 8"})) == ([], {})


def test_far_from_every_line_places_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement_places, "WATCHED", 0)

    found, _ = _lines(one_round({"A": "9 8 1", "B": "8 9 8", "C": "1 1 9"}, advance={"count": 1}))

    assert [(row["entry"], row["places"]) for row in found[0]["entries"]] == [("B", None), ("A", [1, 3]), ("C", None)]


MARKS = st.sampled_from(("1", "2", "2.5", "4", "7", "-"))
tables = st.lists(st.lists(MARKS, min_size=3, max_size=4), min_size=2, max_size=5).map(
    lambda rows: {f"E{n}": " ".join((row + ["-"])[:4]) for n, row in enumerate(rows)}
)


@st.composite
def contests(draw: st.DrawFn) -> Raw:
    """Contests in which the quick count of lines is exactly the result: totals averaged, no rounding, no tie-breaks."""
    names = draw(st.sampled_from((["r"], ["r", "s"])))
    rounds = []
    for name in names:
        changes: dict[str, Any] = {
            "average": draw(st.sampled_from(("mean", "median", "tolerance"))),
            "tolerance": draw(st.sampled_from(("0.5", "1.3"))),
            "drop_high": draw(st.integers(0, 1)),
            "drop_low": draw(st.integers(0, 1)),
            "of": "total",
            "round_weight": draw(st.sampled_from(("1", "0.7"))),
            "weights": [draw(st.sampled_from(("1", "0.3")))],
        }
        third = draw(
            st.sampled_from((None, None, {"gap": "2", "stands": "third"}, {"gap": "2", "stands": "closest_two"}))
        )
        rounds.append(a_round(name, third=third, **changes))
    advance = {"count": draw(st.integers(1, 3)), "min_total": "2"}
    combine = draw(st.sampled_from(("sum", "last", "best")))
    raw = a_bundle({name: draw(tables) for name in names}, rounds, combine=combine, prizes=PRIZES, advance=advance)
    for entry in raw["entries"]:
        entry["rounds"] = draw(st.sampled_from((names, names[:1])))
    taken = {entry["key"]: entry["rounds"] for entry in raw["entries"]}
    raw["marks"] = [mark for mark in raw["marks"] if mark["round"] in taken[mark["entry"]]]
    if draw(st.booleans()):
        raw["adjustments"] = [{"round": "r", "entry": "E0", "points": "-0.7"}]
    return raw


@settings(max_examples=60, deadline=None)
@given(contests())
def test_shares_are_those_of_results_counted_for_every_panel(raw: Raw) -> None:
    """Every panel written out as a bundle, a judge drawn twice as two judges, and tabulated."""
    found, notes = _lines(raw)
    placed = {row["entry"] for row in result_of(raw)["places"]}
    marks = [mark for mark in _standing(raw) if mark["entry"] in placed]
    judges = sorted({mark["judge"] for mark in marks})
    if len(judges) < 3:
        assert found == [] and set(notes.values()) <= {Lacking.TOO_FEW_JUDGES}
        return
    plain = copy.deepcopy(raw)
    plain["entries"] = [entry for entry in plain["entries"] if entry["key"] in placed]
    plain["adjustments"] = [row for row in plain["adjustments"] if row["entry"] in placed]
    for item in plain["rules"]["rounds"]:
        item["third_marker"] = None

    inside: dict[str, Counter[str]] = {line: Counter() for line in ("prize:nhat", "prize:nhi", "advance")}
    for times, weight in drawn_panels(len(judges)):
        for row in result_of(plain | _drawn(marks, dict(zip(judges, times, strict=True))))["places"]:
            inside["prize:nhat"][row["entry"]] += weight * (row["prize"] == "nhat")
            inside["prize:nhi"][row["entry"]] += weight * (row["prize"] is not None)
            inside["advance"][row["entry"]] += weight * row["advances"]

    assert [line["line"] for line in found] == list(inside)
    for line in found:
        shares = {key: Fraction(inside[line["line"]][key], len(judges) ** len(judges)) for key in placed}
        listed = {row["entry"]: row["share"] for row in line["entries"]}
        assert listed == {key: write(shares[key], 3) for key in listed}
        assert {key for key, share in shares.items() if TAIL <= share <= 1 - TAIL} <= set(listed)


def _standing(raw: Raw) -> list[Raw]:
    """The marks of the sheets that stand after a third marking; there is one criterion, of weight 1 or 0.3."""
    rounds = {item.key: item for item in parse_bundle(raw).rules.rounds}
    kept: list[Raw] = []
    for name, rows in groupby(raw["marks"], key=lambda mark: (mark["round"], mark["entry"])):
        panel, rule = list(rows), rounds[name[0]].third_marker
        weight = rounds[name[0]].criteria[0].weight
        totals = {mark["judge"]: Fraction(mark["value"]) * weight for mark in panel}
        names = standing_judges(rule, totals) if rule is not None and len(totals) == 3 else None
        kept += [mark for mark in panel if names is None or mark["judge"] in names]
    return kept


def _drawn(marks: list[Raw], times: dict[str, int]) -> Raw:
    """A panel; an entry in a round with none of its judges keeps them all."""
    served = {(mark["round"], mark["entry"]) for mark in marks if times[mark["judge"]]}
    copies = [
        mark | {"judge": f"{mark['judge']}.{number}"}
        for mark in marks
        for number in range(times[mark["judge"]] if (mark["round"], mark["entry"]) in served else 1)
    ]
    return {"marks": copies, "judges": [{"key": key} for key in sorted({mark["judge"] for mark in copies})]}


def test_a_drawn_panel_is_the_same_everywhere() -> None:
    """The first words of SHAKE-256 of the label and the number, so that anyone can draw again."""
    words = hashlib.shake_256(b"contest-agreement/1 judges 0").digest(8)

    assert (words[:4].hex(), words[4:].hex()) == ("f50a792e", "5e97957c")
    assert (0x2E790AF5 * 10 >> 32, 0x7C95975E * 10 >> 32) == (1, 4)
    assert draw("judges", 0, 10, 8) == [1, 4, 4, 9, 7, 1, 0, 1]
    assert draw("judges", 1, 10, 8) != draw("judges", 0, 10, 8)


@pytest.mark.parametrize("judges", (3, COUNTED))
def test_small_panels_are_counted_out(judges: int) -> None:
    panels = list(drawn_panels(judges))

    assert sum(weight for _, weight in panels) == judges**judges
    assert {sum(times) for times, _ in panels} == {judges}
    assert len({tuple(times) for times, _ in panels}) == len(panels)
    assert {tuple(times): weight for times, weight in panels}[(1,) * judges] == factorial(judges)


def test_large_panels_are_drawn() -> None:
    panels = list(drawn_panels(COUNTED + 1))

    assert len(panels) == SAMPLES
    assert {(sum(times), weight) for times, weight in panels} == {(COUNTED + 1, 1)}
    seats = [sum(times[judge] for times, _ in panels) for judge in range(COUNTED + 1)]
    assert all(abs(seat - SAMPLES) < 150 for seat in seats), "five standard deviations"


@pytest.mark.parametrize(
    ("share", "value"), ((Fraction(1, 4), 1), (Fraction(26, 100), 2), (Fraction(1, 2), 2), (Fraction(51, 100), 5))
)
def test_a_percentile_is_a_value_that_was_seen(share: Fraction, value: int) -> None:
    assert percentile(Counter({1: 1, 2: 1, 5: 2}), share) == value


def test_the_interval_of_alpha_holds_alpha_and_knows_no_order() -> None:
    rows = [[n, n + n % 3, n - n % 2] for n in range(20)]

    bounds = alpha_bounds(rows)

    assert bounds == alpha_bounds(rows[::-1]) == alpha_bounds([row[::-1] for row in rows])
    assert not isinstance(bounds, Lacking)
    assert bounds[0] < bounds[1] <= 1


@pytest.mark.parametrize(
    ("rows", "lacking"),
    (
        ([[1, 2]] * 9 + [[3]] * 9, Lacking.TOO_FEW_ENTRIES),
        ([[4, 4]] * 10, Lacking.NO_VARIANCE),
        ([[4, 4]] * 15 + [[4, 5]], Lacking.NO_VARIANCE),  # a third of the samples misses the one that differs
    ),
)
def test_an_interval_the_data_cannot_give(rows: list[list[int]], lacking: Lacking) -> None:
    assert alpha_bounds(rows) is lacking


def _many_judges(seed: int, *, dealt: bool = False) -> Raw:
    """Nine judges, of whom eight or three marked each entry, with lines close enough to hang on who is drawn."""
    rng = random.Random(seed)
    table = {}
    for number in range(24):
        own = rng.sample(range(9), 3 if dealt else 8)
        marks = [str(60 + number // 2 + rng.randint(-8, 8)) if judge in own else "-" for judge in range(9)]
        table[f"E{number:02}"] = " ".join(marks)
    return one_round(table, prizes=[{"key": "nhat", "count": 2}], advance={"count": 8})


@pytest.mark.parametrize("dealt", (False, True))
@pytest.mark.parametrize("seed", (1, 2))
def test_what_judges_and_entries_are_called_decides_nothing(seed: int, dealt: bool) -> None:
    raw = _many_judges(seed, dealt=dealt)
    rng = random.Random(seed)
    judges = [judge["key"] for judge in raw["judges"]]
    entries = [entry["key"] for entry in raw["entries"]]
    named = dict(zip(judges + entries, [*rng.sample(judges, 9), *rng.sample(entries, 24)], strict=True))
    other = copy.deepcopy(raw)
    for row in [*other["judges"], *other["entries"]]:
        row["key"] = named[row["key"]]
    for mark in other["marks"]:
        mark["judge"], mark["entry"] = named[mark["judge"]], named[mark["entry"]]

    one, two = _lines(raw)[0], _lines(other)[0]

    def by_entry(lines: list[Raw], names: dict[str, str]) -> list[dict[str, Raw]]:
        return [
            {names.get(row["entry"], row["entry"]): row | {"entry": ""} for row in line["entries"]} for line in lines
        ]

    assert any(row["share"] not in ("0.000", "1.000") for line in one for row in line["entries"])
    assert by_entry(one, named) == by_entry(two, {})


def test_the_lines_are_those_of_the_marks_as_they_count() -> None:
    """Where the rules correct severity, who is inside hangs on the corrected totals."""
    lenient = {f"A{n}": "80 - 74 -" for n in range(12)} | {f"B{n}": "- 70 74 -" for n in range(12)}
    links = {f"C{n}": "75 65 - -" for n in range(12)}
    raw = one_round(lenient | links, prizes=[{"key": "nhat", "count": 12}])
    asked = copy.deepcopy(raw)
    asked["rules"]["rounds"][0]["severity"] = "additive"

    plain, corrected = (_lines(each)[0][0]["entries"] for each in (raw, asked))

    assert {row["entry"][0] for row in plain if row["inside"]} == {"A"}
    # J1 gives 10 more than J2, J3 lies 4 above J2: corrected, all A and B are worth the same, whoever marks them.
    assert {(row["entry"][0], row["inside"], row["share"]) for row in corrected} == {
        ("A", True, "1.000"), ("B", True, "1.000"), ("C", False, "0.000"),
    }  # fmt: skip
