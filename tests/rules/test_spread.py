"""How far judges are apart: hand-counted tables, and what must hold for any sheets."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.rule_sets import Criterion, criteria_of, round_of
from contest.rules.spread import spread
from tests.fixtures.makers import RULES

ROUND = round_of(RULES, "so-khao")
SCALE = criteria_of(RULES, "so-khao")


def sheets(*totals: str) -> dict[str, dict[str, str | None]]:
    """Sheets that differ in "noi-dung" alone; the other criteria give 30."""
    return {
        f"J{at}": {"noi-dung": total, "hinh-thuc": "20", "sang-tao": "10"} for at, total in enumerate(totals, 1)
    }  # fmt: skip


def rules(**panel: Any) -> dict[str, Any]:
    body = copy.deepcopy(ROUND)
    body["panel"].update(panel)
    return body


@pytest.mark.parametrize(
    ("totals", "gap", "judge", "away", "moves"),
    (
        # Two: each is as far from the other; the first is named.
        ("40 20", 20, "J1", 20, -10),
        # 50, 50, 20: J3 is 30 below the mean of the others; without J3 the mean goes from 40 to 50.
        ("50 50 20", 30, "J3", -30, 10),
        ("30 30 30", 0, "J1", 0, 0),
        # 10, 20, 30, 60: J4 is 40 above 20; mean 30 becomes 20.
        ("10 20 30 60", 50, "J4", 40, -10),
    ),
)
def test_spread(totals: str, gap: int, judge: str, away: int, moves: int) -> None:
    found = spread(sheets(*totals.split()), SCALE, ROUND)

    assert found is not None
    assert (found.gap, found.judge, found.away) == (gap, judge, away)
    assert (found.moved_by, found.moves) == (judge, moves)
    assert (found.criterion.criterion, found.criterion.judge, found.criterion.away) == ("noi-dung", judge, away)


@pytest.mark.parametrize(
    ("panel", "moved_by", "moves"),
    (
        # 10, 20, 30, 60, 60: the middle is 30; without J1 it is 45, without J4 25: 15 is most.
        ({"average": "median"}, "J1", 15),
        # Highest and lowest dropped: 110/3. Without one, four are left, too few for drops: 42,5, 40, 37,5 and twice 30.
        ({"drop_high": 1, "drop_low": 1, "drop_needs": 5}, "J4", Fraction(30) - Fraction(110, 3)),
        # Within 25 of the mean 36 are 20, 30, 60, 60: 42,5. Without J4 the mean is 30, the other 60 is out: 20.
        ({"average": "tolerance", "tolerance": "25"}, "J4", Fraction(20) - Fraction(85, 2)),
    ),
)
@pytest.mark.parametrize("of", ("total", "criterion"))
def test_what_hangs_on_one_judge_goes_by_the_rules(panel: Any, moved_by: str, moves: Any, of: str) -> None:
    found = spread(sheets("10", "20", "30", "60", "60"), SCALE, rules(of=of, **panel))

    assert found is not None and (found.moved_by, found.moves) == (moved_by, moves)


@pytest.mark.parametrize("more", ({"third_marker": {"gap": "10", "stands": "third"}}, {"severity": "additive"}))
def test_where_the_average_is_not_all_nothing_is_said_of_it(more: Any) -> None:
    found = spread(sheets("40", "20"), SCALE, {**ROUND, **more})

    assert found is not None and (found.gap, found.moved_by, found.moves) == (20, None, None)


def test_what_is_not_whole_is_left_out_and_one_sheet_is_no_spread() -> None:
    torn = sheets("40", "20")
    torn["J2"]["sang-tao"] = None

    assert spread(torn, SCALE, ROUND) is None
    assert spread(sheets("40"), SCALE, ROUND) is None
    assert spread({}, SCALE, ROUND) is None


def test_the_criterion_is_the_one_with_the_greatest_share_of_its_scale() -> None:
    # 6 of 60 against 4 of 10.
    pair = {
        "J1": {"noi-dung": "40", "hinh-thuc": "20", "sang-tao": "9"},
        "J2": {"noi-dung": "46", "hinh-thuc": "20", "sang-tao": "5"},
    }

    found = spread(pair, SCALE, ROUND)

    assert found is not None and found.gap == 2
    assert (found.criterion.criterion, found.criterion.away, found.criterion.share) == ("sang-tao", 4, Fraction(2, 5))


def test_a_criterion_without_a_limit_is_compared_by_its_points() -> None:
    free = [Criterion(item.key, item.name, "", None, None, Decimal(1)) for item in SCALE]

    found = spread(sheets("40", "20"), free, ROUND)

    assert found is not None and (found.criterion.criterion, found.criterion.share) == ("noi-dung", None)


_marks = st.lists(st.integers(0, 120).map(lambda half: str(Decimal(half) / 2)), min_size=2, max_size=7)


@given(_marks, st.integers(1, 20))
def test_the_same_points_more_for_all_change_no_distance(marks: list[str], more: int) -> None:
    raised = [str(Decimal(mark) + more) for mark in marks]

    one, other = spread(sheets(*marks), SCALE, ROUND), spread(sheets(*raised), SCALE, ROUND)

    assert one is not None and other is not None
    assert (one.gap, one.away, one.moves) == (other.gap, other.away, other.moves)


@given(_marks)
def test_the_short_way_for_a_plain_mean_is_the_long_way(marks: list[str]) -> None:
    """No judge's absence moves the mean farther than the one named, counted one by one."""
    found = spread(sheets(*marks), SCALE, ROUND)
    values = [Fraction(mark) for mark in marks]
    moves = [
        Fraction(sum(values) - value, len(values) - 1) - Fraction(sum(values), len(values)) for value in values
    ]  # fmt: skip

    assert found is not None
    assert found.moves == moves[int(str(found.moved_by)[1:]) - 1]
    assert abs(found.moves) == max(abs(move) for move in moves)
