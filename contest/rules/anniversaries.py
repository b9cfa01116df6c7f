"""How many years an anniversary counts, and how it is kept (R43)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Roundness(StrEnum):
    """ROUND: a multiple of 10 ("năm tròn"); FIVE: another multiple of 5; OTHER: every other year."""

    ROUND = "round"
    FIVE = "five"
    OTHER = "other"


class BeforeOrigin(ValueError):
    """The year lies before what it would celebrate."""

    def __init__(self, origin: date, year: int) -> None:
        super().__init__(f"{year} is before {origin.isoformat()}")
        self.origin = origin
        self.year = year


def ordinal(origin: date, year: int) -> int:
    """Years from the origin to its day in `year`: 94 for 15/10/1930 in 2024; 0 in the year itself.

    Raises BeforeOrigin.
    """
    if year < origin.year:
        raise BeforeOrigin(origin, year)
    return year - origin.year


def roundness(n: int) -> Roundness:
    """How round a count of years is; the origin itself (0) is no anniversary."""
    if n < 1 or n % 5:
        return Roundness.OTHER
    return Roundness.FIVE if n % 10 else Roundness.ROUND


def is_round(n: int) -> bool:
    """Whether the badge "năm chẵn, năm tròn" is due: a multiple of 5."""
    return roundness(n) is not Roundness.OTHER


def day_in(origin: date, year: int) -> date:
    """The anniversary's day in a year; for 29 February in a common year, the last day of February."""
    if year < origin.year:
        raise BeforeOrigin(origin, year)
    try:
        return origin.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
