"""An empty installation, served as people meet it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.stories.site import served


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    with served(tmp_path) as app:
        request.config.pluginmanager.get_plugin("tests.fixtures.templates_seen").watch(app)
        yield app
