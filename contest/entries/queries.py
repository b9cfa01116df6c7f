"""Reads of entries that other rooms build on. Which of them may be shown to whom is written at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select, union_all
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import Author, Entry, JudgeCopy, RoundEntry, SpentCode, Unblinding
from contest.rules.phones import normalise
from contest.rules.text import fold
from contest.units.models import Unit

# The title as people may read it who must not know the author: a name in it may have been covered.
# Goes wherever `Entry.title` would, in a query that has Entry.
blind_title = func.coalesce(
    select(func.nullif(JudgeCopy.title, "")).where(JudgeCopy.entry_id == Entry.id).correlate(Entry).scalar_subquery(),
    Entry.title,
).label("title")


def valid_entries(contest: Contest) -> Sequence[Entry]:
    """Handed in, not withdrawn, found valid; in order of receipt. Only for people who may know names."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state == "submitted", Entry.screening == "valid")
        .order_by(Entry.id)
    ).all()


def admitted(round_: Round) -> Sequence[RoundEntry]:
    """Who takes part in a round, by code, the withdrawn included; without entry or author loaded."""
    return db.session.scalars(
        select(RoundEntry).where(RoundEntry.round_id == round_.id).order_by(RoundEntry.code)
    ).all()


@dataclass
class Interests:
    """Who stands behind an entry, for conflicts of interest. For the machine: never shown, never logged.

    unit_id: the entry's own unit. unit_ids: that one, the authors' own units, and everything above each.
    names: folded. phones: as rules.phones stores them.
    """

    round_entry_id: int
    entry_id: int
    unit_id: int | None = None
    account_ids: set[int] = field(default_factory=set)
    unit_ids: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)

    @property
    def unit_ancestors(self) -> set[int]:
        """Every unit concerned but the entry's own, as rules.conflicts takes them."""
        return self.unit_ids - {self.unit_id}


def interests(round_: Round) -> list[Interests]:
    """The interests behind each entry still in the round, by code. Four statements, however many entries."""
    rows = db.session.execute(
        select(RoundEntry.id, RoundEntry.entry_id, Entry.owner_id, Entry.unit_id, Entry.channel, Unit.path)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(RoundEntry.round_id == round_.id, RoundEntry.withdrawn_at.is_(None))
        .order_by(RoundEntry.code)
    ).all()
    found: dict[int, Interests] = {}
    for round_entry_id, entry_id, owner_id, unit_id, channel, path in rows:
        item = found[entry_id] = Interests(round_entry_id, entry_id, unit_id)
        item.unit_ids.update(_unit_ids(path))
        # A secretary or a unit's contact who registered a paper entry has no interest by that alone.
        if channel == "web":
            item.account_ids.add(owner_id)
    _add_authors(found, round_)
    _add_accounts(found)
    return list(found.values())


def _unit_ids(path: str | None) -> set[int]:
    return {int(part) for part in (path or "").strip("/").split("/") if part}


def digits(phone: str) -> str:
    """A phone number as it is compared (rules.phones); empty when it is none."""
    return normalise(phone) or ""


def _phone(typed: str) -> set[str]:
    return {digits(typed)} - {""}


def _add_authors(found: dict[int, Interests], round_: Round) -> None:
    authors = db.session.execute(
        select(Author.entry_id, Author.account_id, Author.name_key, Author.phone, Author.email)
        .join(RoundEntry, RoundEntry.entry_id == Author.entry_id)
        .where(RoundEntry.round_id == round_.id, RoundEntry.withdrawn_at.is_(None))
    )
    for entry_id, account_id, name_key, phone, email in authors:
        item = found[entry_id]
        item.names.add(name_key)
        if account_id is not None:
            item.account_ids.add(account_id)
        item.phones |= _phone(phone)
        item.emails |= {email.casefold()} - {""}


def _add_accounts(found: dict[int, Interests]) -> None:
    """What the accounts of owners and authors say about them: their unit, phone, e-mail, name."""
    by_account: dict[int, list[Interests]] = {}
    for item in found.values():
        for account_id in item.account_ids:
            by_account.setdefault(account_id, []).append(item)
    rows = db.session.execute(
        select(Account.id, Account.full_name, Account.phone, Account.email, Unit.path)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(Account.id.in_(by_account))
    )
    for account_id, name, phone, email, path in rows:
        for item in by_account[account_id]:
            item.names.add(fold(name))
            item.phones |= _phone(phone or "")
            item.emails |= {(email or "").casefold()} - {""}
            item.unit_ids.update(_unit_ids(path))


def taken_codes(contest: Contest) -> set[str]:
    """Every blind code ever given in the contest, in any round, also to who was taken out of it again."""
    in_force = (
        select(RoundEntry.code).join(Round, Round.id == RoundEntry.round_id).where(Round.contest_id == contest.id)
    )  # fmt: skip
    spent = select(SpentCode.code).where(SpentCode.contest_id == contest.id)
    return set(db.session.scalars(union_all(in_force, spent)))


def is_unblinded(contest_id: Any) -> Any:
    """`unblinded` as a column of another query."""
    return exists().where(
        Unblinding.contest_id == contest_id,
        Unblinding.entry_id.is_(None),
        Unblinding.approved_at.is_not(None),
        Unblinding.refused_at.is_(None),
    )


def unblinded(contest: Contest) -> bool:
    """Whether two people have joined codes and authors of the whole contest (khớp phách)."""
    return bool(db.session.scalar(select(is_unblinded(contest.id))))


def first_round(contest: Contest) -> Round | None:
    return db.session.scalars(
        select(Round).where(Round.contest_id == contest.id).order_by(Round.position).limit(1)
    ).one_or_none()


def entry_in(contest: Contest, public_id: str) -> Entry | None:
    """One entry of this contest, for staff who may know names."""
    return db.session.scalars(
        select(Entry)
        .options(joinedload(Entry.category))
        .where(Entry.contest_id == contest.id, Entry.public_id == public_id)
    ).one_or_none()
