"""Fingerprints and pairs as they are found, and what people decide on a pair. Nothing here changes an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from contest import audit, jobs
from contest.accounts.models import Account
from contest.db import db, insert_for
from contest.entries import similar_queries
from contest.entries.models import Entry, Fingerprint, LikeDecision, LikePair
from contest.entries.trail import subject_of
from contest.rules.similarity_words import VERSION

BATCH = 50  # texts to a job
VERDICTS = ("cleared", "ask", "exclude", "open")


class Changed(Exception):
    """Somebody else has decided on this pair since it was looked at."""


@dataclass(frozen=True)
class Print:
    """A fingerprint that was just made. hashes: as similar_index stores them."""

    text_sha256: str
    words: int
    hashes: str


@dataclass(frozen=True)
class Found:
    """What one comparison gave: fingerprints by id, words shared, passages as LikePair has them."""

    one_id: int
    other_id: int
    contest_id: int
    unlike: int
    one_shared: int
    other_shared: int
    passages: list[list[int]]
    is_shown: bool


def want_fingerprints(now: datetime) -> None:
    """Ask for the fingerprints of whatever has none yet, and for the questions that follow."""
    jobs.enqueue("entries.take_fingerprints", now=now, key="fingerprints")


def want_comparisons(ids: Sequence[int], now: datetime) -> None:
    """Ask for the questions of these fingerprints, BATCH to a job: what all questions need is read once for each."""
    for start in range(0, len(ids), BATCH):
        some = list(ids[start : start + BATCH])
        key = f"compare:{some[0]}-{some[-1]}:{len(some)}"
        jobs.enqueue("entries.compare_texts", now=now, key=key, fingerprint_ids=some)


def compare_again(contest_id: int, *, now: datetime) -> None:
    """Have every entry of a contest compared anew, since what all may quote from has changed."""
    want_comparisons(similar_queries.live_of(contest_id), now)


def keep_print(
    made: Print, *, contest_id: int, now: datetime, entry_id: int | None = None, version_id: int | None = None,
    reference_id: int | None = None,
) -> Fingerprint:  # fmt: skip
    """The row of a fingerprint; for a text that the entry held before, the row of then."""
    same = (
        [Fingerprint.reference_id == reference_id]
        if entry_id is None
        else [Fingerprint.entry_id == entry_id, Fingerprint.text_sha256 == made.text_sha256]
    )
    row = db.session.scalars(select(Fingerprint).where(*same, Fingerprint.algorithm == VERSION)).one_or_none()
    if row is None:
        row = Fingerprint(
            contest_id=contest_id, entry_id=entry_id, reference_id=reference_id, algorithm=VERSION, made_at=now,
            text_sha256=made.text_sha256, words=made.words, hashes=made.hashes,
        )  # fmt: skip
        db.session.add(row)
    # A job that comes late must not lead back to an older version.
    if version_id is not None and version_id > (row.version_id or 0):
        # What came in while the text did not count has not met it.
        row.version_id, row.compared_at = version_id, None
    db.session.flush()
    return row


def keep_pairs(print_id: int, found: Sequence[Found], *, now: datetime) -> int:
    """Write down what a comparison gave; how many pairs are new. Figures of pairs known before are brought up."""
    known = set(
        db.session.execute(
            select(LikePair.one_id, LikePair.other_id).where(
                (LikePair.one_id == print_id) | (LikePair.other_id == print_id)
            )
        )
    )
    insert = insert_for(db.session.get_bind().dialect.name)
    new = 0
    for item in found:
        if (item.one_id, item.other_id) in known:
            place = (LikePair.one_id == item.one_id, LikePair.other_id == item.other_id)
            db.session.execute(update(LikePair).where(*place).values(is_shown=item.is_shown))
        elif item.is_shown:
            # Two workers may find the same pair from either side.
            db.session.execute(
                insert(LikePair).values(**vars(item), found_at=now, state="open").on_conflict_do_nothing()
            )
            new += 1
    db.session.execute(
        update(Fingerprint).where(Fingerprint.id == print_id, Fingerprint.compared_at.is_(None)).values(compared_at=now)
    )
    return new


def decide(pair: LikePair, *, verdict: str, reason: str, seen: int, account: Account, now: datetime) -> LikeDecision:
    """Write down what somebody made of a pair. The entry stays as it is: excluding it is a step of screening.

    seen: id of the last decision that was looked at, 0 for none. Raises Changed, ValueError for an unknown verdict.
    """
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    last = db.session.scalar(
        select(LikeDecision.id).where(LikeDecision.pair_id == pair.id).order_by(LikeDecision.id.desc()).limit(1)
    )
    if (last or 0) != seen:
        raise Changed
    row = LikeDecision(pair_id=pair.id, verdict=verdict, reason=reason, by_id=account.id, at=now)
    db.session.add(row)
    pair.state = verdict
    one, other = pair.one.entry, pair.other.entry
    audit.record(
        account, "entries.decide_likeness", _subject(one), now=now, contest_id=pair.contest_id,
        details={
            "verdict": verdict,
            "other": _subject(other) if other is not None else f"reference:{pair.other.reference_id}",
        },
    )  # fmt: skip
    return row


def _subject(entry: Entry | None) -> str:
    return subject_of(entry) if entry is not None else ""
