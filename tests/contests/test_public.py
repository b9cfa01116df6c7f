"""The state line: right at every instant, silent about grace; the page kept only while it is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests import public, words
from contest.contests.forms import dates_from
from contest.contests.models import Contest
from contest.contests.templates_data import TWO_ROUNDS
from contest.db import db, utcnow
from contest.rules.deadlines import last_instant

Make = Callable[..., Any]
OPENS = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
CLOSES = datetime(2024, 6, 15, 17, 0, tzinfo=UTC)  # hết ngày 15/6


def _contest(make_contest: Make, **columns: Any) -> Contest:
    values = {"rules": TWO_ROUNDS, "frozen": False, "opens_at": OPENS, "closes_at": CLOSES, "grace_minutes": 15}
    return make_contest(**{**values, **columns})  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("now", "columns", "said"),
    [
        (OPENS - timedelta(seconds=1), {}, ("not_yet", "Chưa nhận bài", "nhận bài từ 01/3/2024, 8 giờ 00")),
        (OPENS, {}, ("open", "Đang nhận bài", "còn 106 ngày")),
        (CLOSES - timedelta(hours=47), {}, ("open", "Đang nhận bài", "còn 1 ngày 23 giờ")),
        (CLOSES - timedelta(minutes=61), {}, ("open", "Đang nhận bài", "còn 1 giờ 1 phút")),
        (CLOSES - timedelta(seconds=20), {}, ("open", "Đang nhận bài", "còn 1 phút")),
        (CLOSES, {}, ("closed", "Đã hết hạn nộp bài", "từ 15/6/2024")),
        (CLOSES + timedelta(minutes=5), {"accepts_late": True}, ("late", "Đã hết hạn nộp bài",
         "bài nộp muộn vẫn được nhận và được ghi chú")),
        (CLOSES, {"frozen": True, "results_on": date(2024, 10, 1)}, ("judging", "Đang chấm bài",
         "dự kiến công bố kết quả ngày 01/10/2024")),
        (CLOSES, {"frozen": True, "results_on": date(2024, 6, 16)}, ("judging", "Đang chấm bài",
         "dự kiến công bố kết quả ngày 16/6/2024")),
        (CLOSES + timedelta(days=1), {"frozen": True, "results_on": date(2024, 6, 16)},
         ("judging", "Đang chấm bài", "")),
        (CLOSES, {"results_published_at": CLOSES}, ("published", "Đã công bố kết quả", "16/6/2024")),
        (OPENS, {"state": "draft"}, ("draft", "Đang soạn, chưa công bố", "")),
        (CLOSES, {"state": "archived"}, ("archived", "Đã kết thúc", "")),
    ],
)  # fmt: skip
def test_the_state_line(make_contest: Make, now: datetime, columns: dict[str, Any], said: tuple[str, str, str]) -> None:
    found = public.standing(_contest(make_contest, **columns), now=now)

    assert (found.stage, found.text, found.more) == said


def test_grace_is_promised_to_nobody(make_contest: Make) -> None:
    found = public.standing(_contest(make_contest), now=CLOSES + timedelta(minutes=1))

    assert not found.takes_entries
    assert "15" not in found.more.replace("15/6/2024", "")


def test_a_kept_page_is_drawn_again_when_its_state_changes(make_contest: Make, client: FlaskClient) -> None:
    contest = make_contest(closes_at=utcnow() + timedelta(days=5, minutes=1))
    address = f"/cuoc-thi/{contest.slug}"

    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    contest.closes_at = utcnow() - timedelta(hours=1)  # as if time had passed: the version stays
    db.session.commit()
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert "Đang nhận bài" in first.text
    assert (again.status_code, "Đã hết hạn nộp bài" in again.text) == (200, False)
    assert "Đang chấm bài" in again.text


def test_the_public_page_is_small(make_contest: Make, client: FlaskClient) -> None:
    contest = make_contest(rules_html="<p>" + "Thể lệ. " * 4000 + "</p>")

    assert len(client.get(f"/cuoc-thi/{contest.slug}").data) < 60_000


def test_dates_in_order_with_today(make_contest: Make) -> None:
    contest = _contest(make_contest, results_on=date(2024, 10, 1), awards_on=date(2024, 10, 15))
    contest.rounds[0].marks_due_at = last_instant("by", date(2024, 8, 31))

    line = public.dates_line(contest, now=datetime(2024, 6, 1, tzinfo=UTC))

    assert line is not None
    assert [(point.label, point.date, point.state) for point in line.points] == [
        ("Nhận bài", "01/3/2024", "done"), ("Hạn nộp bài", "15/6/2024", "now"),
        ("Chấm xong sơ khảo", "31/8/2024", "next"),
        ("Ngày công bố kết quả", "01/10/2024", "next"), ("Tổng kết, trao giải", "15/10/2024", "next"),
    ]  # fmt: skip


def test_a_message_to_share_says_what_by_when_and_where(make_contest: Make) -> None:
    contest = _contest(make_contest, about="Gương tốt.")

    assert public.share_message(contest, TWO_ROUNDS, url="http://a.vn/x", now=OPENS).split("\n") == [
        "CUỘC THI VIẾT VỀ DÂN VẬN KHÉO",
        "Gương tốt.",
        "Hạn nộp bài: hết ngày 15/6/2024.",
        "Giải thưởng: 1 giải Nhất, 2 giải Nhì, 3 giải Ba, 5 giải Khuyến khích; 3 giải Tập thể.",
        "Thể lệ và nộp bài: http://a.vn/x",
    ]


@pytest.mark.parametrize(
    ("kind", "closes", "day", "at"),
    [
        ("by", "2024-06-15T17:00:00+00:00", "2024-06-15", None),
        ("by", "2024-06-15T10:01:00+00:00", "2024-06-15", "17:00:00"),
        ("before", "2024-06-14T17:00:00+00:00", "2024-06-15", None),
        ("before", "2024-06-15T10:00:00+00:00", "2024-06-15", "17:00:00"),
        ("within_month", "2024-06-30T17:00:00+00:00", "2024-06-30", None),
    ],
)
def test_a_deadline_is_edited_as_it_was_written(
    make_contest: Make, kind: str, closes: str, day: str, at: str | None
) -> None:
    contest = _contest(make_contest, closes_kind=kind, closes_at=datetime.fromisoformat(closes))

    shown = dates_from(contest)

    assert (str(shown["closes_on"]), shown["closes_time"] and str(shown["closes_time"])) == (day, at)
    assert last_instant(kind, shown["closes_on"], shown["closes_time"]) == contest.closes_at


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"min_words": None, "max_words": 3000}, "Không quá 3.000 chữ."),
        ({"min_words": 500, "max_words": None}, "Từ 500 chữ trở lên."),
        ({"min_words": None, "max_words": None}, "Không giới hạn số chữ."),
    ],
)
def test_lengths_in_words(make_contest: Make, columns: dict[str, Any], said: str) -> None:
    assert words.how_long(_contest(make_contest, **columns)) == said
