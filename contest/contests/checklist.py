"""What a contest still needs before it can be announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contest.contests import markup, words
from contest.contests.models import Contest
from contest.rules import rule_sets


@dataclass(frozen=True)
class Item:
    """One thing to have. code: see `contests/setup.html`; endpoint: the page that solves it."""

    code: str
    done: bool
    endpoint: str


def checklist(contest: Contest, body: rule_sets.Body, *, now: datetime) -> list[Item]:
    """Everything announcing asks for, in the order of the set-up's pages."""
    opens, closes = contest.opens_at, contest.closes_at
    return [
        Item("name", bool(contest.name and contest.about), "contests.setup_info"),
        Item("contact", bool(contest.contact), "contests.setup_info"),
        Item("rules_text", bool(contest.rules_text.strip()), "contests.setup_text"),
        Item(
            "places", not markup.unknown_places(contest.rules_text, words.facts(contest, body)), "contests.setup_text"
        ),
        Item("way_in", bool(contest.allow_typed or contest.file_kinds), "contests.setup_limits"),
        Item("pledge", bool(contest.pledge_text.strip()), "contests.setup_limits"),
        Item("dates", opens is not None and closes is not None and opens < closes, "contests.setup_dates"),
        Item("not_over", closes is None or now < closes, "contests.setup_dates"),
        Item("categories", bool(contest.categories), "contests.setup_categories"),
        Item("rules", not rule_sets.validate(body), "contests.rules"),
        Item("prizes", bool(body["prizes"]), "contests.rules_prizes"),
    ]


def missing(contest: Contest, body: rule_sets.Body, *, now: datetime) -> list[str]:
    """The codes of what is still missing."""
    return [item.code for item in checklist(contest, body, now=now) if not item.done]
