"""Making and changing a contest. Rule sets have a file of their own; what other rooms call is named here too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from contest import audit
from contest.audit import Actor
from contest.campaigns.models import Campaign
from contest.contests import checklist, queries
from contest.contests.actions_rules import fit_rounds, refresh_text
from contest.contests.actions_rules import freeze_rules as freeze_rules
from contest.contests.actions_rules import touch as touch
from contest.contests.models import Category, Contest, RuleSet
from contest.contests.templates_data import ContestTemplate
from contest.db import db
from contest.rules.text import slug

# Long texts: the trail says that they changed, the contest's row holds what they are now.
_LONG = 120


class NotReady(Exception):
    """The contest cannot be announced: `missing` are the codes of its check list."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = list(missing)


class AlreadyOpen(Exception):
    """Entries may have come in: what was announced stays announced."""


class CategoryInUse(Exception):
    """Categories that entries or drafts stand in cannot be left out: `names` by their keys."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(", ".join(names))
        self.names = dict(names)


class NoCategoryLeft(Exception):
    """People choose among an announced contest's categories: one must stay."""


def create_contest(
    campaign: Campaign,
    template: ContestTemplate,
    *,
    name: str,
    level_name: str,
    contact: str,
    dates: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> Contest:
    """A contest from a template, still a draft. dates: columns of the contest's period, see `forms.dates_of`."""
    contest = Contest(
        campaign=campaign,
        slug=_free_slug(name, campaign.year),
        name=name,
        level_name=level_name,
        contact=contact,
        rules_text=template.text,
        created_at=now,
        **deepcopy(template.columns),
        **dates,
    )
    contest.categories = [
        Category(position=position, key=key, name=label) for position, (key, label) in enumerate(template.categories, 1)
    ]
    db.session.add(contest)
    db.session.flush()
    rules = RuleSet(contest=contest, number=1, body=deepcopy(template.body), made_by_id=actor.actor_id, made_at=now)
    db.session.add(rules)
    fit_rounds(contest, rules.body)
    refresh_text(contest, rules.body)
    touch(contest)
    _record(contest, "contests.create", actor, now, {"name": name, "template": template.key})
    return contest


def change_contest(contest: Contest, values: Mapping[str, Any], *, part: str, actor: Actor, now: datetime) -> list[str]:
    """Set columns of the contest; returns the names of those that changed. part: the set-up page it came from."""
    changed: dict[str, Any] = {}
    for name, value in values.items():
        before = getattr(contest, name)
        if before != value:
            changed[name] = [_short(before), _short(value)]
            setattr(contest, name, value)
    if changed:
        refresh_text(contest, queries.rules_in_force(contest).body)
        touch(contest)
        _record(contest, f"contests.change_{part}", actor, now, changed)
    return list(changed)


def set_marks_due(contest: Contest, due: Mapping[str, datetime | None], *, actor: Actor, now: datetime) -> None:
    """Until when each round should be marked, by the round's key."""
    changed = {}
    for item in contest.rounds:
        if item.key in due and due[item.key] != item.marks_due_at:
            changed[item.key] = [_short(item.marks_due_at), _short(due[item.key])]
            item.marks_due_at = due[item.key]
    if changed:
        touch(contest)
        _record(contest, "contests.change_marks_due", actor, now, changed)


def set_categories(contest: Contest, wanted: Sequence[tuple[str, str]], *, actor: Actor, now: datetime) -> None:
    """The categories in this order, as (key, name); an empty key makes a new one.

    Raises CategoryInUse, and NoCategoryLeft once the contest is announced.
    """
    present = {item.key: item for item in contest.categories}
    if [(item.key, item.name) for item in contest.categories] == list(wanted):
        return
    if not wanted and contest.state != "draft":
        raise NoCategoryLeft
    kept = {key for key, _name in wanted if key in present}
    _leave_out(contest, [item for key, item in present.items() if key not in kept])
    for position, (key, name) in enumerate(wanted, 1):
        row = present.get(key)
        if row is None:
            row = Category(key=_free(slug(name)[:50] or "the-loai", kept), name=name, position=position)
            kept.add(row.key)
            contest.categories.append(row)
        row.position, row.name = position, name
    db.session.flush()
    contest.categories.sort(key=lambda item: item.position)
    refresh_text(contest, queries.rules_in_force(contest).body)
    touch(contest)
    _record(contest, "contests.change_categories", actor, now, {"names": [name for _key, name in wanted]})


def _leave_out(contest: Contest, gone: Sequence[Category]) -> None:
    # One at a time, each undone by itself: whoever is refused must read which of them are taken, and all of these.
    taken = {}
    for key, name in [(item.key, item.name) for item in gone]:
        try:
            with db.session.begin_nested():
                contest.categories.remove(next(item for item in contest.categories if item.key == key))
                db.session.flush()
        except IntegrityError:
            taken[key] = name
    if taken:
        raise CategoryInUse(taken)


def announce(contest: Contest, *, actor: Actor, now: datetime) -> None:
    """Make the contest public. Announced already: changes nothing. Raises NotReady."""
    if contest.state != "draft":
        return
    body = queries.rules_in_force(contest).body
    if missing := checklist.missing(contest, body, now=now):
        raise NotReady(missing)
    contest.state, contest.announced_at = "announced", now
    refresh_text(contest, body)
    touch(contest)
    _record(contest, "contests.announce", actor, now, {})


def can_withdraw(contest: Contest, *, now: datetime) -> bool:
    """Whether the announcement can be taken back: only before entries are taken, so that none can be there."""
    return contest.state == "announced" and contest.opens_at is not None and now < contest.opens_at


def withdraw_announcement(contest: Contest, *, actor: Actor, now: datetime) -> None:
    """Make an announced contest a draft again. Raises AlreadyOpen once it has begun to take entries."""
    if contest.state == "draft":
        return
    if not can_withdraw(contest, now=now):
        raise AlreadyOpen
    contest.state, contest.announced_at = "draft", None
    touch(contest)
    _record(contest, "contests.withdraw_announcement", actor, now, {})


def _record(contest: Contest, action: str, actor: Actor, now: datetime, details: dict[str, Any]) -> None:
    audit.record(actor, action, f"contest:{contest.id}", now=now, contest_id=contest.id, details=details)


def _short(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:_LONG]}…"
    return value


def _free_slug(name: str, year: int) -> str:
    wanted = slug(name)[:60].strip("-") or "cuoc-thi"
    if str(year) not in wanted:
        wanted = f"{wanted}-{year}"
    return _free(wanted, queries.slugs_like(wanted))


def _free(wanted: str, taken: set[str]) -> str:
    number = 1
    name = wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
