"""What was handed in is changed, dropped or withdrawn, and every version stays."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import RoundEntry, SetAside
from tests.entries import kit
from tests.fixtures.makers import NOW


def test_editing_makes_a_new_version_and_keeps_the_old(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.submitted(pen, make_contest(), person)
    code = entry.receipt_code

    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, title="Tên mới", text="Bài viết lại.")
    kit.sign(pen, entry, "Hoàng Văn Páo", **{"people-0-address": "Na Hang"})
    db.session.expire_all()
    meanwhile = (entry.title, entry.authors[0].address, entry.state)
    kit.promise(pen, entry)
    kit.hand_in(pen, entry)

    db.session.expire_all()
    assert meanwhile == ("Chuyện bên sông Gâm", "", "submitted")
    assert [(version.number, version.title) for version in entry.versions] == [
        (1, "Chuyện bên sông Gâm"),
        (2, "Tên mới"),
    ]
    assert (entry.title, entry.authors[0].address, entry.receipt_code) == ("Tên mới", "Na Hang", code)
    assert "Bản nhỏ bên sông Gâm" in pen.get(f"/bai/{entry.public_id}/ban/1").text
    assert "bản thứ 2" in pen.get(f"/bai/{entry.public_id}/bien-nhan").text


def test_a_revision_can_be_dropped(make_contest: Callable[..., Contest], pen: FlaskClient, person: Account) -> None:
    entry = kit.submitted(pen, make_contest(), person)
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="thôi")

    pen.post(f"/bai/{entry.public_id}/bo-ban-sua")

    db.session.expire_all()
    assert [version.number for version in entry.versions] == [1]


def test_once_it_has_a_code_an_entry_neither_changes_nor_goes(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest()
    entry = kit.submitted(pen, contest, person)
    db.session.add(RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code="0417", created_at=NOW))
    db.session.commit()

    pen.post(f"/bai/{entry.public_id}/sua-bai")
    pen.post(f"/bai/{entry.public_id}/rut", data={"reason": "Không dự thi nữa"})

    db.session.expire_all()
    assert len(entry.versions) == 1
    assert entry.state == "submitted"
    assert "0417" not in pen.get(f"/bai/{entry.public_id}").text


def test_withdrawing_takes_a_reason_and_keeps_everything(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.submitted(pen, make_contest(), person)

    refused = pen.post(f"/bai/{entry.public_id}/rut", data={"reason": ""})
    taken = pen.post(f"/bai/{entry.public_id}/rut", data={"reason": "Gửi nhầm cuộc thi"})

    db.session.expire_all()
    assert (refused.status_code, taken.status_code) == (422, 302)
    assert (entry.state, entry.withdrawn_reason) == ("withdrawn", "Gửi nhầm cuộc thi")
    assert len(entry.versions) == 1 and entry.receipt_code
    page = pen.get(f"/bai/{entry.public_id}").text
    assert "Đã rút" in page and "Gửi nhầm cuộc thi" in page
    assert "bản đang có giá trị" not in page


def test_two_tabs_show_both_texts_and_keep_the_one_not_picked(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest())
    loaded = kit.draft_number(entry)
    kit.write(pen, entry, text="từ cửa sổ thứ nhất")

    answer = kit.write(pen, entry, text="từ cửa sổ thứ hai", revision=loaded)

    assert answer.status_code == 409
    assert "từ cửa sổ thứ nhất" in answer.text and "từ cửa sổ thứ hai" in answer.text
    picked = {
        "title": "Tên", "text": "từ cửa sổ thứ hai", "revision": kit.hidden(answer.text, "revision"), "pick": "mine",
    }  # fmt: skip
    pen.post(f"/bai/{entry.public_id}/chon-ban", data=picked)
    db.session.expire_all()
    assert entry.versions[0].text == "từ cửa sổ thứ hai"
    assert [row.text for row in db.session.query(SetAside)] == ["từ cửa sổ thứ nhất"]
    assert "từ cửa sổ thứ nhất" in pen.get(f"/bai/{entry.public_id}/tac-pham").text
