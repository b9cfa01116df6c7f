"""Lock first, then read, decide, write: what changed while a step waited for its turn is seen by it.

Run on both databases; it is PostgreSQL where a step can read before it has the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import actions, panel_actions, plan_actions
from contest.judging.actions import Refused
from contest.judging.models import Assignment, PanelMember
from contest.judging.panel_actions import NotPossible
from contest.judging.panel_queries import Part, members_of, parts_of
from contest.judging.plan_queries import plan_of
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.fixtures.meanwhile import Meanwhile
from tests.judging.conftest import statements_of


class Panel:
    """A contest by ids, so that each side reads rows of its own session."""

    def __init__(self, contest: Contest, members: list[PanelMember], secretary: Any) -> None:
        self.contest_id, self.round_id = contest.id, contest.rounds[0].id
        self.member_ids = [member.id for member in members]
        self.secretary_id = secretary.id

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id)

    @property
    def round(self) -> Round:
        return db.session.get_one(Round, self.round_id)

    @property
    def secretary(self) -> Any:
        return db.session.get_one(Account, self.secretary_id)

    def member(self, number: int) -> PanelMember:
        return db.session.get_one(PanelMember, self.member_ids[number - 1])

    def part(self, code: str = "0500") -> Part:
        return next(part for part in parts_of(self.round) if part.code == code)

    def by(self) -> dict[str, Any]:
        """Who does it, and when."""
        return {"actor": self.secretary, "now": NOW}

    def turn_to(self, state: str) -> Callable[[], None]:
        def turn() -> None:
            self.round.state = state

        return turn

    def leave(self, number: int, reason: str = "Ốm") -> Callable[[], Any]:
        return lambda: panel_actions.leave(self.member(number), reason=reason, **self.by())

    def plan(self) -> str:
        """Work out who marks what; its digest."""
        plan_actions.make(self.contest, self.round, Moving.KEEP, keep_wishes=True, **self.by())
        db.session.commit()
        plan = plan_of(self.round)
        assert plan is not None
        return str(plan.digest)

    def give(self, number: int, code: str = "0500") -> Assignment:
        return panel_actions.assign_one(
            self.contest, self.round, self.part(code), self.member(number), reason="assigned", **self.by()
        )


@pytest.fixture
def panel(make_contest: Any, make_entry: Any, make_panel: Any, make_account: Any) -> Callable[..., Panel]:
    """make(judges=4, state="waiting"): a panel and the entries 0500 and 0501, nothing assigned."""

    def make(*, judges: int = 4, state: str = "waiting") -> Panel:
        contest = make_contest()
        contest.rounds[0].state = state
        members = make_panel(contest, judges)
        for number in range(2):
            entry = make_entry(contest, author=f"Tác giả {number}")
            db.session.add(
                RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code=f"{500 + number:04d}", created_at=NOW)
            )
        secretary = make_account("Thư ký tổng hợp", Role.TALLY_SECRETARY, contest=contest)
        db.session.commit()
        return Panel(contest, members, secretary)

    return make


def refused(step: Callable[[], Any]) -> str:
    with pytest.raises((NotPossible, Refused)) as refusal:
        step()
    return str(refusal.value.code)


def test_nothing_is_assigned_in_a_round_closed_meanwhile(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel(state="open")
    digest = panel.plan()

    with meanwhile(panel.turn_to("closed")):
        contest, round_, by = panel.contest, panel.round, panel.by()
        code = refused(lambda: plan_actions.take(contest, round_, digest=digest, **by))

    assert code == "round_closed"


def test_a_proposal_is_not_carried_out_for_a_judge_who_left_meanwhile(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()
    digest = panel.plan()

    with meanwhile(panel.leave(2)):
        contest, round_, by = panel.contest, panel.round, panel.by()
        _as_read = members_of(round_)
        code = refused(lambda: plan_actions.take(contest, round_, digest=digest, **by))

    db.session.rollback()
    assert (code, db.session.query(Assignment).count()) == ("inputs_changed", 0)


def test_nobody_joins_a_round_closed_meanwhile(panel: Any, make_account: Any, meanwhile: Meanwhile) -> None:
    panel, judge = panel(state="open"), make_account("Giám khảo mới", Role.JUDGE)

    with meanwhile(panel.turn_to("closed")):
        round_, by, _ = panel.round, panel.by(), judge.id
        code = refused(lambda: panel_actions.add_member(round_, judge, is_head=False, max_entries=None, **by))

    assert code == "round_closed"


def test_a_round_closed_meanwhile_is_not_opened(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()
    plan_actions.take(panel.contest, panel.round, digest=panel.plan(), **panel.by())

    with meanwhile(panel.turn_to("closed")):
        contest, round_, by = panel.contest, panel.round, panel.by()
        code = refused(lambda: panel_actions.open_round(contest, round_, **by))

    assert code == "round_begun"


def test_a_round_whose_head_judge_left_meanwhile_is_not_opened(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()
    for number in (2, 3):
        for code in ("0500", "0501"):
            panel.give(number, code)

    with meanwhile(panel.leave(1)):
        contest, round_, by = panel.contest, panel.round, panel.by()
        _as_read = members_of(round_)
        with pytest.raises(panel_actions.Blocked) as blocked:
            panel_actions.open_round(contest, round_, **by)

    assert [item.code for item in blocked.value.blockers] == ["no_head_judge"]


def test_leaving_twice_at_once_is_leaving_once(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()

    with meanwhile(panel.leave(2, reason="Ốm")):
        member, by = panel.member(2), panel.by()
        freed = panel_actions.leave(member, reason="Đi công tác", **by)
        db.session.commit()

    assert (freed, panel.member(2).left_reason) == (0, "Ốm")


def test_who_is_head_stands_from_the_opening_on_even_if_it_came_meanwhile(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()

    with meanwhile(panel.turn_to("open")):
        member, by, _ = panel.member(2), panel.by(), panel.round.state
        code = refused(lambda: panel_actions.change_member(member, is_head=True, max_entries=None, **by))

    assert code == "round_begun"


def test_two_secretaries_give_one_judge_an_entry_once(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()

    with meanwhile(lambda: panel.give(2)):
        contest, round_, part, member, by = panel.contest, panel.round, panel.part(), panel.member(2), panel.by()
        code = refused(
            lambda: panel_actions.assign_one(contest, round_, part, member, reason="assigned", **by)
        )  # fmt: skip

    assert code == "already_there"


def test_an_entry_taken_back_meanwhile_is_given_to_nobody(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()

    def take_back() -> None:
        db.session.query(RoundEntry).filter_by(code="0500").update({"withdrawn_at": NOW})

    with meanwhile(take_back):
        # As the page read it before it asked for the lock.
        contest, round_, member, by = panel.contest, panel.round, panel.member(2), panel.by()
        row = db.session.query(RoundEntry).filter_by(code="0500").one()
        part = Part(row.id, row.code, [])
        code = refused(
            lambda: panel_actions.assign_one(contest, round_, part, member, reason="assigned", **by)
        )  # fmt: skip

    assert code == "not_taking_part"


def test_two_third_judges_are_one(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel(state="open")
    panel.give(1)
    panel.give(2)

    with meanwhile(lambda: panel_actions.assign_third(panel.contest, panel.round, panel.part(), **panel.by())):
        contest, round_, part, by = panel.contest, panel.round, panel.part(), panel.by()
        code = refused(lambda: panel_actions.assign_third(contest, round_, part, **by))

    db.session.rollback()
    assert (code, len(panel.part().sheets)) == ("already_there", 3)


def test_a_sheet_taken_away_meanwhile_is_neither_moved_nor_asked_about(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel(state="open")
    panel.give(2)
    row_id = db.session.query(Assignment.id).scalar()

    with meanwhile(panel.leave(2)):
        contest, round_, part, by = panel.contest, panel.round, panel.part(), panel.by()
        sheet, member = db.session.get(Assignment, row_id) or Assignment(id=row_id), panel.member(3)
        code = refused(lambda: panel_actions.move(contest, round_, part, sheet, member, reason="Ốm", **by))

    db.session.rollback()
    assert code == "sheet_gone"


def test_a_judge_who_steps_back_from_a_sheet_taken_away_is_told_so(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel(state="open")
    panel.give(2)
    row_id = db.session.query(Assignment.id).scalar()

    with meanwhile(panel.leave(2)):
        contest, judge = panel.contest, panel.member(2).account
        sheet = db.session.get(Assignment, row_id) or Assignment(id=row_id)
        code = refused(lambda: actions.recuse(sheet, contest, reason="Người nhà", account=judge, now=NOW))

    assert code == "sheet_gone"


def test_an_interest_declared_meanwhile_counts(panel: Any, meanwhile: Meanwhile) -> None:
    panel = panel()
    digest = panel.plan()

    def declare() -> None:
        judge = panel.member(2).account
        panel_actions.declare(panel.contest, judge, person_name="Tác giả 0", reason="", **panel.by())

    with meanwhile(declare):
        contest, round_, by = panel.contest, panel.round, panel.by()
        code = refused(lambda: plan_actions.take(contest, round_, digest=digest, **by))

    assert code == "inputs_changed"


def test_a_declaration_waits_for_an_assignment_that_is_being_made(panel: Any) -> None:
    panel = panel()

    with statements_of() as statements:
        panel_actions.declare(
            panel.contest, panel.member(2).account, person_name="Tác giả 0", reason="", **panel.by()
        )  # fmt: skip

    locked = [index for index, one in enumerate(statements) if "FROM chain_heads" in one]
    written = [index for index, one in enumerate(statements) if "INTO declared_conflicts" in one]
    assert locked[0] < written[0]
