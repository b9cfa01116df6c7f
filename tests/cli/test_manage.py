"""The first administrator, and the worker, from the command line."""

from __future__ import annotations

from flask import Flask

from contest import jobs
from contest.accounts.models import Account
from contest.accounts.passwords import matches
from contest.db import db, utcnow


def test_the_first_administrator_is_made_and_the_password_said_once(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["create-admin", "--name", "  Lý  A Sềnh", "--phone", "+84 912 345 678"])

    account = db.session.query(Account).one()
    password = answer.output.strip().rpartition(" ")[2]
    assert (answer.exit_code, account.full_name, account.phone) == (0, "Lý A Sềnh", "84912345678")
    assert account.code in answer.output and matches(password, account.password_hash)
    assert [grant.role for grant in account.grants] == ["admin"]
    assert account.must_change_password


def test_a_second_account_with_the_same_address_is_refused(app: Flask) -> None:
    run = app.test_cli_runner()
    run.invoke(args=["create-admin", "--name", "Một", "--email", "a@vidu.vn"])

    answer = run.invoke(args=["create-admin", "--name", "Hai", "--email", "A@vidu.vn"])

    assert (answer.exit_code, db.session.query(Account).count()) == (1, 1)


def test_work_once_does_what_is_due(app: Flask) -> None:
    jobs.enqueue("mail.send", now=utcnow(), mail_id=0)
    db.session.commit()

    answer = app.test_cli_runner().invoke(args=["work", "--once"])

    assert (answer.exit_code, answer.output.strip()) == (0, "1 jobs")
