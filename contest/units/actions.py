"""Changing the tree of units. Nothing is overwritten: a new name is a new unit with a succession."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from contest import audit
from contest.audit import Actor
from contest.db import db
from contest.rules.text import fold, text_sort_key
from contest.units import importing
from contest.units.models import Unit, UnitKind, UnitLevel, UnitSuccession

DATA = Path(__file__).parent / "data"


class WrongDay(Exception):
    """A unit cannot end before it began, or twice. `unit` is the one that stands in the way."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit.name)
        self.unit = unit


def add_unit(
    name: str,
    *,
    kind: UnitKind,
    level: UnitLevel,
    parent: Unit | None,
    valid_from: date | None,
    actor: Actor,
    now: datetime,
) -> Unit:
    """A new organisation. The same one sent twice (a double click) is the one that is there."""
    if (same := _same(name, parent)) is not None:
        return same
    unit = _make(name, kind=kind, level=level, parent=parent, valid_from=valid_from)
    audit.record(actor, "units.add", f"unit:{unit.id}", now=now, details={"name": unit.name, "code": unit.code})
    return unit


def _same(name: str, parent: Unit | None) -> Unit | None:
    beside = Unit.parent_id == parent.id if parent is not None else Unit.parent_id.is_(None)
    query = select(Unit).where(Unit.name == name, beside, Unit.valid_to.is_(None)).limit(1)
    return db.session.scalars(query).one_or_none()


def rename_unit(unit: Unit, name: str, *, on: date, basis: str, actor: Actor, now: datetime) -> Unit:
    """The organisation goes on under another name from a day: a new unit, with all below it moved there.

    Raises WrongDay.
    """
    after = _make(name, kind=unit.kind, level=unit.level, parent=unit.parent, valid_from=on)
    _succeed([unit], after, on=on, kind="rename", basis=basis)
    details = {"from": unit.name, "to": after.name, "on": on.isoformat(), "basis": basis, "after": after.id}
    audit.record(actor, "units.rename", f"unit:{unit.id}", now=now, details=details)
    return after


def merge_units(
    units: Sequence[Unit], name: str, *, kind: UnitKind, on: date, basis: str, actor: Actor, now: datetime
) -> Unit:
    """Several organisations of one superior become a new one from a day. Raises WrongDay."""
    first = units[0]
    after = _make(name, kind=kind, level=first.level, parent=first.parent, valid_from=on)
    _succeed(units, after, on=on, kind="merge", basis=basis)
    details = {"from": [unit.id for unit in units], "to": after.name, "on": on.isoformat(), "basis": basis}
    audit.record(actor, "units.merge", f"unit:{after.id}", now=now, details=details)
    return after


def close_unit(unit: Unit, *, on: date, basis: str, actor: Actor, now: datetime) -> None:
    """The organisation and all below it are no more from a day. Raises WrongDay."""
    for row in db.session.scalars(select(Unit).where(Unit.path.startswith(unit.path, autoescape=True))):
        if row.id == unit.id or row.valid_to is None or row.valid_to > on:
            _end(row, on)
    details = {"name": unit.name, "on": on.isoformat(), "basis": basis}
    audit.record(actor, "units.close", f"unit:{unit.id}", now=now, details=details)


def _end(unit: Unit, on: date) -> None:
    if (unit.valid_from is not None and unit.valid_from >= on) or (unit.valid_to is not None and unit.valid_to <= on):
        raise WrongDay(unit)
    unit.valid_to = on


def _succeed(units: Sequence[Unit], after: Unit, *, on: date, kind: str, basis: str) -> None:
    for unit in units:
        _end(unit, on)
        db.session.add(UnitSuccession(before_id=unit.id, after_id=after.id, on=on, kind=kind, basis=basis))
        _move_below(unit, after, on=on)
    db.session.flush()


def _move_below(unit: Unit, after: Unit, *, on: date) -> None:
    """Subordinates that go on belong to the successor; those that had ended stay where they were."""
    for row in db.session.scalars(
        select(Unit).where(Unit.path.startswith(unit.path, autoescape=True), Unit.id != unit.id)
    ).all():
        top = int(row.path.removeprefix(unit.path).split("/")[0])
        leader = db.session.get(Unit, top)
        if leader is None or (leader.valid_to is not None and leader.valid_to <= on):
            continue
        row.path = after.path + row.path.removeprefix(unit.path)
        if row.parent_id == unit.id:
            row.parent_id = after.id


