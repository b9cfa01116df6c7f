"""Organisations as they are and were: a tree with kinds, levels and dates (invariant 10)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Base


class UnitLevel(Base):
    """A level of the system: trung ương, tỉnh, huyện, cụm, cơ sở … Data, because the state reforms itself."""

    __tablename__ = "unit_levels"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[int] = mapped_column(Integer)


class UnitKind(Base):
    """A kind of organisation (xã, huyện ủy, chi bộ, sở …) and its branch: party, government, front, force."""

    __tablename__ = "unit_kinds"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    branch: Mapped[str] = mapped_column(String(20), default="government")


class Unit(Base):
    """An organisation between two dates. Renamed or merged: a new unit, and a succession."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(600), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("unit_kinds.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("unit_levels.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    # "/1/17/204/": ids from the root to this unit, so that "this and all below" is one index range.
    path: Mapped[str] = mapped_column(String(200), index=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)  # the first day it is no more

    kind: Mapped[UnitKind] = relationship(lazy="joined", innerjoin=True)
    level: Mapped[UnitLevel] = relationship(lazy="joined", innerjoin=True)
    parent: Mapped[Unit | None] = relationship(remote_side=[id])

    def existed_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def is_within(self, other: Unit) -> bool:
        """Whether this unit is `other` or below it."""
        return self.path.startswith(other.path)

    @property
    def ancestor_ids(self) -> list[int]:
        """From the root to the parent."""
        return [int(part) for part in self.path.strip("/").split("/")][:-1]


class UnitSuccession(Base):
    """What became of a unit: merged into, split into, renamed to. Many to many."""

    __tablename__ = "unit_successions"
    __table_args__ = (UniqueConstraint("before_id", "after_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    after_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    on: Mapped[date] = mapped_column("on_day", Date)
    kind: Mapped[str] = mapped_column(String(20))  # merge | split | rename | part
    basis: Mapped[str] = mapped_column(String(300), default="")

    before: Mapped[Unit] = relationship(foreign_keys=[before_id])
    after: Mapped[Unit] = relationship(foreign_keys=[after_id])
