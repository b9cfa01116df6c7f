"""Who may do what, against the table of domain.md section 2D."""

from __future__ import annotations

import pytest

from contest.rules.permissions import (
    ALLOWED,
    EVERYWHERE,
    NEVER_TOGETHER,
    Action,
    Grant,
    Role,
    Scope,
    clash,
    covers,
    may,
)

HERE, THERE = Scope(campaign_id=1, contest_id=10), Scope(campaign_id=2, contest_id=20)

# "Must not" of the table, as actions.
FORBIDDEN = (
    (
        Role.ADMIN,
        (Action.MARK, Action.SEE_DIFFERENCES, Action.KEEP_CODES, Action.RECEIVE_ENTRIES, Action.SCREEN_ENTRIES),
    ),
    (
        Role.ORGANISER,
        (Action.MARK, Action.KEY_IN_SLIPS, Action.SEE_DIFFERENCES, Action.KEEP_CODES, Action.LOCK_RESULTS),
    ),
    (Role.INTAKE_SECRETARY, (Action.MARK, Action.SEE_DIFFERENCES, Action.KEEP_CODES, Action.ASSIGN_JUDGES)),
    (Role.CODE_KEEPER, (Action.MARK, Action.KEY_IN_SLIPS, Action.APPROVE_UNBLINDING, Action.SEE_PROGRESS)),
    (Role.JUDGE, (Action.SEE_DIFFERENCES, Action.SEE_PROGRESS, Action.RECEIVE_ENTRIES, Action.KEEP_CODES)),
    (Role.HEAD_JUDGE, (Action.KEY_IN_SLIPS, Action.RECEIVE_ENTRIES, Action.KEEP_CODES, Action.PUBLISH_RESULTS)),
    (Role.TALLY_SECRETARY, (Action.DECIDE_PRIZES, Action.MARK, Action.RECEIVE_ENTRIES, Action.PUBLISH_RESULTS)),
    (Role.UNIT_CONTACT, tuple(action for action in Action if action is not Action.REGISTER_FOR_UNIT)),
    (Role.COMMITTEE_MEMBER, tuple(action for action in Action if action is not Action.SEE_OVERVIEW)),
    (Role.RECEPTIONIST, tuple(Action)),
)


@pytest.mark.parametrize(("role", "actions"), FORBIDDEN)
def test_a_role_must_not(role: Role, actions: tuple[Action, ...]) -> None:
    assert [action for action in actions if action in ALLOWED[role]] == []


def test_every_role_and_every_action_has_its_place() -> None:
    assert set(ALLOWED) == set(Role)
    assert set(Action) == {action for actions in ALLOWED.values() for action in actions}


@pytest.mark.parametrize(
    ("grant", "scope", "expected"),
    (
        (Grant(Role.JUDGE, contest_id=10), HERE, True),
        (Grant(Role.JUDGE, contest_id=10), THERE, False),
        (Grant(Role.JUDGE, contest_id=10), EVERYWHERE, False),
        (Grant(Role.JUDGE, contest_id=10), Scope(campaign_id=1), False),  # does not reach up
        (Grant(Role.ORGANISER, campaign_id=1), HERE, True),
        (Grant(Role.ORGANISER, campaign_id=1), THERE, False),
        (Grant(Role.ADMIN), HERE, True),
        (Grant(Role.ADMIN), EVERYWHERE, True),
    ),
)
def test_covers(grant: Grant, scope: Scope, expected: bool) -> None:
    assert covers(grant, scope) is expected


def test_nothing_is_allowed_without_a_grant() -> None:
    assert not any(may([], action, HERE) for action in Action)


def test_who_knows_names_never_marks() -> None:
    for names in (Role.INTAKE_SECRETARY, Role.CODE_KEEPER):
        for marks in (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY):
            assert frozenset({names, marks}) in NEVER_TOGETHER


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    (
        (Grant(Role.CODE_KEEPER, contest_id=10), Grant(Role.JUDGE, contest_id=10), Role.CODE_KEEPER),
        (Grant(Role.CODE_KEEPER, contest_id=20), Grant(Role.JUDGE, contest_id=10), None),
        (Grant(Role.ORGANISER, campaign_id=1), Grant(Role.JUDGE, contest_id=10), Role.ORGANISER),
        (Grant(Role.ORGANISER, campaign_id=2), Grant(Role.JUDGE, contest_id=10), None),
        (Grant(Role.ORGANISER), Grant(Role.TALLY_SECRETARY, contest_id=10), Role.ORGANISER),
        (Grant(Role.ADMIN), Grant(Role.TALLY_SECRETARY, contest_id=10), Role.ADMIN),
        (Grant(Role.JUDGE, contest_id=10), Grant(Role.HEAD_JUDGE, contest_id=10), None),
    ),
)
def test_clash(held: Grant, wanted: Grant, expected: Role | None) -> None:
    assert clash([held], wanted, campaign_of={10: 1, 20: 2}) is expected
