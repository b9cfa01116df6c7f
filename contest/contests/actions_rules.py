"""Changing a contest's rule set: the draft, its freezing, and the next number with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from contest import audit
from contest.audit import Actor
from contest.contests import markup, queries, words
from contest.contests.holding import hold_anew
from contest.contests.models import Contest, Round, RuleSet
from contest.db import db
from contest.rules import rule_sets
from contest.rules.rule_sets import Problem


class RulesFrozen(Exception):
    """The rule set can no longer be changed; a new number can be made."""

    def __init__(self, number: int) -> None:
        super().__init__(f"rule set {number} is frozen")
        self.number = number


class RulesUnsound(Exception):
    """The body has faults: `problems`, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{item.path}: {item.code}" for item in problems))
        self.problems = list(problems)


class RoundBegun(Exception):
    """A round that is being judged cannot be left out of the rules."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DraftChanged(Exception):
    """The draft is no longer the one that was looked at: somebody has changed it, or put it in force, meanwhile."""


class TalksChanged(Exception):
    """A round that is being judged cannot become joint, or cease to be: sheets written apart would be laid open."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ResultsOut(Exception):
    """What the published results were reached by is not replaced afterwards."""


class RoundLocked(Exception):
    """A round with a locked result is not judged by other rules before that result is taken back."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ReasonMissing(Exception):
    """Rules that people already entered under are changed only with a reason."""


def touch(contest: Contest) -> None:
    """Say that something a visitor could see has changed, on the contest's page and on its campaign's."""
    contest.version += 1
    contest.campaign.version += 1


def freeze_rules(contest: Contest, *, actor: Actor, now: datetime) -> RuleSet:
    """Freeze the rules before the first mark and return those in force. Frozen already: changes nothing.

    A newer draft stays a draft: only `enforce` puts it in force, with its reason.
    """
    rules = queries.rules_in_force(contest)
    if rules.frozen_at is None:
        _freeze(contest, rules, actor=actor, now=now)
    return rules


def save_draft(contest: Contest, body: dict[str, Any], *, actor: Actor, now: datetime) -> RuleSet:
    """Change the draft. Raises RulesUnsound, RulesFrozen or RoundBegun; then nothing is changed."""
    newest = queries.rule_sets_of(contest)[0]
    if newest.frozen_at is not None:
        raise RulesFrozen(newest.number)
    if problems := rule_sets.validate(body):
        raise RulesUnsound(problems)
    differences = rule_sets.changes(newest.body, body)
    if not differences:
        return newest
    if newest.number == 1:
        fit_rounds(contest, body)
        refresh_text(contest, body)
        touch(contest)
    newest.body = deepcopy(body)
    newest.made_at = now
    audit.record(
        actor,
        "contests.save_rules",
        f"contest:{contest.id}",
        now=now,
        contest_id=contest.id,
        details={"number": newest.number, "changed": [change.path for change in differences]},
    )
    return newest


def start_number(contest: Contest, *, actor: Actor, now: datetime) -> RuleSet:
    """A new draft that begins as a copy of the rules in force. There is a draft already: that one."""
    if draft := queries.draft_of(contest):
        return draft
    newest = queries.rule_sets_of(contest)[0]
    made = RuleSet(
        contest_id=contest.id,
        number=newest.number + 1,
        body=deepcopy(newest.body),
        made_by_id=actor.actor_id,
        made_at=now,
    )
    db.session.add(made)
    audit.record(
        actor,
        "contests.start_rules",
        f"contest:{contest.id}",
        now=now,
        contest_id=contest.id,
        details={"number": made.number},
    )
    return made


def drop_draft(contest: Contest, *, actor: Actor, now: datetime) -> None:
    """Give up a draft that follows frozen rules; the first one stays. No draft: nothing to do."""
    draft = queries.draft_of(contest)
    if draft is None or draft.number == 1:
        return
    db.session.delete(draft)
    audit.record(
        actor,
        "contests.drop_rules",
        f"contest:{contest.id}",
        now=now,
        contest_id=contest.id,
        details={"number": draft.number},
    )


def enforce(contest: Contest, *, seen: str, reason: str, actor: Actor, now: datetime) -> RuleSet:
    """Freeze the draft, so that it is in force from now on.

    seen: body_sha256 of the draft that was looked at; what differs is not put in force unseen (DraftChanged).
    Raises ReasonMissing where it replaces frozen rules without a reason, RoundBegun, TalksChanged,
    RoundLocked, RulesUnsound, ResultsOut. Marks that were confirmed by other rules are to be confirmed again.
    """
    hold_anew(contest.id)  # a result that is being locked comes before it, or is of these rules
    draft = queries.draft_of(contest)
    if draft is None:
        return queries.rules_in_force(contest)
    if contest.results_published_at is not None:
        raise ResultsOut
    if body_sha256(draft.body) != seen:
        raise DraftChanged
    if draft.number > 1 and not reason.strip():
        raise ReasonMissing
    if problems := rule_sets.validate(draft.body):
        raise RulesUnsound(problems)
    before = queries.rules_in_force(contest).body
    _keep_apart(contest, before, draft.body)
    _ask_again(contest, before, draft.body, actor=actor, now=now)
    draft.reason = reason.strip()
    fit_rounds(contest, draft.body)
    refresh_text(contest, draft.body)
    _freeze(contest, draft, actor=actor, now=now)
    return draft


def _freeze(contest: Contest, rules: RuleSet, *, actor: Actor, now: datetime) -> None:
    rules.frozen_at = now
    rules.frozen_by_id = actor.actor_id
    rules.sha256 = body_sha256(rules.body)
    touch(contest)
    audit.record(
        actor,
        "contests.freeze_rules",
        f"contest:{contest.id}",
        now=now,
        contest_id=contest.id,
        details={"number": rules.number, "sha256": rules.sha256, "reason": rules.reason},
    )


def body_sha256(body: dict[str, Any]) -> str:
    """Of the canonical form: keys sorted, no spaces, UTF-8 (as formats.md section 2 has it for bundles)."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fit_rounds(contest: Contest, body: dict[str, Any]) -> None:
    """Make the contest's rounds those of the body: same keys, names and order. Raises RoundBegun."""
    wanted = {item["key"]: item["name"] for item in body["rounds"]}
    present = {row.key: row for row in contest.rounds}
    for key, row in present.items():
        if key not in wanted:
            if row.state != "waiting":
                raise RoundBegun(row.name)
            _remove_round(contest, row)
    for position, (key, name) in enumerate(wanted.items(), 1):
        row = present.get(key) or Round(contest_id=contest.id, key=key, position=position, name=name)
        row.position, row.name = position, name
        if key not in present:
            contest.rounds.append(row)


