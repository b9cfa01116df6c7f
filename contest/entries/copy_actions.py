"""Writing and checking the judge's copy of an entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest import audit, jobs
from contest.accounts.models import Account
from contest.db import db
from contest.entries.copies import Copy, Page, Source
from contest.entries.models import Entry, EntryVersion, JudgeCopy
from contest.entries.trail import subject_of
from contest.rules.canonical import canonical_bytes, sha256_hex


class CopyNotReady(Exception):
    """There is no copy of the newest version yet, or it could not be made."""


def source_of(version: EntryVersion) -> Source:
    """What a version's copy is made of, as values that outlive the transaction."""
    files = tuple((file.kind, file.storage_key) for file in version.files)
    return Source(version.title, version.text, files, on_paper=version.entry.channel == "paper")


def copy_of(entry: Entry) -> JudgeCopy | None:
    """The judge's copy with what covering starts from: for the secretariat."""
    return db.session.scalars(
        select(JudgeCopy)
        .options(undefer(JudgeCopy.plain), undefer(JudgeCopy.source_pages))
        .where(JudgeCopy.entry_id == entry.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _row(entry: Entry, version: EntryVersion) -> JudgeCopy:
    copy = copy_of(entry)
    if copy is None:
        copy = JudgeCopy(entry_id=entry.id, version_id=version.id)
        db.session.add(copy)
    copy.version_id = version.id
    copy.checked_at = copy.checked_by_id = None
    return copy


def write_copy(entry: Entry, version: EntryVersion, made: Copy) -> JudgeCopy:
    """Keep a freshly made copy: nothing is covered in it, and nobody has checked it."""
    copy = _row(entry, version)
    copy.state, copy.error, copy.covered, copy.covered_pages = "ready", "", [], []
    copy.html, copy.title, copy.plain, copy.word_count = made.html, made.title, made.plain, made.word_count
    copy.pages, copy.source_pages = list(made.pages), list(made.source_pages)
    return copy


def write_failure(entry: Entry, version: EntryVersion, code: str) -> JudgeCopy:
    """Keep why no copy could be made; the secretariat sees it."""
    copy = _row(entry, version)
    copy.state, copy.error, copy.html, copy.title, copy.plain = "failed", code, "", "", ""
    copy.pages, copy.source_pages, copy.covered, copy.covered_pages = [], [], [], []
    return copy


def cover_text(
    entry: Entry, copy: JudgeCopy, made: Copy, covered: Sequence[tuple[int, int]], *, account: Account, now: datetime
) -> None:
    """Keep the copy with these stretches covered; it has to be checked again."""
    copy.html, copy.title = made.html, made.title
    copy.covered = [list(span) for span in sorted(set(covered))]
    _recheck(entry, copy, "cover", len(copy.covered), account, now)


def cover_page_parts(
    entry: Entry, copy: JudgeCopy, pages: list[Page], covers: list[dict[str, Any]], *, account: Account, now: datetime
) -> None:
    copy.pages, copy.covered_pages = pages, covers
    _recheck(entry, copy, "cover_pages", len(covers), account, now)


def _recheck(entry: Entry, copy: JudgeCopy, verb: str, count: int, account: Account, now: datetime) -> None:
    copy.checked_at = copy.checked_by_id = None
    audit.record(
        account, f"entries.{verb}", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"places": count},
    )  # fmt: skip


def confirm_copy(entry: Entry, seen: str, *, account: Account, now: datetime) -> None:
    """Say that a person has looked through the copy whose copy_sha256 is `seen`. Raises CopyNotReady."""
    copy = copy_of(entry)
    if copy is None or copy.state != "ready" or copy_sha256(copy) != seen:
        raise CopyNotReady
    if copy.checked_at is not None:
        return
    copy.checked_at, copy.checked_by_id = now, account.id
    audit.record(
        account, "entries.check_copy", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"covered": len(copy.covered) + len(copy.covered_pages), "sha256": copy_sha256(copy)},
    )  # fmt: skip


def copy_sha256(copy: JudgeCopy) -> str:
    """Of what judges read: text, title and pages, as a person looked them through."""
    pages = [page.get("sha256", page["key"]) for page in copy.pages]
    return sha256_hex(canonical_bytes([copy.title, copy.html, pages]))


def remake(entry: Entry, *, account: Account, now: datetime) -> None:
    """Throw the copy away with everything covered in it, and have it made anew."""
    copy = copy_of(entry)
    if copy is not None:
        copy.state = "making"
        copy.checked_at = copy.checked_by_id = None
    jobs.enqueue("entries.make_judge_copy", now=now, key=f"judge-copy:{entry.id}", entry_id=entry.id)
    audit.record(account, "entries.remake_copy", subject_of(entry), now=now, contest_id=entry.contest_id)
