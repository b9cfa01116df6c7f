"""A contest's numbered rule set (invariant 4): its body, what makes it sound, and its form in a bundle.

The body, format "contest-rules/1", is the `rules` object of formats.md section 2 with what people and the
assignment of judges need besides: names and guidance of criteria, judges per entry, the value of prizes, and
tie-breaks and advancement per round. Numbers of points are plain decimals as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.rules.rule_shapes import FORMAT, Problem, points, shape_problems

__all__ = [
    "FORMAT", "Change", "Criterion", "Problem", "bundle_rules", "changes", "criteria_of", "round_max", "round_of",
    "shows_names", "talks", "total_max", "validate",
]  # fmt: skip

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Criterion:
    """One line of the score sheet. max and step None: no limit."""

    key: str
    name: str
    guidance: str
    max: Decimal | None
    step: Decimal | None
    weight: Decimal


@dataclass(frozen=True)
class Change:
    """One difference between two rule sets. kind: added | removed | changed | reordered.

    path names list items by their key: "rounds[so-khao].criteria[noi-dung].max".
    """

    path: str
    kind: str
    old: Any
    new: Any


def validate(body: Any) -> list[Problem]:
    """Everything that keeps a body from being a sound rule set, in the order of the body; [] when sound."""
    if wrong := shape_problems(body):
        return wrong
    rounds = body["rounds"]
    found = _twice(rounds, "rounds")
    for index, item in enumerate(rounds):
        found += _round_problems(item, f"rounds[{index}]", combine=body["total"]["combine"], last=item is rounds[-1])
    found += _tiebreak_problems(body["tiebreaks"], "tiebreaks", rounds)
    found += _prize_problems(body["prizes"], most=total_max(body))
    everything = [*body["prizes"], *body.get("other_prizes", [])]
    return found + _twice(everything, "prizes")


def round_of(body: Body, key: str) -> dict[str, Any]:
    """The round with this key. Raises KeyError when there is none."""
    for item in body["rounds"]:
        if item["key"] == key:
            return dict(item)
    raise KeyError(key)


def criteria_of(body: Body, key: str) -> list[Criterion]:
    """The criteria of a round, in the order of the score sheet. Raises KeyError for an unknown round."""
    return [
        Criterion(
            key=item["key"],
            name=item["name"],
            guidance=item["guidance"],
            max=_points(item["max"]),
            step=_points(item["step"]),
            weight=points(item["weight"]),
        )
        for item in round_of(body, key)["criteria"]
    ]


def talks(item: Mapping[str, Any]) -> str | None:
    """Whether the judges of a round talk about its entries.

    "discussion": after all have marked apart, about some; "joint": they agree on one sheet for each.
    """
    rule = item.get("deliberation")
    return str(rule["mode"]) if rule else None


def shows_names(item: Mapping[str, Any]) -> bool:
    """Whether those who discuss see each other's names; else the judges' keys."""
    return bool((item.get("deliberation") or {}).get("shows") == "name")


def round_max(item: Mapping[str, Any]) -> Decimal | None:
    """The most points a round can give before adjustments; None when a criterion has no limit."""
    most = Decimal(0)
    for criterion in item["criteria"]:
        if criterion["max"] is None:
            return None
        most += points(criterion["max"]) * points(criterion["weight"])
    return most


def total_max(body: Body) -> Decimal | None:
    """The most points an entry can have in the end; None when there is no limit."""
    combine = body["total"]["combine"]
    counted = body["rounds"][-1:] if combine == "last" else body["rounds"]
    weighted = []
    for item in counted:
        most = round_max(item)
        if most is None:
            return None
        weighted.append(most * points(item["weight"]) if combine == "sum" else most)
    return sum(weighted, Decimal(0)) if combine == "sum" else max(weighted)


def bundle_rules(body: Body, number: int, *, round_key: str | None = None) -> dict[str, Any]:
    """The `rules` object of formats.md section 2.

    round_key: that round alone, as advancement needs it: its points count as they are (weight 1), with its own
    tie-breaks and advancement and without prizes. None: the whole contest with its prizes.
    Raises KeyError for an unknown round.
    """
    if round_key is None:
        return {
            "number": number,
            "rounds": [_bundle_round(item) for item in body["rounds"]],
            "total": dict(body["total"]),
            "tiebreaks": list(body["tiebreaks"]),
            "advance": None,
            "prizes": [_pick(prize, "key", "name", "count", "min_total") for prize in body["prizes"]],
        }
    item = round_of(body, round_key)
    return {
        "number": number,
        "rounds": [{**_bundle_round(item), "weight": "1"}],
        "total": {"combine": "sum", "rounding": body["total"]["rounding"]},
        "tiebreaks": list(item["tiebreaks"]),
        "advance": dict(item["advance"]) if item["advance"] else None,
        "prizes": [],
    }


def changes(old: Body, new: Body) -> list[Change]:
    """What differs, in the order of the old body and then of what is new; [] when they say the same."""
    return list(_changes(dict(old), dict(new), ""))


def _points(text: str | None) -> Decimal | None:
    return None if text is None else points(text)


def _pick(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: item[name] for name in names}


def _bundle_round(item: Mapping[str, Any]) -> dict[str, Any]:
    panel = {name: value for name, value in item["panel"].items() if name != "tolerance" or value is not None}
    made: dict[str, Any] = {
        "key": item["key"],
        "weight": item["weight"],
        "criteria": [_pick(criterion, "key", "max", "step", "weight") for criterion in item["criteria"]],
        "panel": panel,
        "rounding": dict(item["rounding"]),
    }
    if item.get("third_marker"):
        made["third_marker"] = dict(item["third_marker"])
    if item.get("severity"):
        made["severity"] = item["severity"]
    return made


def _twice(items: Iterable[Mapping[str, Any]], path: str) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for index, item in enumerate(items):
        if item["key"] in seen:
            found.append(Problem(f"{path}[{index}].key", "twice", {"key": item["key"]}))
        seen.add(item["key"])
    return found


def _round_problems(item: Mapping[str, Any], path: str, *, combine: str, last: bool) -> list[Problem]:
    found = _twice(item["criteria"], f"{path}.criteria")
    for index, criterion in enumerate(item["criteria"]):
        found += _criterion_problems(criterion, f"{path}.criteria[{index}]")
    found += _panel_problems(item, f"{path}.panel")
    found += _third_marker_problems(item, f"{path}.third_marker")
    found += _severity_problems(item, f"{path}.severity")
    found += _deliberation_problems(item, f"{path}.deliberation")
    found += _advance_problems(item, f"{path}.advance", combine=combine, last=last)
    return found + _tiebreak_problems(item["tiebreaks"], f"{path}.tiebreaks", [item])


def _criterion_problems(criterion: Mapping[str, Any], path: str) -> list[Problem]:
    most, step = _points(criterion["max"]), _points(criterion["step"])
    if most is None or step is None or most % step == 0:
        return []
    return [Problem(f"{path}.step", "step_misses_max", {"step": criterion["step"], "max": criterion["max"]})]


def _panel_problems(item: Mapping[str, Any], path: str) -> list[Problem]:
    panel, judges = item["panel"], item["judges_per_entry"]
    found = []
    dropped = panel["drop_high"] + panel["drop_low"]
    if dropped and dropped >= panel["drop_needs"]:
        facts = {"dropped": dropped, "needs": panel["drop_needs"]}
        found.append(Problem(f"{path}.drop_needs", "drops_leave_nothing", facts))
    elif dropped and panel["drop_needs"] > judges:
        facts = {"needs": panel["drop_needs"], "judges": judges}
        found.append(Problem(f"{path}.drop_needs", "drops_never_apply", facts))
    if panel["average"] == "tolerance" and panel.get("tolerance") is None:
        found.append(Problem(f"{path}.tolerance", "missing"))
    if panel["average"] != "tolerance" and panel.get("tolerance") is not None:
        found.append(Problem(f"{path}.tolerance", "tolerance_unused"))
    return found


def _third_marker_problems(item: Mapping[str, Any], path: str) -> list[Problem]:
    third = item.get("third_marker")
    if not third:
        return []
    found = []
    if item["judges_per_entry"] != 2:
        found.append(Problem(path, "third_marker_needs_two", {"judges": item["judges_per_entry"]}))
    most = round_max(item)
    if most is not None and points(third["gap"]) > most:
        found.append(Problem(f"{path}.gap", "above_max", {"value": third["gap"], "max": f"{most:f}"}))
    return found


def _severity_problems(item: Mapping[str, Any], path: str) -> list[Problem]:
    if not item.get("severity"):
        return []
    if item.get("third_marker"):
        return [Problem(path, "severity_with_third_marker")]
    # With one judge an entry nothing is shared, so nothing could ever be corrected.
    return [Problem(path, "severity_needs_two")] if item["judges_per_entry"] < 2 else []


def _deliberation_problems(item: Mapping[str, Any], path: str) -> list[Problem]:
    judges = item["judges_per_entry"]
    if talks(item) == "joint" and judges != 1:
        # One sheet for the whole panel: one judge's marks are all that a bundle will hold.
        return [Problem(path, "joint_needs_one", {"judges": judges})]
    if talks(item) == "discussion" and judges < 2:
        return [Problem(path, "discussion_needs_two", {"judges": judges})]
    return []


def _advance_problems(item: Mapping[str, Any], path: str, *, combine: str, last: bool) -> list[Problem]:
    advance = item["advance"]
    if advance is None:
        # Where only the last round counts, everyone would reach it: then the rounds before decide nothing.
        return [Problem(path, "advance_missing")] if combine == "last" and not last else []
    if last:
        return [Problem(path, "advance_after_last")]
    if advance["count"] is None and advance["min_total"] is None:
        return [Problem(path, "advance_empty")]
    return _above(advance["min_total"], round_max(item), f"{path}.min_total")


def _above(text: str | None, most: Decimal | None, path: str) -> list[Problem]:
    if text is None or most is None or points(text) <= most:
        return []
    return [Problem(path, "above_max", {"value": text, "max": f"{most:f}"})]


def _tiebreak_problems(rules: Sequence[str], path: str, rounds: Sequence[Mapping[str, Any]]) -> list[Problem]:
    known = {"places", "lot", "judge:head"} | {f"round:{item['key']}" for item in rounds}
    known |= {f"criterion:{item['key']}/{criterion['key']}" for item in rounds for criterion in item["criteria"]}
    found = []
    for index, rule in enumerate(rules):
        here = f"{path}[{index}]"
        if rule not in known and not _is_measure(rule):
            found.append(Problem(here, "unknown_tiebreak", {"value": rule}))
        if rule in rules[:index]:
            found.append(Problem(here, "twice", {"key": rule}))
        elif "lot" in rules[:index]:
            # A lot leaves no one equal.
            found.append(Problem(here, "after_lot", {"value": rule}))
    return found


def _is_measure(rule: str) -> bool:
    parts = rule.split(":")
    return len(parts) == 3 and parts[0] == "measure" and parts[1] != "" and parts[2] in ("asc", "desc")


def _prize_problems(prizes: Sequence[Mapping[str, Any]], *, most: Decimal | None) -> list[Problem]:
    found: list[Problem] = []
    above: Decimal | None = None
    for index, prize in enumerate(prizes):
        path = f"prizes[{index}].min_total"
        found += _above(prize["min_total"], most, path)
        floor = _points(prize["min_total"])
        if floor is not None and index and (above is None or floor > above):
            # A lower prize asking for more than a higher one would be skipped by those who earned the higher.
            facts = {"value": prize["min_total"], "above": None if above is None else f"{above:f}"}
            found.append(Problem(path, "prize_order", facts))
        above = floor
    return found


def _changes(old: Any, new: Any, path: str) -> Iterable[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        inside = f"{path}." if path else ""
        for name in [*old, *(name for name in new if name not in old)]:
            # An optional part that is left out says the same as one that is null.
            yield from _changes(old.get(name), new.get(name), f"{inside}{name}")
    elif _is_keyed(old) and _is_keyed(new):
        yield from _list_changes(old, new, path)
    elif old != new and not (_is_nothing(old) and _is_nothing(new)):
        kind = "added" if _is_nothing(old) else "removed" if _is_nothing(new) else "changed"
        yield Change(path, kind, old, new)


def _is_nothing(value: Any) -> bool:
    return value is None or value == []


def _is_keyed(value: Any) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(item, dict) and "key" in item for item in value)


def _list_changes(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], path: str) -> Iterable[Change]:
    before = {item["key"]: item for item in old}
    after = {item["key"]: item for item in new}
    for key, item in before.items():
        here = f"{path}[{key}]"
        if key in after:
            yield from _changes(item, after[key], here)
        else:
            yield Change(here, "removed", item, None)
    for key, item in after.items():
        if key not in before:
            yield Change(f"{path}[{key}]", "added", None, item)
    kept_before = [key for key in before if key in after]
    kept_after = [key for key in after if key in before]
    if kept_before != kept_after:
        yield Change(path, "reordered", kept_before, kept_after)
