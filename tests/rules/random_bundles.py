"""Random sound bundles for hypothesis: small, with few different marks, so that ties and gaps are frequent."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Raw = dict[str, Any]
POINTS = st.sampled_from(("0", "1", "2", "2.5", "3", "3.25", "4"))
WEIGHTS = st.sampled_from(("1", "1", "2", "0.5", "0"))
PLACES = st.sampled_from((None, None, 0, 1, 2))
TIEBREAKS = ("measure:seconds:asc", "measure:length:desc", "judge:head", "places", "lot")


@st.composite
def rounds(draw: st.DrawFn, key: str) -> Raw:
    """One round with one or two criteria."""
    made: Raw = {
        "key": key,
        "weight": draw(WEIGHTS),
        "criteria": [
            {"key": f"c{number}", "max": "4", "step": "0.25", "weight": draw(WEIGHTS)}
            for number in range(draw(st.integers(1, 2)))
        ],
        "panel": {
            "average": draw(st.sampled_from(("mean", "median", "tolerance"))),
            "tolerance": draw(st.sampled_from(("0", "0.5", "1"))),
            "drop_high": draw(st.integers(0, 2)),
            "drop_low": draw(st.integers(0, 1)),
            "drop_needs": draw(st.integers(1, 4)),
            "of": draw(st.sampled_from(("criterion", "total"))),
        },
        "rounding": {name: draw(PLACES) for name in ("panel", "weighted", "round")},
    }
    if draw(st.booleans()):
        stands = draw(st.sampled_from(("third", "closest_two", "median")))
        made["third_marker"] = {"gap": draw(st.sampled_from(("1", "2"))), "stands": stands}
    return made


@st.composite
def rules(draw: st.DrawFn) -> Raw:
    """Rules with one or two rounds."""
    made = [draw(rounds(f"r{number}")) for number in range(draw(st.integers(1, 2)))]
    names = [*TIEBREAKS, *(f"round:{item['key']}" for item in made)]
    names += [f"criterion:{item['key']}/{each['key']}" for item in made for each in item["criteria"]]
    least = st.sampled_from((None, "1", "2.5"))
    return {
        "number": draw(st.integers(1, 9)),
        "rounds": made,
        "total": {"combine": draw(st.sampled_from(("sum", "last", "best"))), "rounding": draw(PLACES)},
        "tiebreaks": draw(st.lists(st.sampled_from(names), unique=True, max_size=4)),
        "advance": draw(st.none() | st.fixed_dictionaries({"count": st.integers(0, 3), "min_total": least})),
        "prizes": [
            {"key": f"p{number}", "name": "Giải", "count": draw(st.integers(0, 2)), "min_total": draw(least)}
            for number in range(draw(st.integers(0, 2)))
        ],
    }


@st.composite
def sheets(
    draw: st.DrawFn, judges: int, criteria: int, before: list[list[str | None]] | None
) -> list[list[str | None]]:
    """One entry's marks, by judge and criterion; often those of the entry before in another order, which makes ties."""
    if before is not None and draw(st.booleans()):
        return draw(st.permutations(before))
    values = draw(st.sampled_from((POINTS, st.sampled_from(("0", "2", "4")))))
    missing = draw(st.sampled_from((0, 0, 0, 4, 10)))  # of ten marks
    judge = st.lists(values, min_size=criteria, max_size=criteria)
    full = draw(st.lists(judge, min_size=judges, max_size=judges))
    if not missing:
        return [list(sheet) for sheet in full]
    return [[None if draw(st.integers(1, 10)) <= missing else value for value in sheet] for sheet in full]


@st.composite
def bundles(draw: st.DrawFn) -> Raw:
    """A whole bundle of up to five entries and four judges."""
    made = draw(rules())
    judges = [{"key": f"J{number}", "head": draw(st.booleans())} for number in range(1, draw(st.integers(1, 4)) + 1)]
    keys = [item["key"] for item in made["rounds"]]
    pools = draw(st.sampled_from(((None,), (None, "xã"))))
    entries, marks, adjustments = [], [], []
    before: dict[str, list[list[str | None]]] = {}
    for number in range(draw(st.integers(0, 5))):
        own = keys if draw(st.integers(0, 2)) else keys[: draw(st.integers(0, 2))]
        measures = draw(st.dictionaries(st.sampled_from(("seconds", "length")), POINTS, max_size=2))
        entry = {"key": f"E{number}", "lot": draw(st.integers(0, 5)), "measures": measures, "rounds": own}
        entries.append(entry | {"pool": draw(st.sampled_from(pools)), "withdrawn": draw(st.integers(0, 5)) == 0})
        for item in (item for item in made["rounds"] if item["key"] in own):
            where = {"round": item["key"], "entry": entry["key"]}
            if draw(st.integers(0, 3)) == 0:
                adjustments.append({**where, "points": draw(st.sampled_from(("-1", "-0.5", "0.125")))})
            found = draw(sheets(len(judges), len(item["criteria"]), before.get(item["key"])))
            before[item["key"]] = found
            marks += [
                {**where, "judge": judge["key"], "criterion": criterion["key"], "value": value}
                for judge, sheet in zip(judges, found, strict=True)
                for criterion, value in zip(item["criteria"], sheet, strict=True)
                if value is not None or draw(st.booleans())
            ]
    return {
        "format": "contest-tabulation/1",
        "rules": made,
        "judges": judges,
        "entries": entries,
        "marks": marks,
        "adjustments": adjustments,
    }
