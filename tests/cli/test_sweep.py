"""`sweep`: what no row names goes, a day after it was found, and nothing else ever does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry, EntryFile, EntryVersion, JudgeCopy
from contest.results.models import PaperFile
from contest.storage import storage
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def run(app: Flask) -> Callable[[], str]:
    def sweep() -> str:
        db.session.remove()
        answer = app.test_cli_runner().invoke(args=["sweep"])
        assert answer.exit_code == 0, answer.output
        return answer.output

    return sweep


def _a_day_later() -> None:
    past = time.time() - 25 * 3600
    for mark in storage().folder.rglob("*.unnamed"):
        os.utime(mark, (past, past))


def test_bytes_of_a_file_taken_out_of_a_draft_go_after_a_day(
    run: Callable[[], str], make_account: Any, make_contest: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    pen = sign_in(make_account())
    entry = kit.begin(pen, make_contest())
    kit.write(pen, entry, files=[(BytesIO(b"xin chao"), "a.txt")])
    file = db.session.query(EntryFile).one()
    key, public_id = file.storage_key, file.public_id
    kit.write(pen, entry, act=f"remove:{public_id}")
    assert db.session.query(EntryFile).count() == 0

    run()
    assert storage().read(key) == b"xin chao"  # a backup that began before may still come for it
    _a_day_later()
    run()

    assert key not in set(storage().keys())


def test_what_rows_name_stays_even_if_it_was_marked(run: Callable[[], str], make_contest: Any, make_entry: Any) -> None:
    contest = make_contest()
    contest_id = contest.id
    entry_id = make_entry(contest).id
    keys = [storage().put(name).key for name in (b"work", b"page", b"source", b"paper")]
    run()  # before their rows are there, as in the middle of an upload
    entry, contest = db.session.get_one(Entry, entry_id), db.session.get_one(Contest, contest_id)
    version, copy = db.session.query(EntryVersion).one(), db.session.query(JudgeCopy).one()
    copy.pages, copy.source_pages = [{"key": keys[1]}], [{"key": keys[2]}]
    named = {"storage_key": keys[0], "name": "a.txt", "kind": "txt", "size": 4, "sha256": "0" * 64}
    version.files.append(EntryFile(public_id="f" * 32, position=1, uploaded_at=NOW, **named))
    paper = {"kind": "minutes", "name": "a.docx", "size": 5, "sha256": "0" * 64, "storage_key": keys[3]}
    db.session.add(PaperFile(contest_id=contest.id, made_at=NOW, made_by_id=entry.owner_id, **paper))
    db.session.commit()

    _a_day_later()
    for _again in range(2):
        run()
        _a_day_later()

    assert set(keys) <= set(storage().keys())
    assert [storage().marked_at(key) for key in keys] == [None] * 4
