"""Locked → published → awarded, in that order, each refused with what still blocks it (invariant 8)."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from typing import Any

import pytest

from contest.audit import AuditEvent
from contest.contests import actions_rules
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import RoundEntry
from contest.judging.panel_actions import NotPossible, reopen_round
from contest.results import actions, certificate_actions, queries
from contest.results.models import Certificate
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.permissions import Role
from contest.rules.tabulation import tabulate
from tests.fixtures.makers import NOW, RULES


def _codes(obstacles: list[queries.Obstacle]) -> set[str]:
    return {item.code for item in obstacles}


def test_a_locked_result_is_its_bundle_run_again(marked: Any, make_account: Any) -> None:
    scene = marked()
    secretary = make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest)

    result = actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    db.session.commit()

    again = canonical_bytes(tabulate(parse_bundle(json.loads(result.bundle))))
    assert again.decode() == result.document
    assert result.bundle_sha256 == sha256_hex(result.bundle.encode())
    assert [(row["entry"], row["place"], row["total"]) for row in queries.document_of(result)["places"]] == [
        ("1111", 1, "88.00"), ("2222", 2, "79.00"), ("3333", 3, "79.00"), ("4444", 4, "41.00"),
    ]  # fmt: skip


def test_the_last_round_locks_the_contest_too(marked: Any, make_account: Any) -> None:
    scene = marked()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    whole = queries.result_in_force(scene.contest)

    assert whole is not None
    assert [(row["entry"], row["prize"]) for row in queries.proposals(whole)] == [
        ("1111", "nhat"), ("2222", "nhi"), ("3333", "nhi"),
    ]  # fmt: skip


def test_marks_after_the_lock_change_nothing(marked: Any, make_account: Any) -> None:
    scene = marked()
    result = actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    before = result.document

    scene.sheets[0].marks = {"noi-dung": "0", "hinh-thuc": "0", "sang-tao": "0"}
    db.session.commit()

    assert queries.result_in_force(scene.contest, scene.round).document == before  # type: ignore[union-attr]
    assert queries.draft_of(scene.contest, scene.round).document_text != before


@pytest.mark.parametrize("state", ["empty", "begun", "asked_again"])
def test_an_unfinished_sheet_blocks_the_lock(marked: Any, make_account: Any, state: str) -> None:
    scene = marked()
    scene.sheets[3].state = state
    db.session.commit()

    with pytest.raises(actions.NotReady) as refused:
        actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    assert _codes(refused.value.obstacles) & {"missing_sheets", "asked_again", "sheets_missing", "second_looks"}


def test_an_unconfirmed_round_blocks_the_lock(marked: Any, make_account: Any) -> None:
    scene = marked(confirmed=False)

    with pytest.raises(actions.NotReady):
        actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)


def test_a_round_is_locked_once(marked: Any, make_account: Any) -> None:
    scene = marked()
    secretary = make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    with pytest.raises(actions.NotReady) as refused:
        actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    assert "already_locked" in _codes(refused.value.obstacles)


def test_a_reopened_result_stays_on_record(marked: Any, make_account: Any) -> None:
    scene = marked()
    secretary = make_account("Thư ký")
    first = actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    actions.reopen(scene.contest, scene.round, reason="Nhập nhầm phiếu giấy", actor=secretary, now=NOW)
    db.session.commit()

    assert (first.state, first.reason) == ("replaced", "Nhập nhầm phiếu giấy")
    assert queries.result_in_force(scene.contest, scene.round) is None
    assert queries.result_in_force(scene.contest) is None
    assert scene.round.state == "closed"


def test_a_result_that_was_taken_back_names_the_one_that_took_its_place(marked: Any, make_account: Any) -> None:
    scene = marked()
    secretary = make_account("Thư ký")
    results = []
    for _turn in range(3):
        scene.round.state = "confirmed"
        results.append(actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW))
        db.session.commit()
        actions.reopen(scene.contest, scene.round, reason="Nhập nhầm phiếu giấy", actor=secretary, now=NOW)
    db.session.commit()

    assert [result.replaced_by_id for result in results] == [results[1].id, results[2].id, None]


def test_a_locked_round_cannot_be_opened_for_marks_behind_its_result(marked: Any, make_account: Any) -> None:
    scene = marked()
    secretary = make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    with pytest.raises(NotPossible) as refused:
        reopen_round(scene.contest, scene.round, reason="Chấm lại", actor=secretary, now=NOW)

    assert refused.value.code == "round_locked"
    actions.reopen(scene.contest, scene.round, reason="Nhập nhầm phiếu giấy", actor=secretary, now=NOW)
    reopen_round(scene.contest, scene.round, reason="Chấm lại", actor=secretary, now=NOW)
    assert scene.round.state == "open"


def test_publication_is_refused_with_all_that_blocks_it(marked: Any, make_account: Any) -> None:
    scene = marked()
    organiser = make_account("Ban Tổ chức")

    with pytest.raises(actions.NotReady) as refused:
        actions.publish(scene.contest, actor=organiser, now=NOW)
    assert _codes(refused.value.obstacles) == {"not_locked"}

    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    with pytest.raises(actions.NotReady) as refused:
        actions.publish(scene.contest, actor=organiser, now=NOW)
    assert _codes(refused.value.obstacles) == {"not_unblinded", "no_decision"}


def _decide(scene: Any, actor: Any, withheld: dict[str, str] | None = None, **facts: Any) -> None:
    values = {"number": "12-QĐ/BTC", "issued_on": date(2024, 10, 10), "signer_block": "", "note": "", **facts}
    actions.decide_prizes(scene.contest, withheld or {}, actor=actor, now=NOW, **values)


def test_the_whole_way_to_certificates(marked: Any, make_account: Any, join_codes: Any) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    join_codes(scene.contest)
    _decide(scene, organiser)

    with pytest.raises(actions.NotReady) as refused:
        certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)
    assert _codes(refused.value.obstacles) == {"not_published"}

    actions.publish(scene.contest, actor=organiser, now=NOW)
    made = certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)
    db.session.commit()

    assert [(row.recipient, row.prize_name) for row in made] == [
        ("Lò Văn Ún 1", "Giải Nhất"), ("Lò Văn Ún 2", "Giải Nhì"), ("Lò Văn Ún 3", "Giải Nhì"),
    ]  # fmt: skip
    assert len({row.token for row in made}) == len({row.number for row in made}) == 3
    assert queries.result_in_force(scene.contest).state == "awarded"  # type: ignore[union-attr]


def test_certificates_are_numbered_once(marked: Any, make_account: Any, join_codes: Any) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    join_codes(scene.contest)
    _decide(scene, organiser)
    actions.publish(scene.contest, actor=organiser, now=NOW)
    certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)
    db.session.commit()

    again = certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)
    db.session.commit()

    assert again == []
    assert db.session.query(Certificate).count() == 3


def test_certificates_wait_for_the_decisions_number(marked: Any, make_account: Any, join_codes: Any) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    join_codes(scene.contest)
    _decide(scene, organiser, number="", issued_on=None)
    actions.publish(scene.contest, actor=organiser, now=NOW)

    with pytest.raises(actions.NotReady) as refused:
        certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)

    assert _codes(refused.value.obstacles) == {"decision_not_issued"}


def test_a_withheld_prize_gets_no_certificate(marked: Any, make_account: Any, join_codes: Any) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    join_codes(scene.contest)
    _decide(scene, organiser, {"1111/nhat": "Không đủ chất lượng giải Nhất"})
    actions.publish(scene.contest, actor=organiser, now=NOW)

    made = certificate_actions.issue_certificates(scene.contest, actor=organiser, now=NOW)

    assert [row.prize_name for row in made] == ["Giải Nhì", "Giải Nhì"]


def test_after_publication_a_decision_may_get_its_number_but_no_prize_moves(
    marked: Any, make_account: Any, join_codes: Any
) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)
    join_codes(scene.contest)
    _decide(scene, organiser, {"1111/nhat": "Chưa đủ chất lượng"}, number="", issued_on=None)
    actions.publish(scene.contest, actor=organiser, now=NOW)
    db.session.commit()

    with pytest.raises(actions.NotReady) as refused:
        _decide(scene, organiser, {})
    assert _codes(refused.value.obstacles) == {"already_published"}
    _decide(scene, organiser, {"1111/nhat": "Chưa đủ chất lượng"})

    awards = queries.awards_of(queries.result_in_force(scene.contest))  # type: ignore[arg-type]
    assert [(award.prize_key, award.state, award.decision.number) for award in awards] == [
        ("nhat", "withheld", "12-QĐ/BTC"), ("nhi", "given", "12-QĐ/BTC"), ("nhi", "given", "12-QĐ/BTC"),
    ]  # fmt: skip


def test_a_decision_on_a_prize_nobody_proposed_is_refused(marked: Any, make_account: Any) -> None:
    scene, organiser = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=organiser, now=NOW)

    with pytest.raises(actions.UnknownPrize):
        _decide(scene, organiser, {"4444/nhat": "Không có"})


def test_authors_stay_apart_until_codes_are_joined(marked: Any, make_account: Any) -> None:
    scene = marked()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    with pytest.raises(PermissionError):
        queries.works(scene.contest, [entry.id for entry in scene.entries])


def test_a_withdrawn_entry_is_listed_but_not_placed(marked: Any, make_account: Any) -> None:
    scene = marked()
    scene.entries[0].state = "withdrawn"
    db.session.commit()

    document = queries.draft_of(scene.contest, scene.round).document

    assert [row["entry"] for row in document["places"]] == ["2222", "3333", "4444"]
    assert [(row["entry"], row["reason"]) for row in document["unplaced"]] == [("1111", "withdrawn")]


TWO_ROUNDS = {
    **RULES,
    "rounds": [
        {**RULES["rounds"][0], "advance": {"count": 2, "min_total": None}},
        {**RULES["rounds"][0], "key": "chung-khao", "name": "Chung khảo", "advance": None, "tiebreaks": []},
    ],
    "total": {"combine": "last", "rounding": 2},
    "tiebreaks": ["round:so-khao"],
}


def test_those_who_advance_get_new_codes(marked: Any, make_account: Any) -> None:
    scene = marked(rules=TWO_ROUNDS)
    secretary = make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    assert queries.result_in_force(scene.contest) is None, "the contest is not over after its first round"

    count = actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=random.Random(1))
    again = actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=random.Random(2))
    db.session.commit()

    final = db.session.query(RoundEntry).filter_by(round_id=scene.contest.rounds[1].id).all()
    assert (count, again, len(final)) == (2, 2, 2)
    assert {row.entry_id for row in final} == {scene.entries[0].id, scene.entries[1].id}
    assert not {row.code for row in final} & {"1111", "2222", "3333", "4444"}


def test_a_round_that_fed_the_next_cannot_be_reopened(marked: Any, make_account: Any) -> None:
    scene = marked(rules=TWO_ROUNDS)
    secretary = make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    scene.contest.rounds[1].state = "open"

    with pytest.raises(actions.NotReady) as refused:
        actions.reopen(scene.contest, scene.round, reason="Sửa phiếu", actor=secretary, now=NOW)

    assert _codes(refused.value.obstacles) == {"next_round_begun"}


def test_other_rules_show_what_they_would_change(marked: Any) -> None:
    scene = marked()
    other = {**RULES, "tiebreaks": [], "rounds": [{**RULES["rounds"][0], "tiebreaks": []}]}

    changed = queries.rules_effect(scene.contest, other, 2)

    assert [(row["entry"], row["before"]["place"], row["after"]["place"]) for row in changed] == [("3333", 3, 2)]
    assert queries.rules_effect(scene.contest, RULES, 2) == []


def enforce_severity(contest: Any, actor: Any) -> None:
    body = copy.deepcopy(rules_in_force(contest).body)
    body["rounds"][0] |= {"severity": "additive", "advance": None}
    body["rounds"][0].pop("third_marker", None)
    actions_rules.start_number(contest, actor=actor, now=NOW)
    actions_rules.save_draft(contest, body, actor=actor, now=NOW)
    seen = actions_rules.body_sha256(body)
    actions_rules.enforce(contest, seen=seen, reason="Thay đổi cách tính.", actor=actor, now=NOW)
    db.session.commit()


def test_marks_confirmed_by_other_rules_are_confirmed_again(marked: Any, make_account: Any) -> None:
    scene, actor = marked(), make_account("Ban Tổ chức")

    enforce_severity(scene.contest, actor)

    assert (scene.round.state, scene.round.confirmed_by_id) == ("closed", None)
    assert db.session.query(AuditEvent).filter_by(action="contests.take_back_confirmation").count() == 1
    with pytest.raises(actions.NotReady) as refused:
        actions.lock_round(scene.contest, scene.round, actor=actor, now=NOW)
    assert "round_not_confirmed" in _codes(refused.value.obstacles)


def test_reopening_once_codes_are_joined_is_said_and_kept(
    marked: Any, make_account: Any, sign_in: Any, join_codes: Any
) -> None:
    scene = marked()
    secretary = make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest)
    warns = "Phách đã được khớp"
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    db.session.commit()
    visitor, place = sign_in(secretary), f"/cuoc-thi/{scene.contest.slug}/vong/{scene.round.key}"
    assert warns not in visitor.get(f"{place}/ket-qua").text
    join_codes(scene.contest)

    assert warns in visitor.get(f"{place}/ket-qua").text
    actions.reopen(scene.contest, scene.round, reason="Nhập nhầm", actor=secretary, now=NOW)
    db.session.commit()
    assert warns in visitor.get(f"{place}/tien-do").text
    reopen_round(scene.contest, scene.round, reason="Nhập nhầm", actor=secretary, now=NOW)
    db.session.commit()

    kept = {event.action: event.details for event in db.session.query(AuditEvent)}
    assert kept["results.reopen"]["codes_joined"] is True
    assert kept["judging.reopen_round"]["codes_joined"] is True


def test_rules_of_a_locked_round_do_not_change(marked: Any, make_account: Any) -> None:
    scene, actor = marked(), make_account("Ban Tổ chức")
    actions.lock_round(scene.contest, scene.round, actor=actor, now=NOW)
    db.session.commit()

    with pytest.raises(actions_rules.RoundLocked) as refused:
        enforce_severity(scene.contest, actor)

    assert refused.value.name == scene.round.name
    db.session.rollback()
    assert (rules_in_force(scene.contest).number, scene.round.state) == (1, "confirmed")
