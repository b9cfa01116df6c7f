"""The secretariat makes the judge's copy: names covered, pages drawn, parts painted over."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest import jobs
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.copies import mark_names, spans_of
from contest.entries.jobs import make_judge_copy
from contest.rules.names_inside import Person
from contest.storage import storage
from tests.entries import kit


def test_names_in_the_copy_are_marked_and_covered(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    work = {"title": "Chuyện của Hoàng Văn Páo", "text": "Tôi tên là Hoàng Văn Páo.\n\nBà con quý Hoàng Văn Páo lắm."}
    entry = kit.submitted(sign_in(author), contest, author, **work)
    jobs.run_due()

    before = desk.get(kit.at(contest, entry)).text
    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Hoàng  Văn Páo"})
    copy = kit.copy_of(entry)
    after = desk.get(kit.at(contest, entry)).text

    assert before.count("<mark>Hoàng Văn Páo</mark>") == 3
    assert "Páo" not in copy.html and "Páo" not in copy.title
    assert "Tôi tên là ▇▇▇." in copy.html and copy.title == "Chuyện của ▇▇▇"
    assert len(copy.covered) == 3
    assert "<mark>" not in after
    assert copy.checked_at is None


def test_a_cover_can_be_taken_off_again(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    clean = kit.copy_of(entry).html
    desk.post(kit.at(contest, entry, "/che"), data={"passage": "sông Gâm"})
    covered = kit.copy_of(entry).html
    assert len(kit.copy_of(entry).covered) == 2

    for _place in ("title", "text"):
        form = {"uncover": "0", **kit.seen(entry)}
        for _press in range(2):  # pressed twice, it takes off one
            desk.post(kit.at(contest, entry, "/che"), data=form)

    assert covered != clean
    assert kit.copy_of(entry).html == clean


def test_an_authors_own_ellipsis_is_not_taken_for_a_cover(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="Ngày ấy… bà con tên Páo vui lắm…")
    jobs.run_due()

    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Páo"})

    assert kit.copy_of(entry).html == "<p>Ngày ấy… bà con tên ▇▇▇ vui lắm…</p>"


def test_a_passage_that_is_not_there_is_said_so(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()

    answer = desk.post(kit.at(contest, entry, "/che"), data={"passage": "không có"}, follow_redirects=True)

    assert "Không thấy đoạn “không có” trong bản chấm." in answer.text


def test_a_confirmed_copy_must_be_confirmed_again_after_a_change(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    states = []
    desk.post(kit.at(contest, entry, "/xac-nhan-ban-cham"), data=kit.seen(entry))
    states.append(kit.copy_of(entry).checked_at is not None)
    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Gâm"})
    states.append(kit.copy_of(entry).checked_at is not None)

    assert states == [True, False]


def test_what_a_colleague_changed_meanwhile_is_neither_confirmed_nor_uncovered_unseen(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Gâm"})
    page = desk.get(kit.at(contest, entry)).text
    stale = {"seen": kit.hidden(page, "seen")}
    assert stale == kit.seen(entry)

    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Bản"})
    covered, html = list(kit.copy_of(entry).covered), kit.copy_of(entry).html
    answers = [
        desk.post(kit.at(contest, entry, "/xac-nhan-ban-cham"), data=stale, follow_redirects=True),
        desk.post(kit.at(contest, entry, "/che"), data={"uncover": "0", **stale}, follow_redirects=True),
    ]

    assert all("Bản chấm vừa thay đổi hoặc chưa sẵn sàng" in answer.text for answer in answers)
    copy = kit.copy_of(entry)
    assert (copy.checked_at, copy.covered, copy.html) == (None, covered, html)


def test_a_new_version_makes_a_new_copy_that_nobody_checked(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    pen = sign_in(author)
    entry = kit.submitted(pen, contest, author)
    jobs.run_due()
    desk.post(kit.at(contest, entry, "/xac-nhan-ban-cham"), data=kit.seen(entry))
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Hoàn toàn mới.")
    kit.promise(pen, entry)
    kit.hand_in(pen, entry)
    between = kit.copy_of(entry)
    state = (between.state, between.checked_at)
    jobs.run_due()

    assert state == ("making", None)
    assert "Hoàn toàn mới." in kit.copy_of(entry).html


def test_the_job_may_run_twice_and_keeps_what_was_covered(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author)
    jobs.run_due()
    desk.post(kit.at(contest, entry, "/che"), data={"passage": "Gâm"})
    covered = kit.copy_of(entry).html

    make_judge_copy(entry.id)
    db.session.commit()

    assert kit.copy_of(entry).html == covered


def test_pages_are_drawn_without_a_trace_of_who_sent_them(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    photo = BytesIO()
    picture = Image.new("RGB", (300, 400), "white")
    exif = Image.Exif()
    exif[0x013B] = "Hoang Van Pao"  # Artist
    picture.save(photo, "JPEG", exif=exif)
    assert b"Hoang Van Pao" in photo.getvalue()
    files = [(BytesIO(photo.getvalue()), "trang 1.jpg"), (BytesIO(kit.pdf(2)), "trang 2-3.pdf")]
    entry = kit.submitted(sign_in(author), contest, author, text="", files=files)
    jobs.run_due()

    copy = kit.copy_of(entry)
    page = desk.get(kit.at(contest, entry, "/trang/1"))

    assert len(copy.pages) == 3
    assert page.data.startswith(b"\xff\xd8\xff") and b"Hoang Van Pao" not in page.data
    assert desk.get(kit.at(contest, entry, "/trang/4")).status_code == 404


def test_a_part_of_a_page_is_painted_over_and_back(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.jpeg(200, 300)), "trang.jpg")])
    jobs.run_due()
    before = kit.copy_of(entry).pages[0]["key"]

    desk.post(kit.at(contest, entry, "/che-trang"), data={"page": "1", "part": "top"})
    painted = Image.open(BytesIO(storage().read(kit.copy_of(entry).pages[0]["key"]))).convert("L")
    desk.post(kit.at(contest, entry, "/che-trang"), data={"page": "1", "drop": "0", **kit.seen(entry)})

    assert painted.getpixel((100, 10)) < 60 and painted.getpixel((100, 200)) > 240
    assert kit.copy_of(entry).pages[0]["key"] == before


def test_a_copy_that_cannot_be_made_says_why(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.docx()), "bai.docx")])
    storage().delete(entry.versions[0].files[0].storage_key)

    jobs.run_due()

    assert (kit.copy_of(entry).state, kit.copy_of(entry).error) == ("failed", "file_lost")
    assert "không còn tệp trong kho" in desk.get(kit.at(contest, entry)).text


def test_the_original_is_a_download(
    contest: Contest, desk: FlaskClient, author: Account, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = kit.submitted(sign_in(author), contest, author, text="", files=[(BytesIO(kit.docx()), "Bài.docx")])
    file = entry.versions[0].files[0]

    answer = desk.get(kit.at(contest, entry, f"/tep/{file.public_id}"))

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            "<p>Tôi là <strong>Hoàng Văn</strong> Páo.</p>",
            "<p>Tôi là <strong><mark>Hoàng Văn</mark></strong><mark> Páo</mark>.</p>",
        ),
        ("<p>a &amp; b &lt;Hoàng Văn Páo&gt;</p>", "<p>a &amp; b &lt;<mark>Hoàng Văn Páo</mark>&gt;</p>"),
        ("<p>Không ai.</p>", "<p>Không ai.</p>"),
    ],
)  # fmt: skip
def test_marking_keeps_the_html_whole(made: str, expected: str) -> None:
    marked, _found = mark_names(made, [Person(name="Hoàng Văn Páo")])

    assert marked.replace("<mark></mark>", "") == expected.replace("<mark></mark>", "")


def test_spans_do_not_mind_spaces_and_line_ends() -> None:
    assert spans_of("tổ  dân vận", "Từ ngày có tổ\n\ndân vận và tổ dân vận mới") == [(11, 22), (26, 36)]
