"""Background work on texts that are alike: reading references, fingerprints, one question to the index for each text.

Each step commits what the next one reads: of two texts that come in at once, the one whose fingerprint is kept later
always meets the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contest import jobs
from contest.db import db, reading_options, utcnow
from contest.documents.sniff import Unreadable
from contest.entries import reference_queries, similar_actions, similar_queries
from contest.entries.models import Fingerprint, ReferenceText
from contest.entries.reference_receive import text_of
from contest.entries.similar_actions import BATCH
from contest.entries.similar_index import Key, kept_index, stored_print, to_store
from contest.entries.similar_queries import Comparable
from contest.rules.canonical import sha256_hex
from contest.rules.similarity import Likeness, compare_words, shared_words
from contest.rules.similarity_index import fingerprint, hashes
from contest.rules.similarity_words import Words, words_of
from contest.storage import storage


@jobs.job("entries.read_reference")
def read_reference(reference_id: int) -> dict[str, Any] | None:
    """Read the text of a file that was added. Runs twice without harm."""
    row = db.session.get_one(ReferenceText, reference_id)
    if row.state != "waiting":
        return None
    key, kind = row.storage_key, row.kind
    db.session.rollback()
    try:
        text, error = text_of(storage().read(key), kind), ""
    except Unreadable as problem:
        text, error = "", problem.code
    except FileNotFoundError:
        text, error = "", "file_lost"
    row = db.session.get_one(ReferenceText, reference_id)
    row.text, row.error, row.state = text, error, "failed" if error else "ready"
    similar_actions.want_fingerprints(utcnow())
    return {"failed": error} if error else None


@jobs.job("entries.take_fingerprints")
def take_fingerprints() -> dict[str, Any] | None:
    """Make what is missing, some at a time, and ask for the question that follows each."""
    versions = similar_queries.versions_to_read(BATCH)
    facts = [(version.id, version.entry_id, version.entry.contest_id) for version in versions]
    texts = similar_queries.texts_of_versions([version_id for version_id, *_rest in facts])
    references = [(row.id, row.contest_id, row.text) for row in reference_queries.references_to_read(BATCH)]
    # Counting thousands of words takes a while: others must be able to write meanwhile.
    db.session.rollback()
    made = {version_id: _print_of(text) for version_id, text in texts.items()}
    made_of_references = [_print_of(text) for _id, _contest, text in references]
    now = utcnow()
    new: list[int] = []
    for version_id, entry_id, contest_id in facts:
        print_ = similar_actions.keep_print(
            made[version_id], contest_id=contest_id, entry_id=entry_id, version_id=version_id, now=now
        )
        if print_.compared_at is None:
            new.append(print_.id)
    similar_actions.want_comparisons(new, now)
    for (id_, contest_id, _text), one in zip(references, made_of_references, strict=True):
        _keep_reference(id_, contest_id, one)
    if BATCH in (len(facts), len(references)):
        similar_actions.want_fingerprints(now)
    return {"texts": len(facts) + len(references)} if facts or references else None


def _print_of(text: str) -> similar_actions.Print:
    words = words_of(text)
    return similar_actions.Print(sha256_hex(text.encode()), len(words.keys), to_store(fingerprint(text)))


def _keep_reference(id_: int, contest_id: int, made: similar_actions.Print) -> None:
    now = utcnow()
    row = db.session.get_one(ReferenceText, id_)
    row.words = made.words
    print_ = similar_actions.keep_print(made, contest_id=contest_id, reference_id=id_, now=now)
    if row.is_known:
        similar_actions.compare_again(contest_id, now=now)
    elif print_.compared_at is None:
        similar_actions.want_comparisons([print_.id], now)


@jobs.job("entries.compare_texts")
def compare_texts(fingerprint_ids: list[int]) -> dict[str, Any] | None:
    """Put each text to the index, and compare it word for word with those that may share something with it."""
    # A job's transaction holds SQLite's write lock; this one only reads, until there is something to keep.
    db.session.rollback()
    db.session.connection(execution_options=reading_options(db.engine.dialect.name))
    live = similar_queries.live_keys()
    all_asked = [similar_queries.fingerprint(id_) for id_ in fingerprint_ids]
    # Some may have been taken back or replaced meanwhile.
    found = {asked.id: _likenesses(asked, live) for asked in all_asked if asked is not None}
    db.session.rollback()
    if not found:
        return None
    now = utcnow()
    new = sum(similar_actions.keep_pairs(id_, pairs, now=now) for id_, pairs in found.items())
    return {"texts": len(found), "compared": sum(len(pairs) for pairs in found.values()), "new": new}


def _likenesses(asked: Fingerprint, live: Sequence[Key]) -> list[similar_actions.Found]:
    kept = kept_index()
    candidates = kept.ask(asked.hashes, live, similar_queries.prints_of)
    others = similar_queries.comparable(asked, candidates)
    if not others:
        return []
    year = similar_queries.year_of(asked)
    known = {each.print.contest_id: _known(each.print.contest_id) for each in [Comparable(asked, year), *others]}
    mine = words_of(similar_queries.texts_of([asked])[asked.id])
    found = []
    for start in range(0, len(others), BATCH):
        some = others[start : start + BATCH]
        texts = similar_queries.texts_of([each.print for each in some])
        for each in some:
            found.append(_found(asked, year, mine, each, words_of(texts[each.print.id]), known))
    return found


def _known(contest_id: int) -> frozenset[int]:
    texts, prints = reference_queries.known_texts(contest_id)
    return frozenset().union(
        *(hashes(fingerprint(text)) for text in texts), *(hashes(stored_print(each)) for each in prints)
    )


def _found(
    asked: Fingerprint, year: int, mine: Words, other: Comparable, theirs: Words, known: dict[int, frozenset[int]]
) -> similar_actions.Found:
    """What the two share, seen from the one whose contest's page lists it: the later."""
    likeness = compare_words(mine, theirs)
    one, second = asked, other.print
    if _comes_first(asked, year, other):
        one, second, likeness = second, one, likeness.turned()
    a, b = shared_words(likeness.passages)
    return similar_actions.Found(
        one_id=one.id, other_id=second.id, contest_id=one.contest_id,
        # As the score is shown, so that the list's order is the order of its figures.
        unlike=int((1 - likeness.score) * 10_000), one_shared=a, other_shared=b,
        passages=[[*passage.a, *passage.b] for passage in likeness.passages],
        is_shown=likeness.is_shown(_common(likeness) | known[one.contest_id]),
    )  # fmt: skip


def _comes_first(asked: Fingerprint, year: int, other: Comparable) -> bool:
    """Whether the text asked about is the earlier one: a reference always, else by year, then by entry."""
    if asked.entry_id is None or other.print.entry_id is None:
        return asked.entry_id is None
    return (year, asked.entry_id) < (other.year, other.print.entry_id)


def _common(likeness: Likeness) -> frozenset[int]:
    marks: Sequence[int] = [mark for passage in likeness.passages for mark in passage.marks]
    return kept_index().common_of(marks)
