"""Handing in and withdrawing: the two steps of an entry that outlive its author's mind."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import select, update

from contest import audit, jobs
from contest.accounts.models import Account
from contest.db import db
from contest.entries import own_queries
from contest.entries.checks import findings_of, gaps_of
from contest.entries.models import Author, Entry, EntryVersion, JudgeCopy, RoundEntry
from contest.entries.own_actions import check_period, may_enter, the_draft
from contest.entries.refused import EntryRefused
from contest.entries.similar_actions import want_fingerprints
from contest.entries.slip import Slip
from contest.entries.trail import subject_of
from contest.rules.blind_codes import receipt_code
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.deadlines import State
from contest.rules.text import fold, word_count

FORMAT = "contest-entry/1"


def submit(
    entry: Entry, *, account: Account, now: datetime, rng: Random, number: int, seen: str, address: str = ""
) -> EntryVersion:
    """Hand in the draft: it is frozen, hashed and receipted. Pressed twice, the first answer stands.

    number, seen: the version and the fingerprint of it as it was looked through. address: of the receipt,
    for the letter.
    Raises EntryRefused: changed when the draft is no longer what was reviewed, incomplete (gaps), closed, …
    """
    if entry.state != "withdrawn" and (done := own_queries.submitted_version(entry, number)):
        return done
    version = the_draft(entry)
    form = own_queries.slip_of(entry, version)
    if version.number != number or fingerprint(entry, version, form) != seen:
        raise EntryRefused("changed")
    is_late = _check(entry, account, now)
    if missing := [gap for gap in gaps_of(entry, version, form, now=now) if gap.bars]:
        raise EntryRefused("incomplete", gaps=missing)
    accept(entry, version, form, account=account, now=now, rng=rng, is_late=is_late, address=address)
    return version


def accept(
    entry: Entry,
    version: EntryVersion,
    form: Slip,
    *,
    account: Account,
    now: datetime,
    rng: Random,
    is_late: bool,
    address: str = "",
) -> None:
    """Take a draft in as it stands: authors written, hashed, receipted, its follow-up work asked for."""
    _write_authors(entry, form)
    entry.receipt_code = entry.receipt_code or _new_code(entry, rng)
    _freeze(entry, version, form, account, now)
    entry.state, entry.screening, entry.submitted_at = "submitted", "pending", now
    entry.is_late = entry.is_late or is_late
    entry.title, entry.title_key = version.title, fold(version.title)[:300]
    # A field that the year's list has lost since is none; a category lost has barred the way here.
    field = own_queries.field_in(entry.contest, form.field_of_work_id)
    entry.category_id, entry.field_of_work_id = form.category_id, field.id if field else None
    entry.unit_id, entry.unit_name = form.unit_id, form.unit_name
    entry.pledged_at, entry.pledge_text = form.pledged_at, "\n\n".join(form.pledged_texts)
    entry.edit_until, entry.changed_at = None, now
    _after(entry, version, account, now, address)


def _check(entry: Entry, account: Account, now: datetime) -> bool:
    """Whether it comes late, and is taken. Roles and limits may have changed since the draft was begun."""
    if own_queries.is_drawn(entry):
        raise EntryRefused("drawn")
    state = check_period(entry.contest, now, entry)
    if entry.submitted_at is None and entry.channel == "web":
        may_enter(entry.contest, account, for_unit=False, now=now)
    # Mended after being given back, an entry is as punctual as it was.
    return state is State.LATE_ACCEPTED and entry.edit_until is None


def _write_authors(entry: Entry, form: Slip) -> None:
    entry.authors.clear()
    db.session.flush()
    for position, person in enumerate(form.people, 1):
        entry.authors.append(
            Author(
                position=position, account_id=person.account_id, full_name=person.full_name,
                name_key=fold(person.full_name)[:200], birth_date=person.birth_date, work=person.work,
                address=person.address, phone=person.phone, email=person.email,
            )
        )  # fmt: skip


def _new_code(entry: Entry, rng: Random) -> str:
    prefix = f"DV{entry.contest.campaign.year % 100:02d}"
    while True:
        code = receipt_code(rng, prefix)
        if db.session.scalar(select(Entry.id).where(Entry.receipt_code == code)) is None:
            return code


def _freeze(entry: Entry, version: EntryVersion, form: Slip, account: Account, now: datetime) -> None:
    files = own_queries.texts_read(version)
    counts = [file.words for file in files]
    typed = word_count(version.text)
    version.word_count = None if None in counts else typed + sum(count or 0 for count in counts)
    version.findings = findings_of(version, files, form)
    version.content = canonical_bytes(content_of(entry, version, form)).decode()
    version.content_sha256 = fingerprint(entry, version, form)
    version.slip = form.to_json()
    version.submitted_at, version.submitted_by_id = now, account.id


def fingerprint(entry: Entry, version: EntryVersion, form: Slip) -> str:
    """SHA-256 of everything handed in; of a draft, of everything as it stands."""
    return sha256_hex(canonical_bytes(content_of(entry, version, form)))


def content_of(entry: Entry, version: EntryVersion, form: Slip) -> dict[str, Any]:
    """Everything that is handed in, as the JSON value whose canonical bytes are hashed."""
    category = own_queries.category_in(entry.contest, form.category_id)
    field = own_queries.field_in(entry.contest, form.field_of_work_id)
    return {
        "format": FORMAT,
        "contest": entry.contest.slug,
        "entry": entry.public_id,
        "version": version.number,
        "title": version.title,
        "text": version.text,
        "files": [
            {"name": file.name, "kind": file.kind, "size": file.size, "sha256": file.sha256} for file in version.files
        ],
        "category": category.key if category else None,
        "field_of_work": field.key if field else None,
        "unit": form.unit_name,
        "authors": [
            {key: value for key, value in person.items() if key != "account_id"} for person in form.to_json()["people"]
        ],
        "pledge": {"at": form.to_json()["pledged_at"], "texts": list(form.pledged_texts)},
    }


def _after(entry: Entry, version: EntryVersion, account: Account, now: datetime, address: str) -> None:
    db.session.flush()
    # Judges must not read what the author has replaced; the copy of the new version comes from the job.
    db.session.execute(
        update(JudgeCopy)
        .where(JudgeCopy.entry_id == entry.id)
        .values(state="making", checked_at=None, checked_by_id=None)
    )
    audit.record(
        account, "entries.submit", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={
            "version": version.number, "sha256": version.content_sha256,
            "late": entry.is_late, "channel": entry.channel,
        },
    )  # fmt: skip
    jobs.enqueue("entries.make_judge_copy", now=now, key=f"judge-copy:{entry.id}", entry_id=entry.id)
    want_fingerprints(now)
    jobs.enqueue("entries.send_receipt", now=now, key=f"receipt:{version.id}", version_id=version.id, address=address)


def withdraw(entry: Entry, *, reason: str, account: Account, now: datetime, by_staff: bool = False) -> None:
    """Take an entry back. Everything stays on record; a draft never handed in is simply closed.

    by_staff: the secretariat does it on the author's letter, after closing too. Raises EntryRefused.
    """
    if entry.state == "withdrawn":
        return
    if not by_staff:
        if own_queries.is_drawn(entry):
            raise EntryRefused("drawn")
        if entry.state == "submitted":
            check_period(entry.contest, now, entry)
    entry.state, entry.withdrawn_at, entry.withdrawn_reason, entry.changed_at = "withdrawn", now, reason, now
    db.session.execute(
        update(RoundEntry)
        .where(RoundEntry.entry_id == entry.id, RoundEntry.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    audit.record(
        account, "entries.withdraw", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"by": "secretariat" if by_staff else "owner"},
    )  # fmt: skip
