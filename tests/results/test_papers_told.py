"""What the minutes and decisions say of what happened: figures that add up, words and no codes, room to sign."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from contest.contests.models import RuleSet
from contest.db import db
from contest.documents.data import signature_from
from contest.entries.models import Screening
from contest.entries.words import REASONS as VERDICT_REASONS
from contest.judging.models import PanelMember
from contest.results import actions, papers
from contest.results.queries import result_in_force
from contest.results.wording import REASONS
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW

TOLD = {"place": "Hội trường", "began": NOW, "ended": NOW, "secretary": "Lý Thị Thư", "chair": "Vi Văn Trưởng"}


def _words(paper: bytes) -> str:
    return "\n".join(
        node.text or "" for node in Document(io.BytesIO(paper)).element.body.iter() if node.tag[-2:] == "}t"
    )


def _minutes(scene: Any) -> str:
    result = result_in_force(scene.contest, scene.round)
    return _words(papers.minutes(scene.contest, scene.round, result, TOLD, now=NOW))


def test_every_reason_of_a_verdict_has_words_for_the_minutes() -> None:
    assert set(REASONS) == set(VERDICT_REASONS)


def test_minutes_count_what_was_withdrawn_and_name_reasons(marked: Any, make_entry: Any, make_account: Any) -> None:
    scene = marked()
    clerk = make_account("Thư ký")
    make_entry(scene.contest, state="withdrawn")
    make_entry(scene.contest, state="withdrawn", submitted_at=None)
    bad = make_entry(scene.contest, screening="invalid")
    db.session.add(
        Screening(
            entry_id=bad.id, version_id=bad.versions[0].id, verdict="invalid", reasons=["wrong_length"], by_id=clerk.id,
            at=NOW,
        )
    )  # fmt: skip
    actions.lock_round(scene.contest, scene.round, actor=clerk, now=NOW)

    said = _minutes(scene)

    assert "Tiếp nhận 6 bài; hợp lệ 4 bài; không hợp lệ 1 bài; tác giả rút 1 bài." in said
    assert "Không đúng số chữ quy định: 1 bài" in said


def test_minutes_say_who_chaired_beside_the_post(marked: Any, make_account: Any) -> None:
    scene = marked()
    head = db.session.query(PanelMember).filter_by(round_id=scene.round.id, is_head=True).one()
    head.account.post = "Nhà báo"
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    assert f"{head.account.full_name}, Nhà báo, Trưởng Ban Giám khảo" in _minutes(scene)


def test_minutes_say_of_the_lower_entry_how_a_tie_was_decided(marked: Any, make_account: Any) -> None:
    scene = marked()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    said = _minutes(scene)

    assert said.count("xếp sau theo tiêu chí phụ") == 1
    assert said.index("2222") < said.index("3333") < said.index("xếp sau theo tiêu chí phụ") < said.index("4444")


def test_the_draft_says_of_the_lower_entry_how_a_tie_was_decided(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    tally = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))

    page = tally.get(f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/ket-qua").text

    assert page.index("3333") < page.index("bằng điểm bài trên, xếp sau theo tiêu chí") < page.index("4444")


def test_rules_that_replaced_others_are_not_said_to_stand_before_the_first_mark(marked: Any, make_account: Any) -> None:
    scene = marked()
    body = scene.contest.rule_sets[0].body
    db.session.add(RuleSet(contest_id=scene.contest.id, number=2, body=body, made_at=NOW, frozen_at=NOW))
    db.session.commit()
    db.session.expire_all()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)

    said = _minutes(scene)

    assert "Quy chế chấm số 2, áp dụng từ ngày" in said
    assert "trước khi chấm" not in said and "trước khi có phiếu chấm" not in said


def test_a_name_on_the_last_line_gets_room_above_it_for_signature_and_seal() -> None:
    typed = signature_from("T/M BAN TỔ CHỨC\nPHÓ TRƯỞNG BAN\nMa Thị Hằng")
    unnamed = signature_from("T/M BAN TỔ CHỨC\nPHÓ TRƯỞNG BAN")

    assert (typed.lines, typed.name) == (("T/M BAN TỔ CHỨC", "PHÓ TRƯỞNG BAN"), "Ma Thị Hằng")
    assert (unnamed.lines, unnamed.name) == (("T/M BAN TỔ CHỨC", "PHÓ TRƯỞNG BAN"), "")


def test_a_decision_says_who_receives_it(decided: Any) -> None:
    said = _words(papers.decision(decided.contest, result_in_force(decided.contest)))

    assert "Nơi nhận:" in said and "- Như Điều 3," in said
