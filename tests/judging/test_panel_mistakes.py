"""What the panel's page answers to mistakes people make: nothing ticked, odd numbers, twice pressed, an old page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Category
from contest.db import db, utcnow
from contest.entries.models import Entry
from contest.judging.models import JudgeTopic
from tests.judging.conftest import assign_all

SignIn = Callable[[Any], FlaskClient]


def path(contest: Any, rest: str, key: str = "so-khao") -> str:
    return f"/cuoc-thi/{contest.slug}/vong/{key}/{rest}"


def test_adding_nobody_is_said_at_the_list(waiting: Any, make_account: Any, sign_in: SignIn) -> None:
    contest, _round, members, secretary = waiting(2, 2)
    make_account("Vi Văn Thắng", "judge", contest=contest)
    client = sign_in(secretary)

    empty = client.post(path(contest, "giam-khao/them"))
    again = client.post(
        path(contest, "giam-khao/them"), data={"account": str(members[0].account_id)}, follow_redirects=True
    )

    assert empty.status_code == 422 and "Chưa chọn ai." in empty.text
    assert "Đã thêm 0" not in again.text and "Không thêm ai" in again.text


@pytest.mark.parametrize("typed", ["abc", "0", "-3", "3,5"])
def test_a_greatest_load_that_is_none_is_said_at_its_field(waiting: Any, sign_in: SignIn, typed: str) -> None:
    contest, _round, members, secretary = waiting(2, 2)

    answer = sign_in(secretary).post(path(contest, "giam-khao/J2/sua"), data={"max_entries": typed})

    assert (answer.status_code, members[1].max_entries) == (422, None)
    assert f'value="{typed}"' in answer.text
    assert answer.text.count('id="load-error"') == 1 and "một số từ 1 trở lên" in answer.text


def test_leaving_twice_says_that_nothing_changed(waiting: Any, sign_in: SignIn) -> None:
    contest, _round, _members, secretary = waiting(2, 3)
    client = sign_in(secretary)
    client.post(path(contest, "giam-khao/J3/thoi"), data={"reason": "Ốm"})

    again = client.post(path(contest, "giam-khao/J3/thoi"), data={"reason": "Bận"}, follow_redirects=True).text

    assert "thôi tham gia từ trước; không có gì thay đổi" in again
    assert "Bận" not in again


@pytest.mark.parametrize("state", ["closed", "confirmed"])
def test_from_an_old_page_nobody_leaves_a_closed_round(waiting: Any, sign_in: SignIn, state: str) -> None:
    contest, round_, members, secretary = waiting(2, 3)
    round_.state = state
    db.session.commit()

    answer = sign_in(secretary).post(path(contest, "giam-khao/J3/thoi"), data={"reason": "Ốm"}, follow_redirects=True)

    assert members[2].left_at is None
    assert "Vòng chấm đã đóng." in answer.text


def test_a_day_that_is_none_is_said_at_its_field_and_a_past_one_is_told(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(2, 2)
    assign_all(contest, round_, secretary)
    client = sign_in(secretary)

    wrong = client.post(path(contest, "mo"), data={"due_on": "31/02/2027"})
    past = client.post(path(contest, "mo"), data={"due_on": "01/01/2020"}, follow_redirects=True)

    assert wrong.status_code == 422 and 'id="due_on-error"' in wrong.text and 'value="31/02/2027"' in wrong.text
    assert "Hạn chấm đã qua rồi." in past.text


def test_a_day_to_come_is_not_called_past(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(2, 2)
    assign_all(contest, round_, secretary)
    day = (utcnow() + timedelta(days=3)).date().isoformat()

    opened = sign_in(secretary).post(path(contest, "mo"), data={"due_on": day}, follow_redirects=True)

    assert "Đã mở vòng chấm." in opened.text and "Hạn chấm đã qua" not in opened.text


def test_what_judges_know_well_is_not_undone_by_an_older_page(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(2, 2)
    film = Category(contest_id=contest.id, position=9, key="phim", name="Phim")
    db.session.add(film)
    db.session.flush()
    db.session.query(Entry).filter(Entry.contest_id == contest.id).first().category_id = film.id
    assign_all(contest, round_, secretary)
    db.session.commit()
    client, topic = sign_in(secretary), f"category-{film.id}"
    shown = {"was-J1": "", "was-J2": ""}

    said = client.post(path(contest, "giam-khao/so-truong"), data={**shown, "topic-J1": topic}, follow_redirects=True)
    client.post(path(contest, "giam-khao/so-truong"), data={**shown, "topic-J2": topic})
    both = db.session.query(JudgeTopic).count()
    client.post(path(contest, "giam-khao/so-truong"), data={"was-J1": topic, "was-J2": topic, "topic-J2": topic})

    assert (both, db.session.query(JudgeTopic).count()) == (2, 1)
    assert "Phiếu đã giao giữ nguyên" in said.text
    assert f'name="was-J2" value="{topic}"' in client.get(path(contest, "giam-khao")).text


def test_a_round_closed_since_is_not_asked_to_close(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(2, 2)
    client = sign_in(secretary)
    round_.state = "open"
    db.session.commit()
    asked = client.get(path(contest, "tien-do?hoi=dong")).text
    round_.state = "closed"
    db.session.commit()

    assert "Đóng vòng chấm Sơ khảo?" in asked
    assert "Đóng vòng chấm Sơ khảo?" not in client.get(path(contest, "tien-do?hoi=dong")).text
