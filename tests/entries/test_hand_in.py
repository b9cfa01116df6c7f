"""From the first word to the receipt, as plain forms; and everything that may stand in the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from contest import jobs
from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Author, Entry, EntryVersion, JudgeCopy
from contest.mail import Mail
from tests.entries import kit


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


def test_after_the_deadline_a_draft_is_not_asked_to_be_completed(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    contest = make_contest()
    entry = kit.begin(pen, contest)
    before = [pen.get(f"/bai/{entry.public_id}/{step}").text for step in ("tac-pham", "kiem-tra")]
    contest.closes_at = utcnow() - timedelta(days=2)
    db.session.commit()

    work, review = (pen.get(f"/bai/{entry.public_id}/{step}").text for step in ("tac-pham", "kiem-tra"))

    assert "Đã hết hạn nộp bài" in work and "Đã hết hạn nộp bài" in review
    assert "Bổ sung mục còn thiếu" in before[1] and "Đã hết hạn" not in "".join(before)
    assert "Bổ sung mục còn thiếu" not in review and "Cần bổ sung trước khi nộp" not in review
    assert "Nội dung đã nhập vẫn được giữ nguyên" in review


def test_a_contest_that_takes_late_works_says_so_while_one_writes(
    make_contest: Callable[..., Contest], pen: FlaskClient
) -> None:
    contest = make_contest(accepts_late=True)
    entry = kit.begin(pen, contest)
    in_time = pen.get(f"/bai/{entry.public_id}/tac-pham").text
    contest.closes_at = utcnow() - timedelta(days=2)
    db.session.commit()

    late = pen.get(f"/bai/{entry.public_id}/kiem-tra").text

    assert "bài nộp muộn vẫn được nhận và được ghi chú" in late and "Bổ sung mục còn thiếu" in late
    assert "nộp muộn" not in in_time


def test_a_step_with_something_missing_gets_no_tick(make_contest: Callable[..., Contest], pen: FlaskClient) -> None:
    entry = kit.begin(pen, make_contest())
    review = f"/bai/{entry.public_id}/kiem-tra"

    empty = pen.get(review).text
    kit.write(pen, entry)
    written = pen.get(review).text

    # The author is known from the account; the work comes, the pledge is still to come.
    assert (empty.count("đã xong"), written.count("đã xong")) == (1, 2)
