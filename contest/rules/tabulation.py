"""The result of a contest from its bundle: the rule book's front page (formats.md, section 2).

The parts are `points` (an entry in a round), `ranking` (places), `awarding` (who goes on, prizes), `panels` (whose
marks are missing) and `exact` (how numbers are rounded and written). What the format leaves open is decided here:

- Only `sum` uses the weights of the rounds: with `last` and `best` the total is the points of one round as they are.
- `round:KEY` compares the points as reported, that is, with at most six decimals where they are not rounded.
- A judge's own total of an entry is combined over rounds like the entry's total, over those of the entry's rounds in
  which the judge marked anything, and exists only when the judge's sheet is complete in each of them.
  `judge:head` is the mean of the head judges' own totals. `places` ranks the placed entries of the pool.
- `judge:head` is passed over in a group with an entry no head judge has a total for. With `measure:…` and `round:…`
  an entry without the value stands after those with one. Either is named in `warnings` when it comes to that.
- Withdrawn entries, and those without a single mark, are left out before anything is counted: they take no place, no
  judge's ranking sees them. Open entries are not placed, and not ranked by `places` either.
- `advances` is null without an advancement rule; `prize` is null without a prize; `pool` is null without a pool.
- Where a round corrects severity (`severity_rule`), everything from the panel rule on is counted from corrected marks,
  tie-breaks and judges' own totals included. Only then is there a `severity`, by round: {"corrected": true, "effects":
  {judge: {"total", "criteria"}}}, or {"corrected": false, "reason", "judges"}, and the marks stand as they are.

`unplaced`: {"entry", "reason"}, reason "withdrawn" or "no_marks"; by entry.
`open`: {"entry", "pool", "round", "code", …}, by pool, entry and round, with code
  "no_marks"; "criterion_without_marks" (+ "criterion"); "no_complete_sheet"; "third_mark_needed" (+ "totals" by judge,
  "difference").
`warnings`: {"code", …}, by code and then by their canonical form:
  "advance_over_count" pool, count, given, entries (who share the place at the cut);
  "judge_without_marks" judge;
  "marks_missing" entry, pool, round, judges (who marked), expected, missing: [{"judge", "criteria"}];
  "prize_over_count" pool, prize, count, given, entries;
  "severity_not_corrected" round, reason, judges (`severity`): the rules ask for it and the marks do not bear it;
  "sheet_left_out" entry, pool, round, judge: incomplete, so without a total where the panel averages totals;
  "tiebreak_value_missing" pool, tiebreak, entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from contest.rules import awarding, panels, ranking
from contest.rules.bundle_types import Bundle, Entry, Round, TieBreak
from contest.rules.canonical import canonical_bytes
from contest.rules.exact import UNROUNDED, round_half_up, write
from contest.rules.points import Gap, RoundPoints, Sheet, judge_totals, mean, round_points
from contest.rules.severity_rule import corrected_sheets, correction, described

FORMAT = "contest-result/1"
ZERO = Fraction(0)


def tabulate(bundle: Bundle) -> dict[str, object]:
    """The result document. The same bundle gives the same document, whatever the order of its lists."""
    count = _Count(bundle)
    places = [row for pool in sorted(count.pools, key=_pool_order) for row in count.pool_places(pool)]
    document: dict[str, object] = {
        "format": FORMAT,
        "bundle_sha256": bundle.sha256,
        "rules_number": bundle.rules.number,
        "places": places,
        "unplaced": count.unplaced,
        "open": count.open_rows(),
        "warnings": sorted(count.warnings(), key=lambda row: (row["code"], canonical_bytes(row))),
    }
    if count.severity:
        document["severity"] = count.severity
    return document


def _pool_order(pool: str | None) -> str:
    return pool or ""


class _Count:
    """One tabulation: sheets, round points and totals of the entries that take part."""

    def __init__(self, bundle: Bundle) -> None:
        self._rules = bundle.rules
        self._rounds = {item.key: item for item in bundle.rules.rounds}
        self._heads = sorted(judge.key for judge in bundle.judges if judge.head)
        entries = {entry.key: entry for entry in bundle.entries}
        self._sheets = _sheets(bundle, {key for key, entry in entries.items() if not entry.withdrawn})
        marked = {entry for by_entry in self._sheets.values() for entry, own in by_entry.items() if any(own.values())}
        self._entries = {key: entries[key] for key in sorted(marked)}
        self.unplaced = [
            {"entry": key, "reason": "withdrawn" if entries[key].withdrawn else "no_marks"}
            for key in sorted(entries)
            if key not in marked
        ]
        self.severity = self._correct_severity()
        active = {
            (round_, judge)
            for round_, by_entry in self._sheets.items()
            for own in by_entry.values()
            for judge, sheet in own.items()
            if sheet
        }
        self._active = active
        self._idle = frozenset(judge.key for judge in bundle.judges) - {judge for _, judge in active}
        self.pools: dict[str | None, list[str]] = {}
        for key, entry in self._entries.items():
            self.pools.setdefault(entry.pool, []).append(key)
        self._warnings: list[dict[str, Any]] = []
        self._own: dict[tuple[str, str], dict[str, Fraction]] = {}
        self._points, self._gaps = self._count_rounds(_summed_adjustments(bundle))
        self._totals = {key: self._total(entry) for key, entry in self._entries.items() if key not in self._gaps}

    def _correct_severity(self) -> dict[str, dict[str, Any]]:
        """Replace the sheets of the rounds that ask for it, and tell what was done."""
        told = {}
        for name, round_ in self._rounds.items():
            if round_.severity is not None:
                found = correction(round_, self._sheets[name])
                self._sheets[name] = corrected_sheets(self._sheets[name], found)
                told[name] = described(found)
        return told

    def _count_rounds(
        self, adjustments: Mapping[tuple[str, str], Fraction]
    ) -> tuple[dict[tuple[str, str], RoundPoints], dict[str, list[tuple[str, Gap]]]]:
        points: dict[tuple[str, str], RoundPoints] = {}
        gaps: dict[str, list[tuple[str, Gap]]] = {}
        for key, entry in self._entries.items():
            for name in entry.rounds:
                sheets = self._sheets[name].get(key, {})
                found = round_points(self._rounds[name], sheets, adjustments.get((name, key), ZERO))
                if isinstance(found, RoundPoints):
                    points[name, key] = found
                else:
                    gaps.setdefault(key, []).extend((name, gap) for gap in found)
        return points, gaps

    def _total(self, entry: Entry) -> Fraction:
        total = self._combined(entry.rounds, {name: self._points[name, entry.key].points for name in entry.rounds})
        return round_half_up(total, self._rules.total_rounding)

    def _combined(self, rounds: tuple[str, ...], points: Mapping[str, Fraction]) -> Fraction:
        """Points of these rounds, in their order, as one total."""
        if self._rules.combine == "last":
            return points[rounds[-1]]
        if self._rules.combine == "best":
            return max(points[name] for name in rounds)
        return sum((points[name] * self._rounds[name].weight for name in rounds), ZERO)

    def pool_places(self, pool: str | None) -> list[dict[str, Any]]:
        """The rows of one pool, by place and key; what went beyond a count or had no value is added to the warnings."""
        keys = [key for key in self.pools[pool] if key in self._totals]
        merits = {key: (self._reach(key), self._totals[key]) for key in keys}
        placed, lacking = ranking.rank(merits, self._comparisons(keys))
        for row in lacking:
            self._warn("tiebreak_value_missing", pool=pool, tiebreak=row.tiebreak, entries=list(row.entries))
        tiers = ranking.tiers_of(placed)
        ahead = None
        if self._rules.advance is not None:
            ahead, cut = awarding.advancing(tiers, self._totals, self._rules.advance)
            if cut is not None:
                entries = list(cut.entries)
                self._warn("advance_over_count", pool=pool, count=cut.count, given=cut.given, entries=entries)
        given, over = awarding.prizes(tiers, self._totals, self._rules.prizes)
        for more in over:
            facts = {"prize": more.prize, "count": more.count, "given": more.given, "entries": list(more.entries)}
            self._warn("prize_over_count", pool=pool, **facts)
        return [
            {
                **self._row(place),
                "advances": None if ahead is None else place.entry in ahead,
                "prize": given.get(place.entry),
            }
            for place in placed
        ]

    def _reach(self, key: str) -> int:
        """How far an entry came, where a later round counts for more than any points."""
        if self._rules.combine != "last":
            return 0
        return [item.key for item in self._rules.rounds].index(self._entries[key].rounds[-1])

    def _row(self, placed: ranking.Placed) -> dict[str, Any]:
        key = placed.entry
        entry = self._entries[key]
        return {
            "entry": key,
            "pool": entry.pool,
            "place": placed.place,
            "shared": placed.shared,
            "total": write(self._totals[key], self._rules.total_rounding),
            "decided_by": placed.decided_by,
            "rounds": {name: _round_row(self._rounds[name], self._points[name, key]) for name in entry.rounds},
        }

    def _comparisons(self, keys: list[str]) -> list[ranking.Comparison]:
        @cache
        def places() -> dict[str, tuple[int, ...]]:
            own: dict[str, dict[str, tuple[int, Fraction]]] = {}
            for key in keys:
                judges = {judge for name in self._entries[key].rounds for judge in self._sheets[name][key]}
                for judge in judges:
                    if total := self._own_total(judge, key):
                        own.setdefault(judge, {})[key] = total
            return ranking.places_by_judge(own)

        def value(rule: TieBreak, key: str) -> Any:
            entry = self._entries[key]
            if rule.kind == "measure":
                return entry.measures.get(rule.measure)
            if rule.kind == "lot":
                return entry.lot
            if rule.kind == "places":
                return places().get(key, ())
            if rule.kind == "judge":
                heads = [total for judge in self._heads if (total := self._own_total(judge, key))]
                return mean([total for _, total in heads]) if heads else None
            points = self._points.get((rule.round, key))
            if points is None:
                return None
            if rule.kind == "criterion":
                return points.criteria[rule.criterion].average
            places_reported = self._rounds[rule.round].rounding.round
            return round_half_up(points.points, UNROUNDED if places_reported is None else places_reported)

        def comparison(rule: TieBreak) -> ranking.Comparison:
            return ranking.Comparison(rule.name, lambda key: value(rule, key), rule.descending, rule.kind == "judge")

        return [comparison(rule) for rule in self._rules.tiebreaks]

    def _own_total(self, judge: str, key: str) -> tuple[int, Fraction] | None:
        """A judge's own total of an entry, after how far the entry came."""
        rounds = tuple(name for name in self._entries[key].rounds if (name, judge) in self._active)
        if self._rules.combine == "last":
            rounds = tuple(name for name in rounds if name == self._entries[key].rounds[-1])
        points: dict[str, Fraction] = {}
        for name in rounds:
            totals = self._judge_totals(name, key)
            if judge not in totals:
                return None
            points[name] = totals[judge]
        return (self._reach(key), self._combined(rounds, points)) if rounds else None

    def _judge_totals(self, name: str, key: str) -> dict[str, Fraction]:
        if (name, key) not in self._own:
            self._own[name, key] = judge_totals(self._rounds[name], self._sheets[name].get(key, {}))
        return self._own[name, key]

    def open_rows(self) -> list[dict[str, Any]]:
        """The entries that cannot be placed yet, each with what is missing."""
        rows = []
        for key in sorted(self._gaps, key=lambda key: (_pool_order(self._entries[key].pool), key)):
            for name, gap in self._gaps[key]:
                row = {"entry": key, "pool": self._entries[key].pool, "round": name, "code": gap.code}
                rows.append(row | _gap_facts(gap))
        return rows

    def warnings(self) -> list[dict[str, Any]]:
        """All warnings; complete once every pool has been placed."""
        found = [{"code": "judge_without_marks", "judge": judge} for judge in self._idle if self._entries]
        for name, round_ in self._rounds.items():
            for pool, keys in self.pools.items():
                sheets = {key: self._sheets[name][key] for key in keys if key in self._sheets[name]}
                for key, missing in panels.missing_marks(round_, sheets, self._idle).items():
                    found += _missing_rows(key, pool, round_, missing, sheets[key])
        found += [
            {"code": "severity_not_corrected", "round": name, "reason": told["reason"], "judges": told["judges"]}
            for name, told in self.severity.items()
            if not told["corrected"] and told["reason"] != "complete"
        ]
        return found + self._warnings

    def _warn(self, code: str, **facts: object) -> None:
        self._warnings.append({"code": code, **facts})


