"""A text longer than can be kept: which one, by how much, and that nothing typed is lost."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry
from tests.entries import kit

TITLE = "Tên tác phẩm: Dài 312 ký tự, nhiều nhất được 300. Hãy bớt 12 ký tự."
TEXT = "Bài viết: Dài 440.000 ký tự, nhiều nhất được 400.000. Hãy bớt 40.000 ký tự."
LONG_TITLE, LONG_TEXT = "tên " * 77 + "dài.", "chữ " * 109_999 + "dài."


@pytest.fixture
def entry(contest: Contest, pen: FlaskClient) -> Entry:
    return kit.begin(pen, contest)


@pytest.mark.parametrize(
    ("body", "said"), (({"title": LONG_TITLE}, TITLE), ({"text": LONG_TEXT}, TEXT)), ids=["title", "text"]
)
def test_the_script_is_told_which_one_and_by_how_much(
    pen: FlaskClient, entry: Entry, body: dict[str, Any], said: str
) -> None:
    answer = pen.post(f"/bai/{entry.public_id}/nhap", json={"title": "A", "text": "", "revision": 0, **body})

    assert (answer.status_code, answer.json["code"]) == (422, "too_long")
    assert answer.json["message"] == f"{said} Nội dung đã nhập vẫn được giữ trên máy này."
    db.session.expire_all()
    assert (entry.versions[0].title, entry.versions[0].text) == ("", "")


def test_a_text_is_measured_as_it_is_kept(pen: FlaskClient, entry: Entry) -> None:
    decomposed = "e\u0302\u0301" * 300

    answer = pen.post(f"/bai/{entry.public_id}/nhap", json={"title": decomposed, "text": "", "revision": 0})

    assert (answer.status_code, answer.json.get("title")) == (200, "ế" * 300)


def test_without_script_the_form_says_the_same_and_keeps_both(pen: FlaskClient, entry: Entry) -> None:
    answer = kit.write(pen, entry, title=LONG_TITLE, text=LONG_TEXT)

    assert answer.status_code == 422
    assert TITLE.split(": ")[1] in answer.text and TEXT.split(": ")[1] in answer.text
    assert LONG_TITLE in answer.text and LONG_TEXT in answer.text


LONG_FILE = "Tệp bai.txt dài quá 1.000.000 ký tự. Hãy bớt nội dung rồi chọn lại."
LONG_TOGETHER = "Các tệp của bài cộng lại dài quá 1.000.000 ký tự. Hãy bỏ bớt tệp rồi thêm lại."


def _send(client: FlaskClient, entry: Entry, data: bytes, name: str = "bai.txt") -> Any:
    fields = {"uuid": str(uuid.uuid4()), "file": (BytesIO(data), name)}
    return client.post(f"/bai/{entry.public_id}/tep", data=fields, headers={"Accept": "application/json"})


def test_a_file_holds_no_more_text_than_can_be_looked_through_while_others_wait(pen: FlaskClient, entry: Entry) -> None:
    answer = _send(pen, entry, b"lang " * 200_001)

    assert (answer.status_code, answer.json["message"]) == (422, LONG_FILE)
    assert _send(pen, entry, b"lang " * 200_000).status_code == 200


def test_neither_do_the_files_of_an_entry_together(pen: FlaskClient, entry: Entry) -> None:
    first = _send(pen, entry, b"lang " * 120_000)
    second = _send(pen, entry, b"ban " * 120_000, "bai 2.txt")
    third = _send(pen, entry, b"ban " * 90_000, "bai 2.txt")

    assert (first.status_code, third.status_code) == (200, 200)
    assert (second.status_code, second.json["message"]) == (409, LONG_TOGETHER)
    assert [file.name for file in entry.versions[0].files] == ["bai.txt", "bai 2.txt"]


def test_a_header_counts_as_well(pen: FlaskClient, entry: Entry) -> None:
    answer = _send(pen, entry, kit.docx("Bài.", header="lang " * 200_001), "bai.docx")

    assert (answer.status_code, answer.json["code"]) == (422, "too_much_text")
