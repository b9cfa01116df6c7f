"""The panel's page in values: who carries how much, what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contest.contests.models import Contest, Round
from contest.judging.models import PanelMember
from contest.judging.panel_queries import (
    Load,
    codes_by_entry,
    declared,
    judges_needed,
    judging_now,
    loads,
    parts_of,
)
from contest.judging.plan_queries import Offered, topics_of
from contest.judging.words import topic_value
from contest.units.queries import units_by_ids


@dataclass(frozen=True)
class MemberRow:
    key: str
    name: str
    is_head: bool
    max_entries: int | None
    sheets: int
    sent: int
    left_at: Any
    left_reason: str
    topics: Sequence[tuple[str, str]]  # what the judge knows well: (value in forms, name)
    may_mark: bool  # False: the judge's role was taken back, or the account closed


@dataclass(frozen=True)
class PanelView:
    """Members, and how far the assignment is: entries, judges each needs, entries served and short (codes).

    begun: some sheet was given.
    """

    members: Sequence[MemberRow]
    present: int
    need: int
    entries: int
    served: int
    short: Sequence[str]
    begun: bool


def panel_view(round_: Round, members: Sequence[PanelMember], offered: Sequence[Offered]) -> PanelView:
    carried, parts, need = loads(round_), parts_of(round_), judges_needed(round_)
    known, judging = topics_of(round_), judging_now(round_.contest)
    rows = []
    for member in members:
        load = carried.get(member.id, Load())
        rows.append(
            MemberRow(
                member.key, member.account.full_name, member.is_head, member.max_entries, load.sheets, load.sent,
                member.left_at, member.left_reason,
                [(topic_value(x.topic), x.name) for x in offered if x.topic in known.get(member.id, ())],
                member.account_id in judging,
            )
        )  # fmt: skip
    short = [part.code for part in parts if len(part.active) < need]
    present = sum(1 for member in members if member.left_at is None)
    return PanelView(
        rows, present, need, len(parts), len(parts) - len(short), short, any(part.sheets for part in parts)
    )


def declared_rows(contest: Contest, round_: Round, members: Sequence[PanelMember]) -> list[tuple[str, str, str, str]]:
    """(judge, kind, what, reason): of an entry only its code of this round; of another round nothing."""
    names = {member.account_id: f"{member.key} · {member.account.full_name}" for member in members}
    rows = [row for row in declared(contest) if row.account_id in names]
    units = {unit.id: unit.name for unit in units_by_ids([row.unit_id for row in rows if row.unit_id])}
    codes = codes_by_entry(round_)
    shown = []
    for row in rows:
        if row.entry_id is not None:
            if row.entry_id in codes:
                shown.append((names[row.account_id], "entry", codes[row.entry_id], row.reason))
        elif row.unit_id is not None:
            shown.append((names[row.account_id], "unit", units.get(row.unit_id, ""), row.reason))
        else:
            shown.append((names[row.account_id], "person", row.person_name, row.reason))
    return shown
