"""Devices of 2020: no dialog, no submitter, no requestSubmit. What is pressed there is what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Dialog, expect

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry, EntryVersion
from contest.judging.models import SheetVersion
from tests.entries import kit
from tests.judging.conftest import Hall

pytestmark = pytest.mark.story

OLD = """
  Object.defineProperty(SubmitEvent.prototype, "submitter", { get: () => undefined });
  for (const name of ["showModal", "show", "close"]) delete HTMLDialogElement.prototype[name];
  delete window.HTMLDialogElement;
  delete HTMLFormElement.prototype.requestSubmit;
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


@pytest.fixture
def begun(
    make_account: Callable[..., Account],
    make_contest: Callable[..., Contest],
    sign_in: Callable[[Account], FlaskClient],
) -> Entry:
    """An entry just begun, before form tokens are in force."""
    return kit.begin(sign_in(make_account("Hoàng Văn Páo")), make_contest())


def test_a_contestant_goes_on_with_one_press_on_an_older_phone(
    begun: Entry, tablet: Callable[..., BrowserContext]
) -> None:
    entry_id, path, writer = begun.id, f"/bai/{begun.public_id}", db.session.get_one(Account, begun.owner_id)
    page = tablet(writer).new_page()
    page.add_init_script(OLD)
    page.goto(path)
    page.get_by_role("textbox", name="Tên tác phẩm").fill("Con đường mới")
    page.get_by_role("textbox", name="Bài viết").fill("Bản Mé Pùm có đường mới.")
    page.get_by_role("button", name="Lưu nháp").first.click()
    expect(page.get_by_role("heading", name="Tác giả", level=1)).to_have_count(0)
    page.get_by_role("textbox", name="Bài viết").fill("Bản Mé Pùm có đường mới, rộng ba mét.")
    page.get_by_role("button", name="Tiếp tục: Tác giả").click()

    expect(page.get_by_role("heading", name="Tác giả", level=1)).to_be_visible()
    version = db.session.query(EntryVersion).filter_by(entry_id=entry_id).one()
    assert (version.title, version.text) == ("Con đường mới", "Bản Mé Pùm có đường mới, rộng ba mét.")
