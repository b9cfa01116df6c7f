"""What an assignment is made of (formats.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Pair = tuple[str, str]
"""An entry's key and a judge's."""


@dataclass(frozen=True)
class Wanted:
    """An entry and how many judges it needs."""

    key: str
    judges: int


@dataclass(frozen=True)
class Judge:
    """A judge and how many entries he or she takes; None: no limit."""

    key: str
    min: int = 0
    max: int | None = None


@dataclass(frozen=True)
class Instance:
    """All that decides an assignment. Keys are distinct, and pairs name keys that exist.

    fixed: pairs that stay, whatever else would be better. A preference for a conflict has no effect.
    """

    entries: tuple[Wanted, ...]
    judges: tuple[Judge, ...]
    conflicts: frozenset[Pair] = frozenset()
    preferences: Mapping[Pair, Fraction] = field(default_factory=dict)
    fixed: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Assigned:
    """pairs: sorted by entry, then judge. load: every judge's number of entries, also 0."""

    pairs: tuple[Pair, ...]
    total_preference: Fraction
    load: Mapping[str, int]
