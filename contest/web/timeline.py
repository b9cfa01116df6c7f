"""Where the dots of a line of dates stand: templates print it, they do not compute."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Point:
    """One date on the line: `state` is done, now (today's, else the next to come) or next."""

    label: str
    date: str
    state: str


@dataclass(frozen=True)
class Line:
    """A drawn line: `xs` and `today_x` in percent of the width, 0 to 100."""

    points: tuple[Point, ...]
    xs: tuple[str, ...]
    today: str
    today_x: float | None
    today_index: int


def timeline(points: Sequence[tuple[str, date, str]], *, today: date, today_text: str) -> Line:
    """Place dated points evenly, and today between its neighbours in proportion to the days.

    points: (label, day, text of the day) in order of day. Even steps keep labels apart however close the
    dates are. today_x is None before the first and after the last point.
    """
    days = [day for _, day, _ in points]
    passed = bisect_right(days, today - timedelta(days=1))
    xs = [(2 * index + 1) * 50 / len(days) for index in range(len(days))]
    states = ["done"] * passed + ["now"] * (passed < len(days)) + ["next"] * (len(days) - passed - 1)
    drawn = tuple(Point(label, text, state) for (label, _, text), state in zip(points, states, strict=True))
    return Line(drawn, tuple(f"{x:.2f}" for x in xs), today_text, _today_x(days, xs, today), passed)


def _today_x(days: Sequence[date], xs: Sequence[float], today: date) -> float | None:
    if not days or not days[0] <= today <= days[-1]:
        return None
    right = bisect_right(days, today)
    if right == len(days):
        return round(xs[-1], 2)
    before, after = days[right - 1], days[right]
    share = (today - before) / (after - before)
    return round(xs[right - 1] + share * (xs[right] - xs[right - 1]), 2)
