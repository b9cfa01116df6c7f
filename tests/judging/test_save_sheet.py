"""The ledger of marks: what is stored, what is refused, what is kept beside."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contest.accounts.models import RoleGrant
from contest.contests.models import Round
from contest.db import db
from contest.judging.actions import Refused, ask_second_look, pick_version, recuse, save_sheet
from contest.judging.models import Assignment, DeclaredConflict, SecondLook, SheetVersion
from contest.judging.queries import ledger_head, verify_ledger
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, change, save


def versions() -> list[SheetVersion]:
    return db.session.query(SheetVersion).order_by(SheetVersion.seq).all()


def refused(hall: Hall, kind: str = "draft", **values: Any) -> str:
    with pytest.raises(Refused) as refusal:
        save(hall.sheet, hall.judge(2), kind, **values)
    return refusal.value.code


def test_a_version_is_stored_as_typed_and_shown_back_in_plain_decimals(hall: Hall) -> None:
    typed = {"noi-dung": "52,5", "sang-tao": "9.25", "hinh-thuc": None}
    saved = save(hall.sheet, hall.judge(2), marks=typed, comment="Khá")

    assert saved.version.marks == {"noi-dung": "52.5", "hinh-thuc": None, "sang-tao": "9.25"}
    db.session.commit()
    sheet = db.session.get(Assignment, hall.sheet.id)
    assert (sheet.state, sheet.marks, sheet.comment) == ("begun", saved.version.marks, "Khá")
    assert (sheet.version_uuid, sheet.version_number, sheet.saved_at) == (saved.version.uuid, 1, NOW)


def test_no_mark_is_not_zero(hall: Hall) -> None:
    saved = save(hall.sheet, hall.judge(2), marks={"noi-dung": "–", "hinh-thuc": "0", "sang-tao": ""})

    assert saved.version.marks == {"noi-dung": None, "hinh-thuc": "0", "sang-tao": None}


def test_the_same_uuid_again_stores_nothing_and_answers_the_same(hall: Hall) -> None:
    first = change()
    one = save_sheet(hall.sheet.public_id, first, account=hall.judge(2), now=NOW)
    db.session.commit()

    two = save_sheet(hall.sheet.public_id, first, account=hall.judge(2), now=NOW)

    assert one and two and (one.repeated, two.repeated) == (False, True)
    assert (one.version.uuid, one.version.hash, one.version.server_at) == (
        two.version.uuid,
        two.version.hash,
        two.version.server_at,
    )
    assert len(versions()) == 1


@pytest.mark.parametrize(
    "other",
    (
        {"marks": {**FULL, "noi-dung": "53"}},
        {"comment": "khác"},
        {"kind": "sent"},
        {"based_on": "00000000-0000-4000-8000-000000000000"},
        {"marks": {**FULL, "noi-dung": "999"}},
    ),
)
def test_the_same_uuid_for_something_else_is_refused(hall: Hall, other: dict[str, Any]) -> None:
    uuid = str(uuid4())
    save(hall.sheet, hall.judge(2), uuid=uuid)
    db.session.commit()

    assert refused(hall, other.pop("kind", "draft"), uuid=uuid, **other) == "uuid_reused"


def test_a_uuid_of_another_sheet_is_refused(make_hall: Any) -> None:
    hall = make_hall(entries=2)
    uuid = str(uuid4())
    save(hall.sheets[1][1], hall.judge(2), uuid=uuid)

    assert refused(hall, uuid=uuid) == "uuid_reused"


def test_another_judges_sheet_does_not_exist(hall: Hall) -> None:
    assert save_sheet(hall.sheet.public_id, change(), account=hall.judge(1), now=NOW) is None
    assert save_sheet("0" * 32, change(), account=hall.judge(2), now=NOW) is None
    assert versions() == []


@pytest.mark.parametrize(
    ("marks", "faults"),
    (
        ({"noi-dung": "60.5"}, [("noi-dung", "above_max", "60", None)]),
        ({"noi-dung": "52.3"}, [("noi-dung", "off_step", "52", "52.5")]),
        ({"noi-dung": "-1"}, [("noi-dung", "sign", None, None)]),
        ({"noi-dung": 52.5}, [("noi-dung", "not_text", None, None)]),
        ({"noi-dung": True}, [("noi-dung", "not_text", None, None)]),
        ({"van-phong": "1"}, [("van-phong", "unknown_criterion", None, None)]),
        ({"noi-dung": "1.250"}, [("noi-dung", "ambiguous", None, None)]),
        ({"noi-dung": "NaN"}, [("noi-dung", "not_a_number", None, None)]),
        ({"noi-dung": "61", "sang-tao": "11"}, [("noi-dung", "above_max", "60", None), ("sang-tao", "above_max", "10", None)]),  # noqa: E501
    ),
)  # fmt: skip
def test_marks_off_the_scale_are_refused_with_the_nearest_that_are_on_it(hall: Hall, marks: Any, faults: Any) -> None:
    with pytest.raises(Refused) as refusal:
        save(hall.sheet, hall.judge(2), marks=marks)

    assert refusal.value.code == "bad_marks"
    assert [(f.criterion, f.code, f.below, f.above) for f in refusal.value.facts["faults"]] == faults
    assert versions() == []


def test_sending_needs_every_mark(hall: Hall) -> None:
    with pytest.raises(Refused) as refusal:
        save(hall.sheet, hall.judge(2), "sent", marks={"hinh-thuc": "0"})

    assert (refusal.value.code, refusal.value.facts) == ("missing_marks", {"criteria": ["noi-dung", "sang-tao"]})


def test_after_sending_only_a_correction_with_a_reason_changes_marks(hall: Hall) -> None:
    sent = save(hall.sheet, hall.judge(2), "sent").version.uuid
    db.session.commit()
    other = {**FULL, "noi-dung": "50"}

    assert refused(hall, "draft", marks=other, based_on=sent) == "already_sent"
    assert refused(hall, "sent", marks=other, based_on=sent) == "already_sent"
    assert refused(hall, "correction", marks=other, based_on=sent, reason="  ") == "reason_needed"
    assert refused(hall, "correction", marks={}, based_on=sent, reason="nhầm") == "missing_marks"
    saved = save(hall.sheet, hall.judge(2), "correction", marks=other, based_on=sent, reason="Cộng nhầm")

    assert saved.version.holds
    db.session.commit()
    assert (hall.sheet.state, hall.sheet.marks["noi-dung"]) == ("sent", "50")
    assert [row.marks["noi-dung"] for row in versions()] == ["52.5", "50"]


def test_a_draft_cannot_be_corrected_or_confirmed(hall: Hall) -> None:
    draft = save(hall.sheet, hall.judge(2)).version.uuid

    assert refused(hall, "correction", marks=FULL, based_on=draft, reason="x") == "not_sent"
    assert refused(hall, "confirmed", based_on=draft) == "not_asked"


@pytest.mark.parametrize(
    ("state", "code"), (("waiting", "round_waiting"), ("closed", "round_closed"), ("confirmed", "round_closed"))
)
def test_a_round_that_is_not_open_takes_no_marks(hall: Hall, state: str, code: str) -> None:
    db.session.get(Round, hall.sheet.round_id).state = state
    db.session.commit()

    assert refused(hall) == code


def test_who_left_or_stepped_back_takes_no_marks(hall: Hall) -> None:
    hall.sheet.state = "recused"
    db.session.commit()
    assert refused(hall) == "recused"

    hall.members[1].left_at = NOW
    db.session.commit()
    assert refused(hall) == "left_panel"


def test_a_judge_whose_role_was_taken_back_marks_no_more(hall: Hall) -> None:
    db.session.query(RoleGrant).filter_by(account_id=hall.judge(2).id).update({"revoked_at": NOW})
    db.session.commit()

    assert refused(hall) == "not_a_judge"


def test_two_devices_apart_are_both_kept_and_a_person_picks(hall: Hall) -> None:
    judge = hall.judge(2)
    tablet = save(hall.sheet, judge, marks={"noi-dung": "40"}, device="tablet").version
    desk = save(hall.sheet, judge, marks={"noi-dung": "45"}, device="desk").version
    desk_more = save(hall.sheet, judge, marks=FULL, device="desk", based_on=desk.uuid).version
    db.session.commit()

    assert [row.holds for row in versions()] == [True, False, False]
    assert (hall.sheet.version_uuid, hall.sheet.has_conflict, hall.sheet.marks["noi-dung"]) == (tablet.uuid, True, "40")

    chosen = db.session.query(SheetVersion).filter_by(uuid=desk_more.uuid).one()
    uuid = str(uuid4())
    pick_version(hall.sheet, chosen, uuid=uuid, account=judge, reason="", now=NOW)
    pick_version(hall.sheet, chosen, uuid=uuid, account=judge, reason="", now=NOW)
    db.session.commit()

    picked = versions()[-1]
    assert (len(versions()), picked.kind, picked.based_on, picked.actor_id) == (4, "pick", desk_more.uuid, judge.id)
    assert (hall.sheet.has_conflict, hall.sheet.marks, hall.sheet.state) == (False, FULL, "begun")
    assert verify_ledger(hall.contest) == []


def test_a_draft_that_arrives_after_another_device_sent_is_kept_and_takes_nothing_back(hall: Hall) -> None:
    judge = hall.judge(2)
    sent = save(hall.sheet, judge, "sent").version
    late = save(hall.sheet, judge, marks={"noi-dung": "10"}).version
    db.session.commit()

    assert late.holds is False
    assert (hall.sheet.state, hall.sheet.version_uuid, hall.sheet.has_conflict) == ("sent", sent.uuid, True)


def test_two_devices_that_say_the_same_are_no_conflict(hall: Hall) -> None:
    save(hall.sheet, hall.judge(2), device="tablet")
    again = save(hall.sheet, hall.judge(2), device="desk").version
    db.session.commit()

    assert (again.holds, hall.sheet.has_conflict, hall.sheet.version_uuid) == (True, False, again.uuid)


def test_a_device_that_goes_on_from_the_same_content_was_not_apart(hall: Hall) -> None:
    tablet = save(hall.sheet, hall.judge(2), device="tablet").version
    save(hall.sheet, hall.judge(2), device="desk")
    more = save(hall.sheet, hall.judge(2), device="tablet", based_on=tablet.uuid, comment="thêm").version
    db.session.commit()

    assert (more.holds, hall.sheet.has_conflict, hall.sheet.comment) == (True, False, "thêm")


@pytest.mark.parametrize("kind", ("draft", "sent"))
def test_what_a_device_wrote_before_it_heard_of_the_sending_is_kept_beside(hall: Hall, kind: str) -> None:
    draft = save(hall.sheet, hall.judge(2)).version
    sent = save(hall.sheet, hall.judge(2), "sent", based_on=draft.uuid).version
    late = save(hall.sheet, hall.judge(2), kind, based_on=draft.uuid, marks={**FULL, "noi-dung": "1"}).version
    db.session.commit()

    assert (late.holds, hall.sheet.has_conflict, hall.sheet.version_uuid) == (False, True, sent.uuid)


def test_sending_twice_with_two_uuids_is_harmless(hall: Hall) -> None:
    first = save(hall.sheet, hall.judge(2), "sent").version
    save(hall.sheet, hall.judge(2), "sent")
    save(hall.sheet, hall.judge(2), "draft", based_on=first.uuid)
    db.session.commit()

    assert (hall.sheet.state, hall.sheet.marks, hall.sheet.has_conflict) == ("sent", FULL, False)


def test_the_head_judge_asks_again_and_the_judge_confirms_or_corrects(make_hall: Any) -> None:
    hall = make_hall(entries=2)
    for row in hall.sheets:
        save(row[1], hall.judge(2), "sent")
    db.session.commit()
    for row in hall.sheets:
        ask_second_look(row[1], hall.contest, reason="Lệch 25 điểm", account=hall.judge(1), now=NOW)
    db.session.commit()
    one, two = hall.sheets[0][1], hall.sheets[1][1]
    assert (one.state, two.state) == ("asked_again", "asked_again")

    kept = save(one, hall.judge(2), "confirmed", marks={}, based_on=one.version_uuid).version
    other = {**FULL, "noi-dung": "45"}
    save(two, hall.judge(2), "correction", marks=other, based_on=two.version_uuid, reason="Đọc lại")
    db.session.commit()

    assert (kept.marks, one.state, one.marks) == (FULL, "sent", FULL)
    assert (two.state, two.marks) == ("sent", other)
    assert [look.answered_at for look in db.session.query(SecondLook)] == [NOW, NOW]


def test_a_second_look_is_asked_only_of_a_sent_sheet_in_an_open_round_with_a_reason(hall: Hall) -> None:
    def code(reason: str) -> str:
        with pytest.raises(Refused) as refusal:
            ask_second_look(hall.sheet, hall.contest, reason=reason, account=hall.judge(1), now=NOW)
        return refusal.value.code

    assert (code(" "), code("lệch")) == ("reason_needed", "not_sent")
    save(hall.sheet, hall.judge(2), "sent")
    hall.contest.rounds[0].state = "closed"
    db.session.commit()

    assert code("lệch") == "round_closed"


def test_who_declares_an_interest_marks_no_more_and_the_versions_stay(hall: Hall) -> None:
    save(hall.sheet, hall.judge(2))
    db.session.commit()

    recuse(hall.sheet, hall.contest, reason="Tác giả là em ruột", account=hall.judge(2), now=NOW)
    recuse(hall.sheet, hall.contest, reason="Tác giả là em ruột", account=hall.judge(2), now=NOW)
    db.session.commit()

    assert (hall.sheet.state, hall.sheet.recused_at, len(versions())) == ("recused", NOW, 1)
    declared = db.session.query(DeclaredConflict).one()
    assert (declared.account_id, declared.entry_id) == (hall.judge(2).id, hall.sheet.round_entry.entry_id)
    assert refused(hall) == "recused"


def test_the_ledger_is_one_chain_and_a_changed_past_shows(make_hall: Any) -> None:
    hall = make_hall(entries=3)
    for row in hall.sheets:
        save(row[0], hall.judge(1), "sent")
        save(row[1], hall.judge(2), "sent")
    db.session.commit()

    assert (ledger_head(hall.contest).length, ledger_head(hall.contest).hash) == (6, versions()[-1].hash)
    assert verify_ledger(hall.contest) == []
    with pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE sheet_versions SET comment = 'x' WHERE seq = 3"))
    db.session.rollback()


def test_contests_have_ledgers_of_their_own(make_hall: Any) -> None:
    one, two = make_hall(), make_hall()
    save(one.sheet, one.judge(2))
    save(two.sheet, two.judge(2))
    db.session.commit()

    assert [row.seq for row in versions()] == [1, 1]
    assert verify_ledger(one.contest) == verify_ledger(two.contest) == []
