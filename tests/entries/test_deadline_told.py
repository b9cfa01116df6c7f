"""What the steps say when the deadline has gone by and something can still be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Entry
from tests.entries import kit

STEPS = ("tac-pham", "tac-gia", "cam-ket", "kiem-tra")
GRACE = "lúc này vẫn nộp được, hãy nộp ngay"
LATE = "bài nộp muộn vẫn được nhận và được ghi chú"


@pytest.fixture
def written(make_contest: Callable[..., Contest], pen: FlaskClient) -> Entry:
    entry = kit.begin(pen, make_contest(grace_minutes=10, accepts_late=True))
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    return entry


def _over(entry: Entry, minutes: int, *, accepts_late: bool = True) -> None:
    entry.contest.closes_at = utcnow() - timedelta(minutes=minutes)
    entry.contest.accepts_late = accepts_late
    db.session.commit()


@pytest.mark.parametrize(("minutes", "said", "not_said"), ((-60, "còn", GRACE), (5, GRACE, LATE), (15, LATE, GRACE)))
def test_who_may_still_hand_in_is_told_so(
    written: Entry, pen: FlaskClient, minutes: int, said: str, not_said: str
) -> None:
    _over(written, minutes)

    for page in (f"/bai/{written.public_id}/tac-pham", f"/bai/{written.public_id}/kiem-tra", "/bai-cua-toi"):
        text = pen.get(page).text
        assert said in text and not_said not in text, page


def test_changes_are_promised_only_before_the_deadline(written: Entry, pen: FlaskClient) -> None:
    before = pen.get(f"/bai/{written.public_id}/kiem-tra").text
    _over(written, 5)

    after = pen.get(f"/bai/{written.public_id}/kiem-tra").text

    assert "Trước hạn nộp vẫn sửa" in before and "Trước hạn nộp vẫn sửa" not in after
    assert "Bấm “Nộp bài” để gửi." in after


def test_every_step_says_that_it_is_over(written: Entry, pen: FlaskClient) -> None:
    _over(written, 15, accepts_late=False)

    for step in STEPS:
        assert "Đã hết hạn nộp bài" in pen.get(f"/bai/{written.public_id}/{step}").text, step


def test_a_page_that_stayed_open_is_told_with_the_next_save(written: Entry, pen: FlaskClient) -> None:
    body = {"title": "A", "text": "mới", "revision": int(kit.draft_number(written))}
    before = pen.post(f"/bai/{written.public_id}/nhap", json=body).json
    _over(written, 15, accepts_late=False)

    after = pen.post(f"/bai/{written.public_id}/nhap", json=body | {"text": "nữa", "revision": before["revision"]}).json

    assert "Hạn nộp" in before["closing"] and "Đã hết hạn nộp bài" in after["closing"]
    assert after["text"] == "nữa"


def test_a_work_given_back_is_told_its_own_day(written: Entry, pen: FlaskClient) -> None:
    kit.hand_in(pen, written)
    db.session.expire_all()
    written.screening, written.edit_until = "returned", utcnow() + timedelta(days=2, minutes=1)
    _over(written, 60, accepts_late=False)

    pen.post(f"/bai/{written.public_id}/sua-bai")
    page = pen.get(f"/bai/{written.public_id}/tac-pham").text

    assert "Bài được trả lại để sửa. Hạn sửa và nộp lại:" in page and "còn 2 ngày 0 giờ" in page
    assert "đã hết hạn" not in page


def test_the_official_wording_stands_on_vietnamese_pages_only(written: Entry, pen: FlaskClient) -> None:
    written.contest.closes_wording = "chậm nhất ngày 29/12/2099"
    written.contest.closes_at = datetime(2099, 12, 29, 17, tzinfo=UTC)
    db.session.commit()
    address = f"/bai/{written.public_id}/tac-pham"

    vietnamese = pen.get(address).text
    pen.set_cookie("lang", "en")
    english = pen.get(address).text

    assert "Hạn nộp: chậm nhất ngày 29/12/2099" in vietnamese
    assert "Deadline: the end of 29 Dec 2099" in english and "chậm nhất" not in english
