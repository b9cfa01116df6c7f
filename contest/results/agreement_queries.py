"""The agreement of a round's panel (rules/agreement.py), kept in memory by what it was measured on.

Everything here goes by blind codes and judges' keys. Names of judges are read apart (`judge_names`), those of authors
never.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.judging.models import PanelMember
from contest.results.bundles import contest_bundle, round_bundle
from contest.results.models import Result
from contest.results.queries import next_round, result_in_force
from contest.rules.agreement import place_agreement, round_agreement
from contest.rules.agreement_tables import tables
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.rule_sets import round_max

ENDED = frozenset({"closed", "confirmed"})
CAPACITY = 32
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """What the page shows of a round.

    panel: the report of the round; places: what hangs on single judges. `whole`: the places are those of the whole
    contest, where entries go by their codes of the first round and judges by "round/key". greatest: the most points
    a judge can give, None where a criterion has no limit. prizes: (key, name) in the order of the rules.
    pools: of the entries that `places` speaks of.
    """

    panel: Part
    places: Part
    whole: bool
    greatest: Decimal | None
    prizes: tuple[tuple[str, str], ...]
    pools: Mapping[str, str | None]


def has_ended(round_: Round) -> bool:
    """Whether marking is over: before that, figures could steer those who still mark."""
    return round_.state in ENDED


def report(contest: Contest, round_: Round) -> Report:
    """Measured on the marks of the locked result, or on those of the ended round.

    Places of a round that leads to another are who goes on; of the last round they are the contest's prizes.
    """
    whole = next_round(round_) is None
    own = _bundle(result_in_force(contest, round_), lambda: round_bundle(contest, round_))
    other = _bundle(result_in_force(contest), lambda: contest_bundle(contest)) if whole else own
    panel = _kept(f"panel:{own.sha256}", lambda: _panel(own, round_.key))
    places = _kept(f"places:{other.sha256}", lambda: _places(other))
    return Report(panel["report"], places["report"], whole, panel["greatest"], places["prizes"], places["pools"])


def judge_names(contest: Contest) -> dict[tuple[str, str], str]:
    """Names of the judges by round's key and judge's key."""
    rows = db.session.execute(
        select(Round.key, PanelMember.key, Account.full_name)
        .join(PanelMember, PanelMember.round_id == Round.id)
        .join(Account, Account.id == PanelMember.account_id)
        .where(Round.contest_id == contest.id)
    )
    return {(round_, judge): name for round_, judge, name in rows}


@dataclass(frozen=True)
class _Bundle:
    sha256: str
    read: Callable[[], dict[str, Any]]


def _bundle(locked: Result | None, make: Callable[[], dict[str, Any]]) -> _Bundle:
    """A locked result's bundle is read only where its figures are not kept yet."""
    if locked is not None:
        text = locked.bundle
        return _Bundle(locked.bundle_sha256, lambda: json.loads(text))
    made = make()
    return _Bundle(sha256_hex(canonical_bytes(made)), lambda: made)


def _panel(bundle: _Bundle, key: str) -> dict[str, Any]:
    raw = bundle.read()
    greatest = next(round_max(item) for item in raw["rules"]["rounds"] if item["key"] == key)
    return {"report": round_agreement(tables(parse_bundle(raw))[key]), "greatest": greatest}


def _places(bundle: _Bundle) -> dict[str, Any]:
    raw = bundle.read()
    prizes = tuple((prize["key"], prize["name"]) for prize in raw["rules"]["prizes"])
    pools = {entry["key"]: entry["pool"] for entry in raw["entries"]}
    return {"report": place_agreement(parse_bundle(raw)), "prizes": prizes, "pools": pools}


_found: OrderedDict[str, dict[str, Any]] = OrderedDict()
# Two who measure at once would only take each other's time: the second waits, and finds it done.
_measuring = Lock()


def _kept(name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with _measuring:
        if name not in _found:
            _found[name] = measure()
            while len(_found) > CAPACITY:
                _found.popitem(last=False)
        _found.move_to_end(name)
        return _found[name]


def forget() -> None:
    """Empty the memory: for tests."""
    with _measuring:
        _found.clear()
