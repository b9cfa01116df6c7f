"""From the first word to the receipt, as plain forms; and everything that may stand in the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest import jobs
from contest.accounts.models import Account, RoleGrant
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Author, Entry, EntryVersion, JudgeCopy, RoundEntry, SetAside
from contest.mail import Mail
from contest.rules.permissions import Role
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def person(make_account: Callable[..., Account]) -> Account:
    return make_account("Hoàng Văn Páo", email="pao@example.vn", phone="84912345678")


@pytest.fixture
def pen(person: Account, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(person)


def test_an_entry_goes_through_its_steps_and_gets_a_receipt(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest(ai_pledge_text="Tôi không dùng công cụ viết thay.")
    entry = kit.begin(pen, contest)

    steps = [
        kit.write(pen, entry).headers["Location"],
        kit.sign(pen, entry, **{"people-0-birth_date": "5/9/1990", "people-0-phone": "0912 345 678"}).headers[
            "Location"
        ],
        kit.promise(pen, entry).headers["Location"],
        kit.hand_in(pen, entry).headers["Location"],
    ]

    base = f"/bai/{entry.public_id}"
    assert steps == [f"{base}/tac-gia", f"{base}/cam-ket", f"{base}/kiem-tra", f"{base}/bien-nhan"]
    db.session.expire_all()
    assert (entry.state, entry.screening, entry.title) == ("submitted", "pending", "Chuyện bên sông Gâm")
    assert entry.receipt_code is not None and entry.receipt_code.startswith("DV24-")
    [author] = entry.authors
    assert (author.full_name, str(author.birth_date), author.phone) == ("Hoàng Văn Páo", "1990-09-05", "84912345678")
    assert author.account_id == person.id
    page = pen.get(f"{base}/bien-nhan").text
    assert entry.receipt_code in page and "<svg" in page and (entry.versions[0].content_sha256 or "?") in page


def test_the_fingerprint_is_that_of_everything_handed_in(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.submitted(pen, make_contest(), person)

    [version] = entry.versions

    assert hashlib.sha256(version.content.encode()).hexdigest() == version.content_sha256
    content = json.loads(version.content)
    assert content["text"] == kit.BODY
    assert [author["full_name"] for author in content["authors"]] == ["Hoàng Văn Páo"]
    assert content["pledge"]["texts"] == ["Tôi cam kết đây là tác phẩm của mình."]
    assert "account_id" not in content["authors"][0]


def test_the_receipt_is_mailed_and_the_judges_copy_is_made_by_jobs(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.submitted(pen, make_contest(), person)

    jobs.run_due()

    [letter] = db.session.query(Mail).all()
    assert letter.to == "pao@example.vn"
    assert entry.receipt_code is not None and entry.receipt_code in letter.text
    copy = db.session.query(JudgeCopy).one()
    assert (copy.state, copy.title, copy.word_count) == ("ready", "Chuyện bên sông Gâm", 19)
    assert "Páo" not in copy.html and "sông Gâm" in copy.html


def test_pressed_twice_it_is_handed_in_once(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.begin(pen, make_contest())
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    page = pen.get(f"/bai/{entry.public_id}/kiem-tra").text
    data = {"number": kit.hidden(page, "number"), "seen": kit.hidden(page, "seen")}

    first = pen.post(f"/bai/{entry.public_id}/nop", data=data)
    second = pen.post(f"/bai/{entry.public_id}/nop", data=data)

    assert first.headers["Location"] == second.headers["Location"] == f"/bai/{entry.public_id}/bien-nhan"
    assert db.session.query(EntryVersion).count() == 1
    assert db.session.query(AuditEvent).filter_by(action="entries.submit").count() == 1


def test_what_changed_in_another_tab_is_looked_at_again_first(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    entry = kit.begin(pen, make_contest())
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    page = pen.get(f"/bai/{entry.public_id}/kiem-tra").text
    kit.sign(pen, entry, "Hoàng Văn Sửa")
    kit.promise(pen, entry)

    answer = pen.post(
        f"/bai/{entry.public_id}/nop", data={"number": kit.hidden(page, "number"), "seen": kit.hidden(page, "seen")}
    )

    assert answer.status_code == 422
    assert "Hoàng Văn Sửa" in answer.text and "thay đổi ở nơi khác" in answer.text
    db.session.expire_all()
    assert entry.state == "draft"


def test_an_incomplete_entry_names_every_gap_with_the_step_that_mends_it(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest(min_age=18, min_words=100))
    kit.write(pen, entry, title="", text="Ngắn quá.")

    answer = kit.hand_in(pen, entry)

    assert answer.status_code == 422
    base = f"/bai/{entry.public_id}"
    assert f'<a href="{base}/tac-pham">Chưa có tên tác phẩm.</a>' in answer.text
    assert f'<a href="{base}/tac-pham">Bài có 2 chữ, ít hơn mức tối thiểu 100 chữ.</a>' in answer.text
    assert f'<a href="{base}/tac-gia">Tác giả thứ 1 chưa có ngày sinh.</a>' in answer.text
    assert f'<a href="{base}/cam-ket">Chưa đồng ý lời cam kết.</a>' in answer.text


def test_closing_in_the_middle_keeps_the_draft(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest()
    entry = kit.begin(pen, contest)
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    page = pen.get(f"/bai/{entry.public_id}/kiem-tra").text
    contest.closes_at = utcnow() - timedelta(minutes=1)
    db.session.commit()

    answer = pen.post(
        f"/bai/{entry.public_id}/nop", data={"number": kit.hidden(page, "number"), "seen": kit.hidden(page, "seen")}
    )

    assert answer.status_code == 422
    assert "Đã hết hạn nộp bài" in answer.text
    db.session.expire_all()
    assert (entry.state, entry.versions[0].text) == ("draft", kit.BODY)
    assert kit.write(pen, entry, text="viết tiếp vẫn được giữ").status_code == 302


@pytest.mark.parametrize(
    ("minutes_over", "grace", "accepts_late", "taken", "late"),
    [(5, 10, False, True, False), (15, 10, False, False, None), (15, 10, True, True, True)],
)
def test_grace_and_late(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account,
    minutes_over: int, grace: int, accepts_late: bool, taken: bool, late: bool | None,
) -> None:  # fmt: skip
    contest = make_contest(grace_minutes=grace, accepts_late=accepts_late)
    entry = kit.begin(pen, contest)
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    contest.closes_at = utcnow() - timedelta(minutes=minutes_over)
    db.session.commit()

    answer = kit.hand_in(pen, entry)

    db.session.expire_all()
    assert (answer.status_code == 302) is taken
    assert entry.state == ("submitted" if taken else "draft")
    if taken:
        assert entry.is_late is late


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.CODE_KEEPER])
def test_who_runs_or_judges_the_contest_cannot_enter_it(
    make_contest: Callable[..., Contest],
    make_account: Callable[..., Account],
    sign_in: Callable[..., FlaskClient],
    role: Role,
) -> None:
    contest, other = make_contest(), make_contest()
    client = sign_in(make_account("Người có vai", role, contest=contest))

    page = client.get(f"/cuoc-thi/{contest.slug}/du-thi")
    answer = client.post(f"/cuoc-thi/{contest.slug}/du-thi")

    assert "không dự thi được" in page.text
    assert answer.headers["Location"] == f"/cuoc-thi/{contest.slug}/du-thi"
    assert db.session.query(Entry).count() == 0
    assert client.post(f"/cuoc-thi/{other.slug}/du-thi").headers["Location"].endswith("/tac-pham")


def test_who_becomes_a_judge_while_writing_cannot_hand_in(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest()
    entry = kit.begin(pen, contest)
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    db.session.add(RoleGrant(account_id=person.id, role=Role.JUDGE, contest_id=contest.id, given_at=NOW))
    db.session.commit()

    assert kit.hand_in(pen, entry).status_code == 422
    db.session.expire_all()
    assert entry.state == "draft"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "draft"}, "hiện không nhận bài"),
        ({"opens_at": NOW + timedelta(days=4000), "closes_at": None}, "chưa mở nhận bài"),
        ({"closes_at": NOW}, "Đã hết hạn nộp bài"),
        ({"open_to_public": False}, "nhận bài qua đơn vị"),
    ],
)
def test_reasons_why_one_cannot_begin(
    make_contest: Callable[..., Contest], pen: FlaskClient, columns: dict[str, Any], words: str
) -> None:
    contest = make_contest(**columns)

    assert words in pen.get(f"/cuoc-thi/{contest.slug}/du-thi").text
    pen.post(f"/cuoc-thi/{contest.slug}/du-thi")
    assert db.session.query(Entry).count() == 0


def test_beginning_twice_goes_on_with_the_same_draft(make_contest: Callable[..., Contest], pen: FlaskClient) -> None:
    contest = make_contest()

    assert kit.begin(pen, contest).id == kit.begin(pen, contest).id


def test_the_limit_per_author_counts_what_was_handed_in(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest(max_per_author=1)
    kit.submitted(pen, contest, person)

    page = pen.get(f"/cuoc-thi/{contest.slug}/du-thi").text
    pen.post(f"/cuoc-thi/{contest.slug}/du-thi")

    assert "đã gửi đủ" in page
    assert db.session.query(Entry).count() == 1


def test_the_pledge_is_asked_again_when_its_wording_changes(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    contest = make_contest()
    entry = kit.begin(pen, contest)
    kit.write(pen, entry)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    contest.pledge_text = "Lời cam kết mới."
    db.session.commit()

    answer = kit.hand_in(pen, entry)

    assert answer.status_code == 422
    assert "Chưa đồng ý lời cam kết." in answer.text


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
    assert "Đã rút" in pen.get(f"/bai/{entry.public_id}").text


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


def test_nobody_else_sees_or_changes_an_entry(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account,
    make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient], client: FlaskClient,
) -> None:  # fmt: skip
    contest = make_contest()
    entry = kit.submitted(pen, contest, person)
    stranger = sign_in(make_account("Người lạ"))
    judge = sign_in(make_account("Giám khảo", Role.JUDGE, contest=contest))
    base = f"/bai/{entry.public_id}"

    for path in (
        "",
        "/tac-pham",
        "/tac-gia",
        "/cam-ket",
        "/kiem-tra",
        "/bien-nhan",
        "/bien-nhan.pdf",
        "/ban/1",
        "/rut",
        "/nhap",
    ):
        assert stranger.get(base + path).status_code == 404
        assert judge.get(base + path).status_code == 404
        assert client.get(base + path, headers={"Accept": "text/html"}).status_code == 302
    for path in ("/tac-pham", "/tac-gia", "/cam-ket", "/nop", "/sua-bai", "/bo-ban-sua", "/rut", "/chon-ban", "/tep"):
        assert stranger.post(base + path, data={}).status_code == 404


def test_the_public_check_of_a_receipt_names_neither_author_nor_work(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account, client: FlaskClient
) -> None:
    entry = kit.submitted(pen, make_contest(), person)
    assert entry.receipt_code is not None
    typed = entry.receipt_code.lower().replace("-", " ").replace("0", "o")

    found = client.get("/bien-nhan", query_string={"ma": typed}, follow_redirects=True)
    unknown = client.get("/bien-nhan/DV24-0000-0000")

    assert "Biên nhận thật" in found.text and entry.receipt_code in found.text
    for secret in ("Páo", "sông Gâm", "pao@example.vn", "0912", entry.public_id):
        assert secret not in found.text
    assert unknown.status_code == 404


def test_the_pdf_receipt(make_contest: Callable[..., Contest], pen: FlaskClient, person: Account) -> None:
    entry = kit.submitted(pen, make_contest(), person)

    answer = pen.get(f"/bai/{entry.public_id}/bien-nhan.pdf")

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=bien-nhan-{entry.receipt_code}.pdf"


def test_steps_cost_the_same_with_one_author_and_with_three(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    entry = kit.begin(pen, make_contest())
    kit.write(pen, entry)
    costs = []
    for people in (1, 3):
        kit.sign(pen, entry, **{f"people-{n}-full_name": f"Tác giả {n}" for n in range(people)})
        with kit.Statements() as spent:
            pen.get(f"/bai/{entry.public_id}/kiem-tra")
        costs.append(spent.count)

    assert costs[0] == costs[1]


def test_my_entries_cost_the_same_for_many(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], pen: FlaskClient, person: Account
) -> None:
    costs = []
    for count in (1, 10):
        for _ in range(count):
            make_entry(make_contest(), owner=person)
        with kit.Statements() as spent:
            assert pen.get("/bai-cua-toi").status_code == 200
        costs.append(spent.count)

    assert costs[0] == costs[1]


def test_files_of_a_draft_reach_the_receipt_with_their_hashes(
    make_contest: Callable[..., Contest], pen: FlaskClient, person: Account
) -> None:
    data = kit.docx()

    entry = kit.submitted(pen, make_contest(), person, text="", files=[(BytesIO(data), "Bài dự thi.docx")])

    page = pen.get(f"/bai/{entry.public_id}/bien-nhan").text
    assert "Bài dự thi.docx" in page and hashlib.sha256(data).hexdigest() in page
    assert db.session.query(Author).count() == 1
