"""Texts that are alike, found in the background: one fingerprint, one question each, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import similar_actions, similar_jobs, similar_queries
from contest.entries.models import Entry, Fingerprint, LikePair
from contest.entries.submit_actions import withdraw
from tests.entries.alike import again, listed, prose, work_off


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def hand_in(make_entry: Callable[..., Entry]) -> Callable[..., Entry]:
    """hand_in(contest, text, **columns): an entry with this text, not yet compared."""

    def make(contest: Contest, text: str, **columns: Any) -> Entry:
        entry = make_entry(contest, **columns)
        entry.versions[0].text = text
        db.session.commit()
        return entry

    return make


def test_a_copy_is_found_and_the_later_entry_stands_first(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    source = prose(400, 1)
    hand_in(contest, source, title="Gốc")
    hand_in(contest, prose(400, 2), title="Khác")
    hand_in(contest, prose(50, 3) + " " + source[: len(source) // 2], title="Chép")

    work_off()

    assert listed(contest) == [("Chép", "Gốc")]
    [pair] = db.session.query(LikePair).all()
    assert pair.one_shared == pair.other_shared
    assert 195 <= pair.one_shared <= 205
    assert pair.other.words == 400
    assert pair.state == "open"


def test_what_was_done_is_not_done_again(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    for number in range(4):
        hand_in(contest, prose(200, number))
    work_off()
    before = {row.id: row.compared_at for row in db.session.query(Fingerprint)}

    done = work_off()

    assert done == 1  # the question whether anything is missing, and nothing after it
    assert {row.id: row.compared_at for row in db.session.query(Fingerprint)} == before
    assert len(before) == 4


def test_one_more_entry_is_one_fingerprint_and_one_question(
    contest: Contest, hand_in: Callable[..., Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = prose(200, 1)
    hand_in(contest, source, title="Gốc")
    for number in range(2, 6):
        hand_in(contest, prose(200, number))
    work_off()
    compared: list[int] = []
    real = similar_jobs.compare_words
    monkeypatch.setattr(similar_jobs, "compare_words", lambda a, b: compared.append(1) or real(a, b))
    hand_in(contest, source, title="Chép")

    done = work_off()

    assert done == 2
    assert len(compared) == 1  # with the one it copies; the index rules the others out
    assert listed(contest) == [("Chép", "Gốc")]


def test_two_that_come_in_at_once_meet(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    source = prose(200, 1)
    hand_in(contest, source)
    hand_in(contest, source)

    work_off()

    assert db.session.query(LikePair).count() == 1


def test_a_text_taken_back_leaves_the_list_and_one_replaced_too(
    contest: Contest, hand_in: Callable[..., Entry], make_account: Callable[..., Account]
) -> None:
    source = prose(200, 1)
    first, second, third = (hand_in(contest, source, title=name) for name in ("Một", "Hai", "Ba"))
    work_off()
    every = listed(contest)
    withdraw(first, reason="Tác giả xin rút", account=make_account(), now=utcnow(), by_staff=True)
    db.session.commit()
    without_first = listed(contest)

    again(third, prose(200, 9))
    at_once = listed(contest)
    work_off()

    assert sorted(every) == [("Ba", "Hai"), ("Ba", "Một"), ("Hai", "Một")]
    assert without_first == [("Ba", "Hai")]
    assert at_once == listed(contest) == []
    assert db.session.query(LikePair).count() == 3  # on record all the same
    assert second.state == "submitted"


def test_handed_in_again_unchanged_a_text_keeps_what_was_decided(
    contest: Contest, hand_in: Callable[..., Entry], make_account: Callable[..., Account]
) -> None:
    source = prose(200, 1)
    hand_in(contest, source)
    entry = hand_in(contest, source)
    work_off()
    [pair] = db.session.query(LikePair).all()
    clerk = make_account()
    similar_actions.decide(
        pair, verdict="cleared", reason="Cùng trích một văn bản", seen=0, account=clerk, now=utcnow()
    )
    db.session.commit()

    again(entry, source)
    work_off()

    assert similar_queries.counts(contest) == {"cleared": 1}
    assert db.session.query(Fingerprint).count() == 2


def test_a_text_that_comes_back_meets_who_came_meanwhile(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    source = prose(200, 1)
    entry = hand_in(contest, source, title="Gốc")
    work_off()
    again(entry, prose(200, 2))
    hand_in(contest, source, title="Chép")
    work_off()
    meanwhile = listed(contest)

    again(entry, source)
    work_off()

    assert meanwhile == []
    assert listed(contest) == [("Chép", "Gốc")]


def test_earlier_years_are_compared_and_another_contest_of_the_year_is_not(
    contest: Contest, hand_in: Callable[..., Entry], make_contest: Callable[..., Contest],
    make_campaign: Callable[..., Any],
) -> None:  # fmt: skip
    source = prose(200, 1)
    beside = make_contest()
    before = make_contest(campaign=make_campaign(year=2022))
    hand_in(contest, source, title="Năm nay")
    hand_in(beside, source, title="Bên cạnh")
    hand_in(before, source, title="Năm trước")

    work_off()

    assert listed(contest) == [("Năm nay", "Năm trước")]
    assert listed(beside) == [("Bên cạnh", "Năm trước")]
    assert listed(before) == []


def test_what_the_rules_of_the_contest_say_proves_nothing(
    make_contest: Callable[..., Contest], hand_in: Callable[..., Entry]
) -> None:
    rules = prose(120, 7)
    quoting, plain = make_contest(rules_text=rules), make_contest()
    for contest in (quoting, plain):
        hand_in(contest, prose(180, 1 + contest.id * 10) + " " + rules)
        hand_in(contest, rules + " " + prose(180, 2 + contest.id * 10))

    work_off()

    assert len(listed(plain)) == 1
    assert listed(quoting) == []


def test_photographs_have_no_words_and_do_not_come_up_again(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    hand_in(contest, "")
    hand_in(contest, "")

    work_off()

    assert similar_queries.progress(contest) == (2, 2)
    assert listed(contest) == []
    assert work_off() == 1


def test_a_hundred_and_more_are_taken_in_turns(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    source = prose(40, 1)
    for _ in range(similar_jobs.BATCH + 3):
        hand_in(contest, source)

    while work_off() > 1:
        pass

    assert similar_queries.progress(contest) == (similar_jobs.BATCH + 3,) * 2
    assert db.session.query(LikePair).count() == (similar_jobs.BATCH + 3) * (similar_jobs.BATCH + 2) // 2


def test_the_index_of_a_process_follows_the_rows(contest: Contest, hand_in: Callable[..., Entry]) -> None:
    source = prose(200, 1)
    entry = hand_in(contest, source, title="Gốc")
    work_off()
    entry.state = "withdrawn"
    db.session.commit()
    hand_in(contest, source, title="Chép")
    work_off()
    alone = db.session.query(LikePair).count()

    entry.state = "submitted"
    db.session.commit()
    hand_in(contest, source, title="Chép nữa")
    work_off()

    assert alone == 0
    assert listed(contest) == [("Chép nữa", "Gốc"), ("Chép nữa", "Chép")]
