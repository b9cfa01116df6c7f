"""A contest with a panel and sheets, for the tests of judging."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import panel_queries, plan_actions, plan_queries
from contest.judging.actions import Change, Saved, save_sheet
from contest.judging.models import Assignment, AssignmentPlan, PanelMember
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW

FULL = {"noi-dung": "52.5", "hinh-thuc": "25", "sang-tao": "8.25"}


@dataclass
class Hall:
    """One contest in the middle of judging: every judge has a sheet for every entry."""

    contest: Contest
    members: list[PanelMember]
    sheets: list[list[Assignment]]  # by entry, then by judge

    @property
    def sheet(self) -> Assignment:
        """The first sheet of the first ordinary judge (J2)."""
        return self.sheets[0][1]

    def judge(self, number: int) -> Account:
        return self.members[number - 1].account


@pytest.fixture
def make_hall(make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any) -> Callable[..., Hall]:
    """make_hall(entries=1, judges=2, **columns of the contest)."""

    def make(*, entries: int = 1, judges: int = 2, **columns: Any) -> Hall:
        contest = make_contest(**columns)
        members = make_panel(contest, judges)
        works = [make_entry(contest, author=f"Tác giả {number}") for number in range(entries)]
        sheets = [
            [make_assignment(work, member, code=f"{417 + row:04d}", position=row) for member in members]
            for row, work in enumerate(works)
        ]
        return Hall(contest, members, sheets)

    return make


@pytest.fixture
def hall(make_hall: Callable[..., Hall]) -> Hall:
    return make_hall()


@pytest.fixture
def waiting(make_contest: Any, make_entry: Any, make_panel: Any, make_account: Any) -> Any:
    """make(entries, judges): a round that waits, with entries under codes and a panel, nothing assigned."""

    def make(entries: int = 6, judges: int = 3, *, rules: Any = None) -> Any:
        contest = make_contest(frozen=False, rules=rules)
        members = make_panel(contest, judges)
        for number in range(entries):
            entry = make_entry(contest, author=f"Tác giả {number}")
            db.session.add(
                RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code=f"{500 + number:04d}", created_at=NOW)
            )
        secretary = make_account("Thư ký tổng hợp", Role.TALLY_SECRETARY, contest=contest)
        db.session.commit()
        return contest, contest.rounds[0], members, secretary

    return make


def make_plan(contest: Any, round_: Any, actor: Account, moving: Moving = Moving.KEEP) -> AssignmentPlan:
    """Work a plan out, as the button does."""
    plan_actions.make(contest, round_, moving, keep_wishes=True, actor=actor, now=NOW)
    db.session.commit()
    plan = plan_queries.plan_of(round_)
    assert plan is not None
    return plan


def take_plan(contest: Any, round_: Any, actor: Account) -> tuple[int, int]:
    """Carry out the plan that is there; how many sheets were given and taken away."""
    plan = plan_queries.plan_of(round_)
    assert plan is not None
    count = plan_actions.take(contest, round_, digest=plan.digest, actor=actor, now=NOW)
    db.session.commit()
    return count


def assign_all(contest: Any, round_: Any, actor: Account) -> int:
    make_plan(contest, round_, actor)
    return take_plan(contest, round_, actor)[0]


def planned(plan: AssignmentPlan, column: int) -> set[tuple[str, int]]:
    """(code, member id) of a plan: column 2 what stays, 3 what is added, 4 what is taken away."""
    return {(row[1], judge) for row in plan.body["entries"] for judge in row[column]}


def pairs(round_: Any) -> set[tuple[str, str]]:
    return {(part.code, row.key) for part in panel_queries.parts_of(round_) for row in part.active}


def change(kind: str = "draft", *, marks: Any = None, **values: Any) -> Change:
    """A change with a UUID of its own."""
    values.setdefault("uuid", str(uuid4()))
    return Change(kind=kind, marks=FULL if marks is None else marks, **values)


def save(sheet: Assignment, account: Account, kind: str = "draft", **values: Any) -> Saved:
    """Store a version; the sheet must be theirs."""
    saved = save_sheet(sheet.public_id, change(kind, **values), account=account, now=NOW)
    assert saved is not None
    return saved


@contextmanager
def statements_of() -> Iterator[list[str]]:
    """Every statement the database is sent meanwhile, but for BEGIN."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
