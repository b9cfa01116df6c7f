"""The panel: automatic assignment with its conflicts, changes by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import panel_actions, panel_queries
from contest.judging.models import Assignment, DeclaredConflict, PanelMember, SheetVersion
from contest.judging.panel_actions import NotPossible
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import Hall, assign_all, pairs, save


def test_every_entry_gets_its_judges_with_even_loads(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting(6, 3)

    assert assign_all(contest, round_, secretary) == 12

    assert Counter(key for _code, key in pairs(round_)) == {"J1": 4, "J2": 4, "J3": 4}
    assert Counter(code for code, _key in pairs(round_)) == {f"{500 + n:04d}": 2 for n in range(6)}
    assert len({row.position for row in db.session.query(Assignment)}) > 6  # no common order of reading


@pytest.mark.parametrize(
    "interest", ("account", "unit", "unit_above", "phone", "declared_unit", "declared_person", "declared_entry")
)
def test_nobody_judges_where_they_have_an_interest(waiting: Any, make_unit: Any, interest: str) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    judge, part = members[1], db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    province = make_unit("Huyện Na Hang")
    commune = make_unit("Xã Năng Khả", parent=province)
    entry = part.entry
    if interest == "account":
        entry.authors[0].account_id = judge.account_id
    elif interest == "phone":
        entry.authors[0].phone, judge.account.phone = "+84 912 345 678", "0912345678"
    elif interest.startswith("unit"):
        entry.unit_id, judge.account.unit_id = commune.id, (commune if interest == "unit" else province).id
    else:
        entry.unit_id = commune.id
        what = {
            "declared_unit": {"unit_id": province.id},
            "declared_person": {"person_name": "TÁC GIẢ 0"},
            "declared_entry": {"entry_id": entry.id},
        }[interest]
        db.session.add(
            DeclaredConflict(
                contest_id=contest.id, account_id=judge.account_id, declared_by_id=secretary.id, declared_at=NOW, **what
            )
        )
    db.session.commit()

    assign_all(contest, round_, secretary)

    assert ("0500", "J2") not in pairs(round_)
    assert {key for code, key in pairs(round_) if code == "0500"} == {"J1", "J3"}


def test_colleagues_of_the_organising_body_do_not_judge_each_other(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    organiser = contest.campaign.organiser
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    part.entry.unit_id = organiser.id
    for member in members[:1]:
        member.account.unit_id = organiser.id
    db.session.commit()

    assign_all(contest, round_, secretary)

    assert ("0500", "J1") not in pairs(round_)
    assert sum(key == "J1" for _code, key in pairs(round_)) == 4  # what lies below the organiser is not held against J1


def test_who_leaves_keeps_what_was_sent_and_frees_the_rest_for_a_top_up(waiting: Any, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    own = db.session.query(Assignment).filter_by(panel_member_id=members[1].id).order_by(Assignment.id).all()
    save(own[0], members[1].account, "sent")
    save(own[1], members[1].account)
    db.session.commit()
    before = pairs(round_)

    freed = panel_actions.leave(members[1], reason="Đi công tác", actor=secretary, now=NOW)
    db.session.commit()

    assert freed == len(own) - 1
    assert db.session.query(SheetVersion).count() == 2  # nothing of the ledger is touched
    kept = {pair for pair in before if pair[1] != "J2"} | {(own[0].round_entry.code, "J2")}
    assert pairs(round_) == kept
    assign_all(contest, round_, secretary)
    assert kept < pairs(round_)
    assert Counter(code for code, _key in pairs(round_)) == {f"{500 + n:04d}": 2 for n in range(6)}
    assert {
        row.reason
        for row in db.session.query(Assignment)
        if (row.round_entry.code, row.panel_member.key) not in kept and row.state != "recused"
    } == {"replacement"}


def test_a_sheet_is_moved_with_a_reason_and_never_into_a_conflict(hall: Hall, make_account: Any) -> None:
    third = make_account("Giám khảo 3", Role.JUDGE, contest=hall.contest)
    round_ = hall.contest.rounds[0]
    member = PanelMember(round_id=round_.id, account_id=third.id, key="J3")
    db.session.add(member)
    db.session.commit()
    save(hall.sheet, hall.judge(2))
    db.session.commit()
    part = panel_queries.parts_of(round_)[0]

    def move(to: PanelMember, reason: str = "Ốm") -> str:
        try:
            panel_actions.move(hall.contest, round_, part, hall.sheet, to, reason=reason, actor=third, now=NOW)
        except NotPossible as gap:
            db.session.rollback()
            return gap.code
        db.session.commit()
        return "moved"

    assert move(member, " ") == "reason_needed"
    assert move(hall.members[0]) == "already_there"
    hall.sheet.round_entry.entry.authors[0].account_id = third.id
    db.session.commit()
    assert move(member) == "conflict"
    hall.sheet.round_entry.entry.authors[0].account_id = None
    db.session.commit()
    assert move(member) == "moved"
    assert hall.sheet.state == "recused"
    assert pairs(round_) == {("0417", "J1"), ("0417", "J3")}
