"""Versions that came from a judge's tablet by hand: as a file, or read off its screen.

They go where a line would have taken them (save_batch), under their own UUIDs, so a tablet that syncs later is
answered as repeated. The judge wrote them, as the file's seal shows (tablet_seals.py), and stays their actor. That a
secretary brought them stands in two chains: the ledger's `device` of each version says
`nhap-tep:<first digits of the file's sha256>:<device>`; the audit trail says who brought which file, for which judge,
and which places of the ledger it took. (A version's `reason` is the judge's own, and part of what makes a repeat a
repeat: it cannot say it.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contest import audit
from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.judging import tablet_queries, tablet_seals
from contest.judging.actions import Change, Refused, Saved
from contest.judging.models import PanelMember
from contest.judging.sync_actions import save_batch

MARK = "nhap-tep:"
REASON = "nhập từ máy chấm"


@dataclass(frozen=True)
class Brought:
    """One version of a file. was_refused: the server would not take it when the tablet last had a line."""

    sheet: str
    change: Change
    was_refused: bool = False


@dataclass(frozen=True)
class Packet:
    """A file of contest-tablet/1. owner: account id; sha256: over its items; items: in order of writing.

    said: what the seal is over; sign_in, seal: None in a file that nobody sealed.
    """

    owner: int
    device: str
    made_at: datetime
    sha256: str
    items: Sequence[Brought]
    said: bytes
    sign_in: int | None = None
    seal: str | None = None


class NotSealed(Exception):
    """Nothing shows that the judge wrote this file. code: no_seal, wrong_seal, withdrawn (the card of its sign-in)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotOfThisRound(Exception):
    """The file's judge is not in the round, or none of its sheets is."""


@dataclass(frozen=True)
class Taken:
    """What became of a file. outcomes: as of save_batch, by item; aside: how many items belong to other rounds;
    overtaken: how many had been refused and were written anew since; before, after: the judge's sheets."""

    member: PanelMember
    outcomes: Sequence[tuple[Brought, Saved | Refused | None]]
    aside: int
    overtaken: int
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def stored(self) -> list[Saved]:
        """Versions that were not there before."""
        return [one for _item, one in self.outcomes if isinstance(one, Saved) and not one.repeated]


def bring_in(
    contest: Contest, round_: Round, packet: Packet, *, secret: str, actor: Account, now: datetime
) -> Taken:  # fmt: skip
    """Store what a file holds of this round. The same file again stores nothing. Raises NotSealed, NotOfThisRound.

    secret: the installation's. The seal says who wrote; whether the judge may still be heard (has not left, stepped
    back, lost the role) is asked of every version, as of one that comes late over the line.
    """
    _check_seal(packet, secret)
    member = tablet_queries.member_of(round_, packet.owner)
    before = tablet_queries.sheets_of(member) if member is not None else {}
    own = [item for item in packet.items if item.sheet in before]
    if member is None or not own:
        raise NotOfThisRound
    items = in_chain(own)
    changes = [(item.sheet, replace(item.change, device=came_by_hand(packet, item.change.device))) for item in items]
    outcomes = save_batch(changes, account=member.account, now=now)
    taken = Taken(
        member, list(zip(items, outcomes, strict=True)), aside=len(packet.items) - len(own),
        overtaken=len(own) - len(items), before=before, after=tablet_queries.sheets_of(member),
    )  # fmt: skip
    _record(contest, round_, packet, taken, actor=actor, now=now)
    return taken


def _check_seal(packet: Packet, secret: str) -> None:
    if packet.seal is None or packet.sign_in is None:
        raise NotSealed("no_seal")
    sealed = tablet_seals.is_sealed(
        packet.said, packet.seal, owner=packet.owner, sign_in=packet.sign_in, secret=secret
    )  # fmt: skip
    if not sealed:
        raise NotSealed("wrong_seal")
    # A withdrawn card may have signed in somebody else. A sign-in that merely ended has not: its marks count. The
    # judge's own tablet, signed in again, seals all that waits on it anew.
    if tablet_queries.is_withdrawn(packet.sign_in):
        raise NotSealed("withdrawn")


def note_refused(
    contest: Contest, round_: Round, packet: Packet, bad: NotSealed, *, actor: Account, now: datetime
) -> str | None:
    """Write into the trail who brought a file that its judge did not seal. Whose it says it is, by key in the round."""
    member = tablet_queries.member_of(round_, packet.owner)
    details = {
        "reason": bad.code,
        "sha256": packet.sha256,
        "account": packet.owner,
        "judge": member.key if member is not None else None,
        "sign_in": packet.sign_in,
        "device": packet.device,
        "made_at": packet.made_at.isoformat(),
        "versions": len(packet.items),
    }
    audit.record(
        actor, "judging.refuse_tablet", f"round:{round_.id}", now=now, contest_id=contest.id, details=details
    )  # fmt: skip
    return member.key if member is not None else None


def in_chain(items: Sequence[Brought]) -> list[Brought]:
    """What is to be stored of a judge's sheets, each refused version built on the one written before it.

    A refused one that a newer version followed is left out: the judge has written that sheet anew. The tablet had
    taken refused ones out of the chain (queue.js, refuse); among themselves they are one device's work in order.
    """
    newest = {item.sheet: index for index, item in enumerate(items) if not item.was_refused}
    chained: list[Brought] = []
    last: dict[str, str] = {}
    for index, item in enumerate(items):
        if item.was_refused and index < newest.get(item.sheet, -1):
            continue
        if item.was_refused and item.sheet in last:
            item = replace(item, change=replace(item.change, based_on=last[item.sheet]))
        last[item.sheet] = item.change.uuid
        chained.append(item)
    return chained


def came_by_hand(packet: Packet, device: str) -> str:
    """What the ledger calls the device of such a version; at most 64 letters, as its column."""
    return f"{MARK}{packet.sha256[:16]}:{device or packet.device}"[:64]


def was_brought(device: str) -> bool:
    """Whether the ledger's `device` of a version says that it came by hand."""
    return device.startswith(MARK)


def _record(
    contest: Contest, round_: Round, packet: Packet, taken: Taken, *, actor: Account, now: datetime
) -> None:  # fmt: skip
    places = [saved.version.seq for saved in taken.stored]
    details = {
        "reason": REASON,
        "sha256": packet.sha256,
        "judge": taken.member.key,
        "sign_in": packet.sign_in,
        "device": packet.device,
        "made_at": packet.made_at.isoformat(),
        "stored": len(places),
        "ledger": [min(places), max(places)] if places else [],
        "repeated": sum(1 for _item, one in taken.outcomes if isinstance(one, Saved) and one.repeated),
        "refused": [
            [item.change.uuid, one.code if one else "no_sheet"]
            for item, one in taken.outcomes
            if not isinstance(one, Saved)
        ],
        "other_rounds": taken.aside,
    }
    audit.record(
        actor, "judging.import_tablet", f"round:{round_.id}", now=now, contest_id=contest.id, details=details
    )  # fmt: skip
