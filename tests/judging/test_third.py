"""Two judges far apart: a third gets the entry by itself, and the first two do not learn of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.accounts.models import Account
from contest.db import db
from contest.judging import actions, panel_actions
from contest.judging.models import Assignment
from contest.judging.queries import blockers
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES
from tests.judging.conftest import FULL, Hall, save

LOW = {**FULL, "noi-dung": "32.5"}  # 20 below FULL, which is the rule's gap


@pytest.fixture
def far_rules() -> Any:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["third_marker"] = {"gap": "20", "stands": "third"}
    return rules


@pytest.fixture
def hall_of_three(make_hall: Any, make_account: Any, far_rules: Any) -> Any:
    """(a hall whose entries have J1 and J2, further judges by number)."""

    def make(entries: int = 1, spare: int = 1) -> Hall:
        hall = make_hall(rules=far_rules, entries=entries)
        for number in range(3, 3 + spare):
            judge = make_account(f"Giám khảo {number}", Role.JUDGE, contest=hall.contest)
            hall.members.append(
                panel_actions.add_member(
                    hall.contest.rounds[0], judge, is_head=False, max_entries=None, actor=hall.judge(1), now=NOW
                )
            )
        db.session.commit()
        return hall

    return make


def thirds(hall: Hall) -> list[tuple[str, str, str]]:
    """(entry, judge, state) of every sheet given for being far apart."""
    db.session.expire_all()
    rows = db.session.query(Assignment).filter_by(reason="third_marker").order_by(Assignment.id)
    return [(row.round_entry.code, row.panel_member.key, row.state) for row in rows]


def both(hall: Hall, second: dict[str, str], entry: int = 0) -> None:
    save(hall.sheets[entry][0], hall.judge(1), "sent")
    save(hall.sheets[entry][1], hall.judge(2), "sent", marks=second)
    db.session.commit()


def correct(hall: Hall, marks: dict[str, str]) -> None:
    """The second judge corrects the sheet that was sent."""
    db.session.refresh(hall.sheet)
    save(hall.sheet, hall.judge(2), "correction", marks=marks, reason="Đọc lại.", based_on=hall.sheet.version_uuid)
    db.session.commit()


def test_the_third_judge_gets_the_entry_with_the_second_sheet(hall_of_three: Any) -> None:
    hall = hall_of_three()
    save(hall.sheets[0][0], hall.judge(1), "sent")
    db.session.commit()
    assert thirds(hall) == []
    save(hall.sheets[0][1], hall.judge(2), "sent", marks=LOW)
    db.session.commit()

    assert thirds(hall) == [("0417", "J3", "empty")]
    assert [item.code for item in blockers(hall.contest.rounds[0])] == ["missing_sheets", "round_open"]


def test_a_hair_less_than_the_gap_is_no_gap(hall_of_three: Any) -> None:
    hall = hall_of_three()
    both(hall, {**FULL, "noi-dung": "33"})
    assert thirds(hall) == []


def test_a_draft_far_away_is_no_sheet_yet(hall_of_three: Any) -> None:
    hall = hall_of_three()
    save(hall.sheets[0][0], hall.judge(1), "sent")
    save(hall.sheets[0][1], hall.judge(2), marks=LOW)
    db.session.commit()
    assert thirds(hall) == []


def test_a_correction_that_opens_the_gap_asks_for_a_third_once(hall_of_three: Any) -> None:
    hall = hall_of_three(spare=2)
    both(hall, FULL)
    for value in ("32.5", "32", "31"):
        correct(hall, {**FULL, "noi-dung": value})

    assert thirds(hall) == [("0417", "J3", "empty")]


def test_a_third_who_steps_back_is_replaced(hall_of_three: Any) -> None:
    hall = hall_of_three(spare=2)
    both(hall, LOW)
    given = db.session.query(Assignment).filter_by(reason="third_marker").one()
    judge: Account = given.panel_member.account
    actions.recuse(given, hall.contest, reason="Nhận ra tác giả.", account=judge, now=NOW)
    db.session.commit()

    assert thirds(hall) == [("0417", "J3", "recused"), ("0417", "J4", "empty")]


def test_the_load_is_spread_over_who_is_free(hall_of_three: Any) -> None:
    hall = hall_of_three(entries=4, spare=2)
    for entry in range(4):
        both(hall, LOW, entry)

    assert sorted(judge for _entry, judge, _state in thirds(hall)) == ["J3", "J3", "J4", "J4"]


def test_where_nobody_is_free_the_sheet_is_stored_all_the_same(hall_of_three: Any) -> None:
    hall = hall_of_three(spare=0)
    both(hall, LOW)

    assert thirds(hall) == []
    assert hall.sheets[0][1].state == "sent"
    assert "third_marker" in [item.code for item in blockers(hall.contest.rounds[0])]


def test_the_first_two_do_not_learn_of_it(hall_of_three: Any, sign_in: Any) -> None:
    hall = hall_of_three()
    client = sign_in(hall.judge(2))
    save(hall.sheets[0][0], hall.judge(1), "sent")
    save(hall.sheets[0][1], hall.judge(2), "sent", marks={**FULL, "noi-dung": "33"})
    db.session.commit()
    path = f"/cham/{hall.sheet.public_id}"
    near = client.get(path).text
    correct(hall, LOW)
    far = client.get(path).text

    assert len(thirds(hall)) == 1
    for text in (near, far, client.get("/cham").text):
        assert "thứ ba" not in text and "J3" not in text and "Giám khảo 3" not in text


def test_the_head_judge_who_may_have_read_both_sheets_is_the_last_to_be_third(hall_of_three: Any) -> None:
    hall = hall_of_three(entries=2, spare=2)
    hall.members[0].is_head, hall.members[2].is_head = False, True
    hall.members[3].max_entries = 1
    db.session.commit()

    both(hall, LOW)
    both(hall, LOW, entry=1)

    assert [judge for _code, judge, _state in thirds(hall)] == ["J4", "J3"]
