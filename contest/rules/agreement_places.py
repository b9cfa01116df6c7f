"""How firm the lines of prizes and advancement are: what another panel of the same kind would have done.

Panels are drawn from the judges there are, with replacement, as many as there are (`agreement_chance`), and the entries
are ranked again. Judges are numbered by what they gave (`agreement_order`), so that no name decides. To be quick it
counts a little simpler than the result does, which is why it is a figure of its own and never a place:

- The panel rule (average, drops, tolerance) is applied to judges' totals, and nothing is rounded. Where a third marker
  was needed, the sheets that stood are the panel.
- Entries with equal totals share the place: tie-breaks are not asked.
- An entry none of whose judges was drawn keeps the average of its own panel; one without any judge's total keeps its
  points.
- Only placed entries are ranked, pool by pool, in pools marked by three judges or more.

A line is a prize ("prize:KEY": this prize or a better one) or who goes on ("advance"). `share` is the share of panels
that put the entry inside it. Listed are the last entries inside and the first outside, and all whose share lies between
TAIL and 1 - TAIL; for each also the `places` that 95 % of the panels give it, null where it stands further than WATCHED
places from every line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import mul
from typing import Any

from contest.rules import awarding
from contest.rules.agreement_chance import TAIL, drawn_panels, percentile
from contest.rules.agreement_figures import PLACES, Lacking
from contest.rules.agreement_order import judges_in_order
from contest.rules.agreement_tables import counted_totals
from contest.rules.bundle_types import Advance, Bundle, Panel, Prize, Round
from contest.rules.exact import plain_decimal, write
from contest.rules.points import standing_judges

LEAST_JUDGES = 3
WATCHED = 200
"""How far from a line, in places, an entry's places are followed through all panels."""
ZERO = Fraction(0)
Row = dict[str, Any]


def cut_lines(bundle: Bundle, result: Mapping[str, Any]) -> tuple[list[Row], dict[str, Lacking]]:
    """The lines of each pool, and the pools that have none with the reason ("" is no pool).

    result: what `tabulate` makes of the bundle.
    """
    names = [f"prize:{prize.key}" for prize in bundle.rules.prizes]
    names += ["advance"] if bundle.rules.advance is not None else []
    found: list[Row] = []
    notes: dict[str, Lacking] = {}
    totals = _standing_totals(bundle)
    pools = {row["pool"] or "": row["pool"] for row in result["places"]} if names else {}
    for name in sorted(pools):
        rows = [row for row in result["places"] if row["pool"] == pools[name]]
        judges = judges_in_order(totals, {row["entry"]: row["place"] for row in rows})
        if len(judges) < LEAST_JUDGES:
            notes[name] = Lacking.TOO_FEW_JUDGES
            continue
        pool = _Pool(bundle, rows, totals, judges)
        pool.count()
        found += [{"pool": pools[name], "line": line, "entries": pool.around(line)} for line in names]
    return found, notes


def _standing_totals(bundle: Bundle) -> dict[str, dict[str, dict[str, Fraction]]]:
    """The judges' totals by round and entry, as they count; after a third marking those that stand."""
    totals = counted_totals(bundle)
    return {
        item.key: {key: _standing(item, row) for key, row in totals[item.key].items()} for item in bundle.rules.rounds
    }


def _standing(round_: Round, totals: dict[str, Fraction]) -> dict[str, Fraction]:
    if round_.third_marker is None or len(totals) != 3:
        return totals
    return {judge: totals[judge] for judge in standing_judges(round_.third_marker, totals) or totals}


@dataclass(frozen=True, slots=True)
class _Ballot:
    """Judges' totals of an entry in a round. `seats`: whose, by number; `fixed`: the average when none is drawn."""

    panel: Panel
    weight: int
    seats: tuple[int, ...]
    marks: tuple[int, ...]
    fixed: int
    added: int


