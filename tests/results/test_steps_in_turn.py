"""Steps of a result taken by several people at once, and taken again after a result was replaced."""

from __future__ import annotations

import copy
import random
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests import actions_rules
from contest.contests.models import Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import RoundEntry
from contest.results import actions, certificate_actions, queries
from contest.results.models import Award, Certificate
from tests.fixtures.makers import NOW, RULES
from tests.fixtures.meanwhile import Meanwhile
from tests.results.test_lock import TWO_ROUNDS

KEYS = ("noi-dung", "hinh-thuc", "sang-tao")


def _at_once(app: Flask, step: Callable[[], Any], people: int = 8) -> list[Any]:
    """What each of several people gets who take the same step in the same instant."""
    db.session.commit()
    answers: list[Any] = []
    start = threading.Barrier(people)

    def take() -> None:
        with app.app_context():
            start.wait()
            try:
                answers.append(step())
                db.session.commit()
            except Exception as refused:
                db.session.rollback()
                answers.append(refused)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_each_step_is_taken_once(marked: Any, make_account: Any, join_codes: Any, app: Flask) -> None:
    scene = marked()

    class Organiser:
        actor_id: int | None = make_account("Ban Tổ chức").id
        actor_name = "Ban Tổ chức"

    contest_id, round_id = scene.contest.id, scene.round.id
    join_codes(scene.contest)

    def contest() -> Contest:
        found = db.session.get(Contest, contest_id)
        assert found is not None
        # As a page does that shows what there is before the step is taken.
        result = queries.result_in_force(found)
        _ = result and [award.certificates for award in result.awards]
        return found

    def lock() -> None:
        round_ = db.session.get(Round, round_id)
        assert round_ is not None
        actions.lock_round(contest(), round_, actor=Organiser(), now=NOW)

    def decide() -> None:
        facts: dict[str, Any] = {"number": "12", "issued_on": date(2024, 10, 10), "signer_block": "", "note": ""}
        actions.decide_prizes(contest(), {}, actor=Organiser(), now=NOW, **facts)

    locked = _at_once(app, lock)
    decided = _at_once(app, decide)
    published = _at_once(app, lambda: actions.publish(contest(), actor=Organiser(), now=NOW) and None)
    certified = _at_once(
        app, lambda: len(certificate_actions.issue_certificates(contest(), actor=Organiser(), now=NOW))
    )

    assert decided == [None] * 8
    assert db.session.query(Award).count() == 3
    for answers, code in ((locked, "already_locked"), (published, "already_published")):
        refused = [answer for answer in answers if answer is not None]
        assert [item.obstacles[0].code for item in refused] == [code] * 7, refused
    assert sorted(certified) == [0] * 7 + [3], certified
    numbers = sorted(row.number for row in db.session.query(Certificate))
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]
    assert db.session.query(AuditEvent).filter_by(action="results.publish").count() == 1


@pytest.fixture
def advanced(marked: Any, make_account: Any) -> tuple[Any, Any]:
    """Two rounds; the first is locked, and its two best were admitted to the second."""
    scene, secretary = marked(rules=TWO_ROUNDS), make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=random.Random(1))
    db.session.commit()
    return scene, secretary


def test_whom_a_corrected_result_leaves_behind_is_taken_out_again(advanced: tuple[Any, Any]) -> None:
    scene, secretary = advanced
    final = scene.contest.rounds[1].id
    kept = db.session.query(RoundEntry).filter_by(round_id=final, entry_id=scene.entries[0].id).one().code
    actions.reopen(scene.contest, scene.round, reason="Nhập nhầm phiếu", actor=secretary, now=NOW)
    for sheet in scene.sheets[2:4]:
        sheet.marks = dict(zip(KEYS, ("10", "10", "1"), strict=True))
    scene.round.state = "confirmed"
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=random.Random(2))
    db.session.commit()

    codes = {row.entry_id: row.code for row in db.session.query(RoundEntry).filter_by(round_id=final)}
    assert codes.keys() == {scene.entries[0].id, scene.entries[2].id}
    assert codes[scene.entries[0].id] == kept


class _Rigged(random.Random):
    """Draws these numbers, in this order."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(0)
        self.numbers = numbers

    def randrange(self, *_range: int) -> int:  # type: ignore[override]
        return self.numbers.pop(0)


def test_the_code_of_whom_was_taken_out_never_names_another_entry(advanced: tuple[Any, Any]) -> None:
    scene, secretary = advanced
    final = scene.contest.rounds[1].id
    spent = db.session.query(RoundEntry).filter_by(round_id=final, entry_id=scene.entries[1].id).one().code
    actions.reopen(scene.contest, scene.round, reason="Nhập nhầm phiếu", actor=secretary, now=NOW)
    for sheet in scene.sheets[2:4]:
        sheet.marks = dict(zip(KEYS, ("10", "10", "1"), strict=True))
    scene.round.state = "confirmed"
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)

    actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=_Rigged([int(spent), 7001, 7002]))
    db.session.commit()

    codes = {row.entry_id: row.code for row in db.session.query(RoundEntry).filter_by(round_id=final)}
    assert (codes[scene.entries[2].id], spent in codes.values()) == ("7001", False)


def test_a_round_whose_next_was_dealt_out_cannot_be_reopened(
    advanced: tuple[Any, Any], make_panel: Any, make_assignment: Any
) -> None:
    scene, secretary = advanced
    member = scene.sheets[0].panel_member
    member.round_id = scene.contest.rounds[1].id
    make_assignment(scene.entries[0], member)

    with pytest.raises(actions.NotReady) as refused:
        actions.reopen(scene.contest, scene.round, reason="Sửa phiếu", actor=secretary, now=NOW)

    assert [item.code for item in refused.value.obstacles] == ["next_round_begun"]


@pytest.mark.parametrize(("rules", "said"), [(RULES, "Mã phách"), (TWO_ROUNDS, "Mã phách sơ khảo")])
def test_a_code_says_of_which_round_it_is_where_there_are_more(
    app: Flask, make_contest: Any, rules: Any, said: str
) -> None:
    contest = make_contest(rules=rules)
    with app.test_request_context():
        parts = app.jinja_env.get_template("results/_parts.html").make_module({})

        assert str(parts.code_head(contest)).strip() == said  # type: ignore[attr-defined]


def test_a_round_locked_meanwhile_keeps_its_rules(marked: Any, make_account: Any, meanwhile: Meanwhile) -> None:
    """The lock is waited for and what it changed is read: else a result would stand beside rules it was not made by."""
    scene, actor = marked(), make_account("Ban Tổ chức")
    contest_id, round_id, actor_id = scene.contest.id, scene.round.id, actor.id

    def lock() -> None:
        contest, round_ = db.session.get_one(Contest, contest_id), db.session.get_one(Round, round_id)
        actions.lock_round(contest, round_, actor=db.session.get_one(Account, actor_id), now=NOW)

    body = copy.deepcopy(rules_in_force(scene.contest).body)
    body["rounds"][0] |= {"severity": "additive", "advance": None}
    body["rounds"][0].pop("third_marker", None)
    actions_rules.start_number(scene.contest, actor=actor, now=NOW)
    actions_rules.save_draft(scene.contest, body, actor=actor, now=NOW)

    with meanwhile(lock), pytest.raises(actions_rules.RoundLocked):
        _read_before = scene.round.locked_at  # as a page reads; on SQLite that takes the lock
        actions_rules.enforce(scene.contest, seen=actions_rules.body_sha256(body), reason="Đổi", actor=actor, now=NOW)
