"""The thinnest link between two parts of the judges, against every way to part them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.severity_links import thinnest_link

Rows = dict[str, dict[str, int]]


def rows(*lines: str) -> Rows:
    """A line an entry, a letter a judge; "AB 3" are three such entries."""
    found: Rows = {}
    for line in lines:
        judges, _, times = line.partition(" ")
        for _copy in range(int(times or 1)):
            found[f"E{len(found)}"] = dict.fromkeys(judges, 0)
    return found


@pytest.mark.parametrize(
    ("given_rows", "links", "part"),
    (
        (rows("AB 4"), 4, ("A",)),
        (rows("AB 9", "BC 2"), 2, ("C",)),
        (rows("AB 9", "BC 1", "CD 9"), 1, ("A", "B")),  # of two parts as large, the first
        (rows("AB 9", "BC 1", "CDE 9"), 1, ("A", "B")),
        (rows("ABC 5", "A 7"), 5, ("A",)),  # an entry counts once, however many sit on either side
        (rows("AB 3", "C 2"), 0, ("C",)),
    ),
)
def test_the_thinnest_link(given_rows: Rows, links: int, part: tuple[str, ...]) -> None:
    assert thinnest_link(given_rows) == (links, part)


@settings(deadline=None)
@given(st.lists(st.sets(st.sampled_from("ABCDEF"), min_size=1, max_size=4), min_size=1, max_size=14))
def test_no_way_to_part_the_judges_is_linked_by_fewer(entries: list[set[str]]) -> None:
    found = {f"E{number}": dict.fromkeys(sorted(row), 0) for number, row in enumerate(entries)}
    judges = sorted(set().union(*entries))
    if len(judges) < 2:
        with pytest.raises(ValueError, match="one judge"):
            thinnest_link(found)
        return

    links, part = thinnest_link(found)

    ways = {
        side: sum(bool(row & set(side)) and bool(row - set(side)) for row in entries)
        for size in range(1, len(judges) // 2 + 1)
        for side in combinations(judges, size)
    }
    assert links == min(ways.values())
    assert ways[part] == links
