"""Writes of results: lock, advance, decide prizes, publish, certify; each refused with what blocks it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from contest import audit, jobs
from contest.audit import Actor
from contest.contests.actions import touch
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.actions import admit_to_round, take_out_of_round
from contest.entries.models import Entry
from contest.entries.queries import unblinded
from contest.judging.models import Assignment
from contest.judging.queries import ledger_head
from contest.results.bundles import Tabulated, contest_bundle, round_bundle, tabulated
from contest.results.fingerprints import of_decision
from contest.results.models import Award, Decision, PaperFile, Result
from contest.results.queries import (
    Obstacle,
    awards_of,
    certificates_exist,
    decision_seen,
    document_of,
    entries_by_key,
    is_last,
    lock_obstacles,
    next_round,
    proposals,
    publish_obstacles,
    result_in_force,
    withdrawn_since,
    withheld_in,
)
from contest.storage import Stored


class NotReady(Exception):
    """A step that cannot be taken yet, with everything that still blocks it."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(item.code for item in obstacles))
        self.obstacles = obstacles


class UnknownPrize(Exception):
    """A decision names an entry or a prize that the result does not hold."""


def lock_round(contest: Contest, round_: Round, *, actor: Actor, now: datetime) -> Result:
    """Freeze a round's result; with the last round, the whole contest's result too. Raises NotReady."""
    # From here on no mark of the contest is taken until this is committed or given up.
    _hold(contest)
    draft = tabulated(round_bundle(contest, round_))
    if obstacles := lock_obstacles(contest, round_, draft):
        raise NotReady(obstacles)
    result = _store(contest, round_, draft, actor=actor, now=now)
    round_.locked_at = now
    if is_last(round_):
        whole = tabulated(contest_bundle(contest))
        if whole.document["open"]:
            raise NotReady([Obstacle("open_entries", {"count": len(whole.document["open"])}, "judging.board")])
        _store(contest, None, whole, actor=actor, now=now)
    return result


def _store(contest: Contest, round_: Round | None, made: Tabulated, *, actor: Actor, now: datetime) -> Result:
    head = ledger_head(contest)
    result = Result(
        contest_id=contest.id,
        round_id=round_.id if round_ is not None else None,
        rules_number=made.document["rules_number"],
        bundle=made.bundle_text,
        bundle_sha256=made.bundle_sha256,
        document=made.document_text,
        document_sha256=made.document_sha256,
        ledger_length=head.length,
        ledger_hash=head.hash,
        locked_by_id=actor.actor_id,
        locked_at=now,
    )
    db.session.add(result)
    db.session.flush()
    db.session.execute(
        update(Result)
        .where(
            Result.contest_id == result.contest_id,
            Result.round_id == result.round_id if result.round_id is not None else Result.round_id.is_(None),
            Result.state == "replaced",
            Result.replaced_by_id.is_(None),
        )
        .values(replaced_by_id=result.id)
    )
    audit.record(
        actor,
        "results.lock",
        f"result:{result.id}",
        now=now,
        contest_id=contest.id,
        details={
            "round": round_.key if round_ is not None else None,
            "bundle_sha256": made.bundle_sha256,
            "ledger": [head.length, head.hash],
        },
    )
    return result


