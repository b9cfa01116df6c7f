"""A tablet takes the app anew when any file of it changed: not some files, and not never."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from contest.judging import views_sync


def test_the_worker_changes_with_any_script_of_the_app(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    views_sync._config.cache_clear()
    first, version = client.get("/cham-may.js"), views_sync.app_version()
    read = views_sync._script

    def renewed(path: str) -> bytes:
        return read(path) + (b"// renewed" if path.endswith("/queue.js") else b"")

    monkeypatch.setattr(views_sync, "_script", renewed)
    views_sync._config.cache_clear()
    second = client.get("/cham-may.js")

    assert (second.text == first.text, second.headers["ETag"] == first.headers["ETag"]) == (False, False)
    assert views_sync.app_version() != version
    views_sync._config.cache_clear()
