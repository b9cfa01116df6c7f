"""A judge's QR card: one use, short life, one device, revocable."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from contest.accounts import actions
from contest.accounts.models import LoginSession, SignInCard
from contest.db import db, utcnow


@pytest.fixture
def card(make_account: Any) -> Any:
    judge, maker = make_account("Giám khảo"), make_account("Ban Tổ chức")
    row, token = actions.make_card(judge, contest_id=None, minutes=60, actor=maker, now=utcnow())
    db.session.commit()
    return row, token, maker


def test_looking_uses_nothing_up(client: Any, card: Any) -> None:
    row, token, _maker = card

    pages = [client.get(f"/the/{token}").status_code for _time in range(3)]

    db.session.refresh(row)
    assert (pages, row.used_at) == ([200, 200, 200], None)


def test_a_card_signs_in_once(app: Any, card: Any) -> None:
    _row, token, _maker = card
    first, second = app.test_client(), app.test_client()

    used = first.post(f"/the/{token}")
    again = second.post(f"/the/{token}")

    assert (used.status_code, used.location) == (302, "/cham")
    assert again.status_code == 410
    assert "Thẻ đã được dùng trên một thiết bị khác." in again.get_data(as_text=True)
    assert first.get("/tai-khoan").status_code == 200
    assert second.get("/tai-khoan").status_code == 302


def test_the_same_device_goes_on(client: Any, card: Any) -> None:
    _row, token, _maker = card
    client.post(f"/the/{token}")

    assert client.get(f"/the/{token}").location == "/cham"


def test_an_expired_card_says_so(client: Any, card: Any) -> None:
    row, token, _maker = card
    row.expires_at = utcnow() - timedelta(seconds=1)
    db.session.commit()

    answer = client.post(f"/the/{token}")

    assert (answer.status_code, "Thẻ đã hết hạn." in answer.get_data(as_text=True)) == (410, True)


def test_revoking_a_card_signs_its_device_out(client: Any, card: Any) -> None:
    row, token, maker = card
    client.post(f"/the/{token}")
    db.session.refresh(row)

    actions.revoke_card(row, actor=maker, now=utcnow())
    db.session.commit()

    assert client.get("/tai-khoan").status_code == 302


def test_a_card_used_while_it_is_being_revoked_signs_its_device_out_too(client: Any, card: Any) -> None:
    row, token, maker = card
    client.post(f"/the/{token}")
    db.session.refresh(row)
    for name in ("session_id", "used_at"):  # as the one who revokes had read it a moment before
        set_committed_value(row, name, None)

    actions.revoke_card(row, actor=maker, now=utcnow())
    db.session.commit()

    assert client.get("/tai-khoan").status_code == 302


def test_the_judge_before_is_signed_out_of_a_borrowed_tablet(client: Any, card: Any, make_account: Any) -> None:
    _row, token, maker = card
    _other, other_token = actions.make_card(
        make_account("Giám khảo khác"), contest_id=None, minutes=60, actor=maker, now=utcnow()
    )
    db.session.commit()

    client.post(f"/the/{token}")
    client.post(f"/the/{other_token}")

    open_ones = db.session.query(LoginSession).filter(LoginSession.ended_at.is_(None)).count()
    assert open_ones == 1


def test_a_new_card_withdraws_the_unused_one(card: Any) -> None:
    row, _token, maker = card

    actions.make_card(row.account, contest_id=None, minutes=60, actor=maker, now=utcnow())
    db.session.commit()

    states = [actions.card_state(each, utcnow()) for each in db.session.query(SignInCard).order_by(SignInCard.id)]
    assert states == ["revoked", "usable"]


def test_a_made_up_card_is_not_found(client: Any) -> None:
    assert client.get("/the/khong-co").status_code == 404
    assert client.post("/the/khong-co").status_code == 410


def test_the_table_holds_no_token(card: Any) -> None:
    row, token, _maker = card

    assert token not in str(row.__dict__)


def test_pressing_the_button_twice_is_pressing_it_once(client: Any, card: Any) -> None:
    _row, token, _maker = card

    assert [client.post(f"/the/{token}").status_code for _time in range(2)] == [302, 302]
