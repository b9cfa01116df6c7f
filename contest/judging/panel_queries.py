"""Reads for panels and assignment. Interests go from the tables to the rules and no further: pages see counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account, RoleGrant
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import Author, Entry, RoundEntry
from contest.entries.queries import Interests, digits, interests
from contest.judging.models import Assignment, DeclaredConflict, PanelMember
from contest.judging.queries import TAKING_PART
from contest.rules import conflicts
from contest.rules.permissions import Role
from contest.rules.rule_sets import round_of
from contest.rules.text import fold

JUDGING = (Role.JUDGE, Role.HEAD_JUDGE)


def members_of(round_: Round) -> Sequence[PanelMember]:
    """The panel, by key as given (J1 first), with accounts; who left is still in it."""
    return db.session.scalars(
        select(PanelMember)
        .where(PanelMember.round_id == round_.id)
        .options(joinedload(PanelMember.account))
        .order_by(PanelMember.id)
    ).all()


def member_in(round_: Round, key: str) -> PanelMember | None:
    return db.session.scalars(
        select(PanelMember).where(PanelMember.round_id == round_.id, PanelMember.key == key)
    ).one_or_none()


def key_of(round_: Round, account: Account) -> str | None:
    """What the round's panel calls this person; None for who is not on it."""
    return db.session.scalar(
        select(PanelMember.key).where(PanelMember.round_id == round_.id, PanelMember.account_id == account.id)
    )


def candidates(contest: Contest, round_: Round) -> Sequence[Account]:
    """Judges of the contest who are not on the round's panel, by name."""
    inside = select(PanelMember.account_id).where(PanelMember.round_id == round_.id)
    return db.session.scalars(
        select(Account)
        .where(
            Account.is_active,
            Account.id.in_(
                select(RoleGrant.account_id).where(
                    RoleGrant.role.in_(JUDGING),
                    RoleGrant.revoked_at.is_(None),
                    or_(RoleGrant.contest_id == contest.id, RoleGrant.campaign_id == contest.campaign_id),
                )
            ),
            Account.id.not_in(inside),
        )
        .order_by(Account.sort_key)
    ).all()


def judging_now(contest: Contest) -> set[int]:
    """Account ids that may still mark here: active, and with a judge's role that was not taken back."""
    return set(
        db.session.scalars(
            select(RoleGrant.account_id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                Account.is_active,
                RoleGrant.role.in_(JUDGING),
                RoleGrant.revoked_at.is_(None),
                or_(
                    RoleGrant.contest_id == contest.id,
                    RoleGrant.campaign_id == contest.campaign_id,
                    and_(RoleGrant.contest_id.is_(None), RoleGrant.campaign_id.is_(None)),
                ),
            )
        )
    )


def head_judges(contest: Contest) -> set[int]:
    """Account ids that hold the head judge's role here."""
    return set(
        db.session.scalars(
            select(RoleGrant.account_id).where(
                RoleGrant.role == Role.HEAD_JUDGE, RoleGrant.revoked_at.is_(None), RoleGrant.contest_id == contest.id
            )
        )
    )


@dataclass(frozen=True)
class Load:
    """How many sheets a member has, and how many of them are sent. Recused ones are not counted."""

    sheets: int = 0
    sent: int = 0


def loads(round_: Round) -> dict[int, Load]:
    """By member id; one query."""
    rows = db.session.execute(
        select(Assignment.panel_member_id, Assignment.state, func.count())
        .where(Assignment.round_id == round_.id, Assignment.state != "recused")
        .group_by(Assignment.panel_member_id, Assignment.state)
    )
    sheets: Counter[int] = Counter()
    sent: Counter[int] = Counter()
    for member_id, state, count in rows:
        sheets[member_id] += count
        sent[member_id] += count if state == "sent" else 0
    return {member_id: Load(count, sent[member_id]) for member_id, count in sheets.items()}


def judges_needed(round_: Round) -> int:
    """How many judges the rules want for each entry of the round."""
    return int(round_of(rules_in_force(round_.contest).body, round_.key)["judges_per_entry"])


@dataclass(frozen=True)
class Part:
    """An entry in the round and its sheets."""

    id: int
    code: str
    sheets: Sequence[Any]  # id, member_id, key, state, left_at, version_number, reason

    @property
    def active(self) -> list[Any]:
        """Sheets that count, or will: not recused, and of a judge who left only when sent."""
        return [row for row in self.sheets if row.state != "recused" and (row.left_at is None or row.state == "sent")]


