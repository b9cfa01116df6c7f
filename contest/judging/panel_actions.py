"""Panels, who marks what, and the course of a round: open, close, reopen, confirm."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from contest import audit
from contest.accounts.models import Account
from contest.audit import Actor
from contest.contests.actions import freeze_rules
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.queries import unblinded
from contest.judging.joint_queries import all_blockers
from contest.judging.models import Assignment, DeclaredConflict, PanelMember
from contest.judging.panel_queries import Part, barred_pairs, judges_needed, loads, members_of, parts_of
from contest.judging.queries import Blocker


class NotPossible(Exception):
    """A step that cannot be taken now. code: for the words; facts: what it hangs on."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Blocked(Exception):
    """A step of the round with what still keeps it from being taken."""

    def __init__(self, found: Sequence[Blocker]) -> None:
        super().__init__(", ".join(item.code for item in found))
        self.blockers = list(found)


def note(actor: Actor, verb: str, round_: Round, now: datetime, **details: Any) -> None:
    audit.record(
        actor, f"judging.{verb}", f"round:{round_.id}", now=now, contest_id=round_.contest_id, details=details
    )  # fmt: skip


# ---- The panel ----


def add_member(
    round_: Round, account: Account, *, is_head: bool, max_entries: int | None, actor: Actor, now: datetime
) -> PanelMember:
    """Put a judge on the panel under the next free key. On it already: that membership, taken up again."""
    hold_anew(round_.contest_id)
    members = members_of(round_)
    for member in members:
        if member.account_id == account.id:
            if member.left_at is not None:
                member.left_at, member.left_reason = None, ""
                note(actor, "rejoin", round_, now, judge=member.key, account=account.id)
            return member
    if round_.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    number = max((int(member.key[1:]) for member in members if member.key[1:].isdigit()), default=0) + 1
    member = PanelMember(
        round_id=round_.id, account_id=account.id, key=f"J{number}", is_head=is_head, max_entries=max_entries
    )
    db.session.add(member)
    db.session.flush()
    note(actor, "add_member", round_, now, judge=member.key, account=account.id, head=is_head)
    return member


