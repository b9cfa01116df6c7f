"""Joint judging: one sheet for each entry, every member's word on it, and one judge in the bundle."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError

from contest import audit
from contest.accounts.models import Account
from contest.contests import actions_rules
from contest.contests.actions_rules import body_sha256
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import panel_actions, plan_actions
from contest.judging.joint_models import JointConsent
from contest.judging.joint_queries import joint_blockers, joint_sheets, sayings
from contest.judging.models import Assignment
from contest.judging.panel_actions import Blocked
from contest.judging.plan_queries import plan_of
from contest.results.bundles import round_bundle, tabulated
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES
from tests.judging.conftest import FULL, save, statements_of

SignIn = Callable[[Account], FlaskClient]


def rules() -> Any:
    body = copy.deepcopy(RULES)
    body["rounds"][0] |= {"judges_per_entry": 1, "deliberation": {"mode": "joint", "shows": "name"}}
    return body


class Table:
    """A round that three judges hold together; J1 is head and writes the sheets."""

    def __init__(self, contest: Any, members: list[Any], entries: list[Any]) -> None:
        self.contest, self.members, self.entries = contest, members, entries
        self.round = contest.rounds[0]

    @property
    def sheets(self) -> list[Assignment]:
        return list(db.session.query(Assignment).filter_by(round_id=self.round.id).order_by(Assignment.id))

    def judge(self, number: int) -> Account:
        return self.members[number - 1].account  # type: ignore[no-any-return]

    def at(self, rest: str) -> str:
        return f"/cuoc-thi/{self.contest.slug}/vong/so-khao/{rest}"


@pytest.fixture
def make_table(make_contest: Any, make_entry: Any, make_panel: Any) -> Callable[..., Table]:
    def make(entries: int = 1) -> Table:
        contest = make_contest(rules=rules())
        members = make_panel(contest, 3)
        works = [make_entry(contest, author=f"Tác giả {number}") for number in range(entries)]
        for number, work in enumerate(works):
            db.session.add(
                RoundEntry(
                    round_id=contest.rounds[0].id, entry_id=work.id, code=f"{417 + number:04d}", created_at=NOW
                )
            )  # fmt: skip
        db.session.commit()
        table = Table(contest, members, works)
        plan_actions.make(contest, table.round, Moving.KEEP, keep_wishes=False, actor=table.judge(1), now=NOW)
        plan = plan_of(table.round)
        assert plan is not None
        plan_actions.take(contest, table.round, digest=plan.digest, actor=table.judge(1), now=NOW)
        db.session.commit()
        return table

    return make


@pytest.fixture
def table(make_table: Any) -> Table:
    made: Table = make_table()
    return made


def send(table: Table, number: int = 0) -> Assignment:
    sheet = table.sheets[number]
    save(sheet, sheet.panel_member.account, "sent", comment="Ban thống nhất.")
    db.session.commit()
    db.session.refresh(sheet)
    return sheet


def say(client: FlaskClient, sheet: Assignment, stance: str, note: str = "", version: str | None = None) -> Any:
    return client.post(
        f"/cham/chung/{sheet.public_id}",
        data={"stance": stance, "note": note, "version": version or sheet.version_uuid}, follow_redirects=True,
    )  # fmt: skip


def stances(table: Table) -> list[str | None]:
    return [seat.stance for seat in joint_sheets(table.contest, table.round)[0].seats]


def test_the_head_judge_keeps_every_sheet(make_table: Any) -> None:
    assert [sheet.panel_member.key for sheet in make_table(3).sheets] == ["J1", "J1", "J1"]


def test_whoever_keeps_the_sheet_is_told_that_it_is_the_panels(table: Table, make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall()
    told = "Ghi điểm Ban đã thống nhất."

    assert told in sign_in(table.judge(1)).get(f"/cham/{table.sheets[0].public_id}").text
    assert told not in sign_in(hall.judge(2)).get(f"/cham/{hall.sheet.public_id}").text


def test_each_member_confirms_and_only_then_the_round_is_closed(table: Table, sign_in: SignIn) -> None:
    second, third = sign_in(table.judge(2)), sign_in(table.judge(3))
    sheet = table.sheets[0]
    before = second.get(f"/cham/chung/{sheet.public_id}").text
    assert "Ban chưa gửi phiếu của bài này." in before and "Tôi đồng ý" not in before
    sheet = send(table)

    assert stances(table) == ["wrote", None, None]
    assert "1 phiếu chờ đồng chí xác nhận" in second.get("/cham").text
    assert "85,75" in second.get(f"/cham/chung/{sheet.public_id}").text
    with pytest.raises(Blocked):
        panel_actions.close_round(table.contest, table.round, actor=table.judge(1), now=NOW)
    db.session.rollback()
    say(second, sheet, "agreed")
    say(third, sheet, "differs", "Tôi cho 80 điểm.")
    assert stances(table) == ["wrote", "agreed", "differs"]
    assert joint_blockers(table.round) == []
    panel_actions.close_round(table.contest, table.round, actor=table.judge(1), now=NOW)
    db.session.commit()
    assert sayings(table.round)["differs"] == [("0417", table.judge(3).full_name, "Tôi cho 80 điểm.")]


def test_a_new_version_asks_everyone_again(table: Table, sign_in: SignIn) -> None:
    sheet, second = send(table), sign_in(table.judge(2))
    say(second, sheet, "agreed")
    old = sheet.version_uuid
    save(
        sheet, table.judge(1), "correction", marks={**FULL, "noi-dung": "45"}, reason="Ban thống nhất lại.",
        based_on=old,
    )  # fmt: skip
    db.session.commit()
    db.session.refresh(sheet)

    assert stances(table) == ["wrote", None, None]
    assert "Phiếu chung vừa thay đổi." in say(second, sheet, "agreed", version=old).text
    assert stances(table) == ["wrote", None, None]


def test_whoever_is_not_at_a_tablet_is_entered_with_a_reason(table: Table, make_account: Any, sign_in: SignIn) -> None:
    sheet = send(table)
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=table.contest))
    form = {"stance": "signed", "version": sheet.version_uuid, "note": ""}
    address = table.at("bai/0417/J2/phieu-chung")
    assert "J2" in secretary.get(table.at("bai/0417")).text

    secretary.post(address, data=form)
    assert stances(table) == ["wrote", None, None]
    secretary.post(address, data={**form, "note": "Không có máy."})
    sign_in(table.judge(1)).post(
        table.at("bai/0417/J3/phieu-chung"), data={**form, "stance": "away", "note": "Ốm."}
    )  # fmt: skip
    assert stances(table) == ["wrote", "signed", "away"]
    row = db.session.query(JointConsent).order_by(JointConsent.id).first()
    assert (row.note, row.by_id != table.judge(2).id) == ("Không có máy.", True)


@pytest.mark.parametrize("own", ("differs", "agreed", "wrote"))
def test_nobody_enters_another_word_over_a_members_own(
    table: Table, make_account: Any, sign_in: SignIn, own: str
) -> None:  # fmt: skip
    """A differing opinion goes into the minutes; nobody else may turn it into an absence."""
    sheet, key = send(table), "J1" if own == "wrote" else "J3"
    if own != "wrote":
        say(sign_in(table.judge(3)), sheet, own, "Tôi cho 80 điểm.")
    before = stances(table)
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=table.contest))
    form = {"stance": "away", "version": sheet.version_uuid, "note": "Vắng."}

    said = secretary.post(table.at(f"bai/0417/{key}/phieu-chung"), data=form, follow_redirects=True).text

    assert "đã tự ghi ý kiến" in said
    assert (stances(table), own in before) == (before, True)


def test_the_word_of_a_member_who_leaves_stays_in_the_minutes(table: Table, sign_in: SignIn) -> None:
    sheet = send(table)
    say(sign_in(table.judge(3)), sheet, "differs", "Tôi cho 80 điểm.")
    for number in (2, 3):
        panel_actions.leave(table.members[number - 1], reason="Ốm", actor=table.judge(1), now=NOW)
    db.session.commit()

    assert stances(table) == ["wrote", "differs"]
    assert sayings(table.round)["differs"] == [("0417", table.judge(3).full_name, "Tôi cho 80 điểm.")]


@pytest.mark.parametrize(("stance", "status"), (("agreed", 400), ("differs", 400), ("khac", 400)))
def test_nobody_agrees_for_another(table: Table, sign_in: SignIn, stance: str, status: int) -> None:
    sheet = send(table)
    form = {"stance": stance, "version": sheet.version_uuid, "note": "x"}

    assert sign_in(table.judge(1)).post(table.at("bai/0417/J2/phieu-chung"), data=form).status_code == status
    assert sign_in(table.judge(2)).post(table.at("bai/0417/J3/phieu-chung"), data=form).status_code == 403
    assert sign_in(table.judge(2)).post(
        f"/cham/chung/{sheet.public_id}", data={**form, "stance": "signed"}
    ).status_code == 400  # fmt: skip
    assert stances(table) == ["wrote", None, None]


def test_who_has_an_interest_steps_out_for_the_entry(table: Table, sign_in: SignIn, make_unit: Any) -> None:
    unit = make_unit("Xã An Tường")
    table.entries[0].unit_id = table.judge(3).unit_id = unit.id
    db.session.commit()
    sheet, third = send(table), sign_in(table.judge(3))

    assert [seat.key for seat in joint_sheets(table.contest, table.round)[0].seats] == ["J1", "J2"]
    assert third.get(f"/cham/chung/{sheet.public_id}").status_code == 404
    assert sheet.public_id not in third.get("/cham/chung").text
    assert sheet.public_id in sign_in(table.judge(2)).get("/cham/chung").text


def test_no_other_judge_and_no_other_kind_of_round(
    table: Table, make_hall: Any, make_account: Any, sign_in: SignIn
) -> None:
    sheet, hall = send(table), make_hall()
    save(hall.sheets[0][0], hall.judge(1), "sent")
    db.session.commit()
    stranger = sign_in(make_account("Giám khảo khác", Role.JUDGE, contest=table.contest))

    assert stranger.get(f"/cham/chung/{sheet.public_id}").status_code == 404
    assert sign_in(hall.judge(2)).get(f"/cham/chung/{hall.sheets[0][0].public_id}").status_code == 404
    assert "Không có vòng chấm chung nào" in sign_in(hall.judge(2)).get("/cham/chung").text
    assert "Phiếu chung" not in sign_in(hall.judge(1)).get(
        f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/bai/0417"
    ).text  # fmt: skip


def test_the_bundle_knows_one_judge_the_panel(table: Table) -> None:
    send(table)

    bundle = round_bundle(table.contest, table.round)
    assert bundle["judges"] == [{"key": "ban-giam-khao", "head": True}]
    assert {mark["judge"] for mark in bundle["marks"]} == {"ban-giam-khao"}
    assert [(row["entry"], row["total"]) for row in tabulated(bundle).document["places"]] == [("0417", "85.75")]


def test_what_a_member_said_stays(table: Table, sign_in: SignIn) -> None:
    say(sign_in(table.judge(2)), send(table), "agreed")

    with pytest.raises(DatabaseError):
        db.session.execute(delete(JointConsent))
    db.session.rollback()
    assert stances(table) == ["wrote", "agreed", None]


def test_a_closed_round_takes_no_word(table: Table, sign_in: SignIn) -> None:
    sheet = send(table)
    table.round.state = "closed"
    db.session.commit()

    assert "Vòng chấm chưa mở." in say(sign_in(table.judge(2)), sheet, "agreed").text
    assert stances(table) == ["wrote", None, None]


@pytest.mark.parametrize("page", ("/cham", "/cham/chung", "sheet", "pair", "board"))
def test_the_number_of_queries_does_not_grow(make_table: Any, sign_in: SignIn, page: str) -> None:
    counts = []
    for entries in (1, 8):
        table = make_table(entries)
        sheet = send(table)
        client = sign_in(table.judge(1))
        addresses = {
            "sheet": f"/cham/chung/{sheet.public_id}", "pair": table.at("bai/0417"), "board": table.at("tien-do"),
        }  # fmt: skip
        address = addresses.get(page, page)
        client.get(address)
        db.session.remove()
        with statements_of() as statements:
            assert client.get(address).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("becomes_joint", (True, False))
def test_a_round_that_has_begun_does_not_become_joint_or_cease_to_be(
    make_contest: Any, becomes_joint: bool
) -> None:  # fmt: skip
    """Else judges who mark apart would see each other's sheets before sending their own."""
    apart, joint = copy.deepcopy(RULES), rules()
    for body in (apart, joint):
        body["rounds"][0]["advance"] = None
    before, after = (apart, joint) if becomes_joint else (joint, apart)
    contest = make_contest(rules=before)
    actions_rules.start_number(contest, actor=audit.SYSTEM, now=NOW)
    actions_rules.save_draft(contest, after, actor=audit.SYSTEM, now=NOW)

    with pytest.raises(actions_rules.TalksChanged) as refused:
        actions_rules.enforce(
            contest, seen=body_sha256(after), reason="Ban thống nhất cùng chấm.", actor=audit.SYSTEM, now=NOW
        )

    assert refused.value.name == contest.rounds[0].name
    db.session.rollback()
    assert rules_in_force(contest).body == before
