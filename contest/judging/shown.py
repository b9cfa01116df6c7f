"""From rows to what pages of judging print and programs read: templates do no arithmetic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from contest.judging.actions import Refused, Saved
from contest.judging.forms import FIELD, PLAIN_FORM
from contest.judging.ledger import SENDING, criteria
from contest.judging.marks import missing, total_text
from contest.judging.models import SheetVersion
from contest.judging.tablet_actions import was_brought
from contest.judging.words import fault_text
from contest.rules.numbers import plain
from contest.rules.rule_sets import Criterion


def answer(saved: Saved) -> dict[str, Any]:
    """What a save answers. It depends on the stored version alone, so that a repeat gets the same."""
    version = saved.version
    state = "sent" if version.kind in SENDING else "begun"
    return {
        "version": version.uuid,
        "number": version.number,
        "kind": version.kind,
        "state": state if version.holds else "conflict",
        "holds": version.holds,
        "marks": version.marks,
        "comment": version.comment,
        "total": total_text(version.marks, saved.criteria),
        "missing": missing(version.marks, saved.criteria),
        "server_at": version.server_at.isoformat(),
    }


def refusal_facts(refusal: Refused, names: Mapping[str, str]) -> dict[str, Any]:
    """The facts of a refusal as JSON."""
    if refusal.code == "bad_marks":
        return {"faults": [asdict(fault) | {"detail": fault_text(fault, names)} for fault in refusal.facts["faults"]]}
    return {"missing": refusal.facts["criteria"]} if "criteria" in refusal.facts else {}


@dataclass(frozen=True)
class MarkLine:
    """One criterion on the sheet. value: as stored, a plain decimal; typed: as refused, to be shown again."""

    key: str
    name: str
    guidance: str
    max: str | None
    step: str | None
    weight: str
    value: str | None
    typed: str | None
    is_faulty: bool


@dataclass(frozen=True)
class SheetView:
    """A sheet as its page shows it. mode: mark | sent | again | over (nothing can be changed any more)."""

    lines: Sequence[MarkLine]
    total: str | None
    highest: str | None
    missing: Sequence[str]
    mode: str
    comment: str
    data: Mapping[str, Any]


_SENT_ALONG = ("key", "name", "max", "step", "weight")


def sheet_view(
    row: Any,
    scale: Sequence[Criterion],
    *,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    faulty: Sequence[str] = (),
) -> SheetView:
    """row: of sheet_queries.own_sheet. typed, faulty: a refused plain form and the criteria it was refused for."""
    lines = [
        MarkLine(
            item.key, item.name, item.guidance, _plain(item.max), _plain(item.step), plain(item.weight),
            row.marks.get(item.key), typed.get(FIELD + item.key) if typed else None, item.key in faulty,
        )
        for item in scale
    ]  # fmt: skip
    data = {
        "criteria": [{name: getattr(line, name) for name in _SENT_ALONG} for line in lines],
        "marks": {line.key: line.value for line in lines},
        "comment": row.comment,
        "version": row.version_uuid,
        "number": row.version_number,
        "state": row.state,
        "conflict": row.has_conflict,
        "saved_at": row.saved_at.isoformat() if row.saved_at else None,
        "drawn_at": now.isoformat(),
    }  # fmt: skip
    limits = [item.max * item.weight for item in scale if item.max is not None]
    return SheetView(
        lines=lines,
        total=total_text(row.marks, scale),
        highest=plain(sum(limits, Decimal(0))) if len(limits) == len(scale) else None,
        missing=[item.name for item in scale if row.marks.get(item.key) is None],
        mode=_mode(row),
        comment=typed.get("comment", "") if typed else row.comment,
        data=data,
    )


def _mode(row: Any) -> str:
    if row.round_state != "open" or row.is_gone:
        return "over"
    return {"asked_again": "again", "sent": "sent"}.get(row.state, "mark")


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


@dataclass(frozen=True)
class Rival:
    """One of two devices' versions, to pick from."""

    uuid: str
    at: datetime
    is_sent: bool
    in_force: bool
    cells: Sequence[tuple[str, str | None]]  # name of a criterion in which the versions differ, mark
    same: Sequence[tuple[str, str | None]]  # of the others, as all have them
    comment: str  # empty where it is the same in all
    total: str | None
    device: str


