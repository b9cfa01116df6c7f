"""Bars over days: none lost, none invented."""

from __future__ import annotations

from datetime import date, timedelta

from contest.home.charts import chart_of

FIRST = date(2024, 8, 1)


def test_nothing_to_draw() -> None:
    assert chart_of([]) is None


def test_days_without_entries_are_empty_bars() -> None:
    chart = chart_of([(FIRST, 2), (FIRST + timedelta(days=3), 4)])

    assert chart is not None
    assert [bar.count for bar in chart.bars] == [2, 0, 0, 4]
    assert [bar.height for bar in chart.bars] == ["80.0", "0.0", "0.0", "160.0"]
    assert (chart.total, chart.highest, chart.first, chart.last) == (6, 4, FIRST, FIRST + timedelta(days=3))


def test_many_days_share_bars_and_keep_their_sum() -> None:
    chart = chart_of([(FIRST + timedelta(days=at), 1) for at in range(365)])

    assert chart is not None
    assert len(chart.bars) <= 60
    assert sum(bar.count for bar in chart.bars) == chart.total == 365
