"""Reads about texts that entries are compared with, or that all may quote from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select

from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Fingerprint, ReferenceText
from contest.rules.similarity_words import VERSION


def references_to_read(limit: int) -> Sequence[ReferenceText]:
    """Reference texts that are read and have no fingerprint yet."""
    has_one = exists().where(Fingerprint.reference_id == ReferenceText.id, Fingerprint.algorithm == VERSION)
    return db.session.scalars(
        select(ReferenceText)
        .where(ReferenceText.state == "ready", ReferenceText.removed_at.is_(None), ~has_one)
        .order_by(ReferenceText.id)
        .limit(limit)
    ).all()


def known_texts(contest_id: int) -> tuple[list[str], list[str]]:
    """What all may quote from: texts of the contest itself, and stored fingerprints of references said to be known."""
    row = db.session.execute(
        select(Contest.rules_text, Contest.about, Contest.pledge_text, Contest.ai_pledge_text).where(
            Contest.id == contest_id
        )
    ).one()
    prints = db.session.scalars(
        select(Fingerprint.hashes)
        .join(ReferenceText, ReferenceText.id == Fingerprint.reference_id)
        .where(
            ReferenceText.contest_id == contest_id,
            ReferenceText.is_known,
            ReferenceText.removed_at.is_(None),
            Fingerprint.algorithm == VERSION,
        )
    ).all()
    return [text for text in row if text], list(prints)


def references(contest: Contest) -> Sequence[ReferenceText]:
    """Texts in use, newest first."""
    return db.session.scalars(
        select(ReferenceText)
        .where(ReferenceText.contest_id == contest.id, ReferenceText.removed_at.is_(None))
        .order_by(ReferenceText.id.desc())
    ).all()


def reference_in(contest: Contest, number: int) -> ReferenceText | None:
    return db.session.scalars(
        select(ReferenceText).where(
            ReferenceText.id == number, ReferenceText.contest_id == contest.id, ReferenceText.removed_at.is_(None)
        )
    ).one_or_none()


def hashes_kept(contest: Contest) -> frozenset[str]:
    """SHA-256 of the reference files in use."""
    query = select(ReferenceText.sha256).where(
        ReferenceText.contest_id == contest.id, ReferenceText.removed_at.is_(None)
    )
    return frozenset(db.session.scalars(query))
