"""The two documents of an assignment (formats.md section 4): contest-assignment/1 in, contest-assigned/1 out.

Lists may hold hundreds of thousands of pairs, so what repeats in them (keys, preferences) is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from contest.rules.assignment_shapes import Assigned, Instance, Judge, Pair, Wanted
from contest.rules.exact import MAX_LENGTH, plain_decimal, write
from contest.rules.reading import Problem, Reader, Refused, at, optional, shown

FORMAT, RESULT_FORMAT = "contest-assignment/1", "contest-assigned/1"
_LISTS = ("conflicts", "preferences", "fixed")


def read_instance(document: object) -> Instance:
    """Check a contest-assignment/1 document, as `reading.read_json` gives it. Raises Refused with all its problems.

    min, max and the three lists may be left out; max may be null. A pair may be named twice among
    conflicts or fixed pairs, not among preferences.
    """
    reader = Reader()
    body = reader.fields(document, "", required=("format", "entries", "judges"), optional=_LISTS) or {}
    if body.get("format", FORMAT) != FORMAT:
        # Of another format nothing else can be judged.
        given = body["format"]
        value = shown(given) if isinstance(given, str) else None
        raise Refused((Problem("format", "unknown_format", {"value": value, "known": FORMAT}),))
    entries = [_entry(reader, row, f"entries[{i}]") for i, row in enumerate(_rows(reader, body, "entries"))]
    judges = [_judge(reader, row, f"judges[{i}]") for i, row in enumerate(_rows(reader, body, "judges"))]
    reader.distinct([entry.key if entry else None for entry in entries], "entries")
    reader.distinct([judge.key if judge else None for judge in judges], "judges")
    pairs = _Pairs(reader, {entry.key for entry in entries if entry}, {judge.key for judge in judges if judge})
    conflicts, preferences, fixed = (pairs.read(_rows(reader, body, name), name) for name in _LISTS)
    if reader.problems:
        raise Refused(tuple(reader.problems))
    return Instance(
        tuple(filter(None, entries)),
        tuple(filter(None, judges)),
        frozenset(conflicts),
        {pair: value for pair, value in preferences.items() if value is not None},
        frozenset(fixed),
    )


def write_instance(instance: Instance) -> dict[str, Any]:
    """The contest-assignment/1 document of an instance, its lists sorted.

    Raises ValueError when a preference is no plain decimal of at most 40 characters.
    """
    return {
        "format": FORMAT,
        "entries": [{"key": entry.key, "judges": entry.judges} for entry in instance.entries],
        "judges": [{"key": judge.key, "min": judge.min, "max": judge.max} for judge in instance.judges],
        "conflicts": [list(pair) for pair in sorted(instance.conflicts)],
        "preferences": [[*pair, _decimal(value)] for pair, value in sorted(instance.preferences.items())],
        "fixed": [list(pair) for pair in sorted(instance.fixed)],
    }


def write_assigned(assigned: Assigned) -> dict[str, Any]:
    """The contest-assigned/1 document."""
    return {
        "format": RESULT_FORMAT,
        "pairs": [list(pair) for pair in assigned.pairs],
        "total_preference": _plain(assigned.total_preference),
        "load": dict(assigned.load),
    }


def _plain(value: Fraction) -> str:
    """A sum of plain decimals as it is: none has more decimals than characters."""
    return write(value, MAX_LENGTH).rstrip("0").rstrip(".")


def _decimal(value: Fraction) -> str:
    text = _plain(value)
    if plain_decimal(text) != value:
        raise ValueError(f"no plain decimal of at most {MAX_LENGTH} characters: {value}")
    return text


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


class _Pairs:
    """Reads the lists of pairs. A key that is known has been checked already."""

    def __init__(self, reader: Reader, entries: Iterable[str], judges: Iterable[str]) -> None:
        self._reader = reader
        self._known = ({key: key for key in entries}, {key: key for key in judges})
        self._values: dict[str, Fraction] = {}

    def read(self, rows: Iterable[object], name: str) -> dict[Pair, Fraction | None]:
        """The pairs of a list, each with its preference where the list has one."""
        width = 3 if name == "preferences" else 2
        found: dict[Pair, Fraction | None] = {}
        for i, row in enumerate(rows):
            path = f"{name}[{i}]"
            items = self._reader.rows(row, path)
            if len(items) != width:
                if isinstance(row, list | tuple):
                    self._reader.note(path, "wrong_length", wanted=width, got=len(items))
                continue
            entry, judge = self._key(items[0], path, 0), self._key(items[1], path, 1)
            value = self._value(items[2], path) if width == 3 else None
            if entry is None or judge is None:
                continue
            if width == 3 and (entry, judge) in found:
                self._reader.note(path, "duplicate_preference", entry=shown(entry), judge=shown(judge))
            found.setdefault((entry, judge), value)
        return found

    def _key(self, value: object, path: str, place: int) -> str | None:
        known = self._known[place].get(value) if isinstance(value, str) else None
        if known is None:
            key = self._reader.key(value, f"{path}[{place}]")
            if key is not None:
                code = ("unknown_entry", "unknown_judge")[place]
                self._reader.note(f"{path}[{place}]", code, value=shown(key))
        return known

    def _value(self, value: object, path: str) -> Fraction | None:
        known = self._values.get(value) if isinstance(value, str) else None
        if known is None:
            known = self._reader.points(value, f"{path}[2]", least=None)
            if known is not None and isinstance(value, str):
                self._values[value] = known
        return known
