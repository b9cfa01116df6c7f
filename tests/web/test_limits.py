"""How often is too often: tight for one account, wide for a hall behind one address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.web.limits import limiter
from tests.entries import kit


@pytest.fixture(autouse=True)
def limits_are_on(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    yield
    limiter.reset()


def _wrong(client: FlaskClient, identifier: str) -> int:
    return client.post("/dang-nhap", data={"identifier": identifier, "password": "x"}).status_code


def test_forty_judges_behind_one_address_all_get_in(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.accounts.views.matches", lambda _typed, _stored: False)

    answers = {_wrong(client, f"TK{number:06d}") for number in range(40) for _again in range(2)}

    assert answers == {422}


def test_one_account_is_not_guessed_at_for_long(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.accounts.views.matches", lambda _typed, _stored: False)

    answers = [_wrong(client, spelling) for spelling in ["TK000001", " tk000001 "] * 6]

    assert answers == [422] * 10 + [429] * 2
    assert _wrong(client, "TK000002") == 422


def test_forty_judges_open_their_cards_in_one_minute(client: FlaskClient) -> None:
    answers = {
        client.open(f"/the/{number}", method=method).status_code for number in range(40) for method in ("GET", "POST")
    }

    assert answers == {404, 410}


def test_files_count_alike_with_script_and_without(
    make_contest: Any, make_account: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    pen = sign_in(make_account())
    entry = kit.begin(pen, make_contest(max_files=100))
    for _number in range(59):
        pen.post(f"/bai/{entry.public_id}/tep", data={"uuid": "x"})

    one = kit.write(pen, entry, files=[(BytesIO(b"xin ch\xc3\xa0o"), "a.txt")])
    next_ = kit.write(pen, entry, files=[(BytesIO(b"xin ch\xc3\xa0o"), "b.txt")])
    typed = kit.write(pen, entry, text="Chỉ có chữ")

    assert (one.status_code, next_.status_code, typed.status_code) == (302, 429, 302)
