"""The demo is a real installation: everything verifies, judges' copies are blind, everybody can sign in."""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from collections.abc import Iterator

import click
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from contest.accounts.models import Account, RoleGrant
from contest.cli import demo, verify
from contest.cli.demo_cast import SHOWN_WRITERS, STAFF, WORKS, WORKS_2023, WORKS_NOW, WRITERS
from contest.cli.demo_entries import story_of
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Entry, EntryFile, JudgeCopy
from contest.judging.models import Assignment
from contest.judging.queries import blockers
from contest.judging.tablet_queries import tablets_of
from contest.judging.tablet_shown import tablets_view
from contest.judging.views_sync import app_version
from contest.results.models import Certificate, Result
from contest.rules.deadlines import State, state_at
from contest.rules.text import fold
from contest.storage import storage
from tests.conftest import _empty


@pytest.fixture(scope="module")
def said(_app: Flask) -> Iterator[list[str]]:
    """What filling an empty database said, line by line."""
    lines: list[str] = []
    with _app.app_context():
        demo.fill(echo=lines.append)
        demo.say_accounts(echo=lines.append)
        yield lines
        db.session.remove()
        _empty(_app)


def _contest(year: int) -> Contest:
    return next(row for row in db.session.scalars(select(Contest)) if row.campaign.year == year)


def test_the_contest_of_2024_stands_in_the_middle_of_its_first_round(said: list[str]) -> None:
    contest = _contest(2024)
    states = Counter(db.session.execute(select(Entry.state, Entry.screening).where(Entry.contest_id == contest.id)))
    round_ = contest.rounds[0]
    sheets = Counter(db.session.scalars(select(Assignment.state).where(Assignment.round_id == round_.id)))

    assert states == {
        ("submitted", "valid"): 25,
        ("submitted", "invalid"): 1,
        ("withdrawn", "pending"): 1,
        ("draft", "pending"): 2,
    }
    assert [row.state for row in contest.rounds] == ["open", "waiting"]
    assert sum(sheets.values()) == 51  # two judges each, and a third where two were far apart
    assert 28 <= sheets["sent"] + sheets["asked_again"] <= 32
    assert sheets["asked_again"] == 1
    assert sheets["begun"] >= 4
    assert {item.code for item in blockers(round_)} == {"asked_again", "missing_sheets", "round_open"}


def test_the_tablets_show_what_a_secretary_looks_for(_app: Flask, said: list[str]) -> None:
    round_ = _contest(2024).rounds[0]
    seen = tablets_of(round_)
    with _app.test_request_context():
        view = tablets_view(seen, round_, version=app_version(), now=max(row.seen_at for row in seen if row.seen_at))

    assert {need for row in view.rows for need in row.needs} == {
        "refused", "unsent", "battery", "clock", "kept", "old", "none",
    }  # fmt: skip
    assert (view.count, view.needing, view.rows[-1].kind) == (7, 5, "neutral")


def test_the_other_years_show_an_end_and_a_beginning(said: list[str]) -> None:
    over, running = _contest(2023), _contest(max(2025, utcnow().year - 1) if utcnow().month == 1 else utcnow().year)

    assert [result.state for result in db.session.scalars(select(Result).where(Result.contest_id == over.id))] == [
        "locked",
        "awarded",
    ]
    assert db.session.query(Certificate).filter_by(contest_id=over.id).count() >= 5
    assert state_at(utcnow(), running.opens_at, running.closes_at) is State.OPEN


def test_everything_in_the_demo_verifies(said: list[str]) -> None:
    assert {name: list(check()) for name, check in verify.CHECKS} == {name: [] for name, _check in verify.CHECKS}


def test_no_judge_reads_an_authors_name(said: list[str]) -> None:
    names = {fold(person.full_name) for person in (*STAFF, *WRITERS)}
    sent = [fold(text) for text in db.session.scalars(select(EntryFile.text))]
    shown = [
        fold(f"{copy.title} {html.unescape(re.sub('<[^>]*>', ' ', copy.html))}")
        for copy in db.session.scalars(select(JudgeCopy).join(Entry).where(Entry.screening == "valid"))
    ]

    # One author signed the work itself: the secretariat covered it.
    assert [text for text in sent if any(name in text for name in names)] != []
    assert [text for text in shown if any(name in text for name in names)] == []


def test_pictures_for_judges_carry_nothing_of_the_camera(said: list[str]) -> None:
    uploaded = [
        Image.open(io.BytesIO(_bytes(file.storage_key))) for file in db.session.query(EntryFile).filter_by(kind="image")
    ]
    pages = [
        Image.open(io.BytesIO(_bytes(page["key"])))
        for copy in db.session.scalars(select(JudgeCopy))
        for page in copy.pages
    ]

    assert all(picture.getexif() for picture in uploaded)
    assert pages != []
    assert [page for page in pages if page.getexif()] == []


def _bytes(key: str) -> bytes:
    with storage().open(key) as file:
        return file.read()


def test_everybody_named_at_the_start_can_sign_in(_app: Flask, said: list[str]) -> None:
    rows = [match for line in said if (match := re.match(r"  (.+?)  +(\S+) +(.+)$", line))]
    refused = [
        match[3]
        for match in rows
        if _app.test_client().post("/dang-nhap", data={"identifier": match[2], "password": demo.PASSWORD}).status_code
        != 302
    ]
    roles = set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.revoked_at.is_(None))))

    assert len(rows) == len(STAFF) + len(SHOWN_WRITERS)
    assert refused == []
    assert roles == {person.role for person in STAFF}
    assert [line for line in said if demo.PASSWORD in line] != []


def test_the_sign_in_page_offers_the_accounts_where_the_setting_says_so(
    _app: Flask, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = _app.test_client().get("/dang-nhap").get_data(as_text=True)
    monkeypatch.setitem(_app.config, "DEMO", True)
    monkeypatch.setitem(_app.config, "DEMO_ACCOUNTS", None)
    demo.say_accounts(echo=lambda _line: None)
    shown = _app.test_client().get("/dang-nhap").get_data(as_text=True)

    assert demo.PASSWORD not in hidden
    assert shown.count(f'name="password" value="{demo.PASSWORD}"') == len(STAFF) + len(SHOWN_WRITERS)


def test_saying_the_accounts_leaves_no_lock_behind(said: list[str]) -> None:
    demo.say_accounts(echo=lambda _line: None)

    assert not db.session().in_transaction()


def test_judges_have_no_address(said: list[str]) -> None:
    judges = db.session.scalars(
        select(Account).join(RoleGrant, RoleGrant.account_id == Account.id).where(RoleGrant.role == "judge")
    )

    assert {(account.email, account.phone) for account in judges} == {(None, None)}


def test_the_demo_never_goes_into_an_installation_in_use(said: list[str]) -> None:
    before = db.session.query(Account).count()

    with pytest.raises(click.ClickException):
        demo.fill(echo=lambda _line: None)

    assert db.session.query(Account).count() == before


def test_no_two_works_are_alike() -> None:
    works = [work for work in (*WORKS, *WORKS_2023, *WORKS_NOW) if work.fate != "draft"]

    assert len({story_of(work).text for work in works}) == len(works)
    assert all(len(story_of(work).text.split()) > 500 for work in works if work.fate != "invalid")
