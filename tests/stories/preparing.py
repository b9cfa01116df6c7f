"""Before the first entry: the administrator, the organiser, the contest, its staff."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pypdfium2
import zxingcpp
from flask import Flask
from playwright.sync_api import expect

from contest.db import utcnow
from contest.rules.deadlines import HANOI
from tests.stories.person import Person

CAMPAIGN = "Phong trào thi đua “Dân vận khéo” năm 2024"
Account = tuple[str, str]  # code, first password


def today() -> date:
    return utcnow().astimezone(HANOI).date()


def first_administrator(app: Flask, name: str) -> Account:
    """The only step at the command line."""
    said = app.test_cli_runner().invoke(args=["create-admin", "--name", name]).output
    code, password = re.search(r"mã tài khoản: (\S+)\s+mật khẩu lần đầu: (\S+)", said).groups()  # type: ignore[union-attr]
    return code, password


def load_units(admin: Person) -> None:
    admin.follow("Đơn vị")
    admin.check("units-empty")
    admin.press("Nạp danh mục tỉnh Tuyên Quang")
    admin.reads("Đã nạp")
    admin.check("units")


def found_year(admin: Person) -> str:
    """The campaign of 2024; returns its address."""
    admin.follow("Tổng quan")
    admin.follow("Lập năm mới")
    admin.fill("Tên", CAMPAIGN)
    admin.fill("Năm", "2024")
    admin.fill("Cơ quan chủ trì", "Ban Dân vận Tỉnh ủy")
    admin.press("Lập năm mới")
    days = admin.page.get_by_role("region", name="Kỷ niệm trong năm").get_by_role("listitem")
    assert [re.match(r"\d+ năm", text.strip())[0] for text in days.all_inner_texts()] == ["94 năm", "25 năm", "75 năm"]  # type: ignore[index]
    admin.check("campaign")
    return admin.path


def make_organiser(admin: Person, name: str) -> Account:
    """An account with the organiser's role for the campaign."""
    admin.follow("Tài khoản")
    admin.follow("Tạo tài khoản")
    admin.fill("Họ và tên", name)
    admin.fill("Chức vụ", "Phó Trưởng ban")
    admin.press("Tạo tài khoản")
    account = _issued(admin)
    admin.follow("Đến tài khoản để giao vai trò")
    admin.field("Vai trò").select_option(label="Ban Tổ chức")
    admin.field("Phạm vi").select_option(label=CAMPAIGN)
    admin.press("Giao vai trò")
    admin.reads("Đã giao vai trò")
    admin.check("account-roles")
    return account


def _issued(admin: Person) -> Account:
    code, password, *_rest = admin.page.locator("main dd").all_inner_texts()
    return code.strip(), password.strip()


def issue_password(admin: Person, code: str) -> Account:
    admin.go(f"/quan-tri/tai-khoan/{code}")
    admin.follow("Cấp lại mật khẩu")
    admin.press("Cấp lại mật khẩu")
    return _issued(admin)


def set_year_up(organiser: Person, campaign: str) -> None:
    organiser.go(campaign)
    organiser.follow("Thiết lập năm")
    organiser.press("Thêm trọng tâm")
    organiser.press("Thêm lĩnh vực")
    organiser.fill("Trọng tâm", "Vận động Nhân dân chung sức xây dựng nông thôn mới")
    organiser.fill("Lĩnh vực", "Kinh tế")
    organiser.fill("Cấp trên ghi", "Tỉnh ủy Tuyên Quang")
    organiser.fill("Cơ quan ban hành ghi", "Ban Chỉ đạo phong trào thi đua “Dân vận khéo”")
    organiser.fill("Địa danh", "Tuyên Quang")
    organiser.field("Công khai trang").check()
    organiser.check("campaign-setup")
    organiser.press("Lưu thiết lập")
    organiser.reads("Đã lưu")


