"""The bench's database: one contest in the middle of judging, 100 entries × 10 judges, and a published one."""

from __future__ import annotations

import copy
import json
import os
import random
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from contest.accounts.identity import TOKEN, token_hash
from contest.accounts.models import Account, LoginSession, RoleGrant
from contest.app import create_app
from contest.campaigns.models import Campaign
from contest.contests.models import Category, Contest, Round, RuleSet
from contest.db import db, utcnow
from contest.entries.models import Author, Entry, EntryVersion, JudgeCopy, RoundEntry, Unblinding
from contest.judging.models import Assignment, PanelMember
from contest.results.bundles import contest_bundle, tabulated
from contest.results.models import Award, Decision, Result
from contest.rules.permissions import Role
from contest.rules.text import fold, given_name_sort_key
from contest.units.models import Unit, UnitKind, UnitLevel
from tests.bench import load
from tests.fixtures.makers import RULES as THREE

SECRET = "bench only"  # noqa: S105
ENTRIES, JUDGES = 100, 10
# Four criteria, as the targets have it.
RULES = copy.deepcopy(THREE)
RULES["rounds"][0]["criteria"].append(
    {"key": "lan-toa", "name": "Lan tỏa", "guidance": "", "max": "10", "step": "0.25", "weight": "1"}
)
TEXT = "Bản nhỏ bên sông Gâm đổi thay từ ngày có tổ dân vận. " * 120


@dataclass
class Scene:
    """Addresses and cookies of the people the bench plays."""

    contest: str
    published: str
    head: dict[str, str]
    judges: list[dict[str, str]]
    sheets: list[tuple[str, int]]  # (public id, judge's index)
    marked: dict[str, str] = field(default_factory=dict)  # the version each sheet is at

    def pages(self, count: int) -> Iterator[tuple[str, list[load.Request]]]:
        for name in (
            "score page",
            "judging board 100 x 10",
            "public results, 100 entries, drawn",
            "public results, kept",
        ):
            yield name, self.page(name, count)

    def page(self, name: str, count: int) -> list[load.Request]:
        if name == "score page":
            return [
                load.request(f"/cham/{sheet}", headers=self._reading(self.judges[judge]))
                for sheet, judge in self._around(count)
            ]
        if name.startswith("judging board"):
            return [
                load.request(f"/cuoc-thi/{self.contest}/vong/so-khao/tien-do", headers=self._reading(self.head))
            ] * count
        if name.endswith("drawn"):
            # A signed-in visitor's page is drawn each time.
            return [load.request(f"/cuoc-thi/{self.published}/ket-qua", headers=self._reading(self.head))] * count
        return [load.request(f"/cuoc-thi/{self.published}/ket-qua")] * count

    def saves(self, count: int) -> list[load.Request]:
        """Each a new version of a sheet, as a tablet sends it."""
        made = []
        rng = random.Random(1999)  # noqa: S311
        for sheet, judge in self._around(count):
            body = self._version(rng, sheet, judge)
            made.append(
                load.request(
                    f"/cham/{sheet}/phieu", method="POST", headers=self._writing(judge), body=json.dumps(body).encode(),
                    expect=201,
                )
            )  # fmt: skip
        return made

    def batches(self, count: int, size: int) -> list[load.Request]:
        """Each a tablet's waiting versions of `size` sheets at once."""
        made = []
        rng = random.Random(2024)  # noqa: S311
        of_judge = [[sheet for sheet, owner in self.sheets if owner == judge] for judge in range(JUDGES)]
        for number in range(count):
            judge = number % JUDGES
            first = number // JUDGES * size
            sheets = [of_judge[judge][(first + step) % len(of_judge[judge])] for step in range(size)]
            items = [{**self._version(rng, sheet, judge), "sheet": sheet} for sheet in sheets]
            body = json.dumps({"device": f"tablet-{judge}", "battery": 80, "items": items}).encode()
            made.append(load.request("/cham/dong-bo", method="POST", headers=self._writing(judge), body=body))
        return made

    def _version(self, rng: random.Random, sheet: str, judge: int) -> dict[str, Any]:
        version = str(uuid.uuid4())
        body = {
            "uuid": version,
            "based_on": self.marked.get(sheet),
            "marks": _marks(rng),
            "comment": "",
            "kind": "draft",
            "device": f"tablet-{judge}",
            "client_at": utcnow().isoformat(),
        }
        self.marked[sheet] = version
        return body

    def _writing(self, judge: int) -> dict[str, str]:
        cookie = self.judges[judge]
        return {
            "Cookie": cookie["cookie"], "X-CSRFToken": cookie["csrf"], "Content-Type": "application/json",
            "Accept": "application/json",
        }  # fmt: skip

    def _around(self, count: int) -> list[tuple[str, int]]:
        return [self.sheets[number % len(self.sheets)] for number in range(count)]

    @staticmethod
    def _reading(cookie: dict[str, str]) -> dict[str, str]:
        return {"Cookie": cookie["cookie"]}


