"""Who works on a contest: finding people, giving roles, sign-in cards for judges.

The accounts room keeps roles and cards; what only makes sense inside a contest is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from contest.accounts import actions as accounts
from contest.accounts import queries as people
from contest.accounts import words
from contest.accounts.models import Account, RoleGrant, SignInCard
from contest.contests.models import Contest
from contest.db import db
from contest.rules import permissions
from contest.rules.permissions import Action, Grant, Role, Scope

# In the order of the work.
ROLES = (Role.INTAKE_SECRETARY, Role.CODE_KEEPER, Role.TALLY_SECRETARY, Role.HEAD_JUDGE, Role.JUDGE)
JUDGES = (Role.HEAD_JUDGE, Role.JUDGE)

ROLE_NAMES = {role: name.text for role, name in words.ROLES.items()}


class NotAllowed(Exception):
    """The actor may not give or take back this role."""


class OpensTooMuch(Exception):
    """A card or password would open more than work in contests the actor runs."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def staff_of(contest: Contest) -> dict[Role, list[RoleGrant]]:
    """The grants in force by role, in the order of the work; every role is there."""
    found: dict[Role, list[RoleGrant]] = {role: [] for role in (Role.ORGANISER, *ROLES)}
    for grant in people.holders(list(found), contest_id=contest.id):
        found[Role(grant.role)].append(grant)
    return found


def organisers_above(contest: Contest) -> list[Account]:
    """Who organises this contest because they organise its whole year, or every year; by name."""
    return list(
        db.session.scalars(
            select(Account)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                RoleGrant.role == Role.ORGANISER,
                RoleGrant.revoked_at.is_(None),
                RoleGrant.contest_id.is_(None),
                or_(RoleGrant.campaign_id.is_(None), RoleGrant.campaign_id == contest.campaign_id),
                Account.is_active,
            )
            .order_by(Account.sort_key)
        ).unique()
    )


def give(contest: Contest, account: Account, role: Role, *, actor: Account, now: datetime) -> RoleGrant:
    """Give a role in this contest. Raises NotAllowed, accounts.RolesClash, accounts.HasEntered."""
    wanted = Grant(role, contest_id=contest.id)
    if not permissions.may_give(actor.held(), wanted, campaign_id=contest.campaign_id):
        raise NotAllowed
    return accounts.give_role(
        account,
        role,
        contest_id=contest.id,
        campaign_of=campaign_of([*account.held(), wanted]),
        entered=people.has_entered(account, contest.id),
        actor=actor,
        now=now,
    )


def take_back(contest: Contest, grant: RoleGrant, *, actor: Account, now: datetime) -> None:
    """Take a role back. Raises NotAllowed."""
    if not permissions.may_give(actor.held(), grant.as_rule(), campaign_id=contest.campaign_id):
        raise NotAllowed
    accounts.revoke_role(grant, actor=actor, now=now)


def grant_in(contest: Contest, grant_id: int) -> RoleGrant | None:
    """A grant in force in this contest."""
    return db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.id == grant_id, RoleGrant.contest_id == contest.id, RoleGrant.revoked_at.is_(None)
        )
    ).one_or_none()


@dataclass(frozen=True)
class NewCard:
    """A card just made, with the secret its QR holds; it is shown once and kept nowhere."""

    card: SignInCard
    account: Account
    role: Role
    token: str


def make_cards(
    contest: Contest, account_ids: Sequence[int], *, minutes: int, actor: Account, now: datetime
) -> list[NewCard]:
    """A card for each of these judges of the contest; others are passed over. Raises OpensTooMuch."""
    made = []
    for role, grants in staff_of(contest).items():
        for grant in grants:
            if role not in JUDGES or grant.account_id not in account_ids or not grant.account.is_active:
                continue
            _check(grant.account, actor, JUDGES)
            card, token = accounts.make_card(
                grant.account, contest_id=contest.id, minutes=minutes, actor=actor, now=now
            )
            made.append(NewCard(card, grant.account, role, token))
    return made


def check_password(account: Account, actor: Account) -> None:
    """Whether the actor may hand this person a new password. Raises OpensTooMuch.

    Not to people with roles elsewhere or with entries of their own: those accounts hold more than staff work.
    """
    _check(account, actor, ROLES)
    if not account.held() or people.has_entered_anywhere(account):
        raise OpensTooMuch(account.full_name)


def _check(account: Account, actor: Account, roles: Sequence[Role]) -> None:
    """Whoever holds a card or password acts as that person: it must not open what its maker could not give."""
    held = account.held()
    campaigns = campaign_of(held)
    for grant in held:
        scope = Scope(campaigns.get(grant.contest_id or 0), grant.contest_id)
        if grant.role not in roles or not actor.may(Action.MANAGE_STAFF, scope):
            raise OpensTooMuch(account.full_name)


def campaign_of(grants: Sequence[Grant]) -> dict[int, int]:
    """Campaign id by contest id, for the contests these grants name."""
    wanted = {grant.contest_id for grant in grants if grant.contest_id is not None}
    rows = db.session.execute(select(Contest.id, Contest.campaign_id).where(Contest.id.in_(wanted)))
    return {row.id: row.campaign_id for row in rows}
