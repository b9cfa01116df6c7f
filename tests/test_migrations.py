"""Migrations make exactly the tables that the models describe, on both databases, and can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from contest.db import db

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An empty database of the kind this run is about."""
    if request.config.getoption("--database") == "sqlite":
        return create_engine(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
    uri = request.getfixturevalue("postgresql_uri")
    admin = create_engine(uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE migrated"))
    admin.dispose()
    return create_engine(admin.url.set(database="migrated"))


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


# SQLite cannot show an index over an expression; PostgreSQL compares it.
@pytest.mark.filterwarnings("ignore:autogenerate skipping", "ignore:Skipped unsupported reflection")
def test_migrations_are_the_models(_app: Flask, engine: Engine) -> None:
    with _app.app_context(), engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, db.metadata) == []
    engine.dispose()


def test_migrations_can_be_undone(_app: Flask, engine: Engine) -> None:
    with _app.app_context(), engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        command.downgrade(_config(connection), "base")

        assert [name for name in inspect(connection).get_table_names() if name != "alembic_version"] == []
    engine.dispose()


@pytest.mark.parametrize("verb", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
def test_the_migrated_database_itself_refuses_to_rewrite_the_trail(_app: Flask, engine: Engine, verb: str) -> None:
    with _app.app_context(), engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        connection.execute(
            text(
                "INSERT INTO audit_events (seq, at, actor_name, action, subject, details, hash) "
                "VALUES (1, '2024-09-05 00:00:00', 'a', 'b', 'c', '{}', 'd')"
            )
        )
    with engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(verb))
    engine.dispose()


def test_the_tests_tables_refuse_too(app: Flask) -> None:
    for table in ("audit_events", "sheet_versions"):
        names = db.session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
            if db.engine.dialect.name == "sqlite"
            else text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"),
            {"table": table},
        ).all()

        assert names, f"{table} can be rewritten"
