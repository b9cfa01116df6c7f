"""Kept pages: whole for visitors, never for anybody in particular."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g, session

from contest.web import kept


@pytest.fixture
def draw(app: Flask) -> Any:
    """draw(version, path=…, cookie=…): the answer for such a request, and how often it was drawn so far."""
    drawn: list[str] = []

    def ask(version: str, *, path: str = "/trang", cookie: str = "", headers: dict[str, str] | None = None) -> Any:
        sent = {"Cookie": cookie, **(headers or {})} if cookie else headers or {}
        g.pop("locale", None)  # the fixture's own app context outlives the request
        with app.test_request_context(path, headers=sent):

            def render() -> str:
                drawn.append(version)
                return f"<p>{version} {len(drawn)}</p>"

            answer = kept.kept_page("page:1", version, render)
            return answer.status_code, answer.get_data(as_text=True), len(drawn), answer.headers.get("ETag")

    return ask


def test_a_page_is_drawn_once_per_version(draw: Any) -> None:
    first, again, changed = draw("1"), draw("1"), draw("2")

    assert [first[:3], again[:3], changed[:3]] == [
        (200, "<p>1 1</p>", 1), (200, "<p>1 1</p>", 1), (200, "<p>2 2</p>", 2)
    ]  # fmt: skip


def test_who_has_a_session_gets_a_page_of_their_own(draw: Any) -> None:
    draw("1")

    assert draw("1", cookie="session=anything")[:3] == (200, "<p>1 2</p>", 2)
    assert draw("1")[1] == "<p>1 1</p>"


def test_each_language_and_address_has_its_own(draw: Any) -> None:
    draw("1")

    assert draw("1", cookie="lang=en")[2] == 2
    assert draw("1", path="/trang?trang=2")[2] == 3
    assert draw("1", cookie="lang=en")[2] == 3


def test_a_made_up_host_is_not_shown_to_others(draw: Any) -> None:
    draw("1", headers={"Host": "elsewhere.example"})

    assert draw("1")[1] == "<p>1 2</p>", "pages print whole addresses: a page drawn for another host leads there"


def test_the_browsers_copy_is_confirmed(draw: Any) -> None:
    etag = draw("1")[3]

    assert draw("1", headers={"If-None-Match": etag})[0] == 304
    assert draw("2", headers={"If-None-Match": etag})[0] == 200


def test_a_page_with_something_of_the_visitor_is_not_kept(app: Flask) -> None:
    def render() -> str:
        session["csrf_token"] = "theirs"
        return "theirs"

    with app.test_request_context("/trang"):
        kept.kept_page("page:1", "1", render)
    with app.test_request_context("/trang"):
        assert kept.kept_page("page:1", "1", lambda: "mine").get_data(as_text=True) == "mine"


def test_made_up_addresses_do_not_fill_memory(draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "CAPACITY", 5)
    for number in range(20):
        draw("1", path=f"/trang?x={number}")

    assert (len(kept._pages), len(kept._addresses)) == (5, 5)


def test_a_moment_long_the_view_is_not_even_asked(app: Flask, draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PAGE_CACHE_SECONDS", 60)
    draw("1")

    with app.test_request_context("/trang"):
        fresh = kept._fresh()
    with app.test_request_context("/trang", headers={"Cookie": "session=anything"}):
        assert kept._fresh() is None
    with app.test_request_context("/trang", method="POST"):
        assert kept._fresh() is None

    assert fresh is not None and fresh.get_data(as_text=True) == "<p>1 1</p>"
