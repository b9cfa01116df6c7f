"""Discussions in values ready to print: a judge's page, the head judge's part of an entry's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.judging import discussion_queries
from contest.judging.discussion_models import Discussion
from contest.judging.discussion_queries import OwnPlace
from contest.judging.ledger import criteria, round_rules
from contest.judging.marks import total_text
from contest.rules.numbers import plain
from contest.rules.rule_sets import Criterion, criteria_of, shows_names


@dataclass(frozen=True)
class PeerSheet:
    """One judge's sheet among those who discuss. before: the total when it was opened, where it is another now."""

    who: str
    is_own: bool
    marks: Sequence[tuple[str, str | None, str | None]]  # criterion, mark, greatest mark
    total: str | None
    before: str | None
    comment: str


@dataclass(frozen=True)
class Word:
    who: str
    said_at: datetime
    text: str


@dataclass(frozen=True)
class DiscussionView:
    """What a judge sees of an open discussion."""

    reason: str
    opened_at: datetime
    sheets: Sequence[PeerSheet]
    words: Sequence[Word]


def judges_view(place: OwnPlace) -> DiscussionView:
    """Names or keys, as the rules have it; one's own sheet first."""
    row, discussion = place.sheet, place.discussion
    scale = criteria(row.rule_set_id, row.slug, row.round_key)
    named = shows_names(round_rules(row.rule_set_id, row.slug, row.round_key))
    sheets = [
        _peer(sheet, discussion, scale, own=sheet.id == row.id, who=sheet.full_name if named else sheet.key)
        for sheet in discussion_queries.sheets_in(discussion)
    ]
    return DiscussionView(
        discussion.reason, discussion.opened_at, sorted(sheets, key=lambda sheet: not sheet.is_own),
        [
            Word(said.full_name if named else said.judge, said.said_at, said.text)
            for said in discussion_queries.messages_of([discussion.id])
        ],
    )  # fmt: skip


def _peer(sheet: Any, discussion: Discussion, scale: Sequence[Criterion], *, own: bool, who: str) -> PeerSheet:
    now, before = total_text(sheet.marks, scale), discussion.before[sheet.key]
    changed = sheet.version_uuid != before["version"]
    marks = [(item.name, sheet.marks.get(item.key), None if item.max is None else plain(item.max)) for item in scale]
    return PeerSheet(who, own, marks, now, before["total"] if changed else None, sheet.comment)


@dataclass(frozen=True)
class Change:
    """One judge's total before and after; unchanged where the sheet is still the same version."""

    judge: str
    before: str | None
    after: str | None
    is_changed: bool


@dataclass(frozen=True)
class EntryDiscussion:
    """A discussion as the head judge sees it: who takes part, what changed so far, what was said."""

    opened_at: datetime
    ended_at: datetime | None
    reason: str
    conclusion: str
    changes: Sequence[Change]
    words: Sequence[Word]


def entry_view(part_id: int, body: Mapping[str, Any], round_key: str) -> list[EntryDiscussion]:
    """Every discussion of an entry, newest first."""
    found = discussion_queries.of_entry(part_id)
    said: dict[int, list[Word]] = defaultdict(list)
    if found:
        for row in discussion_queries.messages_of([discussion.id for discussion in found]):
            said[row.discussion_id].append(Word(f"{row.judge} · {row.full_name}", row.said_at, row.text))
    scale = criteria_of(body, round_key)
    return [
        EntryDiscussion(
            discussion.opened_at, discussion.ended_at, discussion.reason, discussion.conclusion,
            changes(discussion, discussion.after if discussion.after is not None else _now(discussion, scale)),
            said[discussion.id],
        )
        for discussion in found
    ]  # fmt: skip


def _now(discussion: Discussion, scale: Sequence[Criterion]) -> dict[str, Any]:
    return {
        row.key: {"version": row.version_uuid, "total": total_text(row.marks, scale)}
        for row in discussion_queries.sheets_in(discussion)
    }


def changes(discussion: Discussion, after: Mapping[str, Any]) -> list[Change]:
    """after: as Discussion.after. A judge who stepped back meanwhile has no total any more."""
    return [
        Change(
            key, item["total"], after.get(key, {}).get("total"), after.get(key, {}).get("version") != item["version"]
        )
        for key, item in discussion.before.items()
    ]
