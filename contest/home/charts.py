"""Bars of an own SVG, placed by the server: templates print coordinates, they do not compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 640, 160
FEWEST, LOWEST = 12, 5  # days drawn at least; entries a day that fill the height at least


@dataclass(frozen=True)
class Bar:
    """One day (or several, when many days share the width), in the units of the picture."""

    x: str
    y: str
    width: str
    height: str
    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Chart:
    """Bars from the first day to the last. `highest` is the tallest bar's count."""

    bars: tuple[Bar, ...]
    total: int
    highest: int
    first: date
    last: date


def chart_of(days: Sequence[tuple[date, int]], *, most: int = 60) -> Chart | None:
    """Days with their counts as bars, empty days between them included; at most `most` bars. None without any day.

    A time shorter than FEWEST days is drawn with the days before it, so that a bar stands over its date.
    """
    if not days:
        return None
    counts = dict(days)
    last = days[-1][0]
    first = min(days[0][0], last - timedelta(days=FEWEST - 1))
    length = (last - first).days + 1
    per_bar = -(-length // most)
    starts = [first + timedelta(days=at) for at in range(0, length, per_bar)]
    sums = [sum(counts.get(start + timedelta(days=at), 0) for at in range(per_bar)) for start in starts]
    highest, step = max(sums), WIDTH / len(starts)
    bars = []
    for at, (start, count) in enumerate(zip(starts, sums, strict=True)):
        tall = HEIGHT * count / max(highest, LOWEST)
        ends = min(start + timedelta(days=per_bar - 1), last)
        bars.append(
            Bar(f"{at * step:.1f}", f"{HEIGHT - tall:.1f}", f"{step * 0.8:.1f}", f"{tall:.1f}", start, ends, count)
        )
    return Chart(tuple(bars), sum(sums), highest, first, last)
