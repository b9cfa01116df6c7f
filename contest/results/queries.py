"""Reads of results. Names of authors come in only through `winners`, after khớp phách."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, func, not_, select
from sqlalchemy.orm import joinedload

from contest.contests.models import Category, Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import Author, Entry, RoundEntry
from contest.entries.queries import blind_title, is_unblinded, unblinded
from contest.jobs import Job
from contest.judging.queries import TAKING_PART
from contest.judging.queries import blockers as judging_blockers
from contest.results.bundles import Tabulated, contest_bundle, round_bundle, tabulated
from contest.results.models import Award, Certificate, PaperFile, Result


@dataclass(frozen=True)
class Obstacle:
    """Something that keeps a step from being taken: a code for the words, facts, and where it is solved."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    endpoint: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


_IN_FORCE = select(Result).where(Result.contest_id == bindparam("contest_id"), Result.state != "replaced")
_IN_FORCE_OF_ALL = _IN_FORCE.where(Result.round_id.is_(None))
_IN_FORCE_OF_ROUND = _IN_FORCE.where(Result.round_id == bindparam("round_id"))


def result_in_force(contest: Contest, round_: Round | None = None) -> Result | None:
    """The locked, published or awarded result of a round, or of the whole contest."""
    if round_ is None:
        return db.session.scalars(_IN_FORCE_OF_ALL, {"contest_id": contest.id}).one_or_none()
    asked = {"contest_id": contest.id, "round_id": round_.id}
    return db.session.scalars(_IN_FORCE_OF_ROUND, asked).one_or_none()


def published_result(contest: Contest) -> Result | None:
    """The contest's result if the public may see it."""
    result = result_in_force(contest)
    return result if result is not None and result.state in ("published", "awarded") else None


# By their hash. A stored result never changes, and reading a large one costs more than drawing its page.
_read: dict[str, dict[str, Any]] = {}
MOST_READ = 32


def document_of(result: Result) -> dict[str, Any]:
    """The stored result document (contest-result/1). Shared between requests: not to be changed."""
    document = _read.get(result.document_sha256)
    if document is None:
        document = json.loads(result.document)
        if len(_read) >= MOST_READ:
            _read.clear()
        _read[result.document_sha256] = document
    return document


def draft_of(contest: Contest, round_: Round) -> Tabulated:
    """What the rules make of the marks as they stand now. Kept nowhere."""
    return tabulated(round_bundle(contest, round_))


def is_last(round_: Round) -> bool:
    return not db.session.scalar(
        select(func.count())
        .select_from(Round)
        .where(Round.contest_id == round_.contest_id, Round.position > round_.position)
    )


def next_round(round_: Round) -> Round | None:
    return db.session.scalars(
        select(Round)
        .where(Round.contest_id == round_.contest_id, Round.position > round_.position)
        .order_by(Round.position)
        .limit(1)
    ).one_or_none()


def lock_obstacles(contest: Contest, round_: Round, draft: Tabulated) -> list[Obstacle]:
    """What still keeps a round's result from being locked (invariant 8)."""
    found = [Obstacle(item.code, dict(item.facts), item.endpoint) for item in judging_blockers(round_)]
    if result_in_force(contest, round_) is not None:
        found.append(Obstacle("already_locked"))
    if rules_in_force(contest).frozen_at is None:
        found.append(Obstacle("rules_not_frozen", endpoint="contests.rules"))
    if round_.state != "confirmed" and not any(item.code.startswith("round_") for item in found):
        found.append(Obstacle("round_not_confirmed", endpoint="judging.board"))
    if not draft.document["places"] and not draft.document["open"]:
        found.append(Obstacle("nothing_placed"))
    if draft.document["open"]:
        found.append(Obstacle("open_entries", {"count": len(draft.document["open"])}, "judging.board"))
    return found


