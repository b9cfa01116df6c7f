"""Adding texts that entries are compared with, or that all may quote from, and taking them out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contest import audit, jobs
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import ReferenceText
from contest.entries.reference_receive import Sent
from contest.entries.similar_actions import compare_again


def add(
    contest: Contest, files: Sequence[Sent], *, source: str, is_known: bool, account: Account, now: datetime
) -> None:
    """Keep files that were received; each is read, then compared, in jobs of its own."""
    for file in files:
        row = ReferenceText(
            contest_id=contest.id, name=file.name, source=source, is_known=is_known, kind=file.kind,
            storage_key=file.stored.key, size=file.stored.size, sha256=file.stored.sha256, added_by_id=account.id,
            added_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        jobs.enqueue("entries.read_reference", now=now, key=f"reference:{row.id}", reference_id=row.id)
    audit.record(
        account, "entries.add_references", f"contest:{contest.id}", now=now, contest_id=contest.id,
        details={"files": [file.stored.sha256 for file in files], "source": source, "known": is_known},
    )  # fmt: skip


def remove(row: ReferenceText, contest: Contest, *, account: Account, now: datetime) -> None:
    """Take a text out: its pairs leave the list; the file and what was decided stay on record."""
    row.removed_at = now
    if row.is_known:
        compare_again(contest.id, now=now)
    audit.record(
        account, "entries.remove_reference", f"contest:{contest.id}", now=now, contest_id=contest.id,
        details={"sha256": row.sha256},
    )  # fmt: skip
