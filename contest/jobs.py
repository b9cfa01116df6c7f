"""Background work. A job is a row of our own, written in the transaction that causes it.

There is no queue beside the database: a worker claims a row with a conditional UPDATE, holds
it under a lease that it renews while it works, and a row whose lease ran out is claimed again.
So a killed process loses nothing. What a worker made whose job was claimed again is dropped, but
what it did outside the database is done: every job must be able to run twice without harm.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import JSON, Integer, String, Text, and_, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from contest.db import Base, Instant, db, utcnow

LEASE = timedelta(minutes=5)
LONGEST = timedelta(hours=2)  # a worker that hangs renews its lease no longer
RETRY_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
log = logging.getLogger(__name__)

Work = Callable[..., dict[str, Any] | None]
_REGISTRY: dict[str, Work] = {}
_WAKE = threading.Event()
# The job in hand and the number of its attempt.
_HELD: ContextVar[tuple[int, int]] = ContextVar("held job")


class TakenOver(Exception):
    """Another worker has the job by now."""


class Job(Base):
    """One piece of work: queued → running → done, or failed after the last retry."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    # One live job per key: asking twice for the same work is asking once.
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="queued", index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done_steps: Mapped[int] = mapped_column(Integer, default=0)
    all_steps: Mapped[int] = mapped_column(Integer, default=0)
    run_after: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)


def job(name: str) -> Callable[[Work], Work]:
    """Register a function as the work of jobs called `name`. It takes ids, and does not commit."""

    def register(work: Work) -> Work:
        if _REGISTRY.setdefault(name, work) is not work:
            raise RuntimeError(f"two jobs are called {name}")
        return work

    return register


def enqueue(
    name: str, *, now: datetime, key: str | None = None, delay: timedelta | None = None, **arguments: Any
) -> Job:
    """Ask for work, in the caller's transaction: it runs only if that commits."""
    if key is not None:
        db.session.flush()
        waiting = db.session.scalars(select(Job).where(Job.key == key)).one_or_none()
        if waiting is not None and waiting.state == "queued":
            return waiting
        if waiting is not None:
            # A running job may already have read what has changed since; it keeps its row, not its key.
            waiting.key = None
            db.session.flush()
    row = Job(
        name=name, key=key, arguments=arguments, state="queued", run_after=now + (delay or timedelta()), created_at=now
    )
    db.session.add(row)
    return row


@event.listens_for(Session, "after_commit")
def _wake(_session: Session) -> None:
    _WAKE.set()


def claim(now: datetime) -> Job | None:
    """Take the oldest job that is due, or whose worker died. Commits, so that others see it taken."""
    due = (Job.state == "queued") & (Job.run_after <= now) | (Job.state == "running") & (Job.lease_until < now)
    for job_id in db.session.scalars(select(Job.id).where(due).order_by(Job.run_after, Job.id).limit(5)).all():
        taken = db.session.execute(
            update(Job)
            .where(Job.id == job_id, due)
            .values(state="running", attempts=Job.attempts + 1, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            db.session.commit()
            return db.session.get(Job, job_id, populate_existing=True)
    db.session.rollback()
    return None


def perform(row: Job) -> None:
    """Do one claimed job. Its writes and its being done are one commit, made only while the job is still ours."""
    job_id, attempt, name, arguments = row.id, row.attempts, row.name, row.arguments
    # Outside a request even a read takes SQLite's one write lock: the work takes it when it begins to read.
    db.session.rollback()
    with _lease_kept(job_id, attempt):
        try:
            result = _REGISTRY[name](**arguments)
            _keep(state="done", result=result, key=None, finished_at=utcnow(), lease_until=None, error=None)
        except TakenOver:
            db.session.rollback()
            log.warning("job %s was taken over by another worker; what this one made is dropped", job_id)
        except Exception as failure:  # the one place where anything may go wrong and work goes on
            db.session.rollback()
            log.exception("job %s failed", job_id)
            _put_back(job_id, attempt, failure)


def _ours(job_id: int, attempt: int) -> Any:
    """Whether the job is still held by whoever claimed it for the attempt of this number."""
    return and_(Job.id == job_id, Job.state == "running", Job.attempts == attempt)


def _settle(job_id: int, attempt: int, **values: Any) -> bool:
    """Write into the row of an attempt; False when the job is another worker's by now."""
    settled = db.session.execute(
        update(Job).where(_ours(job_id, attempt)).values(**values).execution_options(synchronize_session=False)
    )
    return bool(settled.rowcount == 1)  # type: ignore[attr-defined]


def _keep(**values: Any) -> None:
    """Commit what the work has made so far, and values of its row. Raises TakenOver: then nothing of it may stay."""
    db.session.flush()
    if not _settle(*_HELD.get(), **values):
        raise TakenOver
    db.session.commit()


def _put_back(job_id: int, attempt: int, failure: Exception) -> None:
    now, error = utcnow(), f"{type(failure).__name__}: {failure}"[:2000]
    if attempt > len(RETRY_AFTER):
        _settle(job_id, attempt, state="failed", finished_at=now, lease_until=None, key=None, error=error)
    else:
        later = now + RETRY_AFTER[attempt - 1]
        _settle(job_id, attempt, state="queued", run_after=later, lease_until=None, error=error)
    db.session.commit()


@contextmanager
def _lease_kept(job_id: int, attempt: int) -> Iterator[None]:
    """Renew the lease meanwhile: long work must not be begun again by another worker. Hung work lets go of it."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    is_over, last = threading.Event(), utcnow() + LONGEST

    def renew() -> None:
        while not is_over.wait(LEASE.total_seconds() / 5) and utcnow() < last:
            with app.app_context():
                try:
                    _settle(job_id, attempt, lease_until=utcnow() + LEASE)
                    db.session.commit()
                except SQLAlchemyError:  # busy, or away for a while: there are four more turns before it runs out
                    log.warning("the lease of job %s could not be renewed", job_id, exc_info=True)

    renewing = threading.Thread(target=renew, name=f"contest-lease-{job_id}", daemon=True)
    renewing.start()
    held = _HELD.set((job_id, attempt))
    try:
        yield
    finally:
        _HELD.reset(held)
        is_over.set()
        renewing.join()


def progress(done: int, of: int) -> None:
    """Say how far the long work in hand is. Commits what it has made so far, while the job is still this worker's."""
    _keep(done_steps=done, all_steps=of)


def run_due(limit: int = 100) -> int:
    """Do the jobs that are due now, in this thread; the number done. Tests and commands use it."""
    count = 0
    while count < limit and (row := claim(utcnow())) is not None:
        perform(row)
        count += 1
    return count


def start_worker(app: Flask) -> threading.Thread:
    """Work through jobs in a thread of this process until it ends."""

    def loop() -> None:
        while True:
            with app.app_context():
                try:
                    run_due()
                except Exception:  # a database that is away for a minute must not end the worker
                    log.exception("worker")
                    db.session.rollback()
            _WAKE.wait(app.config["JOB_POLL_SECONDS"])
            _WAKE.clear()

    thread = threading.Thread(target=loop, name="contest-worker", daemon=True)
    thread.start()
    return thread


def registered() -> dict[str, Work]:
    """Every job by name, for tests."""
    return dict(_REGISTRY)
