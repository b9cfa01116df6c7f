"""Bytes that no row names: whatever a form without script is refused for, its files do not stay."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.entries.models import Entry, EntryFile
from contest.storage import storage
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def pen(make_account: Any, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Hoàng Văn Páo"))


@pytest.fixture
def entry(pen: FlaskClient, make_contest: Any) -> Entry:
    return kit.begin(pen, make_contest(max_files=1))


def _text(name: str = "a.txt", body: str = "Bản nhỏ bên sông Gâm") -> tuple[BytesIO, str]:
    return BytesIO(body.encode()), name


def _unnamed() -> set[str]:
    """Keys in the storage that no row names."""
    return set(storage().keys()) - set(db.session.scalars(db.select(EntryFile.storage_key)))


def test_what_is_taken_stays_and_what_is_too_many_does_not(pen: FlaskClient, entry: Entry) -> None:
    before = _unnamed()

    kit.write(pen, entry, files=[_text("a.txt"), _text("b.txt", "Bài thứ hai")])

    assert [file.name for file in db.session.query(EntryFile)] == ["a.txt"]
    assert _unnamed() == before


def test_the_same_file_again_is_not_kept_twice(pen: FlaskClient, entry: Entry) -> None:
    before = _unnamed()

    kit.write(pen, entry, files=[_text()])
    kit.write(pen, entry, files=[_text()])

    assert db.session.query(EntryFile).count() == 1
    assert _unnamed() == before


@pytest.mark.parametrize("why", ["title too long", "draft changed elsewhere", "withdrawn meanwhile"])
def test_a_refused_form_leaves_nothing(pen: FlaskClient, entry: Entry, why: str) -> None:
    before = _unnamed()
    more = {"title": "x" * 301} if why == "title too long" else {}
    if why == "draft changed elsewhere":
        kit.write(pen, entry, text="Bản trên máy khác")
        more = {"revision": "0", "text": "Bản trên máy này"}
    if why == "withdrawn meanwhile":
        entry.state, entry.withdrawn_at = "withdrawn", NOW  # the draft itself is still there
        db.session.commit()

    answer = kit.write(pen, entry, files=[_text()], **more)

    assert answer.status_code in (409, 422, 302)
    assert db.session.query(EntryFile).count() == 0
    assert _unnamed() == before
