"""What a tabulation bundle holds once it has been checked (formats.md, section 2). Points are exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

FORMAT = "contest-tabulation/1"


@dataclass(frozen=True, slots=True)
class Criterion:
    """`maximum` and `step` None: no limit."""

    key: str
    maximum: Fraction | None
    step: Fraction | None
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Panel:
    """How the marks of several judges become one value; `tolerance` is set when `average` is "tolerance"."""

    average: str
    drop_high: int
    drop_low: int
    drop_needs: int
    of: str
    tolerance: Fraction | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimals at each named place; None: not rounded there."""

    panel: int | None
    weighted: int | None
    round: int | None


@dataclass(frozen=True, slots=True)
class ThirdMarker:
    """When two judges' totals differ by `gap` or more, a third marks, and `stands` says what counts then."""

    gap: Fraction
    stands: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the contest. `severity`: "additive" takes that of judges off (`severity_rule`), None does not."""

    key: str
    weight: Fraction
    criteria: tuple[Criterion, ...]
    panel: Panel
    rounding: Rounding
    third_marker: ThirdMarker | None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class TieBreak:
    """`name` as written; `kind` is what stands before the first colon, `round` and `criterion` are keys."""

    name: str
    kind: str
    round: str = ""
    criterion: str = ""
    measure: str = ""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Advance:
    """Who goes on, pool by pool: the first `count` (None: all) with `min_total` or more."""

    count: int | None
    min_total: Fraction | None


@dataclass(frozen=True, slots=True)
class Prize:
    """One tier of prizes."""

    key: str
    count: int
    min_total: Fraction | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbered rule set a result is counted by."""

    number: int
    rounds: tuple[Round, ...]
    combine: str
    total_rounding: int | None
    tiebreaks: tuple[TieBreak, ...]
    advance: Advance | None
    prizes: tuple[Prize, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """A member of the panel."""

    key: str
    head: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """`rounds`: keys of the rounds it takes part in, in the order of the rules."""

    key: str
    pool: str | None
    lot: int | None
    measures: Mapping[str, Fraction]
    withdrawn: bool
    rounds: tuple[str, ...]


class Mark(NamedTuple):
    """`value` None: the judge is on the panel of this entry, and gave no mark."""

    round: str
    entry: str
    judge: str
    criterion: str
    value: Fraction | None


class Adjustment(NamedTuple):
    """Points added to an entry's round points, negative for a penalty."""

    round: str
    entry: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked bundle; `sha256` is that of the canonical form of the input as it was given."""

    rules: Rules
    judges: tuple[Judge, ...]
    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]
    adjustments: tuple[Adjustment, ...]
    sha256: str
