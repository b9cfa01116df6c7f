"""A second tabulation, written from formats.md alone and as plainly as possible: slow, and of another build.

It knows places, totals, points, unplaced, open, advancement and prizes; no warnings. Sorting is by counting who is
better, ties are broken by keys that grow, rounding is decimal.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction as F
from itertools import combinations
from typing import Any

Raw = dict[str, Any]


def rounded(value: F, places: int | None) -> F:
    if places is None:
        return value
    with localcontext(prec=80):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return F(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def text(value: F, places: int | None) -> str:
    shown = rounded(value, 6 if places is None else places)
    if places is not None:
        return f"{abs(Decimal(0)) if not shown else Decimal(shown.numerator) / Decimal(shown.denominator):.{places}f}"
    written = f"{Decimal(shown.numerator) / Decimal(shown.denominator):.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def middle(values: list[F]) -> F:
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def average(panel: Raw, marks: list[tuple[F, str]]) -> tuple[F, list[str]]:
    marks = sorted(marks)
    high, low = panel["drop_high"], panel["drop_low"]
    if len(marks) >= panel["drop_needs"] and len(marks) > high + low:
        marks = marks[low:]
        marks = marks[: len(marks) - high]
    values = [value for value, _ in marks]
    if panel["average"] == "median":
        return middle(values), [judge for _, judge in marks]
    centre = sum(values, F(0)) / len(values)
    if panel["average"] == "tolerance":
        near = [(value, judge) for value, judge in marks if abs(value - centre) <= F(panel["tolerance"])]
        if len(near) > 1:
            return sum((value for value, _ in near), F(0)) / len(near), [judge for _, judge in near]
    return centre, [judge for _, judge in marks]


class Oracle:
    def __init__(self, raw: Raw) -> None:
        self.raw, self.rules = raw, raw["rules"]
        self.rounds = {item["key"]: item for item in self.rules["rounds"]}
        self.value = {
            (m["round"], m["entry"], m["judge"], m["criterion"]): F(m["value"])
            for m in raw["marks"]
            if m["value"] is not None
        }
        self.entries = {entry["key"]: entry for entry in raw["entries"]}
        marked = {key[1] for key in self.value}
        self.unplaced = {key: "withdrawn" for key, entry in self.entries.items() if entry["withdrawn"]}
        self.unplaced |= {key: "no_marks" for key in self.entries if key not in marked and key not in self.unplaced}
        self.live = [key for key in self.entries if key not in self.unplaced]
        self.judges = [judge["key"] for judge in raw["judges"]]
        self.results: dict[tuple[str, str], tuple[F, dict[str, F]]] = {}
        self.open: set[tuple[str, str]] = set()
        for entry in self.live:
            for name in self.entries[entry]["rounds"]:
                self.count(name, entry)

    def judge_total(self, name: str, entry: str, judge: str) -> F | None:
        criteria = self.rounds[name]["criteria"]
        marks = [self.value.get((name, entry, judge, each["key"])) for each in criteria]
        if any(mark is None for mark in marks):
            return None
        return sum((mark * F(each["weight"]) for mark, each in zip(marks, criteria, strict=True)), F(0))  # type: ignore

    def count(self, name: str, entry: str) -> None:
        item = self.rounds[name]
        panel, rounding, third = item["panel"], item["rounding"], item.get("third_marker")
        totals = {judge: self.judge_total(name, entry, judge) for judge in self.judges}
        whole = {judge: total for judge, total in totals.items() if total is not None}
        stand = list(self.judges)
        if third:
            apart = [{a, b} for a, b in combinations(whole, 2) if abs(whole[a] - whole[b]) >= F(third["gap"])]
            if apart and len(whole) == 2:
                self.open.add((entry, name))
                return
            if apart and len(whole) == 3:
                low, mid, high = sorted(whole, key=lambda judge: (whole[judge], judge))
                stand = {
                    "third": [max(judge for judge in whole if set(whole) - {judge} in apart)],
                    "median": [judge for judge in whole if whole[judge] == middle(list(whole.values()))],
                    "closest_two": [low, mid] if whole[mid] - whole[low] < whole[high] - whole[mid] else [mid, high],
                }[third["stands"]]
        by_total = panel["of"] == "total"
        if by_total and not [judge for judge in stand if judge in whole]:
            self.open.add((entry, name))
            return
        points, averages, used = F(0), {}, []
        if by_total:
            points, used = average(panel, [(whole[judge], judge) for judge in stand if judge in whole])
            points = rounded(points, rounding["panel"])
        for each in item["criteria"]:
            marks = [(self.value[key], judge) for judge in (used if by_total else stand)
                     if (key := (name, entry, judge, each["key"])) in self.value]  # fmt: skip
            if not marks:
                self.open.add((entry, name))
                return
            values = [value for value, _ in marks]
            if by_total:
                averages[each["key"]] = (
                    middle(values) if panel["average"] == "median" else sum(values, F(0)) / len(values)
                )
                continue
            averages[each["key"]], _ = average(panel, marks)
            term = rounded(averages[each["key"]], rounding["panel"]) * F(each["weight"])
            points += rounded(term, rounding["weighted"])
        for more in self.raw["adjustments"]:
            if (more["round"], more["entry"]) == (name, entry):
                points += F(more["points"])
        self.results[name, entry] = rounded(points, rounding["round"]), averages

    def combined(self, entry: str, points: dict[str, F]) -> F:
        own = [name for name in self.entries[entry]["rounds"] if name in points]
        if self.rules["total"]["combine"] == "sum":
            return sum((points[name] * F(self.rounds[name]["weight"]) for name in own), F(0))
        return points[own[-1]] if self.rules["total"]["combine"] == "last" else max(points[name] for name in own)

    def reach(self, entry: str) -> int:
        return list(self.rounds).index(self.entries[entry]["rounds"][-1]) if self._last() else 0

    def _last(self) -> bool:
        return bool(self.rules["total"]["combine"] == "last")

    def own_total(self, judge: str, entry: str) -> F | None:
        active = {key[0] for key in self.value if key[2] == judge and key[1] in self.live}
        own = self.entries[entry]["rounds"][-1:] if self._last() else self.entries[entry]["rounds"]
        points = {name: self.judge_total(name, entry, judge) for name in own if name in active}
        if not points or None in points.values():
            return None
        return self.combined(entry, points)  # type: ignore[arg-type]

    def tie(self, rule: str, entry: str, pool: list[str]) -> Any:
        kind, _, rest = rule.partition(":")
        if kind == "measure":
            name, _, way = rest.rpartition(":")
            found = self.entries[entry]["measures"].get(name)
            return None if found is None else (F(found) if way == "desc" else -F(found))
        if kind == "lot":
            return -self.entries[entry]["lot"]
        if kind == "judge":
            heads = [self.own_total(judge["key"], entry) for judge in self.raw["judges"] if judge["head"]]
            there = [total for total in heads if total is not None]
            return sum(there, F(0)) / len(there) if there else None
        if kind == "places":
            counts: Counter[int] = Counter()
            for judge in self.judges:
                totals = {key: (self.reach(key), total) for key in pool
                          if (total := self.own_total(judge, key)) is not None}  # fmt: skip
                if entry in totals:
                    counts[1 + sum(other > totals[entry] for other in totals.values())] += 1
            return [counts[place] for place in range(1, len(pool) + 1)]
        name, _, criterion = rest.partition("/")
        if (name, entry) not in self.results:
            return None
        points, averages = self.results[name, entry]
        if kind == "criterion":
            return averages[criterion]
        places = self.rounds[name]["rounding"]["round"]
        return rounded(points, 6 if places is None else places)

    def places(self) -> list[Raw]:
        shut = {entry for entry, _ in self.open}
        rows: list[Raw] = []
        for name in sorted({self.entries[key]["pool"] or "" for key in self.live}):
            pool = [key for key in self.live if key not in shut and (self.entries[key]["pool"] or "") == name]
            points = {key: {n: self.results[n, key][0] for n in self.entries[key]["rounds"]} for key in pool}
            totals = {key: rounded(self.combined(key, points[key]), self.rules["total"]["rounding"]) for key in pool}
            keys: dict[str, list[Any]] = {key: [(1, (self.reach(key), totals[key]))] for key in pool}
            for rule in self.rules["tiebreaks"]:
                values = {key: self.tie(rule, key, pool) for key in pool}
                mates = {key: [other for other in pool if keys[other] == keys[key]] for key in pool}
                grown = {}
                for key in pool:
                    alone = len(mates[key]) == 1
                    dead = rule == "judge:head" and any(values[other] is None for other in mates[key])
                    grown[key] = (0, 0) if alone or dead or values[key] is None else (1, values[key])
                keys = {key: [*keys[key], grown[key]] for key in pool}
            pool.sort(key=lambda key: (sum(keys[other] > keys[key] for other in keys), key))
            rows += self.rows(pool, keys, totals)
        return rows

    def rows(self, pool: list[str], keys: dict[str, list[Any]], totals: dict[str, F]) -> list[Raw]:
        advance, rows = self.rules["advance"], []
        ahead = {}
        for place, key in enumerate(pool):
            better = sum(keys[other] > keys[key] for other in pool)
            same = sum(keys[other] == keys[key] for other in pool)
            apart = [n for n, (a, b) in enumerate(zip(keys[pool[place - 1]], keys[key], strict=True)) if a != b]
            if advance:
                least = min(totals[other] for other in pool if keys[other] >= keys[key])  # nobody is passed
                ahead[key] = better < advance["count"] and least >= F(advance["min_total"] or -999)
            rows.append(
                {
                    "entry": key,
                    "place": better + 1,
                    "shared": same > 1,
                    "total": text(totals[key], self.rules["total"]["rounding"]),
                    "decided_by": self.rules["tiebreaks"][apart[0] - 1] if place and apart and apart[0] else None,
                    "points": {
                        name: text(self.results[name, key][0], self.rounds[name]["rounding"]["round"])
                        for name in self.entries[key]["rounds"]
                    },
                    "advances": ahead.get(key),
                    "prize": None,
                }
            )
        self.award(rows, totals)
        return rows

    def award(self, rows: list[Raw], totals: dict[str, F]) -> None:
        tier, filled = 0, 0
        prizes = self.rules["prizes"]
        for place in sorted({row["place"] for row in rows}):
            mates = [row for row in rows if row["place"] == place]
            while tier < len(prizes) and (
                filled >= prizes[tier]["count"] or totals[mates[0]["entry"]] < F(prizes[tier]["min_total"] or -999)
            ):
                tier, filled = tier + 1, 0
            if tier == len(prizes):
                return
            for row in mates:
                row["prize"] = prizes[tier]["key"]
            filled += len(mates)
