"""Writes on one sheet: save, pick between two devices, ask for a second look, declare an interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from contest import audit
from contest.accounts.models import Account
from contest.contests.holding import hold_anew
from contest.contests.models import Contest
from contest.db import db
from contest.judging.ledger import SENDING, SENT_STATES, Sheet, Written, append, criteria, read_sheet
from contest.judging.marks import BadMarks, Marks, missing, read_marks
from contest.judging.models import Assignment, DeclaredConflict, SecondLook, SheetVersion, Tablet
from contest.judging.third_actions import third_if_needed
from contest.rules.permissions import Action
from contest.rules.rule_sets import Criterion

KINDS = frozenset({"draft", "sent", "correction", "confirmed"})


class Refused(Exception):
    """A change of a sheet that is not taken; nothing was stored.

    code: not_a_judge, left_panel, recused, round_waiting, round_closed, uuid_reused, bad_marks (facts: faults),
    missing_marks (facts: criteria), reason_needed, not_sent, already_sent, not_asked, stale, unknown_version,
    confirmed, sheet_gone.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class SignedOut(Exception):
    """The sign-in was ended before the save had its turn; nothing was stored, and the device keeps what it has."""


@dataclass(frozen=True)
class Change:
    """What a device asks to be stored. uuid: the client's; based_on: the version the device knew."""

    uuid: str
    kind: str
    marks: Mapping[str, Any] = field(default_factory=dict)
    based_on: str | None = None
    comment: str = ""
    reason: str = ""
    device: str = ""
    client_at: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """A stored version and the criteria it was read by. repeated: it had been stored before."""

    version: SheetVersion
    criteria: Sequence[Criterion]
    repeated: bool


def save_sheet(
    public_id: str, change: Change, *, account: Account, now: datetime, sign_in_id: int | None = None
) -> Saved | None:
    """Store one version of the judge's own sheet. None when there is no such sheet of theirs.

    A version that does not follow the one in force, and says something else, is kept beside it: `holds` is
    False, the sheet is marked as in conflict, and a person picks. Raises Refused; SignedOut when the sign-in it
    came with (sign_in_id) has been ended.
    """
    sheet = read_sheet(public_id, uuid=change.uuid, account_id=account.id, sign_in_id=sign_in_id)
    if sheet is None:
        return None
    if not sheet.is_signed_in:
        raise SignedOut
    if sheet.twin_of is not None:
        return _repeated(sheet, change)
    _check_open(sheet)
    scale = criteria(sheet.rule_set_id, sheet.slug, sheet.round_key)
    marks = _marks(sheet, change, scale)
    comment = sheet.comment if change.kind == "confirmed" else change.comment
    same = marks == _in_force(sheet, scale) and comment == sheet.comment
    is_next = change.based_on == sheet.version_uuid
    known = None if is_next else _known(sheet, change.based_on)
    # A version that says the same as the one in force: then the device was not apart.
    is_in_force = known is not None and (known.marks, known.comment) == (sheet.marks, sheet.comment)
    follows = same or is_next or is_in_force
    # Whoever built on a sent version knew of the sending. Judged by that version, whatever came since: a refused draft
    # that a bad line brings once more is refused as before, also when its marks came in as a correction meanwhile.
    informed = not same if is_next else known is not None and _is_sending(known) and not _says(known, marks, comment)
    _check_kind(sheet, change, marks, scale, informed=informed, follows=follows)
    # From a device that had not heard that the sheet was sent: it adds nothing and takes nothing back.
    late = change.kind in ("draft", "sent") and sheet.state in SENT_STATES
    # Nor does it answer a second look, which whoever wrote it has not seen.
    holds = follows and (not late or (same and change.kind == "sent" and sheet.state == "sent"))
    written = Written(
        uuid=change.uuid, kind=change.kind, based_on=change.based_on, marks=marks, comment=comment,
        reason=change.reason, device=change.device, client_at=change.client_at, actor_id=account.id, holds=holds,
    )  # fmt: skip
    answers = sheet.state == "asked_again" and not (change.kind == "correction" and _is_before_look(sheet, change))
    unanswered = sheet.state == "asked_again" and not answers
    state = "begun" if change.kind not in SENDING else "asked_again" if unanswered else "sent"
    apart = sheet.has_conflict or not follows or (late and not same)
    version = append(sheet, written, state=state, has_conflict=apart, now=now)
    if holds and answers:
        _answer(sheet.id, now)
    if holds and state == "sent":
        third_if_needed(sheet, now=now)
    return Saved(version, scale, repeated=False)


