"""Writes of discussions. Marks change only as their judge's own new version, by the ordinary save."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest import audit
from contest.accounts.models import Account
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging.discussion_models import Discussion, DiscussionMessage
from contest.judging.discussion_queries import open_of, own_place, sheets_in
from contest.judging.marks import total_text
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.queries import blockers, sheets_beside
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.rule_sets import Criterion, criteria_of, round_of, talks

# What tells that judges still mark apart; what else blocks a closing does not keep them from talking.
APART = frozenset({"short_panels", "device_conflicts", "asked_again", "third_marker", "missing_sheets"})


def open_discussions(
    contest: Contest, round_: Round, codes: Sequence[str], *, reason: str, account: Account, now: datetime
) -> int:
    """Let the judges of these entries see each other's sheets and talk; how many were opened.

    Only where the rules in force have it, and once every sheet of the round is sent: who has seen others' marks
    must not mark anything blind after that. One open already stays as it is. Raises NotPossible, Blocked.
    """
    if not reason.strip():
        raise NotPossible("reason_needed")
    hold_anew(contest.id)
    if round_.state != "open":
        raise NotPossible("round_not_open")
    body = rules_in_force(contest).body
    if talks(round_of(body, round_.key)) != "discussion":
        raise NotPossible("no_discussion")
    if found := [item for item in blockers(round_) if item.code in APART]:
        raise Blocked(found)
    scale = criteria_of(body, round_.key)
    parts = db.session.scalars(
        select(RoundEntry).where(RoundEntry.round_id == round_.id, RoundEntry.code.in_(codes)).order_by(RoundEntry.id)
    ).all()
    running = set(
        db.session.scalars(
            select(Discussion.round_entry_id).where(
                Discussion.round_entry_id.in_([part.id for part in parts]), Discussion.ended_at.is_(None)
            )
        )
    )
    beside = sheets_beside([part.id for part in parts])
    made = 0
    for part in parts:
        if part.id in running or len(beside.get(part.id, ())) < 2:
            continue
        _open(contest, part, beside[part.id], scale, reason=reason.strip(), account=account, now=now)
        made += 1
    if not made:
        raise NotPossible("nothing_to_discuss")
    return made


def _open(
    contest: Contest, part: RoundEntry, sheets: Sequence[Any], scale: Sequence[Criterion], *, reason: str,
    account: Account, now: datetime,
) -> None:  # fmt: skip
    discussion = Discussion(
        round_entry_id=part.id, opened_by_id=account.id, opened_at=now, reason=reason, before=_standing(sheets, scale)
    )
    db.session.add(discussion)
    db.session.flush()
    standing = standing_sha256(discussion.before)
    _record(account, "open_discussion", discussion, contest, now, entry=part.code, reason=reason, standing=standing)


def _standing(sheets: Sequence[Any], scale: Sequence[Criterion]) -> dict[str, Any]:
    return {
        row.key: {"sheet": row.id, "version": row.version_uuid, "total": total_text(row.marks, scale)} for row in sheets
    }


def standing_sha256(standing: dict[str, Any]) -> str:
    """What the trail keeps of the sheets a discussion began or ended with: it must not tell their totals."""
    return sha256_hex(canonical_bytes(standing))


def _record(
    account: Account, verb: str, discussion: Discussion, contest: Contest, now: datetime, **details: Any
) -> None:  # fmt: skip
    audit.record(
        account, f"judging.{verb}", f"discussion:{discussion.id}", now=now, contest_id=contest.id, details=details
    )


def say(contest: Contest, public_id: str, *, text: str, account: Account, now: datetime) -> DiscussionMessage:
    """A judge's word in a discussion of the entry of an own sheet. Raises NotPossible when it is empty, or over."""
    if not text.strip():
        raise NotPossible("nothing_said")
    hold_anew(contest.id)
    place = own_place(account, public_id)
    if place is None:
        raise NotPossible("discussion_ended")
    judge = next(key for key, item in place.discussion.before.items() if item["sheet"] == place.sheet.id)
    message = DiscussionMessage(
        discussion_id=place.discussion.id, account_id=account.id, judge=judge, said_at=now, text=text.strip()
    )
    db.session.add(message)
    db.session.flush()
    # The trail is read by who may not read marks, and people speak of marks: it holds the word's hash.
    _record(account, "discuss", place.discussion, contest, now, message=message.id, sha256=_sha256(message.text))
    return message


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def end_discussion(
    contest: Contest, round_: Round, part_id: int, *, conclusion: str, account: Account, now: datetime
) -> Discussion:
    """Judges no longer see each other's sheets; what was changed is recorded. Raises NotPossible."""
    hold_anew(contest.id)
    discussion = open_of(part_id)
    if discussion is None:
        raise NotPossible("discussion_ended")
    scale = criteria_of(rules_in_force(contest).body, round_.key)
    discussion.after = _standing(sheets_in(discussion), scale)
    discussion.conclusion = conclusion.strip()
    discussion.ended_at, discussion.ended_by_id = now, account.id
    changed = [
        key for key, item in discussion.before.items()
        if discussion.after.get(key, {}).get("version") != item["version"]
    ]  # fmt: skip
    _record(
        account, "end_discussion", discussion, contest, now, changed=changed, sha256=_sha256(discussion.conclusion),
        standing=standing_sha256(discussion.after),
    )  # fmt: skip
    return discussion
