"""Discussion: only by the rules, only after all have marked apart, only among an entry's judges; all kept."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.db import db
from contest.judging import actions, discussion_actions, panel_actions
from contest.judging.discussion_models import Discussion, DiscussionMessage
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.queries import blockers, verify_ledger
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES
from tests.judging.conftest import FULL, Hall, save, statements_of

SignIn = Callable[[Account], FlaskClient]
LOW = {**FULL, "noi-dung": "20"}  # 32,5 below FULL
OTHERS = ("53,25", "Thiếu số liệu")  # what J2 gave and wrote


def rules(shows: str = "key") -> Any:
    body = copy.deepcopy(RULES)
    body["rounds"][0]["deliberation"] = {"mode": "discussion", "shows": shows}
    return body


def path(hall: Hall, rest: str) -> str:
    return f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/{rest}"


def talk(hall: Hall, row: int = 0, judge: int = 1) -> str:
    return f"/cham/{hall.sheets[row][judge - 1].public_id}/thao-luan"


def mark(hall: Hall) -> None:
    """J1 and J3 alike; J2 far below them in 0417 alone."""
    for row, sheets in enumerate(hall.sheets):
        for judge, sheet in enumerate(sheets, 1):
            far = row == 0 and judge == 2
            save(sheet, hall.judge(judge), "sent", marks=LOW if far else FULL, comment=OTHERS[1] if far else "")
    db.session.commit()


@pytest.fixture
def hall(make_hall: Any) -> Hall:
    made: Hall = make_hall(entries=2, judges=3, rules=rules())
    mark(made)
    return made


def open_it(hall: Hall, *codes: str, reason: str = "Chênh lệch lớn") -> int:
    codes = codes or ("0417",)
    count = discussion_actions.open_discussions(
        hall.contest, hall.contest.rounds[0], codes, reason=reason, account=hall.judge(1), now=NOW
    )
    db.session.commit()
    return count


def end_it(hall: Hall, conclusion: str = "") -> Discussion:
    found = discussion_actions.end_discussion(
        hall.contest, hall.contest.rounds[0], hall.sheets[0][0].round_entry_id, conclusion=conclusion,
        account=hall.judge(1), now=NOW,
    )  # fmt: skip
    db.session.commit()
    return found


def test_judges_see_nothing_of_each_other_until_it_is_opened_and_again_after_its_end(
    hall: Hall, sign_in: SignIn
) -> None:
    client = sign_in(hall.judge(3))
    sheet = f"/cham/{hall.sheets[0][2].public_id}"
    before = client.get(talk(hall, judge=3))
    open_it(hall)
    while_open = client.get(talk(hall, judge=3))
    notice = client.get(sheet).text
    listed = client.get("/cham").text
    end_it(hall)
    after = client.get(talk(hall, judge=3))

    assert (before.status_code, while_open.status_code, after.status_code) == (404, 200, 404)
    assert all(secret in while_open.text for secret in OTHERS)
    assert "Bài này đang được thảo luận" in notice and talk(hall, judge=3) in listed
    assert not any(secret in notice + listed for secret in OTHERS)
    assert talk(hall, judge=3) not in client.get("/cham").text
    assert "Bài này đang được thảo luận" not in client.get(sheet).text


def test_keys_or_names_as_the_rules_have_it(make_hall: Any, sign_in: SignIn) -> None:
    seen = {}
    for shows in ("key", "name"):
        hall = make_hall(judges=3, rules=rules(shows))
        mark(hall)
        open_it(hall)
        sign_in(hall.judge(2)).post(talk(hall, judge=2), data={"text": "Bài thiếu số liệu."})
        seen[shows] = (sign_in(hall.judge(1)).get(talk(hall)).text, hall.judge(2).full_name)

    text, name = seen["key"]
    assert "<h2>J2</h2>" in text and "<b>J2</b>" in text and name not in text
    text, name = seen["name"]
    assert f"<h2>{name}</h2>" in text and f"<b>{name}</b>" in text


def test_rules_without_discussion_have_none(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(judges=3)
    mark(hall)

    with pytest.raises(NotPossible, match="no_discussion"):
        open_it(hall)
    assert "Thảo luận" not in sign_in(hall.judge(1)).get(path(hall, "bai/0417")).text


def spoil(hall: Hall, how: str) -> None:
    other = hall.sheets[1][2]
    if how == "asked_again":
        actions.ask_second_look(other, hall.contest, reason="x", account=hall.judge(1), now=NOW)
    elif how == "rivals":
        save(other, hall.judge(3), "draft", marks=LOW, device="b")
    else:
        other.state = how
    db.session.commit()


@pytest.mark.parametrize("how", ("empty", "begun", "asked_again", "rivals"))
def test_nobody_talks_while_one_sheet_of_the_round_is_not_in(hall: Hall, sign_in: SignIn, how: str) -> None:
    """Also when it is another entry's: who has seen others' marks must not mark blind after that."""
    spoil(hall, how)

    with pytest.raises(Blocked):
        open_it(hall)
    db.session.rollback()
    said = sign_in(hall.judge(1)).post(path(hall, "bai/0417/thao-luan"), data={"reason": "x"}, follow_redirects=True)
    assert "chấm độc lập chưa xong" in said.text
    assert db.session.query(Discussion).count() == 0


def test_a_reason_is_asked_a_closed_round_is_closed_and_twice_is_once(hall: Hall) -> None:
    with pytest.raises(NotPossible, match="reason_needed"):
        open_it(hall, reason=" ")
    assert open_it(hall, "0417", "0418", "9999") == 2
    with pytest.raises(NotPossible, match="nothing_to_discuss"):
        open_it(hall)
    db.session.rollback()
    hall.contest.rounds[0].state = "closed"
    db.session.commit()
    with pytest.raises(NotPossible, match="round_not_open"):
        open_it(hall)


def test_a_judge_corrects_the_own_sheet_and_it_is_told_before_and_after(hall: Hall, sign_in: SignIn) -> None:
    open_it(hall)
    second, head = sign_in(hall.judge(2)), sign_in(hall.judge(1))
    form = second.get(f"/cham/{hall.sheet.public_id}?sua=1&tl=1").text
    assert "Sau thảo luận: </textarea>" in form
    save(
        hall.sheet, hall.judge(2), "correction", marks={**FULL, "noi-dung": "45"}, reason="Sau thảo luận: đọc sót.",
        based_on=hall.sheet.version_uuid,
    )  # fmt: skip
    db.session.commit()

    assert "trước là 53,25" in head.get(talk(hall)).text
    ended = end_it(hall, "Thống nhất giữ điểm đã sửa.")
    assert ended.after is not None
    assert [ended.before[key]["total"] for key in ("J1", "J2", "J3")] == ["85.75", "53.25", "85.75"]
    assert [ended.after[key]["total"] for key in ("J1", "J2", "J3")] == ["85.75", "78.25", "85.75"]
    assert verify_ledger(hall.contest) == []
    story = head.get(path(hall, "bai/0417")).text
    assert '53,25 → <b class="num">78,25</b>' in story and "Thống nhất giữ điểm đã sửa." in story
    assert "Sau thảo luận: đọc sót." in story and "đã thảo luận" in head.get(path(hall, "chenh-lech?xem=tat-ca")).text


def test_every_step_is_in_the_trail_and_no_word_in_it(hall: Hall, sign_in: SignIn) -> None:
    open_it(hall)
    sign_in(hall.judge(2)).post(talk(hall, judge=2), data={"text": "Tôi cho 53,25 vì thiếu số liệu."})
    end_it(hall, "Giữ 53,25.")

    events = db.session.query(AuditEvent).filter(AuditEvent.subject.like("discussion:%")).order_by(AuditEvent.seq)
    assert [event.action for event in events] == [
        "judging.open_discussion", "judging.discuss", "judging.end_discussion",
    ]  # fmt: skip
    assert not any("53,25" in str(event.details) for event in events)


@pytest.mark.parametrize("verb", (update, delete))
def test_what_was_said_stays_as_it_was_said(hall: Hall, sign_in: SignIn, verb: Any) -> None:
    open_it(hall)
    sign_in(hall.judge(2)).post(talk(hall, judge=2), data={"text": "Một ý."})
    statement = verb(DiscussionMessage)

    with pytest.raises(DatabaseError):
        db.session.execute(statement.values(text="Khác") if verb is update else statement)
    db.session.rollback()
    assert [message.text for message in db.session.query(DiscussionMessage)] == ["Một ý."]


def test_only_those_whose_sheet_takes_part_are_let_in(hall: Hall, make_account: Any, sign_in: SignIn) -> None:
    open_it(hall)
    stranger = make_account("Giám khảo khác", Role.JUDGE, contest=hall.contest)
    assert sign_in(hall.judge(2)).get(talk(hall, judge=2)).status_code == 200
    assert sign_in(hall.judge(2)).get(talk(hall, judge=3)).status_code == 404
    assert sign_in(stranger).get(talk(hall, judge=2)).status_code == 404
    late = panel_actions.add_member(
        hall.contest.rounds[0], stranger, is_head=False, max_entries=None, actor=hall.judge(1), now=NOW
    )
    part = next(part for part in panel_actions.parts_of(hall.contest.rounds[0]) if part.code == "0417")
    added = panel_actions.assign_one(
        hall.contest, hall.contest.rounds[0], part, late, reason="replacement", actor=hall.judge(1), now=NOW
    )
    db.session.commit()
    save(added, stranger, "sent")
    db.session.commit()

    assert sign_in(stranger).get(f"/cham/{added.public_id}/thao-luan").status_code == 404
    actions.recuse(hall.sheets[0][1], hall.contest, reason="Người nhà", account=hall.judge(2), now=NOW)
    db.session.commit()
    assert sign_in(hall.judge(2)).get(talk(hall, judge=2)).status_code == 404
    assert OTHERS[0] not in sign_in(hall.judge(3)).get(talk(hall, judge=3)).text
    end_it(hall)
    assert "không chấm nữa" in sign_in(hall.judge(1)).get(path(hall, "bai/0417")).text


def test_an_open_discussion_keeps_the_round_open(hall: Hall) -> None:
    open_it(hall)
    round_ = hall.contest.rounds[0]

    assert [(found.code, found.facts.get("codes")) for found in blockers(round_)][0] == ("discussions_open", ["0417"])
    with pytest.raises(Blocked):
        panel_actions.close_round(hall.contest, round_, actor=hall.judge(1), now=NOW)
    db.session.rollback()
    end_it(hall)
    panel_actions.close_round(hall.contest, round_, actor=hall.judge(1), now=NOW)
    assert round_.state == "closed"


def test_the_head_judge_opens_all_that_are_far_apart_and_ends_them(
    hall: Hall, make_account: Any, sign_in: SignIn
) -> None:
    head = sign_in(hall.judge(1))
    assert "Mở thảo luận 1 bài lệch nhiều" in head.get(path(hall, "chenh-lech")).text

    head.post(path(hall, "thao-luan"), data={"reason": "Lệch nhiều"})
    assert [row.round_entry.code for row in db.session.query(Discussion)] == ["0417"]
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    assert secretary.post(path(hall, "bai/0417/thao-luan/ket-thuc")).status_code == 403
    assert secretary.post(path(hall, "thao-luan"), data={"reason": "x"}).status_code == 403
    head.post(path(hall, "bai/0417/thao-luan/ket-thuc"), data={"conclusion": "Xong."})
    db.session.expire_all()
    assert db.session.query(Discussion).one().conclusion == "Xong."
    assert "Thảo luận đã kết thúc." in head.post(
        path(hall, "bai/0417/thao-luan/ket-thuc"), follow_redirects=True
    ).text  # fmt: skip
    assert head.post(talk(hall), data={"text": "Muộn"}).status_code == 404


def test_an_empty_word_is_no_word(hall: Hall, sign_in: SignIn) -> None:
    open_it(hall)

    said = sign_in(hall.judge(2)).post(talk(hall, judge=2), data={"text": "  "}, follow_redirects=True)

    assert "Hãy ghi ý kiến rồi gửi." in said.text and db.session.query(DiscussionMessage).count() == 0


@pytest.mark.parametrize("page", ("cham", "talk", "pair", "chenh-lech"))
def test_the_number_of_queries_does_not_grow(make_hall: Any, sign_in: SignIn, page: str) -> None:
    counts = []
    for entries in (1, 8):
        hall = make_hall(entries=entries, judges=3, rules=rules())
        mark(hall)
        open_it(hall, *(f"{417 + row:04d}" for row in range(entries)))
        client = sign_in(hall.judge(1))
        for _word in range(entries):
            client.post(talk(hall), data={"text": "Một ý"})
        address = {"cham": "/cham", "talk": talk(hall), "pair": path(hall, "bai/0417")}.get(page, path(hall, page))
        client.get(address)
        db.session.remove()
        with statements_of() as statements:
            assert client.get(address).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
