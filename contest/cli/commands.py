"""Commands of `flask --app wsgi`: every file of this room that holds some, registered in one place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from contest.cli import backup, demo, manage, pure, serve, similar, sweep, verify
from contest.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


ROOMS = (pure, similar, serve, manage, demo, backup, sweep, verify)
PURE = frozenset(command.name for room in (pure, similar) for command in room.COMMANDS)
# Flask's own and Flask-Migrate's, which come by themselves.
KNOWN = frozenset({"db", "routes", "run", "shell"}) | {command.name for room in ROOMS for command in room.COMMANDS}


def register(app: Flask) -> None:
    """Add every command to the app, and `db` for migrations."""
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    for room in ROOMS:
        for command in room.COMMANDS:
            app.cli.add_command(command)


def is_pure(words: Sequence[str]) -> bool:
    """Whether a command line (without the program) asks for a command that needs neither database nor instance folder.

    Flask looks a command up only once the app is made; until then the first word that is a command's name is it.
    """
    return next((word for word in words if word in KNOWN), None) in PURE
