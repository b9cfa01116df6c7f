"""The panel's page in values: who carries how much, what a proposal would add, what is declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contest.contests.models import Contest, Round
from contest.judging.models import PanelMember
from contest.judging.panel_actions import Proposal
from contest.judging.panel_queries import Load, codes_by_entry, declared, judges_needed, loads, parts_of
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


@dataclass(frozen=True)
class PanelView:
    """Members, and how far the assignment is: entries, judges each needs, entries served and short (codes)."""

    members: Sequence[MemberRow]
    present: int
    need: int
    entries: int
    served: int
    short: Sequence[str]


def panel_view(round_: Round, members: Sequence[PanelMember]) -> PanelView:
    carried, parts, need = loads(round_), parts_of(round_), judges_needed(round_)
    rows = []
    for member in members:
        load = carried.get(member.id, Load())
        rows.append(
            MemberRow(
                member.key, member.account.full_name, member.is_head, member.max_entries, load.sheets, load.sent,
                member.left_at, member.left_reason,
            )
        )  # fmt: skip
    short = [part.code for part in parts if len(part.active) < need]
    present = sum(1 for member in members if member.left_at is None)
    return PanelView(rows, present, need, len(parts), len(parts) - len(short), short)


@dataclass(frozen=True)
class ProposalView:
    """A proposal before it is carried out: by judge (key, name, now, added, then), and by entry."""

    judges: Sequence[tuple[str, str, int, int, int]]
    entries: Sequence[tuple[str, str]]
    count: int
    digest: str
    refused: Sequence[tuple[str, str]]
    clashing: Sequence[tuple[str, str]]


def proposal_view(proposal: Proposal, round_: Round, members: Sequence[PanelMember]) -> ProposalView:
    carried = loads(round_)
    keys = {member.id: member.key for member in members}
    codes = {part.id: part.code for part in parts_of(round_)}
    by_entry: dict[str, list[str]] = defaultdict(list)
    for part_id, member_id in proposal.pairs:
        by_entry[codes[part_id]].append(keys[member_id])
    judges = []
    for member in members:
        if member.left_at is None:
            now, added = carried.get(member.id, Load()).sheets, proposal.added.get(member.id, 0)
            judges.append((member.key, member.account.full_name, now, added, now + added))
    entries = [(code, ", ".join(judges_of)) for code, judges_of in sorted(by_entry.items())]
    return ProposalView(judges, entries, len(proposal.pairs), proposal.digest, proposal.refused, proposal.clashing)


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
