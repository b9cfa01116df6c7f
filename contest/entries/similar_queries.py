"""Reads about texts that are alike. What may be shown of them to whom is decided in similar_shown.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, undefer

from contest.accounts.models import Account
from contest.campaigns.models import Campaign
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import (
    Entry,
    EntryFile,
    EntryVersion,
    Fingerprint,
    JudgeCopy,
    LikeDecision,
    LikePair,
    ReferenceText,
)
from contest.entries.similar_index import Key
from contest.rules.similarity_words import VERSION

# Nobody has come to an end with these yet.
OPEN = ("open", "ask")
# Keys of one statement: SQLite takes 32,766 values, and a plan must be made for each number of them.
CHUNK = 500


def _has_later(version_id: Any, entry_id: Any) -> ColumnElement[bool]:
    """Whether a newer version of the entry was handed in; versions are numbered as they come, and so are their ids."""
    later = aliased(EntryVersion)
    return exists().where(later.entry_id == entry_id, later.id > version_id, later.submitted_at.is_not(None))


def _counts_now(print_: Any) -> ColumnElement[bool]:
    """Whether a fingerprint counts now: of the newest version of an entry not taken back, or a reference in use.

    A text that all may quote from does not: it is compared with nobody. print_: Fingerprint or an alias of it.
    """
    entry, reference = aliased(Entry), aliased(ReferenceText)
    of_entry = and_(
        exists().where(entry.id == print_.entry_id, entry.state == "submitted"),
        ~_has_later(print_.version_id, print_.entry_id),
    )
    of_reference = exists().where(
        reference.id == print_.reference_id, reference.removed_at.is_(None), ~reference.is_known
    )
    return and_(print_.algorithm == VERSION, or_(of_entry, of_reference))


def _is_live(id_: Any) -> ColumnElement[bool]:
    """The same, of the fingerprint a column names: asked row by row, so that it costs nothing for all others."""
    print_ = aliased(Fingerprint)
    return exists().where(print_.id == id_, _counts_now(print_))


def live_keys() -> list[Key]:
    rows = db.session.execute(select(Fingerprint.id, Fingerprint.text_sha256).where(_counts_now(Fingerprint)))
    return [(row[0], row[1]) for row in rows]


def prints_of(keys: Collection[Key]) -> dict[Key, str]:
    """What is stored of fingerprints, as stored."""
    wanted = list(keys)
    found: dict[Key, str] = {}
    for start in range(0, len(wanted), CHUNK):
        ids = [each[0] for each in wanted[start : start + CHUNK]]
        query = select(Fingerprint.id, Fingerprint.text_sha256, Fingerprint.hashes).where(Fingerprint.id.in_(ids))
        found.update({(id_, sha256): hashes for id_, sha256, hashes in db.session.execute(query)})
    return found


def versions_to_read(limit: int) -> Sequence[EntryVersion]:
    """Works handed in that have no fingerprint yet, oldest first: the newest version of each."""
    has_one = exists().where(Fingerprint.version_id == EntryVersion.id, Fingerprint.algorithm == VERSION)
    return db.session.scalars(
        select(EntryVersion)
        .join(EntryVersion.entry)
        .options(joinedload(EntryVersion.entry))
        .where(
            EntryVersion.submitted_at.is_not(None),
            Entry.state == "submitted",
            ~has_one,
            ~_has_later(EntryVersion.id, EntryVersion.entry_id),
        )
        .order_by(EntryVersion.id)
        .limit(limit)
    ).all()


def texts_of_versions(version_ids: Collection[int]) -> dict[int, str]:
    """The work of each version as plain text: what was typed, then what was read in its files."""
    parts: dict[int, list[str]] = {}
    typed = select(EntryVersion.id, EntryVersion.text).where(EntryVersion.id.in_(version_ids))
    for id_, text in db.session.execute(typed):
        parts[id_] = [text]
    read = select(EntryFile.version_id, EntryFile.text).where(EntryFile.version_id.in_(version_ids))
    for id_, text in db.session.execute(read.order_by(EntryFile.version_id, EntryFile.position)):
        parts[id_].append(text)
    return {id_: "\n\n".join(filter(None, texts)) for id_, texts in parts.items()}


def texts_of(prints: Sequence[Fingerprint]) -> dict[int, str]:
    """The text of each fingerprint, by its id."""
    versions = texts_of_versions([row.version_id for row in prints if row.version_id is not None])
    ids = [row.reference_id for row in prints if row.reference_id is not None]
    query = select(ReferenceText.id, ReferenceText.text).where(ReferenceText.id.in_(ids))
    references = dict(db.session.execute(query).all()) if ids else {}
    return {
        row.id: versions[row.version_id] if row.version_id is not None else references.get(row.reference_id or 0, "")
        for row in prints
    }


def fingerprint(id_: int) -> Fingerprint | None:
    """One that counts now, with what is stored of it."""
    return db.session.scalars(
        select(Fingerprint).options(undefer(Fingerprint.hashes)).where(Fingerprint.id == id_, _counts_now(Fingerprint))
    ).one_or_none()


@dataclass(frozen=True)
class Comparable:
    """A text beside the one asked about. year: of its contest's campaign."""

    print: Fingerprint
    year: int