def _sheets(bundle: Bundle, live: set[str]) -> dict[str, dict[str, dict[str, dict[str, Fraction]]]]:
    """Marks by round, entry, judge and criterion; a judge named with null alone has an empty sheet."""
    sheets: dict[str, dict[str, dict[str, dict[str, Fraction]]]] = {item.key: {} for item in bundle.rules.rounds}
    for round_, entry, judge, criterion, value in bundle.marks:
        if entry in live:
            sheet = sheets[round_].setdefault(entry, {}).setdefault(judge, {})
            if value is not None:
                sheet[criterion] = value
    return sheets


def _summed_adjustments(bundle: Bundle) -> dict[tuple[str, str], Fraction]:
    summed: dict[tuple[str, str], Fraction] = {}
    for round_, entry, points in bundle.adjustments:
        summed[round_, entry] = summed.get((round_, entry), ZERO) + points
    return summed


def _round_row(round_: Round, found: RoundPoints) -> dict[str, Any]:
    return {
        "points": write(found.points, round_.rounding.round),
        "adjustments": write(found.adjustments, None),
        "criteria": {
            key: {"average": write(each.average, round_.rounding.panel), "marks": each.marks, "dropped": each.dropped}
            for key, each in found.criteria.items()
        },
    }


def _gap_facts(gap: Gap) -> dict[str, Any]:
    if gap.totals is not None:
        totals = {judge: write(gap.totals[judge], None) for judge in sorted(gap.totals)}
        difference = max(gap.totals.values()) - min(gap.totals.values())
        return {"totals": totals, "difference": write(difference, None)}
    return {"criterion": gap.criterion} if gap.criterion else {}


def _missing_rows(
    key: str, pool: str | None, round_: Round, missing: panels.Missing, sheets: Mapping[str, Sheet]
) -> list[dict[str, Any]]:
    where = {"entry": key, "pool": pool, "round": round_.key}
    by = [{"judge": judge, "criteria": list(missing.by[judge])} for judge in sorted(missing.by)]
    counts = {"judges": missing.judges, "expected": missing.expected, "missing": by}
    rows: list[dict[str, Any]] = [{"code": "marks_missing", **where, **counts}]
    if round_.panel.of == "total":
        left_out = [judge for judge in sorted(sheets) if sheets[judge] and judge in missing.by]
        rows += [{"code": "sheet_left_out", **where, "judge": judge} for judge in left_out]
    return rows