class _Pool:
    """One pool, counted again for every panel drawn. Marks are whole, in 1/unit, averages in 1/(unit·parts) points."""

    def __init__(
        self, bundle: Bundle, rows: Sequence[Row], totals: Mapping[str, Mapping[str, Mapping[str, Fraction]]],
        judges: list[str],
    ) -> None:  # fmt: skip
        self._rows, self._rules, self._judges = rows, bundle.rules, len(judges)
        self._keys = [row["entry"] for row in rows]
        self._parts = lcm(*range(1, self._judges + 1))
        self._shares = [0] + [self._parts // number for number in range(1, self._judges + 1)]
        entries = {entry.key: entry.rounds for entry in bundle.entries}
        self._order = {item.key: number for number, item in enumerate(bundle.rules.rounds)}
        self._reach = [self._order[entries[key][-1]] if bundle.rules.combine == "last" else 0 for key in self._keys]
        added: dict[tuple[str, str], Fraction] = {}
        for name, key, points in bundle.adjustments:
            added[name, key] = added.get((name, key), ZERO) + points
        self._unit, self._weights = self._units(totals, added)
        seats = {judge: number for number, judge in enumerate(judges)}
        self._ballots: list[list[_Ballot]] = []
        for row in rows:
            ballots = []
            for item in (item for item in bundle.rules.rounds if item.key in entries[row["entry"]]):
                own = totals[item.key].get(row["entry"], {})
                marks = tuple(int(own[judge] * self._unit) for judge in own)
                plus = int(added.get((item.key, row["entry"]), ZERO) * self._unit) * self._parts
                given = _reported(row, item.key)
                fixed = (
                    self._average(item.panel, list(marks)) if marks else int(given * self._unit) * self._parts - plus
                )
                weight = self._weights[item.key]
                ballots.append(_Ballot(item.panel, weight, tuple(seats[j] for j in own), marks, fixed, plus))
            self._ballots.append(ballots)
        self._points = self._unit * self._parts * self._weights[""]
        self._prizes = [replace(prize, min_total=self._least(prize)) for prize in self._rules.prizes]
        advance = self._rules.advance
        self._advance = None if advance is None else replace(advance, min_total=self._least(advance))
        self._inside: dict[str, Counter[str]] = {}
        self._places: dict[str, Counter[int]] = {}
        self._panels = 0

    def _units(
        self, totals: Mapping[str, Mapping[str, Mapping[str, Fraction]]], added: Mapping[tuple[str, str], Fraction]
    ) -> tuple[int, dict[str, int]]:
        """Units per point, and the weight of each round in units of the weight named ""."""
        given = [value for rows in totals.values() for row in rows.values() for value in row.values()]
        given += [item.panel.tolerance or ZERO for item in self._rules.rounds]
        given += [
            _reported(row, name) for row in self._rows for name in row["rounds"] if row["entry"] not in totals[name]
        ]
        unit = lcm(*{value.denominator for value in [*given, *added.values()]})
        weights = {
            item.key: item.weight if self._rules.combine == "sum" else Fraction(1) for item in self._rules.rounds
        }
        common = lcm(*{weight.denominator for weight in weights.values()})
        return unit, {name: int(weight * common) for name, weight in weights.items()} | {"": common}

    def _least(self, rule: Prize | Advance) -> Fraction | None:
        return None if rule.min_total is None else rule.min_total * self._points

    def _average(self, panel: Panel, marks: list[int]) -> int:
        """The panel rule of `points.panel_average`, in whole numbers."""
        count = len(marks)
        if (
            (panel.drop_high or panel.drop_low)
            and count >= panel.drop_needs
            and count > panel.drop_high + panel.drop_low
        ):
            marks = sorted(marks)[panel.drop_low : count - panel.drop_high]
            count = len(marks)
        if panel.average == "median":
            marks = sorted(marks)
            return (marks[count // 2] + marks[(count - 1) // 2]) * (self._parts // 2)
        total = sum(marks)
        if panel.average == "tolerance" and panel.tolerance is not None:
            most = int(panel.tolerance * self._unit) * count
            near = [mark for mark in marks if abs(mark * count - total) <= most]
            if len(near) >= 2:
                return sum(near) * self._shares[len(near)]
        return total * self._shares[count]

    def _total(self, ballots: list[_Ballot], times: list[int]) -> int:
        values = []
        for ballot in ballots:
            drawn = [times[seat] for seat in ballot.seats]
            panel, count = ballot.panel, sum(drawn)
            if not count:
                average = ballot.fixed
            elif panel.average == "mean" and not (panel.drop_high or panel.drop_low):
                average = sum(map(mul, drawn, ballot.marks)) * self._shares[count]
            else:
                marks = [mark for mark, number in zip(ballot.marks, drawn, strict=True) for _ in range(number)]
                average = self._average(panel, marks)
            values.append((average + ballot.added) * ballot.weight)
        if self._rules.combine == "last":
            return values[-1]
        return max(values) if self._rules.combine == "best" else sum(values)

    def count(self) -> None:
        """Rank the pool for every panel drawn."""
        now = self._now()
        self._inside = {line: Counter() for line in now}
        ends = [len(inside) for inside in now.values()]
        watched = [
            (number, self._places.setdefault(key, Counter()))
            for number, key in enumerate(self._keys)
            if any(abs(number - end) <= WATCHED for end in ends)
        ]
        for times, weight in drawn_panels(self._judges):
            self._panels += weight
            merits = [
                (reach, self._total(ballots, times)) for reach, ballots in zip(self._reach, self._ballots, strict=True)
            ]
            order = sorted(range(len(merits)), key=merits.__getitem__, reverse=True)
            tiers, places = [], [0] * len(merits)
            above = 0
            for _, tied in groupby(order, key=merits.__getitem__):
                tier = list(tied)
                for number in tier:
                    places[number] = above + 1
                above += len(tier)
                tiers.append(tier)
            for number, seen in watched:
                seen[places[number]] += weight
            for line, keys in self._lines(tiers, merits).items():
                seen_inside = self._inside[line]
                for key in keys:
                    seen_inside[key] += weight

    def _lines(self, tiers: list[list[int]], merits: list[tuple[int, int]]) -> dict[str, list[str]]:
        """Who is inside each line."""
        wanted = sum(prize.count for prize in self._prizes)
        if self._advance is not None:
            wanted = max(wanted, len(merits) if self._advance.count is None else self._advance.count)
        named: list[list[str]] = []
        totals: dict[str, Fraction] = {}
        # A tier takes at least one prize or place in the next round, however many share it.
        for tier in tiers[:wanted]:
            named.append([self._keys[number] for number in tier])
            totals[named[-1][0]] = Fraction(merits[tier[0]][1])
        given, _ = awarding.prizes(named, totals, self._prizes)
        ahead = awarding.advancing(named, totals, self._advance)[0] if self._advance is not None else None
        return self._by_line(given, ahead)

    def _now(self) -> dict[str, list[str]]:
        given = {row["entry"]: row["prize"] for row in self._rows if row["prize"] is not None}
        return self._by_line(given, {row["entry"] for row in self._rows if row["advances"]})

    def _by_line(self, given: Mapping[str, str], ahead: set[str] | None) -> dict[str, list[str]]:
        better: list[str] = []
        lines = {}
        for prize in self._prizes:
            better = better + [key for key, name in given.items() if name == prize.key]
            lines[f"prize:{prize.key}"] = better
        if self._advance is not None:
            lines["advance"] = sorted(ahead or ())
        return lines

    def around(self, line: str) -> list[Row]:
        """The entries next to a line, and all that other panels could have put on its other side."""
        inside = set(self._now()[line])
        last = max((row["place"] for row in self._rows if row["entry"] in inside), default=None)
        first = min((row["place"] for row in self._rows if row["entry"] not in inside), default=None)
        found = []
        for row in self._rows:
            key = row["entry"]
            share = Fraction(self._inside[line][key], self._panels)
            border = row["place"] == (last if key in inside else first)
            if not border and not TAIL <= share <= 1 - TAIL:
                continue
            seen = self._places.get(key)
            places = None if seen is None else [percentile(seen, tail) for tail in (TAIL, 1 - TAIL)]
            facts = {"place": row["place"], "inside": key in inside, "share": write(share, PLACES), "places": places}
            found.append({"entry": key, **facts})
        return found


def _reported(row: Row, name: str) -> Fraction:
    return plain_decimal(row["rounds"][name]["points"]) or ZERO
