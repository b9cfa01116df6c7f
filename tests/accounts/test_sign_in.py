"""Signing in and out, and what keeps strangers out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from argon2 import Type

from contest.accounts import actions
from contest.accounts.models import Account, LoginSession
from contest.accounts.passwords import hashed
from contest.accounts.views import safe_next
from contest.db import db, utcnow
from tests.fixtures.quick_passwords import SHIPPED

PASSWORD = "Sông Gâm mùa nước 7"
HASH = hashed(PASSWORD)


def _sign_in(client: Any, identifier: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/dang-nhap", data={"identifier": identifier, "password": password, **more})


def _is_in(client: Any) -> bool:
    return bool(client.get("/tai-khoan").status_code == 200)


@pytest.mark.parametrize("way", ["code", "email", "phone"])
def test_a_person_signs_in_by_code_e_mail_or_phone(client: Any, make_account: Any, way: str) -> None:
    account = make_account(password_hash=HASH, email="may@vidu.vn", phone="84912345678")
    identifier = {"code": account.code, "email": "May@vidu.vn", "phone": "0912 345 678"}[way]

    answer = _sign_in(client, identifier)

    assert (answer.status_code, _is_in(client)) == (302, True)


def test_a_password_typed_on_a_mac_is_the_same_password(client: Any, make_account: Any) -> None:
    import unicodedata

    account = make_account(password_hash=HASH)

    _sign_in(client, account.code, unicodedata.normalize("NFD", PASSWORD))

    assert _is_in(client)


@pytest.mark.parametrize("identifier", ["TK999999", "nobody@vidu.vn", "0999999999", "", "' OR 1=1 --"])
def test_a_wrong_account_and_a_wrong_password_read_the_same(client: Any, make_account: Any, identifier: str) -> None:
    account = make_account(password_hash=HASH)

    wrong_password = _sign_in(client, account.code, "không phải")
    wrong_account = _sign_in(client, identifier or "x")

    assert "Tài khoản hoặc mật khẩu chưa đúng. " in wrong_password.get_data(as_text=True)
    assert "Tài khoản hoặc mật khẩu chưa đúng. " in wrong_account.get_data(as_text=True)
    assert not _is_in(client)


def test_a_phone_of_two_people_asks_for_the_code_only_when_the_password_fits_both(
    client: Any, make_account: Any
) -> None:
    make_account("Mẹ", phone="84912345678", password_hash=HASH)
    make_account("Con", phone="84912345678", password_hash=hashed("mật khẩu khác"))
    answer = _sign_in(client, "0912345678")
    assert answer.status_code == 302

    client.post("/dang-xuat")
    make_account("Bà", phone="84912345678", password_hash=HASH)
    answer = _sign_in(client, "0912345678")
    assert "Hãy đăng nhập bằng mã tài khoản." in answer.get_data(as_text=True)


def test_five_wrong_passwords_pause_the_account_but_not_for_ever(client: Any, make_account: Any) -> None:
    account = make_account(password_hash=HASH)
    for _time in range(actions.FREE_TRIES):
        _sign_in(client, account.code, "sai")

    paused = _sign_in(client, account.code)
    assert (paused.status_code, _is_in(client)) == (422, False)
    assert paused.get_data(as_text=True) == _sign_in(client, "TK000000").get_data(as_text=True).replace(
        'value="TK000000"', f'value="{account.code}"'
    )

    db.session.refresh(account)
    assert account.locked_until - utcnow() <= actions.LONGEST_LOCK
    account.locked_until = utcnow() - timedelta(seconds=1)
    db.session.commit()
    assert _sign_in(client, account.code).status_code == 302
    db.session.refresh(account)
    assert account.failed_sign_ins == 0


def test_a_closed_account_is_out_at_once(client: Any, make_account: Any) -> None:
    account = make_account(password_hash=HASH)
    _sign_in(client, account.code)
    assert _is_in(client)

    actions.set_active(db.session.get_one(Account, account.id), False, actor=account, now=utcnow())
    db.session.commit()

    assert not _is_in(client)
    assert _sign_in(client, account.code).status_code == 422


def test_signing_out_ends_the_sign_in_and_not_only_the_cookie(client: Any, make_account: Any, app: Any) -> None:
    account = make_account(password_hash=HASH)
    _sign_in(client, account.code)
    stolen = client.get_cookie("session").value
    client.post("/dang-xuat")

    thief = app.test_client()
    thief.set_cookie("session", stolen)

    assert not _is_in(thief)


def test_the_cookie_changes_at_sign_in(client: Any, make_account: Any) -> None:
    """A cookie planted before sign-in must not be signed in afterwards (session fixation)."""
    account = make_account(password_hash=HASH)
    client.get("/dang-nhap")
    before = client.get_cookie("session")

    _sign_in(client, account.code)

    assert before is None or client.get_cookie("session").value != before.value
    assert db.session.query(LoginSession).count() == 1


@pytest.mark.parametrize(
    ("target", "expected"),
    (
        ("/bai-cua-toi", "/bai-cua-toi"),
        ("/cham?x=1", "/cham?x=1"),
        ("//vidu.com", "/"),
        ("https://vidu.com/", "/"),
        ("/\\vidu.com", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
        ("/a\nb", "/"),
        ("//[", "/"),
    ),
)
def test_sign_in_leads_only_to_our_own_pages(target: str | None, expected: str) -> None:
    assert safe_next(target) == expected


def test_an_expired_sign_in_is_none(client: Any, make_account: Any) -> None:
    account = make_account(password_hash=HASH)
    _sign_in(client, account.code)
    db.session.query(LoginSession).one().expires_at = utcnow() - timedelta(seconds=1)
    db.session.commit()

    assert not _is_in(client)


def test_an_issued_password_must_be_changed_first(client: Any, make_account: Any) -> None:
    account = make_account(password_hash=HASH, must_change_password=True)

    answer = _sign_in(client, account.code, next="/bai-cua-toi")

    assert answer.location == "/tai-khoan"
    changed = client.post("/tai-khoan/mat-khau", data={"password": "ba từ không liên quan"})
    assert changed.status_code == 302
    db.session.refresh(account)
    assert account.must_change_password is False


def test_changing_the_password_needs_the_present_one_and_ends_other_devices(app: Any, make_account: Any) -> None:
    account = make_account(password_hash=HASH)
    phone, desk = app.test_client(), app.test_client()
    _sign_in(phone, account.code)
    _sign_in(desk, account.code)

    refused = desk.post("/tai-khoan/mat-khau", data={"present": "sai", "password": "ba từ không liên quan"})
    taken = desk.post("/tai-khoan/mat-khau", data={"present": PASSWORD, "password": "ba từ không liên quan"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert (_is_in(desk), _is_in(phone)) == (True, False)


def test_a_sign_in_of_somebody_else_cannot_be_ended(app: Any, make_account: Any) -> None:
    one, other = make_account(password_hash=HASH), make_account("Người khác", password_hash=HASH)
    mine, theirs = app.test_client(), app.test_client()
    _sign_in(mine, one.code)
    _sign_in(theirs, other.code)
    their_row = db.session.query(LoginSession).filter_by(account_id=other.id).one()

    answer = mine.post(f"/tai-khoan/thiet-bi/{their_row.id}")

    assert (answer.status_code, _is_in(theirs)) == (404, True)


def test_an_issued_password_is_changed_before_anything_else(app: Any, make_account: Any, sign_in: Any) -> None:
    account = make_account("Người mới", must_change_password=True, password_hash=hashed("mat-khau-cap"))
    client = sign_in(account)

    assert client.get("/").headers["Location"] == "/tai-khoan"
    client.post("/tai-khoan/mat-khau", data={"password": "ba từ chẳng liên quan"})

    assert client.get("/").status_code == 200


def test_a_password_takes_whoever_guesses_as_long_as_argon2_advises() -> None:
    """The second profile of RFC 9106: three passes over 64 MiB by four threads."""
    shipped = (SHIPPED.time_cost, SHIPPED.memory_cost, SHIPPED.parallelism, SHIPPED.type)

    assert shipped == (3, 65536, 4, Type.ID)


@pytest.mark.parametrize(
    ("before", "where"),
    (
        ("http://localhost/cham?x=1", "/cham?x%3D1"),
        ("https://elsewhere.example/cham", "/"),
        ("//elsewhere.example/cham", "/"),
        ("http://[::1", "/"),
        ("", "/"),
    ),
)
def test_whoever_sends_a_form_signed_out_comes_back_to_its_page(client: Any, before: str, where: str) -> None:
    """Signed out meanwhile, what was sent is not repeated; but the page it was sent from is where one goes on."""
    answer = client.post("/tai-khoan", headers={"Referer": before})
    assert answer.status_code == 302
    assert answer.location == f"/dang-nhap?next={where}"


def test_a_judge_signed_out_on_a_tablet_reads_what_to_do(client: Any) -> None:
    """The card was withdrawn, or used up elsewhere: a password is not what a judge has."""
    tablet = client.get("/cham", follow_redirects=True).text

    assert "hãy quét thẻ QR của mình" in tablet and "xin thư ký thẻ mới" in tablet
    assert "hãy quét thẻ QR của mình" not in client.get("/dang-nhap").text