def publish_obstacles(contest: Contest, result: Result | None) -> list[Obstacle]:
    """What keeps the contest's result from being published."""
    if result is None:
        return [Obstacle("not_locked", endpoint="results.round")]
    found = []
    if result.state in ("published", "awarded"):
        found.append(Obstacle("already_published"))
    if not unblinded(contest):
        found.append(Obstacle("not_unblinded", endpoint="entries.unblinding"))
    if not result.awards and proposals(result):
        found.append(Obstacle("no_decision", endpoint="results.prizes"))
    if result.state == "locked":
        found += withdrawn_since(contest, document_of(result)["places"])
    return found


def gone(contest: Contest) -> set[int]:
    """Ids of the contest's entries that no longer take part: withdrawn, there or altogether, or found invalid."""
    return set(
        db.session.scalars(
            select(RoundEntry.entry_id)
            .join(Entry, Entry.id == RoundEntry.entry_id)
            .where(Entry.contest_id == contest.id, not_(and_(*TAKING_PART)))
        )
    )


def withdrawn_since(
    contest: Contest, places: Sequence[dict[str, Any]], round_: Round | None = None
) -> list[Obstacle]:  # fmt: skip
    """Entries of a locked result's places that were withdrawn since: it has to be counted again without them."""
    left, ids = gone(contest), entries_by_key(contest, round_)
    codes = [place["entry"] for place in places if ids.get(place["entry"]) in left]
    facts = {"count": len(codes), "codes": codes}
    return [Obstacle("withdrawn_since", facts, "results.round")] if codes else []


def award_obstacles(result: Result | None) -> list[Obstacle]:
    """What keeps certificates from being given out."""
    if result is None:
        return [Obstacle("not_locked", endpoint="results.round")]
    found = []
    if result.state == "locked":
        found.append(Obstacle("not_published", endpoint="results.prizes"))
    given = [award for award in result.awards if award.state == "given"]
    if not given:
        found.append(Obstacle("no_award", endpoint="results.prizes"))
    elif not given[0].decision.number or given[0].decision.issued_on is None:
        found.append(Obstacle("decision_not_issued", endpoint="results.prizes"))
    return found


def proposals(result: Result) -> list[dict[str, Any]]:
    """The places of the result document that the rules give a prize, in order."""
    return [place for place in document_of(result)["places"] if place["prize"]]


def entries_by_key(contest: Contest, round_: Round | None = None) -> dict[str, int]:
    """Entry ids by the key a result knows them by: the code of that round, or of the first one."""
    round_ = round_ or contest.rounds[0]
    rows = db.session.execute(select(RoundEntry.code, RoundEntry.entry_id).where(RoundEntry.round_id == round_.id))
    return dict(rows.all())


@dataclass(frozen=True)
class Work:
    """What a results page may say of an entry once codes and authors are joined."""

    entry_id: int
    title: str
    authors: str
    unit_name: str
    category: str


_WORKS = (
    select(
        Entry.id, Entry.title, Entry.unit_name, Category.name, Author.full_name, is_unblinded(bindparam("contest_id"))
    )
    .outerjoin(Category, Category.id == Entry.category_id)
    .outerjoin(Author, Author.entry_id == Entry.id)
    .where(Entry.id.in_(bindparam("entry_ids", expanding=True)), Entry.contest_id == bindparam("contest_id"))
    .order_by(Author.position)
)


def works(contest: Contest, entry_ids: Sequence[int]) -> dict[int, Work]:
    """Titles, authors and units of entries. Raises PermissionError before khớp phách."""
    if not entry_ids:
        return {}
    rows = db.session.execute(_WORKS, {"contest_id": contest.id, "entry_ids": list(entry_ids)}).all()
    found: dict[int, Work] = {}
    for entry_id, title, unit_name, category, author, may_be_joined in rows:
        if not may_be_joined:
            raise PermissionError("codes and authors are still apart")
        before = found.get(entry_id)
        authors = f"{before.authors}, {author}" if before else author or ""
        found[entry_id] = Work(entry_id, title, authors, unit_name, category or "")
    return found


