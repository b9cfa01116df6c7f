"""Background work of entries: the judge's copy, and the letter with the receipt."""

from __future__ import annotations

from typing import Any

from flask import current_app

from contest import jobs, mail
from contest.accounts.models import Account
from contest.db import db, utcnow
from contest.documents.sniff import Unreadable
from contest.entries import own_queries
from contest.entries.copies import Copy, Source, make_copy
from contest.entries.copy_actions import copy_of, source_of, write_copy, write_failure
from contest.entries.models import Entry, EntryVersion, Screening
from contest.entries.own_queries import slip_of


@jobs.job("entries.make_judge_copy")
def make_judge_copy(entry_id: int) -> dict[str, Any] | None:
    """Make what judges read from the newest version handed in. Runs twice without harm."""
    entry = db.session.get_one(Entry, entry_id)
    version = own_queries.submitted_version(entry)
    if version is None or entry.state != "submitted":
        return None
    copy = copy_of(entry)
    if copy is not None and copy.state == "ready" and copy.version_id == version.id:
        return None  # done before: what the secretary covered since must stay
    version_id, source = version.id, source_of(version)
    # Reading and drawing may take a minute: others must be able to write meanwhile.
    db.session.rollback()
    made = _made(source)
    entry = db.session.get_one(Entry, entry_id)
    newest = own_queries.submitted_version(entry)
    if newest is None or newest.id != version_id:
        return None  # handed in again meanwhile: that version has a job of its own
    if isinstance(made, Copy):
        write_copy(entry, newest, made)
        return {"pages": len(made.pages)}
    write_failure(entry, newest, made)
    return {"failed": made}


def _made(source: Source) -> Copy | str:
    """The copy, or the code of why there is none."""
    try:
        return make_copy(source)
    except Unreadable as problem:
        return problem.code
    except FileNotFoundError:
        return "file_lost"


@jobs.job("entries.send_receipt")
def send_receipt(version_id: int, address: str = "") -> None:
    """Write to the owner and every author who left an address; each once."""
    version = db.session.get_one(EntryVersion, version_id)
    subject = f"Biên nhận bài dự thi {version.entry.receipt_code}"
    _write(version.entry, version, subject, "receipt", {"address": address})


@jobs.job("entries.send_verdict")
def send_verdict(screening_id: int, address: str = "") -> None:
    """Tell the authors that an entry is not valid, or has come back to be mended."""
    screening = db.session.get_one(Screening, screening_id)
    version = db.session.get_one(EntryVersion, screening.version_id)
    subject = {
        "returned": "Đề nghị sửa bài dự thi",
        "invalid": "Kết quả kiểm tra bài dự thi",
    }[screening.verdict]
    facts = {"screening": screening, "address": address}
    _write(version.entry, version, f"{subject} {version.entry.receipt_code}", "verdict", facts)


def _write(entry: Entry, version: EntryVersion, subject: str, template: str, facts: dict[str, Any]) -> None:
    """One letter to each address: the owner's, unless it is a clerk, and those in the author slip."""
    owner = db.session.get_one(Account, entry.owner_id)
    emails = [(owner.email or "") if entry.channel != "paper" else ""]
    emails += [person.email for person in slip_of(entry, version).people]
    # Without context processors: they belong to pages, and there is no request here.
    letter = current_app.jinja_env.get_template(f"entries/mail/{template}.txt")
    text = letter.render(entry=entry, contest=entry.contest, version=version, **facts)
    for email in filter(None, dict.fromkeys(email.casefold() for email in emails)):
        mail.post(email, subject, text, now=utcnow())
