"""From the tables to the frozen bundle of formats.md section 2, and back to a checked result.

Everything here goes by blind codes: no query of this file touches an author.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, or_, select

from contest.contests.models import Category, Contest, Round
from contest.contests.queries import rules_in_force
from contest.db import db
from contest.entries.models import Entry, RoundEntry
from contest.judging.ledger import SENT_STATES
from contest.judging.models import Assignment, PanelMember
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.rule_sets import bundle_rules, talks
from contest.rules.tabulation import tabulate

FORMAT = "contest-tabulation/1"
ONE_POOL = "chung"


@dataclass(frozen=True)
class Tabulated:
    """A bundle with what the rules make of it; the texts are the canonical bytes that are stored and hashed."""

    bundle_text: str
    bundle_sha256: str
    document: dict[str, Any]
    document_text: str
    document_sha256: str


def tabulated(bundle: dict[str, Any]) -> Tabulated:
    """Run the rules over a bundle. Raises contest.rules.bundle.Refused, which here means a bug of ours."""
    raw = canonical_bytes(bundle)
    document = tabulate(parse_bundle(bundle))
    written = canonical_bytes(document)
    return Tabulated(raw.decode(), sha256_hex(raw), document, written.decode(), sha256_hex(written))


def round_bundle(
    contest: Contest, round_: Round, *, body: dict[str, Any] | None = None, number: int = 0
) -> dict[str, Any]:
    """The input of one round's result. `body` and `number`: other rules than those in force, for a preview."""
    if body is None:
        rule_set = rules_in_force(contest)
        body, number = rule_set.body, rule_set.number
    sheets = _sheets([round_], body)
    criteria = _criteria(body)
    return {
        "format": FORMAT,
        "rules": bundle_rules(body, number, round_key=round_.key),
        "judges": _judges(sheets, prefix=False),
        "entries": [_entry(row, body) for row in _taking_part(round_)],
        "marks": [
            mark for row in sheets for mark in _single_marks(row, row.code, _judge_key(row), criteria[row.round_key])
        ],
        "adjustments": [],
    }


def contest_bundle(contest: Contest, *, body: dict[str, Any] | None = None, number: int = 0) -> dict[str, Any]:
    """The input of the whole contest's result. An entry's key is its code of the first round.

    With several rounds a judge's key names the round too: J1 of one is not J1 of another.
    """
    if body is None:
        rule_set = rules_in_force(contest)
        body, number = rule_set.body, rule_set.number
    rounds = list(contest.rounds)
    prefix = len(rounds) > 1
    entries: dict[int, dict[str, Any]] = {}
    for round_ in rounds:
        for row in _taking_part(round_):
            entry = entries.setdefault(row.entry_id, _entry(row, body) | {"rounds": []})
            entry["rounds"].append(round_.key)
            entry["withdrawn"] = entry["withdrawn"] or _is_gone(row)
    sheets = _sheets(rounds, body)
    criteria = _criteria(body)
    return {
        "format": FORMAT,
        "rules": bundle_rules(body, number),
        "judges": _judges(sheets, prefix=prefix),
        "entries": list(entries.values()),
        "marks": [
            mark
            for row in sheets
            for mark in _single_marks(
                row, entries[row.entry_id]["key"], _judge_key(row, prefix=prefix), criteria[row.round_key]
            )
        ],
        "adjustments": [],
    }


def _criteria(body: dict[str, Any]) -> dict[str, list[str]]:
    """Keys of the criteria by round."""
    return {item["key"]: [criterion["key"] for criterion in item["criteria"]] for item in body["rounds"]}


def _judges(sheets: Sequence[Any], *, prefix: bool) -> list[dict[str, Any]]:
    """Whoever was asked for a sheet. A member of the panel without one would be missed at every entry."""
    heads = {_judge_key(row, prefix=prefix): row.head for row in sheets}
    return [{"key": key, "head": head} for key, head in sorted(heads.items())]


def _judge_key(row: Any, *, prefix: bool = False) -> str:
    """A third marker's key sorts after all others: that is how the rules know whose mark is the third."""
    key = f"third-{row.judge}" if row.reason == "third_marker" else str(row.judge)
    return f"{row.round_key}/{key}" if prefix else key


def _single_marks(row: Any, entry_key: str, judge_key: str, criteria: Sequence[str]) -> list[dict[str, Any]]:
    """The sheet's marks; null for each of a sheet that was not sent, so that its judge is named as missing."""
    marks = row.marks if row.state in SENT_STATES else {}
    return [
        {"round": row.round_key, "entry": entry_key, "judge": judge_key, "criterion": key, "value": marks.get(key)}
        for key in criteria
    ]


def _taking_part(round_: Round) -> Sequence[Any]:
    return db.session.execute(
        select(
            RoundEntry.entry_id,
            RoundEntry.code,
            RoundEntry.lot,
            RoundEntry.withdrawn_at,
            Entry.state,
            Entry.screening,
            Category.key.label("pool"),
        )
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(Category, Category.id == Entry.category_id)
        .where(RoundEntry.round_id == round_.id)
        .order_by(RoundEntry.code)
    ).all()


def _is_gone(row: Any) -> bool:
    return bool(row.withdrawn_at is not None or row.state == "withdrawn" or row.screening == "invalid")


def _entry(row: Any, body: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "key": row.code,
        "pool": (row.pool or ONE_POOL) if body.get("pools") == "category" else ONE_POOL,
        "withdrawn": _is_gone(row),
    }
    if row.lot is not None:
        entry["lot"] = row.lot
    return entry


# What a bundle calls the panel of a round that it judged together: one judge, whoever wrote the sheet down.
PANEL = "ban-giam-khao"


def _sheets(rounds: Sequence[Round], body: dict[str, Any]) -> Sequence[Any]:
    """One row per sheet that was asked for and not recused, whether it was sent or not."""
    is_joint = Round.key.in_([item["key"] for item in body["rounds"] if talks(item) == "joint"])
    return db.session.execute(
        select(
            Round.key.label("round_key"),
            RoundEntry.entry_id,
            RoundEntry.code,
            case((is_joint, PANEL), else_=PanelMember.key).label("judge"),
            or_(is_joint, PanelMember.is_head).label("head"),
            Assignment.marks,
            Assignment.state,
            Assignment.reason,
        )
        .join(RoundEntry, RoundEntry.id == Assignment.round_entry_id)
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.round_id.in_([round_.id for round_ in rounds]), Assignment.state != "recused")
        .order_by(Round.position, RoundEntry.code, PanelMember.id)
    ).all()
