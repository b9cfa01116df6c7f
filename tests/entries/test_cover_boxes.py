"""Boxes the secretary draws over a page of the judge's copy."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest import jobs
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.copies import MOST_BOXES, boxes_of
from contest.entries.models import Entry, JudgeCopy
from contest.rules.permissions import Role
from contest.storage import storage
from tests.entries import kit

NAME, STAMP = [100, 50, 500, 120], [600, 800, 900, 950]


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def desk(contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest))


@pytest.fixture
def entry(contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> Entry:
    author = make_account("Hoàng Văn Páo", email="pao@example.vn")
    files = [(BytesIO(kit.jpeg(200, 300)), "trang 1.jpg"), (BytesIO(kit.jpeg(200, 300)), "trang 2.jpg")]
    entry = kit.submitted(sign_in(author), contest, author, text="", files=files)
    jobs.run_due()
    return entry


def _cover(desk: FlaskClient, contest: Contest, entry: Entry, **data: str) -> str:
    path = f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}/che-trang"
    return desk.post(path, data=data, follow_redirects=True).text


def _copy(entry: Entry) -> JudgeCopy:
    db.session.expire_all()
    return db.session.query(JudgeCopy).filter_by(entry_id=entry.id).one()


def _darkness(entry: Entry, page: int, *points: tuple[int, int]) -> list[bool]:
    picture = Image.open(BytesIO(storage().read(_copy(entry).pages[page - 1]["key"]))).convert("L")
    return [int(picture.getpixel(point)) < 60 for point in points]


def test_what_was_drawn_is_painted_over_and_nothing_else(contest: Contest, desk: FlaskClient, entry: Entry) -> None:
    second = _copy(entry).pages[1]["key"]

    page = _cover(desk, contest, entry, page="1", boxes="100,50,500,120 600,800,900,950")

    assert _copy(entry).covered_pages == [{"page": 1, "box": NAME}, {"page": 1, "box": STAMP}]
    assert _darkness(entry, 1, (60, 25), (150, 260), (60, 60), (10, 25)) == [True, True, False, False]
    assert _copy(entry).pages[1]["key"] == second
    assert "ô 1" in page and "ô 2" in page


def test_more_boxes_come_beside_those_there_are_and_each_can_go(
    contest: Contest, desk: FlaskClient, entry: Entry
) -> None:
    _cover(desk, contest, entry, page="1", boxes="100,50,500,120")
    _cover(desk, contest, entry, page="2", part="top")
    _cover(desk, contest, entry, page="1", boxes="600,800,900,950")

    _cover(desk, contest, entry, page="1", drop="0", **kit.seen(entry))

    assert _copy(entry).covered_pages == [{"page": 2, "part": "top"}, {"page": 1, "box": STAMP}]
    assert _darkness(entry, 1, (60, 25), (150, 260)) == [False, True]


def test_a_checked_copy_has_to_be_checked_again_after_a_box(contest: Contest, desk: FlaskClient, entry: Entry) -> None:
    _copy(entry)
    path = f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}"
    desk.post(f"{path}/xac-nhan-ban-cham", data=kit.seen(entry))
    assert _copy(entry).checked_at is not None

    _cover(desk, contest, entry, page="1", boxes="100,50,500,120")

    assert _copy(entry).checked_at is None


@pytest.mark.parametrize(
    "sent",
    (
        {"page": "1", "boxes": ""},
        {"page": "1", "boxes": "500,50,100,120"},
        {"page": "1", "boxes": "0,0,1001,10"},
        {"page": "1", "boxes": "0,0,10,10 x"},
        {"page": "3", "boxes": "0,0,10,10"},
        {"page": "1", "part": "middle"},
        {"page": "1"},
    ),
)
def test_what_is_no_box_covers_nothing_and_says_so(
    contest: Contest, desk: FlaskClient, entry: Entry, sent: dict[str, str]
) -> None:
    page = _cover(desk, contest, entry, **sent)

    assert "Chưa có ô nào để che." in page
    assert _copy(entry).covered_pages == []


def test_a_page_takes_a_bounded_number_of_boxes() -> None:
    box = "0,0,10,10"

    assert len(boxes_of(" ".join([box] * MOST_BOXES)) or []) == MOST_BOXES
    assert boxes_of(" ".join([box] * (MOST_BOXES + 1))) is None