def comparable(asked: Fingerprint, ids: Collection[int]) -> list[Comparable]:
    """Of these fingerprints, those the one asked about is compared with.

    Entries: of the same contest, and of other years; not of another contest of the same year, which is still judged.
    References: of the contest itself. An entry is not compared with itself.
    """
    year = _year_of(asked.contest_id)
    same = Fingerprint.contest_id == asked.contest_id
    if asked.entry_id is None:
        scope = and_(same, Fingerprint.entry_id.is_not(None))
    else:
        others = and_(Fingerprint.entry_id.is_not(None), Fingerprint.entry_id != asked.entry_id)
        scope = or_(and_(others, or_(same, Campaign.year != year)), and_(same, Fingerprint.reference_id.is_not(None)))
    found: list[Comparable] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        rows = db.session.execute(
            select(Fingerprint, Campaign.year)
            .join(Contest, Contest.id == Fingerprint.contest_id)
            .join(Campaign, Campaign.id == Contest.campaign_id)
            .options(undefer(Fingerprint.hashes))
            .where(Fingerprint.id.in_(wanted[start : start + CHUNK]), scope)
            .order_by(Fingerprint.id)
        )
        found += [Comparable(print_, its_year) for print_, its_year in rows]
    return found


def _year_of(contest_id: int) -> int:
    query = select(Campaign.year).join(Contest, Contest.campaign_id == Campaign.id).where(Contest.id == contest_id)
    return db.session.scalars(query).one()


def year_of(print_: Fingerprint) -> int:
    return _year_of(print_.contest_id)


def live_of(contest_id: int) -> Sequence[int]:
    """Fingerprints of a contest's entries that count now."""
    return db.session.scalars(
        select(Fingerprint.id).where(
            Fingerprint.contest_id == contest_id, Fingerprint.entry_id.is_not(None), _counts_now(Fingerprint)
        )
    ).all()


def _listed(contest: Contest) -> list[ColumnElement[bool]]:
    """Pairs that a contest's page shows: both texts count now, and they share enough or were decided on."""
    return [LikePair.contest_id == contest.id, _is_to_see()]


@cache
def _is_to_see() -> ColumnElement[bool]:
    # Built once: putting it together takes ten times as long as the database needs for it.
    return and_(
        _is_live(LikePair.one_id), _is_live(LikePair.other_id), or_(LikePair.is_shown, LikePair.state != "open")
    )


_WITH_BOTH = tuple(
    option
    for side in (LikePair.one, LikePair.other)
    for option in (
        joinedload(side).joinedload(Fingerprint.entry).joinedload(Entry.contest).joinedload(Contest.campaign),
        joinedload(side).joinedload(Fingerprint.reference),
        joinedload(side).joinedload(Fingerprint.entry).selectinload(Entry.authors),
    )
)


