"""What pages of results list, from values."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from contest.results.queries import Obstacle
from contest.results.shown import in_turn, public_rows


@pytest.mark.parametrize(
    ("codes", "listed"),
    [
        ("asked_again missing_sheets round_open", "round_open asked_again missing_sheets"),
        ("third_marker round_open open_entries", "round_open third_marker"),
        ("missing_sheets open_entries", "missing_sheets"),
        ("short_panels open_entries", "short_panels"),
        ("rules_not_frozen open_entries", "rules_not_frozen open_entries"),
        ("round_not_confirmed", "round_not_confirmed"),
        ("", ""),
    ],
)
def test_the_end_of_the_round_is_named_first_and_nothing_twice(codes: str, listed: str) -> None:
    lines = in_turn([Obstacle(code, {"count": 1}) for code in codes.split()])

    assert " ".join(line.code for line in lines) == listed


def test_points_of_a_round_stand_under_each_other(app: Flask) -> None:
    """Without rounding a round's points are exact: "91" and "88.5" make one column; what was not marked is a dash."""

    def place(key: str, first: str | None, total: str) -> dict[str, Any]:
        return {
            "entry": key, "place": 1, "shared": False, "total": total,
            "rounds": {"so-khao": {"points": first}} if first else {},
        }  # fmt: skip

    document = {"places": [place("A", "91", "91.00"), place("B", "88.5", "88.50"), place("C", None, "80.00")]}

    with app.test_request_context():
        rows = public_rows(document, ["so-khao"])

    assert [row.shown for row in rows] == [("91,0", "91,00"), ("88,5", "88,50"), ("–", "80,00")]
