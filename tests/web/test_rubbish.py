"""Whatever is sent to whatever route, by whoever may do most, the answer is never "the program failed"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import views, views_own, views_people
from contest.accounts.models import RoleGrant
from contest.contests import views_staff
from contest.db import db, utcnow
from contest.entries.models import EntryVersion, JudgeCopy
from contest.entries.slip import Slip
from contest.rules.permissions import Role
from contest.web.inputs import CleanRequest
from tests.web import rubbish


@pytest.fixture
def nothing_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write reaches the database and none stays: each attempt meets the same rows. Passwords hash at once."""
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    for file in (views, views_own, views_people, views_staff):
        for name, quick in (("hashed", lambda _password: "hash"), ("matches", lambda _password, _hash: False)):
            if hasattr(file, name):
                monkeypatch.setattr(file, name, quick)


@pytest.fixture
def world(
    make_contest: Any,
    make_entry: Any,
    make_panel: Any,
    make_assignment: Any,
    make_account: Any,
    make_unit: Any,
    sign_in: Any,
) -> dict[str, Any]:
    """One of everything that an address can name, and somebody who holds every role."""
    contest, unit = make_contest(), make_unit("Xã Minh Dân")
    account = make_account("Người thử", unit=unit)
    db.session.add_all(RoleGrant(account_id=account.id, role=role, given_at=utcnow()) for role in Role)
    members = make_panel(contest, 3)
    members[2].account_id = account.id
    drawn, waiting = make_entry(contest), make_entry(contest)
    sheets = [make_assignment(drawn, member, code="1001") for member in (members[0], members[2])]
    own = make_entry(contest, owner=account, state="draft", receipt_code=None, submitted_at=None)
    version = db.session.query(EntryVersion).filter_by(entry_id=own.id).one()
    version.submitted_at, version.slip = None, Slip().to_json()
    copy = db.session.query(JudgeCopy).filter_by(entry_id=waiting.id).one()
    copy.plain = "Bản nhỏ bên sông Gâm đổi thay."
    db.session.commit()
    return {
        "client": sign_in(account), "contest": contest.slug, "campaign": contest.campaign.slug,
        "key": contest.rounds[0].key, "code": "1001", "judge": "J3", "/bai": own.public_id,
        "/cham": sheets[1].public_id,
        "/cuoc-thi": waiting.public_id, "/don-vi": unit.code, "/quan-tri": make_account("Người khác").code,
        "version": str(copy.version_id),
    }  # fmt: skip


def _address(rule: Any, world: dict[str, Any]) -> str:
    """The rule's address, with what the world has at each place."""
    room, values = "/" + rule.rule.split("/")[1], {}
    for name in rule.arguments:
        kind = type(rule._converters[name]).__name__
        if kind == "AnyConverter":
            values[name] = re.search(r"any\('?([^,')]+)", rule.rule).group(1)  # type: ignore[union-attr]
        elif kind == "IntegerConverter":
            values[name] = 1
        else:
            values[name] = world[room] if name in ("public_id", "code") and room in world and (
                name == "public_id" or room in ("/don-vi", "/quan-tri")
            ) else world.get(name, "khong-co")  # fmt: skip
    return str(rule.build(values, append_unknown=False)[1])


def _routes(app: Flask, method: str) -> list[Any]:
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
    return sorted(rules, key=lambda rule: str(rule.rule))


class Watched(CleanRequest):
    """Notes which parts of a request the program looked into: a part that nobody reads is not tried with everything."""

    seen: set[str] = set()

    @property
    def args(self) -> Any:
        self.seen.add("args")
        return super().args

    def get_json(self, *args: Any, **kwargs: Any) -> Any:
        self.seen.add("json")
        return super().get_json(*args, **kwargs)

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        self.seen.add("json")
        return super().get_data(*args, **kwargs)


