"""A campaign's anniversaries as pages show them: which time, how round, on which day of the year (R43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contest.campaigns.models import Campaign
from contest.rules.anniversaries import BeforeOrigin, Roundness, day_in, ordinal, roundness


@dataclass(frozen=True)
class Kept:
    """One anniversary in one year. `years` is 94 for 15/10/1930 in 2024."""

    name: str
    years: int
    day: date
    roundness: Roundness

    @property
    def is_round(self) -> bool:
        return self.roundness is not Roundness.OTHER


def anniversaries_in(campaign: Campaign) -> list[Kept]:
    """The campaign's anniversaries in its year, in the organiser's order."""
    found = [(row.name, counted_from(row.origin, campaign.year)) for row in campaign.anniversaries]
    return [Kept(name, *counted) for name, counted in found if counted is not None]


def counted_from(origin: date | None, year: int | None) -> tuple[int, date, Roundness] | None:
    """(years, its day in that year, how round); None while one is missing or the year lies before."""
    if origin is None or year is None:
        return None
    try:
        years = ordinal(origin, year)
        return years, day_in(origin, year), roundness(years)
    except (BeforeOrigin, ValueError, OverflowError):
        return None
