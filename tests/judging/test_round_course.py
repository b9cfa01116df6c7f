"""The course of a round: opened with full panels, closed when nothing is open, confirmed; third judges."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.audit import AuditEvent
from contest.contests.models import RuleSet
from contest.db import db
from contest.judging import panel_actions, panel_queries
from contest.judging.actions import recuse
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.queries import blockers
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES
from tests.judging.conftest import FULL, Hall, assign_all, save


def test_a_round_opens_only_with_full_panels_and_a_head_and_freezes_the_rules(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(3, 2)
    members[0].is_head = False
    db.session.commit()

    with pytest.raises(Blocked) as refusal:
        panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    assert [(item.code, item.facts.get("count")) for item in refusal.value.blockers] == [
        ("no_head_judge", None),
        ("short_panels", 3),
    ]

    members[0].is_head = True
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    db.session.commit()

    assert (round_.state, round_.opened_at) == ("open", NOW)
    assert db.session.query(RuleSet).one().frozen_at == NOW


def finish(hall: Hall) -> None:
    for row in hall.sheets:
        for sheet, member in zip(row, hall.members, strict=True):
            save(sheet, member.account, "sent")
    db.session.commit()


def test_a_round_closes_when_nothing_is_open_and_the_head_judge_confirms(make_hall: Any) -> None:
    hall = make_hall(entries=2)
    round_, head = hall.contest.rounds[0], hall.judge(1)
    with pytest.raises(Blocked) as refusal:
        panel_actions.close_round(hall.contest, round_, actor=head, now=NOW)
    assert [(item.code, item.facts) for item in refusal.value.blockers] == [
        ("missing_sheets", {"count": 4, "codes": ["0417", "0418"]})
    ]
    with pytest.raises(NotPossible):
        panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)

    finish(hall)
    assert [item.code for item in blockers(round_)] == ["round_open"]
    panel_actions.close_round(hall.contest, round_, actor=head, now=NOW)
    assert [item.code for item in blockers(round_)] == ["round_not_confirmed"]
    panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)
    panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)
    db.session.commit()

    assert blockers(round_) == []
    assert (round_.state, round_.confirmed_by_id) == ("confirmed", head.id)
    with pytest.raises(NotPossible):
        panel_actions.reopen_round(hall.contest, round_, reason=" ", actor=head, now=NOW)
    panel_actions.reopen_round(hall.contest, round_, reason="Khiếu nại của tác giả", actor=head, now=NOW)
    assert (round_.state, round_.confirmed_at) == ("open", None)


def test_a_locked_round_offers_no_reopening_that_would_be_refused(
    make_hall: Any, make_account: Any, sign_in: Any
) -> None:  # fmt: skip
    hall = make_hall(entries=1)
    round_ = hall.contest.rounds[0]
    tally = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    round_.state = "confirmed"
    db.session.commit()
    board = f"/cuoc-thi/{hall.contest.slug}/vong/{round_.key}/tien-do"
    assert "Mở lại vòng chấm" in tally.get(board).text

    round_.locked_at = NOW
    db.session.commit()

    assert "Mở lại vòng chấm" not in tally.get(board).text


def test_what_blocks_a_round_is_counted_with_its_codes(make_hall: Any) -> None:
    hall = make_hall(entries=4)
    one, two, three, four = (row[1] for row in hall.sheets)
    finish(hall)
    one.state, two.has_conflict = "asked_again", True
    recuse(three, hall.contest, reason="x", account=hall.judge(2), now=NOW)
    four.round_entry.withdrawn_at = NOW
    db.session.commit()

    assert [(item.code, item.facts) for item in blockers(hall.contest.rounds[0])] == [
        ("short_panels", {"count": 1, "codes": ["0419"]}),
        ("device_conflicts", {"count": 1, "codes": ["0418"]}),
        ("asked_again", {"count": 1, "codes": ["0417"]}),
        ("round_open", {}),
    ]


@pytest.fixture
def third_rules() -> Any:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["third_marker"] = {"gap": "20", "stands": "third"}
    return rules


@pytest.mark.parametrize(("other", "wanted"), (("33", False), ("32.5", True), ("0", True)))
def test_two_judges_a_gap_apart_need_a_third(
    make_hall: Any, make_account: Any, third_rules: Any, other: str, wanted: bool
) -> None:
    hall = make_hall(rules=third_rules)
    save(hall.sheets[0][0], hall.judge(1), "sent", marks=FULL)
    save(hall.sheets[0][1], hall.judge(2), "sent", marks={**FULL, "noi-dung": other})
    round_ = hall.contest.rounds[0]
    db.session.commit()
    found = {item.code: item.facts for item in blockers(round_)}

    assert ("third_marker" in found) is wanted
    if not wanted:
        return
    assert found["third_marker"] == {"count": 1, "codes": ["0417"]}
    part = panel_queries.parts_of(round_)[0]
    with pytest.raises(NotPossible) as refusal:
        panel_actions.assign_third(hall.contest, round_, part, actor=hall.judge(1), now=NOW)
    assert refusal.value.code == "no_third_judge"
    extra = make_account("Giám khảo 3", Role.JUDGE, contest=hall.contest)
    panel_actions.add_member(round_, extra, is_head=False, max_entries=None, actor=hall.judge(1), now=NOW)
    sheet = panel_actions.assign_third(hall.contest, round_, part, actor=hall.judge(1), now=NOW)
    db.session.commit()

    assert (sheet.reason, sheet.panel_member.key) == ("third_marker", "J3")
    assert [item.code for item in blockers(round_)] == ["missing_sheets", "round_open"]


def test_who_left_and_is_taken_up_again_is_in_the_trail(waiting: Any) -> None:
    _contest, round_, members, secretary = waiting(6, 3)
    panel_actions.leave(members[2], reason="Đi công tác", actor=secretary, now=NOW)

    again = panel_actions.add_member(
        round_, members[2].account, is_head=False, max_entries=None, actor=secretary, now=NOW
    )  # fmt: skip
    db.session.commit()

    event = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert (again.left_at, event and event.action) == (None, "judging.rejoin")
    assert event is not None and event.details == {"judge": again.key, "account": again.account_id}