class Trier:
    """Sends one request after another and remembers which of them the program did not survive."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.cookie = client.get_cookie("session")
        self.failed: dict[str, str] = {}
        self.count = 0

    def send(self, method: str, address: str, what: object = "", **more: Any) -> Any:
        self.count += 1
        Watched.seen.clear()
        answer = None
        self.client.set_cookie("session", self.cookie.value)  # one of the routes signs out
        try:
            answer = self.client.open(address, method=method, **more)
            failure = f"answered {answer.status_code}" if answer.status_code >= 500 else ""
        except Exception as error:  # in tests the app lets the failure through that people see as a 500
            failure = f"{type(error).__name__}: {error}"[:160]
        if failure:
            self.failed.setdefault(f"{method} {address[:80]} {failure}", repr(what)[:160])
        db.session.remove()
        return answer

    def verdict(self) -> None:
        assert not self.failed, "\n" + "\n".join(f"{place}\n    sent {what}" for place, what in self.failed.items())


@pytest.fixture
def trier(app: Flask, world: dict[str, Any], nothing_is_kept: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trier]:
    monkeypatch.setattr(app, "request_class", Watched)
    trier = Trier(world["client"])
    yield trier
    trier.verdict()


def test_addresses(app: Flask, world: dict[str, Any], trier: Trier) -> None:
    """Every place of every address, and every name that is read from behind the question mark."""
    asked = [*rubbish.names_asked_for(), "sau"]
    for rule in _routes(app, "GET"):
        address = _address(rule, world)
        trier.send("GET", address, query_string={"q": "a", "sau": "a"})
        for text in rubbish.TEXTS if "args" in Watched.seen else rubbish.ALONE:
            trier.send("GET", address, text, query_string=dict.fromkeys(asked, text))
    for rule in app.url_map.iter_rules():
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for name in rule.arguments:
            for bad in ("%00", "a%00b", "%ED%A0%80", "²", str(2**31), str(2**63), "9" * 5000):
                whole = type(rule._converters[name]).__name__ == "IntegerConverter"
                marked = {**world, name: "RUBBISH", "/" + rule.rule.split("/")[1]: "RUBBISH"}
                address = _address(rule, world if whole else marked)
                address = re.sub(r"/1(?=/|$)", f"/{bad}", address) if whole else address.replace("RUBBISH", bad)
                trier.send(method, address, bad)


def test_forms(app: Flask, world: dict[str, Any], trier: Trier) -> None:
    """Every form as its page draws it, with each field in turn turned into rubbish."""
    forms: dict[str, dict[str, str]] = {}
    for rule in _routes(app, "GET"):
        here = _address(rule, world)
        page = trier.send("GET", here)
        if page is not None and page.mimetype == "text/html":
            for address, fields in rubbish.Forms(page.text, here).found:
                forms.setdefault(address, {}).update(fields)
    assert len(forms) > 40
    for address, fields in forms.items():
        for form in rubbish.bad_forms(fields):
            trier.send("POST", address, {name: form[name] for name in form if form[name] != fields[name]}, data=form)
    for rule in _routes(app, "POST"):
        if (address := _address(rule, world)) not in forms:
            for text in (*rubbish.ALONE, "9" * 5000, "x" * 9000):
                trier.send("POST", address, text, data=dict.fromkeys(rubbish.names_asked_for(), text))


def test_json(app: Flask, world: dict[str, Any], trier: Trier) -> None:
    """Broken, bottomless and mistyped documents, to every route that takes a body."""
    uuid = "01890a5d-ac96-774b-bcce-b302099a8057"
    documents: dict[str, dict[str, Any]] = {
        f"/cham/{world['/cham']}/phieu": {
            "uuid": uuid, "kind": "draft", "marks": {"noi-dung": "50"}, "based_on": None, "comment": "", "reason": "",
            "device": "x", "client_at": None,
        },
        f"/bai/{world['/bai']}/nhap": {"title": "a", "text": "b", "revision": 0, "category": "1", "pick": "mine"},
    }  # fmt: skip
    readers = 0
    for rule in _routes(app, "POST"):
        for body in rubbish.JSON_BODIES:
            trier.send("POST", _address(rule, world), body[:60], data=body, content_type="application/json")
            if "json" not in Watched.seen:
                break
            readers += 1
    assert readers > 2 * len(rubbish.JSON_BODIES)
    for address, document in documents.items():
        assert trier.send("POST", address, json=document).status_code in (200, 201)
        for name in document:
            for value in rubbish.JSON_VALUES:
                body = json.dumps({**document, name: value})
                trier.send("POST", address, body, data=body, content_type="application/json")
        for mark in rubbish.JSON_VALUES:
            body = json.dumps({**document, "marks": {"noi-dung": mark}})
            trier.send("POST", address, body, data=body, content_type="application/json")


def test_headers(app: Flask, world: dict[str, Any], trier: Trier) -> None:
    """All at once to every page; each alone to one of every room, since the first that is refused may hide the next."""
    rooms: dict[str, str] = {}
    together = [header for header in rubbish.HEADERS if header[0] not in ("Cookie", "Host")]
    for rule in _routes(app, "GET"):
        address = _address(rule, world)
        rooms.setdefault(rule.endpoint.split(".")[0], address)
        for headers in (together, *([header] for header in rubbish.HEADERS if header[0] == "Cookie")):
            trier.send("GET", address, headers, headers=headers)
    for address in rooms.values():
        for header in rubbish.HEADERS:
            trier.send("GET", address, header, headers=[header])
