"""A judge's tablet in a hall whose line goes: it opens, reads, takes marks; and the server holds every version once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from contest.accounts.models import LoginSession
from contest.contests.models import Contest
from contest.db import db
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import verify_ledger
from tests.tablets.lines import Line

pytestmark = pytest.mark.story

ON_TABLET, ON_SERVER = re.compile("is-tablet"), re.compile("is-server")


@pytest.fixture
def hall_of_ten(make_hall: Any) -> tuple[Any, list[str], int]:
    """(account of the second judge, the paths of their ten sheets, the contest's id)."""
    hall = make_hall(entries=10)
    paths = [f"/cham/{row[1].public_id}" for row in hall.sheets]
    return hall.judge(2), paths, hall.contest.id


def make_ready(page: Page, count: int) -> None:
    """The list, opened once with a line, has fetched every sheet."""
    page.goto("/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text(f"Đã tải {count} bài", timeout=30_000)
    page.wait_for_load_state("networkidle")


def dot(page: Page) -> Any:
    return expect(page.locator("[data-dot]"))


def field(page: Page, name: str) -> Any:
    return page.get_by_role("textbox", name=name)


def mark(page: Page, path: str, *marks: str) -> None:
    page.goto(path)
    for name, value in zip(("Nội dung", "Hình thức", "Sáng tạo"), marks, strict=True):
        field(page, name).fill(value)
    page.keyboard.press("Tab")
    dot(page).to_have_class(ON_TABLET)
    page.wait_for_timeout(900)  # a version is made when the typing pauses


def versions() -> list[tuple[str, str, dict[str, str | None]]]:
    """(sheet, kind, marks) of everything in the ledger, in its order."""
    rows = db.session.query(Assignment.public_id, SheetVersion.kind, SheetVersion.marks).join(
        SheetVersion, SheetVersion.assignment_id == Assignment.id
    )
    found = [(f"/cham/{sheet}", kind, marks) for sheet, kind, marks in rows.order_by(SheetVersion.seq)]
    db.session.remove()
    return found


def test_ten_entries_without_a_line_and_a_session_that_ran_out(
    tablet: Callable[..., BrowserContext], line: Line, hall_of_ten: Any, sign_in: Any
) -> None:
    judge, paths, contest_id = hall_of_ten
    judge_id = judge.id
    context = tablet(judge)
    page = context.new_page()
    make_ready(page, 10)

    # In the middle of a sheet the line goes; the page is loaded again.
    page.goto(paths[0])
    field(page, "Nội dung").fill("50")
    dot(page).to_have_class(ON_SERVER)
    line.cut()
    field(page, "Hình thức").fill("20,5")
    dot(page).to_have_text("trên máy này, chưa lên máy chủ")
    page.reload()
    assert [field(page, name).input_value() for name in ("Nội dung", "Hình thức")] == ["50", "20,5"]
    field(page, "Sáng tạo").fill("7,25")
    page.wait_for_timeout(900)

    # Nine more, read and marked without a line; then three of them otherwise.
    for number, path in enumerate(paths[1:], 1):
        mark(page, path, str(40 + number), "20", "5,5")
        expect(page.locator(".sheet-text")).to_contain_text("Bản nhỏ bên sông Gâm")
    for path in paths[2:5]:
        mark(page, path, "55", "21", "8")

    # A second tablet of the same judge was in use meanwhile, elsewhere, and wrote the sixth sheet.
    line.mend()
    second = tablet(db.session.get_one(type(judge), judge_id)).new_page()
    second.goto(paths[5])
    field(second, "Nội dung").fill("33")
    dot(second).to_have_class(ON_SERVER)

    # The session has ended when the line is back: nothing is lost, nothing is sent.
    db.session.execute(delete(LoginSession).where(LoginSession.account_id == judge_id))
    db.session.commit()
    before = len(versions())
    page.evaluate("dispatchEvent(new Event('online'))")
    dot(page).to_contain_text("Phiên đăng nhập đã hết")
    assert len(versions()) == before

    cookie = sign_in(db.session.get_one(type(judge), judge_id)).get_cookie("session")
    db.session.remove()
    context.add_cookies([{"name": "session", "value": cookie.value, "url": line.address}])
    page.goto("/cham")
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
    page.wait_for_load_state("networkidle")  # the list was drawn before these arrived: it loads itself again
    stored = versions()
    page.reload()  # and once more
    page.wait_for_timeout(500)
    assert versions() == stored

    last = {path: marks for path, _kind, marks in stored}
    assert last[paths[0]] == {"noi-dung": "50", "hinh-thuc": "20.5", "sang-tao": "7.25"}
    for number, path in enumerate(paths[1:], 1):
        changed = path in paths[2:5]
        wanted = {"noi-dung": "55", "hinh-thuc": "21", "sang-tao": "8"} if changed else None
        assert last[path] == (wanted or {"noi-dung": str(40 + number), "hinh-thuc": "20", "sang-tao": "5.5"})
    assert verify_ledger(db.session.get_one(Contest, contest_id)) == []
    db.session.remove()

    # What two tablets wrote apart is shown side by side; a person picks.
    expect(page.get_by_role("link", name=re.compile("hai bản khác nhau"))).to_have_count(1)
    page.goto(paths[5])
    expect(page.locator(".rival")).to_have_count(2)
    page.locator(".rival", has_text="45").get_by_role("button", name="Dùng bản này").click()
    expect(page.locator("[data-total]").first).to_have_text("70,5")
    assert versions()[-1][1:] == ("pick", {"noi-dung": "45", "hinh-thuc": "20", "sang-tao": "5.5"})


def test_a_closed_browser_opens_again_without_a_line(
    tablet: Callable[..., BrowserContext], line: Line, hall_of_ten: Any
) -> None:
    judge, paths, _contest = hall_of_ten
    page = tablet(judge).new_page()
    make_ready(page, 10)
    line.cut()
    mark(page, paths[3], "51", "22", "9")

    again = page.context.new_page()
    page.close()
    again.goto("/cham")
    expect(again.locator("[data-unsent]")).to_contain_text("còn 1 bản chấm chưa lên máy chủ")
    again.goto(paths[3])
    expect(field(again, "Nội dung")).to_have_value("51")
    line.mend()
    again.goto("/cham")
    expect(again.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
    assert [marks["noi-dung"] for _path, _kind, marks in versions()] == ["51"]


def test_a_page_kept_before_the_last_save_does_not_bring_old_marks_back(
    tablet: Callable[..., BrowserContext], line: Line, hall_of_ten: Any
) -> None:
    judge, paths, _contest = hall_of_ten
    page = tablet(judge).new_page()
    make_ready(page, 10)
    page.goto(paths[0])
    field(page, "Nội dung").fill("50")
    dot(page).to_have_class(ON_SERVER)
    line.cut()
    page.reload()

    expect(field(page, "Nội dung")).to_have_value("50")
    field(page, "Nội dung").fill("51")
    page.wait_for_timeout(900)
    line.mend()
    page.reload()
    dot(page).to_have_class(ON_SERVER)
    rows = versions()
    assert [marks["noi-dung"] for _path, _kind, marks in rows] == ["50", "51"]
    db.session.rollback()
    assert not db.session.query(Assignment).filter(Assignment.has_conflict).count()
    db.session.remove()


def test_whoever_signs_out_leaves_no_works_behind(
    tablet: Callable[..., BrowserContext], line: Line, hall_of_ten: Any
) -> None:
    judge, paths, _contest = hall_of_ten
    page = tablet(judge).new_page()
    make_ready(page, 10)
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(re.compile("/$|/dang-nhap"))
    line.cut()

    page.goto(paths[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa có đường truyền")
