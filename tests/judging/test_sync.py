"""A batch of versions: what a tablet brings when its line is back."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Round
from contest.db import db
from contest.judging.models import Assignment, SheetVersion, Tablet
from contest.judging.queries import verify_ledger
from contest.judging.sync_actions import MOST_TABLETS
from contest.web.static import FOLDER
from tests.judging.conftest import FULL, Hall

BATCH = "/cham/dong-bo"


def item(sheet: Assignment, kind: str = "draft", **changed: Any) -> dict[str, Any]:
    body = {"sheet": sheet.public_id, "uuid": str(uuid4()), "kind": kind, "based_on": None, "marks": FULL}
    return {**body, "comment": "", "device": "may-1", "client_at": "2024-09-02T08:00:00+07:00", **changed}


def sync(client: FlaskClient, *items: dict[str, Any], **condition: Any) -> Any:
    return client.post(BATCH, json={"device": "may-1", "items": items, **condition})


def chain(sheet: Assignment) -> list[dict[str, Any]]:
    """A draft, a better one, and the sheet sent: each built on the one before."""
    first = item(sheet, marks={**FULL, "sang-tao": None})
    second = item(sheet, based_on=first["uuid"])
    return [first, second, item(sheet, "sent", based_on=second["uuid"])]


def test_versions_are_stored_in_the_order_they_were_written(hall: Hall, sign_in: Any) -> None:
    items = chain(hall.sheet)
    answer = sync(sign_in(hall.judge(2)), *items)

    results = answer.json["results"]
    assert [(one["uuid"], one["status"]) for one in results] == [(one["uuid"], 201) for one in items]
    assert [one["body"]["number"] for one in results] == [1, 2, 3]
    db.session.expire_all()
    assert (hall.sheet.state, hall.sheet.version_uuid) == ("sent", items[-1]["uuid"])
    assert verify_ledger(hall.contest) == []


def test_the_same_batch_again_stores_nothing_and_answers_alike(hall: Hall, sign_in: Any) -> None:
    client, items = sign_in(hall.judge(2)), chain(hall.sheet)
    first = sync(client, *items).json["results"]
    again = sync(client, *items).json["results"]

    assert [one["body"] for one in again] == [one["body"] for one in first]
    assert [one["status"] for one in again] == [200, 200, 200]
    assert db.session.query(SheetVersion).count() == 3


@pytest.mark.parametrize("corrected_to", ["45", "40"], ids=["something else", "what was refused"])
def test_what_was_refused_is_refused_again_when_its_batch_comes_once_more(
    hall: Hall, sign_in: Any, corrected_to: str
) -> None:
    """A line that delivers twice: what was written after the sending is no second device's, whatever came since."""
    client = sign_in(hall.judge(2))
    sent = item(hall.sheet, "sent")
    draft = item(hall.sheet, based_on=sent["uuid"], marks={**FULL, "noi-dung": "40"})
    later = item(hall.sheet, based_on=draft["uuid"], marks={**FULL, "noi-dung": "41"})
    marks = {**FULL, "noi-dung": corrected_to}
    corrected = item(hall.sheet, "correction", based_on=later["uuid"], marks=marks, reason="Cộng nhầm điểm.")
    first = sync(client, sent, draft, later, corrected).json["results"]
    again = sync(client, sent, draft, later, corrected).json["results"]
    alone = sync(client, draft).json["results"]

    assert [result["status"] for result in first] == [201, 409, 409, 201]
    assert [result["status"] for result in again] == [200, 409, 409, 200]
    assert again[1] == alone[0] == first[1]
    db.session.expire_all()
    stored = db.session.query(SheetVersion).order_by(SheetVersion.seq)
    assert [version.uuid for version in stored] == [sent["uuid"], corrected["uuid"]]
    assert not db.session.get_one(Assignment, hall.sheet.id).has_conflict


def test_a_batch_cut_short_by_the_line_goes_on_where_it_stopped(hall: Hall, sign_in: Any) -> None:
    client, items = sign_in(hall.judge(2)), chain(hall.sheet)
    sync(client, *items[:2])  # the answer to these never arrived
    results = sync(client, *items).json["results"]

    assert [one["status"] for one in results] == [200, 200, 201]


def test_one_refused_version_takes_no_other_with_it(make_hall: Any, sign_in: Any) -> None:
    hall = make_hall(entries=3)
    mine = [row[1] for row in hall.sheets]
    off = item(mine[1], marks={**FULL, "sang-tao": "99"})
    results = sync(sign_in(hall.judge(2)), item(mine[0]), off, item(mine[2])).json["results"]

    assert [one["status"] for one in results] == [201, 422, 201]
    assert results[1]["body"]["code"] == "bad_marks"
    assert "vượt quá thang điểm" in results[1]["body"]["detail"]
    assert db.session.query(SheetVersion).count() == 2


