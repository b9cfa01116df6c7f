"""What must not come back by a side door: sheets stepped back from, judges taken off, second looks not seen."""

from __future__ import annotations

from typing import Any

import pytest

from contest.accounts.models import RoleGrant
from contest.db import db
from contest.judging import actions
from contest.judging.actions import Refused
from contest.judging.models import SecondLook, SheetVersion
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, save

OTHER = {**FULL, "noi-dung": "40"}


@pytest.fixture
def apart(hall: Hall) -> tuple[Hall, SheetVersion]:
    """The second judge's sheet in two versions, and the one that lost."""
    save(hall.sheet, hall.judge(2), "sent")
    lost = save(hall.sheet, hall.judge(2), "sent", marks=OTHER).version
    db.session.commit()
    db.session.refresh(hall.sheet)
    assert hall.sheet.has_conflict
    return hall, lost


def pick(hall: Hall, version: SheetVersion, number: int) -> Any:
    uuid = "11111111-1111-4111-8111-111111111111"
    return actions.pick_version(hall.sheet, version, uuid=uuid, account=hall.judge(number), reason="", now=NOW)


def test_picking_does_not_bring_back_a_sheet_stepped_back_from(apart: tuple[Hall, SheetVersion]) -> None:
    hall, lost = apart
    actions.recuse(hall.sheet, hall.contest, reason="Nhận ra tác giả.", account=hall.judge(2), now=NOW)
    db.session.commit()

    with pytest.raises(Refused) as refused:
        pick(hall, lost, 1)
    db.session.refresh(hall.sheet)
    assert (refused.value.code, hall.sheet.state) == ("recused", "recused")


def test_who_is_no_judge_any_more_picks_nothing(apart: tuple[Hall, SheetVersion]) -> None:
    hall, lost = apart
    judge = hall.judge(2)
    for grant in db.session.query(RoleGrant).filter_by(account_id=judge.id):
        grant.revoked_at = NOW
    db.session.commit()
    db.session.expire_all()

    with pytest.raises(Refused) as refused:
        pick(hall, lost, 2)
    assert refused.value.code == "not_a_judge"


def test_an_old_sending_answers_no_second_look(hall: Hall) -> None:
    save(hall.sheet, hall.judge(2), "sent")
    db.session.commit()
    db.session.refresh(hall.sheet)
    actions.ask_second_look(hall.sheet, hall.contest, reason="Đọc lại.", account=hall.judge(1), now=NOW)
    db.session.commit()
    save(hall.sheet, hall.judge(2), "sent")  # of another device, which had been without a line
    db.session.commit()

    db.session.expire_all()
    assert hall.sheet.state == "asked_again"
    assert db.session.query(SecondLook).one().answered_at is None
