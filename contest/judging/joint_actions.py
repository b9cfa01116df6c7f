"""Writes on joint sheets: each member's word. Their marks are saved like any sheet's, by whoever keeps it."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.models import Account
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round
from contest.db import db
from contest.judging.joint_models import JointConsent
from contest.judging.joint_queries import Joint, Seat, joint_sheets
from contest.judging.panel_actions import NotPossible

OWN = frozenset({"agreed", "differs"})
FOR_ANOTHER = frozenset({"signed", "away"})


def consent(
    contest: Contest, round_: Round, seen: Joint, *, key: str, stance: str, version: str, note: str, account: Account,
    now: datetime,
) -> JointConsent:  # fmt: skip
    """Record what a member says of a joint sheet, or what is known of a member who is not at a tablet.

    seen: the sheet as it was read; version: the one the page showed. agreed and differs are the member's own word;
    signed and away are entered by another. All but agreed need a note. Raises NotPossible.
    """
    hold_anew(contest.id)
    if round_.state != "open":
        raise NotPossible("round_not_open")
    sheet = next((item for item in joint_sheets(contest, round_, part_id=seen.part_id) if item.id == seen.id), None)
    if sheet is None or sheet.version_uuid != version:
        raise NotPossible("joint_changed")
    seat = next((seat for seat in sheet.seats if seat.key == key), None)
    _check(seat, stance, note, account)
    assert seat is not None
    row = JointConsent(
        assignment_id=sheet.id, panel_member_id=seat.member_id, version_uuid=version, stance=stance, note=note.strip(),
        by_id=account.id, at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        account, "judging.joint_consent", f"sheet:{sheet.id}", now=now, contest_id=contest.id,
        details={"judge": key, "stance": stance, "version": version},
    )  # fmt: skip
    return row


def _check(seat: Seat | None, stance: str, note: str, account: Account) -> None:
    if seat is None or stance not in OWN | FOR_ANOTHER:
        raise NotPossible("not_yours")
    if (stance in OWN) != (seat.account_id == account.id):
        raise NotPossible("not_yours")
    # The page may be older than the member's word: nobody else may enter another over it.
    if stance in FOR_ANOTHER and seat.stance in OWN | {"wrote"}:
        raise NotPossible("said_already", judge=seat.key)
    if stance != "agreed" and not note.strip():
        raise NotPossible("reason_needed")
