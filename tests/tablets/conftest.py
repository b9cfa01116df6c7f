"""Pages with scripts, in a real browser, on an installation that the makers filled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext
from waitress.server import create_server

from contest.accounts.models import Account
from contest.db import db
from tests.judging.conftest import hall as hall
from tests.judging.conftest import make_hall as make_hall


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The root of the app, served to browsers with form tokens in force."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8, ident="", clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run, name="tablet-server", daemon=True)
    thread.start()
    app.config["WTF_CSRF_ENABLED"] = True
    yield f"http://127.0.0.1:{server.effective_port}"
    app.config["WTF_CSRF_ENABLED"] = False
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def tablet(
    browser: Browser, address: str, sign_in: Callable[[Account], FlaskClient]
) -> Iterator[Callable[..., BrowserContext]]:
    """tablet(account): a browser of its own, signed in; **options of its context. Read rows' ids before it."""
    opened: list[BrowserContext] = []

    def make(account: Account, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=address, viewport={"width": 1024, "height": 768}, locale="vi-VN", **options
        )
        cookie = sign_in(account).get_cookie("session")
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        opened.append(context)
        # A test that still reads would hold the database, and the served app waits for it.
        db.session.remove()
        return context

    yield make
    for context in opened:
        context.close()
