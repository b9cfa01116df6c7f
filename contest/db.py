"""The database: base class, column types, SQLite's manners, append-only tables, chain heads."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, DateTime, Engine, Integer, MetaData, String, TypeDecorator, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from contest.rules.chain import GENESIS

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class _Declared(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=_Declared)

if TYPE_CHECKING:

    class Base(DeclarativeBase):
        """What every table derives from, as the type checker sees it."""

        def __init__(self, **columns: Any) -> None: ...

else:
    Base = db.Model


def utcnow() -> datetime:
    """The present instant. Views, jobs and commands call it; actions and rules are given it."""
    return datetime.now(UTC)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC. SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _sqlite_manners(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own BEGIN comes too late to protect a read-then-write; ours is in _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _sqlite_begin(connection: Any) -> None:
    """Writers take the lock at once: a deferred BEGIN loses updates silently (350 of 400 in a trial)."""
    if connection.dialect.name == "sqlite":
        reading = has_request_context() and request.method in READING
        reading = reading or connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def reading_options(dialect: str) -> dict[str, Any]:
    """Options of a connection that only reads: one steady view of everything, and nobody waits for it."""
    if dialect == "sqlite":
        return {"reading": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@event.listens_for(Session, "before_flush")
def _get_never_writes(session: Session, _context: Any, _instances: Any) -> None:
    """A page that is only looked at must change nothing: prefetchers, previews and bots look too."""
    if not has_request_context() or request.method not in READING:
        return
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise RuntimeError(f"{request.method} {request.path} tries to write")


def append_only(table: Any) -> Any:
    """Make the database itself refuse to change or delete rows of `table`."""
    for ddl, dialect in append_only_ddl(table.name):
        event.listen(table, "after_create", _ddl(ddl).execute_if(dialect=dialect))
    return table


def _ddl(statement: str) -> Any:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


def append_only_ddl(name: str) -> list[tuple[str, str]]:
    """(statement, dialect) pairs that refuse UPDATE and DELETE; migrations run them too."""
    statements = []
    for verb in ("UPDATE", "DELETE"):
        statements.append(
            (
                f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
                "sqlite",
            )
        )
    statements.append(
        (
            f"CREATE FUNCTION {name}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{name} is append-only'; END $$",
            "postgresql",
        )
    )
    statements.append(
        (
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}_append_only()",
            "postgresql",
        )
    )
    return statements


class ChainHead(Base):
    """The last link of a hash chain: "audit", or "ledger:<contest id>"."""

    __tablename__ = "chain_heads"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    length: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)


def lock_head(name: str) -> ChainHead:
    """The head of a chain, held until the transaction ends, so that links are made one after another."""
    query = select(ChainHead).where(ChainHead.name == name).with_for_update()
    head = db.session.scalars(query).one_or_none()
    if head is None:
        _make_head(name)
        head = db.session.scalars(query).one()
    return head


def _make_head(name: str) -> None:
    """Insert the first head; two transactions may both try, and the second waits and finds it."""
    insert = insert_for(db.session.get_bind().dialect.name)
    db.session.execute(insert(ChainHead).values(name=name, length=0, hash=GENESIS).on_conflict_do_nothing())


def insert_for(dialect: str) -> Any:
    """The INSERT that knows ON CONFLICT, spelt alike on both databases."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def init_db(app: Flask) -> None:
    """Bind the engine to the app's settings."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    options: dict[str, Any] = {"pool_pre_ping": not app.config["DATABASE_URL"].startswith("sqlite")}
    if not app.config["DATABASE_URL"].startswith("sqlite"):
        options |= {"pool_size": 8, "max_overflow": 8}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
