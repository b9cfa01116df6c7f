"""Published results of real events, reproduced exactly. Each file names its source and what was checked."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from contest.rules.exact import write
from tests.rules.bundles import result_of

EVENTS = Path(__file__).parent / "real_events"
TRIMMED = {"average": "mean", "drop_high": 1, "drop_low": 1, "of": "criterion"}


def _event(name: str) -> dict[str, Any]:
    event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    assert event["source"] and event["checked"]
    return event


def _bundle(rounds: list[dict[str, Any]], entries: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
    rules = {"number": 1, "rounds": rounds, "total": rest.pop("total"), "tiebreaks": rest.pop("tiebreaks", [])}
    judges = sorted({mark["judge"] for mark in rest["marks"]})
    return {
        "format": "contest-tabulation/1",
        "rules": rules,
        "judges": [{"key": judge} for judge in judges],
        "entries": entries,
        "adjustments": [],
        **rest,
    }


def _mark(round_: str, entry: str, judge: int | str, value: str, criterion: str = "c") -> dict[str, str]:
    judge = f"J{judge}" if isinstance(judge, int) else judge
    return {"round": round_, "entry": entry, "judge": judge, "criterion": criterion, "value": value}


def test_halfpipe_2026_best_of_three_trimmed_runs() -> None:
    riders = _event("halfpipe_2026")["riders"]
    rounds = [
        {"key": run, "criteria": [{"key": "c", "max": "100", "step": "1"}], "panel": {**TRIMMED, "drop_needs": 6},
         "rounding": {"panel": 2, "round": 2}}
        for run in "123"
    ]  # fmt: skip
    marks = [
        _mark(run, rider, judge, value)
        for rider, own in riders.items()
        for run, (line, _) in own["runs"].items()
        for judge, value in enumerate(line.split())
    ]
    entries = [{"key": rider, "rounds": list(own["runs"])} for rider, own in riders.items()]

    result = result_of(_bundle(rounds, entries, marks=marks, total={"combine": "best", "rounding": 2}))

    found = {
        row["entry"]: (row["place"], row["total"], {run: each["points"] for run, each in row["rounds"].items()})
        for row in result["places"]
    }
    assert found == {
        rider: (own["place"], own["total"], {run: points for run, (_, points) in own["runs"].items()})
        for rider, own in riders.items()
    }
    assert result["warnings"] == []


def test_diving_2000_sum_of_eleven_dives() -> None:
    event = _event("diving_2000")
    rounds, entries, marks = {}, [], []
    for diver, dives in event["dives"].items():
        own = []
        for number, dive in enumerate(dives, 1):
            difficulty, line = dive.split(": ")
            # A dive has its diver's own difficulty: one round for each, in which those who chose it take part.
            key = f"{number}-{difficulty}"
            weight = write(3 * Fraction(difficulty), None)  # the sum of five × 0.6 is their mean × 3
            criteria = [{"key": "c", "max": "10", "step": "0.5"}]
            rounds[key] = {"key": key, "weight": weight, "criteria": criteria, "panel": {**TRIMMED, "drop_needs": 7}}
            own.append(key)
            marks += [_mark(key, diver, judge, value) for judge, value in enumerate(line.split())]
        entries.append({"key": diver, "rounds": own})

    result = result_of(_bundle(list(rounds.values()), entries, marks=marks, total={"combine": "sum", "rounding": 2}))

    assert {row["entry"]: [row["place"], row["total"]] for row in result["places"]} == event["published"]
    last = {row["entry"]: list(row["rounds"].items())[-1] for row in result["places"]}
    assert {diver: _dive_points(*last[diver], rounds) for diver in event["last_dives"]} == event["last_dives"]


def _dive_points(key: str, found: dict[str, Any], rounds: dict[str, dict[str, Any]]) -> str:
    return write(Fraction(found["points"]) * Fraction(rounds[key]["weight"]), None)


def test_skating_2017_components_with_factor_and_deductions() -> None:
    pairs = _event("skating_2017")["pairs"]
    names = ("skills", "transitions", "performance", "composition", "interpretation")
    criteria = [{"key": name, "max": "10", "step": "0.25", "weight": "0.8"} for name in names]
    # Each component is rounded again after its factor: without that, AUS-2 would have 27.14 and not 27.13.
    rounding = {"panel": 2, "weighted": 2, "round": None}
    rounds = [{"key": "sp", "criteria": criteria, "panel": {**TRIMMED, "drop_needs": 5}, "rounding": rounding}]
    marks = [
        _mark("sp", pair, judge, value, name)
        for pair, own in pairs.items()
        for name, line in zip(names, own["marks"], strict=True)
        for judge, value in enumerate(line.split())
    ]
    adjustments = [
        {"round": "sp", "entry": pair, "points": own[reason], "reason": reason}
        for pair, own in pairs.items()
        for reason in ("technical", "deductions")
    ]
    entries = [{"key": pair} for pair in pairs]
    total = {"combine": "sum", "rounding": 2}

    with_all = result_of(_bundle(rounds, entries, marks=marks, adjustments=adjustments, total=total))
    alone = result_of(_bundle(rounds, entries, marks=marks, total=total))

    assert {row["entry"]: (row["place"], row["total"]) for row in with_all["places"]} == {
        pair: (own["place"], own["total"]) for pair, own in pairs.items()
    }
    assert {row["entry"]: row["total"] for row in alone["places"]} == {
        pair: own["components"] for pair, own in pairs.items()
    }
    for row in alone["places"]:
        panel = [row["rounds"]["sp"]["criteria"][name]["average"] for name in names]
        assert " ".join(panel) == pairs[row["entry"]]["panel"]


def test_eurovision_1991_tie_for_the_first_place() -> None:
    event = _event("eurovision_1991")
    points = dict(zip(range(10), (12, 10, 8, 7, 6, 5, 4, 3, 2, 1), strict=True))
    given = {
        (jury, song): str(points[place])
        for jury, songs in event["juries"].items()
        for place, song in enumerate(songs.split())
    }
    songs = list(event["juries"])
    marks = [_mark("f", song, jury, given.get((jury, song), "0")) for jury in songs for song in songs if jury != song]
    # Every song has marks of 21 juries: their mean × 21 is the sum that was published.
    rounds = [{"key": "f", "weight": "21", "criteria": [{"key": "c", "max": "12"}], "panel": {"average": "mean"}}]
    rest = {"entries": [{"key": song} for song in songs], "marks": marks, "total": {"combine": "sum"}}

    without = result_of(_bundle(rounds, **rest))
    counted = result_of(_bundle(rounds, tiebreaks=["places"], **rest))

    found = {row["entry"]: [row["place"], int(row["total"])] for row in without["places"]}
    assert found == event["published"] | {"fr": [1, 146]}  # the tie that the count of 12s and 10s had to break
    first, second = counted["places"][:2]
    assert (first["entry"], first["place"], second["entry"], second["place"]) == ("se", 1, "fr", 2)
    assert second["decided_by"] == "places"
    assert counted["warnings"] == []
