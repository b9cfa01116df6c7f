"""Setting up a campaign: its texts and its four lists, with every change in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from contest import audit
from contest.audit import Actor
from contest.campaigns.models import Anniversary, Campaign, CampaignFocus, FieldOfWork, SourceDocument
from contest.campaigns.queries import slugs_like
from contest.db import db
from contest.rules.text import slug
from contest.units.models import Unit


@dataclass(frozen=True)
class Document:
    """A document the campaign rests on (R30)."""

    number: str
    issuer: str = ""
    issued_on: date | None = None
    title: str = ""


@dataclass(frozen=True)
class Remembered:
    """A day that comes round each year, by the day it goes back to (R43)."""

    name: str
    origin: date


@dataclass(frozen=True)
class Draft:
    """Everything the setup page holds. The lists are in the order they are shown."""

    name: str
    year: int
    organiser: Unit
    period: str = ""
    theme: str = ""
    superior_name: str = ""
    issuer_name: str = ""
    place_name: str = ""
    is_public: bool = False
    focuses: Sequence[str] = field(default=())
    fields_of_work: Sequence[str] = field(default=())
    documents: Sequence[Document] = field(default=())
    anniversaries: Sequence[Remembered] = field(default=())


_COLUMNS = ("name", "year", "period", "theme", "superior_name", "issuer_name", "place_name", "is_public")


def create_campaign(draft: Draft, *, actor: Actor, now: datetime) -> Campaign:
    """A new year of the movement, under an address made of its name."""
    campaign = Campaign(slug=_free_slug(draft), created_at=now)
    _fill(campaign, draft)
    db.session.add(campaign)
    db.session.flush()
    details = {"name": campaign.name, "year": campaign.year, "slug": campaign.slug}
    audit.record(actor, "campaigns.create", f"campaign:{campaign.id}", now=now, details=details)
    return campaign


def update_campaign(campaign: Campaign, draft: Draft, *, actor: Actor, now: datetime) -> list[str]:
    """Bring the campaign to what the draft says. Returns what changed; when nothing did, nothing is written."""
    before = _picture(campaign)
    with db.session.no_autoflush:
        _fill(campaign, draft)
    after = _picture(campaign)
    changed = sorted(key for key in after if before[key] != after[key])
    if not changed:
        return []
    touch(campaign)
    details = {key: {"from": before[key], "to": after[key]} for key in changed}
    audit.record(actor, "campaigns.update", f"campaign:{campaign.id}", now=now, details=details)
    return changed


def touch(campaign: Campaign) -> None:
    """Kept public pages that show the campaign are drawn again."""
    campaign.version += 1


def _free_slug(draft: Draft) -> str:
    wanted = (slug(draft.name) or f"nam-{draft.year}")[:70].strip("-")
    taken = slugs_like(wanted)
    number = 1
    found = wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _fill(campaign: Campaign, draft: Draft) -> None:
    for column in _COLUMNS:
        if getattr(campaign, column) != getattr(draft, column):
            setattr(campaign, column, getattr(draft, column))
    if campaign.organiser is not draft.organiser:
        campaign.organiser = draft.organiser
    _match(campaign.focuses, [{"text": text} for text in draft.focuses], CampaignFocus, "text")
    _match_fields(campaign, draft.fields_of_work)
    documents = [vars(document) for document in draft.documents]
    _match(campaign.documents, documents, SourceDocument, "number")
    _match(campaign.anniversaries, [vars(day) for day in draft.anniversaries], Anniversary, "name")


def _match(rows: list[Any], wanted: list[dict[str, Any]], table: type[Any], key: str) -> None:
    """Change a list in place. Rows keep their id while their text stays, or is only reworded: others refer to them.

    A value under "key" is set once, when a row is new.
    """
    by_key: dict[str, list[Any]] = {}
    for row in rows:
        by_key.setdefault(getattr(row, key), []).append(row)
    matched = [same.pop(0) if (same := by_key.get(values[key])) else None for values in wanted]
    left = [row for row in rows if row not in matched]
    kept = []
    for position, (values, found) in enumerate(zip(wanted, matched, strict=True), 1):
        row = found or (left.pop(0) if left else table(**values))
        for name, value in {**values, "position": position}.items():
            if name != "key" and getattr(row, name) != value:
                setattr(row, name, value)
        kept.append(row)
    if rows != kept:
        rows[:] = kept


def _match_fields(campaign: Campaign, names: Sequence[str]) -> None:
    taken = {row.key for row in campaign.fields_of_work}
    wanted = []
    for name in names:
        key = slug(name)[:50] or "linh-vuc"
        while key in taken:
            key += "-2"
        taken.add(key)
        wanted.append({"name": name, "key": key})
    _match(campaign.fields_of_work, wanted, FieldOfWork, "name")


def _picture(campaign: Campaign) -> dict[str, Any]:
    """What the trail compares: JSON values."""
    days = [{"name": row.name, "origin": row.origin.isoformat()} for row in campaign.anniversaries]
    documents = [
        {
            "number": d.number,
            "issuer": d.issuer,
            "title": d.title,
            "on": d.issued_on.isoformat() if d.issued_on else None,
        }
        for d in campaign.documents
    ]
    return {column: getattr(campaign, column) for column in _COLUMNS} | {
        "organiser": campaign.organiser.code,
        "focuses": [row.text for row in campaign.focuses],
        "fields_of_work": [row.name for row in campaign.fields_of_work],
        "documents": documents,
        "anniversaries": days,
    }
