"""Why there is no assignment: what can be seen at once, and the proof when a search has failed.

A search fails for a group of judges: together they take fewer entries than must go to them (Hall's theorem),
or together they must have more than can come to them. The group is named with both numbers, so that whoever
reads it can check it by counting. Only the judges are in the way who would be asked: a judge with room, or
one nobody could move to, is never named. The two kinds are all there are: if all entries can be served, and
all least numbers can be met, both can be at once (the linking theorem for flows).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from contest.rules.assignment_flow import Placing
from contest.rules.assignment_shapes import Instance
from contest.rules.reading import Problem


def plain_faults(instance: Instance) -> list[Problem]:
    """What can be seen without searching, in the order of the input."""
    problems: list[Problem] = []
    barred = Counter(entry for entry, _ in instance.conflicts)
    per_entry = Counter(entry for entry, _ in instance.fixed)
    per_judge = Counter(judge for _, judge in instance.fixed)
    for i, entry in enumerate(instance.entries):
        if per_entry[entry.key] > entry.judges:
            facts = {"entry": entry.key, "fixed": per_entry[entry.key], "judges": entry.judges}
            problems.append(Problem(f"entries[{i}]", "fixed_above_need", facts))
        if (free := len(instance.judges) - barred[entry.key]) < entry.judges:
            facts = {"entry": entry.key, "judges": entry.judges, "free": free}
            problems.append(Problem(f"entries[{i}]", "too_few_judges", facts))
    for j, judge in enumerate(instance.judges):
        if judge.max is not None and judge.min > judge.max:
            problems.append(
                Problem(f"judges[{j}]", "min_above_max", {"judge": judge.key, "min": judge.min, "max": judge.max})
            )
        elif judge.max is not None and per_judge[judge.key] > judge.max:
            facts = {"judge": judge.key, "fixed": per_judge[judge.key], "max": judge.max}
            problems.append(Problem(f"judges[{j}]", "fixed_above_max", facts))
    for entry_key, judge_key in sorted(instance.fixed & instance.conflicts):
        problems.append(Problem("fixed", "fixed_conflict", {"entry": entry_key, "judge": judge_key}))
    return problems


class Proofs:
    """Names what is in the way once a search has failed. entries, judges: the keys in the order of the placing."""

    def __init__(self, placing: Placing, entries: Sequence[str], judges: Sequence[str], need: Sequence[int]) -> None:
        self._placing, self._entries, self._judges, self._need = placing, entries, judges, need
        self._givers: list[list[int]] = [[] for _ in judges]
        for judge in range(len(judges)):
            for other in placing.ways(judge):
                self._givers[other].append(judge)
        self._crowds: dict[tuple[int, ...], dict[str, object]] = {}

    def entry(self, row: int) -> dict[str, object]:
        """An entry that misses judges: all it could be given to are full, with entries that must be theirs.

        judges: those; places: how many entries they take; entries: those that cannot do without them;
        needed: how many places these need of them, which is more.
        """
        holds = self._placing.holds[row]
        start = [j for j, cost in enumerate(self._placing.cost[row]) if cost is not None and j not in holds]
        group = tuple(_closed(start, [tuple(self._placing.ways(j)) for j in range(len(self._judges))]))
        if group not in self._crowds:
            self._crowds[group] = self._crowd(group)
        missing = self._need[row] - len(holds)
        return {"entry": self._entries[row], "missing": missing, **self._crowds[group]}

    def judge(self, column: int) -> dict[str, object]:
        """A judge under the least number: all who could give an entry have none to spare.

        judges: he or she and those; least: how many entries they must have; places: how many they can have.
        """
        placing = self._placing
        group = _closed([column], self._givers)
        return {
            "judge": self._judges[column],
            "load": placing.load[column],
            "min": placing.least[column],
            "judges": tuple(self._judges[j] for j in group),
            "least": sum(placing.least[j] for j in group),
            "places": sum(placing.load[j] for j in group),
        }

    def _crowd(self, group: tuple[int, ...]) -> dict[str, object]:
        placing, inside = self._placing, set(group)
        entries, needed = [], 0
        for row, cost in enumerate(placing.cost):
            outside = sum(c is not None and j not in inside for j, c in enumerate(cost))
            owed = max(self._need[row] - outside, len(placing.fixed[row] & inside))
            if owed > 0:
                entries.append(self._entries[row])
                needed += owed
        return {
            "judges": tuple(self._judges[j] for j in group),
            "places": sum(placing.most[j] for j in group),
            "entries": tuple(entries),
            "needed": needed,
        }


def _closed(start: Iterable[int], ways: Sequence[Iterable[int]]) -> list[int]:
    """All that can be reached from these, themselves included, sorted."""
    found = dict.fromkeys(start)
    line = list(found)
    for judge in line:
        for other in ways[judge]:
            if other not in found:
                found[other] = None
                line.append(other)
    return sorted(found)
