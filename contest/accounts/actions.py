"""Writes of people: signing in and out, registering, roles, cards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from contest import audit
from contest.accounts import queries
from contest.accounts.identity import token_hash
from contest.accounts.models import Account, Consent, LoginSession, RoleGrant, SignInCard
from contest.accounts.person import Person
from contest.audit import Actor
from contest.db import db
from contest.rules import permissions
from contest.rules.blind_codes import account_code
from contest.rules.permissions import Role
from contest.rules.text import fold, given_name_sort_key

FREE_TRIES = 5
LONGEST_LOCK = timedelta(minutes=15)


class EmailTaken(Exception):
    """Another account has this address."""


class RolesClash(Exception):
    """The person already holds a role that may not go together with the new one."""

    def __init__(self, held: Role, wanted: Role) -> None:
        super().__init__(f"{held} and {wanted}")
        self.held, self.wanted = held, wanted


class HasEntered(Exception):
    """The person has an entry in the contest and so cannot judge or run it."""


class CardRefused(Exception):
    """A sign-in card that cannot be used: code is used, expired, revoked or inactive."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_sign_in(account: Account, *, way: str, device: str, hours: int, now: datetime) -> tuple[LoginSession, str]:
    """A new sign-in and its token. The token is given to the device and kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        token_hash=token_hash(token),
        account_id=account.id,
        way=way,
        device=device[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    db.session.add(row)
    account.failed_sign_ins, account.locked_until = 0, None
    audit.record(account, "accounts.sign_in", f"account:{account.id}", now=now, details={"way": way})
    return row, token


def note_failure(account_ids: Sequence[int], *, now: datetime) -> None:
    """Count a wrong password. After five, each doubles a pause, up to a quarter of an hour: never for ever.

    Tries during a pause do not lengthen it, and a day without any forgets them all.
    """
    for account in db.session.scalars(select(Account).where(Account.id.in_(account_ids)).with_for_update()):
        until = account.locked_until
        if until is not None and until > now:
            continue
        forgotten = until is not None and now - until > timedelta(days=1)
        account.failed_sign_ins = 1 if forgotten else account.failed_sign_ins + 1
        over = account.failed_sign_ins - FREE_TRIES
        if over >= 0:
            account.locked_until = now + min(LONGEST_LOCK, timedelta(seconds=30) * 2 ** min(over, 10))


def end_sign_in(row: LoginSession, *, actor: Actor, now: datetime) -> None:
    """Sign one device out. Repeatable."""
    if row.ended_at is None:
        row.ended_at = now
        audit.record(actor, "accounts.sign_out", f"account:{row.account_id}", now=now)


def end_other_sign_ins(account: Account, *, keep: LoginSession | None, actor: Actor, now: datetime) -> int:
    """Sign every other device of an account out; how many."""
    ended = db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.account_id == account.id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != (keep.id if keep is not None else 0),
        )
        .values(ended_at=now)
    )
    count = int(ended.rowcount)  # type: ignore[attr-defined]
    if count:
        audit.record(actor, "accounts.sign_out_others", f"account:{account.id}", now=now, details={"count": count})
    return count


def create_account(
    person: Person, *, password_hash: str | None, must_change: bool, actor: Actor | None, now: datetime
) -> Account:
    """A new account with a code of its own. actor None: the person registers. Raises EmailTaken."""
    if person.email and queries.email_taken(person.email):
        raise EmailTaken(person.email)
    code = account_code(secrets.SystemRandom())
    while queries.code_taken(code):
        code = account_code(secrets.SystemRandom())
    account = Account(
        code=code,
        full_name=person.full_name,
        name_key=fold(person.full_name),
        sort_key=given_name_sort_key(person.full_name),
        email=person.email,
        phone=person.phone,
        unit_id=person.unit_id,
        unit_text=person.unit_text,
        post=person.post,
        password_hash=password_hash,
        must_change_password=must_change,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    audit.record(actor or account, "accounts.create", f"account:{account.id}", now=now)
    return account


def agree(account: Account, *, version: str, text: str, channel: str, now: datetime) -> None:
    """Record a consent: silence is none, so it is a row of its own."""
    db.session.add(Consent(account_id=account.id, version=version, text=text, channel=channel, at=now))


def change_person(account: Account, person: Person, *, actor: Actor, now: datetime) -> None:
    """Change name, contact, unit; the trail says which, not to what. Raises EmailTaken."""
    if person.email and queries.email_taken(person.email, but=account.id):
        raise EmailTaken(person.email)
    fields = ("full_name", "email", "phone", "unit_id", "unit_text", "post")
    changed = [name for name in fields if getattr(account, name) != getattr(person, name)]
    for name in changed:
        setattr(account, name, getattr(person, name))
    if "full_name" in changed:
        account.name_key, account.sort_key = fold(person.full_name), given_name_sort_key(person.full_name)
    if changed:
        audit.record(actor, "accounts.change", f"account:{account.id}", now=now, details={"changed": changed})


def set_password(
    account: Account, password_hash: str, *, must_change: bool, keep: LoginSession | None, actor: Actor, now: datetime
) -> None:
    """Give a new password and sign every other device out."""
    account.password_hash, account.must_change_password = password_hash, must_change
    account.failed_sign_ins, account.locked_until = 0, None
    audit.record(actor, "accounts.set_password", f"account:{account.id}", now=now)
    end_other_sign_ins(account, keep=keep, actor=actor, now=now)


def set_active(account: Account, active: bool, *, actor: Actor, now: datetime) -> None:
    """Close an account (its devices are signed out) or open it again."""
    if account.is_active == active:
        return
    account.is_active = active
    audit.record(actor, "accounts.open" if active else "accounts.close", f"account:{account.id}", now=now)
    if not active:
        end_other_sign_ins(account, keep=None, actor=actor, now=now)


def give_role(
    account: Account,
    role: Role,
    *,
    campaign_id: int | None = None,
    contest_id: int | None = None,
    unit_id: int | None = None,
    campaign_of: Mapping[int, int] | None = None,
    entered: bool = False,
    actor: Actor,
    now: datetime,
) -> RoleGrant:
    """Give a role; giving it twice is giving it once. Raises RolesClash, HasEntered.

    campaign_of: campaign id by contest id, for the contests that matter. entered: whether the person has
    an entry in the contest, which a room after this one knows.
    """
    wanted = permissions.Grant(role, campaign_id, contest_id, unit_id)
    held = _grants_in_force(account)
    if existing := next((row for row in held if row.as_rule() == wanted), None):
        return existing
    if entered and role in permissions.BARRED_FROM_ENTERING:
        raise HasEntered(role)
    other = permissions.clash([row.as_rule() for row in held], wanted, campaign_of=campaign_of or {})
    if other is not None:
        raise RolesClash(other, role)
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        campaign_id=campaign_id,
        contest_id=contest_id,
        unit_id=unit_id,
        given_by_id=actor.actor_id,
        given_at=now,
    )
    db.session.add(grant)
    audit.record(
        actor,
        "accounts.give_role",
        f"account:{account.id}",
        now=now,
        contest_id=contest_id,
        details={"role": role, "campaign": campaign_id, "unit": unit_id},
    )
    return grant


def _grants_in_force(account: Account) -> Sequence[RoleGrant]:
    # Held until the transaction ends: two roles given at once must not each miss the other.
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    return db.session.scalars(
        select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
    ).all()


def revoke_role(grant: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Take a role back. Its row stays, with the day. Repeatable."""
    if grant.revoked_at is not None:
        return
    grant.revoked_at = now
    audit.record(
        actor,
        "accounts.revoke_role",
        f"account:{grant.account_id}",
        now=now,
        contest_id=grant.contest_id,
        details={"role": grant.role},
    )


