"""A contest whose first round is marked, confirmed and ready to lock."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry, Unblinding
from contest.judging.models import Assignment
from contest.results import actions
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES

# noi-dung, hinh-thuc, sang-tao by two judges; totals 88, 79, 79 (ahead by noi-dung), 41.
MARKS = (
    ("Bài thứ nhất", ("55", "25", "8"), ("55", "25", "8")),
    ("Bài thứ hai", ("50", "21", "8"), ("50", "21", "8")),
    ("Bài thứ ba", ("48", "22", "9"), ("48", "22", "9")),
    ("Bài thứ tư", ("20", "15", "6"), ("20", "15", "6")),
)

# J1 gives 6 less on noi-dung than J2 and J3 wherever they meet; see tests/rules/test_severity_rule.py for the figures.
PAIRS = ({0: "30", 1: "36"}, {0: "40", 2: "46"}, {1: "37", 2: "37"})


class Marked:
    """The rows of the scene, by name."""

    def __init__(self, contest: Contest, entries: list[Entry], sheets: list[Assignment]) -> None:
        self.contest, self.entries, self.sheets = contest, entries, sheets
        self.round = contest.rounds[0]


@pytest.fixture
def marked(make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any) -> Callable[..., Marked]:
    def make(*, confirmed: bool = True, **columns: Any) -> Marked:
        contest = make_contest(**columns)
        members = make_panel(contest)
        entries, sheets = [], []
        for number, (title, *marks) in enumerate(MARKS, 1):
            entry = make_entry(contest, title=title, author=f"Lò Văn Ún {number}")
            entries.append(entry)
            for member, values in zip(members, marks, strict=True):
                sheets.append(
                    make_assignment(
                        entry, member, code=f"{number}{number}{number}{number}", state="sent", sent_at=NOW,
                        marks=dict(zip(("noi-dung", "hinh-thuc", "sang-tao"), values, strict=True)),
                    )
                )  # fmt: skip
        if confirmed:
            contest.rounds[0].state = "confirmed"
        db.session.commit()
        return Marked(contest, entries, sheets)

    return make


@pytest.fixture
def join_codes(make_account: Any) -> Callable[[Contest], None]:
    """Khớp phách, approved."""

    def join(contest: Contest) -> None:
        one, other = make_account("Người giữ phách"), make_account("Người duyệt")
        db.session.add(
            Unblinding(
                contest_id=contest.id, reason="xét giải", asked_by_id=one.id, asked_at=NOW, approved_by_id=other.id,
                approved_at=NOW,
            )
        )  # fmt: skip
        db.session.commit()

    return join


@pytest.fixture
def dealt(make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any) -> Callable[..., Contest]:
    """Entries dealt out to two of three judges each, by rules that correct severity."""

    def make(times: int = 5, *, asked: bool = True, more: tuple[dict[int, str], ...] = ()) -> Contest:
        rules = copy.deepcopy(RULES)
        rules["rounds"][0].pop("third_marker", None)
        if asked:
            rules["rounds"][0]["severity"] = "additive"
        contest: Contest = make_contest(rules=rules)
        members = make_panel(contest, 3)
        for number, own in enumerate([*PAIRS * times, *more]):
            entry = make_entry(contest, author=f"Lò Văn Ún {number}")
            for judge, points in own.items():
                marks = {"noi-dung": points, "hinh-thuc": "20", "sang-tao": "5"}
                make_assignment(entry, members[judge], code=f"{number:04d}", state="sent", sent_at=NOW, marks=marks)
        contest.rounds[0].state = "confirmed"
        db.session.commit()
        return contest

    return make


@pytest.fixture
def decided(marked: Any, make_account: Any, join_codes: Any) -> Any:
    """A contest whose prizes are decided, by `organiser`."""
    scene = marked()
    scene.organiser = make_account("Ban Tổ chức", Role.ORGANISER, contest=scene.contest)
    actions.lock_round(scene.contest, scene.round, actor=scene.organiser, now=NOW)
    join_codes(scene.contest)
    actions.decide_prizes(
        scene.contest, {}, number="12-QĐ/BTC", issued_on=date(2024, 10, 10), signer_block="", note="",
        actor=scene.organiser, now=NOW,
    )  # fmt: skip
    return scene
