"""Alembic's environment: the app's own engine and tables, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context
from flask import current_app

from contest.db import Instant, db

config = context.config


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """A migration must outlive the code it was made from: our own column types go in as plain ones."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run migrations on a connection of the app, or on one handed over by a test."""
    connection = config.attributes.get("connection")
    if connection is not None:
        _with(connection)
        return
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        _with(connection)
        connection.commit()


def _with(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
