"""A browser and an empty, served installation. Without a browser stories are skipped, loudly; in CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser import ARGUMENTS, executable
from tests.stories.site import served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        reason = "NO CHROMIUM: the stories in a real browser were not told (see make browser)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    with served(tmp_path) as app:
        request.config.pluginmanager.get_plugin("tests.fixtures.templates_seen").watch(app)
        yield app
