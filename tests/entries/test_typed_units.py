"""Units in authors' own words: from registering to the directory, alike ones together, one by one, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry
from contest.entries.own_actions import start
from contest.entries.own_queries import draft_of, slip_of
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW


@pytest.fixture
def works(contest: Contest, make_entry: Callable[..., Entry], make_account: Callable[..., Account]) -> Any:
    """make("UBND xã Minh Dân", …): a work of each unit as typed, whose owner registered with the same words."""

    def make(*names: str, **columns: Any) -> list[Entry]:
        return [
            make_entry(contest, owner=make_account("Hoàng Văn Páo", unit_text=name), unit_name=name, **columns)
            for name in names
        ]

    return make


def _page(contest: Contest) -> str:
    return f"/cuoc-thi/{contest.slug}/don-vi-khai-chu"


def test_alike_names_are_matched_together(
    contest: Contest, desk: FlaskClient, works: Any, make_unit: Callable[..., Any]
) -> None:
    unit = make_unit("Xã Minh Dân")
    rows = works("UBND xã Minh Dân, huyện Hàm Yên", "minh dân", "Bệnh viện Lao")

    page = desk.get(_page(contest), query_string={"ten": "minh dan"}).text
    boxes = re.findall(r'name="text"[^>]* value="([^"]+)" checked', page)
    answer = desk.post(_page(contest), data={"text": boxes, "unit_name": "Xã Minh Dân", "unit_id": str(unit.id)})

    assert sorted(boxes) == ["UBND xã Minh Dân, huyện Hàm Yên", "minh dân"]
    assert f'value="{unit.id}"' in page  # the one unit of that name is proposed
    assert answer.status_code == 303
    db.session.expire_all()
    assert [row.unit_id for row in rows] == [unit.id, unit.id, None]
    assert [db.session.get_one(Account, row.owner_id).unit_id for row in rows] == [unit.id, unit.id, None]
    assert rows[0].unit_name == "UBND xã Minh Dân, huyện Hàm Yên"  # as it was when entered
    [event] = db.session.query(AuditEvent).filter_by(action="entries.match_units")
    assert event.details == {"unit": unit.id, "works": 2, "people": 2}


def test_one_name_of_several_is_matched_alone(
    contest: Contest, desk: FlaskClient, works: Any, make_unit: Callable[..., Any]
) -> None:
    unit = make_unit("Xã Minh Dân")
    rows = works("Minh Dân", "Phường Minh Dân")

    desk.post(_page(contest), data={"text": "Minh Dân", "unit_name": "Xã Minh Dân", "unit_id": str(unit.id)})

    db.session.expire_all()
    assert [row.unit_id for row in rows] == [unit.id, None]


def test_a_match_is_taken_back(contest: Contest, desk: FlaskClient, works: Any, make_unit: Callable[..., Any]) -> None:
    unit, (row,) = make_unit("Xã Minh Dân"), works("Minh Dân")
    desk.post(_page(contest), data={"text": "Minh Dân", "unit_name": unit.name, "unit_id": str(unit.id)})
    assert "Đã ghép" in desk.get(_page(contest)).text

    for _time in range(2):
        desk.post(_page(contest) + "/bo-ghep", data={"text": "Minh Dân", "unit": str(unit.id)})

    db.session.expire_all()
    assert (row.unit_id, db.session.get_one(Account, row.owner_id).unit_id) == (None, None)
    assert db.session.query(AuditEvent).filter_by(action="entries.unmatch_units").count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    (
        ({"text": "Minh Dân", "unit_name": ""}, "Hãy chọn đơn vị trong danh mục."),
        ({"text": "Minh Dân", "unit_name": "Không có"}, "Không có đơn vị nào tên như vậy."),
        ({"unit_name": "Xã Minh Dân"}, "Hãy đánh dấu ít nhất một tên."),
    ),
)
def test_what_is_missing_is_said(
    contest: Contest, desk: FlaskClient, works: Any, make_unit: Callable[..., Any], data: dict[str, str], said: str
) -> None:
    make_unit("Xã Minh Dân")
    works("Minh Dân")

    answer = desk.post(_page(contest), data={"ten": "minh dan", **data})

    assert (answer.status_code, said in answer.text) == (422, True)


def test_other_contests_drafts_and_units_that_are_known_stay(
    contest: Contest, desk: FlaskClient, works: Any, make_contest: Any, make_entry: Any, make_unit: Any
) -> None:
    unit, other = make_unit("Xã Minh Dân"), make_unit("Xã Khác")
    [draft] = works("Minh Dân", state="draft")
    [known] = works("Minh Dân", unit_id=other.id)
    elsewhere = make_entry(make_contest(), unit_name="Minh Dân")

    desk.post(_page(contest), data={"text": "Minh Dân", "unit_name": unit.name, "unit_id": str(unit.id)})

    db.session.expire_all()
    assert [draft.unit_id, known.unit_id, elsewhere.unit_id] == [None, other.id, None]


@pytest.mark.parametrize(
    ("role", "status"),
    ((Role.INTAKE_SECRETARY, 200), (Role.ORGANISER, 200), (Role.CODE_KEEPER, 403), (Role.JUDGE, 403)),
)
def test_who_may_match_and_that_nobody_is_named(
    contest: Contest, works: Any, make_account: Any, sign_in: Any, role: Role, status: int
) -> None:
    works("Minh Dân")

    answer = sign_in(make_account("Người thử", role, contest=contest)).get(_page(contest))

    assert answer.status_code == status
    assert ("Minh Dân" in answer.text, "Páo" in answer.text) == (status == 200, False)


def test_the_organisers_desk_leads_there(contest: Contest, works: Any, make_account: Any, sign_in: Any) -> None:
    works("Minh Dân")
    address = f"/cuoc-thi/{contest.slug}/ban-lam-viec"

    seen = [
        sign_in(make_account("Người thử", role, contest=contest)).get(address).text
        for role in (Role.ORGANISER, Role.JUDGE)
    ]

    assert ["Ghép 1 tên đơn vị khai chữ" in text for text in seen] == [True, False]


def test_the_list_leads_there_and_costs_the_same_for_many(
    contest: Contest, desk: FlaskClient, works: Any, count_queries: Any
) -> None:
    assert "Đơn vị khai chữ" not in desk.get(f"/cuoc-thi/{contest.slug}/tiep-nhan").text
    works("Minh Dân")
    with count_queries() as one:
        desk.get(_page(contest))
    works(*(f"Đơn vị {number}" for number in range(60)))
    with count_queries() as many:
        page = desk.get(_page(contest)).text

    assert len(many) == len(one)
    assert "Còn 11 tên nữa" in page
    assert "Đơn vị khai chữ (61)" in desk.get(f"/cuoc-thi/{contest.slug}/tiep-nhan").text


def test_what_was_typed_at_registration_begins_the_entry(contest: Contest, make_account: Any) -> None:
    account = make_account("Ma Thị Hồng", unit_text="Trường nội trú Nà Hang")

    entry = start(contest, account=account, now=NOW)

    draft = draft_of(entry)
    assert draft is not None
    assert (slip_of(entry, draft).unit_id, slip_of(entry, draft).unit_name) == (None, "Trường nội trú Nà Hang")
