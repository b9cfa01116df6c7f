"""A second look from end to end: asked with a reason, answered on the spot or from a tablet that was away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contest.db import db
from contest.judging import actions
from contest.judging.models import SecondLook, Tablet
from contest.judging.queries import blockers, verify_ledger
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, change, save
from tests.judging.test_sync import item, sync

LOWER = {**FULL, "noi-dung": "45"}


@pytest.fixture
def asked(hall: Hall) -> Hall:
    """J2 has sent; the head judge has asked for a second look."""
    save(hall.sheets[0][0], hall.judge(1), "sent")
    save(hall.sheet, hall.judge(2), "sent")
    db.session.commit()
    ask(hall, "Đọc lại phần kết.")
    return hall


def ask(hall: Hall, reason: str, *, minutes: int = 0) -> None:
    now = NOW + timedelta(minutes=minutes)
    actions.ask_second_look(hall.sheet, hall.contest, reason=reason, account=hall.judge(1), now=now)
    db.session.commit()


def correct(hall: Hall, *, written: int | None, arrives: int, **values: Any) -> None:
    """A correction written and arriving so many minutes after the question."""
    at = None if written is None else NOW + timedelta(minutes=written)
    values = {"marks": LOWER, "based_on": hall.sheet.version_uuid, "reason": "Cộng nhầm.", "device": "may-1", **values}
    change_ = change("correction", client_at=at, **values)
    actions.save_sheet(
        hall.sheet.public_id, change_, account=hall.judge(2), now=NOW + timedelta(minutes=arrives)
    )  # fmt: skip
    db.session.commit()
    db.session.expire_all()


def waiting(hall: Hall) -> bool:
    return any(found.code == "asked_again" for found in blockers(hall.contest.rounds[0]))


def test_a_correction_written_after_the_question_answers_it_also_when_it_comes_late(asked: Hall) -> None:
    correct(asked, written=10, arrives=90)

    assert (asked.sheet.state, asked.sheet.marks["noi-dung"], waiting(asked)) == ("sent", "45", False)


def test_a_correction_queued_before_the_question_counts_but_answers_nothing(asked: Hall) -> None:
    correct(asked, written=-30, arrives=5)

    assert (asked.sheet.state, asked.sheet.marks["noi-dung"], waiting(asked)) == ("asked_again", "45", True)
    assert db.session.query(SecondLook).one().answered_at is None
    save(asked.sheet, asked.judge(2), "confirmed", based_on=asked.sheet.version_uuid)
    db.session.commit()
    db.session.expire_all()
    assert (asked.sheet.state, asked.sheet.marks["noi-dung"], waiting(asked)) == ("sent", "45", False)
    assert verify_ledger(asked.contest) == []


@pytest.mark.parametrize(("clock_off", "state"), ((-3600, "sent"), (0, "asked_again")))
def test_a_tablets_clock_is_set_right_by_what_it_said_of_itself(asked: Hall, clock_off: int, state: str) -> None:
    """Written ten minutes after the question, by a clock that is an hour slow."""
    db.session.add(Tablet(device="may-1", account_id=asked.judge(2).id, seen_at=NOW, clock_off=clock_off))
    correct(asked, written=-50, arrives=15)

    assert asked.sheet.state == state


def test_a_plain_form_tells_no_time_and_answers(asked: Hall) -> None:
    correct(asked, written=None, arrives=5)

    assert asked.sheet.state == "sent"


def test_a_tablet_brings_the_answer_in_a_batch(asked: Hall, sign_in: Any) -> None:
    sent = asked.sheet.version_uuid
    after = (NOW + timedelta(hours=1)).isoformat()
    first = item(asked.sheet, "correction", based_on=sent, marks=LOWER, reason="Đã đọc lại.", client_at=after)
    client = sign_in(asked.judge(2))

    answers = [sync(client, first).json["results"][0]["status"] for _time in range(2)]

    db.session.expire_all()
    assert answers == [201, 200]
    assert (asked.sheet.state, asked.sheet.marks["noi-dung"]) == ("sent", "45")


def test_the_judge_reads_every_reason_and_the_head_judge_the_whole_story(asked: Hall, sign_in: Any) -> None:
    judge, head = sign_in(asked.judge(2)), sign_in(asked.judge(1))
    correct(asked, written=10, arrives=10)
    ask(asked, "Vẫn còn xa.", minutes=20)

    sheet = judge.get(f"/cham/{asked.sheet.public_id}").text
    assert sheet.index("Vẫn còn xa.") < sheet.index("Đọc lại phần kết.")
    save(asked.sheet, asked.judge(2), "confirmed", based_on=asked.sheet.version_uuid)
    db.session.commit()
    story = head.get(f"/cuoc-thi/{asked.contest.slug}/vong/so-khao/bai/0417").text
    for part in ("Đọc lại phần kết.", "Vẫn còn xa.", "Cộng nhầm.", "giữ nguyên điểm", "sửa sau khi gửi"):
        assert part in story
    assert "Đọc lại phần kết." not in judge.get(f"/cham/{asked.sheet.public_id}").text
