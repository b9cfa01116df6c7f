"""The authors of an entry: added, taken out, refused in words, matched with their units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from tests.entries import kit


def test_co_authors_can_be_added_and_taken_out_without_script(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest(max_authors=2))

    more = kit.sign(pen, entry, act="add")
    full = kit.sign(pen, entry, "Một", **{"people-1-full_name": "Hai", "act": "add"})
    fewer = kit.sign(pen, entry, "Một", **{"people-1-full_name": "Hai", "act": "remove:0"})
    kit.sign(pen, entry, "Một", **{"people-1-full_name": "Hai"})

    assert 'name="people-1-full_name"' in more.text
    assert 'name="people-2-full_name"' not in full.text and "Thêm đồng tác giả" not in full.text
    assert 'value="Hai"' in fewer.text and 'value="Một"' not in fewer.text
    db.session.expire_all()
    assert [person["full_name"] for person in entry.versions[0].slip["people"]] == ["Một", "Hai"]


def test_a_wrong_author_form_keeps_what_was_typed_and_says_what_is_wrong(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest())
    typed = {"people-0-birth_date": "31/02/1990", "people-0-phone": "abc", "people-0-work": "Trường Nà Hang"}

    answer = kit.sign(pen, entry, "", **typed)

    assert answer.status_code == 422
    assert "Không có ngày này" in answer.text
    assert "Số điện thoại chưa đúng" in answer.text
    assert "Trường Nà Hang" in answer.text and "31/02/1990" in answer.text


def test_the_list_of_errors_names_the_field_the_author_and_leads_there(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest(max_authors=2))

    one = kit.sign(pen, entry, "Một", **{"people-0-birth_date": "31/02/1990"})
    two = kit.sign(pen, entry, "Một", **{"people-1-phone": "abc"})

    assert '<a href="#people-0-birth_date">Ngày sinh</a>: Không có ngày này.' in one.text
    assert '<a href="#people-1-full_name">Họ và tên (tác giả thứ 2)</a>: Cần điền mục này.' in two.text
    assert '<a href="#people-1-phone">Điện thoại (tác giả thứ 2)</a>: Số điện thoại chưa đúng' in two.text
    assert 'id="people-1-phone"' in two.text and "People" not in one.text + two.text


def test_the_author_form_never_asks_for_ethnicity_or_religion(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest())

    page = pen.get(f"/bai/{entry.public_id}/tac-gia").text.casefold()

    assert "dân tộc" not in page and "tôn giáo" not in page


def test_a_hidden_field_cannot_claim_another_account(
    make_contest: Callable[..., Contest], pen: FlaskClient, make_account: Callable[..., Account]
) -> None:
    entry = kit.begin(pen, make_contest())
    victim = make_account("Người khác")

    kit.sign(pen, entry, "Tên Lạ", **{"people-0-account_id": str(victim.id)})

    db.session.expire_all()
    assert entry.versions[0].slip["people"][0]["account_id"] is None


def test_a_unit_is_matched_by_its_name_without_accents(
    make_contest: Callable[..., Contest], make_unit: Callable[..., Any], pen: FlaskClient
) -> None:
    unit = make_unit("Phường Hoàn Kiếm – Ban Tuyên giáo và Dân vận")
    entry = kit.begin(pen, make_contest())

    kit.sign(pen, entry, unit_name="phuong hoan kiem – ban tuyen giao va dan van", unit_id="999999")

    db.session.expire_all()
    assert (entry.unit_id, entry.unit_name) == (unit.id, unit.name)
