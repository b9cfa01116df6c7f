"""Results as stored snapshots: locked → published → awarded (invariants 3 and 8)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Contest, Round
from contest.db import Base, Instant
from contest.entries.models import Entry


class Result(Base):
    """The result of a round (round_id set) or of the whole contest (round_id empty), frozen with its bundle.

    bundle and document are the exact bytes (as text) of formats.md section 2. A later lock, after a
    correction, is a new row; the old one keeps `replaced_by`.
    """

    __tablename__ = "results"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="locked")  # locked | published | awarded | replaced
    rules_number: Mapped[int] = mapped_column(Integer)
    # Hundreds of kilobytes that hardly any page needs: read only when asked for.
    bundle: Mapped[str] = mapped_column(Text, deferred=True)
    bundle_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text, deferred=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    # Where the ledger stood: printed in the minutes.
    ledger_length: Mapped[int] = mapped_column(Integer)
    ledger_hash: Mapped[str] = mapped_column(String(64))
    locked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    locked_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    awarded_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")  # why an earlier result was replaced
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("results.id"))

    contest: Mapped[Contest] = relationship()
    round: Mapped[Round | None] = relationship()
    awards: Mapped[list[Award]] = relationship(order_by="Award.position", back_populates="result")


# One result in force per contest and round.
Index(
    "uq_results_live",
    Result.contest_id,
    Result.round_id,
    unique=True,
    sqlite_where=(Result.state != "replaced") & Result.round_id.is_not(None),
    postgresql_where=(Result.state != "replaced") & Result.round_id.is_not(None),
)
Index(
    "uq_results_live_contest",
    Result.contest_id,
    unique=True,
    sqlite_where=(Result.state != "replaced") & Result.round_id.is_(None),
    postgresql_where=(Result.state != "replaced") & Result.round_id.is_(None),
)


class Award(Base):
    """A prize decided for an entry: proposed by the rules, decided by the organiser, with the decision recorded."""

    __tablename__ = "awards"
    __table_args__ = (UniqueConstraint("result_id", "entry_id", "prize_key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    prize_key: Mapped[str] = mapped_column(String(60))
    prize_name: Mapped[str] = mapped_column(String(120))
    place: Mapped[int | None] = mapped_column(Integer)
    total: Mapped[str] = mapped_column(String(40))
    # Given, or not given although the rules proposed it ("không nhất thiết đủ cơ cấu"), with the reason.
    state: Mapped[str] = mapped_column(String(12), default="given")  # given | withheld
    note: Mapped[str] = mapped_column(Text, default="")
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))

    result: Mapped[Result] = relationship(back_populates="awards")
    entry: Mapped[Entry] = relationship()
    decision: Mapped[Decision] = relationship()
    certificates: Mapped[list[Certificate]] = relationship(back_populates="award", order_by="Certificate.id")


class Decision(Base):
    """Quyết định công nhận kết quả và trao giải. Number and day stay empty until it is issued (R52)."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    signer_block: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)


class Certificate(Base):
    """Giấy chứng nhận. `token` is what its QR holds; the page behind it says whether it is genuine."""

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    recipient: Mapped[str] = mapped_column(String(600))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    work_title: Mapped[str] = mapped_column(String(300))
    prize_name: Mapped[str] = mapped_column(String(120))
    contest_name: Mapped[str] = mapped_column(String(300))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(back_populates="certificates")


# Of the certificates of one prize, one is in force at most; who replaced another is the later one.
Index(
    "uq_certificates_in_force",
    Certificate.award_id,
    unique=True,
    sqlite_where=Certificate.revoked_at.is_(None),
    postgresql_where=Certificate.revoked_at.is_(None),
)


class PaperFile(Base):
    """A produced document (minutes, summary, certificates), kept as it was handed out."""

    __tablename__ = "paper_files"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    result_id: Mapped[int | None] = mapped_column(ForeignKey("results.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # minutes | summary | decision | certificates | signed_scan
    name: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
