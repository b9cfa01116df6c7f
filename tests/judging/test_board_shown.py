"""How the rows of the board are laid side by side."""

from __future__ import annotations

import pytest

from contest.judging.board_queries import Board, BoardRow
from contest.judging.board_shown import blocks


@pytest.mark.parametrize(
    ("entries", "heights"),
    [(0, []), (7, [7]), (12, [10, 2]), (25, [10, 10, 5]), (60, [20, 20, 20]), (100, [25] * 4), (110, [25] * 4 + [10])],
)
def test_a_screen_is_filled_across_before_it_is_filled_down(entries: int, heights: list[int]) -> None:
    rows = [BoardRow(f"{number:04d}", [], 0, 0, [], None) for number in range(entries)]
    shown = blocks(Board([], rows, 0, 0, {}))

    assert [len(block) for block in shown] == heights
    assert [row for block in shown for row in block] == rows
