"""Reading contests: one by its address, its rounds, the rules in force, lists of a campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from contest.campaigns.models import Campaign
from contest.contests.models import Contest, Round, RuleSet
from contest.db import db
from contest.rules.text import fold

_BY_SLUG = select(Contest).where(Contest.slug == bindparam("slug")).options(joinedload(Contest.rounds))


def contest_by_slug(slug: str) -> Contest | None:
    """A contest with its rounds, which every page of it shows; its long texts come when they are read."""
    return db.session.scalars(_BY_SLUG, {"slug": slug}).unique().one_or_none()


def round_by_key(contest: Contest, key: str) -> Round | None:
    return next((round_ for round_ in contest.rounds if round_.key == key), None)


def rule_sets_of(contest: Contest) -> Sequence[RuleSet]:
    """Newest first."""
    query = select(RuleSet).where(RuleSet.contest_id == contest.id).order_by(RuleSet.number.desc())
    return db.session.scalars(query).all()


_IN_FORCE = (
    select(RuleSet)
    .where(RuleSet.contest_id == bindparam("contest_id"))
    .order_by(RuleSet.frozen_at.is_(None), RuleSet.number.desc())
    .limit(1)
)


def rules_in_force(contest: Contest) -> RuleSet:
    """The newest frozen rule set; before any is frozen, the draft. Every contest has one from the start."""
    return db.session.scalars(_IN_FORCE, {"contest_id": contest.id}).one()


def confirmed_otherwise(contest: Contest, before: Mapping[str, Any], body: Mapping[str, Any]) -> list[Round]:
    """Rounds confirmed by rules that `body` would change: what was confirmed would be another result."""
    old, new = ({item["key"]: item for item in each["rounds"]} for each in (before, body))
    return [row for row in contest.rounds if row.state == "confirmed" and old.get(row.key) != new.get(row.key)]


def draft_of(contest: Contest) -> RuleSet | None:
    """The rule set that may still be changed: the newest, while it is not frozen."""
    query = select(RuleSet).where(RuleSet.contest_id == contest.id).order_by(RuleSet.number.desc()).limit(1)
    newest = db.session.scalars(query).one()
    return newest if newest.frozen_at is None else None


def contests_of(campaign: Campaign, *, drafts: bool = False) -> Sequence[Contest]:
    """A campaign's contests, oldest first, with rounds. drafts: also those not announced."""
    query = (
        select(Contest)
        .where(Contest.campaign_id == campaign.id)
        .options(selectinload(Contest.rounds))
        .order_by(Contest.id)
    )
    if not drafts:
        query = query.where(Contest.state != "draft")
    return db.session.scalars(query).all()


def has_namesake(campaign: Campaign, name: str) -> bool:
    """Whether the campaign has a contest of this name already, however it is written."""
    names = db.session.scalars(select(Contest.name).where(Contest.campaign_id == campaign.id))
    return fold(name) in {fold(taken) for taken in names}


def slugs_like(slug: str) -> set[str]:
    """Addresses already taken that begin like this one."""
    return set(db.session.scalars(select(Contest.slug).where(Contest.slug.startswith(slug, autoescape=True))))
