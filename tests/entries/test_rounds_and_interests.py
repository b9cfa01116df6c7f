"""What other rooms build on: blind codes for a round, and the interests behind each entry."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db
from contest.entries.actions import WrongContest, admit_to_round
from contest.entries.models import Author, Entry, RoundEntry, Unblinding
from contest.entries.queries import admitted, interests, unblinded, valid_entries
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW


class _Statements:
    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> _Statements:
        event.listen(db.engine, "before_cursor_execute", self._one)
        return self

    def __exit__(self, *_: Any) -> None:
        event.remove(db.engine, "before_cursor_execute", self._one)

    def _one(self, *_: Any) -> None:
        self.count += 1


def test_only_submitted_and_valid_entries_count(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry]
) -> None:
    contest, other = make_contest(), make_contest()
    good = make_entry(contest)
    make_entry(contest, screening="pending")
    make_entry(contest, screening="invalid")
    make_entry(contest, state="withdrawn")
    make_entry(contest, state="draft")
    make_entry(other)

    assert valid_entries(contest) == [good]


def test_each_entry_gets_one_code_and_keeps_it(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    secretary = make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest)
    entries = [make_entry(contest) for _ in range(5)]
    round_ = contest.rounds[0]

    first = admit_to_round(round_, entries[:3], actor=secretary, now=NOW, rng=Random(1))
    kept = {row.entry_id: row.code for row in first}
    again = admit_to_round(round_, [*entries, entries[0]], actor=secretary, now=NOW, rng=Random(2))

    assert len(first) == 3
    assert {row.entry_id for row in again} == {entries[3].id, entries[4].id}
    assert {row.entry_id: row.code for row in admitted(round_) if row.entry_id in kept} == kept
    assert len({row.code for row in admitted(round_)}) == 5


def test_ids_and_codes_do_not_tell_the_order_of_receipt(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    entries = [make_entry(contest) for _ in range(12)]

    rows = admit_to_round(contest.rounds[0], entries, actor=make_account(), now=NOW, rng=Random(7))

    by_id = sorted(rows, key=lambda row: row.id)
    assert [row.code for row in by_id] == sorted(row.code for row in rows)
    assert [row.entry_id for row in by_id] != [entry.id for entry in entries]


def test_an_entry_of_another_contest_gets_no_code(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest, other = make_contest(), make_contest()
    foreign = make_entry(other)

    with pytest.raises(WrongContest) as refused:
        admit_to_round(contest.rounds[0], [foreign], actor=make_account(), now=NOW, rng=Random(1))

    assert refused.value.entry_ids == [foreign.id]
    assert db.session.query(RoundEntry).count() == 0


def test_the_trail_of_the_drawing_names_no_entry(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    entry = make_entry(contest)

    admit_to_round(contest.rounds[0], [entry], actor=make_account(), now=NOW, rng=Random(1))

    event_ = db.session.query(AuditEvent).one()
    assert event_.details == {"new": 1, "already_in": 0, "seal": event_.details["seal"], "key": event_.details["key"]}
    assert len(event_.details["seal"]) == 64, "keyed: whoever reads the trail cannot try codes and works against it"


def test_interests_hold_authors_units_phones_and_accounts(
    make_contest: Callable[..., Contest],
    make_entry: Callable[..., Entry],
    make_unit: Callable[..., Any],
    make_account: Callable[..., Any],
) -> None:
    contest = make_contest()
    province = make_unit("Tỉnh")
    commune = make_unit("Xã An Tường", parent=province)
    school = make_unit("Trường", parent=province)
    owner = make_account("Hoàng Văn Páo", unit=school, phone="0912345678", email="Pao@Example.vn")
    entry = make_entry(contest, owner=owner, author="Hoàng Văn Páo", unit_id=commune.id, unit_name=commune.name)
    db.session.add(
        Author(entry_id=entry.id, position=2, full_name="Đỗ Thị Hà", name_key="do thi ha", phone="+84 987 654 321")
    )
    admit_to_round(contest.rounds[0], [entry], actor=owner, now=NOW, rng=Random(1))

    [found] = interests(contest.rounds[0])

    assert found.entry_id == entry.id
    assert found.account_ids == {owner.id}
    assert found.unit_ids == {province.id, commune.id, school.id}
    assert found.names == {"hoang van pao", "do thi ha"}
    assert found.phones == {"84912345678", "84987654321"}
    assert found.emails == {"pao@example.vn"}


def test_who_only_registered_a_paper_entry_has_no_interest_in_it(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    clerk = make_account("Ma Thị Thảo")
    entry = make_entry(contest, owner=clerk, channel="paper")
    entry.authors[0].account_id = None
    admit_to_round(contest.rounds[0], [entry], actor=clerk, now=NOW, rng=Random(1))

    [found] = interests(contest.rounds[0])

    assert found.account_ids == set()


def test_interests_cost_the_same_for_many_entries(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    entries = [make_entry(contest) for _ in range(12)]
    round_ = contest.rounds[0]
    admit_to_round(round_, entries[:2], actor=make_account(), now=NOW, rng=Random(1))
    with _Statements() as few:
        interests(round_)
    admit_to_round(round_, entries, actor=make_account(), now=NOW, rng=Random(1))

    with _Statements() as many:
        found = interests(round_)

    assert len(found) == 12
    assert few.count == many.count == 3


def test_only_an_approved_joining_of_the_whole_contest_unblinds_it(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], make_account: Callable[..., Any]
) -> None:
    contest = make_contest()
    keeper, chief = make_account(), make_account()
    one = Unblinding(
        contest_id=contest.id, entry_id=make_entry(contest).id, reason="x", asked_by_id=keeper.id, asked_at=NOW,
        approved_by_id=chief.id, approved_at=NOW,
    )  # fmt: skip
    whole = Unblinding(contest_id=contest.id, reason="x", asked_by_id=keeper.id, asked_at=NOW)
    db.session.add_all([one, whole])
    db.session.flush()
    before = unblinded(contest)
    whole.approved_by_id, whole.approved_at = chief.id, NOW

    assert (before, unblinded(contest)) == (False, True)