def _marks(rng: random.Random) -> dict[str, str]:
    return {"noi-dung": f"{rng.randint(60, 120) / 2:g}", "hinh-thuc": "22.5", "sang-tao": "7.25", "lan-toa": "6.75"}


def build(environ: dict[str, str]) -> Scene:
    """Make the tables and rows. The app's settings come from `environ`, as the server's will."""
    os.environ.update(environ)
    app = create_app()
    with app.app_context():
        db.create_all()
        campaign = _campaign()
        running, published = _contest(campaign, "bench"), _contest(campaign, "bench-published")
        judges, sheets, head = _marked(app, running, sent=False)
        _marked(app, published, sent=True)
        _published(published)
        db.session.commit()
        # What autovacuum does within a minute on a real server; without it the plans are those of empty tables.
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        scene = Scene(running.slug, published.slug, head, judges, sheets)
        db.session.remove()
        db.engine.dispose()
    return scene


def _save(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def _campaign() -> Campaign:
    kind, level = _save(UnitKind(key="ban", name="Ban")), _save(UnitLevel(key="tinh", name="tỉnh", rank=2))
    unit = _save(Unit(code="B", name="Ban Dân vận", name_key="ban", sort_key="ban", kind=kind, level=level, path="/1/"))
    return _save(  # type: ignore[no-any-return]
        Campaign(slug="bench", name="Bench", year=2024, organiser=unit, is_public=True, created_at=utcnow())
    )


def _contest(campaign: Campaign, slug: str) -> Contest:
    now = utcnow()
    contest = _save(
        Contest(
            campaign=campaign, slug=slug, name=f"Cuộc thi {slug}", state="announced", announced_at=now,
            file_kinds=["docx"], opens_at=now, closes_at=now + timedelta(days=30), created_at=now,
        )
    )  # fmt: skip
    _save(Category(contest_id=contest.id, position=1, key="chung", name="Chung"))
    _save(RuleSet(contest_id=contest.id, number=1, body=RULES, made_at=now, frozen_at=now))
    _save(Round(contest_id=contest.id, position=1, key="so-khao", name="Sơ khảo", state="open", opened_at=now))
    db.session.refresh(contest)
    return contest  # type: ignore[no-any-return]


def _account(name: str, contest: Contest, *roles: Role) -> Account:
    account = _save(
        Account(
            code=secrets.token_hex(6), full_name=name, name_key=fold(name), sort_key=given_name_sort_key(name),
            created_at=utcnow(),
        )
    )  # fmt: skip
    for role in roles:
        _save(RoleGrant(account_id=account.id, role=role, contest_id=contest.id, given_at=utcnow()))
    return account  # type: ignore[no-any-return]


def _signed_in(app: Flask, account: Account) -> dict[str, str]:
    token, now = secrets.token_urlsafe(32), utcnow()
    _save(
        LoginSession(
            token_hash=token_hash(token), account_id=account.id, way="card", created_at=now, last_seen_at=now,
            expires_at=now + timedelta(days=1),
        )
    )  # fmt: skip
    with app.test_request_context():
        # Flask-WTF keeps one token per app context, and all these people are made in one.
        g.pop("csrf_token", None)
        csrf = generate_csrf()
        session[TOKEN] = token
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return {"cookie": f"session={signer.dumps(dict(session))}", "csrf": csrf}


def _marked(
    app: Flask, contest: Contest, *, sent: bool
) -> tuple[list[dict[str, str]], list[tuple[str, int]], dict[str, str]]:
    """100 entries, 10 judges, every judge on every entry; marks from a fixed seed."""
    rng, now, round_ = random.Random(1949), utcnow(), contest.rounds[0]  # noqa: S311
    members, cookies = [], []
    for number in range(JUDGES):
        role = Role.HEAD_JUDGE if number == 0 else Role.JUDGE
        judge = _account(f"Giám khảo {number}", contest, role)
        members.append(
            _save(PanelMember(round_id=round_.id, account_id=judge.id, key=f"J{number}", is_head=number == 0))
        )
        cookies.append(_signed_in(app, judge))
    sheets = []
    for number in range(ENTRIES):
        taking_part = _entry(contest, round_, number)
        for index, member in enumerate(members):
            public_id = secrets.token_hex(16)
            marks = _marks(rng)
            db.session.add(
                Assignment(
                    public_id=public_id, round_id=round_.id, round_entry_id=taking_part.id, panel_member_id=member.id,
                    position=number, state="sent" if sent else "empty", marks=marks if sent else {}, assigned_at=now,
                )
            )  # fmt: skip
            sheets.append((public_id, index))
    db.session.flush()
    return cookies, sheets, _signed_in(app, _account("Tổ thư ký", contest, Role.TALLY_SECRETARY))


def _entry(contest: Contest, round_: Round, number: int) -> RoundEntry:
    now, title = utcnow(), f"Chuyện ở bản {number}"
    owner = _account(f"Tác giả {number}", contest)
    entry = _save(
        Entry(
            public_id=secrets.token_hex(16), contest=contest, owner_id=owner.id, title=title, title_key=fold(title),
            state="submitted", screening="valid", submitted_at=now, receipt_code=f"{contest.slug}-{number}",
            category_id=contest.categories[0].id, created_at=now, changed_at=now,
        )
    )  # fmt: skip
    _save(Author(entry_id=entry.id, position=1, full_name=owner.full_name, name_key=owner.name_key))
    version = _save(EntryVersion(entry_id=entry.id, number=1, title=title, text=TEXT, saved_at=now, submitted_at=now))
    _save(JudgeCopy(entry_id=entry.id, version_id=version.id, state="ready", html=f"<p>{TEXT}</p>", checked_at=now))
    return _save(RoundEntry(round_id=round_.id, entry_id=entry.id, code=f"{1000 + number}", created_at=now))  # type: ignore[no-any-return]


def _published(contest: Contest) -> None:
    made, now = tabulated(contest_bundle(contest)), utcnow()
    someone = _account("Ban tổ chức", contest, Role.ORGANISER)
    result = _save(
        Result(
            contest_id=contest.id, state="published", rules_number=1, bundle=made.bundle_text,
            bundle_sha256=made.bundle_sha256, document=made.document_text, document_sha256=made.document_sha256,
            ledger_length=0, ledger_hash="0" * 64, locked_by_id=someone.id, locked_at=now, published_at=now,
        )
    )  # fmt: skip
    decision = _save(Decision(contest_id=contest.id, decided_by_id=someone.id, decided_at=now))
    ids = {row.code: row.entry_id for row in db.session.query(RoundEntry).filter_by(round_id=contest.rounds[0].id)}
    _save(
        Unblinding(
            contest_id=contest.id, reason="bench", asked_by_id=someone.id, asked_at=now, approved_by_id=someone.id,
            approved_at=now,
        )
    )  # fmt: skip
    for position, place in enumerate([place for place in made.document["places"] if place["prize"]], 1):
        _save(
            Award(
                result_id=result.id, entry_id=ids[place["entry"]], position=position, prize_key=place["prize"],
                prize_name="Giải", place=place["place"], total=place["total"], decision_id=decision.id,
            )
        )  # fmt: skip
