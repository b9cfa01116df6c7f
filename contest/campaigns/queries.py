"""Reading campaigns: one by its address, lists."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from contest.campaigns.models import Campaign
from contest.db import db
from contest.rules.text import fold


def campaign_by_slug(slug: str) -> Campaign | None:
    return db.session.scalars(select(Campaign).where(Campaign.slug == slug)).one_or_none()


def campaigns(*, drafts: bool = False) -> Sequence[Campaign]:
    """Newest first. drafts: also those the public does not see yet."""
    query = select(Campaign).order_by(Campaign.year.desc(), Campaign.id.desc())
    if not drafts:
        query = query.where(Campaign.is_public)
    return db.session.scalars(query).all()


def namesake(name: str, year: int) -> Campaign | None:
    """The campaign of the year that has this name already, however it is written."""
    of_year = db.session.scalars(select(Campaign).where(Campaign.year == year).order_by(Campaign.id))
    return next((campaign for campaign in of_year if fold(campaign.name) == fold(name)), None)


def slugs_like(slug: str) -> set[str]:
    """Addresses already taken that begin like this one."""
    return set(db.session.scalars(select(Campaign.slug).where(Campaign.slug.startswith(slug, autoescape=True))))
