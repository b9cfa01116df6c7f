"""Panels, who marks what, and the ledger of marks. Nothing here knows what kind of contest it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.db import Base, Instant, append_only
from contest.entries.models import RoundEntry


class PanelMember(Base):
    """A judge of a round. `key` (J1, J2 …) is what bundles and minutes of marks call the judge."""

    __tablename__ = "panel_members"
    __table_args__ = (UniqueConstraint("round_id", "account_id"), UniqueConstraint("round_id", "key"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    key: Mapped[str] = mapped_column(String(12))
    is_head: Mapped[bool] = mapped_column(Boolean, default=False)
    max_entries: Mapped[int | None] = mapped_column(Integer)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    left_reason: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship()
    account: Mapped[Account] = relationship()


class JudgeTopic(Base):
    """A category or a field of work that a member of the panel knows well: one of the two is set.

    The database lets it go with what it names: an organiser may strike a field off the year's list.
    """

    __tablename__ = "judge_topics"
    __table_args__ = (
        UniqueConstraint("panel_member_id", "category_id"),
        UniqueConstraint("panel_member_id", "field_of_work_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    panel_member_id: Mapped[int] = mapped_column(ForeignKey("panel_members.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    field_of_work_id: Mapped[int | None] = mapped_column(ForeignKey("fields_of_work.id", ondelete="CASCADE"))


class AssignmentPlan(Base):
    """Who would mark what in a round, as it was last worked out; nothing is assigned before it is taken.

    state: working → ready | refused; ready → taken. number goes up with every new one, which takes its place.
    inputs: what it was worked out from, a hash by kind. wishes: [[round entry id, member id, "with" | "without"]].
    body: the plan in values, or why there is none (contest/judging/plan_actions.py).
    """

    __tablename__ = "assignment_plans"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(12), default="working")
    moving: Mapped[str] = mapped_column(String(12), default="keep")
    wishes: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    inputs: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    job_id: Mapped[int | None] = mapped_column(Integer)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)


class DeclaredConflict(Base):
    """An interest that no table shows: a judge and an entry (by code, declared by the judge) or a unit or a person."""

    __tablename__ = "declared_conflicts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    person_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    declared_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Assignment(Base):
    """One judge marks one entry of a round: the sheet itself.

    state: empty → begun → sent; asked_again (the head judge wants a second look); recused.
    marks, comment and version_id mirror the newest ledger version that holds, for boards; the ledger is the truth.
    """

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("round_entry_id", "panel_member_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # What stands in addresses of the judge's app.
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    round_entry_id: Mapped[int] = mapped_column(ForeignKey("round_entries.id"), index=True)
    panel_member_id: Mapped[int] = mapped_column(ForeignKey("panel_members.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)  # the judge's own order of reading
    state: Mapped[str] = mapped_column(String(12), default="empty")
    reason: Mapped[str] = mapped_column(String(12), default="assigned")  # assigned | third_marker | replacement
    marks: Mapped[dict[str, str | None]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    version_number: Mapped[int] = mapped_column(Integer, default=0)
    version_uuid: Mapped[str | None] = mapped_column(String(36))
    has_conflict: Mapped[bool] = mapped_column(Boolean, default=False)  # two devices wrote it while apart
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    recused_at: Mapped[datetime | None] = mapped_column(Instant)

    round: Mapped[Round] = relationship()
    round_entry: Mapped[RoundEntry] = relationship()
    panel_member: Mapped[PanelMember] = relationship()


Index("ix_assignments_member_position", Assignment.panel_member_id, Assignment.position)


class SheetVersion(Base):
    """One version of one sheet: a link of its contest's ledger (invariant 2). Never changed, never deleted."""

    __tablename__ = "sheet_versions"
    __table_args__ = (UniqueConstraint("contest_id", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    seq: Mapped[int] = mapped_column(Integer)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)  # the client's; a repeat changes nothing
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    # The version the device had before it when it wrote this one; empty for the first.
    based_on: Mapped[str | None] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(12))  # draft | sent | correction | confirmed | pick | slip
    holds: Mapped[bool] = mapped_column(Boolean)  # False: kept, but lost to another device's version when written
    marks: Mapped[dict[str, str | None]] = mapped_column(JSON)
    comment: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    device: Mapped[str] = mapped_column(String(64), default="")
    actor_id: Mapped[int] = mapped_column(Integer, index=True)
    client_at: Mapped[datetime | None] = mapped_column(Instant)
    server_at: Mapped[datetime] = mapped_column(Instant)
    hash: Mapped[str] = mapped_column(String(64))

    def content(self) -> dict[str, Any]:
        """What the hash covers."""
        return {
            "contest": self.contest_id,
            "seq": self.seq,
            "uuid": self.uuid,
            "assignment": self.assignment_id,
            "number": self.number,
            "based_on": self.based_on,
            "kind": self.kind,
            "holds": self.holds,
            "marks": self.marks,
            "comment": self.comment,
            "reason": self.reason,
            "device": self.device,
            "actor": self.actor_id,
            "client_at": _as_utc(self.client_at),
            "server_at": _as_utc(self.server_at),
        }


def _as_utc(at: datetime | None) -> str | None:
    """An instant the way the hash covers it: as the database gives it back, whatever offset a tablet sent."""
    return at.astimezone(UTC).isoformat() if at else None


append_only(SheetVersion.__table__)


class SecondLook(Base):
    """The head judge asks a judge to look again, with a reason; the judge confirms or corrects."""

    __tablename__ = "second_looks"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Tablet(Base):
    """A device a judge marks on, as it last spoke: for the secretary, who has to find it in time.

    battery: percent; unsent: versions that wait on it; refused: versions the server did not take;
    clock_off: seconds its clock is ahead of the server's.
    """

    __tablename__ = "tablets"

    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    unsent: Mapped[int] = mapped_column(Integer, default=0)
    refused: Mapped[int] = mapped_column(Integer, default=0)
    kept: Mapped[int] = mapped_column(Integer, default=0)  # works that it can show without a line
    battery: Mapped[int | None] = mapped_column(Integer)
    is_charging: Mapped[bool] = mapped_column(Boolean, default=False)
    clock_off: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[str] = mapped_column(String(20), default="")
    agent: Mapped[str] = mapped_column(String(60), default="")
