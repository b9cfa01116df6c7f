"""What the secretariat does with entries: deciding on validity, registering paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from contest import audit, jobs
from contest.accounts.models import Account
from contest.campaigns.models import FieldOfWork
from contest.contests.models import Contest
from contest.db import db, lock_head
from contest.entries import own_queries
from contest.entries.models import Entry, Screening
from contest.entries.own_actions import attach, new_entry
from contest.entries.queries import unblinded
from contest.entries.receive import Received
from contest.entries.refused import EntryRefused
from contest.entries.slip import Person, Slip
from contest.entries.submit_actions import accept
from contest.entries.trail import subject_of
from contest.rules.deadlines import is_late
from contest.rules.text import fold
from contest.units.models import Unit

_ONCE = re.compile("[0-9a-f]{32}")
VERDICTS = ("valid", "invalid", "returned")


@dataclass(frozen=True)
class Decision:
    """A verdict on the version that was looked at, with the verdict before it as it stood on that page (its id).

    until: until when a returned entry may be mended.
    """

    verdict: str
    version_id: int
    reasons: tuple[str, ...] = ()
    note: str = ""
    until: datetime | None = None
    after: int | None = None


def screen(entry: Entry, decision: Decision, *, account: Account, now: datetime, address: str = "") -> Screening:
    """Decide on an entry. The same button pressed twice decides once.

    Raises EntryRefused: changed (a newer version came in), decided (another verdict was given since), drawn,
    not_submitted.
    """
    if entry.state != "submitted":
        raise EntryRefused("not_submitted")
    if own_queries.is_drawn(entry):
        raise EntryRefused("drawn")
    version = own_queries.submitted_version(entry)
    if version is None or version.id != decision.version_id:
        raise EntryRefused("changed")
    last = own_queries.last_screening(entry)
    if last is not None and last.id != decision.after:
        if not _is_repeated(last, decision, account):
            raise EntryRefused("decided")
        return last
    row = Screening(
        entry_id=entry.id, version_id=version.id, verdict=decision.verdict, reasons=list(decision.reasons),
        note=decision.note, by_id=account.id, at=now,
    )  # fmt: skip
    db.session.add(row)
    entry.screening, entry.changed_at = decision.verdict, now
    entry.edit_until = decision.until if decision.verdict == "returned" else None
    audit.record(
        account, "entries.screen", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"verdict": decision.verdict, "reasons": list(decision.reasons), "version": version.number},
    )  # fmt: skip
    if decision.verdict != "valid":
        db.session.flush()
        jobs.enqueue("entries.send_verdict", now=now, key=f"verdict:{row.id}", screening_id=row.id, address=address)
    return row


def _is_repeated(last: Screening, decision: Decision, account: Account) -> bool:
    told = (account.id, decision.version_id, decision.verdict, list(decision.reasons), decision.note)
    return (last.by_id, last.version_id, last.verdict, list(last.reasons), last.note) == told


@dataclass(frozen=True)
class PaperEntry:
    """An entry handed in on paper, as the secretariat writes it down. once: 32 hex digits of the page it came from."""

    title: str
    people: tuple[Person, ...]
    pages: int
    place: str
    received_at: datetime
    category_id: int | None = None
    field_of_work_id: int | None = None
    unit: Unit | None = None
    unit_name: str = ""
    pledged: bool = False
    once: str = ""


def register_paper(
    contest: Contest, paper: PaperEntry, scans: Sequence[Received], *, account: Account, now: datetime, rng: Random
) -> Entry:
    """Put a paper entry on record, with or without scans of its pages. Nothing is refused for being late or short:
    it lies there, and the secretariat decides. The same page sent twice: the entry of the first time.
    Raises EntryRefused (too_many_files, too_much_text)."""
    once = paper.once if _ONCE.fullmatch(paper.once) else ""
    if once:
        # Pressed twice in one second: the second waits here, and then finds the first one's entry.
        lock_head(audit.CHAIN)
        if (before := own_queries.by_public_id(once)) is not None:
            if (before.contest_id, before.owner_id, before.channel) == (contest.id, account.id, "paper"):
                return before
            once = ""
    entry = new_entry(contest, account, channel="paper", unit=paper.unit, now=now, public_id=once)
    version = own_queries.draft_of(entry)
    assert version is not None
    texts = (contest.pledge_text,) if paper.pledged and contest.pledge_text else ()
    form = Slip(
        people=paper.people, category_id=paper.category_id, field_of_work_id=paper.field_of_work_id,
        unit_id=paper.unit.id if paper.unit else None, unit_name=paper.unit.name if paper.unit else paper.unit_name,
        pledged_at=paper.received_at if texts else None, pledged_texts=texts,
    )  # fmt: skip
    version.title, version.slip = paper.title, form.to_json()
    entry.title, entry.title_key = paper.title, fold(paper.title)[:300]
    entry.paper_pages, entry.paper_place = paper.pages, paper.place
    for scan in scans:
        attach(entry, version, scan, uuid=None, now=now)
    late = is_late(paper.received_at, contest.closes_at, contest.grace_minutes)
    accept(entry, version, form, account=account, now=now, rng=rng, is_late=late)
    entry.submitted_at = paper.received_at
    return entry


def name_field(entry: Entry, field: FieldOfWork | None, *, account: Account, now: datetime) -> None:
    """Say which of the year's fields an entry is about; what its author handed in stays as it was.

    Raises EntryRefused: not_submitted, joined. The field says who judges: whoever knows author and marks leaves it.
    """
    if entry.state != "submitted":
        raise EntryRefused("not_submitted")
    if unblinded(entry.contest):
        raise EntryRefused("joined")
    if entry.field_of_work_id == (field.id if field else None):
        return
    before, entry.field_of_work, entry.changed_at = entry.field_of_work, field, now
    audit.record(
        account, "entries.name_field", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"before": before.key if before else None, "field_of_work": field.key if field else None},
    )  # fmt: skip


def note_paper(entry: Entry, *, pages: int, place: str, account: Account, now: datetime) -> None:
    """Where the paper of an entry lies and how many pages it has."""
    entry.paper_pages, entry.paper_place, entry.changed_at = pages, place, now
    audit.record(
        account, "entries.note_paper", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"pages": pages},
    )  # fmt: skip
