"""The tests' own browser: a Chromium that no longer answers holds nobody up, and another one takes its place."""

from __future__ import annotations

import os
import signal

import pytest

from tests.fixtures.browsers import Browsers

pytestmark = pytest.mark.story


def test_a_browser_that_does_not_answer_is_done_without(browsers: Browsers) -> None:
    first, second = (browsers.one().new_context() for _ in range(2))
    os.kill(browsers.pid, signal.SIGSTOP)

    browsers.let_go(first, patience=0.5)
    browsers.let_go(second, patience=0.5)

    page = browsers.one().new_page()
    assert page.evaluate("1 + 1") == 2
    browsers.let_go(page.context)
