"""Bars over days: none lost, none invented."""

from __future__ import annotations

from datetime import date, timedelta

from contest.home.charts import chart_of

FIRST = date(2024, 8, 1)


def test_nothing_to_draw() -> None:
    assert chart_of([]) is None


def test_days_without_entries_are_empty_bars_and_a_short_time_is_drawn_with_the_days_before_it() -> None:
    last = FIRST + timedelta(days=3)
    chart = chart_of([(FIRST, 5), (last, 10)])

    assert chart is not None
    assert [bar.count for bar in chart.bars] == [0] * 8 + [5, 0, 0, 10]
    assert [bar.height for bar in chart.bars[8:]] == ["80.0", "0.0", "0.0", "160.0"]
    assert (chart.total, chart.highest, chart.first, chart.last) == (15, 10, last - timedelta(days=11), last)
    assert float(chart.bars[-1].x) + float(chart.bars[-1].width) > 620  # the last day stands over its date


def test_a_few_entries_are_low_bars() -> None:
    chart = chart_of([(FIRST, 1)])

    assert chart is not None
    assert (chart.bars[-1].height, chart.highest) == ("32.0", 1)


def test_many_days_share_bars_and_keep_their_sum() -> None:
    chart = chart_of([(FIRST + timedelta(days=at), 1) for at in range(365)])

    assert chart is not None
    assert len(chart.bars) <= 60
    assert sum(bar.count for bar in chart.bars) == chart.total == 365