def _repeated(sheet: Sheet, change: Change) -> Saved:
    """The first answer again; refused when the UUID stands for something else."""
    version = db.session.scalars(select(SheetVersion).where(SheetVersion.uuid == change.uuid)).one()
    scale = criteria(sheet.rule_set_id, sheet.slug, sheet.round_key)
    said = (sheet.id, change.kind, change.based_on, change.reason)
    if said != (version.assignment_id, version.kind, version.based_on, version.reason):
        raise Refused("uuid_reused")
    if change.kind != "confirmed":  # a confirmation brings no marks of its own
        try:
            content = (read_marks(change.marks, scale), change.comment)
        except BadMarks:
            raise Refused("uuid_reused") from None
        if content != (version.marks, version.comment):
            raise Refused("uuid_reused")
    return Saved(version, scale, repeated=True)


def _check_open(sheet: Sheet) -> None:
    if not sheet.may_mark:
        raise Refused("not_a_judge")
    if sheet.left_at is not None:
        raise Refused("left_panel")
    if sheet.state == "recused":
        raise Refused("recused")
    if sheet.round_state != "open" or sheet.rule_set_id is None:
        raise Refused("round_waiting" if sheet.round_state in ("waiting", "open") else "round_closed")


def _marks(sheet: Sheet, change: Change, scale: Sequence[Criterion]) -> Marks:
    if change.kind == "confirmed":
        return _in_force(sheet, scale)
    try:
        return read_marks(change.marks, scale)
    except BadMarks as bad:
        raise Refused("bad_marks", faults=bad.faults) from None


def _in_force(sheet: Sheet, scale: Sequence[Criterion]) -> Marks:
    return {item.key: sheet.marks.get(item.key) for item in scale}


def _known(sheet: Sheet, based_on: str | None) -> Any:
    """The version of the sheet that a device knew, or None."""
    if based_on is None:
        return None
    return db.session.execute(
        select(SheetVersion.marks, SheetVersion.comment, SheetVersion.kind, SheetVersion.holds).where(
            SheetVersion.uuid == based_on, SheetVersion.assignment_id == sheet.id
        )
    ).one_or_none()


def _is_sending(known: Any) -> bool:
    return known.holds and known.kind in SENDING


def _says(known: Any, marks: Marks, comment: str) -> bool:
    return comment == known.comment and all(known.marks.get(key) == value for key, value in marks.items())


def _check_kind(
    sheet: Sheet, change: Change, marks: Marks, scale: Sequence[Criterion], *, informed: bool, follows: bool
) -> None:  # fmt: skip
    """Whether this kind of version may come now. One from a device that was apart is judged by itself."""
    if change.kind == "confirmed" and sheet.state != "asked_again":
        raise Refused("not_asked")
    if change.kind in SENDING and (gaps := missing(marks, scale)):
        raise Refused("missing_marks", criteria=gaps)
    if change.kind == "correction" and not change.reason.strip():
        raise Refused("reason_needed")
    if change.kind == "confirmed" and change.based_on != sheet.version_uuid:
        raise Refused("stale")
    if change.kind == "correction" and follows and sheet.state not in SENT_STATES:
        raise Refused("not_sent")
    if change.kind in ("draft", "sent") and informed and sheet.state in SENT_STATES:
        raise Refused("already_sent")


def _is_before_look(sheet: Sheet, change: Change) -> bool:
    """Whether a correction was written on a tablet before the open question was asked, and only arrives now.

    Its marks count, but its judge has not seen the question. By the tablet's clock, set right by how far off it said
    it was; a form that tells no time is written as it arrives.
    """
    if change.client_at is None:
        return False
    asked_at = db.session.scalar(
        select(func.max(SecondLook.asked_at)).where(
            SecondLook.assignment_id == sheet.id, SecondLook.answered_at.is_(None)
        )
    )
    ahead = db.session.scalar(
        select(Tablet.clock_off).where(Tablet.device == change.device, Tablet.account_id == sheet.account_id)
    )
    written = change.client_at - timedelta(seconds=ahead or 0)
    return asked_at is not None and written + NO_TIME < asked_at


# Nobody reads a question and answers it within this; what a clock and a line are off is less.
NO_TIME = timedelta(seconds=2)


