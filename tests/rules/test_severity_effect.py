"""The preview of correcting severity: the same whether the rules ask for it or not, and nothing moves by it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.rules.agreement import agreement
from contest.rules.bundle import parse_bundle
from contest.rules.severity_effect import severity_effects
from contest.rules.tabulation import tabulate
from tests.rules.bundles import a_bundle, a_round, one_round, result_of

Raw = dict[str, Any]
THREE = ("50 56 -", "60 - 66", "- 57 57")
"""As in test_severity_rule: J1 gives 6 less than J2 and J3, the effects are -4, 2 and 2."""
TABLE = {f"{'ABC'[place]}{copy}": line for place, line in enumerate(THREE) for copy in range(5)} | {
    "X": "52 58 -",
    "Y": "- 57 56",
}


def effects(raw: Raw) -> Raw:
    bundle = parse_bundle(raw)
    return severity_effects(bundle, tabulate(bundle))


def asked(raw: Raw) -> Raw:
    made = copy.deepcopy(raw)
    for item in made["rules"]["rounds"]:
        item["severity"] = "additive"
    return made


def test_every_entry_that_would_move_is_named() -> None:
    raw = one_round(TABLE, prizes=[{"key": "nhat", "count": 5}, {"key": "nhi", "count": 1}], advance={"count": 10})

    found = effects(raw)["r"]

    # Without: B 63, C 57, Y 56.5, X 55, A 53. Corrected by about -4, 2, 2: B 64, X 56, C 55, Y 54.5, A 54.
    assert (found["asked"], found["corrected"]) == (False, True)
    assert found["moved"] == [
        {"entry": "C0", "from": 6, "to": 7}, {"entry": "C1", "from": 6, "to": 7}, {"entry": "C2", "from": 6, "to": 7},
        {"entry": "C3", "from": 6, "to": 7}, {"entry": "C4", "from": 6, "to": 7}, {"entry": "Y", "from": 11, "to": 12},
        {"entry": "X", "from": 12, "to": 6},
    ]  # fmt: skip
    assert found["prizes"] == [{"entry": f"C{n}", "from": "nhi", "to": None} for n in range(5)] + [
        {"entry": "X", "from": None, "to": "nhi"}
    ]
    assert found["advances"] == [{"entry": "X", "from": False, "to": True}]


def test_it_is_the_same_before_and_after_the_rule() -> None:
    raw = one_round(TABLE, prizes=[{"key": "nhat", "count": 5}])

    before, after = effects(raw)["r"], effects(asked(raw))["r"]

    assert (before.pop("asked"), after.pop("asked")) == (False, True)
    assert before == after
    # The result itself is counted by the rules alone.
    assert [row["entry"] for row in result_of(raw)["places"]][-7:-5] == ["Y", "X"]


@pytest.mark.parametrize(
    ("raw", "reason", "judges"),
    (
        (one_round({"A": "5 6 7", "B": "6 8 7"}), "complete", []),
        (one_round({"A": "5 6 -", "B": "6 - 7"}), "too_few_entries", ["J1", "J2", "J3"]),
        (one_round(TABLE, a_round(third={"gap": "20", "stands": "third"})), "third_marker", []),
    ),
)
def test_why_nothing_would_be_corrected(raw: Raw, reason: str, judges: list[str]) -> None:
    assert effects(raw)["r"] == {"asked": False, "corrected": False, "reason": reason, "judges": judges}


def test_each_round_is_tried_by_itself() -> None:
    raw = a_bundle({"r1": TABLE, "r2": dict.fromkeys(TABLE, "50 50 50")}, [a_round("r1"), a_round("r2")])

    found = agreement(parse_bundle(raw))["places"]["severity_corrected"]

    assert {key: (each["corrected"], each.get("reason")) for key, each in found.items()} == {
        "r1": (True, None), "r2": (False, "complete"),
    }  # fmt: skip
    assert [move["entry"] for move in found["r1"]["moved"]][-1] == "X"
