"""Whose marks are missing. A bundle does not say who was to mark what, so this is read from the marks themselves.

Within one round and one pool:

- A judge whose sheet of an entry lacks a criterion, or is named with `value` null, is missing there for certain.
- When some entry was marked by every judge who marked anything, the panel is one panel: whoever marked others but not
  this entry is missing, and so is a judge of the bundle who marked nothing anywhere.
- Otherwise the entries were dealt out among the judges: an entry with fewer judges than the best-served one is reported
  without names.
- In a round with a third marker two judges are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contest.rules.bundle_types import Round
from contest.rules.points import Sheet

Sheets = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class Missing:
    """An entry with marks missing: `by` judge the criteria without one, `judges` who marked, of `expected`."""

    by: Mapping[str, tuple[str, ...]]
    judges: int
    expected: int


def missing_marks(round_: Round, sheets: Mapping[str, Sheets], idle: frozenset[str]) -> dict[str, Missing]:
    """Entries with marks missing, among those with a mark in this round and pool.

    sheets: by entry, by judge; an empty sheet is a judge who is named for the entry without a single mark.
    idle: judges who marked nothing in the whole bundle.
    """
    marked = {entry: {judge for judge, sheet in own.items() if sheet} for entry, own in sheets.items()}
    active: set[str] = set().union(*marked.values())
    most = max((len(judges) for judges in marked.values()), default=0)
    one_panel = most == len(active)
    criteria = tuple(criterion.key for criterion in round_.criteria)
    found = {}
    for entry, own in sheets.items():
        if not marked[entry]:
            continue
        by = {
            judge: tuple(key for key in criteria if key not in sheet)
            for judge, sheet in own.items()
            if len(sheet) < len(criteria)
        }
        expected = 2 if round_.third_marker is not None else most
        if round_.third_marker is None and one_panel:
            expected += len(idle - active)
            by |= dict.fromkeys((active | idle) - set(own), criteria)
        if by or len(marked[entry]) < expected:
            found[entry] = Missing(by, len(marked[entry]), max(expected, len(own)))
    return found
