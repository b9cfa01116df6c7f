"""`backup DIR` and `restore DIR`: a consistent, checked copy that either database can take in.

The copy is plain: one JSON line per row and table, the files under their keys, and a manifest
with SHA-256 of everything. It can be read without this program in twenty years.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from alembic.runtime.migration import MigrationContext
from flask.cli import with_appcontext
from sqlalchemy import JSON, Date, Table, func, insert, inspect, null, select, text

from contest.db import Instant, db, reading_options, utcnow
from contest.storage import private_folder, storage, write_safely

FORMAT = "contest-backup/1"
BATCH = 500
# The files a copy may hold: nothing outside its folder, and nothing the storage would not take.
_NAMES = re.compile(r"tables/[a-z_]+\.jsonl|files/[0-9a-f]{2}/[0-9a-f]{32}")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def backup(folder: Path) -> None:
    """Copy database and files into an empty FOLDER, with checksums."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty")
    private_folder(folder)
    folder.chmod(0o700)
    private_folder(folder / "tables")
    checksums: dict[str, str] = {}
    rows: dict[str, int] = {}
    with db.engine.connect().execution_options(**reading_options(db.engine.dialect.name)) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        for table in db.metadata.sorted_tables:
            path = folder / "tables" / f"{table.name}.jsonl"
            rows[table.name] = _dump(connection, table, path)
            checksums[f"tables/{table.name}.jsonl"] = _sha256(path)
        connection.rollback()
    # Files after rows: one that a row named a day ago is deleted by nobody (sweep), so every one is there by now.
    for key in list(storage().keys()):  # noqa: SIM118 (not a dict)
        path = folder / "files" / key
        try:
            write_safely(path, storage().chunks(key))
        except FileNotFoundError:
            continue  # gone again since it was listed: an upload that was refused; no row of this copy names it
        checksums[f"files/{key}"] = _sha256(path)
    manifest = {
        "format": FORMAT,
        "made_at": utcnow().isoformat(),
        "revision": revision,
        "rows": rows,
        "sha256": checksums,
    }
    # Last, and only now that the rest is on the disk: without it a copy does not count as one.
    document = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    write_safely(folder / "manifest.json", (document.encode(),))
    click.echo(f"{sum(rows.values())} rows and {len(checksums) - len(rows)} files in {folder}")


def _dump(connection: Any, table: Table, path: Path) -> int:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in connection.execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key)):
            yield (json.dumps(dict(row._mapping), ensure_ascii=False, default=_plain) + "\n").encode()
            count += 1

    write_safely(path, lines())
    return count


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_appcontext
def restore(folder: Path) -> None:
    """Put a backup into an empty, migrated installation. Refused when anything was changed in the copy."""
    manifest = _checked_manifest(folder)
    with db.engine.begin() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision != manifest["revision"]:
            raise click.ClickException(f"the backup is of revision {manifest['revision']}, this is {revision}")
        tables = db.metadata.sorted_tables
        if full := [table.name for table in tables if connection.scalar(select(func.count()).select_from(table))]:
            raise click.ClickException("not empty: " + ", ".join(full))
        # Files before rows: when the disk is full no row is kept, and the restoration can be run again.
        for name in manifest["sha256"]:
            if name.startswith("files/"):
                with (folder / name).open("rb") as file:
                    storage().put_at(name.removeprefix("files/"), file)
        looped = _check_references_last(connection)
        for table in tables:
            for batch in _batches(folder / "tables" / f"{table.name}.jsonl", table):
                connection.execute(insert(table), batch)
            _reset_sequence(connection, table)
        _check_references_now(connection, looped)
    click.echo(f"{sum(manifest['rows'].values())} rows restored")


def _checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a copy that is whole and unchanged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found, digests, rows = manifest["format"], dict(manifest["sha256"]), dict(manifest["rows"])
    except FileNotFoundError:
        raise click.ClickException("no manifest.json: this is no backup, or one that was broken off") from None
    except (ValueError, LookupError, TypeError):
        raise click.ClickException("manifest.json cannot be read") from None
    if found != FORMAT:
        raise click.ClickException(f"unknown format {found!r}")
    if strange := [name for name in digests if not _NAMES.fullmatch(name)]:
        raise click.ClickException("no part of a backup: " + ", ".join(sorted(strange)[:10]))
    wanted = {f"tables/{table.name}.jsonl" for table in db.metadata.sorted_tables}
    listed = {name for name in digests if name.startswith("tables/")}
    if wanted ^ listed or rows.keys() != {table.name for table in db.metadata.sorted_tables}:
        raise click.ClickException("the backup's tables are others: " + ", ".join(sorted(wanted ^ listed)))
    if broken := [name for name, digest in digests.items() if _damaged(folder / name, digest)]:
        raise click.ClickException("damaged or missing: " + ", ".join(sorted(broken)[:10]))
    return dict(manifest)


def _check_references_last(connection: Any) -> list[tuple[str, str]]:
    """Rows of one table may point at each other: check at the end. The (table, constraint) pairs changed for it.

    On PostgreSQL the owner of the tables may do this; switching checks off altogether takes a superuser.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return []
    looped = [
        (table.name, str(key["name"]))
        for table in db.metadata.sorted_tables
        if any(key.column.table is table for key in table.foreign_keys)
        for key in inspect(connection).get_foreign_keys(table.name)
        if key["referred_table"] == table.name
    ]
    for table_name, name in looped:
        connection.execute(text(f'ALTER TABLE "{table_name}" ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED'))
    return looped


def _check_references_now(connection: Any, looped: list[tuple[str, str]]) -> None:
    if looped:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table_name, name in looped:
        connection.execute(text(f'ALTER TABLE "{table_name}" ALTER CONSTRAINT "{name}" NOT DEFERRABLE'))


def _damaged(path: Path, digest: str) -> bool:
    return not path.is_file() or _sha256(path) != digest


def _batches(path: Path, table: Table) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            batch.append({column.name: _typed(column.type, row[column.name]) for column in table.columns})
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        # A plain None would be kept as JSON's null, which is something else than nothing.
        return null() if isinstance(kind, JSON) else None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def _reset_sequence(connection: Any, table: Table) -> None:
    """PostgreSQL's counters know nothing of ids that were inserted; SQLite's need no help."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        highest = connection.scalar(select(func.max(table.c.id)))
        if highest:
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


COMMANDS = (backup, restore)
