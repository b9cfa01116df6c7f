"""On a phone in a commune: read, register, write, lose the line, come back, hand in."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.stories.person import Person
from tests.stories.works import AFTER, FIRST, OFFLINE

PASSWORD = "suối trong bản nhỏ"  # noqa: S105
SAVED = re.compile(r"Đã lưu lúc .* · trên máy chủ")


def register(writer: Person, contest: str) -> None:
    """From the public page to the first step."""
    writer.go(contest)
    writer.follow("Nộp bài dự thi")
    writer.follow("Đăng ký dự thi")
    writer.fill("Họ và tên", writer.who)
    writer.fill("Mật khẩu", PASSWORD)
    writer.field("Tôi đồng ý").check()
    writer.shot("register")
    writer.press("Tạo tài khoản")
    writer.check("welcome")
    writer.follow("Tiếp tục")
    writer.check("submit-start")
    writer.press("Bắt đầu bài dự thi")


def saved(writer: Person) -> None:
    expect(writer.page.locator("[data-save-state]")).to_have_text(SAVED)


def typed(writer: Person, text: str) -> None:
    """Type at the end of the work, as fingers do."""
    area = writer.field("Bài viết")
    area.focus()
    writer.page.keyboard.press("Control+End")
    writer.page.keyboard.insert_text(text)


def kept_here(writer: Person) -> None:
    expect(writer.page.locator("[data-save-state]")).to_have_text("Đã lưu trên máy này · chưa gửi được")


def name_work(writer: Person, title: str) -> None:
    writer.fill("Tên tác phẩm", title)
    writer.field("Thể loại").select_option(label="Mô hình, cách làm hay")
    writer.field("Thuộc lĩnh vực").select_option(label="Kinh tế")


def send_file(writer: Person, name: str, body: bytes) -> None:
    kind = "application/octet-stream"
    writer.page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": kind, "buffer": body}])


def sent(writer: Person, name: str) -> None:
    """The file stands in the list of the work."""
    expect(writer.page.locator("[data-files]").get_by_text(name).first).to_be_visible()


def give_name(writer: Person, *, unit: str = "") -> None:
    """Step 2 and 3: who wrote it, and the pledge."""
    writer.press("Tiếp tục: Tác giả")
    expect(writer.page.get_by_role("heading", name="Tác giả", level=1)).to_be_visible()
    writer.fill("Họ và tên", writer.who)
    writer.fill("Ngày sinh", "05/9/1990")
    if unit:
        writer.fill("Đơn vị", unit)
    writer.check("submit-authors")
    writer.press("Tiếp tục: Cam kết")
    writer.field("Tôi đồng ý với lời cam kết trên").check()
    writer.field("Tôi đồng ý với lời cam kết về").check()
    writer.check("submit-pledge")
    writer.press("Tiếp tục: Kiểm tra và nộp")
    writer.check("submit-review")


def hand_in(writer: Person) -> str:
    """Press the button, get the receipt; returns its code."""
    writer.press("Nộp bài")
    writer.page.wait_for_url("**/bien-nhan")
    writer.check("receipt")
    return re.search(r"DV\d\d-[0-9A-Z-]+", writer.page.locator("main").inner_text())[0]  # type: ignore[index]


def receipt_pdf(writer: Person) -> bytes:
    return writer.download(writer.page.get_by_role("link", name=re.compile("PDF|Tải")).first)


def withdraw(writer: Person, title: str, reason: str) -> None:
    writer.go("/bai-cua-toi")
    writer.follow(title)
    writer.follow("Rút bài")
    writer.fill("Lý do", reason)
    writer.press("Rút bài")
    writer.reads("Đã rút bài")


def write_through_a_bad_line(writer: Person, title: str) -> None:
    """Autosave, a dropped line, a closed browser, a browser closed while the line was down: nothing is lost."""
    name_work(writer, title)
    typed(writer, FIRST)
    saved(writer)
    writer.check("submit-work")
    with writer.line_down():
        typed(writer, OFFLINE)
        kept_here(writer)
        writer.shot("submit-work-offline")
    saved(writer)
    with writer.line_down():
        typed(writer, AFTER)
        kept_here(writer)
        writer.close_browser()
        writer.open_browser()
    writer.go("/bai-cua-toi")
    writer.check("mine")
    writer.follow(title)
    writer.reads("Máy này còn giữ một bản chưa gửi được")
    writer.check("submit-work-offer")
    writer.press("Dùng bản trên máy này")
    saved(writer)
    assert writer.field("Bài viết").input_value() == FIRST + OFFLINE + AFTER
    assert writer.field("Thể loại").locator("option:checked").inner_text() == "Mô hình, cách làm hay"
    assert writer.field("Thuộc lĩnh vực").locator("option:checked").inner_text() == "Kinh tế"
