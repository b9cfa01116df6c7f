"""A contest that went its whole way through the application itself, for `verify` to look at."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result as Answer
from flask import Flask
from sqlalchemy import text, update

from contest.contests.actions_rules import _freeze
from contest.contests.models import RuleSet
from contest.db import db
from contest.entries import codes_actions
from contest.entries.actions import admit_to_round
from contest.entries.copy_actions import confirm_copy, copy_sha256
from contest.entries.models import EntryFile, JudgeCopy, Screening
from contest.entries.own_queries import slip_of
from contest.entries.submit_actions import accept
from contest.judging import discussion_actions
from contest.judging.actions import Change, save_sheet
from contest.judging.models import Assignment
from contest.results import actions
from contest.storage import storage
from tests.fixtures.makers import NOW, RULES

MARKS = {"noi-dung": "52.5", "hinh-thuc": "25", "sang-tao": "8.25"}


@pytest.fixture
def whole(
    app: Flask, make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any, make_account: Any
) -> Any:
    """One work handed in, drawn, marked, talked about, locked, joined with its author, given a prize. The contest."""
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["deliberation"] = {"mode": "discussion", "shows": "key"}
    contest, secretary = make_contest(rules=rules), make_account("Thư ký")
    _freeze(contest, db.session.query(RuleSet).one(), actor=secretary, now=NOW)
    entry = _received(make_entry(contest), secretary)
    admit_to_round(contest.rounds[0], [entry], actor=secretary, now=NOW, rng=random.Random(1))
    panel = make_panel(contest)
    sheets = [make_assignment(entry, member) for member in panel]
    for sheet in sheets:
        first = _save(sheet, "draft", {**MARKS, "noi-dung": "50"}, None)
        _save(sheet, "sent", MARKS, first)
    _talk(contest, sheets)
    contest.rounds[0].state = "confirmed"
    result = actions.lock_round(contest, contest.rounds[0], actor=secretary, now=NOW)
    minutes = storage().put(b"bien ban")
    actions.keep_paper(contest, "minutes", "bb.pdf", minutes, result_id=result.id, actor=secretary, now=NOW)
    request = codes_actions.ask(contest, code="", reason="Xét giải", account=secretary, now=NOW)
    codes_actions.approve(contest, request, account=panel[0].account, now=NOW)
    actions.decide_prizes(
        contest, {}, number="12-QĐ/BTC", issued_on=date(2024, 10, 10), signer_block="", note="", actor=secretary,
        now=NOW,
    )  # fmt: skip
    db.session.commit()
    return contest


def _received(entry: Any, secretary: Any) -> Any:
    version, stored = entry.versions[0], storage().put(b"bai viet")
    db.session.add(
        EntryFile(
            public_id="f" * 32, version_id=version.id, position=1, name="bài.txt", kind="txt",
            storage_key=stored.key, size=stored.size, sha256=stored.sha256, uploaded_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    form = slip_of(entry, version)
    accept(entry, version, form, account=secretary, now=NOW, rng=random.Random(1), is_late=False)
    entry.screening = "valid"
    db.session.add(Screening(entry_id=entry.id, version_id=version.id, verdict="valid", by_id=secretary.id, at=NOW))
    page, copy = storage().put(b"trang"), db.session.query(JudgeCopy).one()
    copy.state = "ready"
    copy.pages = [{"key": page.key, "width": 1, "height": 1, "sha256": page.sha256}]
    confirm_copy(entry, copy_sha256(copy), account=secretary, now=NOW)
    db.session.commit()
    return entry


def _save(sheet: Assignment, kind: str, marks: dict[str, str], based_on: str | None) -> str:
    uuid = str(uuid4())
    change = Change(uuid=uuid, based_on=based_on, kind=kind, marks=dict(marks), device="máy")
    assert save_sheet(sheet.public_id, change, account=sheet.panel_member.account, now=NOW)
    db.session.commit()
    return uuid


def _talk(contest: Any, sheets: list[Assignment]) -> None:
    round_, head = contest.rounds[0], sheets[0].panel_member.account
    told = {"reason": "Lệch nhiều", "account": head, "now": NOW}
    discussion_actions.open_discussions(contest, round_, [sheets[0].round_entry.code], **told)
    discussion_actions.say(contest, sheets[1].public_id, text="Tôi giữ điểm.", account=sheets[1].panel_member.account,
                           now=NOW)  # fmt: skip
    part_id = sheets[0].round_entry_id
    discussion_actions.end_discussion(contest, round_, part_id, conclusion="Giữ nguyên", account=head, now=NOW)
    db.session.commit()


@pytest.fixture
def run(app: Flask) -> Callable[[], Answer]:
    def invoke() -> Answer:
        db.session.remove()
        return app.test_cli_runner().invoke(args=["verify"])

    return invoke


def behind(model: Any, **values: Any) -> None:
    """Change the newest row as somebody with the database's own tools might, append-only or not."""
    name, dialect = model.__tablename__, db.engine.dialect.name
    db.session.commit()
    with db.engine.begin() as connection:
        if dialect == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}_no_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        highest = connection.scalar(text(f"SELECT max(id) FROM {name}"))
        connection.execute(update(model).where(model.id == highest).values(**values))


def forget(model: Any) -> None:
    """Delete the newest row in the same way."""
    name, dialect = model.__tablename__, db.engine.dialect.name
    db.session.commit()
    with db.engine.begin() as connection:
        if dialect == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}_no_delete"))
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"DELETE FROM {name} WHERE id = (SELECT max(id) FROM {name})"))
