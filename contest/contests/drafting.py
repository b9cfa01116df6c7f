"""Editing a rule set's body: each function gives a new body that still fits together where it can.

What an edit makes meaningless goes with it: a tie-break on a criterion that was removed, the advancement of
what is now the last round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from contest.rules.rule_sets import Body
from contest.rules.text import slug

DEFAULT_ADVANCE = {"count": 30, "min_total": None}


def with_round(body: Body, key: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The body with one round replaced; its key stays."""
    made = deepcopy(dict(body))
    made["rounds"] = [deepcopy({**item, "key": key}) if old["key"] == key else old for old in made["rounds"]]
    return _fitted(made)


def with_rounds(body: Body, wanted: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """The body with these rounds in this order, as (key, name, weight).

    An unknown or empty key makes a new round that is judged as the one before it.
    """
    made = deepcopy(dict(body))
    present = {item["key"]: item for item in made["rounds"]}
    used = {key for key, _name, _weight in wanted if key in present}
    rounds: list[dict[str, Any]] = []
    for key, name, weight in wanted:
        item = present.get(key) or _like(rounds[-1] if rounds else made["rounds"][0], free_key(name, used, "vong"))
        used.add(item["key"])
        rounds.append({**item, "name": name, "weight": weight})
    made["rounds"] = rounds
    return _fitted(made)


def with_total(
    body: Body, *, combine: str, rounding: int | None, pools: str, tiebreaks: Sequence[str]
) -> dict[str, Any]:
    """The body with another way from the rounds to the places."""
    made = deepcopy(dict(body))
    made["total"] = {"combine": combine, "rounding": rounding}
    made["pools"], made["tiebreaks"] = pools, list(tiebreaks)
    return _fitted(made)


def with_prizes(body: Body, prizes: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The body with these prizes; a prize without a key gets one from its name."""
    made = deepcopy(dict(body))
    used: set[str] = {item["key"] for item in (*prizes, *others) if item["key"]}
    for field, items in (("prizes", prizes), ("other_prizes", others)):
        made[field] = []
        for item in items:
            key = item["key"] or free_key(item["name"], used, "giai")
            used.add(key)
            made[field].append({**item, "key": key})
    return made


def keyed_criteria(criteria: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The criteria with a key each; those that have one keep it, marks stand under it."""
    used = {item["key"] for item in criteria if item["key"]}
    made = []
    for item in criteria:
        key = item["key"] or free_key(item["name"], used, "tieu-chi")
        used.add(key)
        made.append({**item, "key": key})
    return made


def free_key(name: str, used: set[str], otherwise: str) -> str:
    """A key from a name that is not used yet."""
    wanted = slug(name)[:50].strip("-") or otherwise
    number, key = 1, wanted
    while key in used:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _like(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A round judged like another, under its own key."""
    made = {**deepcopy(dict(item)), "key": key, "advance": None}
    made["tiebreaks"] = [_renamed(rule, item["key"], key) for rule in made["tiebreaks"]]
    return made


def _renamed(rule: str, old: str, new: str) -> str:
    if rule == f"round:{old}":
        return f"round:{new}"
    return rule.replace(f"criterion:{old}/", f"criterion:{new}/", 1)


def _fitted(body: dict[str, Any]) -> dict[str, Any]:
    rounds = body["rounds"]
    for item in rounds:
        item["tiebreaks"] = list(filter(_known([item]), item["tiebreaks"]))
        if item is rounds[-1]:
            item["advance"] = None
        elif item["advance"] is None and body["total"]["combine"] == "last":
            item["advance"] = dict(DEFAULT_ADVANCE)
    body["tiebreaks"] = list(filter(_known(rounds), body["tiebreaks"]))
    return body


def _known(rounds: Sequence[Mapping[str, Any]]) -> Callable[[str], bool]:
    targets = {f"round:{item['key']}" for item in rounds}
    targets |= {f"criterion:{item['key']}/{entry['key']}" for item in rounds for entry in item["criteria"]}
    return lambda rule: not rule.startswith(("round:", "criterion:")) or rule in targets
