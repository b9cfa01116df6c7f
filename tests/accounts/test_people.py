"""The administrator's pages, and who may give which role."""

from __future__ import annotations

from typing import Any

import pytest

from contest.accounts import actions
from contest.accounts.models import Account, RoleGrant
from contest.db import db, utcnow
from contest.rules.permissions import Grant, Role, may_give


@pytest.fixture
def admin(make_account: Any, sign_in: Any) -> Any:
    return sign_in(make_account("Quản trị", Role.ADMIN))


def test_an_account_is_issued_once_and_must_be_changed(admin: Any) -> None:
    page = admin.post("/quan-tri/tai-khoan/moi", data={"full_name": "Lý A Sềnh"}).get_data(as_text=True)

    account = db.session.query(Account).filter_by(full_name="Lý A Sềnh").one()
    assert account.code in page
    assert account.must_change_password
    assert account.password_hash not in page


def test_people_are_found_without_accents(admin: Any, make_account: Any) -> None:
    make_account("Đặng Thị Hường")
    make_account("Nguyễn Văn An")

    page = admin.get("/quan-tri/tai-khoan?q=dang huong").get_data(as_text=True)

    assert ("Đặng Thị Hường" in page, "Nguyễn Văn An" in page) == (True, False)


def test_a_role_that_breaks_blindness_is_refused_in_words(admin: Any, make_account: Any, make_contest: Any) -> None:
    contest = make_contest()
    keeper = make_account("Người giữ phách", Role.CODE_KEEPER, contest=contest)

    answer = admin.post(
        f"/quan-tri/tai-khoan/{keeper.code}/vai-tro", data={"role": "judge", "place": f"contest:{contest.id}"}
    )

    assert answer.status_code == 409
    assert "đang là Người giữ phách nên không thể đồng thời là Giám khảo" in answer.get_data(as_text=True)


def test_who_has_entered_cannot_judge(admin: Any, make_account: Any, make_contest: Any, make_entry: Any) -> None:
    contest = make_contest()
    author = make_account("Tác giả")
    make_entry(contest, owner=author)

    answer = admin.post(
        f"/quan-tri/tai-khoan/{author.code}/vai-tro", data={"role": "judge", "place": f"contest:{contest.id}"}
    )

    assert (answer.status_code, db.session.query(RoleGrant).filter_by(account_id=author.id).count()) == (409, 0)


def test_giving_a_role_twice_is_giving_it_once(make_account: Any, make_contest: Any) -> None:
    contest, judge, giver = make_contest(), make_account("Giám khảo"), make_account("Tổ chức")
    for _time in range(2):
        actions.give_role(judge, Role.JUDGE, contest_id=contest.id, actor=giver, now=utcnow())
    db.session.commit()

    assert db.session.query(RoleGrant).filter_by(account_id=judge.id).count() == 1


def test_a_role_taken_back_stays_on_record(admin: Any, make_account: Any, make_contest: Any) -> None:
    contest = make_contest()
    judge = make_account("Giám khảo", Role.JUDGE, contest=contest)
    grant = db.session.query(RoleGrant).filter_by(account_id=judge.id).one()

    admin.post(f"/quan-tri/tai-khoan/{judge.code}/vai-tro/{grant.id}/thu-hoi")

    db.session.refresh(grant)
    assert grant.revoked_at is not None
    assert not db.session.get_one(Account, judge.id).may("mark", contest.scope)


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    (
        (Grant(Role.ADMIN), Grant(Role.ADMIN), True),
        (Grant(Role.ORGANISER, contest_id=1), Grant(Role.JUDGE, contest_id=1), True),
        (Grant(Role.ORGANISER, contest_id=1), Grant(Role.JUDGE, contest_id=2), False),
        (Grant(Role.ORGANISER, contest_id=1), Grant(Role.JUDGE), False),
        (Grant(Role.ORGANISER, contest_id=1), Grant(Role.ORGANISER, contest_id=1), False),
        (Grant(Role.ORGANISER, contest_id=1), Grant(Role.ADMIN), False),
        (Grant(Role.JUDGE, contest_id=1), Grant(Role.HEAD_JUDGE, contest_id=1), False),
        (Grant(Role.ORGANISER, campaign_id=9), Grant(Role.JUDGE, contest_id=1), True),
    ),
)
def test_nobody_lifts_themselves(held: Grant, wanted: Grant, expected: bool) -> None:
    assert may_give([held], wanted, campaign_id=9) is expected


def test_people_pages_are_the_administrators(make_account: Any, sign_in: Any, make_contest: Any) -> None:
    contest = make_contest()
    for role in (Role.ORGANISER, Role.JUDGE, Role.INTAKE_SECRETARY):
        person = sign_in(make_account(f"Người {role}", role, contest=contest))

        assert person.get("/quan-tri/tai-khoan").status_code == 403
        assert person.post("/quan-tri/tai-khoan/moi", data={"full_name": "X Y"}).status_code == 403


