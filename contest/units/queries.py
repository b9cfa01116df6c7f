"""Reading the tree of units: one, those below it, those a name finds, what became of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.rules.text import fold, search_terms, term_variants
from contest.units.models import Unit, UnitKind, UnitLevel, UnitSuccession


def unit_by_id(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


def unit_by_code(code: str) -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.code == code).options(joinedload(Unit.parent))).one_or_none()


def subtree(unit: Unit) -> Sequence[Unit]:
    """The unit and all below it, past ones too, superiors before subordinates."""
    query = select(Unit).where(Unit.path.startswith(unit.path, autoescape=True))
    return db.session.scalars(query.order_by(Unit.path)).all()


def valid_on(day: date) -> ColumnElement[bool]:
    """The condition that a unit exists on a day."""
    return and_(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to > day)
    )


@dataclass(frozen=True)
class Found:
    """A unit that a search found. `successors`: what a unit that is no more became part of."""

    unit: Unit
    is_valid: bool
    successors: list[Unit] = field(default_factory=list)


def search_units(text: str, *, on: date, historic: bool = False, limit: int = 12) -> list[Found]:
    """Units whose name has every word typed, without accents, those existing on the day first.

    Past units come too when asked for, and when nothing that exists is found: people know the old name.
    """
    terms = search_terms(text)
    if not terms:
        return []
    matching = select(Unit).where(*(_has_word(term) for term in terms)).options(joinedload(Unit.parent))
    rows = db.session.scalars(_ordered(matching.where(valid_on(on)), text).limit(limit)).all()
    found = [Found(unit, is_valid=True) for unit in rows]
    if (historic or not found) and len(found) < limit:
        past = matching.where(~valid_on(on))
        gone = db.session.scalars(_ordered(past, text).limit(limit - len(found))).all()
        after = successors_of(unit.id for unit in gone)
        found += [Found(unit, is_valid=False, successors=[s.after for s in after.get(unit.id, [])]) for unit in gone]
    return found


def _has_word(term: str) -> ColumnElement[bool]:
    padded = literal(" ") + Unit.name_key
    return or_(*(padded.contains(f" {variant}", autoescape=True) for variant in term_variants(term)))


def _ordered(query: Any, text: str) -> Any:
    """Names that end in what was typed first ("tan trao" before "tan trao a"), then by name."""
    ends = case((Unit.name_key.endswith(fold(text), autoescape=True), 0), else_=1)
    return query.order_by(ends, Unit.sort_key, Unit.id)


def successors_of(unit_ids: Iterable[int]) -> dict[int, list[UnitSuccession]]:
    """What became of each unit, by its id. One statement."""
    return _by(UnitSuccession.before_id, unit_ids, "before_id")


def predecessors_of(unit_ids: Iterable[int]) -> dict[int, list[UnitSuccession]]:
    """What each unit was made of, by its id. One statement."""
    return _by(UnitSuccession.after_id, unit_ids, "after_id")


def _by(column: Any, unit_ids: Iterable[int], key: str) -> dict[int, list[UnitSuccession]]:
    ids = list(unit_ids)
    if not ids:
        return {}
    rows = db.session.scalars(
        select(UnitSuccession)
        .where(column.in_(ids))
        .options(joinedload(UnitSuccession.before), joinedload(UnitSuccession.after))
        .order_by(UnitSuccession.on, UnitSuccession.id)
    )
    grouped: dict[int, list[UnitSuccession]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, key), []).append(row)
    return grouped


@dataclass(frozen=True)
class Line:
    """A unit in the tree page: how many stand directly below it on that day, and what became of it."""

    unit: Unit
    is_valid: bool
    below: int
    successions: list[UnitSuccession]


def lines_below(parent: Unit | None, *, on: date, historic: bool) -> list[Line]:
    """The units directly below one (or the roots), by level and name. Three statements, however many units."""
    query = select(Unit).join(UnitLevel, UnitLevel.id == Unit.level_id)
    query = query.where(Unit.parent_id == parent.id if parent is not None else Unit.parent_id.is_(None))
    if not historic:
        query = query.where(valid_on(on))
    units = db.session.scalars(query.order_by(UnitLevel.rank, Unit.sort_key, Unit.id)).all()
    ids = [unit.id for unit in units]
    after = successors_of(ids)
    below = dict(_counts(ids, on, historic))
    return [Line(unit, unit.existed_on(on), below.get(unit.id, 0), after.get(unit.id, [])) for unit in units]


def _counts(ids: list[int], on: date, historic: bool) -> Iterable[tuple[int, int]]:
    if not ids:
        return []
    query = select(Unit.parent_id, func.count()).where(Unit.parent_id.in_(ids)).group_by(Unit.parent_id)
    # A unit that has ended keeps what was below it: everything there ended with it.
    ended = Unit.parent_id.in_(select(Unit.id).where(Unit.id.in_(ids), ~valid_on(on)).scalar_subquery())
    if not historic:
        query = query.where(or_(valid_on(on), ended))
    return [(int(parent_id or 0), count) for parent_id, count in db.session.execute(query)]


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the root to the parent."""
    ids = unit.ancestor_ids
    rows = {row.id: row for row in db.session.scalars(select(Unit).where(Unit.id.in_(ids)))} if ids else {}
    return [rows[unit_id] for unit_id in ids if unit_id in rows]


def kinds() -> Sequence[UnitKind]:
    return db.session.scalars(select(UnitKind).order_by(UnitKind.id)).all()


def levels() -> Sequence[UnitLevel]:
    return db.session.scalars(select(UnitLevel).order_by(UnitLevel.rank)).all()


def units_by_ids(ids: Iterable[int]) -> Sequence[Unit]:
    return db.session.scalars(select(Unit).where(Unit.id.in_(list(ids))).order_by(Unit.id)).all()
