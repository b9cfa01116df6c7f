"""Discussion of an entry after all have marked it apart, and what its judges said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Base, Instant, append_only
from contest.entries.models import RoundEntry


class Discussion(Base):
    """One discussion of one entry, opened and ended by the head judge.

    before, after: by judge's key {"sheet": id, "version": uuid, "total": points}, when it was opened and ended: who
    takes part, and what changed. What was written is in the ledger; these say between which versions.
    """

    __tablename__ = "discussions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    round_entry_id: Mapped[int] = mapped_column(ForeignKey("round_entries.id"), index=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    round_entry: Mapped[RoundEntry] = relationship()


class DiscussionMessage(Base):
    """What one judge said. judge: the key it was said under."""

    __tablename__ = "discussion_messages"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    judge: Mapped[str] = mapped_column(String(12))
    said_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)


append_only(DiscussionMessage.__table__)
