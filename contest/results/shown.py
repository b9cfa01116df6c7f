"""From a result document to the rows of a page: values only, so that templates print and do not decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.results.queries import Obstacle
from contest.rules.numbers import plain
from contest.rules.rule_sets import round_of
from contest.web.language import show_points

# What leaves an entry open (open_entries) in other words.
_LEAVES_OPEN = frozenset({"missing_sheets", "short_panels", "third_marker", "device_conflicts", "asked_again"})


def in_turn(obstacles: Sequence[Obstacle]) -> list[Obstacle]:
    """The obstacles to a lock as its page lists them: that the round must end comes first, and nothing comes twice."""
    told = {item.code for item in obstacles}
    lines = [item for item in obstacles if item.code != "open_entries" or not told & _LEAVES_OPEN]
    return sorted(lines, key=lambda item: not item.code.startswith("round_"))


@dataclass(frozen=True)
class PlaceRow:
    """One line of a table of places. `points` by round key, `criteria` by criterion key (of the one round shown)."""

    key: str
    entry_id: int | None
    pool: str
    place: int | None
    shared: bool
    total: str | None
    decided_by: str | None
    advances: bool
    prize: str | None
    prize_name: str = ""
    title: str = ""
    authors: str = ""
    unit_name: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)


def place_rows(
    document: Mapping[str, Any],
    *,
    titles: Mapping[int, str] | None = None,
    ids: Mapping[str, int] | None = None,
    works: Mapping[int, Any] | None = None,
    prizes: Sequence[Mapping[str, Any]] = (),
) -> list[PlaceRow]:
    """Rows in the order of the document: pool, place, key."""
    names = {prize["key"]: prize["name"] for prize in prizes}
    rows = []
    for place in document.get("places", []):
        entry_id = (ids or {}).get(place["entry"])
        work = (works or {}).get(entry_id) if entry_id is not None else None
        rounds = place["rounds"]
        rows.append(
            PlaceRow(
                key=place["entry"],
                entry_id=entry_id,
                pool=place["pool"],
                place=place["place"],
                shared=place["shared"],
                total=place["total"],
                decided_by=place["decided_by"],
                advances=place["advances"],
                prize=place["prize"],
                prize_name=names.get(place["prize"], "") if place["prize"] else "",
                title=(titles or {}).get(entry_id, "") if entry_id is not None else "",
                authors=work.authors if work else "",
                unit_name=work.unit_name if work else "",
                points={key: value["points"] for key, value in rounds.items()},
                criteria={
                    criterion: facts["average"]
                    for value in rounds.values()
                    for criterion, facts in value["criteria"].items()
                },
            )
        )
    return rows


@dataclass(frozen=True)
class PublicRow:
    """A line of the public table: points of each round, then the total, as they are written."""

    key: str
    place: int
    shared: bool
    shown: tuple[str, ...]


def public_rows(document: Mapping[str, Any], rounds: Sequence[str]) -> list[PublicRow]:
    """Every place, by code; a round the entry was not in shows as a dash."""
    places = document["places"]
    points = [_alike([place["rounds"].get(key, {}).get("points") for place in places]) for key in rounds]
    columns = [*points, _alike([place["total"] for place in places])]
    return [
        PublicRow(place["entry"], place["place"], place["shared"], tuple(map(show_points, shown)))
        for place, *shown in zip(places, *columns, strict=True)
    ]


def _alike(points: Sequence[str | None]) -> list[str | None]:
    """A column with as many decimals in every line: where nothing is rounded, "91" would stand above "88.5"."""
    most = max((len(value.partition(".")[2]) for value in points if value is not None), default=0)
    return [value if value is None or not most else plain(Decimal(value), most) for value in points]


def criteria_heads(contest: Contest, round_: Round) -> list[tuple[str, str]]:
    """(key, name) of a round's criteria, in the order of the rule set."""
    body = rules_in_force(contest).body
    return [(criterion["key"], criterion["name"]) for criterion in round_of(body, round_.key)["criteria"]]


def effect_rows(changed: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str, str, str, str]]:
    """(code, place now, place then, total now, total then, prize now, prize then) per entry that changes."""

    def told(row: Mapping[str, Any] | None, name: str) -> str:
        value = (row or {}).get(name)
        return "–" if value is None else str(value)

    return [
        (
            item["entry"],
            told(item["before"], "place"),
            told(item["after"], "place"),
            show_points((item["before"] or {}).get("total")),
            show_points((item["after"] or {}).get("total")),
            told(item["before"], "prize"),
            told(item["after"], "prize"),
        )
        for item in changed
    ]


def effect_counts(changed: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many entries change their place, prize, or whether they go on."""
    names = ("place", "prize", "advances")
    return {
        name: sum((item["before"] or {}).get(name) != (item["after"] or {}).get(name) for item in changed)
        for name in names
    }
