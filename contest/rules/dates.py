"""Dates as official papers write them, and as people type them.

Two digits for days under 10 and for January and February, since a bare digit there could be altered
by hand (Nghị định 30/2020/NĐ-CP, Phụ lục I; domain.md section 4). These are fixed Vietnamese forms of
the papers themselves; pages in another language write dates their own way.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from contest.rules.deadlines import HANOI
from contest.rules.text import fold

_BLANK = "\u2026\u2026"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SHORT = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_LONG = re.compile(r"(?:ngay\s*)?([0-9]{1,2})\s*thang\s*([0-9]{1,2})\s*(?:nam|,)\s*([0-9]{4})")


class BadDate(ValueError):
    """code: "shape" (not day, month and four-digit year) or "no_such_day" (30/02)."""

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


def _month(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)