def reopen(contest: Contest, round_: Round, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a locked result, with the reason, so that the round can be corrected.

    The old result stays on record. Refused once the contest's result is published, and once the
    next round has begun from it.
    """
    _hold(contest)
    locked, whole = result_in_force(contest, round_), result_in_force(contest)
    if locked is None:
        raise NotReady([Obstacle("not_locked")])
    if whole is not None and whole.state != "locked":
        raise NotReady([Obstacle("already_published")])
    following = next_round(round_)
    if following is not None and (following.state != "waiting" or _dealt_out(following)):
        raise NotReady([Obstacle("next_round_begun")])
    joined = unblinded(contest)
    for result in (locked, whole) if is_last(round_) else (locked,):
        if result is None:
            continue
        result.state, result.reason = "replaced", reason
        audit.record(
            actor, "results.reopen", f"result:{result.id}", now=now, contest_id=contest.id,
            details={"reason": reason, "codes_joined": joined},
        )  # fmt: skip
    round_.state = "closed"
    round_.confirmed_at = round_.confirmed_by_id = round_.locked_at = None


def _hold(contest: Contest) -> None:
    """Steps of one contest's result are taken one after another; what was read before the wait may be old."""
    hold_anew(contest.id)


def _dealt_out(round_: Round) -> bool:
    """Whether any judge was given an entry of the round."""
    return bool(db.session.scalar(select(func.count()).where(Assignment.round_id == round_.id)))


def advance(contest: Contest, round_: Round, *, actor: Actor, now: datetime, rng: random.Random) -> int:
    """Admit those the locked result advances to the next round, under new codes; how many. Repeatable.

    Whom an earlier result advanced and this one does not is taken out again: a result can be
    replaced only until the next round's entries are dealt out.
    """
    _hold(contest)
    result, following = result_in_force(contest, round_), next_round(round_)
    if result is None:
        raise NotReady([Obstacle("not_locked")])
    if following is None:
        raise NotReady([Obstacle("last_round")])
    places = [place for place in document_of(result)["places"] if place["advances"]]
    begun = _dealt_out(following)
    if not begun and (obstacles := withdrawn_since(contest, places, round_)):
        raise NotReady(obstacles)
    ids = entries_by_key(contest, round_)
    chosen = [ids[place["entry"]] for place in places]
    entries = db.session.scalars(select(Entry).where(Entry.id.in_(chosen)).order_by(Entry.id)).all()
    out = 0 if begun else take_out_of_round(following, staying=chosen, now=now)
    admitted = admit_to_round(following, list(entries), actor=actor, now=now, rng=rng)
    audit.record(
        actor,
        "results.advance",
        f"round:{following.id}",
        now=now,
        contest_id=contest.id,
        details={"entries": len(chosen), "new": len(admitted), "taken_out": out},
    )
    return len(chosen)


def decide_prizes(
    contest: Contest,
    withheld: Mapping[str, str],
    *,
    number: str,
    issued_on: date | None,
    signer_block: str,
    note: str,
    actor: Actor,
    now: datetime,
    seen: str = "",
) -> Decision:
    """Record the decision on prizes: what the rules propose, less what is withheld.

    withheld: reason by "entry key/prize key". Number and day may stay empty until the decision is
    issued; calling again before certificates exist replaces the awards. seen: `decision_seen` of the page this
    comes from; another decision taken since is not written over. Raises NotReady, UnknownPrize.
    """
    _hold(contest)
    result = result_in_force(contest)
    if result is None:
        raise NotReady([Obstacle("not_locked", endpoint="results.round")])
    if certificates_exist(contest):
        raise NotReady([Obstacle("certificates_exist", endpoint="results.certificates")])
    if seen and seen != decision_seen(result):
        return _repeated(result, (number, issued_on, signer_block, note), withheld)
    if result.state != "locked" and set(withheld) != set(withheld_in(result)):
        # The letters are out: the decision may still get its number and day, but nobody's prize may move.
        raise NotReady([Obstacle("already_published")])
    if result.state == "locked" and (obstacles := withdrawn_since(contest, document_of(result)["places"])):
        raise NotReady(obstacles)
    proposed = proposals(result)
    if unknown := set(withheld) - {f"{row['entry']}/{row['prize']}" for row in proposed}:
        raise UnknownPrize(sorted(unknown)[0])
    decision = Decision(
        contest_id=contest.id, number=number, issued_on=issued_on, signer_block=signer_block, note=note,
        decided_by_id=actor.actor_id, decided_at=now,
    )  # fmt: skip
    db.session.add(decision)
    for award in list(result.awards):
        db.session.delete(award)
    db.session.flush()
    _add_awards(contest, result, decision, proposed, withheld)
    codes = {entry_id: key for key, entry_id in entries_by_key(contest).items()}
    audit.record(
        actor, "results.decide_prizes", f"decision:{decision.id}", now=now, contest_id=contest.id,
        details={"number": number, "given": len(proposed) - len(withheld), "withheld": len(withheld),
                 "sha256": of_decision(decision, result.awards, codes)},
    )  # fmt: skip
    touch(contest)
    return decision


def _repeated(result: Result, asked: tuple[str, date | None, str, str], withheld: Mapping[str, str]) -> Decision:
    """The decision in force, when an older page asks for just that: pressed twice. Raises NotReady."""
    awards = awards_of(result)
    last = awards[0].decision if awards else None
    if last is None or asked != (last.number, last.issued_on, last.signer_block, last.note):
        raise NotReady([Obstacle("decision_changed")])
    if dict(withheld) != withheld_in(result):
        raise NotReady([Obstacle("decision_changed")])
    return last


def _add_awards(
    contest: Contest, result: Result, decision: Decision, proposed: list[dict[str, Any]], withheld: Mapping[str, str]
) -> None:
    ids = entries_by_key(contest)
    names = {prize["key"]: prize["name"] for prize in prizes_of(result)}
    for position, row in enumerate(proposed, 1):
        reason = withheld.get(f"{row['entry']}/{row['prize']}")
        db.session.add(
            Award(
                result_id=result.id, entry_id=ids[row["entry"]], position=position, prize_key=row["prize"],
                prize_name=names[row["prize"]], place=row["place"], total=row["total"],
                state="given" if reason is None else "withheld", note=reason or "", decision_id=decision.id,
            )
        )  # fmt: skip
    db.session.flush()
    db.session.expire(result, ["awards"])


def prizes_of(result: Result) -> list[dict[str, Any]]:
    """The prizes of the rules that a result was made by."""
    bundle: dict[str, Any] = json.loads(result.bundle)
    return list(bundle["rules"]["prizes"])


def publish(contest: Contest, *, actor: Actor, now: datetime, base: str = "", seen: str = "") -> Result:
    """Let the public see the contest's result, and write to the authors. Raises NotReady.

    base: where the service is reached, for the address in the letters. seen: as of decide_prizes.
    """
    _hold(contest)
    result = result_in_force(contest)
    if obstacles := publish_obstacles(contest, result):
        raise NotReady(obstacles)
    assert result is not None
    if seen and seen != decision_seen(result):
        raise NotReady([Obstacle("decision_changed")])
    result.state, result.published_at, result.published_by_id = "published", now, actor.actor_id
    contest.results_published_at = now
    touch(contest)
    audit.record(
        actor, "results.publish", f"result:{result.id}", now=now, contest_id=contest.id,
        details={"bundle_sha256": result.bundle_sha256, "document_sha256": result.document_sha256},
    )  # fmt: skip
    jobs.enqueue("results.announce", now=now, key=f"announce:{result.id}", result_id=result.id, base=base)
    return result


def keep_paper(
    contest: Contest, kind: str, name: str, stored: Stored, *, result_id: int | None, actor: Actor, now: datetime
) -> PaperFile:
    """Record a produced document, so that what was handed out can be shown again, byte for byte."""
    kept = PaperFile(
        contest_id=contest.id, result_id=result_id, kind=kind, name=name, storage_key=stored.key, size=stored.size,
        sha256=stored.sha256, made_by_id=actor.actor_id, made_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    audit.record(
        actor, f"results.make_{kind}", f"paper:{kept.id}", now=now, contest_id=contest.id,
        details={"name": name, "sha256": stored.sha256},
    )  # fmt: skip
    return kept
