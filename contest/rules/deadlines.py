"""Deadlines as official papers word them, and where a moment stands to them (design invariant 9, R50).

Every deadline becomes one instant, and that instant is no longer within it: intervals are half open,
so that nothing falls between two of them. What the wording means:

| wording | kind | ends at |
|---|---|---|
| trước ngày 15/6 | before | 15/6 00:00: the day itself is too late |
| trước 17 giờ 00 ngày 15/6 | before, with a time | 15/6 17:00 |
| chậm nhất ngày 27/02 | by | 28/02 00:00: the whole day counts |
| chậm nhất 17 giờ 00 ngày 27/02 | by, with a time | 27/02 17:01: the whole minute counts |
| xong trong tháng 3 | within_month | 01/4 00:00 |
| (opening) từ ngày 01/3 | `first_instant` | 01/3 00:00 |

The original wording is kept and shown beside it; `last_minute` gives what a clock may show.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Kind(StrEnum):
    BEFORE = "before"
    BY = "by"
    WITHIN_MONTH = "within_month"


class Month(NamedTuple):
    year: int
    month: int


class State(StrEnum):
    """Where a moment stands. GRACE counts as in time; LATE_ACCEPTED is taken in, and flagged."""

    NOT_YET = "not_yet"
    OPEN = "open"
    GRACE = "grace"
    LATE_ACCEPTED = "late_accepted"
    CLOSED = "closed"


def first_instant(day: date, at: time | None = None) -> datetime:
    """The instant something opens: the day's beginning, or a time of it, in Asia/Ho_Chi_Minh."""
    return datetime.combine(day, at or time(), HANOI)


def last_instant(kind: Kind | str, when: date | Month, at: time | None = None) -> datetime:
    """The instant a deadline ends, in Asia/Ho_Chi_Minh; itself no longer within (see the table above).

    when: the day; for within_month any day of the month, or the Month.
    at: a time of that day, for before and by only; its seconds do not count.
    Raises ValueError for an unknown kind, a time of a month, or a month without a day.
    """
    kind = Kind(kind)
    if kind is Kind.WITHIN_MONTH:
        if at is not None:
            raise ValueError("a month has no time of day")
        first = date(when.year, when.month, 1)
        return first_instant(date(first.year + first.month // 12, first.month % 12 + 1, 1))
    if not isinstance(when, date):
        raise ValueError(f"{kind} needs a day, not a month")
    day = when.date() if isinstance(when, datetime) else when
    if at is not None:
        at = time(at.hour, at.minute)
    if kind is Kind.BEFORE:
        return first_instant(day, at)
    return first_instant(day, at) + (timedelta(days=1) if at is None else timedelta(minutes=1))


def last_minute(ends: datetime) -> datetime:
    """The last minute within a deadline, on the clock of Hà Nội: 28/02 00:00 gives 27/02 23:59."""
    return (_aware(ends) - timedelta(microseconds=1)).astimezone(HANOI).replace(second=0, microsecond=0)


def state_at(
    now: datetime,
    opens: datetime | None,
    closes: datetime | None,
    grace_minutes: int = 0,
    accepts_late: bool = False,
) -> State:
    """Where `now` stands between `opens` and `closes`; None: open since ever, or without end.

    The opening instant is open, the closing instant is not; grace is half open in the same way.
    Raises ValueError for a negative grace and for instants without an offset.
    """
    if grace_minutes < 0:
        raise ValueError("grace is 0 minutes or more")
    if opens is not None and _aware(now) < _aware(opens):
        return State.NOT_YET
    if closes is None or _aware(now) < _aware(closes):
        return State.OPEN
    if now < closes + timedelta(minutes=grace_minutes):
        return State.GRACE
    return State.LATE_ACCEPTED if accepts_late else State.CLOSED


def is_late(at: datetime, closes: datetime | None, grace_minutes: int = 0) -> bool:
    """Whether what came in at that instant must be flagged as late."""
    return state_at(at, None, closes, grace_minutes) is State.CLOSED


def remaining(now: datetime, instant: datetime) -> tuple[int, int, int]:
    """Whole days, hours and minutes left, rounded down, so that no one is promised more; (0, 0, 0) when over."""
    left = max(_aware(instant) - _aware(now), timedelta())
    hours, seconds = divmod(left.seconds, 3600)
    return left.days, hours, seconds // 60


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"an instant needs its offset: {instant}")
    return instant