def rivals_from(rivals: Sequence[Rival]) -> str:
    """Where versions that differ were written, as far as can be told: "device" (one), "devices", or "places"."""
    named = {rival.device for rival in rivals}
    if any(not device or device == PLAIN_FORM or was_brought(device) for device in named):
        return "places"
    return "device" if len(named) == 1 else "devices"


def rival_rows(versions: Sequence[SheetVersion], row: Any, scale: Sequence[Criterion]) -> list[Rival]:
    """Versions side by side, by what differs: a judge has to pick, not to compare."""
    remarks = {version.comment for version in versions}
    differing = {item.key for item in scale if len({version.marks.get(item.key) for version in versions}) > 1}
    return [
        Rival(
            version.uuid, _written_at(version), version.kind in SENDING,
            version.uuid == row.version_uuid,
            [(item.name, version.marks.get(item.key)) for item in scale if item.key in differing],
            [(item.name, version.marks.get(item.key)) for item in scale if item.key not in differing],
            version.comment if len(remarks) > 1 else "", total_text(version.marks, scale), version.device,
        )
        for version in versions
    ]  # fmt: skip


def _written_at(version: SheetVersion) -> datetime:
    """When the judge wrote a version: by the tablet's clock where that can be, since a version may wait for days."""
    at = version.client_at
    if at is None or not version.server_at - MOST_WAITING < at < version.server_at + CLOCK_SLACK:
        return version.server_at
    return at


MOST_WAITING = timedelta(days=30)
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class OwnLine:
    """One sheet in the judge's list. state: as the board's, and "conflict"."""

    public_id: str
    code: str
    title: str
    category: str
    state: str
    total: str | None
    stamp: str


@dataclass(frozen=True)
class OwnRound:
    """A judge's sheets of one round. next: where to go on, the asked-again ones first."""

    contest_name: str
    round_name: str
    state: str
    due_at: datetime | None
    lines: Sequence[OwnLine]
    sent: int
    count: int
    next: OwnLine | None


def own_groups(rows: Iterable[Any]) -> list[OwnRound]:
    """Rows of sheet_queries.own_sheets by round."""
    return [_own_round(list(group)) for _key, group in groupby(rows, key=lambda row: row.round_id)]


def _own_round(rows: Sequence[Any]) -> OwnRound:
    first = rows[0]
    scale = criteria(first.rule_set_id, first.slug, first.round_key) if first.rule_set_id is not None else ()
    lines = [
        OwnLine(
            row.public_id, row.code, row.title, row.category or "",
            "rivals" if row.has_conflict and row.state != "recused" else row.state,
            total_text(row.marks, scale), _stamp(row),
        )
        for row in rows
    ]  # fmt: skip
    counted = [line for line in lines if line.state != "recused"]
    todo = sorted((line for line in counted if line.state in _ORDER), key=lambda line: _ORDER[line.state])
    return OwnRound(
        contest_name=first.contest_name,
        round_name=first.round_name,
        state=first.round_state,
        due_at=first.marks_due_at,
        lines=lines,
        sent=sum(1 for line in counted if line.state == "sent"),
        count=len(counted),
        next=todo[0] if todo and first.round_state == "open" else None,
    )


def _stamp(row: Any) -> str:
    """Changes when the sheet's page does: a tablet fetches it again then."""
    said = f"{row.version_uuid}|{row.state}|{row.has_conflict}|{row.round_state}|{row.copy_state}|{row.copied_at}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


_ORDER = {"rivals": 0, "asked_again": 1, "begun": 2, "empty": 3}
