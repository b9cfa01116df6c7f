"""The pages of the panel: from members to an open round, what they never name, who may not run them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging.models import DeclaredConflict
from contest.rules.permissions import Role
from tests.judging.conftest import Hall

SignIn = Callable[[Account], FlaskClient]


def path(contest: Any, rest: str) -> str:
    return f"/cuoc-thi/{contest.slug}/vong/so-khao/{rest}"


def test_the_panel_page_goes_from_members_to_an_open_round(waiting: Any, make_account: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(4, 2)
    extra = make_account("Vi Văn Thắng", Role.JUDGE, contest=contest)
    client = sign_in(secretary)

    page = client.get(path(contest, "giam-khao")).text
    assert "Vi Văn Thắng" in page and "Lập phương án phân công" in page
    client.post(path(contest, "giam-khao/them"), data={"account": [str(extra.id)]})
    preview = client.post(path(contest, "phan-cong/lap"), follow_redirects=True).text
    assert "Thêm 8 phiếu chấm" in preview and "J3 · Vi Văn Thắng" in preview
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    assert (
        "Đã phân công 8 phiếu chấm"
        in client.post(path(contest, "phan-cong"), data={"digest": digest}, follow_redirects=True).text
    )
    assert "Mở vòng chấm" in client.get(path(contest, "giam-khao")).text
    opened = client.post(path(contest, "mo"), data={"due_on": "2024-10-05"})

    assert opened.status_code == 303
    db.session.expire_all()
    assert (round_.state, round_.marks_due_at.isoformat()) == ("open", "2024-10-05T10:00:00+00:00")


def test_opening_too_early_lists_what_is_missing(waiting: Any, sign_in: SignIn) -> None:
    contest, _round, _members, secretary = waiting(4, 2)

    answer = sign_in(secretary).post(path(contest, "mo"))

    assert answer.status_code == 409
    assert "4 bài chưa đủ giám khảo" in answer.text


def test_the_panel_page_never_names_authors_or_units(waiting: Any, make_unit: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(4, 3)
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    unit = make_unit("Xã Bí Mật")
    part.entry.unit_id, part.entry.unit_name, members[1].account.unit_id = unit.id, "Xã Bí Mật", unit.id
    db.session.commit()
    client = sign_in(secretary)

    client.post(path(contest, "phan-cong/lap"))
    pages = ("giam-khao", "bai/0500", "phan-cong?moi=1&tranh=1", "phan-cong/bai/0500")
    seen = "".join(client.get(path(contest, page)).text for page in pages)

    assert "0500" in seen
    for secret in ("Tác giả 0", "Bí Mật", part.entry.receipt_code, part.entry.public_id):
        assert secret not in seen


def test_an_interest_is_recorded_with_a_unit_or_a_person(waiting: Any, make_unit: Any, sign_in: SignIn) -> None:
    contest, _round, members, secretary = waiting(2, 2)
    unit = make_unit("Xã Năng Khả", code="XNK")
    client, form = sign_in(secretary), {"account": str(members[0].account_id), "reason": "Quê vợ"}

    assert client.post(path(contest, "co-lien-quan"), data=form).status_code == 422
    assert client.post(path(contest, "co-lien-quan"), data={**form, "unit_code": "không có"}).status_code == 422
    assert client.post(path(contest, "co-lien-quan"), data={**form, "unit_code": "XNK"}).status_code == 303
    row = db.session.query(DeclaredConflict).one()
    assert (row.unit_id, row.account_id, row.declared_by_id) == (unit.id, members[0].account_id, secretary.id)
    assert "Xã Năng Khả" in client.get(path(contest, "giam-khao")).text


POSTS = (
    "giam-khao/them",
    "giam-khao/J1/sua",
    "giam-khao/J1/thoi",
    "giam-khao/so-truong",
    "phan-cong",
    "phan-cong/lap",
    "phan-cong/bai/0417/chon",
    "co-lien-quan",
    "mo",
    "dong",
    "bai/0417/J2/chuyen",
    "bai/0417/giam-khao-thu-ba",
)


PAGES = ("giam-khao", "phan-cong", "phan-cong/bai/0417")


@pytest.mark.parametrize("rest", (*PAGES, *POSTS))
def test_who_may_not_run_a_panel(
    hall: Hall, make_hall: Any, make_account: Any, sign_in: SignIn, client: FlaskClient, rest: str
) -> None:
    other = make_hall()
    strangers = [
        hall.judge(1), hall.judge(2), make_account("Người dự thi"),
        make_account("Thư ký khác", Role.TALLY_SECRETARY, contest=other.contest),
        make_account("Tiếp nhận", Role.INTAKE_SECRETARY, contest=hall.contest),
    ]  # fmt: skip

    def status(visitor: FlaskClient) -> int:
        call = visitor.get if rest in PAGES else visitor.post
        return call(path(hall.contest, rest)).status_code

    assert status(client) == 302
    assert [status(sign_in(account)) for account in strangers] == [403] * 5
    assert hall.contest.rounds[0].state == "open"


def test_a_round_or_judge_of_another_contest_does_not_exist(hall: Hall, make_account: Any, sign_in: SignIn) -> None:
    client = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))

    assert client.get(f"/cuoc-thi/{hall.contest.slug}/vong/chung-khao/giam-khao").status_code == 404
    assert client.get("/cuoc-thi/khong-co/vong/so-khao/giam-khao").status_code == 404
    assert client.post(path(hall.contest, "giam-khao/J9/thoi"), data={"reason": "x"}).status_code == 404
    assert client.get(path(hall.contest, "bai/9999")).status_code == 404
