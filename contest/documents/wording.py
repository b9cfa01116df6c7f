"""How official papers write numbers, days and hours. Always Vietnamese: the papers are, whoever prints them."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from contest.documents.data import Family, Letterhead

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NONE = "–"


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def points(value: str | None) -> str:
    """Points as printed: "87.25" gives "87,25"; no mark is a dash, never 0."""
    return NONE if value is None or value == "" else value.replace(".", ",")


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def long_day(day: date | None) -> str:
    """As "ngày 05 tháng 9 năm 2024"; days under 10 and months 1, 2 with a nought (Nghị định 30/2020, Phụ lục I)."""
    if day is None:
        return "ngày      tháng      năm        "
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_day(place: str, day: date | None) -> str:
    words = long_day(day)
    return f"{place}, {words}" if place else words[:1].upper() + words[1:]


def clock(instant: datetime) -> str:
    """As in minutes: "8 giờ 30 phút"."""
    local = instant.astimezone(HANOI)
    return f"{local.hour} giờ {local.minute:02d} phút"


def moment(instant: datetime) -> str:
    """As in minutes: "8 giờ 30 phút, ngày 05 tháng 9 năm 2024"."""
    return f"{clock(instant)}, {long_day(instant.astimezone(HANOI).date())}"


def short_moment(instant: datetime) -> str:
    """As in tables: "05/9/2024, 08:30"."""
    local = instant.astimezone(HANOI)
    return f"{local.day:02d}/{local.month}/{local.year}, {local:%H:%M}"


def to_the_second(instant: datetime) -> str:
    local = instant.astimezone(HANOI)
    return f"{local:%H:%M:%S}, {long_day(local.date())}"


def number_line(head: Letterhead) -> str:
    """The Party's "Số 05-QĐ/BTC" or the administration's "Số: 05/QĐ-BTC"; room to write where no number is given."""
    is_party = head.family is Family.PARTY
    start = "Số " if is_party else "Số: "
    if not head.number.strip().isdigit() and head.number.strip():
        return start + head.number.strip()
    figure = head.number.strip() or "        "
    if not head.kind_code:
        return start + figure
    inner, outer = ("-", "/") if is_party else ("/", "-")
    return start + figure + inner + head.kind_code + (outer + head.issuer_code if head.issuer_code else "")


def file_size(size: int) -> str:
    """Bytes as people read them: "1,4 MB"."""
    if size < 1024:
        return f"{size} byte"
    unit, value = ("kB", size * 10 // 1024) if size < 1024 * 1024 else ("MB", size * 10 // (1024 * 1024))
    return f"{thousands(value // 10)},{value % 10} {unit}"


def grouped_hex(digest: str, size: int = 8) -> str:
    """A hash in groups, so that it can be compared by eye and wraps in a line."""
    return " ".join(digest[at : at + size] for at in range(0, len(digest), size))


def plain(value: Any) -> Any:
    """A dataclass as what JSON knows, all text NFC."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return nfc(value) if isinstance(value, str) else value
