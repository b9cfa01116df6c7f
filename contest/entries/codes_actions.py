"""Drawing blind codes (rọc phách), and joining them with authors again (khớp phách)."""

from __future__ import annotations

from datetime import datetime
from random import Random

from contest import audit
from contest.accounts.models import Account
from contest.contests.holding import hold_anew
from contest.contests.models import Contest
from contest.db import db
from contest.entries import codes_queries
from contest.entries.actions import admit_to_round
from contest.entries.models import RoundEntry, Unblinding
from contest.entries.queries import first_round


class NotReady(Exception):
    """Why codes cannot be drawn yet; `state` holds the counts."""

    def __init__(self, state: codes_queries.CodesState) -> None:
        super().__init__(str(state))
        self.state = state


class NotJoined(Exception):
    """Codes: no_codes, unconfirmed (rounds), unknown_code, same_person, already_decided, not_asked."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def draw(contest: Contest, *, account: Account, now: datetime, rng: Random) -> list[RoundEntry]:
    """Give every valid entry its code for the first round. Raises NotReady. Pressed twice: the second finds none."""
    # Held first and counted then: whoever hands in a new version meanwhile comes before all this or after it.
    entries = codes_queries.to_draw(contest)
    state = codes_queries.codes_state(contest)
    round_ = first_round(contest)
    if not state.is_ready or round_ is None:
        raise NotReady(state)
    return admit_to_round(round_, entries, actor=account, now=now, rng=rng)


def ask(contest: Contest, *, code: str, reason: str, account: Account, now: datetime) -> Unblinding:
    """Ask to join codes and authors: of the entry with that code, or of the whole contest when it is empty.

    Raises NotJoined. The whole contest is joined only once every round with entries is confirmed. Asked already and
    not decided on: that request, so that nobody has to decide twice on the same.
    """
    hold_anew(contest.id)  # pressed twice: the second finds the first
    if not codes_queries.has_codes(contest):
        raise NotJoined("no_codes")
    entry_id = codes_queries.entry_by_code(contest, code) if code else None
    if code and entry_id is None:
        raise NotJoined("unknown_code", typed=code)
    if not code:
        _check_confirmed(contest)
    if (open_already := codes_queries.open_request(contest, entry_id)) is not None:
        return open_already
    row = Unblinding(contest_id=contest.id, entry_id=entry_id, reason=reason, asked_by_id=account.id, asked_at=now)
    db.session.add(row)
    db.session.flush()
    _record(account, "ask", row, now)
    return row


def _check_confirmed(contest: Contest) -> None:
    if rounds := codes_queries.unconfirmed_rounds(contest):
        raise NotJoined("unconfirmed", rounds=[round_.name for round_ in rounds])


def approve(contest: Contest, row: Unblinding, *, account: Account, now: datetime) -> None:
    """Agree to a request: never the person who asked. Raises NotJoined."""
    # A round being opened again comes before this, and bars it, or after it, and knows that codes are joined.
    hold_anew(contest.id)
    _check_open(row, account)
    if row.entry_id is None:
        _check_confirmed(contest)
    row.approved_by_id, row.approved_at = account.id, now
    _record(account, "approve", row, now)


def refuse(row: Unblinding, *, account: Account, now: datetime) -> None:
    """Say no to a request. Raises NotJoined."""
    _check_open(row, account)
    row.approved_by_id, row.refused_at = account.id, now
    _record(account, "refuse", row, now)


def _check_open(row: Unblinding, account: Account) -> None:
    if row.approved_at is not None or row.refused_at is not None:
        raise NotJoined("already_decided")
    if row.asked_by_id == account.id:
        raise NotJoined("same_person")


def record_opening(row: Unblinding, *, account: Account, now: datetime) -> None:
    """Write down that somebody looks at the joined list now."""
    _record(account, "open", row, now)


def _record(account: Account, verb: str, row: Unblinding, now: datetime) -> None:
    # Neither code nor entry: the trail itself must not join them.
    audit.record(
        account, f"entries.unblinding_{verb}", f"unblinding:{row.id}", now=now, contest_id=row.contest_id,
        details={"whole_contest": row.entry_id is None},
    )  # fmt: skip
