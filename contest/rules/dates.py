"""Dates as official papers write them, and as people type them.

Two digits for days under 10 and for January and February, since a bare digit there could be altered
by hand (Nghị định 30/2020/NĐ-CP, Phụ lục I; domain.md section 4). These are fixed Vietnamese forms of
the papers themselves; pages in another language write dates their own way.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from contest.rules.deadlines import HANOI
from contest.rules.text import fold

_BLANK = "\u2026\u2026"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SHORT = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_LONG = re.compile(r"(?:ngay\s*)?([0-9]{1,2})\s*thang\s*([0-9]{1,2})\s*(?:nam|,)\s*([0-9]{4})")
# 17 giờ 00, 17 giờ, 17h30, 17g30, 17:00, 17.00; what browsers send may carry seconds.
_CLOCK = re.compile(r"([0-9]{1,2})\s*(?:(?:gio|h|g|:|\.)\s*([0-9]{1,2})(?::[0-9]{2})?(?:\s*(?:phut|p))?|gio|h|g)")
_DAY_IN_TEXT = re.compile(rf"(?:ngay\s*)?(?:{_LONG.pattern}|{_SHORT.pattern}|{_ISO.pattern})")


class BadDate(ValueError):
    """code: "shape" (not day, month and four-digit year; not hour and minute), "no_such_day" (30/02),
    "no_such_time" (24 giờ 10), "no_time" (a day where a day and a time were asked for)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


def day_of(at: date | datetime) -> date:
    """The day in Hà Nội of an instant; a date as it is. Raises ValueError for an instant without offset."""
    if not isinstance(at, datetime):
        return at
    if at.utcoffset() is None:
        raise ValueError(f"an instant needs its offset: {at}")
    return at.astimezone(HANOI).date()


def short_date(at: date | datetime) -> str:
    """05/9/2024."""
    day = day_of(at)
    return f"{day.day:02d}/{_month(day.month)}/{day.year}"


def long_date(at: date | datetime) -> str:
    """ngày 05 tháng 9 năm 2024."""
    day = day_of(at)
    return f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"


def undated(year: int, month: int | None = None) -> str:
    """ngày …… tháng 02 năm 2024: a draft's date, filled in by hand when the paper is issued (R52)."""
    return f"ngày {_BLANK} tháng {_month(month) if month else _BLANK} năm {year}"


def moment(at: datetime) -> str:
    """05/9/2024, 17 giờ 00, on the clock of Hà Nội."""
    return f"{short_date(at)}, {clock(at)}"


def clock(at: datetime) -> str:
    """17 giờ 00; 7 giờ 30."""
    day_of(at)
    here = at.astimezone(HANOI)
    return f"{here.hour} giờ {here.minute:02d}"


def parse_date(typed: str) -> date | None:
    """Read 5/9/2024, 05-09-2024, 05.9.2024, 2024-09-05 or "ngày 05 tháng 9 năm 2024"; the day comes first.

    None for an empty field. Raises BadDate, also for a year of two digits, which could be two centuries.
    """
    folded = fold(typed)
    if not folded:
        return None
    if found := _ISO.fullmatch(folded):
        year, month, day = found.groups()
    elif found := _SHORT.fullmatch(folded) or _LONG.fullmatch(folded):
        day, month, year = found.groups()
    else:
        raise BadDate("shape", typed)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadDate("no_such_day", typed) from None


def clock_words(at: time) -> str:
    """17 giờ 00: a time of no particular day."""
    return f"{at.hour} giờ {at.minute:02d}"


def parse_clock(typed: str) -> time | None:
    """Read 17 giờ 00, 17 giờ, 17h30 or 17:00; None for an empty field. Raises BadDate."""
    folded = fold(typed)
    if not folded:
        return None
    found = _CLOCK.fullmatch(folded)
    if found is None:
        raise BadDate("shape", typed)
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise BadDate("no_such_time", typed)
    return time(hour, minute)


def parse_moment(typed: str) -> datetime | None:
    """Read "05/9/2024, 17 giờ 00", "17h ngày 5/9/2024", "2024-09-05T17:00": a day and a time in either order.

    Returns what the clock on the wall shows, without an offset; None for an empty field. Raises BadDate.
    """
    folded = fold(typed)
    if not folded:
        return None
    found = _DAY_IN_TEXT.search(folded)
    if found is None:
        raise BadDate("shape", typed)
    day = parse_date(found[0].removeprefix("ngay"))
    rest = (folded[: found.start()] + " " + folded[found.end() :]).strip(" ,;")
    at = parse_clock(rest.removeprefix("t").removeprefix("luc").strip(" ,;"))
    if day is None or at is None:
        raise BadDate("no_time", typed)
    return datetime.combine(day, at)


def _month(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)
