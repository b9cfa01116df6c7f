"""Reads for keying in paper slips. The second person never sees what the first one keyed, until they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.db import db
from contest.entries.models import Entry, RoundEntry
from contest.judging.models import Assignment, PanelMember, SheetVersion
from contest.judging.queries import TAKING_PART


@dataclass(frozen=True)
class SlipRow:
    """One sheet of a judge. state: none | mine (someone else must key it too) | theirs (waits for me) | differs |
    sent | device (the judge marks it on a device). differing: criterion keys where two keyings differ."""

    public_id: str
    code: str
    state: str
    differing: Sequence[str] = ()


def slip_rows(round_: Round, member: PanelMember, account: Account) -> list[SlipRow]:
    """The sheets of one judge by code; two queries."""
    sheets = db.session.execute(
        select(Assignment.id, Assignment.public_id, Assignment.state, RoundEntry.code)
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(Assignment.panel_member_id == member.id, Assignment.state != "recused", *TAKING_PART)
        .order_by(RoundEntry.code)
    ).all()
    keyed: dict[int, list[SheetVersion]] = defaultdict(list)
    for version in db.session.scalars(
        select(SheetVersion)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .where(Assignment.panel_member_id == member.id, SheetVersion.kind == "slip")
        .order_by(SheetVersion.number)
    ):
        keyed[version.assignment_id].append(version)
    return [_row(sheet.public_id, sheet.code, sheet.state, keyed[sheet.id], account) for sheet in sheets]


def _row(public_id: str, code: str, state: str, keyed: Sequence[SheetVersion], account: Account) -> SlipRow:
    if state != "empty":
        return SlipRow(public_id, code, "device" if state == "begun" else "sent")
    if not keyed:
        return SlipRow(public_id, code, "none")
    people = {version.actor_id for version in keyed}
    if len(people) > 1:
        last, other = keyed[-1], next(v for v in reversed(keyed) if v.actor_id != keyed[-1].actor_id)
        differing = [key for key in last.marks if last.marks[key] != other.marks.get(key)]
        return SlipRow(public_id, code, "differs", differing)
    return SlipRow(public_id, code, "mine" if account.id in people else "theirs")
