"""People who can sign in, what they may do, and where they are signed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Base, Instant
from contest.rules import permissions
from contest.rules.permissions import Action, Role, Scope


class Account(Base):
    """A person. Signs in by code, e-mail or phone; a phone may be shared by a family."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(600), index=True)
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    unit_text: Mapped[str] = mapped_column(String(200), default="", server_default="")  # as typed: in no directory
    post: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2), default="vi")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    failed_sign_ins: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    grants: Mapped[list[RoleGrant]] = relationship(
        primaryjoin="and_(Account.id == RoleGrant.account_id, RoleGrant.revoked_at.is_(None))",
        order_by="RoleGrant.id",
        viewonly=True,
    )

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """For Flask-Login; the cookie itself names the sign-in, not the account (see identity.py)."""
        return str(self.id)

    @property
    def actor_id(self) -> int:
        return self.id

    @property
    def actor_name(self) -> str:
        return self.full_name

    def held(self) -> list[permissions.Grant]:
        """The grants in force, as the rules take them."""
        return [grant.as_rule() for grant in self.grants]

    def may(self, action: Action | str, scope: Scope | None = None) -> bool:
        return self.is_active and permissions.may(self.held(), Action(action), scope or permissions.EVERYWHERE)

    def has_role(self, roles: Iterable[Role], scope: Scope) -> bool:
        """Whether a grant of one of these roles covers the scope."""
        wanted = frozenset(roles)
        return any(grant.role in wanted and permissions.covers(grant, scope) for grant in self.held())


class RoleGrant(Base):
    """A role given to a person, for everything, a campaign, a contest or a unit. Never deleted."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint("campaign_id IS NULL OR contest_id IS NULL", name="one_scope"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(foreign_keys=[account_id])

    def as_rule(self) -> permissions.Grant:
        return permissions.Grant(Role(self.role), self.campaign_id, self.contest_id, self.unit_id)


class LoginSession(Base):
    """One sign-in on one device. The cookie holds a token; we keep its hash."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))  # password | card
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship()


class Consent(Base):
    """What a person agreed to about their data: the text's version and wording, when, and through what."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(12))  # web | paper
    at: Mapped[datetime] = mapped_column(Instant)


class SignInCard(Base):
    """A printed QR that signs one judge in, once, for a short time, and stays with that device."""

    __tablename__ = "sign_in_cards"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("login_sessions.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


# One grant of a kind at a time; COALESCE because NULLs never collide in a unique index.
Index(
    "uq_role_grants_live",
    RoleGrant.account_id,
    RoleGrant.role,
    text("coalesce(campaign_id, 0)"),
    text("coalesce(contest_id, 0)"),
    text("coalesce(unit_id, 0)"),
    unique=True,
    sqlite_where=RoleGrant.revoked_at.is_(None),
    postgresql_where=RoleGrant.revoked_at.is_(None),
)
