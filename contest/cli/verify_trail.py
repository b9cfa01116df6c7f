"""Checks of `verify` against the trail: rows that carry no chain of their own must be as they were when it was written.

The trail is chained and append-only, and its own check says whether it holds. What an older version of this program
wrote without a hash is not judged by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from json import loads
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from contest.audit import AuditEvent
from contest.contests.models import Round, RuleSet
from contest.db import db
from contest.entries.copy_actions import copy_sha256
from contest.entries.models import Author, Entry, EntryVersion, JudgeCopy, Screening, Unblinding
from contest.entries.queries import admitted
from contest.entries.trail import seal_of
from contest.judging.discussion_actions import standing_sha256
from contest.judging.discussion_models import Discussion, DiscussionMessage
from contest.results.bundles import round_bundle
from contest.results.fingerprints import of_certificate, of_decision
from contest.results.models import Award, Certificate, Decision, Result
from contest.results.queries import entries_by_key, proposals
from contest.rules.canonical import sha256_hex

BATCH = 200


def _told(*actions: str) -> Sequence[Any]:
    """Events of these actions in order."""
    return db.session.execute(
        select(AuditEvent.action, AuditEvent.subject, AuditEvent.actor_id, AuditEvent.contest_id, AuditEvent.details)
        .where(AuditEvent.action.in_(actions))
        .order_by(AuditEvent.seq)
    ).all()


def works() -> Iterator[str]:
    """What was handed in is what was receipted, and the rows that lists and papers read say the same."""
    receipted = {event.details["sha256"] for event in _told("entries.submit")}
    newest: dict[int, dict[str, Any]] = {}
    versions = db.session.scalars(
        select(EntryVersion)
        .where(EntryVersion.submitted_at.is_not(None))
        .options(undefer(EntryVersion.content), selectinload(EntryVersion.files))
        .order_by(EntryVersion.entry_id, EntryVersion.number)
        .execution_options(yield_per=BATCH)
    )
    for version in versions:
        name = f"entry {version.entry_id}, version {version.number}"
        if sha256_hex(version.content.encode()) != version.content_sha256:
            yield f"{name}: the work is not the one that was receipted"
            continue
        if version.content_sha256 not in receipted:
            yield f"{name}: its receipt is not in the trail"
        body = loads(version.content)
        files = [{"name": file.name, "kind": file.kind, "size": file.size, "sha256": file.sha256}
                 for file in version.files]  # fmt: skip
        if (version.title, version.text, files) != (body["title"], body["text"], body["files"]):
            yield f"{name}: title, text or files are others than were receipted"
        newest[version.entry_id] = body
    yield from _entries(newest)


def _entries(newest: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    people: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.scalars(select(Author).order_by(Author.entry_id, Author.position)):
        born = row.birth_date.isoformat() if row.birth_date else None
        people.setdefault(row.entry_id, []).append(
            {"full_name": row.full_name, "birth_date": born, "work": row.work, "address": row.address,
             "phone": row.phone, "email": row.email}
        )  # fmt: skip
    rows = select(Entry.id, Entry.state, Entry.title, Entry.unit_name).order_by(Entry.id)
    for entry_id, state, title, unit_name in db.session.execute(rows):
        body = newest.get(entry_id)
        if body is None:
            if state == "submitted":
                yield f"entry {entry_id}: handed in, and no version of it is there"
            continue
        if (title, unit_name) != (body["title"], body["unit"]):
            yield f"entry {entry_id}: title or unit is another than was receipted"
        if people.get(entry_id, []) != body["authors"]:
            yield f"entry {entry_id}: the authors are others than were receipted"


def verdicts() -> Iterator[str]:
    """Whether an entry is valid is what the last decision of the secretariat said."""
    last: dict[int, str] = {}
    for entry_id, verdict in db.session.execute(select(Screening.entry_id, Screening.verdict).order_by(Screening.id)):
        last[entry_id] = verdict
    decided = select(Entry.id, Entry.screening).where(Entry.screening != "pending").order_by(Entry.id)
    for entry_id, screening in db.session.execute(decided):
        if last.get(entry_id) != screening:
            yield f"entry {entry_id} is {screening}, which nobody decided"


def copies() -> Iterator[str]:
    """Judges read what a person has looked through."""
    checked = select(AuditEvent.at, AuditEvent.details).where(AuditEvent.action == "entries.check_copy")
    told: dict[datetime, set[str | None]] = {}
    for at, details in db.session.execute(checked):
        told.setdefault(at, set()).add(details.get("sha256"))
    copies = select(JudgeCopy).where(JudgeCopy.checked_at.is_not(None)).order_by(JudgeCopy.id)
    for copy in db.session.scalars(copies.execution_options(yield_per=BATCH)):
        known = told.get(copy.checked_at, set()) if copy.checked_at is not None else set()
        if not known & {None, copy_sha256(copy)}:
            yield f"copy {copy.id}: judges read another work than was looked through"


def codes() -> Iterator[str]:
    """Which entry has which code in a round, and that codes and authors were joined by two people."""
    sealed = {event.subject: event.details for event in _told("entries.admit") if "seal" in event.details}
    for round_ in db.session.scalars(select(Round).order_by(Round.id)):
        kept = sealed.get(f"round:{round_.id}")
        now = seal_of(round_.id, admitted(round_))
        if kept is not None and kept["key"] == now["key"] and kept["seal"] != now["seal"]:
            yield f"round {round_.id}: codes belong to other entries than they were drawn for"
    asked = {event.subject: event.actor_id for event in _told("entries.unblinding_ask")}
    agreed = {event.subject: event.actor_id for event in _told("entries.unblinding_approve")}
    for row in db.session.scalars(select(Unblinding).order_by(Unblinding.id)):
        name = f"unblinding:{row.id}"
        if asked.get(name) != row.asked_by_id:
            yield f"{name} was asked for by nobody, or by somebody else"
        if row.approved_at is not None and (
            agreed.get(name) != row.approved_by_id or row.approved_by_id == row.asked_by_id
        ):
            yield f"{name} was not agreed to by a second person"


def rule_sets() -> Iterator[str]:
    """Rules in force are those that were put in force."""
    told = {(event.contest_id, event.details["number"]): event.details["sha256"]
            for event in _told("contests.freeze_rules")}  # fmt: skip
    rows = select(RuleSet.contest_id, RuleSet.number, RuleSet.sha256).where(RuleSet.frozen_at.is_not(None))
    frozen = {(contest_id, number): sha256 for contest_id, number, sha256 in db.session.execute(rows)}
    for contest_id, number in sorted(told.keys() | frozen.keys()):
        if told.get((contest_id, number)) != frozen.get((contest_id, number)):
            yield f"rule set {number} of contest {contest_id} is not the one that was put in force"


def locked_results() -> Iterator[str]:
    """Results are those that were locked, in the state they were brought to, of the sheets as they stand."""
    told: dict[str, dict[str, Any]] = {}
    for event in _told("results.lock", "results.publish", "results.reopen"):
        told.setdefault(event.subject, {})[event.action] = event.details
    for result in db.session.scalars(select(Result).order_by(Result.id)):
        steps = told.pop(f"result:{result.id}", {})
        lock = steps.get("results.lock", {})
        if lock.get("bundle_sha256") != result.bundle_sha256:
            yield f"result {result.id}: its bundle is not the one that was locked"
        if lock.get("ledger", [result.ledger_length, result.ledger_hash]) != [result.ledger_length, result.ledger_hash]:
            yield f"result {result.id}: the place in the ledger is not the one it was locked at"
        reached = "replaced" if "results.reopen" in steps else "published" if "results.publish" in steps else "locked"
        if (result.state if result.state != "awarded" else "published") != reached:
            yield f"result {result.id} is {result.state}, and the trail says {reached}"
        if result.round is not None and result.state != "replaced":
            yield from _as_marked(result, result.round)
    for subject in told:
        yield f"{subject} is gone"


def _as_marked(result: Result, round_: Round) -> Iterator[str]:
    """After the lock nothing may change: neither a sheet, nor whose it is, nor of which code."""
    if round_.state != "confirmed" or round_.locked_at is None:
        yield f"result {result.id}: its round is open to marks"
    stored, now = loads(result.bundle), round_bundle(result.contest, round_)
    for part in ("judges", "marks"):
        if _in_order(stored[part]) != _in_order(now[part]):
            yield f"result {result.id}: {part} are others now than when it was locked"


def _in_order(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def prizes() -> Iterator[str]:
    """Prizes are those of the result, less what the last decision withheld."""
    decided = {event.contest_id: event for event in _told("results.decide_prizes")}
    for result in db.session.scalars(select(Result).where(Result.round_id.is_(None)).order_by(Result.id)):
        awards = db.session.scalars(select(Award).where(Award.result_id == result.id).order_by(Award.position)).all()
        if not awards or result.state == "replaced":
            if result.state in ("published", "awarded") and proposals(result):
                yield f"result {result.id}: its prizes are gone"
            continue
        keys = {entry_id: key for key, entry_id in entries_by_key(result.contest).items()}
        given = [(keys.get(row.entry_id), row.prize_key, row.place, row.total) for row in awards]
        if given != [(row["entry"], row["prize"], row["place"], row["total"]) for row in proposals(result)]:
            yield f"result {result.id}: its prizes are not those of its document"
        event = decided.get(result.contest_id)
        decision = db.session.get_one(Decision, awards[0].decision_id)
        if event is None or {f"decision:{row.decision_id}" for row in awards} != {event.subject}:
            yield f"result {result.id}: its prizes are not those of the last decision"
        elif event.details.get("sha256", "") not in ("", of_decision(decision, awards, keys)):
            yield f"result {result.id}: the decision on its prizes was changed"


def certificates() -> Iterator[str]:
    """Certificates say what they said when they were numbered, and are in force unless they were taken back."""
    told: dict[str, str | None] = {}
    for event in _told("results.issue_certificates"):
        hashes = event.details.get("sha256") or [None] * len(event.details["numbers"])
        told |= dict(zip(event.details["numbers"], hashes, strict=True))
    for event in _told("results.replace_certificate"):
        told[event.details["by"]] = event.details.get("sha256")
    revoked = {event.subject: event.details["reason"] for event in _told("results.revoke_certificate")}
    for row in db.session.scalars(
        select(Certificate).options(joinedload(Certificate.award)).order_by(Certificate.number)
    ):
        if row.number not in told:
            yield f"certificate {row.number} was given by nobody"
        elif told.pop(row.number) not in (None, of_certificate(row)):
            yield f"certificate {row.number} says something else than when it was given"
        if row.award.state != "given":
            yield f"certificate {row.number} is for a prize that was not given"
        reason = row.revoked_reason if row.revoked_at is not None else None
        if revoked.get(f"certificate:{row.number}") != reason:
            yield f"certificate {row.number} is in force or not against the trail"
    for number in told:
        yield f"certificate {number} is gone"


def talks() -> Iterator[str]:
    """What was said in discussions, and which sheets they began and ended with."""
    opened = {event.subject: event.details for event in _told("judging.open_discussion")}
    ended = {event.subject: event.details for event in _told("judging.end_discussion")}
    said = {str(event.details["message"]): event.details["sha256"] for event in _told("judging.discuss")}
    for row in db.session.scalars(select(Discussion).order_by(Discussion.id)):
        name = f"discussion:{row.id}"
        first, last = opened.pop(name, None), ended.get(name)
        if first is None or first["reason"] != row.reason or _differs(first, row.before):
            yield f"{name} was opened otherwise"
        if (last is None) != (row.ended_at is None):
            yield f"{name} was ended otherwise"
        elif last is not None and (last["sha256"] != sha256_hex(row.conclusion.encode()) or _differs(last, row.after)):
            yield f"{name} ended otherwise"
    for message in db.session.scalars(select(DiscussionMessage).order_by(DiscussionMessage.id)):
        if said.pop(str(message.id), None) != sha256_hex(message.text.encode()):
            yield f"discussion:{message.discussion_id}: word {message.id} was not said so"
    for name in (*opened, *(f"word {number} of a discussion" for number in said)):
        yield f"{name} is gone"


def _differs(told: Mapping[str, Any], standing: dict[str, Any] | None) -> bool:
    return "standing" in told and told["standing"] != standing_sha256(standing or {})


CHECKS = (
    ("works as handed in", works),
    ("verdicts", verdicts),
    ("copies for judges", copies),
    ("codes and their joining", codes),
    ("rules in force", rule_sets),
    ("results as locked", locked_results),
    ("prizes", prizes),
    ("certificates", certificates),
    ("words of discussions", talks),
)