def make_card(
    account: Account, *, contest_id: int | None, minutes: int, actor: Actor, now: datetime
) -> tuple[SignInCard, str]:
    """A sign-in card and the token its QR holds. An earlier card that nobody used is withdrawn."""
    for old in db.session.scalars(
        select(SignInCard)
        .where(SignInCard.account_id == account.id, SignInCard.used_at.is_(None), SignInCard.revoked_at.is_(None))
        .with_for_update()  # one that is just being used is used, and not withdrawn
    ):
        old.revoked_at = now
    token = secrets.token_urlsafe(32)
    card = SignInCard(
        token_hash=token_hash(token),
        account_id=account.id,
        contest_id=contest_id,
        made_by_id=actor.actor_id,
        made_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    db.session.add(card)
    db.session.flush()
    audit.record(actor, "accounts.make_card", f"account:{account.id}", now=now, contest_id=contest_id)
    return card, token


def use_card(token: str, *, device: str, hours: int, now: datetime) -> tuple[LoginSession, str]:
    """Sign in by a card, once. Raises CardRefused; two devices at the same instant: one of them."""
    card = queries.card_by_token(token)
    if card is None:
        raise CardRefused("unknown")
    if (code := card_state(card, now)) != "usable":
        raise CardRefused(code)
    taken = db.session.execute(
        update(SignInCard)
        .where(SignInCard.id == card.id, SignInCard.used_at.is_(None), SignInCard.revoked_at.is_(None))
        .values(used_at=now)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise CardRefused("used")
    row, session_token = open_sign_in(card.account, way="card", device=device, hours=hours, now=now)
    db.session.flush()
    card.session_id = row.id
    return row, session_token


def card_state(card: SignInCard, now: datetime) -> str:
    """usable | used | revoked | expired | inactive."""
    if card.revoked_at is not None:
        return "revoked"
    if card.used_at is not None:
        return "used"
    if card.expires_at <= now:
        return "expired"
    return "usable" if card.account.is_active else "inactive"


def revoke_card(card: SignInCard, *, actor: Actor, now: datetime) -> None:
    """Withdraw a card, and sign out the device that used it. Repeatable."""
    db.session.refresh(card, with_for_update=True)  # somebody may be signing in by it in this instant
    if card.revoked_at is None:
        card.revoked_at = now
        audit.record(actor, "accounts.revoke_card", f"account:{card.account_id}", now=now, contest_id=card.contest_id)
    if card.session_id is not None:
        end_sign_in(db.session.get_one(LoginSession, card.session_id), actor=actor, now=now)
