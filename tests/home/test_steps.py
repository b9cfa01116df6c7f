"""Where a contest stands, and whose turn it is: a table of states."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contest.home import steps
from contest.home.queries import Figures, RoundFigures
from contest.rules.permissions import ALLOWED, Role
from tests.fixtures.makers import NOW

OPEN = {"closes_at": NOW + timedelta(days=9)}
OVER = {"closes_at": NOW - timedelta(days=1)}
SHEETS = {"entries": 5, "judges": 2, "sheets": 10}


@pytest.mark.parametrize(
    ("columns", "round_state", "figures", "its", "now_at", "turns"),
    [
        ({"state": "draft"}, "waiting", {}, {}, "announced", {Role.ORGANISER: "contests.setup"}),
        (OPEN, "waiting", {}, {}, "receiving", {Role.INTAKE_SECRETARY: "entries.intake", Role.JUDGE: None}),
        (OPEN, "waiting", {"submitted": 3, "pending": 2}, {}, "receiving screening",
         {Role.INTAKE_SECRETARY: "entries.intake", Role.ORGANISER: None}),
        (OVER, "waiting", {"submitted": 3, "pending": 2}, {}, "screening", {Role.INTAKE_SECRETARY: "entries.intake"}),
        (OVER, "waiting", {"submitted": 3, "valid": 3}, {}, "codes", {Role.INTAKE_SECRETARY: "entries.codes"}),
        (OVER, "waiting", {"submitted": 5, "valid": 5}, {"entries": 5}, "round:so-khao",
         {Role.TALLY_SECRETARY: "judging.panel", Role.ORGANISER: "judging.panel", Role.JUDGE: None}),
        (OVER, "open", {"submitted": 5, "valid": 5}, {**SHEETS, "sent": 3}, "round:so-khao",
         {Role.JUDGE: "judging.mine", Role.HEAD_JUDGE: "judging.mine", Role.TALLY_SECRETARY: "judging.board"}),
        (OVER, "open", {"submitted": 5, "valid": 5}, {**SHEETS, "sent": 10}, "round:so-khao",
         {Role.JUDGE: None, Role.TALLY_SECRETARY: "judging.board"}),
        (OVER, "closed", {"submitted": 5, "valid": 5}, {**SHEETS, "sent": 10}, "round:so-khao",
         {Role.JUDGE: None, Role.HEAD_JUDGE: "judging.board", Role.TALLY_SECRETARY: None, Role.ORGANISER: None}),
        (OVER, "confirmed", {"submitted": 5, "valid": 5}, {**SHEETS, "sent": 10}, "round:so-khao",
         {Role.TALLY_SECRETARY: "results.round", Role.HEAD_JUDGE: None}),
        (OVER, "confirmed", {"submitted": 5, "is_locked": True}, {**SHEETS, "is_locked": True}, "unblinding",
         {Role.CODE_KEEPER: "entries.unblinding", Role.ORGANISER: None, Role.JUDGE: None}),
        (OVER, "confirmed", {"submitted": 5, "is_locked": True, "is_unblinding_asked": True},
         {**SHEETS, "is_locked": True}, "unblinding",
         {Role.CODE_KEEPER: None, Role.ORGANISER: "entries.unblinding", Role.JUDGE: None}),
        (OVER, "confirmed", {"submitted": 5, "is_unblinded": True}, {**SHEETS, "is_locked": True}, "prizes",
         {Role.ORGANISER: "results.prizes"}),
        (OVER, "confirmed", {"submitted": 5, "is_unblinded": True, "awards": 2}, {**SHEETS, "is_locked": True},
         "published", {Role.ORGANISER: "results.prizes", Role.TALLY_SECRETARY: None}),
        ({**OVER, "results_published_at": NOW}, "confirmed", {"submitted": 5, "is_unblinded": True, "awards": 2},
         {**SHEETS, "is_locked": True}, "awarded", {Role.TALLY_SECRETARY: "results.certificates"}),
        ({**OVER, "results_published_at": NOW}, "confirmed",
         {"submitted": 5, "is_unblinded": True, "awards": 2, "certificates": 2}, {**SHEETS, "is_locked": True}, "", {}),
    ],
)  # fmt: skip
def test_whose_turn_it_is(
    make_contest: Any, columns: Any, round_state: str, figures: Any, its: Any, now_at: str, turns: Any
) -> None:
    contest = make_contest(**columns)
    contest.rounds[0].state = round_state
    counted = Figures(rounds={contest.rounds[0].id: RoundFigures(**its)}, **figures)

    here = [step.key for step in steps.steps_of(contest, counted, now=NOW) if step.state == "now"]
    tasks = steps.tasks_of(contest, counted, now=NOW)

    assert " ".join(here) == now_at
    for role, endpoint in turns.items():
        task = steps.first_for(tasks, ALLOWED[role])
        assert (task.endpoint if task else None) == endpoint, role


@pytest.mark.parametrize(
    ("state", "its", "role", "text"),
    [
        ("waiting", {"entries": 5}, Role.TALLY_SECRETARY, "Lập Ban Giám khảo sơ khảo"),
        ("waiting", {"entries": 5, "judges": 2}, Role.TALLY_SECRETARY, "Phân công giám khảo sơ khảo"),
        ("waiting", SHEETS, Role.TALLY_SECRETARY, "Mở vòng sơ khảo"),
        ("open", {**SHEETS, "sent": 9}, Role.TALLY_SECRETARY, "Xem tiến độ sơ khảo"),
        ("open", {**SHEETS, "sent": 10}, Role.TALLY_SECRETARY, "Đóng vòng chấm sơ khảo"),
        ("open", {**SHEETS, "sent": 10}, Role.HEAD_JUDGE, "Xem tiến độ sơ khảo"),  # confirms only what is closed
        ("closed", {**SHEETS, "sent": 10}, Role.HEAD_JUDGE, "Xác nhận sơ khảo"),
    ],
)  # fmt: skip
def test_the_next_step_of_a_round_is_named_as_it_is(
    make_contest: Any, state: str, its: Any, role: Role, text: str
) -> None:
    contest = make_contest(**OVER)
    contest.rounds[0].state = state
    counted = Figures(submitted=5, valid=5, rounds={contest.rounds[0].id: RoundFigures(**its)})

    task = steps.first_for(steps.tasks_of(contest, counted, now=NOW), ALLOWED[role])

    assert task is not None and task.text == text


def test_a_second_round_waits_for_the_first_to_send_its_best(make_contest: Any) -> None:
    rules = _two_rounds()
    contest = make_contest(rules=rules, **OVER)
    first, second = contest.rounds
    first.state = "confirmed"
    counted = Figures(
        submitted=5, rounds={first.id: RoundFigures(entries=5, is_locked=True), second.id: RoundFigures()}
    )

    task = steps.first_for(steps.tasks_of(contest, counted, now=NOW), ALLOWED[Role.TALLY_SECRETARY])

    assert task is not None and (task.endpoint, task.round_key, task.text) == (
        "results.round", "so-khao", "Đưa bài vào chung khảo",
    )  # fmt: skip


def _two_rounds() -> Any:
    from tests.fixtures.makers import RULES

    final = {**RULES["rounds"][0], "key": "chung-khao", "name": "Chung khảo", "advance": None}
    return {**RULES, "rounds": [RULES["rounds"][0], final]}
