"""The panel, the judges' sheets, the head judge's board."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from playwright.sync_api import expect

from tests.stories.person import Person

SHEET = "#marks-form"
CRITERIA = ("Nội dung", "Hình thức thể hiện", "Sáng tạo")


def seat_panel(tally: Person, round_: str, names: Iterable[str]) -> None:
    """Choose the judges, look at the proposal, take it, open the round. round_: its address."""
    tally.go(f"{round_}/giam-khao")
    for name in names:
        tally.page.get_by_label(name).check()
    tally.press("Thêm vào Ban Giám khảo")
    tally.press("Lập phương án phân công")
    tally.check("panel-proposal")
    tally.press("Phân công theo phương án này")
    tally.check("panel")
    tally.press("Mở vòng chấm")
    tally.reads("Đang chấm")


def by_card(judge: Person, address: str) -> None:
    """What the QR on the card holds is opened on the tablet."""
    judge.go(address)
    judge.who = judge.page.get_by_role("heading", level=1).inner_text()
    judge.check("card")
    judge.press("Đăng nhập vào phần chấm thi")
    assert judge.path == "/cham"


def sheets(judge: Person, titles: Iterable[str]) -> list[tuple[str, str]]:
    """The works' titles and the addresses of the judge's sheets; a work of two rounds stands there twice."""
    judge.go("/cham")
    lines = judge.page.locator("main li a[href^='/cham/']").all()
    read = [(line.inner_text(), str(line.get_attribute("href"))) for line in lines]
    return [(next(title for title in titles if title in text), address) for text, address in read]


def on_server(judge: Person) -> None:
    """The dot says that the server holds what is on the page."""
    expect(judge.page.locator("[data-dot]")).to_have_class(re.compile("is-server"))


def on_tablet(judge: Person) -> None:
    expect(judge.page.locator("[data-dot]")).to_have_text("trên máy này, chưa lên máy chủ")


def tap_in(judge: Person, criterion: str, keys: str) -> None:
    """With the thumb: the number pad opens on a tap."""
    judge.field(criterion, within=judge.page.locator(SHEET)).tap()
    pad = judge.page.get_by_role("dialog")
    expect(pad).to_be_visible()
    for key in keys:
        judge.press(key, within=pad)
    judge.shot("judge-pad")
    judge.press("Ghi điểm", within=pad)
    expect(judge.field(criterion, within=judge.page.locator(SHEET))).to_have_value(keys)


def type_in(judge: Person, marks: Mapping[str, str]) -> None:
    for criterion, text in marks.items():
        judge.fill(criterion, text, within=judge.page.locator(SHEET))
        judge.page.keyboard.press("Tab")


def is_sent(judge: Person) -> None:
    """The page the server drew after it took the sheet: only there stands this link.

    A link, not a text: "… sửa" and "phiếu đã gửi từ máy này, đang chờ đường truyền" stand side by side while it waits.
    """
    expect(judge.page.get_by_role("link", name="Sửa phiếu đã gửi", exact=True)).to_be_visible()


def send(judge: Person) -> None:
    """Send the sheet; asked once."""
    judge.press("Gửi phiếu chấm", within=judge.page.locator(SHEET))
    judge.press("Gửi phiếu chấm", within=judge.page.get_by_role("dialog"))
    is_sent(judge)


def mark(judge: Person, address: str, marks: Mapping[str, str]) -> None:
    judge.go(address)
    type_in(judge, marks)
    on_server(judge)
    send(judge)


def total(judge: Person) -> str:
    return judge.page.locator(".sheet-sum [data-total]").inner_text()


def mark_through_a_bad_line(judge: Person, address: str) -> None:
    """The number pad, a line that drops in the middle, a mark off its step, both ways of writing a decimal."""
    judge.check("judge-list")
    judge.go(address)
    judge.check("judge-sheet")
    tap_in(judge, "Nội dung", "60,5")
    on_server(judge)
    with judge.line_down():
        tap_in(judge, "Hình thức thể hiện", "22")
        on_tablet(judge)
        judge.shot("judge-sheet-offline")
    on_server(judge)
    type_in(judge, {"Sáng tạo": "9,2"})
    judge.reads("Điểm lẻ đến 0,25; gần nhất là 9 hoặc 9,25.")
    judge.check("judge-sheet-refused")
    type_in(judge, {"Sáng tạo": "9,25"})
    on_server(judge)
    assert total(judge) == "91,75"
    judge.check("judge-sheet-full")
    send(judge)
    judge.check("judge-sheet-sent")


def code_of(judge: Person, address: str) -> str:
    judge.go(address)
    return re.search(r"Bài (\S+)", judge.page.get_by_role("heading", level=1).inner_text())[1]  # type: ignore[index]


def mark_all(judge: Person, marks: Mapping[str, Sequence[str]]) -> None:
    """marks: by the work's title, in the order of CRITERIA. Sheets already sent or closed are left as they are."""
    for title, address in sheets(judge, marks):
        judge.go(address)
        if judge.page.locator("[data-mode=mark]").count():
            mark(judge, address, dict(zip(CRITERIA, marks[title], strict=True)))


def ask_second_look(head: Person, round_: str, code: str, judge: str, why: str) -> None:
    head.go(f"{round_}/bai/{code}")
    head.check("pair")
    column = head.page.get_by_role("region", name=judge)
    column.get_by_text("Đề nghị xem lại").click()
    head.fill("Lý do", why, within=column)
    head.press("Gửi đề nghị", within=column)


def correct(judge: Person, address: str, marks: Mapping[str, str], reason: str) -> None:
    """The judge reads why, corrects, says why; the version before is kept."""
    judge.go(address)
    judge.check("judge-second-look")
    judge.follow("Sửa điểm")
    type_in(judge, marks)
    judge.fill("Lý do sửa", reason)
    judge.press("Gửi bản sửa")
    is_sent(judge)


def history_says(head: Person, round_: str, code: str, judge: str, why: str) -> None:
    """Beside the sheet stand all its versions, and why there is more than one."""
    head.go(f"{round_}/bai/{code}")
    head.page.get_by_role("region", name=judge).get_by_text("Lịch sử phiếu").click()
    head.reads(why)
    head.check("pair-corrected")


def close_round(tally: Person, round_: str) -> None:
    tally.go(f"{round_}/tien-do")
    tally.check("board-done")
    tally.follow("Đóng vòng chấm")
    tally.check("board-close")
    tally.press("Đóng vòng chấm")


def confirm_round(head: Person, round_: str) -> None:
    head.go(f"{round_}/tien-do")
    head.follow("Xác nhận điểm của vòng")
    head.press("Xác nhận điểm")
    head.reads("Trưởng Ban Giám khảo đã xác nhận")
