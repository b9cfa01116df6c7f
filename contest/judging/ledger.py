"""The ledger: where a sheet's versions are appended. Every write of marks goes through `append`.

Few fixed statements, because a whole hall saves at once: one lock, one read, one write of three rows.
The head of the contest's chain is the one lock of its judging: whoever changes a sheet, its round or
who marks what takes it first (`hold`), so that versions stand in one order and no mark slips in behind
a closing. One row locked, one way: locking sheet, round and head together deadlocked on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Table, bindparam, insert, or_, select, update

from contest.accounts.queries import is_allowed, is_signed_in
from contest.contests.holding import chain_name, chain_name_of, hold
from contest.contests.models import Contest, Round, RuleSet
from contest.db import db
from contest.judging.marks import Marks
from contest.judging.models import Assignment, PanelMember, SheetVersion
from contest.rules.chain import link
from contest.rules.permissions import Action
from contest.rules.rule_sets import Criterion, criteria_of, round_of

# Kinds of a version after which the sheet counts as sent.
SENDING = frozenset({"sent", "correction", "confirmed"})
SENT_STATES = frozenset({"sent", "asked_again"})

_sheets: Table = Assignment.metadata.tables["assignments"]
_versions: Table = Assignment.metadata.tables["sheet_versions"]
_heads: Table = Assignment.metadata.tables["chain_heads"]


newest_rules = (
    select(RuleSet.id)
    .where(RuleSet.contest_id == Contest.id, RuleSet.frozen_at.is_not(None))
    .order_by(RuleSet.number.desc())
    .limit(1)
    .correlate(Contest)
    .scalar_subquery()
)

# Whether the sheet's judge may still mark in its contest. Beside a sheet, its member and its contest.
MAY_MARK = is_allowed(PanelMember.account_id, Action.MARK, campaign_id=Contest.campaign_id, contest_id=Contest.id)
_sign_in = bindparam("sign_in_id", type_=Integer)

_READ = (
    select(
        Assignment.id,
        Assignment.state,
        Assignment.marks,
        Assignment.comment,
        Assignment.version_number,
        Assignment.version_uuid,
        Assignment.has_conflict,
        Assignment.sent_at,
        PanelMember.account_id,
        PanelMember.left_at,
        Round.state.label("round_state"),
        Round.key.label("round_key"),
        Contest.id.label("contest_id"),
        Contest.campaign_id,
        Contest.slug,
        newest_rules.label("rule_set_id"),
        _versions.c.assignment_id.label("twin_of"),
        MAY_MARK.label("may_mark"),
        _heads.c.length.label("chain_length"),
        _heads.c.hash.label("chain_hash"),
    )
    .select_from(Assignment)
    .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(Contest, Contest.id == Round.contest_id)
    .outerjoin(_versions, _versions.c.uuid == bindparam("uuid"))
    .outerjoin(_heads, _heads.c.name == chain_name_of(Contest.id))
    .where(Assignment.public_id == bindparam("public_id"))
)
# Read under the lock, and not taken from the request's beginning: the role may have been taken back, or the sign-in
# ended, while the save waited for its turn.
_READ_OWN = _READ.add_columns(or_(_sign_in.is_(None), is_signed_in(_sign_in)).label("is_signed_in")).where(
    PanelMember.account_id == bindparam("account_id")
)
_CHAIN_OF = (
    select(chain_name_of(Round.contest_id))
    .join(Assignment, Assignment.round_id == Round.id)
    .where(Assignment.public_id == bindparam("public_id"))
)
_HOLD = select(_heads.c.name).where(_heads.c.name == _CHAIN_OF.scalar_subquery()).with_for_update()
_COLUMNS = [column.key for column in _versions.columns if column.key != "id"]
_APART = ("version_number", "has_conflict")
_MIRRORED = (*_APART, "state", "marks", "comment", "version_uuid", "saved_at", "sent_at")
_INSERT = insert(_versions).values({name: bindparam(f"v_{name}") for name in _COLUMNS})
_MIRROR_ALL, _MIRROR_APART = (
    update(_sheets)
    .where(_sheets.c.id == bindparam("v_assignment_id"))
    .values({name: bindparam(f"s_{name}") for name in names})
    for names in (_MIRRORED, _APART)
)
_MOVE_HEAD = (
    update(_heads)
    .where(_heads.c.name == bindparam("chain"))
    .values(length=bindparam("v_seq"), hash=bindparam("v_hash"))
)
# PostgreSQL does the three in one round trip; SQLite knows no writes inside WITH, and has no round trips.
_IN_ONE = {
    holds: _MOVE_HEAD.add_cte(_INSERT.cte("version"), mirror.cte("mirror"))
    for holds, mirror in ((True, _MIRROR_ALL), (False, _MIRROR_APART))
}


@dataclass(frozen=True)
class Sheet:
    """A sheet with all that a save asks about, its contest's ledger held. `row`: see _READ."""

    row: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def read_sheet(
    public_id: str, *, uuid: str, account_id: int | None = None, sign_in_id: int | None = None
) -> Sheet | None:
    """A sheet, held until the transaction ends. `may_mark`: whether its judge still may.

    account_id: only when it is that judge's own; `is_signed_in` then tells of sign_in_id (None: nobody asks).
    uuid: of the version to come; `twin_of` then names the sheet that already has it.
    """
    db.session.flush()
    connection = db.session.connection()  # past the session: there are no rows of the mapper's to be loaded
    query = _READ if account_id is None else _READ_OWN
    asked = {"public_id": public_id, "uuid": uuid, "account_id": account_id, "sign_in_id": sign_in_id}
    is_sqlite = connection.dialect.name == "sqlite"  # there the transaction itself is the lock
    is_held = is_sqlite or connection.execute(_HOLD, asked).one_or_none() is not None
    row = connection.execute(query, asked).one_or_none()
    if row is not None and (row.chain_length is None or not is_held):
        hold(row.contest_id)  # the first save of a contest makes its chain, another one may have just begun it
        row = connection.execute(query, asked).one_or_none()
    return None if row is None else Sheet(row)


