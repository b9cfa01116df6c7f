"""Background work: who holds a job, for how long, and that nobody waits for what it does outside the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest import jobs, mail
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.jobs import Job
from contest.rules.permissions import Role

PATIENCE = 60  # seconds after which something that should happen did not
Beside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def beside(app: Flask) -> Beside:
    """What another process does meanwhile: in a session, and on a connection, of its own."""

    def act(work: Callable[[], Any]) -> Any:
        with app.app_context():
            done = work()
            db.session.commit()
            return done

    return act


@pytest.fixture
def job_of(app: Flask) -> Iterator[Callable[..., int]]:
    """job_of(work): a queued job that does it; its id."""
    names = []

    def make(work: Callable[[], Any]) -> int:
        names.append(f"test.work_{len(names)}")
        jobs.job(names[-1])(work)
        row = jobs.enqueue(names[-1], now=utcnow())
        db.session.commit()
        return row.id

    yield make
    for name in names:
        del jobs._REGISTRY[name]


def of(job_id: int) -> Job:
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_long_work_renews_its_lease_and_nobody_takes_it_over(
    job_of: Callable[..., int], beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=1))
    runs: list[object] = []

    def lease() -> datetime:
        return beside(lambda: of(job_id).lease_until)  # type: ignore[no-any-return]

    def work() -> None:
        first, waited = lease(), threading.Event()
        deadline = utcnow() + timedelta(seconds=PATIENCE)
        while (renewed := lease()) == first and utcnow() < deadline:
            waited.wait(0.05)
        taken = beside(lambda: jobs.claim(first + timedelta(microseconds=1)))
        runs.append((renewed > first, taken))

    job_id = job_of(work)

    assert jobs.run_due() == 1
    assert (runs, of(job_id).state, of(job_id).attempts, of(job_id).lease_until) == ([(True, None)], "done", 1, None)


def test_what_a_worker_made_whose_job_was_taken_over_is_dropped(job_of: Callable[..., int], beside: Beside) -> None:
    def work() -> None:
        # The lease ran out while this worker was frozen, and another one claimed the job.
        assert beside(lambda: jobs.claim(utcnow() + jobs.LEASE * 2).attempts) == 2
        mail.post("a@example.org", "Kết quả", "Một lần", now=utcnow())

    job_id = job_of(work)

    jobs.perform(jobs.claim(utcnow()))

    assert (of(job_id).state, of(job_id).attempts, db.session.query(mail.Mail).count()) == ("running", 2, 0)


def test_a_worker_whose_job_was_taken_over_keeps_nothing_half_way(job_of: Callable[..., int], beside: Beside) -> None:
    def work() -> None:
        assert beside(lambda: jobs.claim(utcnow() + jobs.LEASE * 2).attempts) == 2
        mail.post("a@example.org", "Kết quả", "Một lần", now=utcnow())
        jobs.progress(1, 2)
        raise AssertionError("it went on")

    job_id = job_of(work)

    jobs.perform(jobs.claim(utcnow()))

    assert (of(job_id).state, of(job_id).attempts, of(job_id).done_steps) == ("running", 2, 0)
    assert db.session.query(mail.Mail).count() == 0


def test_a_failure_of_a_worker_whose_job_was_taken_over_changes_nothing(
    job_of: Callable[..., int], beside: Beside
) -> None:
    def work() -> None:
        assert beside(lambda: jobs.claim(utcnow() + jobs.LEASE * 2).attempts) == 2
        raise RuntimeError("the line went dead")

    job_id = job_of(work)

    jobs.perform(jobs.claim(utcnow()))

    assert (of(job_id).state, of(job_id).attempts, of(job_id).error) == ("running", 2, None)


def test_failed_work_is_tried_again_and_given_up_at_last(job_of: Callable[..., int]) -> None:
    def work() -> None:
        raise RuntimeError("no")

    job_id, states = job_of(work), []

    for _ in range(len(jobs.RETRY_AFTER) + 1):
        row = jobs.claim(utcnow() + timedelta(days=1))
        jobs.perform(row)
        states.append(of(job_id).state)

    assert states == ["queued"] * len(jobs.RETRY_AFTER) + ["failed"]
    assert of(job_id).error == "RuntimeError: no"


def _another_writes(beside: Beside) -> None:
    beside(lambda: jobs.enqueue("mail.send", now=utcnow() + timedelta(days=1), mail_id=0))


def test_nobody_waits_while_a_mail_server_is_slow(app: Flask, beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example.org")
    monkeypatch.setattr(mail, "_deliver", lambda *_: _another_writes(beside))
    letter_id = mail.post("a@example.org", "Kết quả", "Kính gửi …", now=utcnow()).id
    db.session.commit()

    jobs.run_due()

    assert db.session.get_one(mail.Mail, letter_id).sent_at is not None
    assert [row.error for row in db.session.query(Job).filter_by(state="done")] == [None]


def test_nobody_waits_while_certificates_are_drawn(
    make_contest: Any, make_account: Any, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest: Contest = make_contest()
    secretary = make_account("Thư ký", Role.TALLY_SECRETARY, contest=contest)

    def draw(*_: Any, **__: Any) -> bytes:
        _another_writes(beside)
        return b"%PDF-1.7"

    monkeypatch.setattr("contest.documents.desk.certificates_pdf", draw)
    row = jobs.enqueue(
        "results.print_certificates", now=utcnow(), contest_id=contest.id, account_id=secretary.id, base=""
    )  # fmt: skip
    db.session.commit()

    jobs.run_due()

    assert (of(row.id).state, of(row.id).error) == ("done", None)
