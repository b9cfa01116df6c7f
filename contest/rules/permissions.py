"""Who may do what: roles, actions, and the scope a role is given for (domain.md section 2D).

A role is given for the whole installation, for a campaign, for a contest or for a unit. A
person may hold several; what one role may not do, another of theirs does not forbid, except
for the pairs in `NEVER_TOGETHER`, which the same person may not hold in the same contest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of domain.md 2D. Public and contestant need no grant: anyone, and anyone signed in."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    INTAKE_SECRETARY = "intake_secretary"
    CODE_KEEPER = "code_keeper"
    JUDGE = "judge"
    HEAD_JUDGE = "head_judge"
    TALLY_SECRETARY = "tally_secretary"
    UNIT_CONTACT = "unit_contact"
    COMMITTEE_MEMBER = "committee_member"
    RECEPTIONIST = "receptionist"


class Action(StrEnum):
    """Everything a guard can ask for, alphabetical. `<verb>_<what>`."""

    APPROVE_UNBLINDING = "approve_unblinding"
    ASSIGN_JUDGES = "assign_judges"
    BACK_UP = "back_up"
    CONFIRM_RESULTS = "confirm_results"
    DECIDE_PRIZES = "decide_prizes"
    DRAW_CODES = "draw_codes"
    GIVE_CERTIFICATES = "give_certificates"
    KEEP_CODES = "keep_codes"
    KEY_IN_SLIPS = "key_in_slips"
    LOCK_RESULTS = "lock_results"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CAMPAIGN = "manage_campaign"
    MANAGE_CONTEST = "manage_contest"
    MANAGE_STAFF = "manage_staff"
    MANAGE_UNITS = "manage_units"
    MARK = "mark"
    PUBLISH_RESULTS = "publish_results"
    READ_AUDIT = "read_audit"
    RECEIVE_ENTRIES = "receive_entries"
    REGISTER_FOR_UNIT = "register_for_unit"
    SCREEN_ENTRIES = "screen_entries"
    SEE_DIFFERENCES = "see_differences"
    SEE_OVERVIEW = "see_overview"
    SEE_PROGRESS = "see_progress"
    SEE_RESULTS_DRAFT = "see_results_draft"
    WRITE_MINUTES = "write_minutes"


A = Action

ALLOWED: Mapping[Role, frozenset[Action]] = {
    # No marks, no author slips: the person who can restore a backup must not also see who wrote what.
    Role.ADMIN: frozenset({A.MANAGE_ACCOUNTS, A.MANAGE_UNITS, A.MANAGE_CAMPAIGN, A.BACK_UP, A.READ_AUDIT}),
    Role.ORGANISER: frozenset(
        {
            A.MANAGE_CAMPAIGN, A.MANAGE_CONTEST, A.MANAGE_STAFF, A.ASSIGN_JUDGES, A.SEE_PROGRESS, A.SEE_OVERVIEW,
            A.SEE_RESULTS_DRAFT, A.DECIDE_PRIZES, A.PUBLISH_RESULTS, A.GIVE_CERTIFICATES, A.WRITE_MINUTES,
            A.APPROVE_UNBLINDING,
        }
    ),
    Role.INTAKE_SECRETARY: frozenset({A.RECEIVE_ENTRIES, A.SCREEN_ENTRIES, A.DRAW_CODES, A.SEE_OVERVIEW}),
    Role.CODE_KEEPER: frozenset({A.KEEP_CODES}),
    Role.JUDGE: frozenset({A.MARK}),
    Role.HEAD_JUDGE: frozenset(
        {A.MARK, A.SEE_PROGRESS, A.SEE_DIFFERENCES, A.CONFIRM_RESULTS, A.SEE_RESULTS_DRAFT, A.WRITE_MINUTES}
    ),
    Role.TALLY_SECRETARY: frozenset(
        {
            A.ASSIGN_JUDGES, A.SEE_PROGRESS, A.SEE_DIFFERENCES, A.KEY_IN_SLIPS, A.LOCK_RESULTS,
            A.SEE_RESULTS_DRAFT, A.WRITE_MINUTES, A.GIVE_CERTIFICATES, A.SEE_OVERVIEW,
        }
    ),
    Role.UNIT_CONTACT: frozenset({A.REGISTER_FOR_UNIT}),
    Role.COMMITTEE_MEMBER: frozenset({A.SEE_OVERVIEW}),
    Role.RECEPTIONIST: frozenset(),
}  # fmt: skip

# Blindness needs these apart: whoever knows names or codes must not mark or hold the marks.
_KNOWS_NAMES = frozenset({Role.INTAKE_SECRETARY, Role.CODE_KEEPER})
_HOLDS_MARKS = frozenset({Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY})
NEVER_TOGETHER: frozenset[frozenset[Role]] = frozenset(
    {frozenset({names, marks}) for names in _KNOWS_NAMES for marks in _HOLDS_MARKS}
    # An organiser gives the contest's roles: one who could take the tally's would read marks before the lock.
    | {frozenset({Role.ORGANISER, role}) for role in (*_HOLDS_MARKS, Role.CODE_KEEPER)}
    | {frozenset({Role.ADMIN, role}) for role in (*_KNOWS_NAMES, *_HOLDS_MARKS)}
)

# Organisers, judges and secretaries cannot enter their own contest (invariant 6).
BARRED_FROM_ENTERING = frozenset(
    {Role.ORGANISER, Role.INTAKE_SECRETARY, Role.CODE_KEEPER, Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY}
)

# Roles that mean something only inside one contest.
CONTEST_ROLES = frozenset({*_KNOWS_NAMES, *_HOLDS_MARKS})


@dataclass(frozen=True)
class Grant:
    """A role and what it was given for; all three empty: the whole installation."""

    role: Role
    campaign_id: int | None = None
    contest_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """Where an action would happen. Both empty: the installation itself."""

    campaign_id: int | None = None
    contest_id: int | None = None


EVERYWHERE = Scope()


def covers(grant: Grant, scope: Scope) -> bool:
    """Whether a grant reaches into a scope. A contest's grant does not reach up to its campaign."""
    if grant.contest_id is not None:
        return grant.contest_id == scope.contest_id
    if grant.campaign_id is not None:
        return grant.campaign_id == scope.campaign_id
    return True


