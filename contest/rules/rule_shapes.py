"""The shape of a rule set's body, "contest-rules/1": which fields there are and what each may hold.

Whether the values make sense together is `contest.rules.rule_sets.validate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

FORMAT = "contest-rules/1"
PLACES_MOST = 6
JUDGES_MOST = 50
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_POINTS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?\Z", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a rule set: where, what (a code), and the facts a sentence about it needs."""

    path: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Check = Callable[[Any, str], list[Problem]]


def points(text: str) -> Decimal:
    """A number of a checked body."""
    return Decimal(text)


def _text(value: Any, path: str) -> list[Problem]:
    return [] if isinstance(value, str) else [Problem(path, "not_text")]


def _name(value: Any, path: str) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(path, "not_text")]
    return [] if value.strip() else [Problem(path, "empty")]


def _key(value: Any, path: str) -> list[Problem]:
    good = isinstance(value, str) and len(value) <= 60 and _KEY.match(value)
    return [] if good else [Problem(path, "not_a_key", {"value": str(value)})]


def _decimal(value: Any, path: str) -> list[Problem]:
    good = isinstance(value, str) and _POINTS.match(value)
    return [] if good else [Problem(path, "not_a_number", {"value": str(value)})]


def _positive(value: Any, path: str) -> list[Problem]:
    return _decimal(value, path) or ([] if points(value) > 0 else [Problem(path, "not_positive", {"value": value})])


def _whole(least: int, most: int) -> Check:
    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            return [Problem(path, "not_whole", {"value": str(value)})]
        if least <= value <= most:
            return []
        return [Problem(path, "out_of_range", {"value": value, "least": least, "most": most})]

    return check


def _or_null(check: Check) -> Check:
    return lambda value, path: [] if value is None else check(value, path)


def _one_of(*choices: str) -> Check:
    return lambda value, path: (
        [] if value in choices else [Problem(path, "not_a_choice", {"value": str(value), "choices": list(choices)})]
    )


def _list_of(check: Check, *, least: int = 0) -> Check:
    def checked(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, list):
            return [Problem(path, "not_a_list")]
        if len(value) < least:
            return [Problem(path, "empty_list")]
        return [problem for index, item in enumerate(value) for problem in check(item, f"{path}[{index}]")]

    return checked


def _object(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def checked(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [Problem(path, "not_an_object")]
        inside = f"{path}." if path else ""
        found = [Problem(f"{inside}{name}", "unknown_field") for name in value if name not in known]
        found += [Problem(f"{inside}{name}", "missing") for name in required if name not in value]
        for name, check in known.items():
            if name in value:
                found += check(value[name], f"{inside}{name}")
        return found

    return checked


_PLACES = _or_null(_whole(0, PLACES_MOST))

_CRITERION = _object(
    {
        "key": _key,
        "name": _name,
        "guidance": _text,
        "max": _or_null(_positive),
        "step": _or_null(_positive),
        "weight": _positive,
    }
)

_PANEL = _object(
    {
        "average": _one_of("mean", "median", "tolerance"),
        "drop_high": _whole(0, JUDGES_MOST),
        "drop_low": _whole(0, JUDGES_MOST),
        "drop_needs": _whole(1, JUDGES_MOST),
        "of": _one_of("criterion", "total"),
    },
    {"tolerance": _or_null(_positive)},
)

_ADVANCE = _object({"count": _or_null(_whole(1, 100_000)), "min_total": _or_null(_decimal)})

_ROUND = _object(
    {
        "key": _key,
        "name": _name,
        "weight": _positive,
        "judges_per_entry": _whole(1, JUDGES_MOST),
        "criteria": _list_of(_CRITERION, least=1),
        "panel": _PANEL,
        "rounding": _object({"panel": _PLACES, "weighted": _PLACES, "round": _PLACES}),
        "advance": _or_null(_ADVANCE),
        "tiebreaks": _list_of(_text),
    },
    {
        "third_marker": _or_null(
            _object({"gap": _positive, "stands": _one_of("third", "closest_two", "median")}),
        ),
        "severity": _or_null(_one_of("additive")),
        # Left out or null: judges mark apart and never see each other's sheets.
        "deliberation": _or_null(_object({"mode": _one_of("discussion", "joint"), "shows": _one_of("key", "name")})),
    },
)

_PRIZE = _object(
    {"key": _key, "name": _name, "count": _whole(1, 10_000), "min_total": _or_null(_decimal), "value": _text}
)

# Prizes that no place in the ranking earns (collective, oldest author …): told to the public, never in a bundle.
_OTHER_PRIZE = _object({"key": _key, "name": _name, "count": _whole(1, 10_000), "value": _text})

_BODY = _object(
    {
        "format": _one_of(FORMAT),
        "pools": _one_of("none", "category"),
        "rounds": _list_of(_ROUND, least=1),
        "total": _object({"combine": _one_of("sum", "last", "best"), "rounding": _PLACES}),
        "tiebreaks": _list_of(_text),
        "prizes": _list_of(_PRIZE),
    },
    {"other_prizes": _list_of(_OTHER_PRIZE)},
)


def shape_problems(body: Any) -> list[Problem]:
    """Everything in the body that is of the wrong kind, missing or unknown; [] when only sense is left to check."""
    return _BODY(body, "")