def parts_of(round_: Round) -> list[Part]:
    """Every entry still in the round with its sheets, by code; two queries."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.round_entry_id,
            Assignment.panel_member_id.label("member_id"),
            PanelMember.key,
            PanelMember.left_at,
            Assignment.state,
            Assignment.version_number,
            Assignment.reason,
        )
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .where(Assignment.round_id == round_.id)
        .order_by(PanelMember.id)
    )
    sheets: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        sheets[row.round_entry_id].append(row)
    entries = db.session.execute(
        select(RoundEntry.id, RoundEntry.code)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.round_id == round_.id, *TAKING_PART)
        .order_by(RoundEntry.code)
    )
    return [Part(entry_id, code, sheets[entry_id]) for entry_id, code in entries]


def declared(contest: Contest) -> Sequence[DeclaredConflict]:
    """Interests declared in the contest that still stand."""
    return db.session.scalars(
        select(DeclaredConflict)
        .where(DeclaredConflict.contest_id == contest.id, DeclaredConflict.withdrawn_at.is_(None))
        .order_by(DeclaredConflict.id)
    ).all()


@dataclass(frozen=True)
class Barred:
    """Pairs (round entry id, member id) that must not meet; `suspected` are pairs that had better not.

    kinds: of each pair, barred or suspected, the weightiest reason.
    """

    never: frozenset[tuple[int, int]]
    suspected: frozenset[tuple[int, int]]
    kinds: Mapping[tuple[int, int], conflicts.Code] = field(default_factory=dict)

    def __contains__(self, pair: tuple[int, int]) -> bool:
        return pair in self.never or pair in self.suspected


@dataclass(frozen=True)
class Behind:
    """Who stands behind entries and judges, as plain values: for the machine, never shown, never logged.

    colleagues: pairs of one and the same unit among those above all entrants.
    """

    judges: Sequence[conflicts.Judge]
    works: Sequence[conflicts.Work]
    above: frozenset[int]
    colleagues: Sequence[tuple[int, int]]

    def only(self, part_id: int) -> Behind:
        """The same of one entry."""
        return replace(
            self,
            works=[work for work in self.works if work.key == str(part_id)],
            colleagues=[pair for pair in self.colleagues if pair[0] == part_id],
        )

    def barred(self) -> Barred:
        """Who may not judge what (invariant 6)."""
        never = set(self.colleagues)
        suspected: set[tuple[int, int]] = set()
        kinds = dict.fromkeys(never, conflicts.Code.OWN_UNIT)
        for found in conflicts.find_conflicts(self.judges, self.works, above_all=self.above):
            pair = (int(found.entry), int(found.judge))
            (never if found.bars else suspected).add(pair)
            kinds.setdefault(pair, found.code)
        return Barred(frozenset(never), frozenset(suspected - never), kinds)


def behind(contest: Contest, round_: Round, members: Sequence[PanelMember]) -> Behind:
    """Read what interests are found from; a fixed number of statements."""
    found = interests(round_)
    above = _above_all(contest)
    works = [
        conflicts.Work(
            str(item.round_entry_id), None, item.unit_ids, item.account_ids, item.names, item.phones, item.emails
        )
        for item in found
    ]
    return Behind(_judges(contest, members, found), works, above, _of_organiser(round_, above, members))


def barred_pairs(contest: Contest, round_: Round, members: Sequence[PanelMember]) -> Barred:
    """Who may not judge what (invariant 6). Only that a pair is barred goes to pages, never why."""
    return behind(contest, round_, members).barred()


def _judges(
    contest: Contest, members: Sequence[PanelMember], found: Sequence[Interests]
) -> list[conflicts.Judge]:  # fmt: skip
    part_of = {item.entry_id: str(item.round_entry_id) for item in found}
    said: dict[int, list[DeclaredConflict]] = defaultdict(list)
    for row in declared(contest):
        said[row.account_id].append(row)
    return [
        conflicts.Judge(
            key=str(member.id),
            account=member.account_id,
            unit=member.account.unit_id,
            name=fold(member.account.full_name),
            phone=digits(member.account.phone or ""),
            email=(member.account.email or "").casefold(),
            declared_entries={part_of[row.entry_id] for row in said[member.account_id] if row.entry_id in part_of},
            declared_units={row.unit_id for row in said[member.account_id] if row.unit_id is not None},
            declared_people={fold(row.person_name) for row in said[member.account_id] if row.person_name},
        )
        for member in members
    ]


def _above_all(contest: Contest) -> frozenset[int]:
    """The organising body and what stands above it: all entrants lie below them alike."""
    path = contest.campaign.organiser.path
    return frozenset(int(part) for part in path.strip("/").split("/") if part)


def _of_organiser(round_: Round, above: frozenset[int], members: Sequence[PanelMember]) -> list[tuple[int, int]]:
    """Pairs of one and the same unit among those above all: there too nobody judges a colleague's work."""
    author = select(Author.entry_id, Account.unit_id).join(Account, Account.id == Author.account_id).subquery()
    rows = db.session.execute(
        select(RoundEntry.id, Entry.unit_id, author.c.unit_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(author, author.c.entry_id == Entry.id)
        .where(RoundEntry.round_id == round_.id, or_(Entry.unit_id.in_(above), author.c.unit_id.in_(above)))
    )
    return [
        (part_id, member.id)
        for part_id, *units in rows
        for member in members
        if member.account.unit_id in above and member.account.unit_id in units
    ]


def codes_by_entry(round_: Round) -> dict[int, str]:
    """Codes of a round by entry id: to speak of an entry by its code."""
    rows = db.session.execute(select(RoundEntry.entry_id, RoundEntry.code).where(RoundEntry.round_id == round_.id))
    return {row.entry_id: row.code for row in rows}
