"""Commands of `flask --app wsgi`: every file of this room that holds some, registered in one place."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from contest.cli import backup, demo, manage, pure, serve, similar, sweep, verify
from contest.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def register(app: Flask) -> None:
    """Add every command to the app, and `db` for migrations."""
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    for room in (pure, similar, serve, manage, demo, backup, sweep, verify):
        for command in room.COMMANDS:
            app.cli.add_command(command)