@pytest.mark.parametrize("whose", ["another judge's", "nobody's"])
def test_a_sheet_of_somebody_else_reads_like_one_that_never_was(hall: Hall, sign_in: Any, whose: str) -> None:
    other = hall.sheets[0][0] if whose == "another judge's" else None
    sheet = other.public_id if other else "0" * 32
    results = sync(sign_in(hall.judge(2)), item(hall.sheet) | {"sheet": sheet}).json["results"]

    assert [(one["status"], one["body"]["code"]) for one in results] == [(404, "no_sheet")]


def test_a_round_closed_meanwhile_answers_each_version(hall: Hall, sign_in: Any) -> None:
    client = sign_in(hall.judge(2))
    db.session.get_one(Round, hall.sheet.round_id).state = "closed"
    db.session.commit()
    results = sync(client, *chain(hall.sheet)).json["results"]

    assert {(one["status"], one["body"]["code"]) for one in results} == {(409, "round_closed")}


def test_sheets_of_two_contests_in_one_batch(make_hall: Any, make_panel: Any, sign_in: Any, make_contest: Any) -> None:
    first, second = make_hall(), make_hall()
    member = second.members[1]
    member.account_id = first.members[1].account_id
    db.session.commit()
    sign = sign_in(first.judge(2))
    results = sync(sign, item(second.sheet), item(first.sheet)).json["results"]

    assert [one["body"].get("code", "stored") for one in results] == ["not_a_judge", "stored"]


def test_the_secretary_learns_how_the_tablet_is(hall: Hall, sign_in: Any) -> None:
    client = sign_in(hall.judge(2))
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/90.0.4430.91 Safari/537.36"}
    say = {"device": "may-1", "battery": 17, "unsent": 4, "refused": 1, "kept": 30, "version": "1", "charging": False}
    client.post(BATCH, json={**say, "at": "2020-01-01T00:00:00+00:00"}, headers=agent)
    client.post(BATCH, json={**say, "battery": 16}, headers=agent)

    row = db.session.query(Tablet).one()
    assert (row.account_id, row.battery, row.unsent, row.refused, row.kept) == (hall.judge(2).id, 16, 4, 1, 30)
    assert (row.agent, row.clock_off) == ("Chrome/90", 0)


def test_tablets_are_kept_of_judges_only_and_not_without_end(hall: Hall, sign_in: Any, make_account: Any) -> None:
    sign_in(make_account()).post(BATCH, json={"device": "a"})
    client = sign_in(hall.judge(2))
    for number in range(MOST_TABLETS + 3):
        client.post(BATCH, json={"device": f"may-{number}"})

    kept = {row.device for row in db.session.query(Tablet)}
    assert kept == {f"may-{number}" for number in range(3, MOST_TABLETS + 3)}


def test_marks_of_another_judge_on_the_same_tablet_wait_for_that_judge(hall: Hall, sign_in: Any) -> None:
    client = sign_in(hall.judge(1))
    answer = sync(client, item(hall.sheet), owner=hall.judge(2).id)

    assert (answer.status_code, answer.json["code"]) == (401, "other_judge")
    assert client.get("/cham/phien").json["owner"] == hall.judge(1).id


def test_the_worker_knows_every_file_its_pages_load(hall: Hall, sign_in: Any) -> None:
    client = sign_in(hall.judge(2))
    worker = client.get("/cham-may.js")
    config = json.loads(worker.text.split("\n")[0].removeprefix("const CONFIG = ").rstrip(";"))

    assert worker.headers["Content-Type"].startswith("text/javascript")
    for page in ("/cham", f"/cham/{hall.sheet.public_id}", config["offline"]):
        for found in re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get(page).text):
            plain = found.split("?")[0] if found.split("?")[0].endswith(".js") else found
            assert plain in config["assets"] or "print.css" in found, found
    for asset in config["assets"]:
        assert (FOLDER / asset.split("?")[0].removeprefix("/static/")).is_file(), asset


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"device": ""},
        {"device": "x" * 65},
        {"device": "a", "items": {}},
        {"device": "a", "items": ["x"]},
        {"device": "a", "items": [{"sheet": 5}]},
        {"device": "a", "items": [{"sheet": "x", "uuid": "no", "kind": "draft"}]},
        {"device": "a", "items": [{"sheet": "\ud800", "uuid": "0" * 32, "kind": "draft", "marks": {}}]},
        {"device": "a", "items": [{"sheet": "\0", "uuid": "0" * 32, "kind": "draft", "marks": {}}]},
        {"device": "a", "items": [{}] * 51},
        {"device": "a", "unsent": -1},
        {"device": "a", "unsent": True},
        {"device": "a", "at": "yesterday"},
    ],
)
def test_rubbish_is_refused_whole(hall: Hall, sign_in: Any, body: Any) -> None:
    sent = json.dumps(body)  # in ASCII, as a stranger may write what is no text

    answer = sign_in(hall.judge(2)).post(BATCH, data=sent, content_type="application/json")

    assert answer.status_code == 400


def test_who_is_signed_out_is_told_so(hall: Hall, client: FlaskClient) -> None:
    answer = client.post(BATCH, json={"device": "a", "items": []}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
