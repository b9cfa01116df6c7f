"""The page of large differences: who stands out, in which order, for whom; and nothing of an entry yet to be marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.judging import actions
from contest.judging.apart_shown import figure
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, save, statements_of

SignIn = Callable[[Account], FlaskClient]


def path(hall: Hall, rest: str = "chenh-lech") -> str:
    return f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/{rest}"


def codes(text: str) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a href="[^"]*">(\d+)</a>', text)


def outs(text: str) -> list[str]:
    """The judges drawn as standing out, by row."""
    return re.findall(r'<circle class="is-out"[^>]*><title>(J\d+): ', text)


@pytest.fixture
def hall(make_hall: Any) -> Hall:
    """0417: J2 32,5 below; 0418: agreed; 0419: J3 20 above; 0420: J2 apart in one criterion only; 0421: one sheet."""
    hall = make_hall(entries=5, judges=3)
    for row, second, third in (
        (0, {"noi-dung": "20"}, {}), (1, {}, {}), (2, {"noi-dung": "40"}, {"noi-dung": "60"}),
        (3, {"sang-tao": "2"}, {}),
    ):  # fmt: skip
        first = {"noi-dung": "40"} if row == 2 else {}
        for judge, marks in enumerate((first, second, third)):
            save(hall.sheets[row][judge], hall.judge(judge + 1), "sent", marks={**FULL, **marks})
    save(hall.sheets[4][0], hall.judge(1), "sent")
    db.session.commit()
    return hall


@pytest.fixture
def secretary(hall: Hall, make_account: Any, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))


def test_what_needs_a_look_comes_first_with_who_stands_out(hall: Hall, secretary: FlaskClient) -> None:
    text = secretary.get(path(hall)).text

    assert codes(text) == ["0417", "0419"]
    assert outs(text) == ["J2", "J3"]
    assert "−32,5" in text and 'bỏ J2: <span class="num">+10,83</span>' in re.sub(r"\s+", " ", text)
    assert "Nội dung: J2" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    (
        ("?xem=tieu-chi", ["0420", "0417"]),
        ("?xem=tieu-chi&gk=J2", ["0420", "0417"]),
        ("?xem=tat-ca", ["0417", "0419", "0420", "0418"]),
        ("?xem=tat-ca&xep=ma", ["0417", "0418", "0419", "0420"]),
        ("?xem=tat-ca&xep=tieu-chi", ["0420", "0417", "0419", "0418"]),
        ("?gk=J3", ["0419"]),
        ("?gk=J9&xep=khong-co&xem=gi-do&trang=99", ["0417", "0419"]),
    ),
)
def test_it_is_filtered_and_sorted(hall: Hall, secretary: FlaskClient, query: str, expected: list[str]) -> None:
    assert codes(secretary.get(path(hall, f"chenh-lech{query}")).text) == expected


def test_a_second_look_is_a_reason_to_look(hall: Hall, secretary: FlaskClient) -> None:
    actions.ask_second_look(hall.sheets[1][0], hall.contest, reason="Đọc lại", account=hall.judge(1), now=NOW)
    db.session.commit()

    assert codes(secretary.get(path(hall)).text) == ["0417", "0419", "0418"]


def test_the_head_judge_learns_nothing_of_an_entry_yet_to_be_marked(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(entries=2, judges=3)
    for entry in hall.sheets:
        save(entry[1], hall.judge(2), "sent", marks={**FULL, "noi-dung": "10"})
        save(entry[2], hall.judge(3), "sent")
    save(hall.sheets[0][0], hall.judge(1), "sent")
    db.session.commit()

    text = sign_in(hall.judge(1)).get(path(hall, "chenh-lech?xem=tat-ca")).text

    assert codes(text) == ["0417"]
    assert "1 bài đồng chí chưa gửi phiếu không hiện ở đây." in text


def test_the_board_says_how_many_and_leads_there(hall: Hall, secretary: FlaskClient) -> None:
    board = secretary.get(path(hall, "tien-do")).text

    assert "Bài cần xem: 2 bài lệch nhiều" in board and path(hall) in board


def test_who_may_not_see_differences_finds_no_page(hall: Hall, make_account: Any, sign_in: SignIn) -> None:
    organiser = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=hall.contest))

    assert organiser.get(path(hall)).status_code == sign_in(hall.judge(2)).get(path(hall)).status_code == 403
    assert "chenh-lech" not in organiser.get(path(hall, "tien-do")).text


def test_nothing_to_show_says_when_something_will_be(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall()
    client = sign_in(hall.judge(1))

    assert "Chưa có bài nào đủ hai phiếu đã gửi" in client.get(path(hall)).text
    for judge in (1, 2):
        save(hall.sheets[0][judge - 1], hall.judge(judge), "sent")
    db.session.commit()
    assert "Không có bài nào lệch nhiều" in client.get(path(hall)).text
    assert "Không có bài nào lệch ở một tiêu chí" in client.get(path(hall, "chenh-lech?xem=tieu-chi")).text


def test_long_lists_come_in_pages_with_as_many_queries(make_hall: Any, make_account: Any, sign_in: SignIn) -> None:
    counts = []
    for entries in (3, 60):
        hall = make_hall(entries=entries)
        for one, two in hall.sheets:
            save(one, hall.judge(1), "sent")
            save(two, hall.judge(2), "sent", marks={**FULL, "noi-dung": "10"})
        visitor = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
        visitor.get(path(hall))
        db.session.remove()
        with statements_of() as statements:
            text = visitor.get(path(hall)).text
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert len(codes(text)) == 50 and "trang=2" in text
    assert len(codes(visitor.get(path(hall, "chenh-lech?trang=2")).text)) == 10


@pytest.mark.parametrize(
    ("value", "text"), ((Fraction(10, 3), "3.33"), (Fraction(-1, 200), "-0.01"), (Fraction(2), "2"))
)
def test_a_figure_to_print(value: Fraction, text: str) -> None:
    assert str(figure(value)) == text
