"""What a sheet's marks are worth on their scale: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.rules.numbers import BadMark, check_scale, parse_mark, plain
from contest.rules.rule_sets import Criterion

Marks = dict[str, str | None]


@dataclass(frozen=True)
class MarkFault:
    """Why one mark is refused.

    code: those of numbers.BadMark and numbers.ScaleFault, and "unknown_criterion", "not_text".
    below, above: the nearest marks that are on the scale, as plain decimals, where there are any.
    """

    criterion: str
    code: str
    below: str | None = None
    above: str | None = None
    max: str | None = None
    step: str | None = None


class BadMarks(Exception):
    """Marks that are not on their scale; nothing of the sheet was kept."""

    def __init__(self, faults: Sequence[MarkFault]) -> None:
        super().__init__(", ".join(f"{fault.criterion}: {fault.code}" for fault in faults))
        self.faults = list(faults)


def read_marks(raw: Mapping[str, Any], criteria: Sequence[Criterion]) -> Marks:
    """A whole sheet as it is stored: every criterion, in plain decimals, None for "no mark".

    raw: as typed ("9,25", "9.25", "", "–" or None) by criterion key; one that is absent has no mark.
    Raises BadMarks with every fault.
    """
    faults = [MarkFault(key, "unknown_criterion") for key in raw if key not in {item.key for item in criteria}]
    marks: Marks = {}
    for item in criteria:
        value = _read(raw.get(item.key), item)
        if isinstance(value, MarkFault):
            faults.append(value)
        else:
            marks[item.key] = value
    if faults:
        raise BadMarks(faults)
    return marks


def _read(typed: Any, item: Criterion) -> str | None | MarkFault:
    if typed is None:
        return None
    if not isinstance(typed, str):
        return MarkFault(item.key, "not_text")
    limits = {"max": _plain(item.max), "step": _plain(item.step)}
    try:
        value = parse_mark(typed)
    except BadMark as bad:
        return MarkFault(item.key, bad.code, **limits)
    if value is None:
        return None
    fault = check_scale(value, item.max, item.step)
    if fault is not None:
        return MarkFault(item.key, fault.code, _plain(fault.below), _plain(fault.above), **limits)
    return plain(value)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def missing(marks: Mapping[str, str | None], criteria: Sequence[Criterion]) -> list[str]:
    """Keys of the criteria without a mark, in the order of the sheet."""
    return [item.key for item in criteria if marks.get(item.key) is None]


def total(marks: Mapping[str, str | None], criteria: Sequence[Criterion]) -> Decimal | None:
    """The weighted sum of the marks there are; None when there is none, because no mark is not 0."""
    given = [Decimal(value) * item.weight for item in criteria if (value := marks.get(item.key)) is not None]
    return sum(given, Decimal(0)) if given else None


def total_text(marks: Mapping[str, str | None], criteria: Sequence[Criterion]) -> str | None:
    """`total` as a plain decimal."""
    return _plain(total(marks, criteria))