def may(grants: Iterable[Grant], action: Action, scope: Scope) -> bool:
    """Whether any of the grants allows the action there.

    A grant for a unit counts here as one for the scope it names; which units' rows are seen is
    decided by the query, which takes the unit.
    """
    return any(action in ALLOWED[grant.role] and covers(grant, scope) for grant in grants)


def may_give(grants: Iterable[Grant], wanted: Grant, *, campaign_id: int | None = None) -> bool:
    """Whether a holder of `grants` may give or take back `wanted`.

    Who manages accounts gives any role; who manages a contest's staff gives that contest's roles and
    no wider ones, so that nobody lifts themselves. campaign_id: the campaign of `wanted.contest_id`.
    """
    held = list(grants)
    if may(held, Action.MANAGE_ACCOUNTS, EVERYWHERE):
        return True
    if wanted.contest_id is None or wanted.role not in CONTEST_ROLES:
        return False
    return may(held, Action.MANAGE_STAFF, Scope(campaign_id=campaign_id, contest_id=wanted.contest_id))


def clash(held: Iterable[Grant], wanted: Grant, *, campaign_of: Mapping[int, int]) -> Role | None:
    """The role already held that the same person may not have together with `wanted`, or None.

    campaign_of: campaign id by contest id, so that a campaign's grant is seen to overlap its contests.
    """
    for grant in held:
        if frozenset({grant.role, wanted.role}) in NEVER_TOGETHER and _overlap(grant, wanted, campaign_of):
            return grant.role
    return None


def _overlap(one: Grant, other: Grant, campaign_of: Mapping[int, int]) -> bool:
    if one.contest_id is not None and other.contest_id is not None:
        return one.contest_id == other.contest_id
    first = one.campaign_id if one.contest_id is None else campaign_of.get(one.contest_id)
    second = other.campaign_id if other.contest_id is None else campaign_of.get(other.contest_id)
    return first is None or second is None or first == second
