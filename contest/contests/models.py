"""A contest: what is asked for, by when, of whom, and the numbered rules it is judged by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.campaigns.models import Campaign
from contest.db import Base, Instant
from contest.rules.permissions import Scope


class Contest(Base):
    """draft → announced → (closed by its dates) → archived. Judging and results have states of their own."""

    __tablename__ = "contests"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="writing")  # writing | video | stage
    name: Mapped[str] = mapped_column(String(300))
    level_name: Mapped[str] = mapped_column(String(80), default="")  # "cấp tỉnh"
    state: Mapped[str] = mapped_column(String(20), default="draft")  # draft | announced | archived
    announced_at: Mapped[datetime | None] = mapped_column(Instant)
    # Set by the results room, which this one must not know: the public page links to the results from then on.
    results_published_at: Mapped[datetime | None] = mapped_column(Instant)
    # Raised by every change a visitor could see; kept public pages are keyed by it.
    version: Mapped[int] = mapped_column(Integer, default=1)

    # The five short answers, and the full text of the rules (Markdown, and the HTML made from it).
    about: Mapped[str] = mapped_column(Text, default="")
    who: Mapped[str] = mapped_column(Text, default="")
    how_long: Mapped[str] = mapped_column(Text, default="")
    how_judged: Mapped[str] = mapped_column(Text, default="")
    prizes_text: Mapped[str] = mapped_column(Text, default="")
    rules_text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    rules_html: Mapped[str] = mapped_column(Text, default="", deferred=True)
    contact: Mapped[str] = mapped_column(Text, default="")
    pledge_text: Mapped[str] = mapped_column(Text, default="")
    ai_pledge_text: Mapped[str] = mapped_column(Text, default="")  # empty: not asked

    # Who and what may enter. None: no limit.
    open_to_public: Mapped[bool] = mapped_column(Boolean, default=True)  # else only units' contacts register
    min_age: Mapped[int | None] = mapped_column(Integer)
    max_per_author: Mapped[int | None] = mapped_column(Integer)
    max_per_unit: Mapped[int | None] = mapped_column(Integer)
    max_authors: Mapped[int] = mapped_column(Integer, default=3)
    min_words: Mapped[int | None] = mapped_column(Integer)
    max_words: Mapped[int | None] = mapped_column(Integer)
    file_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)  # docx, pdf, txt, image
    max_files: Mapped[int] = mapped_column(Integer, default=20)
    max_file_mb: Mapped[int] = mapped_column(Integer, default=25)
    allow_typed: Mapped[bool] = mapped_column(Boolean, default=True)

    # The period. closes_at is the computed last instant; kind and wording are as the organiser wrote them.
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_kind: Mapped[str] = mapped_column(String(20), default="by")  # before | by | within_month
    closes_wording: Mapped[str] = mapped_column(String(200), default="")
    grace_minutes: Mapped[int] = mapped_column(Integer, default=0)
    accepts_late: Mapped[bool] = mapped_column(Boolean, default=False)
    # Days told to the public beforehand; nothing happens by itself on them.
    results_on: Mapped[date | None] = mapped_column(Date)
    awards_on: Mapped[date | None] = mapped_column(Date)

    created_at: Mapped[datetime] = mapped_column(Instant)

    campaign: Mapped[Campaign] = relationship(lazy="joined", innerjoin=True)
    categories: Mapped[list[Category]] = relationship(order_by="Category.position", cascade="all, delete-orphan")
    rounds: Mapped[list[Round]] = relationship(order_by="Round.position", back_populates="contest")
    rule_sets: Mapped[list[RuleSet]] = relationship(order_by="RuleSet.number", back_populates="contest")

    @property
    def scope(self) -> Scope:
        return Scope(campaign_id=self.campaign_id, contest_id=self.id)


class Category(Base):
    """Thể loại / bảng. Ranked apart when the rule set says so."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("contest_id", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))


class RuleSet(Base):
    """A numbered set of rules (invariant 4). Frozen before the first mark; a change is a new number.

    body: the document described in contest/rules/rule_sets.py ("contest-rules/1").
    """

    __tablename__ = "rule_sets"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))

    contest: Mapped[Contest] = relationship(back_populates="rule_sets")


class Round(Base):
    """One round of judging (sơ khảo, chung khảo). How it is marked stands in the rule set, under its key.

    waiting → open → closed → confirmed; a later round starts from the advancement of the one before.
    """

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("contest_id", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    marks_due_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # While a locked result stands on this round, it cannot be opened for marks again.
    locked_at: Mapped[datetime | None] = mapped_column(Instant)

    contest: Mapped[Contest] = relationship(back_populates="rounds")
