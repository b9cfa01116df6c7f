"""Background work. A job is a row of our own, written in the transaction that causes it.

There is no queue beside the database: a worker claims a row with a conditional UPDATE, holds
it under a lease, and a row whose lease ran out is claimed again. So a killed process loses
nothing, and every job must be able to run twice without harm.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Integer, String, Text, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contest.db import Base, Instant, db, utcnow

LEASE = timedelta(minutes=5)
RETRY_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
log = logging.getLogger(__name__)

Work = Callable[..., dict[str, Any] | None]
_REGISTRY: dict[str, Work] = {}
_WAKE = threading.Event()


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
    """Do one claimed job. Its writes and its being done are one commit."""
    job_id = row.id
    try:
        work = _REGISTRY[row.name]
        result = work(**row.arguments)
        row = db.session.get_one(Job, job_id)
        row.state, row.result, row.key = "done", result, None
        row.finished_at, row.lease_until, row.error = utcnow(), None, None
        db.session.commit()
    except Exception as failure:  # the one place where anything may go wrong and work goes on
        db.session.rollback()
        log.exception("job %s failed", job_id)
        _put_back(job_id, failure)


def _put_back(job_id: int, failure: Exception) -> None:
    row = db.session.get_one(Job, job_id)
    row.error = f"{type(failure).__name__}: {failure}"[:2000]
    row.lease_until = None
    if row.attempts > len(RETRY_AFTER):
        row.state, row.finished_at, row.key = "failed", utcnow(), None
    else:
        row.state, row.run_after = "queued", utcnow() + RETRY_AFTER[row.attempts - 1]
    db.session.commit()


def progress(job_id: int, done: int, of: int) -> None:
    """Say how far a long job is, and renew its lease. Commits what the job has done so far."""
    row = db.session.get_one(Job, job_id)
    row.done_steps, row.all_steps, row.lease_until = done, of, utcnow() + LEASE
    db.session.commit()


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
