"""Entries: the work, its authors (kept apart from it), files, receipts, screening, blind codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.campaigns.models import FieldOfWork
from contest.contests.models import Category, Contest, Round
from contest.db import Base, Instant, append_only


class Entry(Base):
    """A work (or, on stage, a team) in a contest: draft → submitted → withdrawn.

    Screening is apart from the state: pending | valid | invalid | returned.
    """

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # What stands in addresses: unguessable, so that neither order nor number of entries shows.
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    field_of_work_id: Mapped[int | None] = mapped_column(ForeignKey("fields_of_work.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(200), default="")  # as it was when entered (invariant 10)
    channel: Mapped[str] = mapped_column(String(12), default="web")  # web | unit | paper
    title: Mapped[str] = mapped_column(String(300), default="")
    title_key: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    screening: Mapped[str] = mapped_column(String(12), default="pending")
    is_late: Mapped[bool] = mapped_column(Boolean, default=False)
    receipt_code: Mapped[str | None] = mapped_column(String(24), unique=True)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    pledged_at: Mapped[datetime | None] = mapped_column(Instant)
    pledge_text: Mapped[str] = mapped_column(Text, default="")  # the wording that was agreed to
    paper_place: Mapped[str] = mapped_column(String(120), default="")  # shelf of an entry handed in on paper
    paper_pages: Mapped[int | None] = mapped_column(Integer)
    # A returned entry may be mended until then, even after closing.
    edit_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    contest: Mapped[Contest] = relationship()
    category: Mapped[Category | None] = relationship()
    field_of_work: Mapped[FieldOfWork | None] = relationship()
    authors: Mapped[list[Author]] = relationship(order_by="Author.position", cascade="all, delete-orphan")
    versions: Mapped[list[EntryVersion]] = relationship(order_by="EntryVersion.number", back_populates="entry")


Index("ix_entries_contest_id_state", Entry.contest_id, Entry.state, Entry.screening, Entry.id)


class Author(Base):
    """One author of an entry: the slip that is cut off (rọc phách). Judges' queries never join it."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    birth_date: Mapped[date | None] = mapped_column(Date)
    work: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(320), default="")


class EntryVersion(Base):
    """A state of the work. The one draft (submitted_at empty) may change; a submitted one never does."""

    __tablename__ = "entry_versions"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")  # typed in the browser: plain text, blank line = paragraph
    word_count: Mapped[int | None] = mapped_column(Integer)
    # Raised by each autosave; a save based on an older one is refused and shown, never merged silently.
    draft_revision: Mapped[int] = mapped_column(Integer, default=0)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Everything that was submitted, fixed in one hash: title, text, files with their hashes, authors, pledge.
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what the automatic checks found
    # The author form and the pledge as filled in so far (contest/entries/slip.py); becomes Author rows on
    # submission. Apart from the work: judges' queries never read it.
    slip: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    # The canonical text content_sha256 was taken of.
    content: Mapped[str] = mapped_column(Text, default="", deferred=True)

    entry: Mapped[Entry] = relationship(back_populates="versions")
    files: Mapped[list[EntryFile]] = relationship(order_by="EntryFile.position", back_populates="version")


class EntryFile(Base):
    """A file of one version, as it was sent. The same stored bytes may serve several versions."""

    __tablename__ = "entry_files"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_versions.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    storage_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))  # as sent; judges never see it
    kind: Mapped[str] = mapped_column(String(20))  # docx | pdf | txt | image, by content
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[int | None] = mapped_column(Integer)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    # The client's UUID of this upload: sent twice is stored once.
    upload_uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    # What was read in it: plain text, and what headers, footers and hidden places say.
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    margins: Mapped[str] = mapped_column(Text, default="", deferred=True)
    # Codes: legacy_font, comments, changes, image_skipped; really_txt … where the name says otherwise.
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)

    version: Mapped[EntryVersion] = relationship(back_populates="files")


class SetAside(Base):
    """A text that lost when two devices wrote one draft apart and a person picked: kept, shown to its owner."""

    __tablename__ = "set_aside_texts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class Screening(Base):
    """A decision of the secretariat on an entry's validity. Rows are only added; the last one holds."""

    __tablename__ = "screenings"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_versions.id"))
    verdict: Mapped[str] = mapped_column(String(12))  # valid | invalid | returned
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class JudgeCopy(Base):
    """What judges read: made from one version, without author, properties or file name."""

    __tablename__ = "judge_copies"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_versions.id"))
    state: Mapped[str] = mapped_column(String(12), default="making")  # making | ready | failed
    html: Mapped[str] = mapped_column(Text, default="")
    # [{"key": storage key, "width": px, "height": px, "sha256"}], shown after the text.
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    word_count: Mapped[int | None] = mapped_column(Integer)
    # The title as judges may read it: a name in it can be covered too.
    title: Mapped[str] = mapped_column(String(300), default="")
    # Places the secretary covered: [[start, end], …] in `plain`; and on pages: [{"page": 1, "part": "top"}
    # or {"page": 1, "box": [left, top, right, bottom]}, in thousandths of its width and height].
    covered: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    covered_pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # What covering starts from. Judges' queries never read these two.
    plain: Mapped[str] = mapped_column(Text, default="", deferred=True)
    source_pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(Text, default="")


