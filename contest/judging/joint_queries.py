"""A round that the panel judges together: its sheets, and who has agreed to which.

Nothing here is blind to the panel: its members sit at one table. Who has an interest in an entry steps out for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import Entry, JudgeCopy, RoundEntry
from contest.entries.queries import blind_title
from contest.judging.joint_models import JointConsent
from contest.judging.ledger import SENT_STATES, newest_rules, round_rules
from contest.judging.marks import total_text
from contest.judging.models import Assignment, PanelMember, SheetVersion
from contest.judging.panel_queries import barred_pairs, members_of
from contest.judging.queries import TAKING_PART, Blocker, Standing, blockers, standing
from contest.rules.permissions import Action
from contest.rules.rule_sets import Criterion, round_of, talks


def is_joint(round_: Round) -> bool:
    """Whether the rules in force have the panel agree on one sheet for each entry of this round."""
    return talks(round_of(rules_in_force(round_.contest).body, round_.key)) == "joint"


@dataclass(frozen=True)
class Seat:
    """A member who has to say something of a sheet. stance: as JointConsent, "wrote", or None while it is missing."""

    member_id: int
    account_id: int
    key: str
    name: str
    stance: str | None
    note: str
    at: datetime | None


@dataclass(frozen=True)
class Joint:
    """The sheet of one entry. seats: empty until it is sent."""

    id: int
    public_id: str
    part_id: int
    code: str
    title: str
    state: str
    version_uuid: str | None
    marks: dict[str, str | None]
    comment: str
    keeper_id: int
    seats: Sequence[Seat]

    @property
    def missing(self) -> list[str]:
        """Keys of members who have said nothing of the sheet as it is."""
        return [seat.key for seat in self.seats if seat.stance is None]


_SHEETS = (
    select(
        Assignment.id,
        Assignment.public_id,
        Assignment.round_entry_id,
        RoundEntry.code,
        blind_title,
        Assignment.state,
        Assignment.version_uuid,
        Assignment.marks,
        Assignment.comment,
        PanelMember.account_id.label("keeper_id"),
        SheetVersion.actor_id.label("writer_id"),
        SheetVersion.server_at.label("written_at"),
    )
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
    .join(Entry, Entry.id == RoundEntry.entry_id)
    .outerjoin(SheetVersion, SheetVersion.uuid == Assignment.version_uuid)
    .where(Assignment.state != "recused", *TAKING_PART)
    .order_by(RoundEntry.code)
)


def joint_sheets(contest: Contest, round_: Round, *, part_id: int | None = None) -> list[Joint]:
    """The round's joint sheets by code, each with the members who have to confirm it; part_id: of one entry."""
    query = _SHEETS.where(Assignment.round_id == round_.id)
    rows = db.session.execute(query if part_id is None else query.where(RoundEntry.id == part_id)).all()
    members = members_of(round_)
    barred = barred_pairs(contest, round_, [member for member in members if member.left_at is None])
    said = _newest([row.id for row in rows])
    return [
        Joint(
            row.id, row.public_id, row.round_entry_id, row.code, row.title, row.state, row.version_uuid, row.marks,
            row.comment, row.keeper_id,
            [
                seat
                for member in members
                if (row.round_entry_id, member.id) not in barred
                and (seat := _seat(member, row, said.get((row.id, member.id, row.version_uuid)))) is not None
            ]
            if row.state in SENT_STATES
            else [],
        )
        for row in rows
    ]  # fmt: skip


def _newest(sheet_ids: Sequence[int]) -> dict[tuple[int, int, str], JointConsent]:
    rows = db.session.scalars(
        select(JointConsent).where(JointConsent.assignment_id.in_(sheet_ids)).order_by(JointConsent.id)
    )
    return {(row.assignment_id, row.panel_member_id, row.version_uuid): row for row in rows}


def _seat(member: PanelMember, row: Any, said: JointConsent | None) -> Seat | None:
    """None of a member who left without a word: what was said of the sheet stays, and goes into the minutes."""
    name = member.account.full_name
    if said is not None:
        return Seat(member.id, member.account_id, member.key, name, said.stance, said.note, said.at)
    # Who sent the sheet as it is has said so by sending it.
    wrote = row.writer_id == member.account_id
    if member.left_at is not None and not wrote:
        return None
    at = row.written_at if wrote else None
    return Seat(member.id, member.account_id, member.key, name, "wrote" if wrote else None, "", at)


