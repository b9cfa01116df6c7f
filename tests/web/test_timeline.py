"""Dots stand evenly; today stands between its neighbours in proportion to the days."""

from __future__ import annotations

from datetime import date

import pytest

from contest.web.timeline import timeline

POINTS = (
    ("Phát động", date(2024, 3, 1), "01/3/2024"),
    ("Hết hạn", date(2024, 3, 11), "11/3/2024"),
    ("Trao giải", date(2024, 3, 31), "31/3/2024"),
)


@pytest.mark.parametrize(
    ("today", "x", "index", "states"),
    (
        (date(2024, 2, 1), None, 0, "now next next"),
        (date(2024, 3, 1), 16.67, 0, "now next next"),
        (date(2024, 3, 6), 33.33, 1, "done now next"),
        (date(2024, 3, 11), 50.0, 1, "done now next"),
        (date(2024, 3, 21), 66.67, 2, "done done now"),
        (date(2024, 3, 31), 83.33, 2, "done done now"),
        (date(2024, 4, 1), None, 3, "done done done"),
    ),
)
def test_today_on_the_line(today: date, x: float | None, index: int, states: str) -> None:
    line = timeline(POINTS, today=today, today_text="")

    assert (line.today_x, line.today_index) == (x, index)
    assert " ".join(point.state for point in line.points) == states
    assert line.xs == ("16.67", "50.00", "83.33")


def test_a_line_without_points() -> None:
    line = timeline((), today=date(2024, 3, 1), today_text="01/3/2024")

    assert (line.points, line.xs, line.today_x, line.today_index) == ((), (), None, 0)


def test_two_points_on_one_day() -> None:
    twice = (POINTS[0], ("Khai mạc", date(2024, 3, 1), "01/3/2024"), POINTS[2])

    assert timeline(twice, today=date(2024, 3, 1), today_text="").today_x == 50.0
