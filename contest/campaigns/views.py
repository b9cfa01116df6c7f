"""Pages of the campaigns room. The public page of a campaign lists its contests, so home draws it."""

from __future__ import annotations

from flask import Blueprint

from contest.campaigns import views_setup
from contest.campaigns.blueprint import bp
from contest.campaigns.queries import campaign_by_slug
from contest.web import guards

# Importing the other view file is what registers its pages.
PAGES = (views_setup,)

guards.scope_loader("campaign")(campaign_by_slug)


def blueprints() -> list[Blueprint]:
    return [bp]
