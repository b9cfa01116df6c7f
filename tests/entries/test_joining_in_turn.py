"""Khớp phách and the course of a round at the same instant: one comes after the other, and knows of it."""

from __future__ import annotations

from typing import Any

import pytest

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.entries import codes_actions, codes_queries
from contest.entries.models import Unblinding
from contest.judging.panel_actions import reopen_round
from tests.fixtures.makers import NOW
from tests.fixtures.meanwhile import Meanwhile


def test_a_round_opened_again_meanwhile_keeps_codes_and_authors_apart(
    make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any, make_account: Any, meanwhile: Meanwhile
) -> None:
    contest = make_contest()
    make_assignment(make_entry(contest), make_panel(contest)[0], state="sent", sent_at=NOW)
    contest.rounds[0].state = "confirmed"
    keeper, approver = make_account("Người giữ phách"), make_account("Người duyệt")
    row = codes_actions.ask(contest, code="", reason="Xét giải", account=keeper, now=NOW)
    db.session.commit()
    ids = (contest.id, contest.rounds[0].id, row.id, approver.id)

    def open_again() -> None:
        round_ = db.session.get_one(Round, ids[1])
        actor = db.session.get_one(Account, ids[3])
        reopen_round(round_.contest, round_, reason="Nhập nhầm phiếu", actor=actor, now=NOW)

    with meanwhile(open_again), pytest.raises(codes_actions.NotJoined) as refused:
        contest, approver = db.session.get_one(Contest, ids[0]), db.session.get_one(Account, ids[3])
        request = codes_queries.request_in(contest, ids[2])
        assert request is not None
        codes_actions.approve(contest, request, account=approver, now=NOW)

    assert refused.value.code == "unconfirmed"
    db.session.rollback()
    assert db.session.get_one(Unblinding, ids[2]).approved_at is None