def test_a_units_contact_gets_the_unit_with_the_role(admin: Any, make_account: Any, make_unit: Any) -> None:
    unit = make_unit("Xã Yên Sơn")
    person = make_account("Đầu mối")
    data = {"role": "unit_contact", "place": "all"}

    without = admin.post(f"/quan-tri/tai-khoan/{person.code}/vai-tro", data=data)
    given = admin.post(f"/quan-tri/tai-khoan/{person.code}/vai-tro", data={**data, "unit_name": "xa yen son"})

    assert (without.status_code, given.status_code) == (422, 302)
    assert [(grant.role, grant.unit_id) for grant in person.grants] == [("unit_contact", unit.id)]
    assert "Xã Yên Sơn" in admin.get(f"/quan-tri/tai-khoan/{person.code}").get_data(as_text=True)


def test_an_ambiguous_unit_is_asked_for(admin: Any, make_account: Any, make_unit: Any) -> None:
    one, other = make_unit("Xã Tân Tiến"), make_unit("Xã Tân Tiến")
    person = make_account("Người dùng")
    path, data = f"/quan-tri/tai-khoan/{person.code}/thong-tin", {"full_name": "Người dùng", "unit_name": "Xã Tân Tiến"}

    unclear = admin.post(path, data=data)
    clear = admin.post(path, data={**data, "unit_id": str(other.id)})

    assert "Nhiều đơn vị cùng tên này" in unclear.get_data(as_text=True)
    assert (clear.status_code, person.unit_id) == (302, other.id)
    assert one.id != other.id


def test_nobody_gives_themselves_a_role(make_account: Any, sign_in: Any) -> None:
    account = make_account("Quản trị", Role.ADMIN)

    sign_in(account).post(f"/quan-tri/tai-khoan/{account.code}/vai-tro", data={"role": "organiser", "place": "all"})

    assert [grant.role for grant in account.grants] == ["admin"]


def test_pages_of_people_are_for_administrators(make_account: Any, sign_in: Any, client: Any) -> None:
    someone = make_account("Ai đó")
    paths = ["", "/moi", f"/{someone.code}", f"/{someone.code}/thong-tin"]
    for path in paths:
        assert client.get(f"/quan-tri/tai-khoan{path}").headers["Location"].startswith("/dang-nhap")
        assert sign_in(make_account("Khác", Role.ORGANISER)).get(f"/quan-tri/tai-khoan{path}").status_code == 403
        assert sign_in(make_account("Quản trị", Role.ADMIN)).get(f"/quan-tri/tai-khoan{path}").status_code == 200


def test_the_list_of_people_asks_as_much_for_thirty_as_for_one(
    admin: Any, make_account: Any, count_queries: Any
) -> None:
    db.session.rollback()
    with count_queries() as few:
        admin.get("/quan-tri/tai-khoan")
    for number in range(30):
        make_account(f"Người {number}", Role.COMMITTEE_MEMBER)
    db.session.rollback()
    with count_queries() as many:
        admin.get("/quan-tri/tai-khoan")

    assert len(few) == len(many)


def test_a_judge_of_everything_is_refused(admin: Any, make_account: Any) -> None:
    person = make_account("Giám khảo")

    answer = admin.post(f"/quan-tri/tai-khoan/{person.code}/vai-tro", data={"role": "judge", "place": "all"})

    assert answer.status_code == 422 and "hãy chọn cuộc thi" in answer.get_data(as_text=True)
    assert person.grants == []


def test_closing_and_a_new_password_are_asked_once_and_end_every_sign_in(
    admin: Any, make_account: Any, sign_in: Any
) -> None:
    person = make_account("Người rời đi")
    for step in ("mat-khau", "dong"):
        theirs = sign_in(person)
        assert admin.get(f"/quan-tri/tai-khoan/{person.code}/{step}").status_code == 200
        assert theirs.get("/tai-khoan").status_code == 200
        admin.post(f"/quan-tri/tai-khoan/{person.code}/{step}")
        assert theirs.get("/tai-khoan").status_code == 302


def test_a_role_held_in_two_contests_is_named_once_in_the_list(
    admin: Any, make_account: Any, make_contest: Any
) -> None:
    judge = make_account("Đàm Thị Tố Uyên", Role.JUDGE, contest=make_contest())
    db.session.add(RoleGrant(account_id=judge.id, role=Role.JUDGE, contest_id=make_contest().id, given_at=utcnow()))
    db.session.commit()

    page = admin.get("/quan-tri/tai-khoan?q=uyen").get_data(as_text=True)

    assert page.split("<tbody", 1)[1].count("Giám khảo") == 1
