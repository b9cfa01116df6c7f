"""Who may begin an entry and hand it in, how many times, and that nobody else gets at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account, RoleGrant
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry
from contest.rules.permissions import Role
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.CODE_KEEPER])
def test_who_runs_or_judges_the_contest_cannot_enter_it(
    make_contest: Callable[..., Contest],
    make_account: Callable[..., Account],
    sign_in: Callable[..., FlaskClient],
    role: Role,
) -> None:
    contest, other = make_contest(), make_contest()
    client = sign_in(make_account("Người có vai", role, contest=contest))

    page = client.get(f"/cuoc-thi/{contest.slug}/du-thi")
    answer = client.post(f"/cuoc-thi/{contest.slug}/du-thi")

    assert "không dự thi được" in page.text
    assert answer.headers["Location"] == f"/cuoc-thi/{contest.slug}/du-thi"
    assert db.session.query(Entry).count() == 0
    assert client.post(f"/cuoc-thi/{other.slug}/du-thi").headers["Location"].endswith("/tac-pham")


def test_who_becomes_a_judge_while_writing_cannot_hand_in(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest()
    entry = kit.begin(pen, contest)
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    db.session.add(RoleGrant(account_id=person.id, role=Role.JUDGE, contest_id=contest.id, given_at=NOW))
    db.session.commit()

    assert kit.hand_in(pen, entry).status_code == 422
    db.session.expire_all()
    assert entry.state == "draft"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "draft"}, "hiện không nhận bài"),
        ({"opens_at": NOW + timedelta(days=4000), "closes_at": None}, "chưa mở nhận bài"),
        ({"closes_at": NOW}, "Đã hết hạn nộp bài"),
        ({"open_to_public": False}, "nhận bài qua đơn vị"),
    ],
)
def test_reasons_why_one_cannot_begin(
    make_contest: Callable[..., Contest], pen: FlaskClient, columns: dict[str, Any], words: str
) -> None:
    contest = make_contest(**columns)

    assert words in pen.get(f"/cuoc-thi/{contest.slug}/du-thi").text
    pen.post(f"/cuoc-thi/{contest.slug}/du-thi")
    assert db.session.query(Entry).count() == 0


def test_beginning_twice_goes_on_with_the_same_draft(make_contest: Callable[..., Contest], pen: FlaskClient) -> None:
    contest = make_contest()

    assert kit.begin(pen, contest).id == kit.begin(pen, contest).id


def test_the_limit_per_author_counts_what_was_handed_in(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest(max_per_author=1)
    kit.submitted(pen, contest, person)

    page = pen.get(f"/cuoc-thi/{contest.slug}/du-thi").text
    pen.post(f"/cuoc-thi/{contest.slug}/du-thi")

    assert "đã gửi đủ" in page
    assert db.session.query(Entry).count() == 1


def test_nobody_else_sees_or_changes_an_entry(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account,
    make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient], client: FlaskClient,
) -> None:  # fmt: skip
    contest = make_contest()
    entry = kit.submitted(pen, contest, person)
    stranger = sign_in(make_account("Người lạ"))
    judge = sign_in(make_account("Giám khảo", Role.JUDGE, contest=contest))
    base = f"/bai/{entry.public_id}"

    for path in (
        "",
        "/tac-pham",
        "/tac-gia",
        "/cam-ket",
        "/kiem-tra",
        "/bien-nhan",
        "/bien-nhan.pdf",
        "/ban/1",
        "/rut",
        "/nhap",
    ):
        assert stranger.get(base + path).status_code == 404
        assert judge.get(base + path).status_code == 404
        assert client.get(base + path, headers={"Accept": "text/html"}).status_code == 302
    for path in ("/tac-pham", "/tac-gia", "/cam-ket", "/nop", "/sua-bai", "/bo-ban-sua", "/rut", "/chon-ban", "/tep"):
        assert stranger.post(base + path, data={}).status_code == 404
