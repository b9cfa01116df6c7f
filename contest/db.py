"""The database: base class, column types, SQLite's manners, append-only tables, chain heads."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BindSession
from sqlalchemy import DDL, Connection, DateTime, Engine, Integer, MetaData, Pool, String, TypeDecorator, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from contest.rules.chain import GENESIS

try:
    import fcntl
except ImportError:  # Windows: one process there
    fcntl = None  # type: ignore[assignment]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
PATIENCE = 15  # seconds a writer waits for the others
IDLE = 5  # seconds after which a connection is asked whether it still lives


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


class _Session(BindSession):
    """On PostgreSQL a page that only reads sends no BEGIN and no ROLLBACK: two round trips less, and the view of each
    statement is its own either way (READ COMMITTED)."""

    _reading: tuple[Engine, Engine] | None = None

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **options)
        if not isinstance(bind, Engine) or bind.dialect.name != "postgresql":
            return bind
        if not (has_request_context() and request.method in READING):
            return bind
        if self._reading is None or self._reading[0] is not bind:
            self._reading = (bind, bind.execution_options(isolation_level="AUTOCOMMIT"))
        return self._reading[1]


db = SQLAlchemy(model_class=_Declared, session_options={"class_": _Session})

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


class Turn:
    """Whose turn it is to write into one SQLite file, among the threads and processes of this machine.

    A courtesy, not a guard: BEGIN IMMEDIATE is what protects. But SQLite lets writers sleep up to 100 ms and
    look again, in no order; with eight tablets saving at once that halved the rate and tripled the wait.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-turn"
        self._threads = threading.Lock()
        self._file: int | None = None

    def take(self, patience: float) -> bool:
        """Wait for it, in seconds at most. False: not got; go on without it."""
        until = time.monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            return False
        while not self._among_processes():
            if time.monotonic() > until:
                self._threads.release()
                return False
            time.sleep(0.0003)
        return True

    def _among_processes(self) -> bool:
        if fcntl is None:
            return True
        if self._file is None:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:  # somebody else's file, a full disk: SQLite's own waiting has to do
                return True
        try:
            # A POSIX lock: it belongs to the process, so a fork does not share it, and a kill gives it back.
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:  # no such thing on this file system: SQLite's own waiting has to do
            return True
        return True

    def give_back(self) -> None:
        if fcntl is not None and self._file is not None:
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._threads.release()


_turns: dict[str, Turn] = {}
_turns_lock = threading.Lock()


def _turn_of(path: str) -> Turn:
    with _turns_lock:
        return _turns.setdefault(path, Turn(path))


class TurnConnection(sqlite3.Connection):
    """A connection that takes its turn before it writes, and gives it back when that is committed or undone."""

    turn: Turn | None = None
    has_turn = False

    def take_turn(self) -> None:
        if self.turn is not None and not self.has_turn:
            self.has_turn = self.turn.take(PATIENCE)

    def _give_back(self) -> None:
        if self.turn is not None and self.has_turn:
            self.has_turn = False
            self.turn.give_back()

    def commit(self) -> None:
        super().commit()
        self._give_back()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._give_back()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give_back()


@event.listens_for(Engine, "connect")
def _sqlite_manners(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    if file and isinstance(connection, TurnConnection):
        connection.turn = _turn_of(file)
    # The driver's own BEGIN comes too late to protect a read-then-write; ours is in _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    # The system's own cache holds the file once; SQLite's would hold it in every thread of every process.
    cursor.execute("PRAGMA cache_size=-250")
    cursor.close()


@event.listens_for(Engine, "begin")
def _sqlite_begin(connection: Any) -> None:
    """Writers take the lock at once: a deferred BEGIN loses updates silently (350 of 400 in a trial)."""
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("once", False):
        return
    if options.get("reading", False) or (has_request_context() and request.method in READING):
        connection.exec_driver_sql("BEGIN")
        return
    held = connection.connection.dbapi_connection
    if isinstance(held, TurnConnection):
        held.take_turn()
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def read_once(statement: Any, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of one SELECT on its own, before the request's transaction: nobody waits for its lock meanwhile."""
    options = {"once": True} if db.engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    with db.engine.connect().execution_options(**options) as connection:
        return connection.execute(statement, values).all()


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
        raise RuntimeError(f"{request.method} {request.endpoint} tries to write")


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


@event.listens_for(Pool, "checkin")
def _came_back(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _still_lives(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that lay idle whether the server still knows it.

    Not each time: that is a round trip a request. Whoever meets a restart within IDLE seconds of a busy time gets
    an error once, and the whole pool is made anew.
    """
    if isinstance(connection, sqlite3.Connection) or time.monotonic() - record.info.get("used", inf) < IDLE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as dead:  # whatever the driver says of it, it is not to be used
        raise DisconnectionError from dead


def init_db(app: Flask) -> None:
    """Bind the engine to the app's settings."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    # Values of a failed statement stay out of logs: they are names, marks, tokens.
    options: dict[str, Any] = {"hide_parameters": True}
    if app.config["DATABASE_URL"].startswith("sqlite"):
        # Every thread's connection keeps its own: more than a few pages' worth is memory for nothing.
        options["connect_args"] = {"factory": TurnConnection, "cached_statements": 32}
    else:
        options |= {"pool_size": 8, "max_overflow": 8}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