def _make(
    name: str, *, kind: UnitKind, level: UnitLevel, parent: Unit | None, valid_from: date | None, code: str = ""
) -> Unit:
    unit = _row(name, code=code or f"dv-{secrets.token_hex(5)}", kind_id=kind.id, level_id=level.id)
    unit.parent, unit.valid_from = parent, valid_from
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent is not None else '/'}{unit.id}/"
    db.session.flush()
    return unit


def _row(name: str, *, code: str, kind_id: int, level_id: int) -> Unit:
    return Unit(
        code=code, name=name, name_key=fold(name), sort_key=text_sort_key(name), kind_id=kind_id, level_id=level_id,
        path="",
    )  # fmt: skip


def load_units(*, actor: Actor, now: datetime, name: str = "tuyen-quang", folder: Path = DATA) -> int:
    """Bring in the shipped units (contest/units/data): kinds, levels, units, successions. Returns how many units
    were new; what is there already is left as it is, so that running it again changes nothing.
    """
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    added = _bring_in(_read(folder / f"{name}.csv"), units, folder=folder)
    _load_successions(_read(folder / f"{name}-successions.csv"), units)
    _note(name, added, actor=actor, now=now)
    return added


def import_units(data: bytes, *, name: str, province: str = "", actor: Actor, now: datetime) -> int:
    """Bring in a list of units (contest/units/importing.py), whole or not at all. Raises BadList.

    name: of the file, for the trail. Returns how many units were new; units whose code is there already are left
    as they are.
    """
    rows = importing.read_list(data, province=province)
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    kinds, levels = ([row["key"] for row in _read(DATA / file)] for file in ("kinds.csv", "levels.csv"))
    importing.check(rows, kinds=kinds, levels=levels, known=units)
    added = _bring_in(rows, units, folder=DATA)
    _note(name, added, actor=actor, now=now)
    return added


def _note(name: str, added: int, *, actor: Actor, now: datetime) -> None:
    if added:
        audit.record(actor, "units.load", f"units:{name}", now=now, details={"count": added})


def _bring_in(rows: list[dict[str, str]], units: dict[str, Unit], *, folder: Path) -> int:
    """Make the units that are not there yet, below their superiors. Returns how many; `units` grows by them."""
    kinds = _named(UnitKind, _read(folder / "kinds.csv"))
    levels = _named(UnitLevel, _read(folder / "levels.csv"))
    known = len(units)
    for row in rows:
        if row["code"] in units:
            continue
        unit = _row(row["name"], code=row["code"], kind_id=kinds[row["kind"]], level_id=levels[row["level"]])
        unit.valid_from, unit.valid_to = _day(row["valid_from"]), _day(row["valid_to"])
        unit.parent = units[row["parent"]] if row["parent"] else None
        db.session.add(unit)
        units[unit.code] = unit
    db.session.flush()
    for unit in units.values():
        if not unit.path:
            unit.path = f"{unit.parent.path if unit.parent is not None else '/'}{unit.id}/"
    db.session.flush()
    return len(units) - known


def _named(table: Any, rows: list[dict[str, str]]) -> dict[str, int]:
    known = {row.key: row.id for row in db.session.scalars(select(table))}
    added = [table(**_typed(row)) for row in rows if row["key"] not in known]
    db.session.add_all(added)
    db.session.flush()
    return known | {row.key: row.id for row in added}


def _typed(row: dict[str, str]) -> dict[str, str | int]:
    return {key: int(value) if key == "rank" else value for key, value in row.items()}


def _load_successions(rows: list[dict[str, str]], units: dict[str, Unit]) -> None:
    pairs = db.session.execute(select(UnitSuccession.before_id, UnitSuccession.after_id))
    known = {(before, after) for before, after in pairs}
    for row in rows:
        before, after = units[row["before"]].id, units[row["after"]].id
        if (before, after) not in known:
            db.session.add(
                UnitSuccession(
                    before_id=before, after_id=after, on=_day(row["on"]), kind=row["kind"], basis=row["basis"]
                )
            )
    db.session.flush()


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