def change_member(
    member: PanelMember, *, is_head: bool, max_entries: int | None, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Who is head counts in ties, so it stands from the first opening on; the greatest load may change."""
    hold_anew(member.round.contest_id)
    if is_head != member.is_head and member.round.state != "waiting":
        raise NotPossible("round_begun")
    member.is_head, member.max_entries = is_head, max_entries
    note(actor, "change_member", member.round, now, judge=member.key, head=is_head, max_entries=max_entries)


def leave(member: PanelMember, *, reason: str, actor: Actor, now: datetime) -> int:
    """A judge leaves the panel. What is sent stays and counts; the rest is free to be given to others.

    Returns how many sheets that is. A sheet with versions is never deleted.
    """
    if not reason.strip():
        raise NotPossible("reason_needed")
    hold_anew(member.round.contest_id)
    if member.left_at is not None:
        return 0
    if member.round.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    open_sheets = (
        db.session.query(Assignment)
        .filter(Assignment.panel_member_id == member.id, Assignment.state.in_(("empty", "begun", "asked_again")))
        .all()
    )
    freed = [sheet for sheet in open_sheets if sheet.state != "asked_again"]
    for sheet in freed:
        take_away(sheet, now)
    for sheet in open_sheets:
        if sheet.state == "asked_again":  # nobody is left to answer: what was sent stands
            sheet.state = "sent"
    member.left_at, member.left_reason = now, reason.strip()
    note(actor, "leave", member.round, now, judge=member.key, reason=reason.strip(), freed=len(freed))
    return len(freed)


def take_away(sheet: Assignment, now: datetime) -> None:
    """Free a sheet: gone when nothing was ever written on it, else kept and not counted."""
    if sheet.version_number == 0:
        db.session.delete(sheet)
    else:
        sheet.state, sheet.recused_at = "recused", now


def declare(
    contest: Contest, account: Account, *, unit_id: int | None = None, person_name: str = "", reason: str,
    actor: Account, now: datetime,
) -> DeclaredConflict:  # fmt: skip
    """Record an interest of a judge in a unit (and all below it) or a person."""
    if unit_id is None and not person_name.strip():
        raise NotPossible("nothing_declared")
    hold_anew(contest.id)  # an assignment that is being made comes before it, or knows of it
    row = DeclaredConflict(
        contest_id=contest.id, account_id=account.id, unit_id=unit_id, person_name=person_name.strip(),
        reason=reason.strip(), declared_by_id=actor.id, declared_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "judging.declare", f"conflict:{row.id}", now=now, contest_id=contest.id, details={"account": account.id}
    )
    return row


# ---- Assignment ----


def reading_order(round_id: int, part_id: int, member_id: int) -> int:
    """Each judge reads in an order of his or her own, so that tiredness falls on no entry twice."""
    return int.from_bytes(hashlib.sha256(f"{round_id}/{part_id}/{member_id}".encode()).digest()[:3], "big")


def _give(round_: Round, part_id: int, member_id: int, *, reason: str, now: datetime) -> Assignment:
    sheet = Assignment(
        public_id=secrets.token_hex(16), round_id=round_.id, round_entry_id=part_id, panel_member_id=member_id,
        position=reading_order(round_.id, part_id, member_id), reason=reason, assigned_at=now,
    )  # fmt: skip
    db.session.add(sheet)
    return sheet


def assign_one(
    contest: Contest, round_: Round, part: Part, member: PanelMember, *, reason: str, actor: Actor, now: datetime
) -> Assignment:
    """Give one entry to one judge. Raises NotPossible for a conflict, someone who left, or a sheet that is there."""
    hold_anew(contest.id)
    return _assign_one(contest, round_, _again(round_, part), member, reason=reason, actor=actor, now=now)


def _again(round_: Round, part: Part) -> Part:
    """The entry with its sheets as they are under the lock. Raises NotPossible: it no longer takes part."""
    for now_there in parts_of(round_):
        if now_there.id == part.id:
            return now_there
    raise NotPossible("not_taking_part")


def _assign_one(
    contest: Contest, round_: Round, part: Part, member: PanelMember, *, reason: str, actor: Actor, now: datetime
) -> Assignment:
    """As assign_one, all that it is given read under the lock."""
    if round_.state in ("closed", "confirmed"):
        raise NotPossible("round_closed")
    if member.left_at is not None:
        raise NotPossible("left_panel")
    if any(row.member_id == member.id for row in part.sheets):
        raise NotPossible("already_there")
    if (part.id, member.id) in barred_pairs(contest, round_, members_of(round_)):
        raise NotPossible("conflict")
    sheet = _give(round_, part.id, member.id, reason=reason, now=now)
    db.session.flush()
    note(actor, "assign_one", round_, now, entry=part.code, judge=member.key, why=reason)
    return sheet


def move(
    contest: Contest, round_: Round, part: Part, sheet: Assignment, member: PanelMember, *, reason: str, actor: Actor,
    now: datetime,
) -> Assignment:  # fmt: skip
    """Take one sheet from a judge and give the entry to another, with a reason. A sent sheet stays where it is."""
    if not reason.strip():
        raise NotPossible("reason_needed")
    sheet_id = sheet.id
    hold_anew(contest.id)
    part = _again(round_, part)
    if db.session.get(Assignment, sheet_id) is None:
        raise NotPossible("sheet_gone")
    if sheet.state in ("sent", "asked_again"):
        raise NotPossible("already_sent")
    given = _assign_one(contest, round_, part, member, reason="replacement", actor=actor, now=now)
    if sheet.state != "recused":
        take_away(sheet, now)
    note(actor, "move", round_, now, entry=part.code, to=member.key, reason=reason.strip())
    return given


def assign_third(contest: Contest, round_: Round, part: Part, *, actor: Actor, now: datetime) -> Assignment:
    """Give an entry whose two judges differ too much to a third: the least loaded without a conflict, the head last."""
    hold_anew(contest.id)
    part, members = _again(round_, part), members_of(round_)
    if len(part.active) > 2:  # somebody else was faster
        raise NotPossible("already_there")
    barred = barred_pairs(contest, round_, members)
    inside = {row.member_id for row in part.sheets}
    carried = loads(round_)
    free = [
        member for member in members
        if member.left_at is None and member.id not in inside and (part.id, member.id) not in barred
        and (member.max_entries is None or _sheets(carried, member) < member.max_entries)
    ]  # fmt: skip
    if not free:
        raise NotPossible("no_third_judge", entry=part.code)
    # The head judge may read sheets of entries that are not the own ones: last of all, who would not mark unknowing.
    third = min(free, key=lambda member: (member.is_head, _sheets(carried, member), member.id))
    return _assign_one(contest, round_, part, third, reason="third_marker", actor=actor, now=now)


def _sheets(carried: dict[int, Any], member: PanelMember) -> int:
    return carried[member.id].sheets if member.id in carried else 0


# ---- The course of a round ----


def open_round(contest: Contest, round_: Round, *, actor: Actor, now: datetime, due_at: datetime | None = None) -> None:
    """Freeze the rules and let judges mark. Raises Blocked with what is missing. Open already: changes nothing."""
    hold_anew(contest.id)
    if round_.state == "open":
        return
    if round_.state != "waiting":
        raise NotPossible("round_begun")
    parts, need = parts_of(round_), judges_needed(round_)
    short = [part.code for part in parts if len(part.active) < need]
    found = []
    if not parts:
        found.append(Blocker("no_entries", {}, "entries.codes"))
    if not any(member.is_head and member.left_at is None for member in members_of(round_)):
        found.append(Blocker("no_head_judge", {}, "judging.panel"))
    if short:
        found.append(Blocker("short_panels", {"count": len(short), "codes": short}, "judging.panel"))
    if found:
        raise Blocked(found)
    freeze_rules(contest, actor=actor, now=now)
    round_.state, round_.opened_at = "open", now
    round_.marks_due_at = due_at or round_.marks_due_at
    note(actor, "open_round", round_, now, entries=len(parts))


def close_round(contest: Contest, round_: Round, *, actor: Actor, now: datetime) -> None:
    """No more marks. Raises Blocked while sheets are missing, asked again, or in two versions."""
    hold_anew(contest.id)
    if round_.state == "closed":
        return
    if round_.state != "open":
        raise NotPossible("round_not_open")
    if found := [item for item in all_blockers(round_) if item.code not in ("round_open", "round_not_confirmed")]:
        raise Blocked(found)
    round_.state, round_.closed_at = "closed", now
    note(actor, "close_round", round_, now)


def reopen_round(contest: Contest, round_: Round, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let judges mark again, with a reason. A locked result must be unlocked by the results room first."""
    if not reason.strip():
        raise NotPossible("reason_needed")
    hold_anew(contest.id)
    if round_.state not in ("closed", "confirmed"):
        raise NotPossible("round_not_closed")
    if round_.locked_at is not None:
        raise NotPossible("round_locked")
    was = round_.state
    round_.state, round_.closed_at, round_.confirmed_at, round_.confirmed_by_id = "open", None, None, None
    # Marks changed from here on may be changed by who knows the authors: whoever reads the trail should see it.
    note(actor, "reopen_round", round_, now, reason=reason.strip(), was=was, codes_joined=unblinded(contest))


def confirm_round(contest: Contest, round_: Round, *, account: Account, now: datetime) -> None:
    """The head judge confirms the marks of a closed round. Twice is harmless. Raises Blocked, NotPossible."""
    hold_anew(contest.id)
    if round_.state == "confirmed":
        return
    if round_.state != "closed":
        raise NotPossible("round_not_closed")
    if found := [item for item in all_blockers(round_) if item.code != "round_not_confirmed"]:
        raise Blocked(found)
    round_.state, round_.confirmed_at, round_.confirmed_by_id = "confirmed", now, account.id
    note(account, "confirm_round", round_, now)
