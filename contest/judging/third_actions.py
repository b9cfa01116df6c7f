"""The third marker by itself: as soon as both sheets are in and too far apart, a third judge gets the entry."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from contest import audit
from contest.contests.models import Round
from contest.db import db
from contest.judging.ledger import SENT_STATES, Sheet, criteria, round_rules
from contest.judging.marks import total
from contest.judging.models import Assignment, PanelMember
from contest.judging.panel_actions import NotPossible, assign_third
from contest.judging.panel_queries import parts_of

_own = aliased(Assignment)
_BESIDE = (
    select(Assignment.state, Assignment.marks, PanelMember.left_at)
    .select_from(_own)
    .join(Assignment, Assignment.round_entry_id == _own.round_entry_id)
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .where(_own.id == bindparam("sheet_id"), Assignment.state != "recused")
)


def third_if_needed(sheet: Sheet, *, now: datetime) -> None:
    """Give the sheet's entry to a third judge when its two sheets are sent and the rule's gap apart.

    sheet: with its contest's ledger held. Nobody is told but the third and whoever sees the board: the first two go
    on as they were. Where no judge is free, the board says so and a person solves it.
    """
    rule = round_rules(sheet.rule_set_id, sheet.slug, sheet.round_key).get("third_marker")
    if rule and _is_wide(sheet, Decimal(rule["gap"])):
        _assign(sheet, now)


def _is_wide(sheet: Sheet, gap: Decimal) -> bool:
    beside = db.session.execute(_BESIDE, {"sheet_id": sheet.id}).all()
    live = [row for row in beside if row.left_at is None or row.state in SENT_STATES]
    if len(live) != 2 or any(row.state != "sent" for row in live):
        return False
    scale = criteria(sheet.rule_set_id, sheet.slug, sheet.round_key)
    first, second = (total(row.marks, scale) for row in live)
    return first is not None and second is not None and abs(first - second) >= gap


def _assign(sheet: Any, now: datetime) -> None:
    row = db.session.get_one(Assignment, sheet.id)
    round_ = db.session.get_one(Round, row.round_id)
    part = next((part for part in parts_of(round_) if part.id == row.round_entry_id), None)
    if part is None:  # taken back meanwhile
        return
    try:
        assign_third(round_.contest, round_, part, actor=audit.SYSTEM, now=now)
    except NotPossible:
        return
