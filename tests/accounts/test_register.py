"""Registering: nobody needs an address, everybody gets a code."""

from __future__ import annotations

from typing import Any

import pytest

from contest.accounts.models import Account, Consent
from contest.accounts.passwords import weakness
from contest.db import db

GOOD = {"full_name": "Ma Thị  Hồng", "password": "nước chảy đá mòn", "agree": "y"}


def test_a_name_and_a_password_are_enough(client: Any) -> None:
    answer = client.post("/dang-ky", data=GOOD)

    account = db.session.query(Account).one()
    page = client.get(answer.location).get_data(as_text=True)
    assert (account.full_name, account.email, account.phone) == ("Ma Thị Hồng", None, None)
    assert account.code in page


@pytest.mark.parametrize("target", ("//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example"))
def test_the_way_on_leads_nowhere_else(client: Any, target: str) -> None:
    client.post("/dang-ky", data=GOOD)

    page = client.get("/chao-mung", query_string={"next": target}).get_data(as_text=True)

    assert f'href="{target}"' not in page


def test_the_consent_is_stored_with_its_words(client: Any) -> None:
    client.post("/dang-ky", data=GOOD)

    consent = db.session.query(Consent).one()
    assert consent.version
    assert "Ban Tổ chức dùng họ tên" in consent.text


@pytest.mark.parametrize(
    ("change", "message"),
    (
        ({"agree": ""}, "Cần đồng ý để tạo tài khoản."),
        ({"password": "ngắn"}, "Mật khẩu cần ít nhất 8 ký tự."),
        ({"password": "12345678"}, "Mật khẩu này quá dễ đoán."),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"email": "khong-phai"}, "Địa chỉ thư điện tử chưa đúng"),
        ({"full_name": ""}, "Cần điền mục này."),
    ),
)
def test_what_is_refused_is_said_and_the_rest_is_kept(client: Any, change: dict[str, str], message: str) -> None:
    answer = client.post("/dang-ky", data={**GOOD, "phone": "0912 345 678", **change})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, message in page) == (422, True)
    assert db.session.query(Account).count() == 0
    assert 'value="Ma Thị Hồng"' in page or "full_name" in change


def test_an_address_belongs_to_one_account(client: Any, app: Any) -> None:
    client.post("/dang-ky", data={**GOOD, "email": "Hong@vidu.vn"})

    answer = app.test_client().post("/dang-ky", data={**GOOD, "email": "hong@VIDU.vn"})

    assert (answer.status_code, db.session.query(Account).count()) == (422, 1)


def test_a_phone_may_belong_to_a_family(client: Any, app: Any) -> None:
    client.post("/dang-ky", data={**GOOD, "phone": "0912345678"})
    app.test_client().post("/dang-ky", data={**GOOD, "phone": "+84 912 345 678"})

    assert [account.phone for account in db.session.query(Account)] == ["84912345678", "84912345678"]


@pytest.mark.parametrize(
    ("password", "expected"),
    (
        ("1234567", "short"), ("x" * 201, "long"), ("matkhau123", "common"), ("aaaaaaaaab", "common"),
        ("0912345678", "personal"), ("một câu dễ nhớ", None),
    ),
)  # fmt: skip
def test_weak_passwords(password: str, expected: str | None) -> None:
    assert weakness(password, about=("0912345678",)) == expected


def test_a_unit_that_is_in_no_directory_is_kept_as_typed(client: Any, make_unit: Any) -> None:
    make_unit("Xã Minh Dân")
    db.session.commit()

    answer = client.post("/dang-ky", data={**GOOD, "unit_name": "Trường nội trú Nà Hang"})
    told = client.get(answer.location).text
    client.post("/tai-khoan", data={"full_name": "Ma Thị Hồng", "post": "Giáo viên"})

    account = db.session.query(Account).one()
    assert (account.unit_id, account.unit_text, account.post) == (None, "Trường nội trú Nà Hang", "Giáo viên")
    assert "Đơn vị đã ghi: Trường nội trú Nà Hang." in told
    assert "Trường nội trú Nà Hang (chưa đối chiếu với danh mục)" in client.get("/tai-khoan").text


def test_a_unit_of_the_directory_is_known_at_once(client: Any, make_unit: Any) -> None:
    unit = make_unit("Xã Minh Dân")
    db.session.commit()

    client.post("/dang-ky", data={**GOOD, "unit_name": "xa minh dan"})

    account = db.session.query(Account).one()
    assert (account.unit_id, account.unit_text) == (unit.id, "")
