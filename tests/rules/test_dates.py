"""Dates of official papers."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.dates import (
    BadDate,
    clock,
    clock_words,
    long_date,
    moment,
    parse_clock,
    parse_date,
    parse_moment,
    short_date,
    undated,
)


@pytest.mark.parametrize(
    ("at", "short", "long"),
    (
        (date(2024, 9, 5), "05/9/2024", "ngày 05 tháng 9 năm 2024"),
        (date(2024, 2, 27), "27/02/2024", "ngày 27 tháng 02 năm 2024"),
        (date(2024, 1, 1), "01/01/2024", "ngày 01 tháng 01 năm 2024"),
        (date(2024, 3, 31), "31/3/2024", "ngày 31 tháng 3 năm 2024"),
        (date(2024, 10, 15), "15/10/2024", "ngày 15 tháng 10 năm 2024"),
        (datetime(2024, 9, 4, 17, 0, tzinfo=UTC), "05/9/2024", "ngày 05 tháng 9 năm 2024"),  # midnight in Hà Nội
    ),
)
def test_days(at, short, long):
    assert (short_date(at), long_date(at)) == (short, long)


def test_moments_are_on_the_clock_of_ha_noi():
    assert moment(datetime(2024, 9, 5, 10, 0, tzinfo=UTC)) == "05/9/2024, 17 giờ 00"
    assert clock(datetime(2024, 9, 5, 0, 30, tzinfo=UTC)) == "7 giờ 30"
    assert moment(datetime(2024, 9, 5, 17, 5, tzinfo=UTC)) == "06/9/2024, 0 giờ 05"


def test_an_instant_without_offset_is_an_error():
    with pytest.raises(ValueError, match="offset"):
        moment(datetime(2024, 9, 5, 17))


def test_a_draft_keeps_its_day_open():
    assert undated(2024, 2) == "ngày …… tháng 02 năm 2024"
    assert undated(2024) == "ngày …… tháng …… năm 2024"


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("5/9/2024", date(2024, 9, 5)),
        (" 05 - 09 - 2024", date(2024, 9, 5)),
        ("05.9.2024", date(2024, 9, 5)),
        ("2024-09-05", date(2024, 9, 5)),
        ("Ngày 05 tháng 9 năm 2024", date(2024, 9, 5)),
        ("29/02/2024", date(2024, 2, 29)),
        ("", None),
        (" ", None),
    ),
)
def test_parse_date(typed, expected):
    assert parse_date(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    (("30/02/2024", "no_such_day"), ("13/13/2024", "no_such_day"), ("5/9/24", "shape"), ("9/2024", "shape"),
     ("hôm nay", "shape"), ("0/0/0000", "no_such_day")),
)  # fmt: skip
def test_what_is_no_day_is_refused(typed, code):
    with pytest.raises(BadDate) as refused:
        parse_date(typed)

    assert refused.value.code == code


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_what_is_written_is_read_back(day):
    assert parse_date(short_date(day)) == parse_date(long_date(day)) == parse_date(day.isoformat()) == day


@given(st.text())
def test_anything_may_be_typed(typed):
    try:
        parse_date(typed)
    except BadDate as refused:
        assert refused.code in {"shape", "no_such_day"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("17 giờ 00", time(17)),
        ("17 giờ", time(17)),
        ("7 giờ 30 phút", time(7, 30)),
        ("17h30", time(17, 30)),
        ("17g", time(17)),
        ("17:05", time(17, 5)),
        ("17:05:00", time(17, 5)),
        ("0.00", time()),
        (" ", None),
    ),
)
def test_parse_clock(typed, expected):
    assert parse_clock(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    (("24:00", "no_such_time"), ("9:75", "no_such_time"), ("17", "shape"), ("5 PM", "shape"), ("chiều", "shape")),
)
def test_what_is_no_time_is_refused(typed, code):
    with pytest.raises(BadDate) as refused:
        parse_clock(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed",
    ("05/9/2024, 17 giờ 00", "5/9/2024 17h", "17 giờ 00 ngày 05/9/2024", "17:00, ngày 05 tháng 9 năm 2024",
     "2024-09-05T17:00", "2024-09-05 17:00:00"),
)  # fmt: skip
def test_a_day_and_a_time_in_either_order(typed):
    assert parse_moment(typed) == datetime(2024, 9, 5, 17)


@pytest.mark.parametrize(
    ("typed", "code"),
    (("05/9/2024", "no_time"), ("17:00", "shape"), ("30/02/2024 17:00", "no_such_day"),
     ("05/9/2024, 25:00", "no_such_time"), ("05/9/2024, chiều", "shape")),
)  # fmt: skip
def test_half_a_moment_is_refused(typed, code):
    with pytest.raises(BadDate) as refused:
        parse_moment(typed)

    assert refused.value.code == code


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)))
def test_a_moment_that_is_written_is_read_back(at):
    minute = at.replace(second=0, microsecond=0)

    assert parse_moment(f"{short_date(minute.date())}, {clock_words(minute.time())}") == minute
    assert parse_clock(clock_words(minute.time())) == minute.time()


@given(st.text())
def test_anything_may_be_typed_for_a_time(typed):
    for read in (parse_clock, parse_moment):
        try:
            read(typed)
        except BadDate as refused:
            assert refused.code in ("shape", "no_such_day", "no_such_time", "no_time")  # noqa: PT017