class RoundEntry(Base):
    """An entry taking part in a round, under the blind code (mã phách) it has there.

    `code` is all that judging and results know an entry by. A later round gives a new code.
    """

    __tablename__ = "round_entries"
    __table_args__ = (UniqueConstraint("round_id", "entry_id"), UniqueConstraint("round_id", "code"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    code: Mapped[str] = mapped_column(String(12))
    lot: Mapped[int | None] = mapped_column(Integer)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()


class SpentCode(Base):
    """A blind code that named an entry taken out of its round again: it stands on lists, and never comes back.

    Without the entry: only codes that are in force may be joined with authors.
    """

    __tablename__ = "spent_codes"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(Instant)


class Unblinding(Base):
    """Khớp phách: code and author joined again. One person asks, another approves; both are recorded."""

    __tablename__ = "unblindings"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    # One entry, or the whole contest when empty.
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    refused_at: Mapped[datetime | None] = mapped_column(Instant)


class ReferenceText(Base):
    """A text that entries of a contest are compared with: an earlier booklet, a newspaper's piece, a sample.

    is_known: one that all may quote from; what stands in it proves nothing, and it is listed with nobody.
    """

    __tablename__ = "reference_texts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300), default="")  # where it is from, in the organiser's words
    is_known: Mapped[bool] = mapped_column(Boolean, default=False)
    storage_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))  # docx | pdf | txt, by content
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="waiting")  # waiting | ready | failed
    error: Mapped[str] = mapped_column(String(40), default="")  # a code of documents.sniff.Unreadable
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    words: Mapped[int | None] = mapped_column(Integer)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class Fingerprint(Base):
    """What one text is known by (rules/similarity_index.py): of an entry's work, or of a reference text.

    One row for each text an entry ever held: handed in again unchanged, it is the same row, and what was decided
    on it still holds. Which rows count now is asked of the versions (similar_queries).
    """

    __tablename__ = "fingerprints"
    __table_args__ = (
        UniqueConstraint("entry_id", "text_sha256", "algorithm"),
        UniqueConstraint("reference_id", "algorithm"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    # The newest version that holds this text.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("entry_versions.id"), index=True)
    reference_id: Mapped[int | None] = mapped_column(ForeignKey("reference_texts.id"))
    text_sha256: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[int] = mapped_column(Integer)
    words: Mapped[int] = mapped_column(Integer)  # as similarity_words counts them
    # similarity_index.packed in base64: a backup holds rows as JSON.
    hashes: Mapped[str] = mapped_column(Text, default="", deferred=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    compared_at: Mapped[datetime | None] = mapped_column(Instant)

    entry: Mapped[Entry | None] = relationship()
    reference: Mapped[ReferenceText | None] = relationship()


class LikePair(Base):
    """Two texts that share enough. one: of an entry of the contest; other: of another entry, or a reference."""

    __tablename__ = "like_pairs"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    one_id: Mapped[int] = mapped_column(ForeignKey("fingerprints.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("fingerprints.id"), index=True)
    # By how many ten-thousandths the score falls short of 1: lists go up by it.
    unlike: Mapped[int] = mapped_column(Integer)
    # Words of each text that stand in the other too.
    one_shared: Mapped[int] = mapped_column(Integer)
    other_shared: Mapped[int] = mapped_column(Integer)
    # [[start, end in one, start, end in other], …] in code points of the texts.
    passages: Mapped[list[list[int]]] = mapped_column(JSON, default=list, deferred=True)
    # Whether they still share enough: a text that all may quote from may have come in since.
    is_shown: Mapped[bool] = mapped_column(Boolean, default=True)
    state: Mapped[str] = mapped_column(String(12), default="open")  # open | ask | exclude | cleared
    found_at: Mapped[datetime] = mapped_column(Instant)

    one: Mapped[Fingerprint] = relationship(foreign_keys=one_id)
    other: Mapped[Fingerprint] = relationship(foreign_keys=other_id)


Index("ix_like_pairs_contest_id_unlike", LikePair.contest_id, LikePair.unlike, LikePair.id)


class LikeDecision(Base):
    """What a person made of a pair, and why. Rows are only added; the last one holds, and changes no entry."""

    __tablename__ = "like_decisions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("like_pairs.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(12))  # as LikePair.state
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)


append_only(LikeDecision.__table__)
