"""Who marks what: the assignment of judges to entries (formats.md section 4).

Every entry gets exactly its number of judges, no judge leaves min…max, a conflict is never assigned,
fixed pairs stay. Among all such assignments the total preference is the greatest possible, and among
those the loads are as even as possible: the sum of their squares is the least, so that no load could
be made more even without another becoming less so. Of several such assignments the same one is always
given, whatever the order of the input. When there is none, nothing is assigned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from contest.rules.assignment_flow import Placing
from contest.rules.exact import write
from contest.rules.reading import Problem, Reader, Refused, at, optional, shown

FORMAT, RESULT_FORMAT = "contest-assignment/1", "contest-assigned/1"
_MOST_PLACES = 40
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
    """All that decides an assignment. Keys are distinct, and pairs name keys that exist."""

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


def assign(instance: Instance) -> Assigned:
    """The best assignment there is.

    Raises Refused when there is none, naming the entries and judges that cannot be served, with
    codes `fixed_conflict`, `fixed_above_need`, `fixed_above_max`, `min_above_max`, `too_few_judges`
    (an entry has more need than judges without conflict), `cannot_be_served` (an entry; the judges
    it could reach are full), `below_min` (a judge; there is no more for him or her to mark).
    """
    if problems := _plain_faults(instance):
        raise Refused(tuple(problems))
    entries = sorted(range(len(instance.entries)), key=lambda i: instance.entries[i].key)
    judges = sorted(range(len(instance.judges)), key=lambda j: instance.judges[j].key)
    placing = _placing(instance, entries, judges)
    problems = []
    for row, i in enumerate(entries):
        wanted = instance.entries[i]
        missing = sum(not placing.place(row) for _ in range(wanted.judges - len(placing.holds[row])))
        if missing:
            full = tuple(instance.judges[judges[j]].key for j in placing.reachable(row))
            problems.append(
                Problem(f"entries[{i}]", "cannot_be_served", {"entry": wanted.key, "missing": missing, "judges": full})
            )
    for column, j in enumerate(judges):
        judge = instance.judges[j]
        if not problems and placing.load[column] < judge.min:
            facts = {"judge": judge.key, "load": placing.load[column], "min": judge.min}
            problems.append(Problem(f"judges[{j}]", "below_min", facts))
    if problems:
        raise Refused(tuple(sorted(problems, key=lambda problem: int(problem.path.split("[")[1][:-1]))))
    return _assigned(instance, entries, judges, placing)


def _placing(instance: Instance, entries: list[int], judges: list[int]) -> Placing:
    """The instance as whole numbers, rows and columns in the order of the keys."""
    scale = lcm(*(value.denominator for value in instance.preferences.values()))
    cost: list[list[int | None]] = []
    fixed: list[set[int]] = []
    for i in entries:
        keys = [(instance.entries[i].key, instance.judges[j].key) for j in judges]
        cost.append(
            [None if pair in instance.conflicts else -int(instance.preferences.get(pair, 0) * scale) for pair in keys]
        )
        fixed.append({column for column, pair in enumerate(keys) if pair in instance.fixed})
    need = sum(entry.judges for entry in instance.entries)
    panel = [instance.judges[j] for j in judges]
    return Placing(
        cost,
        fixed=fixed,
        least=[judge.min for judge in panel],
        most=[need if judge.max is None else judge.max for judge in panel],
        need=need,
    )


def _assigned(instance: Instance, entries: list[int], judges: list[int], placing: Placing) -> Assigned:
    pairs = tuple(
        (instance.entries[i].key, instance.judges[judges[column]].key)
        for row, i in enumerate(entries)
        for column in sorted(placing.holds[row])
    )
    total = sum((instance.preferences.get(pair, Fraction(0)) for pair in pairs), Fraction(0))
    load = {instance.judges[j].key: placing.load[column] for column, j in enumerate(judges)}
    return Assigned(pairs, total, load)


def _plain_faults(instance: Instance) -> list[Problem]:
    """What can be seen without searching."""
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


def read_instance(document: object) -> Instance:
    """Check a contest-assignment/1 document, as `reading.read_json` gives it. Raises Refused with all its problems.

    min, max and the three lists may be left out; max may be null. A pair may be named twice among
    conflicts or fixed pairs, not among preferences.
    """
    reader = Reader()
    lists = ("conflicts", "preferences", "fixed")
    body = reader.fields(document, "", required=("format", "entries", "judges"), optional=lists) or {}
    if "format" in body:
        reader.one_of(body["format"], "format", (FORMAT,))
    entries = [_entry(reader, row, f"entries[{i}]") for i, row in enumerate(_rows(reader, body, "entries"))]
    judges = [_judge(reader, row, f"judges[{i}]") for i, row in enumerate(_rows(reader, body, "judges"))]
    reader.distinct([entry.key if entry else None for entry in entries], "entries")
    reader.distinct([judge.key if judge else None for judge in judges], "judges")
    known = ({entry.key for entry in entries if entry}, {judge.key for judge in judges if judge})
    conflicts, preferences, fixed = (_pairs(reader, body, name, known) for name in lists)
    if reader.problems:
        raise Refused(tuple(reader.problems))
    return Instance(
        tuple(filter(None, entries)),
        tuple(filter(None, judges)),
        frozenset(conflicts),
        {pair: value for pair, value in preferences.items() if value is not None},
        frozenset(fixed),
    )


def write_assigned(assigned: Assigned) -> dict[str, Any]:
    """The contest-assigned/1 document."""
    total = write(assigned.total_preference, _MOST_PLACES).rstrip("0").rstrip(".")
    return {
        "format": RESULT_FORMAT,
        "pairs": [list(pair) for pair in assigned.pairs],
        "total_preference": total,
        "load": dict(assigned.load),
    }


def _rows(reader: Reader, body: Mapping[str, Any], name: str) -> Iterable[object]:
    return reader.rows(body[name], name) if name in body else ()


def _entry(reader: Reader, row: object, path: str) -> Wanted | None:
    fields = reader.fields(row, path, required=("key", "judges"))
    if fields is None or "key" not in fields:
        return None
    key = reader.key(fields["key"], at(path, "key"))
    judges = reader.count(fields["judges"], at(path, "judges")) if "judges" in fields else None
    return None if key is None else Wanted(key, judges or 0)


def _judge(reader: Reader, row: object, path: str) -> Judge | None:
    fields = reader.fields(row, path, required=("key",), optional=("min", "max"))
    if fields is None or "key" not in fields:
        return None
    key = reader.key(fields["key"], at(path, "key"))
    least, most = (optional(fields, name, path, reader.count) for name in ("min", "max"))
    return None if key is None else Judge(key, least or 0, most)


def _pairs(
    reader: Reader, body: Mapping[str, Any], name: str, known: tuple[set[str], set[str]]
) -> dict[Pair, Fraction | None]:
    """The pairs of a list, each with its preference where the list has one."""
    width = 3 if name == "preferences" else 2
    found: dict[Pair, Fraction | None] = {}
    for i, row in enumerate(_rows(reader, body, name)):
        path = f"{name}[{i}]"
        items = reader.rows(row, path)
        if len(items) != width:
            reader.note(path, "wrong_length", wanted=width, got=len(items))
            continue
        keys = [reader.key(items[place], f"{path}[{place}]") for place in (0, 1)]
        for place, key in enumerate(keys):
            if key is not None and key not in known[place]:
                reader.note(f"{path}[{place}]", ("unknown_entry", "unknown_judge")[place], value=shown(key))
        value = reader.points(items[2], f"{path}[2]", least=None) if width == 3 else None
        pair = (keys[0] or "", keys[1] or "")
        if width == 3 and pair in found:
            reader.note(path, "duplicate", value=shown(" ".join(pair)))
        found[pair] = value
    return found
