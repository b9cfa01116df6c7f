"""Certificates: numbered, taken back, given anew."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, select

from contest import audit
from contest.audit import Actor
from contest.contests.actions import touch
from contest.contests.holding import hold_anew
from contest.contests.models import Contest
from contest.db import db
from contest.results.actions import NotReady
from contest.results.fingerprints import of_certificate
from contest.results.models import Certificate
from contest.results.queries import award_obstacles, awards_of, certified, gone, in_place_of, result_in_force, works


def issue_certificates(contest: Contest, *, actor: Actor, now: datetime) -> list[Certificate]:
    """Number a certificate for every prize given that has none yet. Raises NotReady. Repeatable."""
    # Two secretaries pressing at once: the second waits here and then finds nothing left to number.
    hold_anew(contest.id)
    result = result_in_force(contest)
    if obstacles := award_obstacles(result):
        raise NotReady(obstacles)
    assert result is not None
    # Withdrawn after publication: what was published stays, but no paper is made for it.
    known, left = certified(result), gone(contest)
    waiting = [
        award for award in awards_of(result)
        if award.state == "given" and award.id not in known and award.entry_id not in left
    ]  # fmt: skip
    about = works(contest, [award.entry_id for award in waiting])
    first = _next_number(contest)
    made = []
    for position, award in enumerate(waiting, first):
        work = about[award.entry_id]
        made.append(
            Certificate(
                award_id=award.id, contest_id=contest.id, number=_number(contest, position),
                token=secrets.token_urlsafe(16), recipient=work.authors, unit_name=work.unit_name,
                work_title=work.title, prize_name=award.prize_name, contest_name=contest.name, issued_at=now,
            )
        )  # fmt: skip
    db.session.add_all(made)
    result.state, result.awarded_at = "awarded", result.awarded_at or now
    touch(contest)
    if made:
        audit.record(
            actor, "results.issue_certificates", f"result:{result.id}", now=now, contest_id=contest.id,
            details={"numbers": [certificate.number for certificate in made],
                     "sha256": [of_certificate(certificate) for certificate in made]},
        )  # fmt: skip
    return made


def _next_number(contest: Contest) -> int:
    """After all that were ever numbered in the contest: none is given twice."""
    query = select(func.count()).select_from(Certificate).where(Certificate.contest_id == contest.id)
    return (db.session.scalar(query) or 0) + 1


def _number(contest: Contest, position: int) -> str:
    return f"{contest.campaign.year}-{contest.id}-{position:04d}"


def revoke_certificate(certificate: Certificate, *, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a certificate; its page goes on to exist, and says so."""
    if certificate.revoked_at is not None:
        return
    certificate.revoked_at, certificate.revoked_reason = now, reason
    audit.record(
        actor, "results.revoke_certificate", f"certificate:{certificate.number}", now=now,
        contest_id=certificate.contest_id, details={"reason": reason},
    )  # fmt: skip


def replace_certificate(
    contest: Contest, certificate: Certificate, *, recipient: str, unit_name: str, reason: str, actor: Actor,
    now: datetime,
) -> Certificate:  # fmt: skip
    """Number a new certificate for the same prize, with the names set right, and take the old one back.

    For a name misspelt, a paper lost. Again for one that has been replaced: the certificate that took its place.
    """
    hold_anew(contest.id)  # two secretaries at once: the second finds it done
    if (later := in_place_of(certificate)) is not None:
        return later
    revoke_certificate(certificate, reason=reason, actor=actor, now=now)
    db.session.flush()
    made = Certificate(
        award_id=certificate.award_id, contest_id=contest.id, number=_number(contest, _next_number(contest)),
        token=secrets.token_urlsafe(16), recipient=recipient, unit_name=unit_name, work_title=certificate.work_title,
        prize_name=certificate.prize_name, contest_name=certificate.contest_name, issued_at=now,
    )  # fmt: skip
    db.session.add(made)
    audit.record(
        actor, "results.replace_certificate", f"certificate:{certificate.number}", now=now, contest_id=contest.id,
        details={"by": made.number, "sha256": of_certificate(made), "reason": reason,
                 "recipient": [certificate.recipient, recipient],
                 "unit": [certificate.unit_name, unit_name]},
    )  # fmt: skip
    return made
