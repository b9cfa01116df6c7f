"""The audit trail: chained, append-only, and the same after it was stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contest import audit
from contest.audit import SYSTEM, AuditEvent
from contest.db import ChainHead, db
from contest.rules.chain import verify

HANOI = datetime(2024, 9, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def _breaks() -> list[Any]:
    db.session.expire_all()
    head = db.session.get_one(ChainHead, audit.CHAIN)
    events = db.session.query(AuditEvent).order_by(AuditEvent.seq).all()
    return verify(events, head=head.hash, length=head.length)


def test_the_chain_holds_whatever_offset_an_instant_came_with(app: Any) -> None:
    for number in range(3):
        audit.record(SYSTEM, "test.write", f"thing:{number}", now=HANOI, details={"Tên": "Đặng"})
    db.session.commit()

    assert _breaks() == []


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET subject = 'x'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_rewrite_it(app: Any, statement: str) -> None:
    audit.record(SYSTEM, "test.write", "thing:1", now=HANOI)
    db.session.commit()

    with pytest.raises(DatabaseError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_change_behind_the_databases_back_shows(app: Any) -> None:
    for number in range(3):
        audit.record(SYSTEM, "test.write", f"thing:{number}", now=HANOI)
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER audit_events_no_update"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text("UPDATE audit_events SET subject = 'thing:9' WHERE seq = 2"))
    db.session.commit()

    assert [(found.index, found.code) for found in _breaks()] == [(1, "content")]
