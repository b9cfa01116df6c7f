"""Reading the `rules` of a bundle: rounds, criteria, panel, ties, advancement, prizes.

Only what a result cannot be counted without has to be written: `number`, `rounds`, each round's `key`, `criteria`
and `panel.average`; `drop_needs` with a drop, `tolerance` with that average. Left out or null, the rest is neutral:
weight 1, no maximum, no step, nothing dropped, panel of each criterion, nothing rounded, totals summed, no tie-breaks,
no advancement, no prizes, severity not corrected. Weights are 0 or more. A round corrects severity or has a third
marker, never both: the third mark already answers for two judges apart, and is asked for at the doubtful entries only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contest.rules.bundle_types import Advance, Criterion, Panel, Prize, Round, Rounding, Rules, ThirdMarker, TieBreak
from contest.rules.reading import Reader, at, optional, shown

AVERAGES = ("mean", "median", "tolerance")
OF = ("criterion", "total")
STANDS = ("third", "closest_two", "median")
COMBINE = ("sum", "last", "best")
SEVERITY = ("additive",)
MOST_PLACES = 12
MOST_DROPPED = 1000
ONE = Fraction(1)


def read_rules(reader: Reader, raw: object, path: str) -> Rules | None:
    """Read and check the rules; None when nothing of the bundle can be checked against them."""
    names = ("total", "tiebreaks", "advance", "prizes")
    fields = reader.fields(raw, path, required=("number", "rounds"), optional=names)
    if fields is None:
        return None
    number = reader.count(fields["number"], at(path, "number")) if "number" in fields else None
    where = at(path, "rounds")
    rows = reader.rows(fields["rounds"], where, least=1) if "rounds" in fields else []
    rounds = [_round(reader, row, f"{where}[{place}]") for place, row in enumerate(rows)]
    reader.distinct([item.key if item else None for item in rounds], where)
    known = tuple(item for item in rounds if item is not None)
    combine, total_rounding = _total(reader, fields.get("total"), at(path, "total"))
    return Rules(
        number=number or 0,
        rounds=known,
        combine=combine,
        total_rounding=total_rounding,
        tiebreaks=_tiebreaks(reader, fields.get("tiebreaks"), at(path, "tiebreaks"), known),
        advance=optional(fields, "advance", path, lambda value, here: _advance(reader, value, here)),
        prizes=_prizes(reader, fields.get("prizes"), at(path, "prizes")),
    )


def _round(reader: Reader, raw: object, path: str) -> Round | None:
    names = ("weight", "rounding", "third_marker", "severity")
    fields = reader.fields(raw, path, required=("key", "criteria", "panel"), optional=names)
    if fields is None:
        return None
    key = reader.key(fields["key"], at(path, "key")) if "key" in fields else None
    if key is not None and "/" in key:
        # "criterion:ROUND/KEY" could not be read otherwise.
        reader.note(at(path, "key"), "slash_in_key", value=shown(key))
    where = at(path, "criteria")
    rows = reader.rows(fields["criteria"], where, least=1) if "criteria" in fields else []
    criteria = [_criterion(reader, row, f"{where}[{place}]") for place, row in enumerate(rows)]
    reader.distinct([item.key if item else None for item in criteria], where)
    weight = optional(fields, "weight", path, reader.points)
    panel = _panel(reader, fields["panel"], at(path, "panel")) if "panel" in fields else None
    rounding = optional(fields, "rounding", path, lambda value, here: _rounding(reader, value, here))
    third = optional(fields, "third_marker", path, lambda value, here: _third_marker(reader, value, here))
    severity = optional(fields, "severity", path, lambda value, here: reader.one_of(value, here, SEVERITY))
    if severity is not None and fields.get("third_marker") is not None:
        reader.note(at(path, "severity"), "severity_with_third_marker")
    if key is None:
        return None
    return Round(
        key=key,
        weight=ONE if weight is None else weight,
        criteria=tuple(item for item in criteria if item is not None),
        panel=panel or Panel("mean", 0, 0, 0, "criterion", None),
        rounding=rounding or Rounding(None, None, None),
        third_marker=third,
        severity=severity,
    )


def _criterion(reader: Reader, raw: object, path: str) -> Criterion | None:
    fields = reader.fields(raw, path, required=("key",), optional=("max", "step", "weight"))
    if fields is None:
        return None
    key = reader.key(fields["key"], at(path, "key")) if "key" in fields else None
    maximum = optional(fields, "max", path, reader.points)
    step = optional(fields, "step", path, lambda value, here: reader.points(value, here, least=None, above=0))
    weight = optional(fields, "weight", path, reader.points)
    return None if key is None else Criterion(key, maximum, step, ONE if weight is None else weight)


def _panel(reader: Reader, raw: object, path: str) -> Panel | None:
    names = ("drop_high", "drop_low", "drop_needs", "of", "tolerance")
    fields = reader.fields(raw, path, required=("average",), optional=names)
    if fields is None:
        return None
    average = reader.one_of(fields["average"], at(path, "average"), AVERAGES) if "average" in fields else None
    high, low, needs = (_count(reader, fields, name, path) for name in ("drop_high", "drop_low", "drop_needs"))
    if (high or low) and fields.get("drop_needs") is None:
        reader.note(at(path, "drop_needs"), "missing_field")
    of = optional(fields, "of", path, lambda value, here: reader.one_of(value, here, OF))
    tolerance = optional(fields, "tolerance", path, reader.points)
    if average == "tolerance" and fields.get("tolerance") is None:
        reader.note(at(path, "tolerance"), "missing_field")
    return Panel(average or "mean", high or 0, low or 0, needs or 0, of or "criterion", tolerance)


def _count(reader: Reader, fields: Mapping[str, Any], name: str, path: str) -> int | None:
    return optional(fields, name, path, lambda value, here: reader.count(value, here, most=MOST_DROPPED))


def _places(reader: Reader, fields: Mapping[str, Any], name: str, path: str) -> int | None:
    return optional(fields, name, path, lambda value, here: reader.count(value, here, most=MOST_PLACES))


def _rounding(reader: Reader, raw: object, path: str) -> Rounding | None:
    fields = reader.fields(raw, path, required=(), optional=("panel", "weighted", "round"))
    if fields is None:
        return None
    panel, weighted, whole = (_places(reader, fields, name, path) for name in ("panel", "weighted", "round"))
    return Rounding(panel, weighted, whole)


def _third_marker(reader: Reader, raw: object, path: str) -> ThirdMarker | None:
    fields = reader.fields(raw, path, required=("gap", "stands"))
    if fields is None:
        return None
    gap = stands = None
    if "gap" in fields:
        gap = reader.points(fields["gap"], at(path, "gap"), least=None, above=0)
    if "stands" in fields:
        stands = reader.one_of(fields["stands"], at(path, "stands"), STANDS)
    return ThirdMarker(gap or ONE, stands or STANDS[0])


def _total(reader: Reader, raw: object, path: str) -> tuple[str, int | None]:
    fields = None if raw is None else reader.fields(raw, path, required=(), optional=("combine", "rounding"))
    if fields is None:
        return COMBINE[0], None
    combine = optional(fields, "combine", path, lambda value, here: reader.one_of(value, here, COMBINE))
    return combine or COMBINE[0], _places(reader, fields, "rounding", path)


def _tiebreaks(reader: Reader, raw: object, path: str, rounds: tuple[Round, ...]) -> tuple[TieBreak, ...]:
    rows = [] if raw is None else reader.rows(raw, path)
    names = [reader.text(row, f"{path}[{place}]") for place, row in enumerate(rows)]
    reader.distinct(names, path, name="")
    found = []
    for place, name in enumerate(names):
        if name is None:
            continue
        rule = tie_break(name, rounds)
        if isinstance(rule, str):
            reader.note(f"{path}[{place}]", rule, value=shown(name))
        else:
            found.append(rule)
    return tuple(found)


def tie_break(name: str, rounds: tuple[Round, ...]) -> TieBreak | str:
    """Read the name of a tie-break; a problem code when it is none or names what the rounds do not have."""
    kind, _, rest = name.partition(":")
    if name in ("judge:head", "places", "lot"):
        return TieBreak(name, kind, descending=name != "lot")
    if kind == "round":
        return TieBreak(name, kind, round=rest) if any(r.key == rest for r in rounds) else "unknown_round"
    if kind == "criterion":
        key, _, criterion = rest.partition("/")
        found = next((item for item in rounds if item.key == key), None)
        if found is None:
            return "unknown_round"
        known = any(item.key == criterion for item in found.criteria)
        return TieBreak(name, kind, round=key, criterion=criterion) if known else "unknown_criterion"
    measure, _, direction = rest.rpartition(":")
    if kind == "measure" and measure and direction in ("asc", "desc"):
        return TieBreak(name, kind, measure=measure, descending=direction == "desc")
    return "unknown_tiebreak"


def _advance(reader: Reader, raw: object, path: str) -> Advance | None:
    fields = reader.fields(raw, path, required=(), optional=("count", "min_total"))
    if fields is None:
        return None
    count = optional(fields, "count", path, reader.count)
    return Advance(count, optional(fields, "min_total", path, lambda v, here: reader.points(v, here, least=None)))


def _prizes(reader: Reader, raw: object, path: str) -> tuple[Prize, ...]:
    rows = [] if raw is None else reader.rows(raw, path)
    prizes = [_prize(reader, row, f"{path}[{place}]") for place, row in enumerate(rows)]
    reader.distinct([prize.key if prize else None for prize in prizes], path)
    return tuple(prize for prize in prizes if prize is not None)


def _prize(reader: Reader, raw: object, path: str) -> Prize | None:
    fields = reader.fields(raw, path, required=("key", "count"), optional=("name", "min_total"))
    if fields is None:
        return None
    key = reader.key(fields["key"], at(path, "key")) if "key" in fields else None
    count = reader.count(fields["count"], at(path, "count")) if "count" in fields else None
    optional(fields, "name", path, reader.text)
    least = optional(fields, "min_total", path, lambda value, here: reader.points(value, here, least=None))
    return None if key is None else Prize(key, count or 0, least)
