"""What a tablet brings when its line is back: many versions at once, and how the tablet fares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, exists, select

from contest.accounts.models import Account
from contest.contests.holding import hold
from contest.contests.models import Round
from contest.db import db, insert_for
from contest.judging.actions import Change, Refused, Saved, save_sheet
from contest.judging.models import Assignment, PanelMember, Tablet


@dataclass(frozen=True)
class Condition:
    """How a tablet says it is.

    owner: whose marks it brings, as it knows; battery: percent, None where the browser does not tell; at: its clock.
    """

    device: str
    owner: int | None = None
    unsent: int = 0
    refused: int = 0
    kept: int = 0
    battery: int | None = None
    is_charging: bool = False
    at: datetime | None = None
    version: str = ""


def save_batch(
    changes: Sequence[tuple[str, Change]], *, account: Account, now: datetime, sign_in_id: int | None = None
) -> list[Saved | Refused | None]:
    """Store versions in the order they were written; one outcome each, as save_sheet has it.

    changes: (public id of the sheet, what to store). A refusal refuses its own version alone: save_sheet
    refuses before it writes. Raises SignedOut, which refuses all.
    """
    _hold_all({public_id for public_id, _change in changes})
    outcomes: list[Saved | Refused | None] = []
    refused: dict[str, str | None] = {}
    for public_id, change in changes:
        # What was built on a refused version builds on what came before it, as the device will see it too.
        while change.based_on in refused:
            change = replace(change, based_on=refused[change.based_on])
        try:
            outcomes.append(save_sheet(public_id, change, account=account, now=now, sign_in_id=sign_in_id))
        except Refused as refusal:
            refused[change.uuid] = None if change.based_on == change.uuid else change.based_on
            outcomes.append(refusal)
    return outcomes


def _hold_all(public_ids: Iterable[str]) -> None:
    """Take the ledgers of all contests first and in one order: two batches must not wait for each other."""
    contests = db.session.scalars(
        select(Round.contest_id)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(Assignment.public_id.in_(public_ids))
        .distinct()
        .order_by(Round.contest_id)
    ).all()
    for contest_id in contests:
        hold(contest_id)


def note_tablet(condition: Condition, *, account: Account, agent: str, now: datetime) -> None:
    """Remember how the tablet of a judge is. agent: the kind of browser, for people."""
    if not db.session.scalar(select(exists().where(PanelMember.account_id == account.id))):
        return
    ahead = round((condition.at - now).total_seconds()) if condition.at else 0
    values = {
        "seen_at": now,
        "unsent": condition.unsent,
        "refused": condition.refused,
        "kept": condition.kept,
        "battery": condition.battery,
        "is_charging": condition.is_charging,
        "clock_off": max(-(10**9), min(10**9, ahead)),
        "version": condition.version,
        "agent": agent[:60],
    }
    insert = insert_for(db.session.get_bind().dialect.name)
    db.session.execute(
        insert(Tablet)
        .values(device=condition.device, account_id=account.id, **values)
        .on_conflict_do_update(index_elements=["device", "account_id"], set_=values)
    )
    newest = (
        select(Tablet.device).where(Tablet.account_id == account.id).order_by(Tablet.seen_at.desc()).limit(MOST_TABLETS)
    )
    db.session.execute(
        delete(Tablet)
        .where(Tablet.account_id == account.id, Tablet.device.not_in(newest))
        .execution_options(synchronize_session=False)
    )


# Of one judge. A browser that forgets its storage is a new device each time.
MOST_TABLETS = 10
