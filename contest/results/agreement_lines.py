"""Lines of prizes and advancement as the page of agreement prints them: which are fragile, and on which entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contest.results.agreement_queries import Report
from contest.results.agreement_words import Names, percent
from contest.web.language import _

DOUBTFUL = Decimal("0.2")
"""An entry that so large a share of drawn panels puts on the other side of a line makes the line fragile."""


@dataclass(frozen=True)
class Near:
    """An entry near a line. judges: without any one of whom it would be on the other side. doubtful: it is why.

    Texts are empty where the report does not follow the entry.
    """

    entry: str
    inside: bool
    place: str
    places: str
    share: str
    judges: str
    doubtful: bool


@dataclass(frozen=True)
class Line:
    """A line of a pool: from its last entries inside to the first outside."""

    name: str
    near: Sequence[Near]
    doubtful: Sequence[Near]
    empty: bool

    @property
    def fragile(self) -> bool:
        """Whether one judge less, or another panel of the kind, could well draw it elsewhere."""
        return bool(self.doubtful)


def lines_of(report: Report, names: Names) -> list[Line]:
    """The lines in the order of the report."""
    order = {key: number for number, (key, _name) in enumerate(report.prizes)}
    crossing = _crossing(report, order)
    lines = report.places["cut_lines"]
    pools = {line["pool"] for line in lines}
    found = []
    for line in lines:
        name = _name(line["line"], report)
        if len(pools) > 1:
            name = f"{names.pools.get(line['pool'], line['pool'])} · {name}"
        moved = {entry: by for (entry, of), by in crossing.items() if of == line["line"]}
        near = [_near(row, moved.pop(row["entry"], _Moved()).judges, names) for row in line["entries"]]
        # Further off than the report lists, and yet moved over the line by one judge.
        near += [
            Near(entry, by.inside, "", "", "", _keys(by.judges, names), True)
            for entry, by in sorted(moved.items())
            if report.pools.get(entry) == line["pool"]
        ]
        found.append(Line(name, near, [row for row in near if row.doubtful], not any(row.inside for row in near)))
    return found


def _name(line: str, report: Report) -> str:
    """A line of prizes holds the better ones too."""
    kind, _colon, key = line.partition(":")
    if kind != "prize":
        return _("Vào vòng sau")
    name = dict(report.prizes)[key]
    return name if key == report.prizes[0][0] else _("%(prize)s trở lên", prize=name)


@dataclass(frozen=True)
class _Moved:
    """inside: as things stand. judges: without any of whom the entry would be on the other side."""

    inside: bool = False
    judges: list[str] = field(default_factory=list)


def _crossing(report: Report, order: Mapping[str, int]) -> dict[tuple[str, str], _Moved]:
    """What single judges move, by entry and line."""
    found: dict[tuple[str, str], _Moved] = {}
    last = len(order)
    for row in report.places["without_judge"] or ():
        for item in row["prizes"]:
            before, after = order.get(item["from"], last), order.get(item["to"], last)
            for key, number in order.items():
                if (before <= number) != (after <= number):
                    moved = found.setdefault((item["entry"], f"prize:{key}"), _Moved(before <= number))
                    moved.judges.append(row["judge"])
        for item in row["advances"]:
            moved = found.setdefault((item["entry"], "advance"), _Moved(bool(item["from"])))
            moved.judges.append(row["judge"])
    return found


def _keys(judges: Sequence[str], names: Names) -> str:
    return ", ".join(names.key(judge) for judge in sorted(judges, key=names.order))


def _near(row: Mapping[str, Any], judges: Sequence[str], names: Names) -> Near:
    share, places = Decimal(row["share"]), row["places"]
    other = 1 - share if row["inside"] else share
    return Near(
        entry=row["entry"],
        inside=row["inside"],
        place=str(row["place"]),
        places=f"{places[0]}–{places[1]}" if places and places[0] != places[1] else str(places[0]) if places else "",
        share=percent(row["share"]),
        judges=_keys(judges, names),
        doubtful=bool(judges) or other >= DOUBTFUL,
    )
