"""Judges and tally secretaries, everywhere: nothing that tells who wrote what (invariant 5)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest import jobs
from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry, JudgeCopy, RoundEntry
from contest.judging.models import Assignment
from contest.rules.permissions import Role
from tests.entries import kit
from tests.fixtures.makers import NOW

NAME, PHONE, UNIT, FILE = "Hoàng Văn Páo", "0912345678", "Xã Bí Mật Thượng", "Bài của anh Páo.docx"
BLIND = (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY)


@pytest.fixture
def planted(
    make_contest: Callable[..., Contest], make_account: Callable[..., Account], make_unit: Callable[..., Any],
    sign_in: Callable[..., FlaskClient], make_panel: Callable[..., Any], make_assignment: Callable[..., Assignment],
) -> dict[str, Any]:  # fmt: skip
    """An entry whose every trace of its author would show, with a checked copy, in the hands of a judge."""
    contest, author = make_contest(), make_account(NAME, email="pao-bi-mat@example.vn")
    make_unit(UNIT)
    pen = sign_in(author)
    entry = kit.begin(pen, contest)
    data = kit.docx(header=f"{NAME} – {UNIT}", author=NAME)
    kit.write(pen, entry, title=f"Chuyện của {NAME}", text="", files=[(BytesIO(data), FILE)])
    kit.sign(pen, entry, NAME, unit_name=UNIT, **{"people-0-phone": PHONE})
    kit.promise(pen, entry)
    kit.hand_in(pen, entry)
    jobs.run_due()
    desk = sign_in(make_account("Thư ký che bài", Role.INTAKE_SECRETARY, contest=contest))
    desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}/che", data={"passage": NAME})
    db.session.expire_all()
    entry.screening = "valid"
    members = make_panel(contest)
    sheet = make_assignment(entry, members[1], code="73519")
    secrets = [NAME, "hoang van pao", PHONE, "0912 345 678", "84912345678", UNIT, FILE, "pao-bi-mat", entry.public_id]
    secrets += [str(entry.receipt_code), str(entry.versions[0].content_sha256), entry.versions[0].files[0].sha256]
    return {"contest": contest, "entry": entry, "sheet": sheet, "members": members, "secrets": secrets}


def _addresses(app: Flask, planted: dict[str, Any]) -> list[tuple[str, str]]:
    contest, sheet, entry = planted["contest"], planted["sheet"], planted["entry"]
    values = {
        "contest": contest.slug, "campaign": contest.campaign.slug, "key": contest.rounds[0].key, "number": 1, "n": 1,
        "code": "73519", "file_id": entry.versions[0].files[0].public_id, "token": "khong-co",
    }  # fmt: skip
    found = []
    for rule in app.url_map.iter_rules():
        ids = [sheet.public_id, entry.public_id] if "public_id" in rule.arguments else [""]
        for public_id in ids:
            arguments = {name: values.get(name, "khong-co") for name in rule.arguments} | {"public_id": public_id}
            try:
                address = rule.build(arguments, append_unknown=False)
            except ValueError:
                continue
            if address is not None:
                found += [(method, address[1]) for method in sorted({"GET", "POST"} & set(rule.methods or ()))]
    return sorted(set(found))


def _said(answer: Any) -> str:
    """The answer as text; of a picture, its bytes letter by letter."""
    return str(answer.data.decode("utf-8", "replace"))


@pytest.mark.parametrize("role", BLIND)
def test_no_answer_to_a_judge_or_a_tally_secretary_tells_who_wrote_it(
    app: Flask, planted: dict[str, Any], sign_in: Callable[..., FlaskClient],
    make_account: Callable[..., Account], role: Role,
) -> None:  # fmt: skip
    contest, members = planted["contest"], planted["members"]
    account = {Role.HEAD_JUDGE: members[0].account, Role.JUDGE: members[1].account}.get(role)
    client = sign_in(account or make_account("Thư ký tổng hợp", role, contest=contest))
    opened = 0
    for method, address in _addresses(app, planted):
        if address in ("/dang-xuat",):
            continue
        answer = client.open(address, method=method, query_string={"q": "Hoàng"} if method == "GET" else None)
        db.session.rollback()
        opened += answer.status_code == 200
        asked = address.replace("%20", " ")
        leaked = [
            secret
            for secret in planted["secrets"]
            if secret in _said(answer).replace(asked, "") or secret in str(answer.headers).replace(asked, "")
        ]
        assert leaked == [], f"{role} at {method} {address} ({answer.status_code})"
    assert opened >= 3


def test_the_planted_traces_could_have_appeared(
    planted: dict[str, Any], sign_in: Callable[..., FlaskClient], make_account: Callable[..., Account]
) -> None:
    contest, entry = planted["contest"], planted["entry"]
    desk = sign_in(make_account("Thư ký", Role.INTAKE_SECRETARY, contest=contest))

    page = desk.get(f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}").text

    for trace in (NAME, "0912 345 678", UNIT, FILE, str(entry.receipt_code)):
        assert trace in page


def test_the_copy_holds_the_work_and_no_trace(planted: dict[str, Any]) -> None:
    copy = db.session.query(JudgeCopy).filter_by(entry_id=planted["entry"].id).one()

    assert "sông Gâm" in copy.html
    assert [secret for secret in planted["secrets"] if secret in f"{copy.html} {copy.title} {copy.pages}"] == []


def test_the_trail_joins_no_code_with_an_entry(planted: dict[str, Any]) -> None:
    assert db.session.query(RoundEntry).count() == 1

    for event in db.session.query(AuditEvent):
        said = f"{event.subject} {event.details}"
        assert "73519" not in said and NAME not in said and PHONE not in said and FILE not in said


def test_the_trail_leads_from_no_author_to_an_entry(planted: dict[str, Any]) -> None:
    entry: Entry = planted["entry"]
    about = [event for event in db.session.query(AuditEvent) if event.subject.startswith("entry:")]

    # One name for one entry, so that its story can be followed; and nothing by which a reader could find its row.
    assert len(about) >= 3
    assert len({event.subject for event in about}) == 1
    for event in about:
        said = f"{event.subject} {event.details}"
        assert event.subject != f"entry:{entry.id}"
        assert entry.public_id not in said
        assert str(entry.receipt_code) not in said


def test_a_judge_reads_the_title_as_it_was_covered(
    planted: dict[str, Any], sign_in: Callable[..., FlaskClient]
) -> None:
    client = sign_in(planted["members"][1].account)

    pages = client.get("/cham").text + client.get(f"/cham/{planted['sheet'].public_id}").text

    assert "Chuyện của ▇▇▇" in pages


def test_a_judge_searching_for_a_name_finds_nothing_in_the_intake(
    planted: dict[str, Any], sign_in: Callable[..., FlaskClient]
) -> None:
    client = sign_in(planted["members"][1].account)

    answer = client.get(f"/cuoc-thi/{planted['contest'].slug}/tiep-nhan?q=Hoàng Văn Páo")

    assert answer.status_code == 403
    assert NAME not in answer.text


def test_an_author_never_sees_the_code_of_the_entry(
    planted: dict[str, Any], sign_in: Callable[..., FlaskClient]
) -> None:
    entry: Entry = planted["entry"]
    owner = db.session.get_one(Account, entry.owner_id)
    client = sign_in(owner)

    for path in (
        "/bai-cua-toi",
        f"/bai/{entry.public_id}",
        f"/bai/{entry.public_id}/bien-nhan",
        f"/bien-nhan/{entry.receipt_code}",
    ):
        assert "73519" not in client.get(path).text
    assert NOW is not None