def _keep_apart(contest: Contest, before: dict[str, Any], body: dict[str, Any]) -> None:
    """Raises TalksChanged where a round that has begun would be judged jointly from now on, or no longer."""
    for row in contest.rounds:
        if row.state != "waiting" and row.key in _joint(before) ^ _joint(body):
            raise TalksChanged(row.name)


def _ask_again(
    contest: Contest, before: dict[str, Any], body: dict[str, Any], *, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Take back the confirmation of rounds whose rules change: it was given to another result. Raises RoundLocked."""
    for row in queries.confirmed_otherwise(contest, before, body):
        if row.locked_at is not None:
            raise RoundLocked(row.name)
        row.state, row.confirmed_at, row.confirmed_by_id = "closed", None, None
        audit.record(
            actor, "contests.take_back_confirmation", f"round:{row.id}", now=now, contest_id=contest.id, details={}
        )  # fmt: skip


def _joint(body: dict[str, Any]) -> set[str]:
    return {item["key"] for item in body["rounds"] if rule_sets.talks(item) == "joint"}


def refresh_text(contest: Contest, body: dict[str, Any]) -> None:
    """Make the HTML of the full rules anew; whatever its places stand for may have changed."""
    contest.rules_html = markup.render(contest.rules_text, words.facts(contest, body))


def _remove_round(contest: Contest, row: Round) -> None:
    name = row.name
    contest.rounds.remove(row)
    db.session.delete(row)
    try:
        db.session.flush()
    except IntegrityError:
        # Later rooms' rows hang on it: a panel, entries taking part.
        raise RoundBegun(name) from None
