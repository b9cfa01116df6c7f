"""The intake secretary: valid or not, the judge's copy, the blind codes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.stories.person import Person


def open_entry(secretary: Person, contest: str, title: str) -> None:
    secretary.go(f"{contest}/tiep-nhan")
    secretary.follow(title)
    expect(secretary.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def copy_is_made(secretary: Person) -> None:
    """The copy is made in the background; the page says to load it again."""
    ready = secretary.page.get_by_role("button", name="Xác nhận: đã kiểm tra bản chấm")
    for _attempt in range(200):
        if ready.count():
            return
        secretary.page.reload(wait_until="load")
    expect(ready).to_be_visible()


def find_valid(secretary: Person) -> None:
    """Confirm the copy of the open entry, as the judge will see it, and take the entry."""
    secretary.press("Xác nhận: đã kiểm tra bản chấm")
    secretary.reads("Đã kiểm tra bản chấm lúc")
    secretary.page.get_by_label("Hợp lệ", exact=True).check()
    secretary.press("Ghi kết luận")


def copy_text(secretary: Person) -> str:
    return secretary.page.locator("[data-copy-text]").inner_text()


def find_invalid(secretary: Person, contest: str, title: str, *, reason: str, note: str) -> None:
    open_entry(secretary, contest, title)
    secretary.page.get_by_label("Không hợp lệ", exact=True).check()
    secretary.page.locator("details.reasons summary").click()
    secretary.field(reason).check()
    secretary.fill("Ghi thêm cho tác giả", note)
    secretary.shot("intake-invalid")
    secretary.press("Ghi kết luận")


def draw_codes(secretary: Person, contest: str, many: int) -> None:
    secretary.go(f"{contest}/phach")
    secretary.check("codes")
    secretary.press(f"Rọc phách {many} bài")
    secretary.reads("Mọi bài hợp lệ đã có mã phách")
    secretary.check("codes-drawn")
