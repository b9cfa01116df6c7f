"""What a head judge is asked to look at, on either side of each threshold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.bundles import Raw, a_round, one_round
from tests.rules.test_agreement import round_of

WORTH = (50, 58, 61, 64, 66, 70, 72, 75, 79, 84, 86, 90)


def contest(*columns: list[int | None], highest: str | None = "100") -> Raw:
    """A column of marks a judge."""
    table = {
        f"E{place:02}": " ".join("-" if mark is None else str(mark) for mark in row)
        for place, row in enumerate(zip(*columns, strict=True))
    }
    return one_round(table, a_round(max=highest))


def flagged(raw: Raw, *codes: str) -> list[dict[str, Any]]:
    """The flags with these codes."""
    return [flag for flag in round_of(raw)["flags"] if flag["code"] in codes]


def shifted(by: int) -> list[int | None]:
    """The worth of the entries and something more."""
    return [mark + by for mark in WORTH]


def test_a_sound_panel_is_left_in_peace() -> None:
    assert round_of(contest(shifted(0), shifted(2), shifted(-3), shifted(1)))["flags"] == []


@pytest.mark.parametrize(("by", "code"), ((-5, "severe"), (5, "lenient"), (-4, None), (4, None)))
def test_a_judge_more_severe_than_the_rest(by: int, code: str | None) -> None:
    """From 5 of 100 points on."""
    found = flagged(contest(shifted(0), shifted(1), shifted(-1), shifted(by)), "severe", "lenient")

    assert [(flag["code"], flag["judge"]) for flag in found] == ([(code, "J4")] if code else [])


def test_somebody_is_always_the_most_severe() -> None:
    """J4 is 11 points under the middle of the others, but these stand 3 to 10 from it themselves."""
    assert flagged(contest(shifted(0), shifted(7), shifted(-7), shifted(-11)), "severe", "lenient") == []


def test_severity_is_judged_from_five_entries_on() -> None:
    def few(entries: int) -> Raw:
        return contest(*([*column[:entries]] for column in (shifted(0), shifted(0), shifted(-9))))

    assert flagged(few(4), "severe") == []
    assert [flag["judge"] for flag in flagged(few(5), "severe")] == ["J3"]


def test_of_two_judges_nobody_knows_which() -> None:
    found = round_of(contest(shifted(0), shifted(-6)))["flags"]

    assert found == [{"code": "judges_differ", "judges": ["J1", "J2"], "difference": "6.000"}]
    assert round_of(contest(shifted(0), shifted(-4)))["flags"] == []
    assert round_of(contest(shifted(0)[:4], shifted(-6)[:4]))["flags"] == []


def test_a_judge_who_ranks_the_other_way() -> None:
    found = flagged(contest(shifted(0), shifted(1), list(WORTH[::-1])), "against_panel", "apart_from_panel")

    assert [(flag["code"], flag["judge"], flag["entries"]) for flag in found] == [("against_panel", "J3", 12)]
    assert found[0]["correlation"].startswith("-0.9")


def test_ranking_the_other_way_is_seen_from_six_entries_on() -> None:
    def few(entries: int) -> Raw:
        return contest(shifted(0)[:entries], shifted(1)[:entries], shifted(0)[:entries][::-1])

    assert flagged(few(5), "against_panel") == []
    assert [flag["judge"] for flag in flagged(few(6), "against_panel")] == ["J3"]


def test_a_judge_who_ranks_by_something_else() -> None:
    """On 24 entries; half of them, 12, are too few to say so."""
    worth = [50 + place for place in range(24)]
    other = [60 + 3 * (place % 2) for place in range(24)]

    assert [flag["judge"] for flag in flagged(contest(worth, worth, other), "apart_from_panel")] == ["J3"]
    assert flagged(contest(worth[:12], worth[:12], other[:12]), "apart_from_panel") == []


def test_a_judge_with_equal_marks() -> None:
    found = flagged(contest(shifted(0), shifted(1), [70] * 12), "no_spread", "narrow")

    assert found == [{"code": "no_spread", "judge": "J3", "entries": 12}]


def test_equal_marks_are_no_question_where_all_gave_them() -> None:
    assert flagged(contest([70] * 12, [71] * 12, [72] * 12), "no_spread", "narrow") == []


@pytest.mark.parametrize(("part", "judges"), ((5, ["J3"]), (3, [])))
def test_a_judge_whose_marks_decide_nothing(part: int, judges: list[str]) -> None:
    found = flagged(contest(shifted(0), shifted(1), [70 + (mark - 70) // part for mark in WORTH]), "narrow")

    assert [flag["judge"] for flag in found] == judges


@pytest.mark.parametrize(("entries", "pairs"), ((8, [["J1", "J2"]]), (7, [])))
def test_two_judges_with_the_same_marks(entries: int, pairs: list[list[str]]) -> None:
    marks = contest(shifted(0)[:entries], shifted(0)[:entries], [mark + mark % 3 for mark in WORTH[:entries]])

    assert [flag["judges"] for flag in flagged(marks, "same_marks")] == pairs


def test_equal_marks_for_all_are_not_called_the_same_marks() -> None:
    assert flagged(contest([70] * 12, [70] * 12, shifted(0)), "same_marks") == []


@pytest.mark.parametrize(("apart", "found"), ((-20, True), (20, True), (19, False), (-19, False)))
def test_a_mark_far_from_the_others(apart: int, found: bool) -> None:
    third = shifted(0)
    third[3] = WORTH[3] + apart

    flags = flagged(contest(shifted(0), shifted(0), third), "far_mark")

    expected = {"code": "far_mark", "entry": "E03", "judge": "J3", "difference": f"{apart}.000"}
    assert flags == ([expected] if found else [])


def test_one_severe_judge_is_one_question() -> None:
    """25 points under the rest everywhere; and on one entry as high as they are, which is unusual but not far."""
    severe = shifted(-25)
    severe[2] = WORTH[2]

    found = flagged(contest(shifted(0), shifted(0), shifted(1), severe), "severe", "far_mark")

    assert [(flag["code"], flag["judge"]) for flag in found] == [("severe", "J4")]


def test_before_severity_is_known_every_far_mark_is_a_question() -> None:
    columns = (column[:4] for column in (shifted(0), shifted(0), shifted(-25)))

    assert [flag["entry"] for flag in flagged(contest(*columns), "far_mark")] == ["E00", "E01", "E02", "E03"]


def test_two_marks_far_apart() -> None:
    first, second = shifted(0), shifted(0)
    second[2] = WORTH[2] - 20

    assert flagged(contest(first, second), "marks_apart", "far_mark") == [
        {"code": "marks_apart", "entry": "E02", "judges": ["J2", "J1"], "difference": "20.000"}
    ]


def test_without_a_maximum_no_mark_is_far() -> None:
    first, second = shifted(0), shifted(0)
    second[2] = WORTH[2] - 40

    assert flagged(contest(first, second, highest=None), "marks_apart", "far_mark") == []


def test_a_panel_that_does_not_agree() -> None:
    columns = ([*WORTH], [*WORTH[6:], *WORTH[:6]], [*WORTH[3:], *WORTH[:3]])

    low = flagged(contest(*columns), "low_agreement")

    assert [(flag["code"], flag["value"]) for flag in low] == [
        ("low_agreement", round_of(contest(*columns))["icc"]["3,k"])
    ]
    assert flagged(contest(*(column[:9] for column in columns)), "low_agreement") == []
