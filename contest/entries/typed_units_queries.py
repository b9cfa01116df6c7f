"""Units that authors wrote in their own words, because the directory has none of that name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry
from contest.rules.unit_names import core_of, spellings_of
from contest.units.models import Unit

# What one page shows; as they are matched, the others move up.
MOST_GROUPS = 50


@dataclass(frozen=True)
class Spelling:
    """One name as it was typed: of how many works, and of how many people's accounts."""

    text: str
    works: int
    people: int


@dataclass(frozen=True)
class Alike:
    """Spellings that are probably one unit, the most frequent first. proposed: the only unit of such a name."""

    core: str
    spellings: Sequence[Spelling]
    proposed: Unit | None

    @property
    def texts(self) -> list[str]:
        return [spelling.text for spelling in self.spellings]

    @property
    def works(self) -> int:
        return sum(spelling.works for spelling in self.spellings)

    @property
    def people(self) -> int:
        return sum(spelling.people for spelling in self.spellings)


@dataclass(frozen=True)
class Matched:
    """A name as typed, and the unit it was matched with."""

    text: str
    unit_id: int
    unit: str
    works: int


def unmatched_works(contest: Contest) -> ColumnElement[bool]:
    """Handed in to this contest under a name alone; drafts are their owners' own."""
    return and_(
        Entry.contest_id == contest.id, Entry.state == "submitted", Entry.unit_id.is_(None), Entry.unit_name != ""
    )


def unmatched_people(contest: Contest) -> ColumnElement[bool]:
    """Who handed in to this contest, and registered with a name alone."""
    owners = select(Entry.owner_id).where(Entry.contest_id == contest.id, Entry.state == "submitted")
    return and_(Account.unit_id.is_(None), Account.unit_text != "", Account.id.in_(owners))


def _counted(contest: Contest) -> Select[Any]:
    works = select(Entry.unit_name.label("text"), func.count().label("works"), literal(0).label("people"))
    people = select(Account.unit_text.label("text"), literal(0).label("works"), func.count().label("people"))
    both = union_all(
        works.where(unmatched_works(contest)).group_by(Entry.unit_name),
        people.where(unmatched_people(contest)).group_by(Account.unit_text),
    ).subquery()
    return select(both.c.text, func.sum(both.c.works), func.sum(both.c.people)).group_by(both.c.text)


def how_many(contest: Contest) -> int:
    """How many different names wait."""
    return db.session.scalar(select(func.count()).select_from(_counted(contest).subquery())) or 0


def alike(contest: Contest) -> list[Alike]:
    """The names that wait, those of one unit together, the most works first. Two statements, however many."""
    groups: dict[str, list[Spelling]] = defaultdict(list)
    for text, works, people in db.session.execute(_counted(contest)):
        groups[core_of(text)].append(Spelling(text, int(works), int(people)))
    for spellings in groups.values():
        spellings.sort(key=lambda one: (-one.works, -one.people, one.text))
    order = sorted(groups, key=lambda core: (-sum(one.works for one in groups[core]), core))
    proposed = _proposed(order[:MOST_GROUPS])
    return [Alike(core, groups[core], proposed.get(core)) for core in order]


def _proposed(cores: Sequence[str]) -> dict[str, Unit]:
    """By core: the unit in force that alone has such a name."""
    names = {name: core for core in cores for name in spellings_of(core)}
    if not names:
        return {}
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in db.session.scalars(select(Unit).where(Unit.name_key.in_(names), Unit.valid_to.is_(None))):
        found[names[unit.name_key]].append(unit)
    return {core: units[0] for core, units in found.items() if len(units) == 1}


def matched(contest: Contest) -> list[Matched]:
    """What was matched: works whose unit is not called what was typed. At most 200, by name."""
    rows = db.session.execute(
        select(Entry.unit_name, Unit.id, Unit.name, func.count())
        .join(Unit, Unit.id == Entry.unit_id)
        .where(
            Entry.contest_id == contest.id, Entry.state == "submitted", Entry.unit_name != "",
            Entry.unit_name != Unit.name, Entry.channel == "web",
        )
        .group_by(Entry.unit_name, Unit.id, Unit.name)
        .order_by(Entry.unit_name, Unit.id)
        .limit(200)
    )  # fmt: skip
    return [Matched(*row) for row in rows]
