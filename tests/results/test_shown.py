"""What keeps a round from being locked, as its page lists it."""

from __future__ import annotations

import pytest

from contest.results.queries import Obstacle
from contest.results.shown import in_turn


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
