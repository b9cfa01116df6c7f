"""Writes other rooms build on: giving entries their blind codes for a round, and taking them out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlalchemy import select

from contest import audit
from contest.audit import Actor
from contest.contests.models import Round
from contest.db import db, lock_head
from contest.entries.models import Entry, RoundEntry, SpentCode
from contest.entries.queries import admitted, taken_codes
from contest.entries.trail import seal_of
from contest.rules.blind_codes import draw_codes


class WrongContest(Exception):
    """Entries (ids) that belong to another contest than the round."""

    def __init__(self, entry_ids: Sequence[int]) -> None:
        super().__init__(f"entries of another contest: {list(entry_ids)}")
        self.entry_ids = list(entry_ids)


def admit_to_round(
    round_: Round, entries: Sequence[Entry], *, actor: Actor, now: datetime, rng: Random
) -> list[RoundEntry]:
    """Let entries take part in a round, each under a code never given in this contest before.

    rng: random.SystemRandom() outside tests. Those already in keep their code; the new rows come
    back in order of code, which says nothing about the order of receipt. Neither does their id.
    Raises WrongContest.
    """
    if foreign := [entry.id for entry in entries if entry.contest_id != round_.contest_id]:
        raise WrongContest(foreign)
    # Two drawings at once would give the same entry two codes: one after the other.
    lock_head(audit.CHAIN)
    inside = {row.entry_id for row in admitted(round_)}
    fresh = list({entry.id: entry for entry in entries if entry.id not in inside}.values())
    codes = sorted(draw_codes(len(fresh), taken=taken_codes(round_.contest), rng=rng))
    # Dealt out in random order and stored in order of code: a row's id must not tell when an entry came.
    rng.shuffle(fresh)
    rows = [
        RoundEntry(round_id=round_.id, entry_id=entry.id, code=code, created_at=now)
        for entry, code in zip(fresh, codes, strict=True)
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(
        actor, "entries.admit", f"round:{round_.id}", now=now, contest_id=round_.contest_id,
        details={"new": len(rows), "already_in": len(inside), **seal_of(round_.id, admitted(round_))},
    )  # fmt: skip
    return rows


def take_out_of_round(round_: Round, *, staying: Sequence[int], now: datetime) -> int:
    """Take every entry but those (ids) out of a round whose entries nobody has been given; how many.

    Their codes are spent: they name no other entry of the contest, ever.
    """
    rows = db.session.scalars(
        select(RoundEntry).where(RoundEntry.round_id == round_.id, RoundEntry.entry_id.not_in(staying))
    ).all()
    for row in rows:
        db.session.add(SpentCode(contest_id=round_.contest_id, code=row.code, spent_at=now))
        db.session.delete(row)
    db.session.flush()
    return len(rows)
