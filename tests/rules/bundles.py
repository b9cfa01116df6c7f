"""Small bundles for tests, written as tables: a line an entry, a column a judge, "-" no mark, "/" between criteria."""

from __future__ import annotations

from typing import Any

from contest.rules.bundle import parse_bundle
from contest.rules.tabulation import tabulate

Raw = dict[str, Any]


def a_round(key: str = "r", *, criteria: int = 1, third: Raw | None = None, **changes: Any) -> Raw:
    """A round with criteria c1, c2 …; `changes` go to its panel, rounding, first criterion or itself, by name."""
    panel = {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 3, "of": "criterion"}
    rounding: Raw = {"panel": None, "weighted": None, "round": None}
    kinds = [{"key": f"c{n}", "max": None, "step": None, "weight": "1"} for n in range(1, criteria + 1)]
    made: Raw = {"key": key, "weight": "1", "criteria": kinds, "panel": panel, "rounding": rounding}
    if third is not None:
        made["third_marker"] = third
    for name, value in changes.items():
        if name == "weights":
            for kind, weight in zip(kinds, value, strict=True):
                kind["weight"] = weight
        elif name in ("round_weight", "round_points"):
            target, field = (made, "weight") if name == "round_weight" else (rounding, "round")
            target[field] = value
        elif name in ("panel", "weighted"):
            rounding[name] = value
        elif name in ("max", "step"):
            kinds[0][name] = value
        else:
            panel[name] = value
    return made


def a_bundle(tables: dict[str, dict[str, str]], rounds: list[Raw], **rules: Any) -> Raw:
    """tables: by round, by entry, the line of marks. Judges are J1, J2 …, the first of them the head."""
    entries = sorted({entry for table in tables.values() for entry in table})
    width = max((len(line.split()) for table in tables.values() for line in table.values()), default=0)
    marks = [
        {"round": name, "entry": entry, "judge": f"J{number}", "criterion": f"c{place}", "value": value}
        for name, table in tables.items()
        for entry, line in table.items()
        for number, sheet in enumerate(line.split(), 1)
        for place, value in enumerate(sheet.split("/"), 1)
        if value != "-"
    ]
    return {
        "format": "contest-tabulation/1",
        "rules": {
            "number": 1,
            "rounds": rounds,
            "total": {"combine": rules.pop("combine", "sum"), "rounding": rules.pop("total", None)},
            "tiebreaks": rules.pop("tiebreaks", []),
            **rules,
        },
        "judges": [{"key": f"J{number}", "head": number == 1} for number in range(1, width + 1)],
        "entries": [{"key": entry} for entry in entries],
        "marks": marks,
        "adjustments": [],
    }


def one_round(table: dict[str, str], round_: Raw | None = None, **rules: Any) -> Raw:
    """A bundle of one round, "r"."""
    return a_bundle({"r": table}, [round_ or a_round()], **rules)


def result_of(raw: Raw) -> Raw:
    """Parse and tabulate."""
    return tabulate(parse_bundle(raw))


def entry_of(raw: Raw, key: str) -> Raw:
    """An entry of a bundle, to be changed."""
    return next(entry for entry in raw["entries"] if entry["key"] == key)


def standings(result: Raw) -> str:
    """The places in one line: "1 A 9, 2= B 8, 2= C 8"."""
    return ", ".join(f"{row['place']}{'=' * row['shared']} {row['entry']} {row['total']}" for row in result["places"])


def codes(result: Raw, name: str) -> list[str]:
    """The codes in `open` or `warnings`."""
    return [row["code"] for row in result[name]]
