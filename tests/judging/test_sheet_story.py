"""A judge with a tablet in a hall with a bad line: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from contest.db import db
from contest.judging.models import SheetVersion
from contest.judging.queries import verify_ledger
from tests.browser import ARGUMENTS, executable
from tests.judging.conftest import Hall

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(executable() is None, reason="no Chromium on this machine: the tablet is untested"),
]


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def tablet(site: str, app: Flask, hall: Hall, sign_in: Any) -> Iterator[Any]:
    """make(): a page of a new tablet on which the second judge is signed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=executable(), args=ARGUMENTS)

        def make() -> Any:
            cookie = sign_in(hall.judge(2)).get_cookie(app.config["SESSION_COOKIE_NAME"])
            address = f"{site}/cham/{hall.sheet.public_id}"
            db.session.rollback()  # outside a request even a read holds SQLite's write lock
            context = browser.new_context(viewport={"width": 1024, "height": 768})
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
            page = context.new_page()
            page.goto(address)
            return page

        yield make
        browser.close()


def versions() -> list[SheetVersion]:
    """What the server holds, as plain rows that keep no lock."""
    db.session.rollback()
    rows = db.session.query(SheetVersion).order_by(SheetVersion.seq).all()
    for row in rows:
        db.session.expunge(row)
    db.session.rollback()
    return rows


def dot(page: Any) -> str:
    return str(page.locator("[data-dot]").inner_text())


def test_three_criteria_with_guidance_stand_above_the_total_without_scrolling(tablet: Any, hall: Hall) -> None:
    """On the smallest tablet in landscape, with guidance as long as that of 2024."""
    page = tablet()
    page.wait_for_selector(".mark-slider:not([hidden])")

    room = page.evaluate(
        """() => {
          const long = "Đúng chủ đề, người thật, việc thật (15). Cách làm “khéo”, điển hình, có điểm mới, "
            + "có kết quả cụ thể (25).";
          document.querySelectorAll(".mark-head").forEach((head, at) => {
            const note = document.createElement("p");
            note.className = "mark-note";
            note.textContent = long.slice(0, [110, 80, 60][at]);
            head.after(note);
          });
          const rows = [...document.querySelectorAll(".mark-row")];
          const field = document.querySelector(".mark-value").getBoundingClientRect();
          return [rows.length, rows.at(-1).getBoundingClientRect().bottom,
                  document.querySelector(".sheet-total").getBoundingClientRect().top, field.height];
        }"""
    )

    assert room[0] == 3
    assert room[1] <= room[2]
    assert room[3] >= 64


