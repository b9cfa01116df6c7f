"""Plans of who marks what: what they add, what they never move, when they no longer hold."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from contest.accounts.models import RoleGrant
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import panel_actions, panel_queries, plan_actions, plan_queries
from contest.judging.models import Assignment, AssignmentPlan, DeclaredConflict, SheetVersion, Tablet
from contest.judging.panel_actions import NotPossible
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import assign_all, make_plan, pairs, planned, save, take_plan


def open_for_marks(contest: Any, round_: Any, secretary: Any) -> None:
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    db.session.commit()


def seat(contest: Any, round_: Any, account: Any, secretary: Any) -> Any:
    member = panel_actions.add_member(
        round_, account, is_head=False, max_entries=None, actor=secretary, now=NOW
    )  # fmt: skip
    db.session.commit()
    return member


def loads(round_: Any) -> dict[str, int]:
    return dict(Counter(key for _code, key in pairs(round_)))


def test_a_plan_assigns_nothing_before_it_is_taken(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting(6, 3)

    plan = make_plan(contest, round_, secretary)

    assert (plan.state, len(planned(plan, 3)), db.session.query(Assignment).count()) == ("ready", 12, 0)
    assert take_plan(contest, round_, secretary) == (12, 0)
    assert {(code, f"J{key[1:]}") for code, key in pairs(round_)} == {
        (code, panel_queries.members_of(round_)[judge - 1].key) for code, judge in _places(plan, round_)
    }


def _places(plan: Any, round_: Any) -> set[tuple[str, int]]:
    order = {member.id: place for place, member in enumerate(panel_queries.members_of(round_), 1)}
    return {(code, order[judge]) for code, judge in planned(plan, 3)}


def test_a_second_plan_adds_nothing(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting()
    assign_all(contest, round_, secretary)

    assert planned(make_plan(contest, round_, secretary), 3) == set()


def test_a_plan_is_taken_once(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting()
    assign_all(contest, round_, secretary)

    assert refusal(lambda: take_plan(contest, round_, secretary)).code == "plan_taken"
    assert len(pairs(round_)) == 12


def refusal(act: Any) -> NotPossible:
    with pytest.raises(NotPossible) as gap:
        act()
    db.session.rollback()
    return gap.value


def test_an_impossible_plan_names_who_cannot_be_served(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(3, 2)
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    part.entry.authors[0].account_id = members[1].account_id
    db.session.commit()

    plan = make_plan(contest, round_, secretary)

    assert plan.state == "refused"
    assert plan.body["problems"] == [{"code": "too_few_judges", "entry": "0500", "judges": 2, "free": 1}]
    assert refusal(lambda: take_plan(contest, round_, secretary)).code == "plan_replaced"


def change_entry(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    entry = make["make_entry"](contest, author="Người nộp muộn")
    db.session.add(RoundEntry(round_id=round_.id, entry_id=entry.id, code="0599", created_at=NOW))


def change_judge(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    members[2].left_at = NOW


def change_most(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    members[2].max_entries = 5


def change_role(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    db.session.query(RoleGrant).filter_by(account_id=members[2].account_id).one().revoked_at = NOW


def change_interest(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    db.session.add(
        DeclaredConflict(
            contest_id=contest.id, account_id=members[1].account_id, person_name="Tác giả 1",
            declared_by_id=members[1].account_id, declared_at=NOW,
        )
    )  # fmt: skip


def change_sheet(contest: Any, round_: Any, members: Any, make: dict[str, Any]) -> None:
    part = panel_queries.parts_of(round_)[0]
    panel_actions.assign_one(contest, round_, part, members[0], reason="assigned", actor=members[0].account, now=NOW)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (change_entry, "entries"), (change_judge, "judges"), (change_most, "judges"), (change_role, "judges"),
        (change_interest, "interests"), (change_sheet, "sheets"),
    ],
)  # fmt: skip
def test_a_plan_no_longer_holds_when_what_it_hangs_on_changed(
    waiting: Any, make_entry: Any, change: Any, kind: str
) -> None:
    contest, round_, members, secretary = waiting()
    make_plan(contest, round_, secretary)
    change(contest, round_, members, {"make_entry": make_entry})
    db.session.commit()
    before = pairs(round_)

    gap = refusal(lambda: take_plan(contest, round_, secretary))

    assert (gap.code, gap.facts) == ("inputs_changed", {"kinds": [kind]})
    assert pairs(round_) == before


def test_a_mark_meanwhile_does_not_spoil_a_plan_that_adds(waiting: Any, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    open_for_marks(contest, round_, secretary)
    panel_actions.leave(members[3], reason="Ốm", actor=secretary, now=NOW)
    make_plan(contest, round_, secretary)
    sheet = db.session.query(Assignment).filter_by(panel_member_id=members[1].id).first()
    save(sheet, members[1].account)
    db.session.commit()

    given, taken = take_plan(contest, round_, secretary)

    assert (given, taken) == (3, 0)


def test_what_a_judge_who_fell_ill_leaves_goes_round_evenly(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(12, 4)
    open_for_marks(contest, round_, secretary)
    before = pairs(round_)
    panel_actions.leave(members[3], reason="Ốm", actor=secretary, now=NOW)
    db.session.commit()

    assign_all(contest, round_, secretary)

    assert {pair for pair in before if pair[1] != "J4"} < pairs(round_)
    assert loads(round_) == {"J1": 8, "J2": 8, "J3": 8}


def test_a_sheet_given_back_does_not_return_to_the_same_judge(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting(6, 3)
    open_for_marks(contest, round_, secretary)
    sheet = db.session.query(Assignment).first()
    pair = (sheet.round_entry.code, sheet.panel_member.key)
    sheet.state, sheet.recused_at = "recused", NOW
    db.session.commit()

    assert assign_all(contest, round_, secretary) == 1

    assert pair not in pairs(round_)


def test_an_entry_that_comes_late_gets_the_judges_with_the_fewest(waiting: Any, make_entry: Any) -> None:
    contest, round_, members, secretary = waiting(7, 3)  # loads 5, 5, 4
    open_for_marks(contest, round_, secretary)
    before = pairs(round_)
    change_entry(contest, round_, members, {"make_entry": make_entry})
    db.session.commit()

    assert assign_all(contest, round_, secretary) == 2

    assert before < pairs(round_)
    assert max(loads(round_).values()) - min(loads(round_).values()) <= 1
    assert {row.reason for row in db.session.query(Assignment).join(RoundEntry).filter_by(code="0599")} == {"assigned"}


def test_who_lost_the_role_gets_nothing_new(waiting: Any, make_entry: Any) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    open_for_marks(contest, round_, secretary)
    change_role(contest, round_, members, {})
    change_entry(contest, round_, members, {"make_entry": make_entry})
    db.session.commit()

    plan = make_plan(contest, round_, secretary)

    assert len(planned(plan, 3)) == 2
    assert members[2].id not in {judge for _code, judge in planned(plan, 3)}


def test_a_judge_who_joins_late_shares_the_load_only_where_moving_is_allowed(waiting: Any, make_account: Any) -> None:
    contest, round_, _members, secretary = waiting(12, 3)
    open_for_marks(contest, round_, secretary)
    seat(contest, round_, make_account("Giám khảo mới", Role.JUDGE, contest=contest), secretary)
    marked = _mark_some(round_, 7, 3)

    assert assign_all(contest, round_, secretary) == 0
    plan = make_plan(contest, round_, secretary, Moving.EVEN)

    assert (len(planned(plan, 3)), len(planned(plan, 4))) == (6, 6)  # 24 sheets, four judges
    take_plan(contest, round_, secretary)
    assert loads(round_) == {"J1": 6, "J2": 6, "J3": 6, "J4": 6}
    assert marked <= pairs(round_)


def _mark_some(round_: Any, seed: int, count: int) -> set[tuple[str, str]]:
    rows = db.session.query(Assignment).filter_by(round_id=round_.id, state="empty").order_by(Assignment.id).all()
    chosen = random.Random(seed).sample(rows, count)
    for turn, sheet in enumerate(chosen):
        save(sheet, sheet.panel_member.account, "sent" if turn % 2 else "draft")
    db.session.commit()
    return {(sheet.round_entry.code, sheet.panel_member.key) for sheet in chosen}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("moving", (Moving.KEEP, Moving.EVEN))
def test_taking_a_plan_never_moves_a_sheet_with_marks(
    waiting: Any, make_entry: Any, make_account: Any, moving: Moving, seed: int
) -> None:
    rng = random.Random(seed)
    contest, round_, members, secretary = waiting(9, 5)
    open_for_marks(contest, round_, secretary)
    _mark_some(round_, seed, rng.randint(3, 12))
    if rng.random() < 0.5:
        panel_actions.leave(members[rng.randint(1, 4)], reason="Ốm", actor=secretary, now=NOW)
    if rng.random() < 0.7:
        change_entry(contest, round_, members, {"make_entry": make_entry})
    if rng.random() < 0.7:
        seat(contest, round_, make_account("Giám khảo mới", Role.JUDGE, contest=contest), secretary)
    db.session.commit()
    versions = {row.assignment_id for row in db.session.query(SheetVersion)}
    with_marks = {
        (row.id, row.round_entry_id, row.panel_member_id, row.state, row.version_uuid)
        for row in db.session.query(Assignment)
        if row.version_number
    }

    make_plan(contest, round_, secretary, moving)
    take_plan(contest, round_, secretary)

    db.session.expire_all()
    assert with_marks == {
        (row.id, row.round_entry_id, row.panel_member_id, row.state, row.version_uuid)
        for row in db.session.query(Assignment)
        if row.version_number
    }
    assert versions == {row[0] for row in with_marks}
    assert all(len(part.active) == 2 for part in panel_queries.parts_of(round_))


def test_a_sheet_begun_after_the_plan_is_not_moved(waiting: Any, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(12, 3)
    open_for_marks(contest, round_, secretary)
    seat(contest, round_, make_account("Giám khảo mới", Role.JUDGE, contest=contest), secretary)
    plan = make_plan(contest, round_, secretary, Moving.EVEN)
    code, judge = min(planned(plan, 4))
    sheet = db.session.query(Assignment).join(RoundEntry).filter_by(code=code)
    sheet = sheet.filter(Assignment.panel_member_id == judge).one()
    save(sheet, sheet.panel_member.account)
    db.session.commit()
    before = pairs(round_)

    gap = refusal(lambda: take_plan(contest, round_, secretary))

    assert (gap.code, gap.facts) == ("begun_meanwhile", {"codes": [code]})
    assert pairs(round_) == before


def test_sheets_stay_with_a_judge_whose_tablet_holds_marks(waiting: Any, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(12, 3)
    open_for_marks(contest, round_, secretary)
    seat(contest, round_, make_account("Giám khảo mới", Role.JUDGE, contest=contest), secretary)
    db.session.add(Tablet(device="m1", account_id=members[1].account_id, seen_at=NOW, unsent=2))
    db.session.commit()

    plan = make_plan(contest, round_, secretary, Moving.EVEN)

    assert planned(plan, 4)
    assert members[1].id not in {judge for _code, judge in planned(plan, 4)}


def test_an_empty_sheet_that_became_a_conflict_goes_to_another(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    open_for_marks(contest, round_, secretary)
    code = next(code for code, key in sorted(pairs(round_)) if key == "J2")
    change_interest_in(contest, round_, members[1], code)

    plan = make_plan(contest, round_, secretary)

    assert planned(plan, 4) == {(code, members[1].id)}
    assert take_plan(contest, round_, secretary) == (1, 1)
    assert (code, "J2") not in pairs(round_)


def change_interest_in(contest: Any, round_: Any, member: Any, code: str) -> None:
    entry_id = db.session.query(RoundEntry).filter_by(round_id=round_.id, code=code).one().entry_id
    db.session.add(
        DeclaredConflict(
            contest_id=contest.id, account_id=member.account_id, entry_id=entry_id,
            declared_by_id=member.account_id, declared_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()


def test_a_sheet_with_marks_that_became_a_conflict_stays_and_is_named(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    open_for_marks(contest, round_, secretary)
    sheet = db.session.query(Assignment).filter_by(panel_member_id=members[1].id).first()
    save(sheet, members[1].account)
    code = sheet.round_entry.code
    change_interest_in(contest, round_, members[1], code)

    plan = make_plan(contest, round_, secretary)

    assert (planned(plan, 4), plan.body["clashing"]) == (set(), [[code, "J2"]])


def test_starting_afresh_is_for_a_round_that_waits(waiting: Any, make_account: Any) -> None:
    contest, round_, _members, secretary = waiting(6, 3)
    assign_all(contest, round_, secretary)
    seat(contest, round_, make_account("Giám khảo mới", Role.JUDGE, contest=contest), secretary)

    make_plan(contest, round_, secretary, Moving.AFRESH)
    take_plan(contest, round_, secretary)

    assert loads(round_) == {"J1": 3, "J2": 3, "J3": 3, "J4": 3}
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    db.session.commit()
    assert refusal(lambda: make_plan(contest, round_, secretary, Moving.AFRESH)).code == "round_begun"


def test_no_plan_without_entries_or_judges_or_after_closing(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(0, 2)
    other, empty, _none, second = waiting(2, 0)

    assert refusal(lambda: make_plan(contest, round_, secretary)).code == "no_entries"
    assert refusal(lambda: make_plan(other, empty, second)).code == "no_judges"
    round_.state = "closed"
    db.session.commit()
    assert refusal(lambda: make_plan(contest, round_, secretary)).code == "round_closed"
    assert plan_queries.plan_of(round_) is None
    assert plan_actions.AT_ONCE > 300 * 12


def test_a_plan_that_is_being_taken_is_not_worked_out_anew(waiting: Any, monkeypatch: Any) -> None:
    """Else the new one would be told as taken, and nobody could take it."""
    contest, round_, _members, secretary = waiting()
    make_plan(contest, round_, secretary)
    # SQLite knows no locks of rows: whoever writes keeps everybody else from writing.
    locks_rows = db.engine.dialect.name == "postgresql"
    asked = select(AssignmentPlan.round_id).where(AssignmentPlan.round_id == round_.id).with_for_update(nowait=True)
    found: list[bool] = []
    read = plan_queries.facts_of

    def meanwhile(*those: Any) -> Any:
        with db.engine.connect().execution_options(reading=True) as other:
            try:
                other.execute(asked)
                found.append(False)
            except OperationalError:
                found.append(True)
        return read(*those)

    monkeypatch.setattr(plan_actions, "facts_of", meanwhile)

    assert take_plan(contest, round_, secretary) == (12, 0)
    assert found == [locks_rows]
