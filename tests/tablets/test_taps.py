"""A judge's tap leads where the judge wants, whatever answer comes in between."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.judging.conftest import Hall
from tests.tablets.lines import Line

pytestmark = pytest.mark.story

SYNC = "/cham/dong-bo"
ON_SERVER = re.compile("is-server")


class Gates:
    """Answers that wait at the door: gates.shut(path) holds them until it is left."""

    def __init__(self, app: Flask) -> None:
        self._doors: dict[str, threading.Event] = {}
        self._served, app.wsgi_app = app.wsgi_app, self._answer  # type: ignore[method-assign]

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._served(environ, start_response)
        if (door := self._doors.get(environ["PATH_INFO"])) is not None:
            door.wait(timeout=20)
        return answer

    @contextmanager
    def shut(self, path: str) -> Iterator[None]:
        door = self._doors[path] = threading.Event()
        try:
            yield
        finally:
            door.set()
            del self._doors[path]


@pytest.fixture
def gates(app: Flask, line: Line) -> Iterator[Gates]:
    served = app.wsgi_app
    yield Gates(app)
    app.wsgi_app = served  # type: ignore[method-assign]


def _fill(page: Page) -> None:
    for name, value in (("Nội dung", "40"), ("Hình thức", "20"), ("Sáng tạo", "9")):
        page.get_by_role("textbox", name=name).fill(value)
    expect(page.locator("[data-dot]")).to_have_class(ON_SERVER)


def _send(page: Page) -> None:
    page.locator("#marks-form").get_by_role("button", name="Gửi phiếu chấm", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Gửi phiếu chấm", exact=True).click()


def _opened(tablet: Callable[..., BrowserContext], hall: Hall) -> tuple[Page, list[str]]:
    """The judge's list, when the worker serves it; and the addresses of the sheets."""
    paths = [f"/cham/{row[1].public_id}" for row in hall.sheets]
    page = tablet(hall.judge(2)).new_page()
    page.goto("/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text("mở được cả khi mất đường truyền", timeout=30_000)
    return page, paths


def test_a_tap_is_not_taken_back_by_the_answer_to_what_was_sent(
    tablet: Callable[..., BrowserContext], make_hall: Any, gates: Gates
) -> None:
    page, (path,) = _opened(tablet, make_hall())
    page.goto(path)
    _fill(page)
    with gates.shut("/cham"):
        with gates.shut(SYNC), page.expect_request("**" + SYNC) as asked:
            _send(page)
            asked.value  # noqa: B018  # it is on its way
            page.locator("a[href='/cham']").first.click(no_wait_after=True)
        page.wait_for_timeout(700)  # the answer is here, the list not yet

    page.wait_for_url("**/cham")


def test_a_tap_on_a_sheet_is_not_taken_back_by_a_list_that_draws_itself_anew(
    tablet: Callable[..., BrowserContext], make_hall: Any, gates: Gates
) -> None:
    page, (first, second) = _opened(tablet, make_hall(entries=2))
    page.goto(first)
    with gates.shut(second):
        with gates.shut(SYNC):
            page.get_by_role("textbox", name="Nội dung").fill("40")  # left at once: it goes out from the list
            page.goto("/cham")
            with page.expect_request("**" + SYNC):
                pass
            page.locator(f"a[href='{second}']").first.click(no_wait_after=True)
        page.wait_for_timeout(700)

    page.wait_for_url("**" + second)


def test_nothing_the_server_has_answered_for_is_sent_again(
    tablet: Callable[..., BrowserContext], make_hall: Any
) -> None:
    """What is dropped on an answer is dropped from both places before the page goes on: on a slow tablet, too."""
    page, paths = _opened(tablet, make_hall(entries=6))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    posted: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(SYNC):
            posted.extend(item["uuid"] for item in json.loads(request.post_data or "{}")["items"])

    page.on("request", note)
    for path in paths:
        page.goto(path)
        _fill(page)
        _send(page)
        expect(page.get_by_role("link", name="Sửa phiếu đã gửi", exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")  # what came back from the second place has gone out

    assert len(posted) >= 2 * len(paths)
    assert len(posted) == len(set(posted))
