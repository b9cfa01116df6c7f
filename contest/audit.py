"""The audit trail: who changed what and when, append-only and chained.

Marks are not recorded here a second time: each is a version in the ledger of its contest
(contest/judging), which carries actor, time and a chain of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Base, Instant, append_only, db, lock_head
from contest.rules.chain import link

CHAIN = "audit"


class Actor(Protocol):
    """Whoever does something: an account, or `SYSTEM`."""

    @property
    def actor_id(self) -> int | None: ...
    @property
    def actor_name(self) -> str: ...


class _System:
    actor_id: int | None = None
    actor_name: str = "system"


SYSTEM = _System()


class AuditEvent(Base):
    """One write. `content()` is what the hash covers."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    # No foreign key: the trail outlives the account it speaks of.
    actor_id: Mapped[int | None] = mapped_column(Integer, index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    contest_id: Mapped[int | None] = mapped_column(Integer, index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    hash: Mapped[str] = mapped_column(String(64))

    def content(self) -> dict[str, Any]:
        return {
            "chain": CHAIN,
            "seq": self.seq,
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "actor_name": self.actor_name,
            "action": self.action,
            "subject": self.subject,
            "contest": self.contest_id,
            "details": self.details,
        }


append_only(AuditEvent.__table__)


def record(
    actor: Actor,
    action: str,
    subject: str,
    *,
    now: datetime,
    contest_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event to the trail, in the caller's transaction.

    action: "<room>.<verb>", e.g. "results.publish". subject: "<kind>:<id>", e.g. "contest:17"; an entry goes by a
    name of its own (contest/entries/trail.py).
    details: JSON values only. Never marks, never the author of an entry under blindness.
    """
    db.session.flush()
    head = lock_head(CHAIN)
    event = AuditEvent(
        seq=head.length + 1,
        # The hash covers the instant as the database gives it back.
        at=now.astimezone(UTC),
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        action=action,
        subject=subject,
        contest_id=contest_id,
        details=dict(details or {}),
    )
    event.hash = link(head.hash, event.content())
    head.length, head.hash = event.seq, event.hash
    db.session.add(event)
    db.session.flush()
    return event
