"""Reads of people, sign-ins and cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from contest.accounts.identity import token_hash
from contest.accounts.models import Account, Consent, LoginSession, RoleGrant, SignInCard
from contest.db import db
from contest.rules.blind_codes import check_account_code
from contest.rules.permissions import ALLOWED, Action, Role
from contest.rules.phones import normalise
from contest.rules.text import fold
from contest.web.inputs import whole_number
from contest.web.paging import Page, page_of

# A phone may be a whole family's; a password is tried against so many of them.
MOST_CANDIDATES = 5


def candidates(identifier: str) -> Sequence[Account]:
    """The active accounts an identifier may mean: by code, e-mail or phone; at most five."""
    ways = []
    if code := check_account_code(identifier):
        ways.append(Account.code == code)
    ways.append(Account.code == identifier.strip().upper())
    if "@" in identifier:
        ways.append(Account.email == identifier.strip().lower())
    if phone := normalise(identifier):
        ways.append(Account.phone == phone)
    return db.session.scalars(
        select(Account).where(or_(*ways), Account.is_active).order_by(Account.id).limit(MOST_CANDIDATES)
    ).all()


def account_by_id(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def account_by_code(code: str) -> Account | None:
    return db.session.scalars(select(Account).where(Account.code == code)).one_or_none()


def email_taken(email: str, *, but: int | None = None) -> bool:
    """Whether another account has this address."""
    return bool(db.session.scalar(select(exists().where(Account.email == email, Account.id != (but or 0)))))


def code_taken(code: str) -> bool:
    return bool(db.session.scalar(select(exists().where(Account.code == code))))


def sign_ins_of(account: Account) -> Sequence[LoginSession]:
    """The sign-ins in force, newest first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.last_seen_at.desc())
        .limit(50)
    ).all()


def sign_in_of(account: Account, sign_in_id: int) -> LoginSession | None:
    return db.session.scalars(
        select(LoginSession).where(LoginSession.account_id == account.id, LoginSession.id == sign_in_id)
    ).one_or_none()


def card_by_token(token: str) -> SignInCard | None:
    return db.session.scalars(
        select(SignInCard).options(joinedload(SignInCard.account)).where(SignInCard.token_hash == token_hash(token))
    ).one_or_none()


def cards_in(contest_id: int) -> Sequence[SignInCard]:
    """A contest's cards, newest first."""
    return db.session.scalars(
        select(SignInCard)
        .options(joinedload(SignInCard.account))
        .where(SignInCard.contest_id == contest_id)
        .order_by(SignInCard.id.desc())
    ).all()


def card_in(contest_id: int, card_id: int) -> SignInCard | None:
    return db.session.scalars(
        select(SignInCard).where(SignInCard.contest_id == contest_id, SignInCard.id == card_id)
    ).one_or_none()


def people(search: str, role: str) -> Page[Account]:
    """A page of accounts by name; search finds names without accents, codes, e-mails and phones."""
    query = select(Account).options(selectinload(Account.grants))
    if role in set(Role):
        query = query.where(
            exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
        )
    if search.strip():
        words = [Account.name_key.contains(word, autoescape=True) for word in fold(search).split()[:6]]
        exact = [Account.code == search.strip().upper(), Account.email == search.strip().lower()]
        if phone := normalise(search):
            exact.append(Account.phone == phone)
        query = query.where(or_(*exact, and_(*words)) if words else or_(*exact))
    return page_of(query, Account.sort_key, Account.id, secret=current_app.config["SECRET_KEY"])


def holders(role_names: Sequence[Role], *, contest_id: int) -> Sequence[RoleGrant]:
    """The grants in force of these roles in one contest, with their people, by name."""
    return db.session.scalars(
        select(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .options(joinedload(RoleGrant.account))
        .where(RoleGrant.contest_id == contest_id, RoleGrant.role.in_(role_names), RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.role, Account.sort_key)
    ).all()


def is_allowed(account_id: Any, action: Action, *, campaign_id: Any, contest_id: Any) -> Any:
    """Account.may in a contest as a column of another query: what is true when the row is read, not when one signed in.

    account_id, campaign_id, contest_id: columns of that query.
    """
    account, grant = aliased(Account), aliased(RoleGrant)
    # Not role IN (…), which SQLAlchemy writes anew for every run: a save asks this.
    has_role = or_(*(grant.role == role.value for role in Role if action in ALLOWED[role]))
    is_wide = and_(grant.contest_id.is_(None), or_(grant.campaign_id.is_(None), grant.campaign_id == campaign_id))
    return exists().where(
        account.id == account_id,
        account.is_active,
        grant.account_id == account.id,
        grant.revoked_at.is_(None),
        has_role,
        or_(grant.contest_id == contest_id, is_wide),
    )


def is_signed_in(session_id: Any) -> Any:
    """Whether a sign-in has not been ended, as a column of another query."""
    row = aliased(LoginSession)
    return exists().where(row.id == session_id, row.ended_at.is_(None))


def grant_of(account: Account, grant_id: int) -> RoleGrant | None:
    return db.session.scalars(
        select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.id == grant_id)
    ).one_or_none()


def last_consent(account: Account) -> Consent | None:
    return db.session.scalars(
        select(Consent).where(Consent.account_id == account.id).order_by(Consent.id.desc()).limit(1)
    ).one_or_none()


# Units, campaigns, contests and entries are rooms after this one. An administrator gives roles in them all
# the same, so these reads go by table name; everything else about them is read in their own rooms.


def places() -> list[tuple[str, str]]:
    """("campaign:3", name) and ("contest:7", name): where a role can be given, newest first."""
    rows = []
    for kind, names in (("campaign", "campaigns"), ("contest", "contests")):
        table = db.metadata.tables[names]
        found = db.session.execute(select(table.c.id, table.c.name).order_by(table.c.id.desc()).limit(200))
        rows += [(f"{kind}:{row_id}", name) for row_id, name in found]
    return rows


def units_named(typed: str, chosen: str = "") -> list[int]:
    """The units in force that a name or code typed in full means; only `chosen` when it is one of them."""
    table = db.metadata.tables["units"]
    is_named = or_(table.c.name_key == fold(typed), table.c.code == typed.strip())
    rows = db.session.scalars(select(table.c.id).where(is_named, table.c.valid_to.is_(None)).limit(20)).all()
    return [picked] if (picked := whole_number(chosen)) in rows and picked is not None else list(rows)


def unit_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of units by id."""
    table, wanted = db.metadata.tables["units"], [unit_id for unit_id in ids if unit_id is not None]
    if not wanted:
        return {}
    rows = db.session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def campaign_of() -> dict[int, int]:
    """The campaign of every contest."""
    table = db.metadata.tables["contests"]
    rows = db.session.execute(select(table.c.id, table.c.campaign_id))
    return {row.id: row.campaign_id for row in rows}


def has_entered(account: Account, contest_id: int) -> bool:
    """Whether the person has handed in an entry in the contest."""
    table = db.metadata.tables["entries"]
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    table.c.contest_id == contest_id, table.c.owner_id == account.id, table.c.state == "submitted"
                )
            )
        )
    )


def has_entered_anywhere(account: Account) -> bool:
    """Whether the person has an entry, drafts and withdrawn ones too, in any contest."""
    table = db.metadata.tables["entries"]
    return bool(db.session.scalar(select(exists().where(table.c.owner_id == account.id))))
