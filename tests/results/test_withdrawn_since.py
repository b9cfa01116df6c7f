"""An entry withdrawn after the lock: its result stays as it was frozen, and nothing is given on it unseen."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from contest.db import db
from contest.entries.submit_actions import withdraw
from contest.results import actions, certificate_actions, queries
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.results.test_lock import TWO_ROUNDS

REASON = "Tác giả gửi thư xin rút: bài đã đăng ở nơi khác"


def _withdraw(entry: Any, actor: Any) -> None:
    withdraw(entry, reason=REASON, account=actor, now=NOW, by_staff=True)
    db.session.commit()


def _decide(scene: Any) -> None:
    actions.decide_prizes(
        scene.contest, {}, number="12-QĐ/BTC", issued_on=date(2024, 10, 10), signer_block="", note="",
        actor=scene.organiser, now=NOW,
    )  # fmt: skip


def _told(refused: Any) -> list[tuple[str, Any]]:
    return [(item.code, item.facts) for item in refused.value.obstacles]


def test_no_prize_is_decided_nor_published_on_a_withdrawn_entry(decided: Any, sign_in: Any) -> None:
    _withdraw(decided.entries[0], decided.organiser)

    with pytest.raises(actions.NotReady) as refused:
        actions.publish(decided.contest, actor=decided.organiser, now=NOW)
    assert _told(refused) == [("withdrawn_since", {"count": 1, "codes": ["1111"]})]
    with pytest.raises(actions.NotReady) as refused:
        _decide(decided)
    assert _told(refused) == [("withdrawn_since", {"count": 1, "codes": ["1111"]})]
    db.session.rollback()
    page = sign_in(decided.organiser).get(f"/cuoc-thi/{decided.contest.slug}/xet-giai").text
    assert "1 bài đã rút sau khi khóa kết quả: 1111" in page


def test_counted_again_the_prize_goes_to_the_next(decided: Any) -> None:
    _withdraw(decided.entries[0], decided.organiser)
    actions.reopen(decided.contest, decided.round, reason="Một bài đã rút", actor=decided.organiser, now=NOW)
    decided.round.state = "confirmed"
    actions.lock_round(decided.contest, decided.round, actor=decided.organiser, now=NOW)

    _decide(decided)
    actions.publish(decided.contest, actor=decided.organiser, now=NOW)

    awards = queries.awards_of(queries.result_in_force(decided.contest))  # type: ignore[arg-type]
    assert decided.entries[0].id not in {award.entry_id for award in awards}


def test_withdrawn_after_publication_it_gets_no_certificate(decided: Any, make_account: Any) -> None:
    actions.publish(decided.contest, actor=decided.organiser, now=NOW)
    _withdraw(decided.entries[0], make_account("Thư ký", Role.INTAKE_SECRETARY, contest=decided.contest))

    made = certificate_actions.issue_certificates(decided.contest, actor=decided.organiser, now=NOW)

    assert [row.recipient for row in made] == ["Lò Văn Ún 2", "Lò Văn Ún 3"]


def test_withdrawn_between_two_rounds_it_is_not_admitted_to_the_next(marked: Any, make_account: Any) -> None:
    scene, secretary = marked(rules=TWO_ROUNDS), make_account("Thư ký")
    actions.lock_round(scene.contest, scene.round, actor=secretary, now=NOW)
    _withdraw(scene.entries[0], secretary)

    with pytest.raises(actions.NotReady) as refused:
        actions.advance(scene.contest, scene.round, actor=secretary, now=NOW, rng=random.Random(1))

    assert _told(refused) == [("withdrawn_since", {"count": 1, "codes": ["1111"]})]