def titles(contest: Contest, entry_ids: Sequence[int]) -> dict[int, str]:
    """Titles are part of the work, so they may be read before khớp phách too, as judges read them."""
    rows = db.session.execute(
        select(Entry.id, blind_title).where(Entry.id.in_(entry_ids), Entry.contest_id == contest.id)
    )
    return dict(rows.all())


def certificate_by_token(token: str) -> Certificate | None:
    return db.session.scalars(select(Certificate).where(Certificate.token == token)).one_or_none()


def certificates_of(contest: Contest) -> Sequence[Certificate]:
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.contest_id == contest.id)
        .options(joinedload(Certificate.award))
        .order_by(Certificate.number)
    ).all()


def certificates_exist(contest: Contest) -> bool:
    return bool(
        db.session.scalar(select(func.count()).select_from(Certificate).where(Certificate.contest_id == contest.id))
    )


def in_place_of(certificate: Certificate) -> Certificate | None:
    """The certificate in force that was given for the same prize after this one was taken back."""
    return db.session.scalars(
        select(Certificate).where(
            Certificate.award_id == certificate.award_id,
            Certificate.revoked_at.is_(None),
            Certificate.id > certificate.id,
        )
    ).one_or_none()


def certified(result: Result) -> set[int]:
    """Ids of awards for which a certificate was ever numbered."""
    numbered = select(Certificate.award_id).join(Award, Award.id == Certificate.award_id)
    return set(db.session.scalars(numbered.where(Award.result_id == result.id)))


def certificate_in(contest: Contest, number: str) -> Certificate | None:
    return db.session.scalars(
        select(Certificate).where(Certificate.contest_id == contest.id, Certificate.number == number)
    ).one_or_none()


def certificate_job(contest: Contest) -> Job | None:
    """The printing of certificates that is waiting or under way."""
    return db.session.scalars(select(Job).where(Job.key == f"certificates:{contest.id}")).one_or_none()


_AWARDS = (
    select(Award)
    .where(Award.result_id == bindparam("result_id"))
    .options(joinedload(Award.decision))
    .order_by(Award.position)
)


def awards_of(result: Result) -> Sequence[Award]:
    return db.session.scalars(_AWARDS, {"result_id": result.id}).all()


def decision_seen(result: Result) -> str:
    """Names the decision that a page of this result shows, so that an older page is told from it."""
    return f"{result.id}.{max((award.decision_id for award in awards_of(result)), default=0)}"


def withheld_in(result: Result) -> dict[str, str]:
    """What the decision in force withholds and why, by "entry key/prize key"."""
    keys = {entry_id: key for key, entry_id in entries_by_key(result.contest).items()}
    held = [award for award in awards_of(result) if award.state == "withheld"]
    return {f"{keys[award.entry_id]}/{award.prize_key}": award.note for award in held}


def papers_of(contest: Contest) -> Sequence[PaperFile]:
    return db.session.scalars(
        select(PaperFile).where(PaperFile.contest_id == contest.id).order_by(PaperFile.id.desc())
    ).all()


def paper_in(contest: Contest, paper_id: int) -> PaperFile | None:
    return db.session.scalars(
        select(PaperFile).where(PaperFile.contest_id == contest.id, PaperFile.id == paper_id)
    ).one_or_none()


def rules_effect(contest: Contest, body: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """How other rules would change places: per entry the place, total and prize now and then.

    Goes over the whole contest's marks. Empty when nothing changes, or nothing is marked.
    """
    now = {row["entry"]: row for row in tabulated(contest_bundle(contest)).document["places"]}
    then = {
        row["entry"]: row for row in tabulated(contest_bundle(contest, body=body, number=number)).document["places"]
    }
    changed = []
    for key in sorted(now.keys() | then.keys()):
        before, after = now.get(key), then.get(key)
        seen = ("place", "total", "prize", "advances")
        if any((before or {}).get(name) != (after or {}).get(name) for name in seen):
            changed.append({"entry": key, "before": before, "after": after})
    return changed
