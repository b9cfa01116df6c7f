"""Editing a rule set: what an edit makes meaningless goes with it, what has a key keeps it."""

from __future__ import annotations

import copy

from contest.contests import drafting
from contest.contests.templates_data import ONE_ROUND, TEMPLATES, TWO_ROUNDS
from contest.rules import rule_sets


def test_every_template_is_sound() -> None:
    assert [rule_sets.validate(template.body) for template in TEMPLATES] == [[] for _template in TEMPLATES]


def test_the_writing_template_is_as_such_contests_are() -> None:
    first = rule_sets.criteria_of(TWO_ROUNDS, "so-khao")

    assert (first[0].max, sum(item.max or 0 for item in first)) == (65, 100)
    assert rule_sets.round_of(TWO_ROUNDS, "so-khao")["third_marker"] == {"gap": "20", "stands": "third"}
    assert [prize["count"] for prize in TWO_ROUNDS["prizes"]] == [1, 2, 3, 5]


def test_a_new_round_is_judged_like_the_one_before_and_the_last_leads_nowhere() -> None:
    made = drafting.with_rounds(
        TWO_ROUNDS, [("so-khao", "Sơ khảo", "1"), ("chung-khao", "Chung khảo", "1"), ("", "Chung kết", "1")]
    )

    assert [item["key"] for item in made["rounds"]] == ["so-khao", "chung-khao", "chung-ket"]
    assert made["rounds"][2]["criteria"] == made["rounds"][1]["criteria"]
    assert made["rounds"][2]["tiebreaks"] == ["criterion:chung-ket/noi-dung", "judge:head"]
    assert made["rounds"][1]["advance"] == drafting.DEFAULT_ADVANCE
    assert rule_sets.validate(made) == []


def test_a_round_left_out_takes_its_tie_breaks_and_advancement_along() -> None:
    made = drafting.with_rounds(TWO_ROUNDS, [("so-khao", "Sơ khảo", "1")])

    assert made["rounds"][0]["advance"] is None
    assert made["tiebreaks"] == ["round:so-khao", "judge:head"]
    assert rule_sets.validate(made) == []


def test_a_criterion_left_out_takes_its_tie_breaks_along() -> None:
    item = copy.deepcopy(rule_sets.round_of(TWO_ROUNDS, "chung-khao"))
    item["criteria"] = item["criteria"][1:]

    made = drafting.with_round(TWO_ROUNDS, "chung-khao", item)

    assert made["rounds"][1]["tiebreaks"] == ["judge:head"]
    assert made["tiebreaks"] == ["criterion:chung-khao/sang-tao", "round:so-khao", "judge:head"]


def test_a_renamed_criterion_keeps_its_key_and_a_new_one_gets_a_free_one() -> None:
    made = drafting.keyed_criteria(
        [{"key": "noi-dung", "name": "Ý nghĩa"}, {"key": "", "name": "Nội dung"}, {"key": "", "name": "★"}]
    )

    assert [item["key"] for item in made] == ["noi-dung", "noi-dung-2", "tieu-chi"]


def test_an_edit_leaves_the_body_it_was_given_alone() -> None:
    before = copy.deepcopy(ONE_ROUND)

    drafting.with_rounds(ONE_ROUND, [("", "Khác", "1")])
    drafting.with_prizes(ONE_ROUND, [], [])
    drafting.with_total(ONE_ROUND, combine="sum", rounding=None, pools="category", tiebreaks=[])

    assert before == ONE_ROUND
