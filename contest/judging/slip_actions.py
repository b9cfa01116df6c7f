"""Paper slips: keyed in twice by two people, the second without seeing the first; equal, they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.models import Account
from contest.db import db
from contest.judging.actions import Refused
from contest.judging.ledger import Sheet, Written, append, criteria, read_sheet
from contest.judging.marks import BadMarks, Marks, missing, read_marks
from contest.judging.models import SheetVersion
from contest.judging.third_actions import third_if_needed


@dataclass(frozen=True)
class Keyed:
    """What became of one keying: "first", "equal" (the sheet is sent), "differs" (facts: criteria), "again"."""

    outcome: str
    differing: Sequence[str] = ()


def key_slip(public_id: str, typed: Mapping[str, Any], *, uuid: str, account: Account, now: datetime) -> Keyed | None:
    """Key in one paper slip. None when there is no such sheet.

    The slip holds once someone else has keyed the same marks; until then every keying is kept beside.
    The same UUID again changes nothing. Raises Refused: a sheet already sent, or begun by the judge on a device,
    is not keyed in.
    """
    sheet = read_sheet(public_id, uuid=uuid)
    if sheet is None:
        return None
    if sheet.twin_of is not None:
        return Keyed("again")
    _check(sheet)
    scale = criteria(sheet.rule_set_id, sheet.slug, sheet.round_key)
    try:
        marks = read_marks(typed, scale)
    except BadMarks as bad:
        raise Refused("bad_marks", faults=bad.faults) from None
    if gaps := missing(marks, scale):
        raise Refused("missing_marks", criteria=gaps)
    earlier = _by_others(sheet, account)
    equal = any(other == marks for other in earlier)
    written = Written(
        uuid=uuid, kind="slip", based_on=sheet.version_uuid, marks=marks, comment="", reason="", device="",
        client_at=None, actor_id=account.id, holds=equal,
    )  # fmt: skip
    append(sheet, written, state="sent" if equal else sheet.state, has_conflict=sheet.has_conflict, now=now)
    if equal:
        third_if_needed(sheet, now=now)
    if equal or not earlier:
        return Keyed("equal" if equal else "first")
    return Keyed("differs", [key for key in marks if earlier[-1].get(key) != marks[key]])


def _check(sheet: Sheet) -> None:
    if sheet.state == "recused":
        raise Refused("recused")
    if sheet.round_state != "open" or sheet.rule_set_id is None:
        raise Refused("round_waiting" if sheet.round_state in ("waiting", "open") else "round_closed")
    if sheet.state != "empty":
        raise Refused("already_sent" if sheet.state in ("sent", "asked_again") else "begun_on_device")


def _by_others(sheet: Sheet, account: Account) -> list[Marks]:
    """What other people keyed in for this sheet, oldest first."""
    rows = db.session.execute(
        select(SheetVersion.marks)
        .where(SheetVersion.assignment_id == sheet.id, SheetVersion.kind == "slip", SheetVersion.actor_id != account.id)
        .order_by(SheetVersion.number)
    )
    return [dict(row.marks) for row in rows]
