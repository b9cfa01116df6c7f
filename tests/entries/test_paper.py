"""What comes on paper, and what the secretariat writes down for others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient

from contest import jobs
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Author, Entry, RoundEntry
from tests.entries import kit
from tests.fixtures.makers import NOW


def test_a_paper_entry_gets_a_receipt_and_a_place(contest: Contest, desk: FlaskClient) -> None:
    data = {
        "title": "Bài viết tay", "pages": "120", "place": "Kệ 2, cặp 5", "received_at": "2024-09-09T08:30",
        "people-0-full_name": "Nông Thị Mây", "category_id": str(contest.categories[0].id), "pledged": "y",
    }  # fmt: skip

    answer = desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)
    jobs.run_due()

    assert answer.status_code == 302
    entry = db.session.query(Entry).one()
    assert (entry.channel, entry.state, entry.paper_pages, entry.paper_place) == (
        "paper",
        "submitted",
        120,
        "Kệ 2, cặp 5",
    )
    assert entry.receipt_code and entry.pledged_at and not entry.is_late
    assert db.session.query(Author).one().full_name == "Nông Thị Mây"
    copy = kit.copy_of(entry)
    assert "Bài nộp bản giấy" in copy.html and "Kệ 2" not in copy.html


def test_the_same_page_sent_twice_is_one_paper_entry(contest: Contest, desk: FlaskClient) -> None:
    at = f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay"
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', desk.get(at).text)
    assert once is not None
    data = {
        "title": "Bài viết tay", "pages": "3", "received_at": "2024-09-09T08:30", "people-0-full_name": "Nông Thị Mây",
        "category_id": str(contest.categories[0].id), "once": once[1],
    }  # fmt: skip

    answers = [desk.post(at, data=data) for _ in range(2)]
    desk.post(at, data={**data, "once": "khac"})

    assert answers[0].location == answers[1].location
    assert db.session.query(Entry).count() == 2


def test_a_page_of_one_secretary_brings_nobody_to_an_entry_of_others(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    theirs = make_entry(contest)
    data = {
        "title": "Bài viết tay", "pages": "3", "received_at": "2024-09-09T08:30", "people-0-full_name": "Nông Thị Mây",
        "category_id": str(contest.categories[0].id), "once": theirs.public_id,
    }  # fmt: skip

    answer = desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)

    assert answer.status_code == 302 and theirs.public_id not in answer.location
    assert db.session.query(Entry).count() == 2


def test_paper_is_not_received_on_a_day_to_come(contest: Contest, desk: FlaskClient) -> None:
    tomorrow = utcnow() + timedelta(days=1)
    data = {
        "title": "Bài viết tay", "pages": "3", "received_at": f"{tomorrow:%Y-%m-%dT%H:%M}",
        "people-0-full_name": "Nông Thị Mây", "category_id": str(contest.categories[0].id),
    }  # fmt: skip

    answer = desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)

    assert answer.status_code == 422 and "Ngày giờ nhận chưa đến" in answer.text
    assert db.session.query(Entry).count() == 0


def test_a_paper_entry_posted_after_the_deadline_is_flagged_late(contest: Contest, desk: FlaskClient) -> None:
    contest.closes_at = NOW
    db.session.commit()
    data = {
        "title": "Bài muộn", "pages": "3", "place": "", "received_at": "2024-09-20T08:30",
        "people-0-full_name": "Nông Thị Mây", "category_id": str(contest.categories[0].id),
        "files": [(BytesIO(kit.pdf(2)), "quet.pdf")],
    }  # fmt: skip

    desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)
    jobs.run_due()

    entry = db.session.query(Entry).one()
    assert entry.is_late
    assert len(kit.copy_of(entry).pages) == 2


def test_the_secretariat_may_write_down_a_withdrawal_after_the_codes(
    contest: Contest, desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    entry = make_entry(contest)
    taking_part = RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code="0417", created_at=NOW)
    db.session.add(taking_part)
    db.session.commit()

    desk.post(kit.at(contest, entry, "/rut"), data={"reason": "Đơn ngày 12/9/2024"})

    db.session.expire_all()
    assert (entry.state, taking_part.withdrawn_at is not None) == ("withdrawn", True)
