"""What differs between two results of the same entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]


def placed(result: Mapping[str, Any]) -> dict[str, Row]:
    """The placed entries by key, in the order of the result."""
    return {row["entry"]: row for row in result["places"]}


def changes(now: Mapping[str, Row], then: Mapping[str, Row], name: str) -> list[Row]:
    """The entries placed in both whose place, prize or advancement differs, in the order of the first."""
    return [
        {"entry": key, "from": now[key][name], "to": then[key][name]}
        for key in now
        if key in then and now[key][name] != then[key][name]
    ]


def farthest(moves: list[Row]) -> Row | None:
    """The longest of changed places; of several that of the entry that stands highest. None where there is none."""
    return max(moves, key=lambda move: abs(move["from"] - move["to"]), default=None)
