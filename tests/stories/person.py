"""Somebody at a screen: a browser of their own, and what every page they open is held to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Response, expect

PHONE, TABLET, PC = (360, 740), (1024, 768), (1280, 800)
SHOTS = Path(__file__).parent.parent / "screenshots"
NO_LINE = "net::ERR_INTERNET_DISCONNECTED"
# Pages of the same name look alike: the sixth receipt is not looked at again.
_checked: set[tuple[str, str]] = set()
# For a machine that does ten other things at once; nothing waits longer than it must.
PATIENCE = 30_000  # ms
expect.set_options(timeout=PATIENCE)


class Person:
    """A browser with its own cookies. Whatever goes wrong in a page is noted in `wrongs`; the story ends with none."""

    def __init__(self, browser: Browser, root: str, who: str, screen: tuple[int, int] = PC) -> None:
        self.browser, self.root, self.who, self.screen = browser, root, who, screen
        self.wrongs: list[str] = []
        self.never: tuple[str, ...] = ()
        self.storage: Any = None
        self._allowed: tuple[int, ...] = ()
        self._offline = False
        self.open_browser()

    def open_browser(self) -> None:
        """A browser opens; what it kept in the last one (cookies, drafts on the device) is there again."""
        width, height = self.screen
        is_touch = self.screen != PC
        self.context: BrowserContext = self.browser.new_context(
            base_url=self.root,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=is_touch,
            is_mobile=is_touch,
            reduced_motion="reduce",
            storage_state=self.storage,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self._watch(self.page)

    def close_browser(self) -> None:
        self.storage = self.context.storage_state(indexed_db=True)
        self.context.close()

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrongs.append(f"{self.who} {page.url}: {error}"))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        # An answer that was refused is judged by _answered, which knows what the story expects.
        is_answer = "the server responded with a status of" in message.text
        if not is_answer and not (self._offline and NO_LINE in message.text):
            self.wrongs.append(f"{self.who} {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            self.wrongs.append(f"{self.who}: {response.status} {response.request.method} {response.url}")

    def look_blind(self) -> None:
        """What this person must never read is not on the page, in the markup neither."""
        if self.never:
            text = self._markup()
            self.wrongs += [f"{self.who} reads “{name}” at {self.page.url}" for name in self.never if name in text]

    def _markup(self) -> str:
        for _attempt in range(10):
            self.page.wait_for_load_state("load")
            try:
                return self.page.content()
            except Error as moving:  # a script is leading on to the next page
                if "navigating" not in str(moving):
                    raise
        raise AssertionError(f"{self.page.url} does not come to rest")

    @contextmanager
    def refused_with(self, *statuses: int) -> Iterator[None]:
        """These answers are what the story wants here."""
        self._allowed = statuses
        yield
        self._allowed = ()

    @contextmanager
    def line_down(self) -> Iterator[None]:
        """The network goes, and comes back."""
        self._offline = True
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self._offline = False

    # What one does with a page.

    def go(self, path: str) -> None:
        self.page.goto(path, wait_until="load")
        self.look_blind()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the one button of this name."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state("load")

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow the first link of this name."""
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state("load")

    def fill(self, label: str, text: str, *, within: Locator | None = None) -> None:
        self.field(label, within=within).fill(text)

    def field(self, label: str, *, within: Locator | None = None) -> Locator:
        """The control whose label begins with these words."""
        return (within or self.page.locator("main")).get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first

    def reads(self, text: str) -> None:
        """Wait until the page says this."""
        expect(self.page.locator("main, .flashes").get_by_text(text).first).to_be_visible()
        self.look_blind()

    def download(self, press: Locator) -> bytes:
        with self.page.expect_download() as waiting:
            press.click()
        return Path(waiting.value.path()).read_bytes()

    def check(self, name: str) -> None:
        """This page is accessible and as wide as the screen; and a picture of it for those who look. Once a name."""
        if (self.root, name) in _checked:
            return
        _checked.add((self.root, name))
        self.shot(name)
        if (width := self.page.evaluate("document.documentElement.scrollWidth")) > self.screen[0]:
            self.wrongs.append(f"{name} at {self.path} is {width} wide on a screen of {self.screen[0]}")
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        for item in found:
            where = "; ".join(str(node["target"]) for node in item["nodes"][:3])
            self.wrongs.append(f"axe, {name} at {self.path}: {item['id']} ({item['help']}): {where}")

    def shot(self, name: str) -> None:
        if os.environ.get("STORY_SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    # Signing in.

    def sign_in(self, code: str, password: str) -> None:
        self.go("/dang-nhap")
        self.fill("Mã tài khoản", code)
        self.fill("Mật khẩu", password)
        self.press("Đăng nhập")

    def take_account(self, code: str, issued: str) -> None:
        """Sign in with an issued password, which has to be changed first of all."""
        self.sign_in(code, issued)
        self.reads("Hãy đặt mật khẩu riêng")
        self.fill("Mật khẩu", "một câu dài " + code)
        self.press("Đổi mật khẩu")
        self.reads("Đã đổi mật khẩu")