def pairs(contest: Contest, state: str = "", public_id: str = "") -> Select[Any]:
    """The pairs of a contest, for keyset paging by LikePair.unlike and id. state, public_id: empty for all."""
    query = select(LikePair).options(*_WITH_BOTH).where(*_listed(contest))
    if state:
        query = query.where(LikePair.state == state)
    if public_id:
        its = select(Fingerprint.id).join(Entry, Entry.id == Fingerprint.entry_id).where(Entry.public_id == public_id)
        query = query.where(or_(LikePair.one_id.in_(its), LikePair.other_id.in_(its)))
    return query


def pair_in(contest: Contest, number: int, *, locked: bool = False) -> LikePair | None:
    """One pair of the contest's page, with its passages."""
    query = (
        select(LikePair)
        .options(*_WITH_BOTH, undefer(LikePair.passages))
        .where(*_listed(contest), LikePair.id == number)
    )
    pair = db.session.scalars(query).one_or_none()
    if pair is not None and locked:
        db.session.refresh(pair, with_for_update={"of": LikePair})
    return pair


def next_open(contest: Contest, pair: LikePair) -> int | None:
    """The most alike of the other pairs that nobody has decided on."""
    query = select(LikePair.id).where(*_listed(contest), LikePair.state == "open", LikePair.id != pair.id)
    return db.session.scalar(query.order_by(LikePair.unlike, LikePair.id).limit(1))


def counts(contest: Contest) -> Mapping[str, int]:
    """How many pairs stand where, by state."""
    query = select(LikePair.state, func.count()).where(*_listed(contest)).group_by(LikePair.state)
    return dict(db.session.execute(query).all())


def progress(contest: Contest) -> tuple[int, int]:
    """(works handed in, those of them that have been compared)."""
    compared = exists().where(
        Fingerprint.entry_id == Entry.id,
        Fingerprint.algorithm == VERSION,
        Fingerprint.compared_at.is_not(None),
        ~_has_later(Fingerprint.version_id, Fingerprint.entry_id),
    )
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((compared, 1), else_=0)), 0)).where(
            Entry.contest_id == contest.id, Entry.state == "submitted"
        )
    ).one()
    return int(row[0]), int(row[1])


def open_pairs(contest: Contest, entry_ids: Collection[int]) -> dict[int, int]:
    """How many pairs wait for somebody's decision, by entry; entries without one are left out."""
    if not entry_ids:
        return {}
    found: dict[int, int] = {}
    for side in (LikePair.one_id, LikePair.other_id):
        query = (
            select(Fingerprint.entry_id, func.count())
            .join(LikePair, side == Fingerprint.id)
            .where(*_listed(contest), LikePair.state.in_(OPEN), Fingerprint.entry_id.in_(entry_ids))
            .group_by(Fingerprint.entry_id)
        )
        for entry_id, count in db.session.execute(query):
            assert entry_id is not None
            found[entry_id] = found.get(entry_id, 0) + count
    return found


def decisions_of(pair: LikePair) -> list[tuple[LikeDecision, str]]:
    """What was decided, newest first, with the name of who did."""
    rows = db.session.execute(
        select(LikeDecision, Account.full_name)
        .join(Account, Account.id == LikeDecision.by_id)
        .where(LikeDecision.pair_id == pair.id)
        .order_by(LikeDecision.id.desc())
    )
    return [(row, name) for row, name in rows]


def copies_of(entry_ids: Collection[int]) -> dict[int, JudgeCopy]:
    """The judges' copies of entries: titles, and what was covered in them."""
    rows = db.session.scalars(
        select(JudgeCopy).options(undefer(JudgeCopy.plain)).where(JudgeCopy.entry_id.in_(entry_ids))
    )
    return {row.entry_id: row for row in rows}


def titles_of(entry_ids: Collection[int]) -> dict[int, str]:
    """Titles as people may read them who must not know the authors, of entries whose judges' copy is made."""
    query = select(JudgeCopy.entry_id, JudgeCopy.title).where(
        JudgeCopy.entry_id.in_(entry_ids), JudgeCopy.state == "ready", JudgeCopy.title != ""
    )
    return dict(db.session.execute(query).all())


def version_of(print_: Fingerprint) -> EntryVersion:
    """The version a fingerprint was taken of, with its author slip."""
    return db.session.scalars(
        select(EntryVersion).options(undefer(EntryVersion.slip)).where(EntryVersion.id == print_.version_id)
    ).one()