def _answer(sheet_id: int, now: datetime) -> None:
    db.session.execute(
        update(SecondLook)
        .where(SecondLook.assignment_id == sheet_id, SecondLook.answered_at.is_(None))
        .values(answered_at=now)
        .execution_options(synchronize_session=False)
    )


def pick_version(
    sheet_row: Assignment, chosen: SheetVersion, *, uuid: str, account: Account, reason: str, now: datetime
) -> SheetVersion:
    """Settle which of two devices' versions stands: the choice is a version of its own.

    account: the sheet's judge, or the head judge. A sheet that had been sent stays sent when the chosen version
    is complete. The same uuid again changes nothing. Raises Refused.
    """
    sheet = read_sheet(sheet_row.public_id, uuid=uuid)
    if sheet is None or chosen.assignment_id != sheet.id:
        raise Refused("unknown_version")
    if sheet.twin_of is not None:
        return db.session.scalars(select(SheetVersion).where(SheetVersion.uuid == uuid)).one()
    if sheet.state == "recused":
        raise Refused("recused")
    if sheet.account_id == account.id and not sheet.may_mark:
        raise Refused("not_a_judge")
    if sheet.round_state != "open":
        raise Refused("round_closed")
    if not sheet.has_conflict:
        raise Refused("stale")
    scale = criteria(sheet.rule_set_id, sheet.slug, sheet.round_key)
    complete = not missing(chosen.marks, scale)
    was_sent = sheet.state in SENT_STATES or chosen.kind in SENDING
    written = Written(
        uuid=uuid, kind="pick", based_on=chosen.uuid, marks=dict(chosen.marks), comment=chosen.comment, reason=reason,
        device="", client_at=None, actor_id=account.id, holds=True,
    )  # fmt: skip
    state = "asked_again" if sheet.state == "asked_again" else "sent" if complete and was_sent else "begun"
    version = append(sheet, written, state=state, has_conflict=False, now=now)
    if state == "sent":
        third_if_needed(sheet, now=now)
    return version


def ask_second_look(sheet: Assignment, contest: Contest, *, reason: str, account: Account, now: datetime) -> SecondLook:
    """The head judge asks a judge to look again. The judge confirms, or corrects with a reason. Raises Refused."""
    if not reason.strip():
        raise Refused("reason_needed")
    _hold(sheet, contest)
    if sheet.round.state != "open":
        raise Refused("round_closed" if sheet.round.state != "waiting" else "round_waiting")
    if sheet.state != "sent":
        raise Refused("not_sent")
    sheet.state = "asked_again"
    look = SecondLook(assignment_id=sheet.id, asked_by_id=account.id, asked_at=now, reason=reason.strip())
    db.session.add(look)
    audit.record(
        account,
        "judging.ask_again",
        f"sheet:{sheet.id}",
        now=now,
        contest_id=contest.id,
        details={"reason": look.reason},
    )
    return look


def _hold(sheet: Assignment, contest: Contest) -> None:
    """Take the ledger's lock and see the sheet as it is under it. Raises Refused: it was taken away meanwhile."""
    sheet_id = sheet.id
    hold_anew(contest.id)
    if db.session.get(Assignment, sheet_id) is None:
        raise Refused("sheet_gone")


def recuse(sheet: Assignment, contest: Contest, *, reason: str, account: Account, now: datetime) -> None:
    """The judge declares an interest in an entry and no longer marks it; what was marked stays in the ledger.

    Twice is harmless. Raises Refused once the round is confirmed, and to who is no judge of the contest any more.
    """
    _hold(sheet, contest)
    if not account.may(Action.MARK, contest.scope):
        raise Refused("not_a_judge")
    if sheet.state == "recused":
        return
    if not reason.strip():
        raise Refused("reason_needed")
    if sheet.round.state == "confirmed":
        raise Refused("confirmed")
    sheet.state, sheet.recused_at = "recused", now
    db.session.add(
        DeclaredConflict(
            contest_id=contest.id, account_id=sheet.panel_member.account_id, entry_id=sheet.round_entry.entry_id,
            reason=reason.strip(), declared_by_id=account.id, declared_at=now,
        )
    )  # fmt: skip
    audit.record(
        account,
        "judging.recuse",
        f"sheet:{sheet.id}",
        now=now,
        contest_id=contest.id,
        details={"reason": reason.strip()},
    )
    # A third judge who steps back leaves two sheets as far apart as they were.
    held = read_sheet(sheet.public_id, uuid="")
    if held is not None and held.round_state == "open":
        third_if_needed(held, now=now)
