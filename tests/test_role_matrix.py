"""Every route with every role, and with ids of another contest (invariant 12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.contests.models import Contest
from contest.db import db
from contest.rules.permissions import ALLOWED, Action, Grant, Role, covers

# Guards of pages that change nothing anyone could mind when opened with rubbish are opened too: every route is.
PLACES = ("own contest", "other contest")


def _routes(app: Flask) -> list[Any]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"),
        key=lambda rule: (rule.rule, sorted(rule.methods or ())),
    )


@pytest.fixture
def world(make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any) -> dict[str, dict[str, Any]]:
    """Two contests of two campaigns, each with an entry, a panel and a sheet; URL arguments by argument name."""
    return {place: _place(make_contest, make_entry, make_panel, make_assignment) for place in PLACES}


def _place(make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any) -> dict[str, Any]:
    contest: Contest = make_contest()
    entry = make_entry(contest)
    members = make_panel(contest)
    sheet = make_assignment(entry, members[0])
    return {
        "_contest": contest,
        "_entry": entry,
        "_sheet": sheet,
        "contest": contest.slug,
        "campaign": contest.campaign.slug,
        "key": contest.rounds[0].key,
        "public_id": entry.public_id,
    }


def _url(rule: Any, arguments: dict[str, Any], sheet: bool) -> str:
    """The rule's address with this place's arguments; anything else gets a value that exists nowhere."""
    values = {}
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        if name == "public_id" and sheet:
            values[name] = arguments["_sheet"].public_id
        elif name in arguments:
            values[name] = arguments[name]
        elif converter == "AnyConverter":
            values[name] = re.search(r"any\('?([^,')]+)", rule.rule).group(1)  # type: ignore[union-attr]
        else:
            values[name] = 987654 if converter == "IntegerConverter" else "khong-co"
    address = rule.build(values, append_unknown=False)
    assert address is not None, rule.rule
    return str(address[1])


class _Nothing:
    public_id = "khong-co"


def _open(client: FlaskClient, rule: Any, address: str) -> int:
    methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    method = "GET" if "GET" in methods else sorted(methods)[0]
    status = client.open(address, method=method, headers={"Accept": "text/html"}).status_code
    if status in (400, 415) and method != "GET":
        # A program's call: with a body it is refused for the same reasons as a page.
        status = client.open(address, method=method, json={}).status_code
    db.session.rollback()
    return status


def _may(role: Role, guard: str, own: bool) -> bool:
    grant = Grant(role, contest_id=1)
    scope_matches = own or covers(grant, Grant(role, contest_id=2))  # type: ignore[arg-type]
    return scope_matches and any(Action(name) in ALLOWED[role] for name in guard.split(" | "))


def test_a_visitor_gets_public_pages_only(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    for rule in _routes(app):
        guard = app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]
        status = _open(client, rule, _url(rule, world["own contest"], rule.rule.startswith("/cham")))
        if guard == "public":
            assert status not in (401, 403, 500), f"{rule.rule}: {status}"
        else:
            assert status in (302, 401), f"{rule.rule} answered a visitor with {status}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(
    app: Flask, world: dict[str, Any], make_account: Callable[..., Any], sign_in: Callable[..., FlaskClient], role: Role
) -> None:
    own = world["own contest"]["_contest"]
    account = make_account("Người thử", contest=own)
    _grant(account, role, own)
    client = sign_in(account)
    for place in PLACES:
        for rule in _routes(app):
            guard = app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]
            if guard in ("public", "signed_in") or not rule.arguments & {"contest", "campaign"}:
                continue
            if rule.endpoint in ("accounts.sign_out",):
                continue
            allowed = _may(role, guard, place == "own contest") and "contest" in rule.arguments
            status = _open(client, rule, _url(rule, world[place], False))
            if allowed:
                assert status not in (401, 500), f"{role} at {place} {rule.rule}: {status}"
            else:
                assert status == 403, f"{role} at {place} {rule.rule}: {status}, guard {guard}"


def _grant(account: Any, role: Role, contest: Contest) -> None:
    from contest.accounts.models import RoleGrant
    from contest.db import utcnow

    db.session.add(RoleGrant(account_id=account.id, role=role, contest_id=contest.id, given_at=utcnow()))
    db.session.commit()


@pytest.mark.parametrize("role", list(Role))
def test_ids_of_another_contest_are_not_found(
    app: Flask, world: dict[str, Any], make_account: Callable[..., Any], sign_in: Callable[..., FlaskClient], role: Role
) -> None:
    """Own contest's address with the other contest's entry or sheet in it."""
    own, other = world["own contest"], world["other contest"]
    account = make_account("Người thử", contest=own["_contest"])
    _grant(account, role, own["_contest"])
    client = sign_in(account)
    mixed = {**own, "public_id": other["public_id"], "_sheet": other["_sheet"]}
    for rule in _routes(app):
        if not rule.arguments & {"public_id"} or app.view_functions[rule.endpoint].guard == "public":  # type: ignore[attr-defined]
            continue
        sheet = rule.rule.startswith("/cham")
        status = _open(client, rule, _url(rule, mixed, sheet))
        nowhere = _open(client, rule, _url(rule, {**own, "public_id": "khong-co", "_sheet": _Nothing}, sheet))

        # A body may be refused before the id is looked up; then an id that exists nowhere reads the same.
        assert status in (403, 404) or status == nowhere == 400, f"{role} {rule.rule}: {status}"
