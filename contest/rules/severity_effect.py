"""What correcting severity does to a result, or would do: a preview that changes nothing, whatever the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contest.rules.agreement_changes import changes, placed
from contest.rules.bundle_types import Bundle
from contest.rules.tabulation import tabulate


def severity_effects(bundle: Bundle, result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """For each round the result with its severity corrected against the result without; other rounds stay as they are.

    result: what `tabulate` makes of the bundle. Each has `asked` (whether the rules correct severity there) and
    `corrected`; where this is false, `reason` (`severity`, or "third_marker") and `judges`; where it is true, `effects`
    by judge on a total, and `moved`, `prizes`, `advances`: every entry that changes by it, from without to with.
    """
    return {item.key: _effect(bundle, result, number) for number, item in enumerate(bundle.rules.rounds)}


def _effect(bundle: Bundle, result: Mapping[str, Any], number: int) -> dict[str, Any]:
    round_ = bundle.rules.rounds[number]
    asked = round_.severity is not None
    if round_.third_marker is not None:
        return {"asked": asked, "corrected": False, "reason": "third_marker", "judges": []}
    other: Mapping[str, Any] = tabulate(_with(bundle, number, None if asked else "additive"))
    corrected, plain = (result, other) if asked else (other, result)
    told = corrected["severity"][round_.key]
    if not told["corrected"]:
        return {"asked": asked, **told}
    before, after = placed(plain), placed(corrected)
    return {
        "asked": asked,
        "corrected": True,
        "effects": {judge: effect["total"] for judge, effect in told["effects"].items()},
        "moved": changes(before, after, "place"),
        "prizes": changes(before, after, "prize"),
        "advances": changes(before, after, "advances"),
    }


def _with(bundle: Bundle, number: int, severity: str | None) -> Bundle:
    rounds = [
        replace(item, severity=severity) if place == number else item for place, item in enumerate(bundle.rules.rounds)
    ]
    return replace(bundle, rules=replace(bundle.rules, rounds=tuple(rounds)))
