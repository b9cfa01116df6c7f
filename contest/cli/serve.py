"""Serving on one machine: waitress, with the job worker in the same process."""

from __future__ import annotations

import os

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from waitress import serve as waitress_serve

from contest import jobs
from contest.accounts.models import Account
from contest.cli import demo
from contest.db import db


def serve(app: Flask) -> None:
    """Serve until stopped, on HOST and PORT."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if app.config["WORKER_IN_PROCESS"]:
        jobs.start_worker(app)
    click.echo(f"Dân vận khéo: http://{host}:{port}")
    waitress_serve(
        app, host=host, port=port, threads=8, channel_timeout=120, ident="", clear_untrusted_proxy_headers=True
    )


@click.command("up")
@click.option("--demo", "with_demo", is_flag=True, help="Fill an empty database with the demo campaign.")
@with_appcontext
def up(with_demo: bool) -> None:
    """Bring the database up to date and serve."""
    flask_migrate.upgrade()
    if with_demo and db.session.scalars(select(Account.id).limit(1)).first() is None:
        demo.fill(echo=click.echo)
    if with_demo:
        demo.say_accounts(echo=click.echo)
    # Outside a request a transaction is a writing one: left open here, it would lock everybody out.
    db.session.remove()
    serve(current_app._get_current_object())  # type: ignore[attr-defined]


COMMANDS = (up,)