# A frozen rule set never changes, so what was read of it stays true. The slug is in the key because ids
# come again in another database (a restored copy, a test).
_read: dict[tuple[int, str, str], tuple[Mapping[str, Any], tuple[Criterion, ...]]] = {}


def _of_round(rule_set_id: int, slug: str, round_key: str) -> tuple[Mapping[str, Any], tuple[Criterion, ...]]:
    key = (rule_set_id, slug, round_key)
    if key not in _read:
        body = db.session.scalars(select(RuleSet.body).where(RuleSet.id == rule_set_id)).one()
        _read[key] = (round_of(body, round_key), tuple(criteria_of(body, round_key)))
    return _read[key]


def criteria(rule_set_id: int, slug: str, round_key: str) -> Sequence[Criterion]:
    """The criteria of a round in a frozen rule set, in the order of the sheet."""
    return _of_round(rule_set_id, slug, round_key)[1]


def round_rules(rule_set_id: int, slug: str, round_key: str) -> Mapping[str, Any]:
    """What a frozen rule set says of a round. Shared: not to be changed."""
    return _of_round(rule_set_id, slug, round_key)[0]


@dataclass(frozen=True)
class Written:
    """What a new version says; the ledger adds number, place and hash."""

    uuid: str
    kind: str
    based_on: str | None
    marks: Marks
    comment: str
    reason: str
    device: str
    client_at: datetime | None
    actor_id: int
    holds: bool


def append(sheet: Sheet, written: Written, *, state: str, has_conflict: bool, now: datetime) -> SheetVersion:
    """Append a version and move the sheet's mirror and the chain's head with it.

    state, has_conflict: of the sheet from now on. The version returned is a plain value, in no session.
    """
    number = sheet.version_number + 1
    version = SheetVersion(
        contest_id=sheet.contest_id, seq=sheet.chain_length + 1, uuid=written.uuid, assignment_id=sheet.id,
        number=number, based_on=written.based_on, kind=written.kind, holds=written.holds, marks=written.marks,
        comment=written.comment, reason=written.reason, device=written.device, actor_id=written.actor_id,
        client_at=written.client_at, server_at=now,
    )  # fmt: skip
    version.hash = link(sheet.chain_hash, version.content())
    values: dict[str, Any] = {f"v_{name}": getattr(version, name) for name in _COLUMNS}
    values |= {"chain": chain_name(sheet.contest_id), "s_version_number": number, "s_has_conflict": has_conflict}
    if written.holds:
        values |= {
            "s_state": state, "s_marks": written.marks, "s_comment": written.comment, "s_version_uuid": written.uuid,
            "s_saved_at": now, "s_sent_at": _sent_at(sheet, written.kind, state, now),
        }  # fmt: skip
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_IN_ONE[written.holds], values)
    else:
        for statement in (_INSERT, _MIRROR_ALL if written.holds else _MIRROR_APART, _MOVE_HEAD):
            connection.execute(statement, values)
    return version


def _sent_at(sheet: Sheet, kind: str, state: str, now: datetime) -> datetime | None:
    """When the marks in force were sent: now, or as before when a draft is written or a version is picked."""
    if kind in SENDING or (state == "sent" and sheet.sent_at is None):
        return now
    return sheet.sent_at  # type: ignore[no-any-return]
