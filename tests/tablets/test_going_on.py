"""A contestant's pages on a line that goes away: nothing is left behind, and what was typed stays on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from tests.entries import kit

pytestmark = pytest.mark.story


@pytest.fixture
def begun(
    make_account: Callable[..., Account],
    make_contest: Callable[..., Contest],
    sign_in: Callable[[Account], FlaskClient],
) -> tuple[str, int]:
    """The public name of an entry just begun, before form tokens are in force, and its owner."""
    entry = kit.begin(sign_in(make_account("Hoàng Văn Páo")), make_contest())
    return entry.public_id, entry.owner_id


@pytest.fixture
def phone(begun: tuple[str, int], tablet: Callable[..., BrowserContext]) -> BrowserContext:
    return tablet(db.session.get_one(Account, begun[1]))


def _go_on(page: Page, where: str) -> None:
    page.get_by_role("button", name=f"Tiếp tục: {where}").click()


def _heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_a_file_that_waits_for_the_line_is_not_left_behind(begun: tuple[str, int], phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"/bai/{begun[0]}/tac-pham")
    page.get_by_role("textbox", name="Tên tác phẩm").fill("Con đường mới")
    page.route("**/tep", lambda route: route.abort())
    page.set_input_files("#files", [{"name": "trang-2.jpg", "mimeType": "image/jpeg", "buffer": kit.jpeg()}])
    expect(page.get_by_text("Chưa gửi được, đang thử lại")).to_be_visible()

    _go_on(page, "Tác giả")

    expect(page.locator(".work-notice", has_text="Còn tệp chưa gửi được: trang-2.jpg.")).to_be_focused()
    _heading(page, "Tác phẩm")
    page.unroute("**/tep")
    _go_on(page, "Tác giả")
    _heading(page, "Tác giả")
    page.goto(f"/bai/{begun[0]}/tac-pham")
    expect(page.locator("[data-files]").get_by_text("trang-2.jpg")).to_be_visible()


def test_without_a_line_going_on_says_why_it_stays(begun: tuple[str, int], phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"/bai/{begun[0]}/tac-pham")
    page.get_by_role("textbox", name="Bài viết").fill("Bản Mé Pùm có đường mới.")
    phone.set_offline(True)

    page.get_by_role("textbox", name="Bài viết").fill("Bản Mé Pùm có đường mới, rộng ba mét.")
    _go_on(page, "Tác giả")

    said = page.get_by_text("Chưa gửi được lên máy chủ nên chưa sang trang khác.")
    expect(said).to_be_visible()
    phone.set_offline(False)
    expect(said).to_have_count(0)
    _go_on(page, "Tác giả")
    _heading(page, "Tác giả")


def test_a_form_sent_without_a_line_keeps_what_was_typed_on_the_page(
    begun: tuple[str, int], phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(f"/bai/{begun[0]}/tac-gia")
    page.get_by_role("textbox", name="Địa chỉ").fill("Bản Mé Pùm")
    phone.set_offline(True)

    _go_on(page, "Cam kết")

    said = page.get_by_text("Đang mất mạng nên chưa gửi được.")
    expect(said).to_be_visible()
    expect(page.get_by_role("textbox", name="Địa chỉ")).to_have_value("Bản Mé Pùm")
    phone.set_offline(False)
    expect(said).to_have_count(0)
    _go_on(page, "Cam kết")
    _heading(page, "Cam kết")