def test_marks_save_themselves_and_the_sheet_is_sent(tablet: Any, hall: Hall) -> None:
    page = tablet()

    page.fill("#m-noi-dung", "52,5")
    page.get_by_role("button", name="Hình thức: thêm một nấc").click()
    page.wait_for_selector("[data-dot].is-server")
    assert page.locator(".sheet-sum").inner_text() == "52,5 / 100"
    page.get_by_role("button", name="Gửi phiếu chấm").click()
    assert page.locator("[data-missing]").inner_text() == "Còn tiêu chí chưa cho điểm."
    page.fill("#m-sang-tao", "12")
    assert page.locator('[data-row="sang-tao"] .field-error').inner_text() == "Vượt quá thang điểm 10."
    page.fill("#m-sang-tao", "8.25")
    page.fill("#comment", "Bài có sức lan tỏa")
    page.locator(".sheet-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.locator("#ask-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.wait_for_selector("text=Sửa phiếu đã gửi")

    last = versions()[-1]
    assert (last.kind, last.marks) == ("sent", {"noi-dung": "52.5", "hinh-thuc": "0", "sang-tao": "8.25"})
    assert (last.comment, hall.sheet.state, verify_ledger(hall.contest)) == ("Bài có sức lan tỏa", "sent", [])
    assert "đã gửi" in dot(page)


def test_without_a_line_nothing_is_lost_by_a_reload(tablet: Any, hall: Hall, site: str) -> None:
    page = tablet()
    assert page.get_attribute(".mark-slider", "aria-valuetext") == "chưa chấm"  # a slider at 0 is no mark of 0
    page.fill("#m-noi-dung", "40")
    page.wait_for_selector("[data-dot].is-server")

    cut = lambda route: route.abort()  # noqa: E731
    page.route("**/dong-bo", cut)
    page.fill("#m-noi-dung", "41")
    page.fill("#m-hinh-thuc", "20,5")
    page.wait_for_selector("[data-dot]:has-text('chưa lên máy chủ')")
    page.fill("#m-sang-tao", "77")  # off the scale: no version, but kept as typed
    page.wait_for_selector("[data-dot].is-lost:has-text('chưa lưu')")
    page.reload()

    assert [page.input_value(f"#m-{key}") for key in ("noi-dung", "hinh-thuc", "sang-tao")] == ["41", "20,5", "77"]
    assert len(versions()) == 1
    page.fill("#m-sang-tao", "7")
    page.locator(".sheet-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.locator("#ask-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.wait_for_selector("[data-dot]:has-text('đang chờ đường truyền')")
    page.unroute("**/dong-bo", cut)
    page.goto(f"{site}/cham")
    page.wait_for_selector("text=Đã gửi đủ phiếu chấm")

    rows = versions()
    assert rows[-1].marks == {"noi-dung": "41", "hinh-thuc": "20.5", "sang-tao": "7"}
    assert [row.based_on for row in rows] == [None, *(row.uuid for row in rows[:-1])]
    assert (hall.sheet.state, hall.sheet.has_conflict, verify_ledger(hall.contest)) == ("sent", False, [])


def test_a_sheet_that_is_refused_can_be_changed_again(tablet: Any, hall: Hall) -> None:
    page = tablet()
    for key, mark in (("noi-dung", "52"), ("hinh-thuc", "20"), ("sang-tao", "8")):
        page.fill(f"#m-{key}", mark)
    page.wait_for_selector("[data-dot].is-server")
    hall.sheet.round.state = "closed"
    db.session.commit()

    page.locator(".sheet-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.locator("#ask-send").get_by_role("button", name="Gửi phiếu chấm").click()
    page.wait_for_selector("[data-dot].is-lost")

    assert page.locator("#m-noi-dung").is_enabled()
    assert page.locator("#comment").is_enabled()


def test_an_answer_lost_on_the_way_is_asked_for_again_and_stored_once(tablet: Any, hall: Hall) -> None:
    page = tablet()
    lost = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/dong-bo", lose)
    page.fill("#m-noi-dung", "40")
    page.wait_for_selector("[data-dot].is-server", timeout=15000)

    assert lost == [200]
    assert [row.marks["noi-dung"] for row in versions()] == ["40"]


def test_two_tablets_apart_show_both_versions(tablet: Any, hall: Hall) -> None:
    one, two = tablet(), tablet()
    one.fill("#m-noi-dung", "40")
    one.wait_for_selector("[data-dot].is-server")

    two.fill("#m-noi-dung", "45")
    two.wait_for_selector("text=Phiếu này được ghi khác nhau trên hai thiết bị")
    two.locator(".rival", has_text="45").get_by_role("button", name="Dùng bản này").click()
    two.wait_for_selector("text=Đã chọn bản chấm")

    assert two.input_value("#m-noi-dung") == "45"
    assert [(row.kind, row.holds) for row in versions()] == [("draft", True), ("draft", False), ("pick", True)]


def test_two_windows_of_one_tablet_write_one_sheet(tablet: Any, hall: Hall) -> None:
    """What one window writes stands in the other, with a line and without: an older window took marks back unseen."""
    from playwright.sync_api import expect

    one = tablet()
    two = one.context.new_page()
    two.goto(one.url)
    two.wait_for_selector(".mark-slider:not([hidden])")
    one.context.set_offline(True)

    one.fill("#m-noi-dung", "40")
    expect(two.locator("#m-noi-dung")).to_have_value("40")
    two.fill("#m-hinh-thuc", "20")
    expect(one.locator("#m-hinh-thuc")).to_have_value("20")
    one.context.set_offline(False)
    one.wait_for_selector("[data-dot].is-server", timeout=30_000)
    two.wait_for_selector("[data-dot].is-server", timeout=30_000)
    two.fill("#m-noi-dung", "45")
    expect(one.locator("#m-noi-dung")).to_have_value("45")
    one.fill("#m-sang-tao", "9")
    expect(two.locator("#m-sang-tao")).to_have_value("9")
    one.wait_for_selector("[data-dot].is-server", timeout=30_000)

    assert versions()[-1].marks == {"noi-dung": "45", "hinh-thuc": "20", "sang-tao": "9"}
    assert all(version.holds for version in versions())


def test_a_sign_in_that_ran_out_keeps_what_was_typed(tablet: Any, hall: Hall) -> None:
    page = tablet()
    cookies = page.context.cookies()
    page.context.clear_cookies()

    page.fill("#m-noi-dung", "40")
    page.wait_for_selector("[data-dot]:has-text('Hãy đăng nhập lại')")
    assert versions() == []
    page.context.add_cookies(cookies)
    page.reload()
    page.wait_for_selector("[data-dot].is-server")

    assert [row.marks["noi-dung"] for row in versions()] == ["40"]
