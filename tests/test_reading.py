"""Pages that only read open no transaction on PostgreSQL; whatever writes does, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, text

from contest.db import db

STATEMENT = text("SELECT 1")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_on_postgresql_a_page_that_reads_has_no_transaction(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        connection = db.session.connection()
        connection.execute(STATEMENT)
        driver = connection.connection.dbapi_connection
        is_open = driver.in_transaction if db.engine.dialect.name == "sqlite" else driver.info.transaction_status != 0
        assert is_open == (method == "POST" or db.engine.dialect.name == "sqlite")


def test_the_next_page_on_the_same_connection_may_write_and_take_it_back(app: Flask) -> None:
    """What a reading page does to a connection ends with it."""
    with app.test_request_context("/", method="GET"):
        db.session.execute(STATEMENT)
        db.session.remove()
    with app.test_request_context("/", method="POST"):
        db.session.execute(text("INSERT INTO chain_heads (name, length, hash) VALUES ('x', 0, 'y')"))
        db.session.rollback()
        assert db.session.execute(text("SELECT count(*) FROM chain_heads WHERE name = 'x'")).scalar() == 0
        db.session.remove()


def test_a_page_asks_all_on_one_connection(app: Flask) -> None:
    taken: list[object] = []

    def take(*_facts: object) -> None:
        taken.append(1)

    with app.test_request_context("/", method="GET"):
        event.listen(db.engine, "checkout", take)
        try:
            for _time in range(3):
                db.session.execute(STATEMENT)
        finally:
            event.remove(db.engine, "checkout", take)
        db.session.remove()
    assert len(taken) == 1
