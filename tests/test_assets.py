"""The front-end files: what is copied, and that a second run does nothing."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from flask import Flask

from contest import assets
from contest.web import static

ROOT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose packages have arrived, each file holding its own name."""
    (tmp_path / "package-lock.json").write_text("{}")
    for source in assets.FILES:
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{source}/*# sourceMappingURL=x.map */")
    return tmp_path


def test_a_second_build_fetches_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Path] = []
    monkeypatch.setattr(assets, "fetch", fetched.append)

    assert [assets.build(project), assets.build(project)] == [True, False]
    assert fetched == [project]


@pytest.mark.parametrize("change", ("lock", "lost file"))
def test_a_change_fetches_again(project: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    monkeypatch.setattr(assets, "fetch", lambda root: None)
    assets.build(project)

    if change == "lock":
        (project / "package-lock.json").write_text('{"lockfileVersion": 3}')
    else:
        (project / assets.VENDOR / "bootstrap.min.css").unlink()

    assert assets.build(project)


def test_a_server_started_anew_serves_no_old_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "FOLDER", tmp_path)
    script = tmp_path / "work.js"
    script.write_text("let a = 1;" * 100)
    assets.compress_all(tmp_path)
    script.write_text("let b = 2;" * 100)
    os.utime(script, ns=(script.stat().st_atime_ns, script.stat().st_mtime_ns + 10**9))
    app = Flask("shop")

    static.init_static(app)
    answer = app.test_client().get("/static/work.js", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == b"let b = 2;" * 100


def test_gzip_copies_follow_their_file(tmp_path: Path) -> None:
    sheet = tmp_path / "app.css"
    sheet.write_text("a{}")
    (tmp_path / "gone.css.gz").write_bytes(b"")
    assets.compress_all(tmp_path)
    sheet.write_text("b{}")
    os.utime(sheet, ns=(sheet.stat().st_atime_ns, sheet.stat().st_mtime_ns + 10**9))

    assets.compress_all(tmp_path)

    assert gzip.decompress((tmp_path / "app.css.gz").read_bytes()) == b"b{}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.css", "app.css.gz"]


def test_style_sheets_do_not_point_at_maps(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "fetch", lambda root: None)
    assets.build(project)

    assert (project / assets.VENDOR / "bootstrap.min.css").read_text() == "bootstrap/dist/css/bootstrap.min.css"


def test_the_lock_file_names_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)
