"""A tablet of 2020: no dialog, no submitter. The judge is still asked once, and a correction is a correction."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, expect

from contest.db import db
from contest.judging.models import SheetVersion
from tests.judging.conftest import Hall

pytestmark = pytest.mark.story

OLD = """
  Object.defineProperty(SubmitEvent.prototype, "submitter", { get: () => undefined });
  for (const name of ["showModal", "show", "close"]) delete HTMLDialogElement.prototype[name];
  delete window.HTMLDialogElement;
"""


def test_a_sheet_is_sent_and_corrected_on_an_older_tablet(tablet: Callable[..., BrowserContext], hall: Hall) -> None:
    sheet_id, path = hall.sheet.id, f"/cham/{hall.sheet.public_id}"
    page = tablet(hall.judge(2)).new_page()
    page.add_init_script(OLD)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    page.on("dialog", answer)
    page.goto(path)
    for name, value in (("Nội dung", "40"), ("Hình thức", "20"), ("Sáng tạo", "9")):
        page.get_by_role("textbox", name=name).fill(value)
    expect(page.locator("[data-dot]")).to_have_class(re.compile("is-server"))
    send = page.locator("#marks-form").get_by_role("button", name="Gửi phiếu chấm", exact=True)
    send.click()
    send.click()
    page.get_by_role("link", name="Sửa phiếu đã gửi", exact=True).click()
    page.get_by_role("textbox", name="Sáng tạo").fill("8,5")
    page.get_by_role("textbox", name="Lý do sửa").fill("Cộng nhầm điểm.")
    page.get_by_role("button", name="Gửi bản sửa").click()
    expect(page.get_by_role("link", name="Sửa phiếu đã gửi", exact=True)).to_be_visible()

    assert len(asked) == 2
    assert "Gửi phiếu chấm bài" in asked[0]
    versions = db.session.query(SheetVersion).filter_by(assignment_id=sheet_id).order_by(SheetVersion.number).all()
    assert [version.kind for version in versions if version.kind != "draft"] == ["sent", "correction"]
