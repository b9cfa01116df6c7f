"""The page of categories: what is emptied goes only where nobody has chosen it, and the page says which went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Category, Contest
from contest.db import db
from contest.rules.permissions import Role

Make = Callable[..., Any]


@pytest.fixture
def running(make_contest: Make) -> Contest:
    """An announced contest of two categories."""
    contest = make_contest()
    if len(contest.categories) < 2:
        contest.categories.append(Category(position=2, key="mo-hinh", name="Mô hình"))
        db.session.commit()
    return contest  # type: ignore[no-any-return]


@pytest.fixture
def its_organiser(running: Contest, make_account: Make, sign_in: Make) -> FlaskClient:
    return sign_in(make_account("Lê Thị Thu", Role.ORGANISER, contest=running))  # type: ignore[no-any-return]


def _save(client: FlaskClient, contest: Contest, rows: list[tuple[str, str]]) -> Any:
    fields = [(f"rows-{n}-key", key, f"rows-{n}-name", name) for n, (key, name) in enumerate(rows)]
    data = {field: value for a, key, b, name in fields for field, value in ((a, key), (b, name))}
    return client.post(f"/cuoc-thi/{contest.slug}/thiet-lap/the-loai", data=data, follow_redirects=True)


def _names(contest: Contest) -> list[str]:
    db.session.expire_all()
    return [item.name for item in contest.categories]


def test_an_emptied_category_somebody_chose_stays_and_the_page_says_so_in_its_line(
    running: Contest, its_organiser: FlaskClient, make_entry: Make
) -> None:
    make_entry(running)
    used, free = running.categories
    before = _names(running)

    answer = _save(its_organiser, running, [(used.key, ""), (free.key, ""), ("", "Phóng sự")])

    assert (answer.status_code, _names(running)) == (422, before)
    page = answer.text
    assert page.count("Đã có người dự thi chọn thể loại này nên không bỏ được") == 2  # the summary and the line
    assert 'id="rows-0-name-error"' in page and 'id="rows-1-name-error"' not in page
    assert f'value="{used.name}"' in page
    assert "Có mục chưa đúng" not in page


def test_an_announced_contest_keeps_a_category(running: Contest, its_organiser: FlaskClient) -> None:
    before = _names(running)

    answer = _save(its_organiser, running, [(item.key, "") for item in running.categories])

    assert (answer.status_code, _names(running)) == (422, before)
    assert "phải còn ít nhất một thể loại" in answer.text
    assert 'href="#rows-0-name"' in answer.text and 'id="rows-0-name-error"' in answer.text
    assert f'value="{before[0]}"' in answer.text and "Rows" not in answer.text


def test_the_page_says_which_categories_went(running: Contest, its_organiser: FlaskClient) -> None:
    first, second = running.categories
    gone = second.name

    answer = _save(its_organiser, running, [(first.key, first.name), (second.key, "")])

    assert _names(running) == [first.name]
    assert f"Đã bỏ thể loại: {gone}." in answer.text


def test_a_draft_without_categories_is_told_what_it_needs(draft: Contest, organiser: FlaskClient) -> None:
    answer = _save(organiser, draft, [(item.key, "") for item in draft.categories])

    assert _names(draft) == []
    assert "Cần ít nhất một thể loại mới công bố được cuộc thi." in answer.text


def test_an_older_window_does_not_take_away_what_another_added(running: Contest, its_organiser: FlaskClient) -> None:
    """Only an emptied line leaves a category out; one that the page never showed stays."""
    shown = [(item.key, item.name) for item in running.categories]
    _save(its_organiser, running, [*shown, ("", "Phóng sự")])

    _save(its_organiser, running, [(shown[0][0], "Tên mới"), *shown[1:]])

    assert _names(running) == ["Tên mới", *(name for _key, name in shown[1:]), "Phóng sự"]
