"""Judging in the demo: panel, the project's own assignment, and marks as seven people give them.

Each judge has a severity of his or her own, each work a worth; a mark is both and a little chance. Points
are counted in halves, the step of the criteria.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.cli.demo_cast import Staff
from contest.cli.demo_setting import Scene
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db, utcnow
from contest.judging import panel_actions, plan_actions
from contest.judging.actions import Change, ask_second_look, save_sheet
from contest.judging.models import Assignment, PanelMember
from contest.judging.plan_queries import plan_of
from contest.judging.sync_actions import Condition, note_tablet
from contest.judging.views_sync import app_version
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Role
from contest.rules.rule_sets import Criterion, criteria_of

SEVERITY = {"head": -1, "judge1": -7, "judge2": 5, "judge3": 2, "judge4": -3, "judge5": 4, "judge6": -5}  # halves
HEAD_READS = 4  # the head judge has the panel to look after
_COMMENTS = {
    "good": (
        "Nhân vật rõ nét, chi tiết đắt; cách làm có thể nhân rộng.",
        "Kể chuyện tự nhiên, số liệu đủ, kết bài có dư âm.",
        "Viết từ thực tế, giọng văn ấm; phần cách làm rất thuyết phục.",
    ),
    "fair": (
        "Nội dung đúng chủ đề; phần kết quả nên có số liệu so sánh.",
        "Bố cục gọn; một số đoạn còn chung chung, thiếu lời nhân chứng.",
        "Tư liệu tốt, mở bài hơi dài; cần nêu rõ hơn vai trò của tổ dân vận.",
    ),
    "poor": (
        "Còn nghiêng về báo cáo thành tích; ít chi tiết riêng.",
        "Chưa làm rõ cái “khéo”; kết quả nêu còn chung.",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill in: worth in halves of 100 points."""

    row: Assignment
    account: Account
    key: str


def seat_panel(scene: Scene, contest: Contest, round_: Round, judges: Sequence[Staff], *, now: datetime) -> None:
    """The panel, and every entry given to its judges by the project's own assignment; then the round opens."""
    secretary = scene.people["tally1"]
    for judge in judges:
        is_head = judge.role is Role.HEAD_JUDGE
        panel_actions.add_member(
            round_, scene.people[judge.key], is_head=is_head, max_entries=HEAD_READS if is_head else None,
            actor=secretary, now=now,
        )  # fmt: skip
    plan_actions.make(contest, round_, Moving.KEEP, keep_wishes=False, actor=secretary, now=now)
    plan = plan_of(round_)
    assert plan is not None
    plan_actions.take(contest, round_, digest=plan.digest, actor=secretary, now=now + timedelta(hours=1))
    panel_actions.open_round(contest, round_, actor=secretary, now=now + timedelta(hours=2))
    db.session.commit()


def sheets_of(scene: Scene, round_: Round, judges: Sequence[Staff]) -> list[list[Sheet]]:
    """Each judge's sheets in the order he or she reads them."""
    keys = {scene.people[judge.key].id: judge.key for judge in judges}
    rows = db.session.scalars(
        select(Assignment)
        .join(PanelMember)
        .options(joinedload(Assignment.panel_member).joinedload(PanelMember.account))
        .where(Assignment.round_id == round_.id)
        .order_by(PanelMember.id, Assignment.position, Assignment.id)
    ).all()
    found: dict[int, list[Sheet]] = {}
    for row in rows:
        member = row.panel_member
        found.setdefault(member.id, []).append(Sheet(row, member.account, keys[member.account_id]))
    return list(found.values())


def mark_all(scene: Scene, contest: Contest, round_: Round, judges: Sequence[Staff], *, now: datetime) -> None:
    """Every sheet marked and sent; opinions differ, but no two by so much that a third must mark."""
    marking = Marking(scene, contest, round_, spread=3)
    for hour, sheets in enumerate(sheets_of(scene, round_, judges)):
        for turn, sheet in enumerate(sheets):
            marking.send(sheet, now=now + timedelta(hours=hour, minutes=25 * turn))
    db.session.commit()