def joint_blockers(round_: Round) -> list[Blocker]:
    """Sheets that some member has yet to confirm; no query in a round that is not joint."""
    if not is_joint(round_):
        return []
    codes = [sheet.code for sheet in joint_sheets(round_.contest, round_) if sheet.missing]
    return [Blocker("joint_unconfirmed", {"count": len(codes), "codes": codes}, "judging.board")] if codes else []


def all_blockers(round_: Round, known: Standing | None = None) -> list[Blocker]:
    """As queries.blockers, with what the members of a joint round have yet to say. known: when it was read already."""
    known = known or standing(round_)
    joint = joint_blockers(round_) if talks(known.rules) == "joint" else []
    return [*joint, *blockers(round_, known)]


@dataclass(frozen=True)
class OwnRound:
    """A joint round that a judge sits in. sheets: without those of entries the judge has an interest in."""

    round: Round
    member: PanelMember
    sheets: Sequence[Joint]


def own_rounds(account: Account) -> list[OwnRound]:
    """Joint rounds that are open or over, newest first; as many queries as there are such rounds."""
    return [OwnRound(member.round, member, _open_to(member)) for member in _seats(account)]


def _seats(account: Account) -> list[PanelMember]:
    """Where this person sits in a joint round that has begun, newest first."""
    rows = db.session.execute(
        select(PanelMember, newest_rules.label("rule_set_id"))
        .join(Round, Round.id == PanelMember.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            PanelMember.account_id == account.id,
            PanelMember.left_at.is_(None),
            Round.state != "waiting",
            Contest.state != "archived",
        )
        .options(joinedload(PanelMember.round).joinedload(Round.contest))
        .order_by(Round.id.desc())
    ).all()
    return [
        member
        for member, rule_set_id in rows
        if rule_set_id is not None
        and talks(round_rules(rule_set_id, member.round.contest.slug, member.round.key)) == "joint"
        and account.may(Action.MARK, member.round.contest.scope)
    ]


def waiting_for(account: Account) -> int | None:
    """How many joint sheets wait for this judge's word; None for who sits in no joint round that is open."""
    found = [one for one in own_rounds(account) if one.round.state == "open"]
    if not found:
        return None
    return sum(1 for one in found for sheet in one.sheets if one.member.key in sheet.missing)


def _open_to(member: PanelMember, *, part_id: int | None = None) -> list[Joint]:
    sheets = joint_sheets(member.round.contest, member.round, part_id=part_id)
    barred = barred_pairs(member.round.contest, member.round, [member])
    return [sheet for sheet in sheets if (sheet.part_id, member.id) not in barred]


def own_joint(account: Account, public_id: str) -> tuple[OwnRound, Joint] | None:
    """One joint sheet of a round this judge sits in, or None."""
    place = db.session.execute(
        select(Assignment.round_id, Assignment.round_entry_id).where(Assignment.public_id == public_id)
    ).one_or_none()
    if place is None:
        return None
    for member in _seats(account):
        if member.round_id == place.round_id:
            sheets = _open_to(member, part_id=place.round_entry_id)
            found = next((sheet for sheet in sheets if sheet.public_id == public_id), None)
            return (OwnRound(member.round, member, sheets), found) if found is not None else None
    return None


def total_of(sheet: Joint, scale: Sequence[Criterion]) -> str | None:
    """The joint sheet's total as a plain decimal."""
    return total_text(sheet.marks, scale)


def copy_of(part_id: int) -> Any:
    """The cleaned copy of an entry's work: state, html, pages."""
    return db.session.execute(
        select(JudgeCopy.state, JudgeCopy.html, JudgeCopy.pages)
        .join(RoundEntry, RoundEntry.entry_id == JudgeCopy.entry_id)
        .where(RoundEntry.id == part_id)
    ).one_or_none()


def sayings(round_: Round) -> dict[str, list[tuple[str, str, str]]]:
    """For the minutes, by stance other than agreed: (code, member's name, note) of each sheet as it is."""
    told: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for sheet in joint_sheets(round_.contest, round_):
        for seat in sheet.seats:
            told[seat.stance or "missing"].append((sheet.code, seat.name, seat.note))
    return told
