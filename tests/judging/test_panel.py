"""The panel, automatic assignment with its conflicts, changes by hand, and the course of a round."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import RuleSet
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging import panel_actions, panel_queries
from contest.judging.actions import recuse
from contest.judging.models import Assignment, DeclaredConflict, PanelMember, SheetVersion
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.queries import blockers
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES
from tests.judging.conftest import FULL, Hall, save

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def waiting(make_contest: Any, make_entry: Any, make_panel: Any, make_account: Any) -> Any:
    """make(entries, judges): a round that waits, with entries under codes and a panel, nothing assigned."""

    def make(entries: int = 6, judges: int = 3, *, rules: Any = None) -> Any:
        contest = make_contest(frozen=False, rules=rules)
        members = make_panel(contest, judges)
        for number in range(entries):
            entry = make_entry(contest, author=f"Tác giả {number}")
            db.session.add(
                RoundEntry(round_id=contest.rounds[0].id, entry_id=entry.id, code=f"{500 + number:04d}", created_at=NOW)
            )
        secretary = make_account("Thư ký tổng hợp", Role.TALLY_SECRETARY, contest=contest)
        db.session.commit()
        return contest, contest.rounds[0], members, secretary

    return make


def assign_all(contest: Any, round_: Any, actor: Account) -> int:
    proposal = panel_actions.propose(contest, round_)
    count = panel_actions.assign(contest, round_, digest=proposal.digest, actor=actor, now=NOW)
    db.session.commit()
    return count


def pairs(round_: Any) -> set[tuple[str, str]]:
    return {(part.code, row.key) for part in panel_queries.parts_of(round_) for row in part.active}


def test_every_entry_gets_its_judges_with_even_loads(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting(6, 3)

    assert assign_all(contest, round_, secretary) == 12

    assert Counter(key for _code, key in pairs(round_)) == {"J1": 4, "J2": 4, "J3": 4}
    assert Counter(code for code, _key in pairs(round_)) == {f"{500 + n:04d}": 2 for n in range(6)}
    assert len({row.position for row in db.session.query(Assignment)}) > 6  # no common order of reading


def test_a_second_proposal_adds_nothing(waiting: Any) -> None:
    contest, round_, _members, secretary = waiting()
    assign_all(contest, round_, secretary)

    assert panel_actions.propose(contest, round_).pairs == []


@pytest.mark.parametrize(
    "interest", ("account", "unit", "unit_above", "phone", "declared_unit", "declared_person", "declared_entry")
)
def test_nobody_judges_where_they_have_an_interest(waiting: Any, make_unit: Any, interest: str) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    judge, part = members[1], db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    province = make_unit("Huyện Na Hang")
    commune = make_unit("Xã Năng Khả", parent=province)
    entry = part.entry
    if interest == "account":
        entry.authors[0].account_id = judge.account_id
    elif interest == "phone":
        entry.authors[0].phone, judge.account.phone = "+84 912 345 678", "0912345678"
    elif interest.startswith("unit"):
        entry.unit_id, judge.account.unit_id = commune.id, (commune if interest == "unit" else province).id
    else:
        entry.unit_id = commune.id
        what = {
            "declared_unit": {"unit_id": province.id},
            "declared_person": {"person_name": "TÁC GIẢ 0"},
            "declared_entry": {"entry_id": entry.id},
        }[interest]
        db.session.add(
            DeclaredConflict(
                contest_id=contest.id, account_id=judge.account_id, declared_by_id=secretary.id, declared_at=NOW, **what
            )
        )
    db.session.commit()

    assign_all(contest, round_, secretary)

    assert ("0500", "J2") not in pairs(round_)
    assert {key for code, key in pairs(round_) if code == "0500"} == {"J1", "J3"}


def test_colleagues_of_the_organising_body_do_not_judge_each_other(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(6, 3)
    organiser = contest.campaign.organiser
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    part.entry.unit_id = organiser.id
    for member in members[:1]:
        member.account.unit_id = organiser.id
    db.session.commit()

    assign_all(contest, round_, secretary)

    assert ("0500", "J1") not in pairs(round_)
    assert sum(key == "J1" for _code, key in pairs(round_)) == 4  # what lies below the organiser is not held against J1


def test_an_impossible_assignment_names_who_cannot_be_served(waiting: Any) -> None:
    contest, round_, members, _secretary = waiting(3, 2)
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    part.entry.authors[0].account_id = members[1].account_id
    db.session.commit()

    proposal = panel_actions.propose(contest, round_)

    assert (proposal.pairs, proposal.refused) == ((), [("too_few_judges", "0500")])


def test_a_proposal_that_changed_meanwhile_is_not_carried_out(waiting: Any) -> None:
    contest, round_, members, secretary = waiting()
    proposal = panel_actions.propose(contest, round_)
    members[2].left_at = NOW
    db.session.commit()

    with pytest.raises(NotPossible) as refusal:
        panel_actions.assign(contest, round_, digest=proposal.digest, actor=secretary, now=NOW)

    assert refusal.value.code == "proposal_changed"


def test_who_leaves_keeps_what_was_sent_and_frees_the_rest_for_a_top_up(waiting: Any, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    own = db.session.query(Assignment).filter_by(panel_member_id=members[1].id).order_by(Assignment.id).all()
    save(own[0], members[1].account, "sent")
    save(own[1], members[1].account)
    db.session.commit()
    before = pairs(round_)

    freed = panel_actions.leave(members[1], reason="Đi công tác", actor=secretary, now=NOW)
    db.session.commit()

    assert freed == len(own) - 1
    assert db.session.query(SheetVersion).count() == 2  # nothing of the ledger is touched
    kept = {pair for pair in before if pair[1] != "J2"} | {(own[0].round_entry.code, "J2")}
    assert pairs(round_) == kept
    assign_all(contest, round_, secretary)
    assert kept < pairs(round_)
    assert Counter(code for code, _key in pairs(round_)) == {f"{500 + n:04d}": 2 for n in range(6)}
    assert {
        row.reason
        for row in db.session.query(Assignment)
        if (row.round_entry.code, row.panel_member.key) not in kept and row.state != "recused"
    } == {"replacement"}


def test_a_sheet_is_moved_with_a_reason_and_never_into_a_conflict(hall: Hall, make_account: Any) -> None:
    third = make_account("Giám khảo 3", Role.JUDGE, contest=hall.contest)
    round_ = hall.contest.rounds[0]
    member = PanelMember(round_id=round_.id, account_id=third.id, key="J3")
    db.session.add(member)
    db.session.commit()
    save(hall.sheet, hall.judge(2))
    db.session.commit()
    part = panel_queries.parts_of(round_)[0]

    def move(to: PanelMember, reason: str = "Ốm") -> str:
        try:
            panel_actions.move(hall.contest, round_, part, hall.sheet, to, reason=reason, actor=third, now=NOW)
        except NotPossible as gap:
            db.session.rollback()
            return gap.code
        db.session.commit()
        return "moved"

    assert move(member, " ") == "reason_needed"
    assert move(hall.members[0]) == "already_there"
    hall.sheet.round_entry.entry.authors[0].account_id = third.id
    db.session.commit()
    assert move(member) == "conflict"
    hall.sheet.round_entry.entry.authors[0].account_id = None
    db.session.commit()
    assert move(member) == "moved"
    assert hall.sheet.state == "recused"
    assert pairs(round_) == {("0417", "J1"), ("0417", "J3")}


def test_a_round_opens_only_with_full_panels_and_a_head_and_freezes_the_rules(waiting: Any) -> None:
    contest, round_, members, secretary = waiting(3, 2)
    members[0].is_head = False
    db.session.commit()

    with pytest.raises(Blocked) as refusal:
        panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    assert [(item.code, item.facts.get("count")) for item in refusal.value.blockers] == [
        ("no_head_judge", None),
        ("short_panels", 3),
    ]

    members[0].is_head = True
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    db.session.commit()

    assert (round_.state, round_.opened_at) == ("open", NOW)
    assert db.session.query(RuleSet).one().frozen_at == NOW


def finish(hall: Hall) -> None:
    for row in hall.sheets:
        for sheet, member in zip(row, hall.members, strict=True):
            save(sheet, member.account, "sent")
    db.session.commit()


def test_a_round_closes_when_nothing_is_open_and_the_head_judge_confirms(make_hall: Any) -> None:
    hall = make_hall(entries=2)
    round_, head = hall.contest.rounds[0], hall.judge(1)
    with pytest.raises(Blocked) as refusal:
        panel_actions.close_round(hall.contest, round_, actor=head, now=NOW)
    assert [(item.code, item.facts) for item in refusal.value.blockers] == [
        ("missing_sheets", {"count": 4, "codes": ["0417", "0418"]})
    ]
    with pytest.raises(NotPossible):
        panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)

    finish(hall)
    assert [item.code for item in blockers(round_)] == ["round_open"]
    panel_actions.close_round(hall.contest, round_, actor=head, now=NOW)
    assert [item.code for item in blockers(round_)] == ["round_not_confirmed"]
    panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)
    panel_actions.confirm_round(hall.contest, round_, account=head, now=NOW)
    db.session.commit()

    assert blockers(round_) == []
    assert (round_.state, round_.confirmed_by_id) == ("confirmed", head.id)
    with pytest.raises(NotPossible):
        panel_actions.reopen_round(hall.contest, round_, reason=" ", actor=head, now=NOW)
    panel_actions.reopen_round(hall.contest, round_, reason="Khiếu nại của tác giả", actor=head, now=NOW)
    assert (round_.state, round_.confirmed_at) == ("open", None)


def test_what_blocks_a_round_is_counted_with_its_codes(make_hall: Any) -> None:
    hall = make_hall(entries=4)
    one, two, three, four = (row[1] for row in hall.sheets)
    finish(hall)
    one.state, two.has_conflict = "asked_again", True
    recuse(three, hall.contest, reason="x", account=hall.judge(2), now=NOW)
    four.round_entry.withdrawn_at = NOW
    db.session.commit()

    assert [(item.code, item.facts) for item in blockers(hall.contest.rounds[0])] == [
        ("short_panels", {"count": 1, "codes": ["0419"]}),
        ("device_conflicts", {"count": 1, "codes": ["0418"]}),
        ("asked_again", {"count": 1, "codes": ["0417"]}),
        ("round_open", {}),
    ]


@pytest.fixture
def third_rules() -> Any:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["third_marker"] = {"gap": "20", "stands": "third"}
    return rules


@pytest.mark.parametrize(("other", "wanted"), (("33", False), ("32.5", True), ("0", True)))
def test_two_judges_a_gap_apart_need_a_third(
    make_hall: Any, make_account: Any, third_rules: Any, other: str, wanted: bool
) -> None:
    hall = make_hall(rules=third_rules)
    save(hall.sheets[0][0], hall.judge(1), "sent", marks=FULL)
    save(hall.sheets[0][1], hall.judge(2), "sent", marks={**FULL, "noi-dung": other})
    round_ = hall.contest.rounds[0]
    db.session.commit()
    found = {item.code: item.facts for item in blockers(round_)}

    assert ("third_marker" in found) is wanted
    if not wanted:
        return
    assert found["third_marker"] == {"count": 1, "codes": ["0417"]}
    part = panel_queries.parts_of(round_)[0]
    with pytest.raises(NotPossible) as refusal:
        panel_actions.assign_third(hall.contest, round_, part, actor=hall.judge(1), now=NOW)
    assert refusal.value.code == "no_third_judge"
    extra = make_account("Giám khảo 3", Role.JUDGE, contest=hall.contest)
    panel_actions.add_member(round_, extra, is_head=False, max_entries=None, actor=hall.judge(1), now=NOW)
    sheet = panel_actions.assign_third(hall.contest, round_, part, actor=hall.judge(1), now=NOW)
    db.session.commit()

    assert (sheet.reason, sheet.panel_member.key) == ("third_marker", "J3")
    assert [item.code for item in blockers(round_)] == ["missing_sheets", "round_open"]


# ---- The pages ----


def path(contest: Any, rest: str) -> str:
    return f"/cuoc-thi/{contest.slug}/vong/so-khao/{rest}"


def test_the_panel_page_goes_from_members_to_an_open_round(waiting: Any, make_account: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(4, 2)
    extra = make_account("Vi Văn Thắng", Role.JUDGE, contest=contest)
    client = sign_in(secretary)

    page = client.get(path(contest, "giam-khao")).text
    assert "Vi Văn Thắng" in page and "Xem phương án phân công" in page
    client.post(path(contest, "giam-khao/them"), data={"account": [str(extra.id)]})
    preview = client.get(path(contest, "giam-khao?xem=1")).text
    assert "Thêm 8 phiếu chấm" in preview and "J3 · Vi Văn Thắng" in preview
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    assert (
        "Đã phân công 8 phiếu chấm"
        in client.post(path(contest, "phan-cong"), data={"digest": digest}, follow_redirects=True).text
    )
    assert "Mở vòng chấm" in client.get(path(contest, "giam-khao")).text
    opened = client.post(path(contest, "mo"), data={"due_on": "2024-10-05"})

    assert opened.status_code == 303
    db.session.expire_all()
    assert (round_.state, round_.marks_due_at.isoformat()) == ("open", "2024-10-05T10:00:00+00:00")


def test_opening_too_early_lists_what_is_missing(waiting: Any, sign_in: SignIn) -> None:
    contest, _round, _members, secretary = waiting(4, 2)

    answer = sign_in(secretary).post(path(contest, "mo"))

    assert answer.status_code == 409
    assert "4 bài chưa đủ giám khảo" in answer.text


def test_the_panel_page_never_names_authors_or_units(waiting: Any, make_unit: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(4, 3)
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    unit = make_unit("Xã Bí Mật")
    part.entry.unit_id, part.entry.unit_name, members[1].account.unit_id = unit.id, "Xã Bí Mật", unit.id
    db.session.commit()
    client = sign_in(secretary)

    seen = client.get(path(contest, "giam-khao?xem=1")).text + client.get(path(contest, "bai/0500")).text

    assert "0500" in seen
    for secret in ("Tác giả 0", "Bí Mật", part.entry.receipt_code, part.entry.public_id):
        assert secret not in seen


def test_an_interest_is_recorded_with_a_unit_or_a_person(waiting: Any, make_unit: Any, sign_in: SignIn) -> None:
    contest, _round, members, secretary = waiting(2, 2)
    unit = make_unit("Xã Năng Khả", code="XNK")
    client, form = sign_in(secretary), {"account": str(members[0].account_id), "reason": "Quê vợ"}

    assert client.post(path(contest, "co-lien-quan"), data=form).status_code == 422
    assert client.post(path(contest, "co-lien-quan"), data={**form, "unit_code": "không có"}).status_code == 422
    assert client.post(path(contest, "co-lien-quan"), data={**form, "unit_code": "XNK"}).status_code == 303
    row = db.session.query(DeclaredConflict).one()
    assert (row.unit_id, row.account_id, row.declared_by_id) == (unit.id, members[0].account_id, secretary.id)
    assert "Xã Năng Khả" in client.get(path(contest, "giam-khao")).text


POSTS = (
    "giam-khao/them",
    "giam-khao/J1/sua",
    "giam-khao/J1/thoi",
    "phan-cong",
    "co-lien-quan",
    "mo",
    "dong",
    "bai/0417/J2/chuyen",
    "bai/0417/giam-khao-thu-ba",
)


@pytest.mark.parametrize("rest", ("giam-khao", *POSTS))
def test_who_may_not_run_a_panel(
    hall: Hall, make_hall: Any, make_account: Any, sign_in: SignIn, client: FlaskClient, rest: str
) -> None:
    other = make_hall()
    strangers = [
        hall.judge(1), hall.judge(2), make_account("Người dự thi"),
        make_account("Thư ký khác", Role.TALLY_SECRETARY, contest=other.contest),
        make_account("Tiếp nhận", Role.INTAKE_SECRETARY, contest=hall.contest),
    ]  # fmt: skip

    def status(visitor: FlaskClient) -> int:
        call = visitor.get if rest == "giam-khao" else visitor.post
        return call(path(hall.contest, rest)).status_code

    assert status(client) == 302
    assert [status(sign_in(account)) for account in strangers] == [403] * 5
    assert hall.contest.rounds[0].state == "open"


def test_a_round_or_judge_of_another_contest_does_not_exist(hall: Hall, make_account: Any, sign_in: SignIn) -> None:
    client = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))

    assert client.get(f"/cuoc-thi/{hall.contest.slug}/vong/chung-khao/giam-khao").status_code == 404
    assert client.get("/cuoc-thi/khong-co/vong/so-khao/giam-khao").status_code == 404
    assert client.post(path(hall.contest, "giam-khao/J9/thoi"), data={"reason": "x"}).status_code == 404
    assert client.get(path(hall.contest, "bai/9999")).status_code == 404
