"""The page of a panel's agreement: who sees it and when, what it is measured on, and how often."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.contests.models import Round
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging.models import PanelMember
from contest.results import actions, agreement_queries
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    agreement_queries.forget()


def address(scene: Any, key: str = "so-khao") -> str:
    return f"/cuoc-thi/{scene.contest.slug}/vong/{key}/thong-nhat"


def opened(client: Any, scene: Any, key: str = "so-khao") -> tuple[int, str]:
    answer = client.get(address(scene, key))
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.ORGANISER])
@pytest.mark.parametrize("state", ["waiting", "open"])
def test_it_is_shut_while_someone_may_still_mark(
    marked: Any, make_account: Any, sign_in: Any, role: Role, state: str
) -> None:
    scene = marked(confirmed=False)
    scene.round.state = state
    person = sign_in(make_account("Người xem", role, contest=scene.contest))

    status, page = opened(person, scene)

    assert (status, "Vòng chấm chưa đóng" in page) == (403, True)
    assert "1111" not in page
    assert "Giám khảo 1" not in page


@pytest.mark.parametrize("role", [Role.HEAD_JUDGE, Role.TALLY_SECRETARY])
@pytest.mark.parametrize("state", ["closed", "confirmed"])
def test_head_judge_and_tally_secretary_see_it_once_the_round_has_ended(
    marked: Any, make_account: Any, sign_in: Any, role: Role, state: str
) -> None:
    scene = marked()
    scene.round.state = state
    person = sign_in(make_account("Người xem", role, contest=scene.contest))

    status, page = opened(person, scene)

    assert status == 200
    assert "Các số liệu này không làm đổi thứ hạng nào" in page
    assert ("<b>J2</b>" in page, "Giám khảo 2" in page) == (True, True)


def test_the_organiser_sees_it_with_the_places_after_the_lock(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    organiser = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=scene.contest))

    early = opened(organiser, scene)
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()
    late = opened(organiser, scene)

    assert (early[0], "Kết quả chưa khóa" in early[1], "<b>J2</b>" in early[1]) == (403, True, False)
    assert (late[0], "<b>J2</b>" in late[1]) == (200, True)


def test_an_ordinary_judge_never_sees_it(marked: Any, sign_in: Any) -> None:
    scene = marked()
    judge = sign_in(scene.sheets[1].panel_member.account)

    status, page = opened(judge, scene)

    assert (status, "<b>J2</b>" in page) == (403, False)


def test_entries_go_by_code_and_nobody_learns_who_wrote_them(
    marked: Any, make_account: Any, sign_in: Any, join_codes: Any
) -> None:
    scene = marked()
    scene.sheets[0].marks = {**scene.sheets[0].marks, "noi-dung": "30"}  # so far from the other that the entry is named
    db.session.commit()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    join_codes(scene.contest)
    for role in (Role.TALLY_SECRETARY, Role.HEAD_JUDGE, Role.ORGANISER):
        person = sign_in(make_account(f"Người {role}", role, contest=scene.contest))

        _status, page = opened(person, scene)

        assert "1111" in page, role
        assert "Lò Văn" not in page, role
        assert scene.entries[0].receipt_code not in page, role


def test_the_results_page_leads_to_it_once_the_round_has_ended(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))
    results = f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/ket-qua"

    ended = secretary.get(results).get_data(as_text=True)
    scene.round.state = "open"
    db.session.commit()
    going_on = secretary.get(results).get_data(as_text=True)

    assert (address(scene) in ended, address(scene) in going_on) == (True, False)


def test_the_same_marks_are_measured_once(marked: Any, monkeypatch: Any) -> None:
    scene = marked()
    measured: list[str] = []
    real = agreement_queries.round_agreement
    monkeypatch.setattr(agreement_queries, "round_agreement", lambda table: (measured.append("once"), real(table))[1])

    first = agreement_queries.report(scene.contest, scene.round)
    again = agreement_queries.report(scene.contest, scene.round)
    scene.sheets[0].marks = {**scene.sheets[0].marks, "noi-dung": "30"}
    db.session.commit()
    changed = agreement_queries.report(scene.contest, scene.round)

    assert first.panel is again.panel
    assert changed.panel["severity"] != first.panel["severity"]
    assert len(measured) == 2


def test_memory_holds_the_latest_reports_only(marked: Any, monkeypatch: Any) -> None:
    scene = marked()
    monkeypatch.setattr(agreement_queries, "CAPACITY", 2)

    for points in ("30", "31", "32"):
        scene.sheets[0].marks = {**scene.sheets[0].marks, "noi-dung": points}
        db.session.commit()
        agreement_queries.report(scene.contest, scene.round)

    assert len(agreement_queries._found) == 2


def test_a_locked_result_is_measured_on_the_marks_it_was_made_of(marked: Any, make_account: Any) -> None:
    scene = marked()
    open_report = agreement_queries.report(scene.contest, scene.round)
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()

    scene.sheets[0].marks = {**scene.sheets[0].marks, "noi-dung": "30"}
    db.session.commit()
    locked = agreement_queries.report(scene.contest, scene.round)

    assert (locked.panel, locked.places) == (open_report.panel, open_report.places)


def test_prizes_hang_on_the_last_round_and_going_on_on_those_before(
    make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any, make_account: Any, sign_in: Any
) -> None:
    rules = copy.deepcopy(RULES)
    rules["rounds"].append(copy.deepcopy(rules["rounds"][0]) | {"key": "chung-khao", "name": "Chung khảo"})
    rules["rounds"][0]["advance"], rules["rounds"][1]["advance"] = {"count": 2, "min_total": None}, None
    rules["rounds"][1]["tiebreaks"] = ["criterion:chung-khao/noi-dung"]
    contest = make_contest(rules=rules)
    first, last = contest.rounds
    members = make_panel(contest, 3)
    finals = [PanelMember(round_id=last.id, account_id=each.account_id, key=each.key) for each in members]
    db.session.add_all(finals)
    db.session.flush()
    for number in range(1, 5):
        entry = make_entry(contest)
        for round_, panel in ((first, members), (last, finals if number < 3 else [])):
            for shift, member in enumerate(panel):
                points = {"noi-dung": f"{20 + 5 * number + shift}", "hinh-thuc": "20", "sang-tao": "5"}
                code = f"{number}{number}{number}{1 if round_ is first else 2}"
                make_assignment(entry, member, code=code, state="sent", sent_at=NOW, marks=points)
    for round_ in (first, last):
        round_.state = "confirmed"
    db.session.commit()

    early, late = (agreement_queries.report(contest, round_) for round_ in (first, last))

    assert ([line["line"] for line in early.places["cut_lines"]], early.whole) == (["advance"], False)
    assert ([line["line"] for line in late.places["cut_lines"]], late.whole) == (["prize:nhat", "prize:nhi"], True)
    assert (early.panel["entries"], late.panel["entries"]) == (4, 2)
    page = (
        sign_in(members[0].account).get(f"/cuoc-thi/{contest.slug}/vong/chung-khao/thong-nhat").get_data(as_text=True)
    )
    assert "Bài mang mã phách Sơ khảo." in page
    assert "J1 · Sơ khảo Giám khảo 1" in page


def test_the_number_of_queries_does_not_grow_with_the_entries(
    marked: Any, make_account: Any, make_entry: Any, make_assignment: Any, sign_in: Any, count_queries: Any
) -> None:
    scene = marked()
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))
    with count_queries() as few:
        secretary.get(address(scene))
    for number in range(20):
        entry = make_entry(scene.contest)
        for sheet in scene.sheets[:2]:
            make_assignment(entry, sheet.panel_member, code=f"9{number:03d}", state="sent", marks=scene.sheets[0].marks)

    with count_queries() as many:
        secretary.get(address(scene))

    assert db.session.query(RoundEntry).count() == 24
    assert len(many) == len(few)


def test_a_round_of_another_contest_is_not_found(
    marked: Any, make_contest: Any, make_account: Any, sign_in: Any
) -> None:
    scene, other = marked(), make_contest()
    db.session.query(Round).filter_by(contest_id=other.id).update({"key": "vong-la"})
    db.session.commit()
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))

    assert (opened(secretary, scene)[0], opened(secretary, scene, "vong-la")[0]) == (200, 404)
