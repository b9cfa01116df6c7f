"""A tabulation bundle: parse and check (formats.md, section 2).

Every problem is collected, each with the path of its field, and any problem refuses the whole bundle. Where the format
is silent:

- A field that may be left out may also be null, which says the same. `pool` "" is the same as no pool.
- Keys are NFC text of 1 to 200 printable characters without blanks at the ends. A round's key has no "/".
- A mark or an adjustment in a round its entry does not take part in is refused; `value` null is "no mark" and is not.
- Marks of withdrawn entries are checked like all others.
- With the tie-break `lot` every entry needs a lot, except one that has withdrawn. Lots need not differ: entries that
  are equal on all, lot included, share a place.
- A tie-break on a measure that no entry has, or on head judges where there is none, is not refused: it separates
  nobody, and the result says so in its warnings.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contest.rules.bundle_rules import read_rules
from contest.rules.bundle_types import FORMAT, Adjustment, Bundle, Criterion, Entry, Judge, Mark, Rules
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.exact import write
from contest.rules.reading import Problem, Reader, Refused, at, optional, shown

__all__ = ["Bundle", "Problem", "Refused", "parse_bundle"]

MARK_FIELDS = ("round", "entry", "judge", "criterion", "value")
_MARK_KEYS = set(MARK_FIELDS)


def parse_bundle(raw: object) -> Bundle:
    """Check a bundle read from JSON. Raises Refused with all problems."""
    reader = Reader()
    wanted = ("format", "rules", "judges", "entries", "marks")
    fields = reader.fields(raw, "", required=wanted, optional=("adjustments",))
    if fields is None:
        raise Refused(tuple(reader.problems))
    if fields.get("format", FORMAT) != FORMAT:
        # Of another format nothing else can be judged.
        given = fields["format"]
        value = shown(given) if isinstance(given, str) else None
        raise Refused((Problem("format", "unknown_format", {"value": value, "known": FORMAT}),))
    rules = read_rules(reader, fields["rules"], "rules") if "rules" in fields else None
    judges = _judges(reader, fields.get("judges", ()))
    rounds = tuple(item.key for item in rules.rounds) if rules else ()
    entries = _entries(reader, fields.get("entries", ()), rounds)
    if rules and any(rule.kind == "lot" for rule in rules.tiebreaks):
        _need_lots(reader, entries)
    listed = tuple(entry for entry in entries if entry is not None)
    marks: list[Mark] = []
    adjustments: list[Adjustment] = []
    if rules:
        known = {entry.key: entry for entry in listed}
        marks = _Marks(reader, rules, {judge.key for judge in judges}, known).read(fields.get("marks", ()))
        adjustments = _adjustments(reader, fields.get("adjustments"), set(rounds), known)
    if reader.problems or rules is None:
        raise Refused(tuple(reader.problems))
    return Bundle(rules, judges, listed, tuple(marks), tuple(adjustments), sha256_hex(canonical_bytes(raw)))


def _judges(reader: Reader, raw: object) -> tuple[Judge, ...]:
    judges = []
    for place, row in enumerate(reader.rows(raw, "judges")):
        path = f"judges[{place}]"
        fields = reader.fields(row, path, required=("key",), optional=("head",)) or {}
        key = reader.key(fields["key"], at(path, "key")) if "key" in fields else None
        head = optional(fields, "head", path, reader.flag)
        judges.append(None if key is None else Judge(key, bool(head)))
    reader.distinct([judge.key if judge else None for judge in judges], "judges")
    return tuple(judge for judge in judges if judge is not None)


def _entries(reader: Reader, raw: object, rounds: tuple[str, ...]) -> list[Entry | None]:
    rows = reader.rows(raw, "entries")
    entries = [_entry(reader, row, f"entries[{place}]", rounds) for place, row in enumerate(rows)]
    reader.distinct([entry.key if entry else None for entry in entries], "entries")
    return entries


def _entry(reader: Reader, raw: object, path: str, rounds: tuple[str, ...]) -> Entry | None:
    names = ("pool", "lot", "measures", "withdrawn", "rounds")
    fields = reader.fields(raw, path, required=("key",), optional=names)
    if fields is None:
        return None
    key = reader.key(fields["key"], at(path, "key")) if "key" in fields else None
    pool = reader.key(fields["pool"], at(path, "pool")) if fields.get("pool") not in (None, "") else None
    lot = optional(fields, "lot", path, reader.count)
    withdrawn = optional(fields, "withdrawn", path, reader.flag)
    measures = optional(fields, "measures", path, lambda value, here: _measures(reader, value, here))
    own = optional(fields, "rounds", path, lambda value, here: _own_rounds(reader, value, here, rounds))
    if key is None:
        return None
    taken = rounds if own is None else tuple(name for name in rounds if name in own)
    return Entry(key, pool, lot, measures or {}, bool(withdrawn), taken)


def _measures(reader: Reader, raw: object, path: str) -> dict[str, Fraction]:
    if not isinstance(raw, dict):
        reader.fields(raw, path, required=())
        return {}
    for name in getattr(raw, "repeated", ()):
        reader.note(at(path, shown(name)), "repeated_key")
    found = {}
    for name, value in raw.items():
        here = at(path, shown(name) if isinstance(name, str) else "?")
        key, number = reader.key(name, here), reader.points(value, here, least=None)
        if key is not None and number is not None:
            found[key] = number
    return found


def _own_rounds(reader: Reader, raw: object, path: str, rounds: tuple[str, ...]) -> list[str]:
    names = [reader.text(row, f"{path}[{place}]") for place, row in enumerate(reader.rows(raw, path))]
    reader.distinct(names, path, name="")
    for place, name in enumerate(names):
        if name is not None and name not in rounds:
            reader.note(f"{path}[{place}]", "unknown_round", value=shown(name))
    return [name for name in names if name is not None]


def _need_lots(reader: Reader, entries: list[Entry | None]) -> None:
    for place, entry in enumerate(entries):
        if entry is not None and entry.lot is None and not entry.withdrawn:
            reader.note(f"entries[{place}].lot", "lot_needed")


def _adjustments(reader: Reader, raw: object, rounds: set[str], entries: Mapping[str, Entry]) -> list[Adjustment]:
    found = []
    for place, row in enumerate([] if raw is None else reader.rows(raw, "adjustments")):
        path = f"adjustments[{place}]"
        fields = reader.fields(row, path, required=("round", "entry", "points"), optional=("reason",)) or {}
        key = _known(reader, fields, "round", path, rounds)
        entry = _known(reader, fields, "entry", path, entries)
        points = reader.points(fields["points"], at(path, "points"), least=None) if "points" in fields else None
        optional(fields, "reason", path, reader.text)
        if key is None or entry is None or points is None:
            continue
        if key not in entries[entry].rounds:
            reader.note(path, "round_not_entered", round=shown(key), entry=shown(entry))
        found.append(Adjustment(key, entry, points))
    return found


def _known(
    reader: Reader, fields: Mapping[str, Any], name: str, path: str, known: set[str] | Mapping[str, Any]
) -> str | None:
    """The key in this field, when it is one of the known."""
    if name not in fields:
        return None
    key = reader.text(fields[name], at(path, name))
    if key is not None and key not in known:
        reader.note(at(path, name), f"unknown_{name}", value=shown(key))
        return None
    return key


class _Marks:
    """Reads the list of marks, which is long: a sound mark takes the short way, a doubtful one the long way."""

    def __init__(self, reader: Reader, rules: Rules, judges: set[str], entries: Mapping[str, Entry]) -> None:
        self._reader, self._judges, self._entries = reader, judges, entries
        self._rounds = {item.key for item in rules.rounds}
        self._criteria = {(item.key, each.key): each for item in rules.rounds for each in item.criteria}
        # Few different marks are ever given on a criterion; each is read and checked once.
        self._sound: dict[tuple[str, str, object], Fraction] = {}
        self._taken = {key: set(entry.rounds) for key, entry in entries.items()}

    def read(self, raw: object) -> list[Mark]:
        """All marks of the list that are sound."""
        marks: list[Mark] = []
        places: dict[tuple[str, str, str, str], int] = {}
        for place, row in enumerate(self._reader.rows(raw, "marks")):
            mark = self._short_way(row) or self._long_way(row, f"marks[{place}]")
            if mark is None:
                continue
            first = places.setdefault(mark[:4], place)
            if first != place:
                self._reader.note(f"marks[{place}]", "duplicate_mark", first=f"marks[{first}]")
            marks.append(mark)
        return marks

    def _short_way(self, row: object) -> Mark | None:
        if type(row) is not dict or row.keys() != _MARK_KEYS:
            return None
        try:
            key, criterion, given = row["round"], row["criterion"], row["value"]
            if key not in self._taken[row["entry"]] or row["judge"] not in self._judges:
                return None
            value = self._sound[key, criterion, given]
        except (KeyError, TypeError):
            return None
        return Mark(key, row["entry"], row["judge"], criterion, value)

    def _long_way(self, row: object, path: str) -> Mark | None:
        reader = self._reader
        fields = reader.fields(row, path, required=MARK_FIELDS)
        if fields is None:
            return None
        key = _known(reader, fields, "round", path, self._rounds)
        entry = _known(reader, fields, "entry", path, self._entries)
        judge = _known(reader, fields, "judge", path, self._judges)
        criterion = self._criterion(fields, path, key)
        given = fields.get("value")
        value = None
        if given is not None:
            value = reader.points(given, at(path, "value"), least=None)
            if value is not None and criterion is not None and not self._on_scale(value, criterion, path):
                value = None
        sound = key is not None and entry is not None and judge is not None and criterion is not None
        if not sound or (value is None) != (given is None):
            return None
        assert key is not None and entry is not None and judge is not None and criterion is not None
        if value is not None:
            if key not in self._taken[entry]:
                reader.note(path, "round_not_entered", round=shown(key), entry=shown(entry))
                return None
            self._sound[key, criterion.key, given] = value
        return Mark(key, entry, judge, criterion.key, value)

    def _criterion(self, fields: Mapping[str, Any], path: str, key: str | None) -> Criterion | None:
        if "criterion" not in fields:
            return None
        name = self._reader.text(fields["criterion"], at(path, "criterion"))
        if name is None or key is None:
            return None
        criterion = self._criteria.get((key, name))
        if criterion is None:
            self._reader.note(at(path, "criterion"), "unknown_criterion", value=shown(name))
        return criterion

    def _on_scale(self, value: Fraction, criterion: Criterion, path: str) -> bool:
        where, given = at(path, "value"), write(value, None)
        if value < 0:
            self._reader.note(where, "below_zero", value=given)
        elif criterion.maximum is not None and value > criterion.maximum:
            self._reader.note(where, "above_max", value=given, max=write(criterion.maximum, None))
        elif criterion.step is not None and (value / criterion.step).denominator != 1:
            self._reader.note(where, "off_step", value=given, step=write(criterion.step, None))
        else:
            return True
        return False
