"""Every shared page part in a real browser: axe, reflow, the security policy, and use without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.fixtures import templates_seen
from tests.fixtures.browsers import Browsers
from tests.web.gallery_app import ERRORS, PAGES, gallery_app

EVERY_PAGE = (*PAGES, *(f"/errors/{code}" for code in ERRORS))
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = gallery_app()
    templates_seen.watch(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def page(browsers: Browsers) -> Iterator[Page]:
    # Without motion: a colour halfway through its change has the contrast of neither.
    page = browsers.one().new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield page
    browsers.let_go(page.context)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_axe_finds_nothing(page: Page, address: str, path: str) -> None:
    page.goto(address + path)

    for scheme, width in (("light", 360), ("dark", 1280)):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(fault["id"], [node["html"][:160] for node in fault["nodes"][:4]]) for fault in found] == []


def test_axe_would_find_something(page: Page, address: str) -> None:
    page.goto(address + "/public")
    page.evaluate("document.querySelector('main').append(new Image())")

    assert {fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]} == {"image-alt"}


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_pages_reflow_without_sideways_scroll(page: Page, address: str, path: str) -> None:
    page.goto(address + path)

    for width in (320, 360, 640):  # 640 is a desk screen at 200 %
        page.set_viewport_size({"width": width, "height": 740})
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 5).map(e => e.outerHTML.slice(0, 120))"
        )


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_nothing_is_refused_or_missing(page: Page, address: str, path: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)

    page.goto(address + path)
    page.evaluate("document.fonts.ready")

    assert said == []
    assert page.locator("[style]").count() == 0


def test_a_question_opens_as_dialog_and_closes_on_escape(page: Page, address: str) -> None:
    page.goto(address + "/staff", wait_until="networkidle")

    page.locator("a[data-dialog]").press("Enter")

    assert page.locator("dialog[open] h2").inner_text() == "Công bố kết quả cho 42 bài?"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_without_script_the_question_is_a_page(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address + "/staff")

    page.locator("a[data-dialog]").click()

    assert page.locator("h1").inner_text() == "Công bố kết quả cho 42 bài?"
    page.context.close()


def test_on_paper_columns_of_buttons_are_left_out_and_no_plain_cell(page: Page, address: str) -> None:
    page.goto(address + "/list")
    page.evaluate("""() => {
        const [cards, plain] = document.querySelectorAll("table.list");
        plain.tBodies[0].innerHTML = "<tr><td>1</td><th>4657</th><td>88,50</td></tr>";
        cards.tBodies[0].innerHTML =
            "<tr><th>Cộng</th><td></td><td data-label=Điểm>100</td><td><button>Sửa</button></td></tr>";
    }""")  # fmt: skip

    page.emulate_media(media="print")

    shown = """() => Array.from(document.querySelectorAll("table.list tbody td"),
        (cell) => [cell.innerText, getComputedStyle(cell).display !== "none"])"""
    assert page.evaluate(shown) == [["", True], ["100", True], ["Sửa", False], ["1", True], ["88,50", True]]


def test_a_tick_is_seen_in_the_systems_own_colours(page: Page, address: str) -> None:
    page.goto(address + "/submit")
    page.evaluate("""() => {
        const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, id: "tick" });
        box.className = "form-check-input";
        document.querySelector("main").append(box);
    }""")
    drawn = "() => getComputedStyle(document.getElementById('tick')).appearance"
    before = page.evaluate(drawn)

    page.emulate_media(forced_colors="active")

    assert (before, page.evaluate(drawn)) == ("none", "auto")


def test_each_error_is_tied_to_its_field(page: Page, address: str) -> None:
    page.goto(address + "/submit")

    for link in page.locator(".error-summary a").all():
        target = page.locator((link.get_attribute("href") or "") + "[aria-describedby$='-error']")
        assert target.count() == 1, link.inner_text()


def test_words_are_counted_and_what_is_typed_stays(page: Page, address: str) -> None:
    page.goto(address + "/submit", wait_until="networkidle")

    assert page.locator(".counter").inner_text() == "72 / 60 chữ · quá 12"
    assert page.locator("#weight").input_value() == "chín"


def test_targets_on_the_sheet_are_64_pixels(page: Page, address: str) -> None:
    page.goto(address + "/judge")

    sizes = page.eval_on_selector_all(
        ".mark-step, .mark-value, .sheet-foot a, .sheet-send .btn",
        "all => all.map(e => { const r = e.getBoundingClientRect(); return Math.min(r.width, r.height) })",
    )

    assert len(sizes) == 12
    assert min(sizes) >= 64


def test_the_public_page_stays_under_100_kb(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))

    page.goto(address + "/public", wait_until="networkidle")

    assert sum(sizes) < 100_000, sizes


def test_no_emoji_and_no_inline_code_in_the_templates() -> None:
    for path in Path("templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert not [sign for sign in text if ord(sign) > 0x1F000], path


@pytest.mark.parametrize("code", (500, 503))
def test_a_failed_server_page_needs_nothing(code: int) -> None:
    alone = Environment(loader=FileSystemLoader("templates"), undefined=StrictUndefined, autoescape=True)

    page = alone.get_template(f"errors/{code}.html").render(code=code)

    assert f"Lỗi {code}" in page
