"""Pages with scripts, in a real browser, on an installation that the makers filled."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from contest.accounts.models import Account
from contest.db import db
from tests.fixtures.browsers import Browsers
from tests.judging.conftest import hall as hall
from tests.judging.conftest import make_hall as make_hall
from tests.tablets.lines import Line

# Minutes of chance belong to `make soak`, not to every run.
collect_ignore = [] if os.environ.get("SOAK_SECONDS") else ["test_soak.py"]


@pytest.fixture
def line(app: Flask) -> Iterator[Line]:
    """The app on a line that can be cut and mended, with form tokens in force."""
    line = Line(app)
    app.config["WTF_CSRF_ENABLED"] = True
    yield line
    app.config["WTF_CSRF_ENABLED"] = False
    line.cut()


@pytest.fixture
def address(line: Line) -> str:
    """The root of the app, as browsers reach it."""
    return line.address


@pytest.fixture
def tablet(
    browsers: Browsers, address: str, sign_in: Callable[[Account], FlaskClient]
) -> Iterator[Callable[..., BrowserContext]]:
    """tablet(account): a browser of its own, signed in; **options of its context. Read rows' ids before it."""
    opened: list[BrowserContext] = []

    def make(account: Account, **options: Any) -> BrowserContext:
        context = browsers.one().new_context(
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
        browsers.let_go(context)
