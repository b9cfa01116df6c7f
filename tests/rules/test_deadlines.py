"""Deadlines: what the wordings of the source documents mean, to the microsecond (R45-R50)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.deadlines import (
    HANOI,
    Kind,
    Month,
    first_instant,
    is_late,
    last_instant,
    last_minute,
    remaining,
    state_at,
)

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("kind", "when", "at", "ends"),
    (
        ("before", date(2024, 6, 15), None, "2024-06-15T00:00:00+07:00"),  # trước 15/6/2024
        ("before", date(2020, 7, 1), None, "2020-07-01T00:00:00+07:00"),  # trước 01/7/2020
        ("before", date(2024, 9, 5), time(17), "2024-09-05T17:00:00+07:00"),  # trước 17 giờ 00 ngày 05/9
        ("by", date(2024, 2, 27), None, "2024-02-28T00:00:00+07:00"),  # chậm nhất 27/02/2024
        ("by", date(2024, 2, 29), None, "2024-03-01T00:00:00+07:00"),
        ("by", date(2024, 12, 31), None, "2025-01-01T00:00:00+07:00"),
        ("by", date(2024, 2, 27), time(17, 0, 30), "2024-02-27T17:01:00+07:00"),
        ("within_month", Month(2024, 3), None, "2024-04-01T00:00:00+07:00"),  # xong trong tháng 3/2024
        ("within_month", date(2024, 3, 18), None, "2024-04-01T00:00:00+07:00"),
        ("within_month", Month(2024, 12), None, "2025-01-01T00:00:00+07:00"),
    ),
)
def test_when_a_deadline_ends(kind, when, at, ends):
    instant = last_instant(kind, when, at)

    assert instant.isoformat() == ends
    assert instant.tzinfo is HANOI


@pytest.mark.parametrize(
    ("kind", "when", "at"),
    (
        ("until", date(2024, 6, 15), None),
        ("by", Month(2024, 3), None),
        ("within_month", Month(2024, 3), time(17)),
        ("within_month", Month(2024, 13), None),
    ),
)
def test_what_is_no_deadline_is_an_error(kind, when, at):
    with pytest.raises(ValueError):
        last_instant(kind, when, at)


@pytest.mark.parametrize(
    ("ends", "shown"),
    (
        (last_instant("by", date(2024, 2, 27)), "2024-02-27T23:59:00+07:00"),
        (last_instant("by", date(2024, 2, 27), time(17)), "2024-02-27T17:00:00+07:00"),
        (last_instant("before", date(2024, 6, 15)), "2024-06-14T23:59:00+07:00"),
        (datetime(2024, 3, 31, 17, tzinfo=UTC), "2024-03-31T23:59:00+07:00"),
    ),
)
def test_the_last_minute_is_on_the_clock_of_ha_noi(ends, shown):
    assert last_minute(ends).isoformat() == shown


OPENS = first_instant(date(2024, 9, 1))
CLOSES = last_instant("before", date(2024, 9, 5), time(17))


@pytest.mark.parametrize(
    ("now", "grace", "accepts_late", "state"),
    (
        (OPENS - TICK, 15, True, "not_yet"),
        (OPENS, 15, True, "open"),
        (CLOSES - TICK, 15, False, "open"),
        (CLOSES, 15, False, "grace"),
        (CLOSES + timedelta(minutes=15) - TICK, 15, False, "grace"),
        (CLOSES + timedelta(minutes=15), 15, False, "closed"),
        (CLOSES + timedelta(minutes=15), 15, True, "late_accepted"),
        (CLOSES, 0, False, "closed"),
        (CLOSES, 0, True, "late_accepted"),
        (CLOSES + timedelta(days=400), 0, True, "late_accepted"),
        (datetime(2024, 9, 5, 9, 59, tzinfo=UTC), 0, False, "open"),  # 16:59 in Hà Nội
        (datetime(2024, 9, 5, 10, 0, tzinfo=UTC), 0, False, "closed"),
    ),
)
def test_state_at(now, grace, accepts_late, state):
    assert state_at(now, OPENS, CLOSES, grace, accepts_late) == state


@pytest.mark.parametrize(
    ("opens", "closes", "state"), ((None, None, "open"), (None, OPENS, "closed"), (CLOSES, None, "not_yet"))
)
def test_a_missing_end_is_no_end(opens, closes, state):
    assert state_at(OPENS, opens, closes) == state


def test_grace_is_in_time_and_what_follows_is_late():
    assert not is_late(CLOSES + timedelta(minutes=5), CLOSES, 15)
    assert is_late(CLOSES + timedelta(minutes=15), CLOSES, 15)
    assert not is_late(CLOSES, None)


def test_an_instant_without_offset_is_an_error():
    with pytest.raises(ValueError, match="offset"):
        state_at(datetime(2024, 9, 5), OPENS, CLOSES)
    with pytest.raises(ValueError, match="grace"):
        state_at(OPENS, OPENS, CLOSES, -1)


@pytest.mark.parametrize(
    ("left", "expected"),
    (
        (timedelta(days=3, hours=4, minutes=5, seconds=59), (3, 4, 5)),
        (timedelta(seconds=59), (0, 0, 0)),
        (timedelta(minutes=1), (0, 0, 1)),
        (timedelta(hours=24) - TICK, (0, 23, 59)),
        (timedelta(0), (0, 0, 0)),
        (timedelta(days=-2), (0, 0, 0)),
    ),
)
def test_remaining(left, expected):
    assert remaining(CLOSES - left, CLOSES) == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.one_of(st.none(), st.times()))
def test_by_ends_after_before_and_both_within_a_day(day, at):
    before, by = last_instant(Kind.BEFORE, day, at), last_instant(Kind.BY, day, at)

    assert timedelta() < by - before <= timedelta(days=1)
    assert last_minute(by).date() == day
    assert last_instant(Kind.WITHIN_MONTH, day) >= last_instant(Kind.BY, day)
