"""Who may not judge what, and who may not enter (invariant 6).

Works on values: keys of units and accounts are whatever the caller uses, the same on both sides.
Names come folded (`text.fold`), phones normalised (`phones.normalise`), addresses in small letters.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from enum import StrEnum

from contest.rules.permissions import BARRED_FROM_ENTERING, Role

Key = Hashable
_NONE: frozenset[Key] = frozenset()


class Code(StrEnum):
    """Why, in the order of weight. All but the last bar; the last is a suspicion that a person decides."""

    OWN_ENTRY = "own_entry"
    OWN_UNIT = "own_unit"
    UNIT_BELOW = "unit_below"
    DECLARED = "declared"
    SAME_PERSON_SUSPECTED = "same_person_suspected"


@dataclass(frozen=True)
class Judge:
    """A judge and what he or she declared: entries, units (with all below them), people by folded name."""

    key: str
    account: Key | None = None
    unit: Key | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    declared_entries: Set[str] = frozenset()
    declared_units: Set[Key] = _NONE
    declared_people: Set[str] = frozenset()


@dataclass(frozen=True)
class Work:
    """An entry, the units above its own (its own not among them), and its authors."""

    key: str
    unit: Key | None = None
    unit_ancestors: Set[Key] = _NONE
    author_accounts: Set[Key] = _NONE
    author_names: Set[str] = frozenset()
    author_phones: Set[str] = frozenset()
    author_emails: Set[str] = frozenset()


@dataclass(frozen=True)
class Conflict:
    entry: str
    judge: str
    code: Code

    @property
    def bars(self) -> bool:
        """Whether the pair must never be assigned; else a person looks at it first."""
        return self.code is not Code.SAME_PERSON_SUSPECTED


def find_conflicts(judges: Iterable[Judge], works: Iterable[Work], *, above_all: Set[Key] = _NONE) -> list[Conflict]:
    """Every conflict of every pair, each reason of its own, by entry as given, then judge, then weight.

    above_all: units that stand above all entrants alike, such as the organising body: what lies below
    them is not held against their own people, since else they could judge nothing. Empty: no exception.
    """
    panel = list(judges)
    return [
        Conflict(work.key, judge.key, code)
        for work in works
        for judge in panel
        for code in reasons(judge, work, above_all=above_all)
    ]


def reasons(judge: Judge, work: Work, *, above_all: Set[Key] = _NONE) -> list[Code]:
    """Why one judge should not mark one work; empty when nothing is known against it."""
    found: list[Code] = []
    if judge.account is not None and judge.account in work.author_accounts:
        found.append(Code.OWN_ENTRY)
    if judge.unit is not None and judge.unit == work.unit:
        found.append(Code.OWN_UNIT)
    elif judge.unit is not None and judge.unit in work.unit_ancestors and judge.unit not in above_all:
        found.append(Code.UNIT_BELOW)
    if _declared(judge, work):
        found.append(Code.DECLARED)
    if Code.OWN_ENTRY not in found and _may_be_an_author(judge, work):
        found.append(Code.SAME_PERSON_SUSPECTED)
    return found


def _declared(judge: Judge, work: Work) -> bool:
    return (
        work.key in judge.declared_entries
        or work.unit in judge.declared_units
        or not judge.declared_units.isdisjoint(work.unit_ancestors)
        or not judge.declared_people.isdisjoint(work.author_names)
    )


def _may_be_an_author(judge: Judge, work: Work) -> bool:
    """The same phone or address, or the same name in the same unit. Families share phones: it is no proof."""
    return (
        (judge.phone != "" and judge.phone in work.author_phones)
        or (judge.email != "" and judge.email in work.author_emails)
        or (judge.name in work.author_names and judge.unit is not None and judge.unit == work.unit)
    )


def barred_to_enter(roles: Iterable[Role]) -> Role | None:
    """The first of the roles held in a contest that forbids entering it; None when none does."""
    return next((role for role in roles if role in BARRED_FROM_ENTERING), None)
