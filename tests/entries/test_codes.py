"""Drawing codes, and joining them with authors: two people, on record, and never by the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts import actions as accounts
from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest, Round
from contest.db import db, utcnow
from contest.entries.models import Entry, JudgeCopy, RoundEntry, Unblinding
from contest.entries.queries import unblinded
from contest.rules.permissions import Role
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def as_role(
    contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]
) -> Callable[..., FlaskClient]:
    def make(*roles: Role, name: str = "Người làm việc") -> FlaskClient:
        return sign_in(make_account(name, *roles, contest=contest))

    return make


def _checked(entry: Entry) -> Entry:
    db.session.query(JudgeCopy).filter_by(entry_id=entry.id).update({"checked_at": NOW})
    db.session.commit()
    return entry


def _drawn(contest: Contest, entry: Entry, code: str) -> RoundEntry:
    row = RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code=code, created_at=NOW)
    db.session.add(row)
    db.session.commit()
    return row


def test_codes_are_drawn_once_for_every_valid_entry(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    entries = [_checked(make_entry(contest)) for _ in range(4)]
    make_entry(contest, screening="invalid")
    desk = as_role(Role.INTAKE_SECRETARY)
    before = desk.get(f"/cuoc-thi/{contest.slug}/phach").text

    for _ in range(2):
        desk.post(f"/cuoc-thi/{contest.slug}/phach")

    assert "Rọc phách 4 bài" in before
    rows = db.session.query(RoundEntry).all()
    assert {row.entry_id for row in rows} == {entry.id for entry in entries}
    assert len({row.code for row in rows}) == 4
    after = desk.get(f"/cuoc-thi/{contest.slug}/phach").text
    assert not [row.code for row in rows if f">{row.code}<" in after]


@pytest.mark.parametrize(
    ("columns", "copy", "words"),
    [
        ({"screening": "pending"}, {}, "1 bài chờ kiểm tra"),
        ({"screening": "returned"}, {}, "1 bài trả lại, tác giả chưa nộp lại"),
        ({}, {"state": "failed"}, "1 bài chưa có bản chấm"),
        ({}, {"checked_at": None}, "1 bản chấm chưa ai xác nhận"),
    ],
)
def test_what_blocks_the_drawing_is_listed_and_holds(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry],
    columns: dict[str, Any], copy: dict[str, Any], words: str,
) -> None:  # fmt: skip
    _checked(make_entry(contest))
    other = _checked(make_entry(contest, **columns))
    if copy:
        db.session.query(JudgeCopy).filter_by(entry_id=other.id).update(copy)
        db.session.commit()
    desk = as_role(Role.INTAKE_SECRETARY)

    page = desk.get(f"/cuoc-thi/{contest.slug}/phach").text
    desk.post(f"/cuoc-thi/{contest.slug}/phach")

    assert words in page
    assert db.session.query(RoundEntry).count() == 0


def test_only_the_code_keeper_sees_codes_and_no_page_joins_them(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest, author="Hoàng Văn Páo", title="Chuyện bên sông"), "83117")

    keeper = as_role(Role.CODE_KEEPER).get(f"/cuoc-thi/{contest.slug}/phach").text
    desk = as_role(Role.INTAKE_SECRETARY).get(f"/cuoc-thi/{contest.slug}/phach").text

    assert "83117" in keeper and "Páo" not in keeper and "Chuyện bên sông" not in keeper
    assert "83117" not in desk


def test_codes_pages_are_closed_to_everybody_else(
    contest: Contest, make_contest: Callable[..., Contest], as_role: Callable[..., FlaskClient],
    make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient], client: FlaskClient,
) -> None:  # fmt: skip
    foreign = sign_in(make_account("Khác", Role.CODE_KEEPER, Role.INTAKE_SECRETARY, contest=make_contest()))
    judges = [as_role(role) for role in (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.ADMIN)]

    for person in (*judges, foreign):
        assert person.get(f"/cuoc-thi/{contest.slug}/phach").status_code == 403
        assert person.post(f"/cuoc-thi/{contest.slug}/phach").status_code == 403
        assert person.get(f"/cuoc-thi/{contest.slug}/khop-phach").status_code == 403
        assert person.post(f"/cuoc-thi/{contest.slug}/khop-phach").status_code == 403
        for step in ("dong-y", "tu-choi", "mo"):
            assert person.post(f"/cuoc-thi/{contest.slug}/khop-phach/1/{step}").status_code == 403
    assert client.get(f"/cuoc-thi/{contest.slug}/phach", headers={"Accept": "text/html"}).status_code == 302


def _ask(client: FlaskClient, contest: Contest, **more: str) -> Any:
    data = {"what": "all", "code": "", "reason": "Khóa kết quả chung khảo", **more}
    return client.post(f"/cuoc-thi/{contest.slug}/khop-phach", data=data)


def _confirmed(contest: Contest) -> None:
    contest.rounds[0].state = "confirmed"
    db.session.commit()


def test_the_page_says_when_one_of_the_two_let_the_other_in(
    contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient],
    make_entry: Callable[..., Entry],
) -> None:  # fmt: skip
    keeper = make_account("Quách Văn Giữ", Role.CODE_KEEPER, contest=contest)
    chief = make_account("Lò Thị Tổ", Role.ORGANISER, contest=contest)
    other = make_account("Vàng A Khác", Role.ORGANISER, contest=contest)
    now = utcnow()
    row = _drawn(contest, make_entry(contest), "83117")
    row.created_at = now - timedelta(days=1)
    accounts.set_password(keeper, "x", must_change=False, keep=None, actor=chief, now=now - timedelta(days=9))
    accounts.set_password(other, "x", must_change=False, keep=None, actor=chief, now=now)
    accounts.set_password(chief, keeper.password_hash, must_change=False, keep=None, actor=chief, now=now)
    db.session.commit()
    _ask(sign_in(keeper), contest, what="one", code="83117")
    at = f"/cuoc-thi/{contest.slug}/khop-phach"
    before = sign_in(chief).get(at).text

    accounts.make_card(keeper, contest_id=contest.id, minutes=10, actor=chief, now=now)
    db.session.commit()

    words = "Lò Thị Tổ đã cấp cách đăng nhập (tài khoản, mật khẩu hoặc phiếu QR) cho Quách Văn Giữ"
    assert words not in before and words in sign_in(chief).get(at).text
    assert words not in sign_in(other).get(at).text
    sign_in(chief).post(f"{at}/1/dong-y")
    assert words in sign_in(other).get(at).text


def test_two_people_join_codes_and_authors_and_every_look_is_recorded(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest, author="Hoàng Văn Páo"), "83117")
    _confirmed(contest)
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)
    at = f"/cuoc-thi/{contest.slug}/khop-phach"
    _ask(keeper, contest)
    row = db.session.query(Unblinding).one()
    sealed = keeper.post(f"{at}/{row.id}/mo", follow_redirects=True).text
    before = unblinded(contest)

    chief.post(f"{at}/{row.id}/dong-y")
    db.session.expire_all()
    opened = [keeper.post(f"{at}/{row.id}/mo").text, chief.post(f"{at}/{row.id}/mo").text]

    assert "Páo" not in sealed and "vẫn niêm phong" in sealed
    assert (before, unblinded(contest)) == (False, True)
    assert all("83117" in page and "Hoàng Văn Páo" in page for page in opened)
    assert "Páo" not in keeper.get(at).text and "Páo" not in chief.get(at).text
    trail = [item for item in db.session.query(AuditEvent) if item.action.startswith("entries.unblinding")]
    assert [item.action.rsplit("_")[-1] for item in trail] == ["ask", "approve", "open", "open"]
    assert {str(item.details) for item in trail} == {"{'whole_contest': True}"}


def test_asked_twice_is_one_request_to_decide_on(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest), "83117")
    _confirmed(contest)
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)
    at = f"/cuoc-thi/{contest.slug}/khop-phach"
    _ask(keeper, contest)
    _ask(keeper, contest)
    said = keeper.get(at).text
    _ask(keeper, contest, what="one", code="83117")
    whole = db.session.query(Unblinding).filter(Unblinding.entry_id.is_(None))

    before = (whole.count(), db.session.query(Unblinding).count())
    chief.post(f"{at}/{whole.one().id}/tu-choi")
    _ask(keeper, contest)

    assert "đã gửi từ trước và đang chờ" in said
    assert before == (1, 2), "an entry of its own is another request"
    assert whole.count() == 2, "once refused it can be asked again"


def test_nobody_agrees_to_their_own_request(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest), "83117")
    _confirmed(contest)
    both = as_role(Role.CODE_KEEPER, Role.ORGANISER)
    _ask(both, contest)
    row = db.session.query(Unblinding).one()

    both.post(f"/cuoc-thi/{contest.slug}/khop-phach/{row.id}/dong-y")

    db.session.expire_all()
    assert (row.approved_at, unblinded(contest)) == (None, False)


def test_the_whole_contest_stays_sealed_until_its_rounds_are_confirmed(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest), "83117")

    answer = _ask(as_role(Role.CODE_KEEPER), contest)

    assert answer.status_code == 422
    assert "chưa xác nhận Sơ khảo" in answer.text
    assert db.session.query(Unblinding).count() == 0


def _later_round(contest: Contest, *, state: str = "waiting") -> Round:
    row = Round(contest_id=contest.id, position=2, key="chung-khao", name="Chung khảo", state=state)
    db.session.add(row)
    db.session.commit()
    db.session.expire_all()
    return row


def test_nothing_is_joined_between_two_rounds(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    """Else the authors of all that the final judges would be known while it is judged."""
    _drawn(contest, make_entry(contest), "83117")
    _confirmed(contest)
    final = _later_round(contest)
    keeper = as_role(Role.CODE_KEEPER)

    early = _ask(keeper, contest)
    final.state = "confirmed"
    db.session.commit()
    late = _ask(keeper, contest)

    assert (early.status_code, late.status_code) == (422, 302)
    assert "chưa xác nhận Chung khảo" in early.text


def test_a_round_judged_again_seals_the_joined_list(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest, author="Hoàng Văn Páo"), "83117")
    _confirmed(contest)
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)
    _ask(keeper, contest)
    at = f"/cuoc-thi/{contest.slug}/khop-phach/{db.session.query(Unblinding).one().id}"
    chief.post(f"{at}/dong-y")
    contest.rounds[0].state = "open"
    db.session.commit()

    page = keeper.post(f"{at}/mo", follow_redirects=True).text

    assert "Páo" not in page and "Danh sách tạm niêm phong: Sơ khảo" in page


def test_one_entry_joined_in_a_round_keeps_its_code_of_the_next(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    entry = make_entry(contest, author="Hoàng Văn Páo")
    _drawn(contest, entry, "83117")
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)
    _ask(keeper, contest, what="one", code="83117")
    at = f"/cuoc-thi/{contest.slug}/khop-phach/{db.session.query(Unblinding).one().id}"
    chief.post(f"{at}/dong-y")
    final = _later_round(contest)
    db.session.add(RoundEntry(round_id=final.id, entry_id=entry.id, code="20466", created_at=utcnow()))
    db.session.commit()

    page = keeper.post(f"{at}/mo").text

    assert "83117" in page and "20466" not in page


def test_one_entry_can_be_joined_alone(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest, author="Hoàng Văn Páo"), "83117")
    _drawn(contest, make_entry(contest, author="Đỗ Thị Hà"), "20466")
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)

    unknown = _ask(keeper, contest, what="one", code="99999")
    _ask(keeper, contest, what="one", code="83117")
    row = db.session.query(Unblinding).one()
    chief.post(f"/cuoc-thi/{contest.slug}/khop-phach/{row.id}/dong-y")
    page = keeper.post(f"/cuoc-thi/{contest.slug}/khop-phach/{row.id}/mo").text

    assert unknown.status_code == 422
    assert "Páo" in page and "Hà" not in page and "20466" not in page
    assert unblinded(contest) is False


def test_a_refused_request_stays_sealed(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    _drawn(contest, make_entry(contest, author="Hoàng Văn Páo"), "83117")
    keeper, chief = as_role(Role.CODE_KEEPER), as_role(Role.ORGANISER)
    _ask(keeper, contest, what="one", code="83117")
    row = db.session.query(Unblinding).one()
    at = f"/cuoc-thi/{contest.slug}/khop-phach/{row.id}"

    chief.post(f"{at}/tu-choi")
    chief.post(f"{at}/dong-y")
    page = keeper.post(f"{at}/mo", follow_redirects=True).text

    db.session.expire_all()
    assert (row.approved_at, row.refused_at is not None) == (None, True)
    assert "Páo" not in page


def test_a_request_of_another_contest_does_not_exist_here(
    contest: Contest, make_contest: Callable[..., Contest], as_role: Callable[..., FlaskClient],
    make_entry: Callable[..., Entry], make_account: Callable[..., Account],
) -> None:  # fmt: skip
    other = make_contest()
    _drawn(other, make_entry(other, author="Hoàng Văn Páo"), "83117")
    asker = make_account()
    row = Unblinding(contest_id=other.id, reason="x", asked_by_id=asker.id, asked_at=NOW)
    row.approved_by_id, row.approved_at = make_account().id, NOW
    db.session.add(row)
    db.session.commit()

    assert as_role(Role.CODE_KEEPER).post(f"/cuoc-thi/{contest.slug}/khop-phach/{row.id}/mo").status_code == 404


def test_codes_pages_cost_the_same_for_many(
    contest: Contest, as_role: Callable[..., FlaskClient], make_entry: Callable[..., Entry]
) -> None:
    keeper = as_role(Role.CODE_KEEPER, Role.INTAKE_SECRETARY)
    costs = []
    for n, count in enumerate((1, 20)):
        for m in range(count):
            _drawn(contest, make_entry(contest), f"{n}{m:03d}")
        with kit.Statements() as spent:
            keeper.get(f"/cuoc-thi/{contest.slug}/phach")
            keeper.get(f"/cuoc-thi/{contest.slug}/khop-phach")
        costs.append(spent.count)

    assert costs[0] == costs[1]
