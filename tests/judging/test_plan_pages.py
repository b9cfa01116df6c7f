"""The plan's pages: what they say of it, what they never say, choices by hand, what judges know well."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest import jobs
from contest.accounts.models import Account
from contest.campaigns.models import FieldOfWork
from contest.contests.models import Category
from contest.db import db
from contest.entries.models import RoundEntry, Unblinding
from contest.judging import panel_actions, plan_actions, plan_queries
from contest.judging.models import Assignment, DeclaredConflict, JudgeTopic
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import assign_all, make_plan, pairs, planned, save

SignIn = Callable[[Account], FlaskClient]


def path(contest: Any, rest: str) -> str:
    return f"/cuoc-thi/{contest.slug}/vong/so-khao/{rest}"


def make(client: FlaskClient, contest: Any, **form: str) -> str:
    return client.post(path(contest, "phan-cong/lap"), data=form, follow_redirects=True).text


def choose(client: FlaskClient, contest: Any, code: str, judge: str, what: str = "with", instead: str = "") -> Any:
    form = {"judge": judge, "what": what, "instead": instead}
    return client.post(path(contest, f"phan-cong/bai/{code}/chon"), data=form)


def words(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_says_who_gets_how_much_and_how_judges_meet(waiting: Any, sign_in: SignIn) -> None:
    contest, _round, _members, secretary = waiting(12, 4)

    page = words(make(sign_in(secretary), contest))

    assert "Thêm 24 phiếu chấm ở 12 bài." in page
    assert "Sau đó mỗi giám khảo có 6 bài." in page
    assert "Hai giám khảo bất kỳ đều có 2 bài chung, để có thể ước lượng" in page
    assert "Không có giám khảo nào liên quan" in page


def test_groups_without_a_shared_entry_are_told(waiting: Any, sign_in: SignIn, make_account: Any) -> None:
    contest, round_, members, secretary = waiting(2, 4)

    page = words(make(sign_in(secretary), contest))

    assert "Giám khảo chia thành 2 nhóm không có bài chung" in page


def test_interests_are_counted_and_told_by_code_only_where_the_judge_did(
    waiting: Any, make_unit: Any, sign_in: SignIn
) -> None:
    contest, round_, members, secretary = waiting(4, 4)
    parts = db.session.query(RoundEntry).order_by(RoundEntry.code).all()
    unit = make_unit("Xã Bí Mật")
    parts[0].entry.unit_id, members[1].account.unit_id = unit.id, unit.id
    db.session.add(
        DeclaredConflict(
            contest_id=contest.id, account_id=members[2].account_id, entry_id=parts[3].entry_id,
            declared_by_id=members[2].account_id, declared_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    client = sign_in(secretary)
    make(client, contest)

    page = words(client.get(path(contest, "phan-cong?tranh=1")).text)

    assert "đơn vị mình và đơn vị cấp dưới 1, đã khai báo 1" in page
    assert re.findall(r"(J\d) : bài (\d+)", page) == [("J3", "0503")]
    assert "cùng đơn vị 1" not in page  # beside J2's name, and J2 not offered for 0500, it would say whose unit 0500 is
    db.session.add(
        Unblinding(
            contest_id=contest.id, reason="Khớp phách", asked_by_id=secretary.id, asked_at=NOW,
            approved_by_id=members[0].account_id, approved_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    assert "cùng đơn vị 1" in words(client.get(path(contest, "phan-cong")).text)


def test_a_pair_is_swapped_and_pinned_and_the_rest_follows(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    client = sign_in(secretary)
    make(client, contest)
    keys = {member.id: member.key for member in members}
    plan = plan_queries.plan_of(round_)
    assert plan is not None
    own = sorted(keys[judge] for code, judge in planned(plan, 3) if code == "0502")
    free = next(key for key in keys.values() if key not in own)

    answer = choose(client, contest, "0502", free, instead=own[0])

    assert answer.status_code == 303
    db.session.expire_all()
    plan = plan_queries.plan_of(round_)
    assert plan is not None
    got = {(code, keys[judge]) for code, judge in planned(plan, 3)}
    assert {key for code, key in got if code == "0502"} == {own[1], free}
    assert sorted(sum(key == judge for _code, key in got) for judge in keys.values()) == [3, 3, 3, 3]
    assert "đã ghim" in client.get(path(contest, "phan-cong/bai/0502")).text
    shown = words(client.get(path(contest, "phan-cong")).text)
    assert f"{free} chấm bài 0502" in shown and f"{own[0]} không chấm bài 0502" in shown
    choose(client, contest, "0502", free, "free")
    db.session.expire_all()
    assert [wish[2] for wish in plan_queries.plan_of(round_).wishes] == ["without"]  # type: ignore[union-attr]
    make(client, contest, forget="1")
    db.session.expire_all()
    assert plan_queries.plan_of(round_).wishes == []  # type: ignore[union-attr]


def test_a_wish_that_cannot_be_is_refused_with_names_and_changes_nothing(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(3, 3)
    part = db.session.query(RoundEntry).order_by(RoundEntry.code).first()
    part.entry.authors[0].account_id = members[1].account_id
    db.session.commit()
    client = sign_in(secretary)
    make(client, contest)
    before = plan_queries.plan_of(round_).body  # type: ignore[union-attr]

    against = choose(client, contest, "0500", "J2")
    without = choose(client, contest, "0500", "J1", "without")

    assert (against.status_code, without.status_code) == (409, 409)
    assert "Bài 0500 không giao cho J2 được" in against.text
    assert "Bài 0500 cần 2 giám khảo nhưng chỉ có 1 giám khảo chấm được bài này." in without.text
    db.session.expire_all()
    assert plan_queries.plan_of(round_).body == before  # type: ignore[union-attr]


def test_a_wish_beyond_the_greatest_load_is_refused(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(4, 4)
    members[1].max_entries = 1
    db.session.commit()
    client = sign_in(secretary)
    make(client, contest)
    choose(client, contest, "0500", "J2")

    answer = choose(client, contest, "0501", "J2")

    assert answer.status_code == 409
    assert "J2 nhận nhiều nhất 1 bài, mà đã được chọn cho 2 bài." in answer.text


def test_a_sheet_with_marks_cannot_be_wished_away(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    sheet = db.session.query(Assignment).filter_by(panel_member_id=members[1].id).first()
    save(sheet, members[1].account)
    db.session.commit()
    make_plan(contest, round_, secretary)
    code, before = sheet.round_entry.code, pairs(round_)
    client = sign_in(secretary)

    answer = client.post(
        path(contest, f"phan-cong/bai/{code}/chon"), data={"judge": "J2", "what": "without"}, follow_redirects=True
    )

    assert "Phiếu này đã có điểm" in answer.text
    assert pairs(round_) == before


def test_a_plan_out_of_date_says_what_changed(waiting: Any, make_account: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(4, 3)
    client = sign_in(secretary)
    digest = make(client, contest).split('name="digest" value="')[1].split('"')[0]
    extra = make_account("Giám khảo mới", Role.JUDGE, contest=contest)
    panel_actions.add_member(round_, extra, is_head=False, max_entries=None, actor=secretary, now=NOW)
    db.session.commit()

    page = client.get(path(contest, "phan-cong")).text
    answer = client.post(path(contest, "phan-cong"), data={"digest": digest}, follow_redirects=True).text

    assert "Ban Giám khảo đã thay đổi kể từ khi lập phương án." in page
    assert 'name="digest"' not in page
    assert "Chưa có gì thay đổi; hãy lập lại phương án." in answer
    assert pairs(round_) == set()


def test_judges_get_entries_they_know_and_loads_stay_even(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(12, 4)
    film = Category(contest_id=contest.id, position=2, key="mo-hinh", name="Mô hình hay")
    field = FieldOfWork(campaign_id=contest.campaign_id, position=1, key="kt", name="Phát triển kinh tế")
    db.session.add_all([film, field])
    db.session.flush()
    for part in db.session.query(RoundEntry).order_by(RoundEntry.code).limit(6):
        part.entry.category_id = film.id
    part.entry.field_of_work_id = field.id
    db.session.commit()
    client = sign_in(secretary)

    assert "Phát triển kinh tế" in client.get(path(contest, "giam-khao")).text
    form = {
        "topic-J2": [f"category-{film.id}", f"field-{field.id}", "category-999999"],
        "topic-J3": f"category-{film.id}",
    }
    assert client.post(path(contest, "giam-khao/so-truong"), data=form).status_code == 303
    assert db.session.query(JudgeTopic).count() == 3
    page = words(make(client, contest))

    plan = plan_queries.plan_of(round_)
    assert plan is not None
    rows = {item["id"]: item for item in plan.body["judges"]}
    assert [rows[member.id]["then"] for member in members] == [6, 6, 6, 6]
    assert [rows[member.id]["met"] for member in members] == [None, 6, 6, None]
    assert "Đúng sở trường: 12 trong 12 phiếu" in page
    client.post(path(contest, "giam-khao/so-truong"), data={"topic-J3": f"category-{film.id}"})
    assert db.session.query(JudgeTopic).count() == 1
    assert "Thể loại, lĩnh vực của giám khảo hoặc của bài đã thay đổi" in client.get(path(contest, "phan-cong")).text


def test_a_field_struck_off_the_year_is_forgotten(waiting: Any) -> None:
    contest, _round, members, _secretary = waiting(2, 2)
    field = FieldOfWork(campaign_id=contest.campaign_id, position=1, key="kt", name="Phát triển kinh tế")
    db.session.add(field)
    db.session.flush()
    db.session.add(JudgeTopic(panel_member_id=members[0].id, field_of_work_id=field.id))
    db.session.commit()

    db.session.delete(field)
    db.session.commit()

    assert db.session.query(JudgeTopic).count() == 0


def test_a_plan_that_changes_nothing_says_so(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, _members, secretary = waiting(4, 3)
    client = sign_in(secretary)
    assign_all(contest, round_, secretary)

    page = make(client, contest, moving="even")

    assert "không có phiếu nào cần thêm hay chuyển" in page
    assert 'name="digest"' not in page


def test_a_large_round_is_worked_out_by_a_job(waiting: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    contest, round_, _members, secretary = waiting(6, 3)
    monkeypatch.setattr(plan_actions, "AT_ONCE", 10)
    client = sign_in(secretary)

    waits = client.post(path(contest, "phan-cong/lap"), follow_redirects=True)
    jobs.run_due()
    ready = client.get(path(contest, "phan-cong"))

    assert "Đang tính cho 6 bài và 3 giám khảo" in waits.text
    assert waits.headers["Refresh"] == str(2)
    assert "Thêm 12 phiếu chấm" in ready.text
    assert "Refresh" not in ready.headers
    choose(client, contest, "0500", "J1", "without")
    assert "Đang tính" in client.get(path(contest, "phan-cong")).text
    jobs.run_due()
    assert ("0500", _members[0].id) not in planned(plan_queries.plan_of(round_), 3)  # type: ignore[arg-type]


def test_a_job_leaves_a_plan_alone_that_was_made_after_its_own(
    waiting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    contest, round_, members, secretary = waiting(6, 3)
    monkeypatch.setattr(plan_actions, "AT_ONCE", 10)
    make_plan(contest, round_, secretary)
    make_plan(contest, round_, secretary)

    assert jobs.run_due(1) == 1
    db.session.expire_all()
    assert plan_queries.plan_of(round_).state == "working"  # type: ignore[union-attr]
    jobs.run_due()
    db.session.expire_all()
    assert plan_queries.plan_of(round_).state == "ready"  # type: ignore[union-attr]


@pytest.mark.parametrize("rest", ("giam-khao", "phan-cong?moi=1&tranh=1", "phan-cong/bai/0500"))
def test_the_number_of_queries_does_not_grow(waiting: Any, sign_in: SignIn, count_queries: Any, rest: str) -> None:
    counts = []
    for entries, judges in ((3, 3), (30, 9)):
        contest, round_, _members, secretary = waiting(entries, judges)
        client = sign_in(secretary)
        make_plan(contest, round_, secretary)
        with count_queries() as statements:
            assert client.get(path(contest, rest)).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_entries_are_listed_a_page_at_a_time(waiting: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    contest, _round, _members, secretary = waiting(7, 3)
    monkeypatch.setattr("contest.judging.plan_shown.PAGE", 3)
    client = sign_in(secretary)
    page = make(client, contest)
    seen = []
    while True:
        seen += re.findall(r"Sửa giám khảo bài (\d+)", page)
        if not (after := re.search(r'href="([^"]+)"[^>]*>[^<]*Trang sau|rel="next" href="([^"]+)"', page)):
            break
        page = client.get((after.group(2) or after.group(1)).replace("&amp;", "&")).text

    assert seen == [f"{500 + number:04d}" for number in range(7)]


def test_a_plan_entry_or_judge_that_is_not_there(waiting: Any, sign_in: SignIn) -> None:
    contest, _round, _members, secretary = waiting(3, 3)
    client = sign_in(secretary)

    assert "Không có phương án nào đang chờ" in client.get(path(contest, "phan-cong/bai/0500")).text
    assert choose(client, contest, "0500", "J1").status_code == 303  # no plan yet: told on the plan's page
    make(client, contest)
    assert client.get(path(contest, "phan-cong/bai/9999")).status_code == 404
    assert choose(client, contest, "0500", "J9").status_code == 404
    assert choose(client, contest, "9999", "J1").status_code == 404


def test_a_judge_does_not_take_the_own_place(waiting: Any, sign_in: SignIn) -> None:
    contest, round_, members, secretary = waiting(6, 4)
    client = sign_in(secretary)
    make(client, contest)

    choose(client, contest, "0502", "J2", instead="J2")

    db.session.expire_all()
    plan = plan_queries.plan_of(round_)
    assert plan is not None
    assert [wish[1:] for wish in plan.wishes] == [[members[1].id, "with"]]


def test_the_head_judge_is_the_last_to_get_an_entry_with_sent_sheets(waiting: Any) -> None:
    """The head judge may read sheets of entries that are not the own ones, and would not mark unknowing."""
    contest, round_, members, secretary = waiting(1, 4)
    for member in members:
        member.is_head = member.key == "J3"
    db.session.commit()
    assign_all(contest, round_, secretary)
    panel_actions.open_round(contest, round_, actor=secretary, now=NOW)
    assert pairs(round_) == {("0500", "J1"), ("0500", "J2")}
    sheet = db.session.query(Assignment).filter_by(panel_member_id=members[0].id).one()
    save(sheet, sheet.panel_member.account, "sent")
    db.session.commit()
    leaving = next(member for member in members if member.key == "J2")
    panel_actions.leave(leaving, reason="Ốm", actor=secretary, now=NOW)
    db.session.commit()

    plan = make_plan(contest, round_, secretary)

    assert planned(plan, 3) == {("0500", members[3].id)}
    assert plan.body["suspected"] == 0