def mark_some(scene: Scene, contest: Contest, round_: Round, judges: Sequence[Staff], *, now: datetime) -> None:
    """About six in ten sheets sent, some begun; two judges far apart on one work; one asked to look again."""
    marking = Marking(scene, contest, round_, spread=5)
    piles = sheets_of(scene, round_, judges)
    sent: dict[int, list[Sheet]] = {}
    for pile in piles:
        for sheet in pile[: _share(len(pile))]:
            sent.setdefault(sheet.row.round_entry_id, []).append(sheet)
    both = [pair for pair in sent.values() if len(pair) == 2]
    assert len(both) >= 2, "two judges must have met on two works"
    marking.fix(both[0][0], 176)
    marking.fix(both[0][1], 124)
    marking.fix(both[1][0], 168)
    marking.fix(both[1][1], 142)
    for day, pile in enumerate(piles):
        at = now + timedelta(days=day // 2, hours=3 * (day % 2))
        done = _share(len(pile))
        for turn, sheet in enumerate(pile[:done]):
            marking.send(sheet, now=at + timedelta(minutes=25 * turn))
        for sheet in pile[done : done + 1]:
            marking.begin(sheet, now=at + timedelta(minutes=25 * done))
    ask_second_look(
        both[1][1].row, contest, account=scene.people["head"], now=now + timedelta(days=6),
        reason="Điểm nội dung thấp hơn giám khảo còn lại nhiều; đề nghị xem lại phần kết quả cụ thể của mô hình.",
    )  # fmt: skip
    show_tablets(scene, now=utcnow())
    db.session.commit()


@dataclass(frozen=True)
class _Seen:
    """How long ago a tablet spoke, in minutes, and what it said; short: works it has not fetched yet."""

    judge: str
    device: str
    agent: str
    minutes: int
    short: int = 0
    is_old: bool = False
    said: Mapping[str, Any] = field(default_factory=dict)


# One of each kind; judge5 has opened the list on no tablet yet. Minutes go by: soon all of them are silent.
_TABLETS = (
    _Seen("head", "9c41e07a", "Safari/16", 1),
    _Seen("judge1", "3f2a9d10", "Chrome/126", 0, said={"battery": 62, "is_charging": True}),
    _Seen("judge2", "b87e5512", "Chrome/90", 1, said={"battery": 14}),
    _Seen("judge3", "0d6cfa39", "SamsungBrowser/23", 41, said={"battery": 37, "unsent": 6}),
    _Seen("judge4", "e5501b8c", "Edg/125", 2, said={"battery": 88, "ahead": 7}),
    _Seen("judge6", "7aa2c6f4", "Chrome/118", 3, short=5, is_old=True, said={"battery": 71, "refused": 1}),
    _Seen("judge6", "c1d09b27", "Firefox/115", 60 * 26),
)


def show_tablets(scene: Scene, *, now: datetime) -> None:
    """The judges' tablets as they spoke a short while before `now`, which is the time of filling."""
    with current_app.test_request_context():
        version = app_version()
    for seen in _TABLETS:
        account, at = scene.people[seen.judge], now - timedelta(minutes=seen.minutes)
        said = dict(seen.said)
        ahead = timedelta(minutes=said.pop("ahead", 0))
        sheets = db.session.scalar(
            select(func.count())
            .select_from(Assignment)
            .join(PanelMember)
            .where(PanelMember.account_id == account.id, Assignment.state != "recused")
        )
        condition = Condition(
            device=seen.device, owner=account.id, kept=max(0, (sheets or 0) - seen.short), at=at + ahead,
            version="1b7d02ce" if seen.is_old else version, **said,
        )  # fmt: skip
        note_tablet(condition, account=account, agent=seen.agent, now=at)


def _share(count: int) -> int:
    return (count * 12 + 5) // 20


class Marking:
    """Gives marks. spread: how much chance there is in them, in halves."""

    def __init__(self, scene: Scene, contest: Contest, round_: Round, *, spread: int) -> None:
        self.scene, self.contest, self.spread = scene, contest, spread
        self.scale: Sequence[Criterion] = criteria_of(rules_in_force(contest).body, round_.key)
        self.worth: dict[int, int] = {}
        self.fixed: dict[int, int] = {}

    def fix(self, sheet: Sheet, halves: int) -> None:
        """Say beforehand what a sheet comes to, about."""
        self.fixed[sheet.row.id] = halves

    def send(self, sheet: Sheet, *, now: datetime) -> None:
        """Two of three criteria first, all of them a quarter of an hour later, and sent."""
        marks, comment = self._opinion(sheet)
        half = dict(list(marks.items())[:-1])
        first = self._save(sheet, Change(self._uuid(), "draft", half, None, device="demo", client_at=now), now)
        later = now + timedelta(minutes=14)
        change = Change(self._uuid(), "sent", marks, first, comment=comment, device="demo", client_at=later)
        self._save(sheet, change, later)

    def begin(self, sheet: Sheet, *, now: datetime) -> None:
        """The first criterion alone."""
        marks, _comment = self._opinion(sheet)
        first = dict(list(marks.items())[:1])
        self._save(sheet, Change(self._uuid(), "draft", first, None, device="demo", client_at=now), now)

    def _save(self, sheet: Sheet, change: Change, now: datetime) -> str:
        saved = save_sheet(sheet.row.public_id, change, account=sheet.account, now=now)
        assert saved is not None
        return saved.version.uuid

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self.scene.rng.getrandbits(128), version=4))

    def _opinion(self, sheet: Sheet) -> tuple[dict[str, str], str]:
        rng = self.scene.rng
        worth = self.worth.setdefault(sheet.row.round_entry_id, rng.randint(134, 186))
        total = worth + SEVERITY[sheet.key] + rng.randint(-self.spread, self.spread)
        total = self.fixed.get(sheet.row.id, total)
        marks = {}
        for item in self.scale:
            most = int((item.max or 0) * 2)
            halves = min(most, max(0, total * most // 200 + rng.randint(-1, 1)))
            marks[item.key] = f"{halves // 2}{'.5' if halves % 2 else ''}"
        tone = "good" if total >= 168 else "fair" if total >= 148 else "poor"
        return marks, rng.choice(_COMMENTS[tone]) if rng.random() < 0.7 else ""
