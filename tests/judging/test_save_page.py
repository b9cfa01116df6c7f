"""POST /cham/<sheet>/phieu: what a device sends and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.db import db
from contest.judging.models import SheetVersion
from contest.rules.permissions import Role
from tests.judging.conftest import FULL, Hall, statements_of

SignIn = Callable[[Account], FlaskClient]


def body(kind: str = "draft", **values: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()), "based_on": None, "kind": kind, "marks": FULL, "comment": "", "reason": "",
        "device": "máy 1", "client_at": "2024-09-10T09:00:00+07:00", **values,
    }  # fmt: skip


def post(client: FlaskClient, hall: Hall, document: Any, **headers: Any) -> Any:
    return client.post(f"/cham/{hall.sheet.public_id}/phieu", json=document, **headers)


def test_a_save_is_answered_with_what_the_server_stored(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))
    document = body(marks={"noi-dung": "52,5", "sang-tao": "8.0"}, comment="Tốt")

    first = post(client, hall, document)
    again = post(client, hall, document)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    answer = dict(first.json)
    server_at = answer.pop("server_at")
    assert answer == {
        "version": document["uuid"], "number": 1, "kind": "draft", "state": "begun", "holds": True, "comment": "Tốt",
        "marks": {"noi-dung": "52.5", "hinh-thuc": None, "sang-tao": "8"}, "total": "60.5", "missing": ["hinh-thuc"],
    }  # fmt: skip
    stored = db.session.query(SheetVersion).one()
    assert (server_at, stored.device) == (stored.server_at.isoformat(), "máy 1")
    assert stored.client_at.isoformat() == "2024-09-10T02:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    (
        ({"kind": "sent", "marks": {}}, 422, "missing_marks"),
        ({"marks": {"noi-dung": "60,25"}}, 422, "bad_marks"),
        ({"marks": {"noi-dung": 52.5}}, 422, "bad_marks"),
        ({"marks": []}, 400, "bad_request"),
        ({"kind": "pick"}, 400, "bad_request"),
        ({"kind": ["draft"]}, 400, "bad_request"),
        ({"marks": {"noi\x00dung": "1"}}, 400, "bad_request"),
        ({"uuid": "x"}, 400, "bad_request"),
        ({"uuid": None}, 400, "bad_request"),
        ({"based_on": 7}, 400, "bad_request"),
        ({"comment": "x" * 5001}, 400, "bad_request"),
        ({"comment": ["x"]}, 400, "bad_request"),
        ({"client_at": "2024-09-10T09:00:00"}, 400, "bad_request"),
        ({"client_at": "0001-01-01T00:00:00+14:00"}, 400, "bad_request"),
        ({"kind": "correction"}, 422, "reason_needed"),
        ({"kind": "confirmed", "marks": {}}, 409, "not_asked"),
    ),
)
def test_a_refusal_is_a_problem_with_a_code_and_words(
    hall: Hall, sign_in: SignIn, change: dict[str, Any], status: int, code: str
) -> None:
    answer = post(sign_in(hall.judge(2)), hall, body(**change))

    assert (answer.status_code, answer.json["code"], answer.content_type) == (status, code, "application/problem+json")
    assert answer.json["detail"]
    assert db.session.query(SheetVersion).count() == 0


def test_marks_off_the_scale_are_explained(hall: Hall, sign_in: SignIn) -> None:
    answer = post(sign_in(hall.judge(2)), hall, body(marks={"noi-dung": "52.3"}))

    assert answer.json["faults"] == [
        {
            "criterion": "noi-dung", "code": "off_step", "below": "52", "above": "52.5", "max": "60", "step": "0.5",
            "detail": "Nội dung: điểm lẻ đến 0,5; gần nhất là 52 hoặc 52,5.",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("payload", (b"", b"[]", b"{", b"null", b'"x"', b'{"uuid": "\xff"}'))
def test_what_is_no_save_is_refused(hall: Hall, sign_in: SignIn, payload: bytes) -> None:
    answer = sign_in(hall.judge(2)).post(
        f"/cham/{hall.sheet.public_id}/phieu", data=payload, content_type="application/json"
    )

    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_huge_body_is_refused(hall: Hall, sign_in: SignIn) -> None:
    answer = post(sign_in(hall.judge(2)), hall, body(comment="x" * 70_000))

    assert answer.status_code == 413


def test_text_is_kept_in_one_form_without_what_cannot_be_stored(hall: Hall, sign_in: SignIn) -> None:
    answer = post(sign_in(hall.judge(2)), hall, body(comment="Tô\u0301t\x00 \u202elắm\r\nhai dòng"))

    assert answer.json["comment"] == "Tốt lắm\nhai dòng"


def test_who_may_not_save(hall: Hall, make_hall: Any, make_account: Any, sign_in: SignIn, client: FlaskClient) -> None:
    other = make_hall()

    assert post(client, hall, body()).status_code == 401
    assert post(sign_in(hall.judge(1)), hall, body()).status_code == 404
    assert post(sign_in(other.judge(2)), hall, body()).status_code == 404
    assert (
        post(sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest)), hall, body()).status_code
        == 404
    )
    assert db.session.query(SheetVersion).count() == 0


def test_a_closed_round_says_that_nothing_typed_is_lost(hall: Hall, sign_in: SignIn) -> None:
    db.session.get(Round, hall.sheet.round_id).state = "closed"
    db.session.commit()

    answer = post(sign_in(hall.judge(2)), hall, body())

    assert (answer.status_code, answer.json["code"]) == (409, "round_closed")
    assert answer.json["detail"] == "Vòng chấm đã đóng. Điểm đã nhập vẫn được giữ trên máy này; hãy báo Tổ Thư ký."


def test_the_form_token_is_asked_for(app: Any, hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        refused = post(client, hall, body())
        page = client.get(f"/cham/{hall.sheet.public_id}").text
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        taken = post(client, hall, body(), headers={"X-CSRFToken": token})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (refused.status_code, "code" in refused.json, taken.status_code) == (400, False, 201)


def test_a_save_takes_few_statements_however_many_sheets_there_are(make_hall: Any, sign_in: SignIn) -> None:
    counts = []
    for entries in (1, 30):
        hall = make_hall(entries=entries)
        client = sign_in(hall.judge(2))
        post(client, hall, body())  # the rules are read once, and the chain is made
        based, place = hall.sheet.version_uuid, hall.sheet.public_id
        db.session.remove()
        address, answer = f"/cham/{place}/phieu", body("sent", based_on=based)
        with statements_of() as statements:
            assert client.post(address, json=answer).status_code == 201
        counts.append(len(statements))

    # Who asks, the sheet, and three writes. PostgreSQL locks first, and does the writes in one.
    assert counts == ([4, 4] if db.engine.dialect.name == "postgresql" else [5, 5])
