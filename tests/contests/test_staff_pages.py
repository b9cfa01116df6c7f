"""Roles and sign-in cards of a contest: given, refused, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import Account, RoleGrant, SignInCard
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.rules.permissions import Role

Make = Callable[..., Any]


def _at(contest: Contest, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}{tail}"


def _give(client: FlaskClient, contest: Contest, account: Account, role: Role) -> int:
    return client.post(_at(contest, "/nhan-su/giao"), data={"code": account.code, "role": role}).status_code


def test_roles_are_given_and_taken_back(draft: Contest, organiser: FlaskClient, make_account: Make) -> None:
    person = make_account("Hoàng Văn Páo")

    assert _give(organiser, draft, person, Role.JUDGE) == 302
    assert _give(organiser, draft, person, Role.JUDGE) == 302
    grant = db.session.query(RoleGrant).filter_by(account_id=person.id).one()
    assert (grant.role, grant.contest_id) == ("judge", draft.id)
    assert organiser.post(_at(draft, f"/nhan-su/{grant.id}/thoi-giao")).status_code == 302
    assert db.session.get_one(RoleGrant, grant.id).revoked_at is not None


def test_who_knows_names_does_not_judge_and_the_page_says_so(
    draft: Contest, organiser: FlaskClient, make_account: Make
) -> None:
    person = make_account("Hoàng Văn Páo", Role.CODE_KEEPER, contest=draft)

    answer = organiser.post(_at(draft, "/nhan-su/giao"), data={"code": person.code, "role": "judge"})

    assert answer.status_code == 422
    assert "Hoàng Văn Páo đang là người giữ phách nên không thể kiêm giám khảo" in answer.text


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.ADMIN, Role.UNIT_CONTACT])
def test_an_organiser_gives_no_wider_role(
    draft: Contest, organiser: FlaskClient, make_account: Make, role: Role
) -> None:
    person = make_account("Hoàng Văn Páo")

    assert _give(organiser, draft, person, role) == 422
    assert db.session.query(RoleGrant).filter_by(account_id=person.id).count() == 0


def test_a_role_of_another_contest_is_not_taken_back_here(
    draft: Contest, organiser: FlaskClient, make_contest: Make, make_account: Make
) -> None:
    other = make_account("Giám khảo", Role.JUDGE, contest=make_contest())
    grant = db.session.query(RoleGrant).filter_by(account_id=other.id).one()

    assert organiser.post(_at(draft, f"/nhan-su/{grant.id}/thoi-giao")).status_code == 404


def test_a_judge_without_e_mail_gets_an_account_and_a_card(draft: Contest, organiser: FlaskClient) -> None:
    typed = {"full_name": "Ma Thị Dợ", "post": "Trường THPT", "role": "judge"}

    assert organiser.post(_at(draft, "/nhan-su/nguoi-moi"), data=typed).status_code == 302
    judge = db.session.query(Account).filter_by(full_name="Ma Thị Dợ").one()
    card = organiser.post(_at(draft, "/nhan-su/the"), data={"judges": [str(judge.id)]})

    assert (card.status_code, card.mimetype, card.data[:5]) == (200, "application/pdf", b"%PDF-")
    row = db.session.query(SignInCard).one()
    assert (row.account_id, row.contest_id) == (judge.id, draft.id)
    assert "chưa dùng" in organiser.get(_at(draft, "/nhan-su")).text
    withdrawn = organiser.post(_at(draft, f"/nhan-su/the/{row.id}/thu-hoi"), follow_redirects=True)
    assert withdrawn.status_code == 200 and "Chưa ai dùng thẻ này" in withdrawn.text
    assert "đã thu hồi" in organiser.get(_at(draft, "/nhan-su")).text


def test_a_card_never_opens_more_than_its_maker_could_give(
    draft: Contest, organiser: FlaskClient, make_contest: Make, make_account: Make
) -> None:
    other = make_contest()
    person = make_account("Người kiêm nhiệm", Role.ORGANISER, contest=other)
    db.session.add(RoleGrant(account_id=person.id, role=Role.JUDGE, contest_id=draft.id, given_at=utcnow()))
    elsewhere = make_account("Giám khảo nơi khác", Role.JUDGE, contest=other)
    db.session.commit()

    for account in (person, elsewhere):
        assert organiser.post(_at(draft, "/nhan-su/the"), data={"judges": [str(account.id)]}).status_code == 302

    assert db.session.query(SignInCard).count() == 0


def test_who_has_entered_gets_no_role_that_judges(
    draft: Contest, organiser: FlaskClient, make_account: Make, make_entry: Make
) -> None:
    author = make_account("Ma Văn Tới")
    make_entry(draft, owner=author)

    assert _give(organiser, draft, author, Role.JUDGE) == 422
    assert db.session.query(RoleGrant).filter_by(account_id=author.id).count() == 0


def test_taking_a_role_back_asks_once(draft: Contest, organiser: FlaskClient, make_account: Make) -> None:
    person = make_account("Hoàng Văn Páo")
    _give(organiser, draft, person, Role.JUDGE)
    grant = db.session.query(RoleGrant).filter_by(account_id=person.id).one()

    page = organiser.get(_at(draft, f"/nhan-su/{grant.id}/thoi-giao"))

    assert (page.status_code, "Hoàng Văn Páo" in page.text) == (200, True)
    assert db.session.get_one(RoleGrant, grant.id).revoked_at is None


def _shown_password(page: str) -> str:
    found = re.search(r"<dd>([a-z0-9]{4}(?:-[a-z0-9]{4}){2})</dd>", page, re.I)
    assert found is not None
    return found[1]


def _signs_in(client: FlaskClient, account: Account, password: str) -> bool:
    answer = client.post("/dang-nhap", data={"identifier": account.code, "password": password})
    return answer.status_code == 302


def test_a_secretary_made_here_gets_a_password_at_once(draft: Contest, organiser: FlaskClient, app: Flask) -> None:
    typed = {"full_name": "Lò Thị Mỷ", "role": "intake_secretary"}

    page = organiser.post(_at(draft, "/nhan-su/nguoi-moi"), data=typed)

    made = db.session.query(Account).filter_by(full_name="Lò Thị Mỷ").one()
    assert made.must_change_password
    assert _signs_in(app.test_client(), made, _shown_password(page.text))


def test_an_organiser_issues_a_password_to_staff(
    draft: Contest, organiser: FlaskClient, make_account: Make, app: Flask
) -> None:
    secretary = make_account("Lò Thị Mỷ", Role.TALLY_SECRETARY, contest=draft)
    grant = db.session.query(RoleGrant).filter_by(account_id=secretary.id).one()

    page = organiser.post(_at(draft, f"/nhan-su/{grant.id}/mat-khau"))

    assert secretary.code in page.text
    assert _signs_in(app.test_client(), secretary, _shown_password(page.text))


def test_a_password_never_opens_more_than_the_organiser_could_give(
    draft: Contest, organiser: FlaskClient, make_contest: Make, make_account: Make, make_entry: Make
) -> None:
    other = make_contest()
    wider = make_account("Người kiêm nhiệm", Role.ORGANISER, contest=other)
    elsewhere = make_account("Thư ký nơi khác", Role.INTAKE_SECRETARY, contest=other)
    writer = make_account("Tác giả cuộc khác")
    make_entry(other, owner=writer)
    for account in (wider, elsewhere, writer):
        db.session.add(
            RoleGrant(account_id=account.id, role=Role.INTAKE_SECRETARY, contest_id=draft.id, given_at=utcnow())
        )
    db.session.commit()
    before = {account.id: account.password_hash for account in (wider, elsewhere, writer)}

    for grant in db.session.query(RoleGrant).filter_by(contest_id=draft.id, role=Role.INTAKE_SECRETARY).all():
        answer = organiser.post(_at(draft, f"/nhan-su/{grant.id}/mat-khau"), follow_redirects=True)
        assert "chỉ quản trị hệ thống cấp lại mật khẩu được" in answer.text

    db.session.expire_all()
    assert {number: db.session.get_one(Account, number).password_hash for number in before} == before


def test_who_does_not_manage_staff_issues_no_password(draft: Contest, sign_in: Make, make_account: Make) -> None:
    secretary = make_account("Lò Thị Mỷ", Role.INTAKE_SECRETARY, contest=draft)
    grant = db.session.query(RoleGrant).filter_by(account_id=secretary.id).one()

    assert sign_in(secretary).post(_at(draft, f"/nhan-su/{grant.id}/mat-khau")).status_code == 403


def test_who_organises_the_year_is_among_the_organisers(
    draft: Contest, organiser: FlaskClient, make_account: Make
) -> None:
    make_account("Trưởng ban cả năm", Role.ORGANISER, campaign=draft.campaign)

    page = organiser.get(_at(draft, "/nhan-su")).text

    assert "Trưởng ban cả năm" in page and "phụ trách cả năm" in page
