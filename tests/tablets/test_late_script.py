"""On a weak line a page is used long before its script is here. What was done meanwhile counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from contest.db import db, utcnow
from contest.entries.models import Entry
from contest.entries.own_actions import start
from contest.judging.models import Assignment
from tests.judging.conftest import Hall

pytestmark = pytest.mark.story


class SlowLine:
    """Holds the page's script back until it is let go."""

    def __init__(self, page: Page, script: str) -> None:
        self.held: list[Route] = []
        page.route(re.compile(re.escape(script)), lambda route: self.held.append(route))

    def open(self, page: Page, path: str) -> None:
        page.goto(path, wait_until="commit")
        page.wait_for_selector("main textarea:not([name=reason])")
        page.wait_for_timeout(200)  # whatever else loads by itself has had its chance
        assert self.held, "the script was not asked for"

    def comes(self) -> None:
        for route in self.held:
            route.continue_()


def test_a_mark_typed_before_the_script_is_stored(tablet: Callable[..., BrowserContext], hall: Hall) -> None:
    sheet_id, path = hall.sheet.id, f"/cham/{hall.sheet.public_id}"
    page = tablet(hall.judge(2)).new_page()
    line = SlowLine(page, "judging/page.js")
    line.open(page, path)

    page.get_by_role("textbox", name="Nội dung").fill("52,5")
    page.get_by_label("Nhận xét").fill("Bài có kết quả cụ thể.")
    line.comes()

    expect(page.locator("[data-dot]")).to_have_class(re.compile("is-server"))
    expect(page.get_by_role("textbox", name="Nội dung")).to_have_value("52,5")
    stored = db.session.get_one(Assignment, sheet_id)
    assert (stored.marks["noi-dung"], stored.comment) == ("52.5", "Bài có kết quả cụ thể.")


def test_a_text_typed_and_a_file_chosen_before_the_script_are_stored(
    tablet: Callable[..., BrowserContext], make_contest: Any, make_account: Any
) -> None:
    contest = make_contest(file_kinds=["txt"])
    writer = make_account()
    entry = start(contest, account=writer, now=utcnow())
    db.session.commit()
    entry_id, path = entry.id, f"/bai/{entry.public_id}/tac-pham"
    page = tablet(writer).new_page()
    line = SlowLine(page, "entries/work.js")
    line.open(page, path)

    page.get_by_label("Bài viết").fill("Bản nhỏ bên sông Gâm.")
    body = "Chợ phiên không túi ni lông.".encode()
    page.locator("input[type=file]").set_input_files([{"name": "chợ.txt", "mimeType": "text/plain", "buffer": body}])
    line.comes()

    expect(page.locator("[data-files]")).to_contain_text("chợ.txt")
    expect(page.locator("[data-save-state]")).to_contain_text("trên máy chủ")
    assert [version.text for version in db.session.get_one(Entry, entry_id).versions] == ["Bản nhỏ bên sông Gâm."]
