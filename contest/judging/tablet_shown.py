"""Tablets as the secretary sees them: what needs a hand first; and what a file brought by hand would change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contest.contests.models import Round
from contest.judging.actions import Refused, Saved
from contest.judging.ledger import SENT_STATES
from contest.judging.marks import total_text
from contest.judging.tablet_actions import Taken
from contest.judging.tablet_queries import TabletSeen
from contest.web.language import _

SILENT = timedelta(minutes=5)
CLOCK_OFF = 120  # seconds
LOW = 20  # percent of a battery that is not being charged

BAD, WARN = "bad", "warn"
# What may be wrong with a tablet, the worst first, and how bad it is.
NEEDS = {
    "refused": BAD, "unsent": BAD, "battery": WARN, "silent": WARN, "clock": WARN, "kept": WARN, "old": WARN,
    "none": WARN,
}  # fmt: skip


@dataclass(frozen=True)
class TabletRow:
    """One tablet, or a judge of whom none was seen (`device` empty). kind: bad | warn | ok | neutral (set aside)."""

    judge: str
    name: str
    device: str
    browser: str
    ago: str
    seen_at: datetime | None
    battery: int | None
    is_charging: bool
    unsent: int
    refused: int
    kept: int
    assigned: int
    clock: str
    is_old: bool
    needs: Sequence[str]
    kind: str


@dataclass(frozen=True)
class TabletsView:
    """All tablets of a round, those that need a hand first."""

    rows: Sequence[TabletRow]
    count: int
    needing: int

    @property
    def unsent(self) -> Sequence[tuple[str, int]]:
        """(judge's name, versions that wait) of each tablet that holds some: a round that closes takes them no more."""
        return [(row.name, row.unsent) for row in self.rows if row.unsent]


def tablets_view(seen: Sequence[TabletSeen], round_: Round, *, version: str, now: datetime) -> TabletsView:
    """version: of the judge's app that this server serves now."""
    rows, judges = [], set()
    for one in seen:
        in_use = one.key not in judges  # the newest of its judge's
        judges.add(one.key)
        rows.append(_row(one, in_use=in_use and round_.state == "open", version=version, now=now))
    order = {BAD: 0, WARN: 1, "ok": 2, "neutral": 3}
    rows.sort(key=lambda row: (order[row.kind], bool(row.device) is False))
    return TabletsView(rows, sum(1 for row in rows if row.device), sum(1 for row in rows if row.needs))


def _row(one: TabletSeen, *, in_use: bool, version: str, now: datetime) -> TabletRow:
    needs = _needs(one, in_use=in_use, version=version, now=now)
    kind = min((NEEDS[need] for need in needs), default="ok" if in_use else "neutral")  # "bad" before "warn"
    return TabletRow(
        judge=one.key, name=one.full_name, device=short_name(one.device or ""), browser=browser_name(one.agent or ""),
        ago=ago(one.seen_at, now), seen_at=one.seen_at, battery=one.battery, is_charging=bool(one.is_charging),
        unsent=one.unsent or 0, refused=one.refused or 0, kept=one.kept or 0, assigned=one.assigned,
        clock=clock_text(one.clock_off or 0), is_old=bool(one.device) and one.version != version,
        needs=needs, kind=kind,
    )  # fmt: skip


def _needs(one: TabletSeen, *, in_use: bool, version: str, now: datetime) -> list[str]:
    """in_use: the judge marks on it now, as far as anybody knows. Marks that wait on a tablet set aside count too."""
    if one.device is None:
        return ["none"] if in_use and one.left else []
    silent = one.seen_at is None or now - one.seen_at > SILENT
    found = {
        "refused": bool(one.refused),
        # An open tablet speaks every minute: while it does, what waits is on its way.
        "unsent": bool(one.unsent) and silent,
        "battery": in_use and not one.is_charging and one.battery is not None and one.battery <= LOW and one.left > 0,
        "silent": in_use and silent and one.left > 0 and not one.unsent,  # else it is said already
        "clock": in_use and abs(one.clock_off or 0) > CLOCK_OFF,
        "kept": in_use and (one.kept or 0) < one.assigned and one.left > 0,
        "old": in_use and one.version != version and one.left > 0,
    }
    return [need for need in NEEDS if found.get(need)]


def need_text(need: str, row: TabletRow) -> str:
    """What is the matter, in a few words."""
    if need == "refused":
        return _("%(n)s bản máy chủ không nhận", n=row.refused)
    if need == "unsent":
        return _("%(n)s bản chưa gửi, máy vắng", n=row.unsent)
    if need == "clock":
        return row.clock
    return _(_NEEDS[need])


_NEEDS = {
    "battery": "pin sắp hết",
    "silent": "vắng quá 5 phút",
    "kept": "chưa tải đủ bài",
    "old": "ứng dụng bản cũ",
    "none": "chưa thấy máy nào",
}


def short_name(device: str) -> str:
    """What a tablet is called among people; the judge's list says the same (rescue.js)."""
    return re.sub("[^0-9A-Za-z]", "", device)[:4].upper()


_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung", "CriOS": "Chrome (iPad)"}


def browser_name(agent: str) -> str:
    """Chrome 90, from "Chrome/90"."""
    name, slash, number = agent.partition("/")
    return f"{_BROWSERS.get(name, name)} {number}" if slash else agent[:24]


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits; a clock that ran back says "vừa xong"."""
    if at is None:
        return ""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return _("vừa xong")
    if minutes < 60:
        return _("%(n)s phút trước", n=minutes)
    if minutes < 24 * 60:
        return _("%(n)s giờ trước", n=minutes // 60)
    return _("%(n)s ngày trước", n=minutes // (24 * 60))


def clock_text(seconds: int) -> str:
    """By how much a tablet's clock is off; empty up to two minutes. seconds: ahead of the server's."""
    if abs(seconds) <= CLOCK_OFF:
        return ""
    minutes = abs(seconds) // 60
    much = (
        _("%(n)s phút", n=minutes) if minutes < 60
        else _("%(n)s giờ", n=minutes // 60) if minutes < 48 * 60
        else _("%(n)s ngày", n=minutes // (24 * 60))
    )  # fmt: skip
    return _("đồng hồ nhanh %(much)s", much=much) if seconds > 0 else _("đồng hồ chậm %(much)s", much=much)


# ---- What a file would change ----


@dataclass(frozen=True)
class SheetChange:
    """One sheet of the file. before, after: states as the board's; total: of marks sent, never of a draft; new:
    versions to be stored; refused: (how many, code and facts as a Refused, or None for a sheet that is gone)."""

    code: str
    before: str
    after: str
    total: str | None
    new: int
    repeated: int
    refused: Sequence[tuple[int, Refused | None]]

    @property
    def changes(self) -> bool:
        return self.before != self.after or self.new > 0


@dataclass(frozen=True)
class ImportView:
    """A file before it is stored: whose, and what would become of each sheet."""

    judge: str
    name: str
    sheets: Sequence[SheetChange]
    new: int
    repeated: int
    refused: int
    aside: int
    overtaken: int


def import_view(taken: Taken) -> ImportView:
    """Plain values, so that they outlive the transaction that is rolled back."""
    touched = {item.sheet for item, _outcome in taken.outcomes}
    sheets = [_sheet(taken, public_id) for public_id in taken.before if public_id in touched]
    return ImportView(
        taken.member.key, taken.member.account.full_name, sheets,
        new=sum(sheet.new for sheet in sheets), repeated=sum(sheet.repeated for sheet in sheets),
        refused=sum(count for sheet in sheets for count, _why in sheet.refused),
        aside=taken.aside, overtaken=taken.overtaken,
    )  # fmt: skip


def _sheet(taken: Taken, public_id: str) -> SheetChange:
    outcomes = [outcome for item, outcome in taken.outcomes if item.sheet == public_id]
    saved = [one for one in outcomes if isinstance(one, Saved)]
    new = [one for one in saved if not one.repeated]
    refusals: dict[str, tuple[int, Refused | None]] = {}
    for one in outcomes:
        if not isinstance(one, Saved):
            code = one.code if one is not None else "no_sheet"
            refusals[code] = (refusals.get(code, (0, None))[0] + 1, one)
    before, after = taken.before[public_id], taken.after[public_id]
    return SheetChange(
        before.code, state_of(before), state_of(after),
        total_text(after.marks, saved[-1].criteria) if new and after.state in SENT_STATES else None,
        len(new), len(saved) - len(new), list(refusals.values()),
    )  # fmt: skip


def state_of(sheet: Any) -> str:
    """As the board's legend names it."""
    if sheet.state == "recused":
        return "conflict"
    return "rivals" if sheet.has_conflict else {"asked_again": "again"}.get(sheet.state, sheet.state)
