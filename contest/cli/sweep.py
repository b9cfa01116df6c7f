"""`sweep`: takes away stored bytes that no row names: of files removed from a draft, of requests that broke off."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from contest.db import db, reading_options
from contest.entries.models import EntryFile, JudgeCopy, ReferenceText
from contest.results.models import PaperFile
from contest.storage import storage

# An upload may be on its way to its row, and a backup may have read the rows and not yet the files: both are
# over after a day. So a file is only marked at first, and goes when a later sweep finds it unnamed still.
A_DAY = 24 * 3600


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Mark stored files that no row names; delete those marked more than a day ago."""
    store = storage()
    # Keys before rows: what comes in between has a row or is too young, never the other way round.
    keys = list(store.keys())
    named = _named()
    marked = deleted = 0
    for key in keys:
        if key in named:
            store.unmark(key)
        elif (since := store.marked_at(key)) is None:
            store.mark(key)
            marked += 1
        elif time.time() - since > A_DAY:
            store.delete(key)
            deleted += 1
    click.echo(f"{len(keys)} files, {marked} newly marked, {deleted} deleted")


def _named() -> set[str]:
    """Every storage key that a row holds, in one steady view."""
    db.session.connection(execution_options=reading_options(db.engine.dialect.name))
    try:
        named = {
            key
            for model in (EntryFile, PaperFile, ReferenceText)
            for key in db.session.scalars(select(model.storage_key))
        }
        for pages, sources in db.session.execute(select(JudgeCopy.pages, JudgeCopy.source_pages)):
            named.update(page["key"] for page in (*pages, *sources))
    finally:
        db.session.rollback()
    return named


COMMANDS = (sweep,)