def found_contest(organiser: Person, campaign: str) -> str:
    """A contest from the ready template, its numbers adjusted; returns its address."""
    organiser.go(campaign)
    organiser.follow("Lập cuộc thi mới")
    organiser.fill("Cấp tổ chức", "cấp tỉnh")
    organiser.fill("Nhận bài từ ngày", (today() - timedelta(days=10)).isoformat())
    organiser.fill("Ngày của hạn nộp", (today() + timedelta(days=12)).isoformat())
    organiser.fill("Liên hệ", "Ban Dân vận Tỉnh ủy, điện thoại 0207 3822 000")
    organiser.check("contest-new")
    organiser.press("Lập cuộc thi")
    organiser.reads("Đã lập cuộc thi")
    organiser.check("contest-setup")
    contest = organiser.path.removesuffix("/thiet-lap")
    organiser.follow("Sửa Đối tượng, giới hạn và cam kết")
    organiser.fill("Số chữ ít nhất", "40")
    organiser.press("Lưu giới hạn")
    organiser.reads("Đã lưu")
    organiser.go(f"{contest}/quy-che")
    organiser.check("rules")
    organiser.follow("Sửa Sơ khảo")
    organiser.fill("Số bài vào vòng sau", "2")
    organiser.fill("Bước điểm", "0,25", within=organiser.page.get_by_role("group", name="Sáng tạo"))
    organiser.check("rules-round")
    organiser.press("Lưu vòng này")
    organiser.follow("Sửa Chung khảo")
    organiser.fill("Số giám khảo chấm mỗi bài", "2")
    organiser.fill("Bước điểm", "0,25", within=organiser.page.get_by_role("group", name="Sáng tạo"))
    organiser.press("Lưu vòng này")
    organiser.reads("Mỗi bài do 2 giám khảo chấm độc lập")
    return contest


def make_staff(organiser: Person, contest: str, people: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """(role, name) one after the other; returns account codes and first passwords by name ("" for judges: cards)."""
    organiser.go(f"{contest}/nhan-su")
    made = {}
    for role, name in people:
        form = organiser.page.locator("form", has_text="Lập tài khoản và giao vai trò")
        organiser.fill("Họ và tên", name, within=form)
        organiser.field("Vai trò", within=form).select_option(label=role)
        organiser.press("Lập tài khoản và giao vai trò")
        organiser.reads(name)
        issued = organiser.page.locator(".issued dd")
        if issued.count():
            organiser.check("staff-password")
            code, password = issued.all_inner_texts()
            made[name] = (code, password)
            organiser.follow("Về trang nhân sự")
        else:
            said = organiser.page.locator(".flashes").inner_text()
            made[name] = (re.search(r"Mã tài khoản: ([\w-]+)", said)[1], "")  # type: ignore[index]
    organiser.check("staff")
    return made


def announce(organiser: Person, contest: str) -> None:
    organiser.go(f"{contest}/thiet-lap")
    organiser.follow("Công bố cuộc thi")
    organiser.check("announce")
    organiser.press("Công bố cuộc thi")
    organiser.reads("Đã công bố cuộc thi")


def close_intake(organiser: Person, contest: str) -> None:
    """The organiser moves the deadline to a minute ago; the page says in words what that means before it is kept."""
    last = utcnow().astimezone(HANOI) - timedelta(minutes=2)
    organiser.go(f"{contest}/thiet-lap")
    organiser.follow("Sửa Thời gian")
    organiser.fill("Ngày của hạn nộp", last.date().isoformat())
    organiser.fill("Giờ của hạn nộp", f"{last:%H:%M}")
    organiser.fill("Hạn nộp ghi trên thể lệ", "")
    organiser.fill("Số phút châm chước", "0")
    organiser.press("Lưu thời gian")
    organiser.check("contest-dates")
    organiser.press("Lưu thời gian")
    organiser.reads("Đã lưu")


def judges_cards(organiser: Person, contest: str) -> list[str]:
    """Where the QRs on the printed cards lead; each page of theirs says whose card it is."""
    organiser.go(f"{contest}/nhan-su")
    pdf = organiser.download(organiser.page.get_by_role("button", name="Làm thẻ và tải tệp in"))
    return [text for page in pypdfium2.PdfDocument(io.BytesIO(pdf)) for text in qrs_in(page.render(scale=4).to_pil())]


def qrs_in(picture: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def public_weight(visitor: Person, address: str) -> int:
    """Bytes over the line of a first visit."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    visitor.page.goto(address, wait_until="networkidle")
    session.detach()
    expect(visitor.page.locator("main")).to_be_visible()
    return sum(sizes)
