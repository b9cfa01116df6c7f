"""What signed-in people are shown stays in no cache, and what signs a person in stays in no log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import queries
from contest.accounts.models import Account
from contest.db import db
from contest.entries.models import EntryFile
from tests.entries import kit

SignIn = Callable[[Account], FlaskClient]


def test_no_answer_to_a_signed_in_person_may_be_kept(
    app: Flask, make_account: Any, make_contest: Any, sign_in: SignIn
) -> None:
    account = make_account("Hoàng Văn Páo")
    pen, contest = sign_in(account), make_contest()
    entry = kit.submitted(pen, contest, account, files=[(BytesIO("Bản nhỏ".encode()), "a.txt")])
    file = db.session.query(EntryFile).one()
    public_id = entry.public_id
    addresses = [
        f"/bai/{public_id}/tep/{file.public_id}", f"/bai/{public_id}/bien-nhan.pdf", f"/bai/{public_id}/bien-nhan",
        f"/bai/{public_id}/ban/1", f"/cuoc-thi/{contest.slug}", "/", "/bai-cua-toi", "/tai-khoan",
    ]  # fmt: skip
    for address in addresses:
        answer = pen.get(address)
        assert (answer.status_code, address) == (200, address)
        assert (answer.headers["Cache-Control"], address) == ("private, no-store", address)


def test_a_failure_is_logged_without_the_token_of_a_card(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_token: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(queries, "card_by_token", fail)
    monkeypatch.setattr(app, "testing", False)
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/the/bimat-cua-the")

    assert answer.status_code == 500
    assert "/the/<token>" in caplog.text
    assert "bimat-cua-the" not in caplog.text


def test_a_failed_statement_is_logged_without_its_values(app: Flask) -> None:
    with pytest.raises(Exception, match="khong_co") as failed:
        db.session.execute(db.text("SELECT * FROM khong_co WHERE a = :a"), {"a": "bimat"})

    assert "bimat" not in str(failed.value)


def test_the_page_of_a_card_does_not_hand_its_address_on(client: FlaskClient) -> None:
    assert client.get("/the/x").headers["Referrer-Policy"] == "strict-origin"
    assert client.get("/").headers["Referrer-Policy"] == "same-origin"
