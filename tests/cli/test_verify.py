"""`verify` finds damage: each check is seen to fail on damage planted behind the application's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result as Answer
from sqlalchemy import update

from contest import audit
from contest.accounts.models import Account, RoleGrant
from contest.audit import AuditEvent
from contest.cli import verify, verify_trail
from contest.contests.models import Contest, RuleSet
from contest.db import ChainHead, db
from contest.entries.models import Entry, EntryFile, JudgeCopy, RoundEntry
from contest.judging.discussion_models import Discussion
from contest.judging.models import Assignment, SheetVersion
from contest.results.models import PaperFile, Result
from contest.rules.canonical import sha256_hex
from contest.rules.permissions import Role
from contest.storage import storage
from tests.cli.conftest import MARKS, behind, forget
from tests.fixtures.makers import NOW

OTHER = {**MARKS, "noi-dung": "60"}


def _spoil(model: Any, *, missing: bool = False) -> None:
    row = db.session.query(model).one()
    key = row.pages[0]["key"] if model is JudgeCopy else row.storage_key
    if missing:
        storage().delete(key)
    else:
        storage().put_at(key, b"khac")


def _head(name: str, **values: Any) -> None:
    for key, value in values.items():
        setattr(db.session.query(ChainHead).filter(ChainHead.name.startswith(name)).one(), key, value)
    db.session.commit()


def _older_version() -> None:
    sheet = db.session.query(Assignment).order_by(Assignment.id.desc()).first()
    version = db.session.query(SheetVersion).filter_by(assignment_id=sheet.id, number=1).one()
    sheet.version_uuid, sheet.marks = version.uuid, version.marks


def _forged_result() -> None:
    """Bundle and hash changed together: only a re-run can tell."""
    bundle = db.session.query(Result).order_by(Result.id.desc()).first().bundle.replace('"52.5"', '"60"')
    behind(Result, bundle=bundle, bundle_sha256=sha256_hex(bundle.encode()))


def _refused_bundle() -> None:
    bundle = db.session.query(Result).order_by(Result.id.desc()).first().bundle.replace('"52.5"', '"99"')
    behind(Result, bundle=bundle, bundle_sha256=sha256_hex(bundle.encode()))


def _two_roles() -> None:
    """An organiser of the whole campaign who also holds the marks of one of its contests."""
    account, contest = db.session.query(Account).order_by(Account.id.desc()).first(), db.session.query(Contest).first()
    wide = RoleGrant(account_id=account.id, role=Role.ORGANISER, campaign_id=contest.campaign_id, given_at=NOW)
    narrow = RoleGrant(account_id=account.id, role=Role.TALLY_SECRETARY, contest_id=contest.id, given_at=NOW)
    db.session.add_all([wide, narrow])


DAMAGE: dict[str, tuple[str, Callable[[], None], str]] = {
    "event changed": ("audit trail", lambda: behind(AuditEvent, actor_name="ai đó"), "content"),
    "event cut off": ("audit trail", lambda: forget(AuditEvent), "head"),
    "trail's head changed": ("audit trail", lambda: _head("audit", hash="1" * 64), "head"),
    "trail's length changed": ("audit trail", lambda: _head("audit", length=999), "head"),
    "version changed": ("ledgers of marks", lambda: behind(SheetVersion, marks=OTHER), "content"),
    "version cut off": ("ledgers of marks", lambda: forget(SheetVersion), "head"),
    "ledger's head changed": ("ledgers of marks", lambda: _head("ledger:", hash="1" * 64), "head"),
    "sheet changed": ("sheets show", lambda: behind(Assignment, marks=OTHER), "other marks"),
    "sheet's words changed": ("sheets show", lambda: behind(Assignment, comment="Khác"), "other marks or words"),
    "sheet no longer sent": ("sheets show", lambda: behind(Assignment, state="begun"), "is begun, against"),
    "sheet put back": ("sheets show", _older_version, "another version"),
    "sheet without version": ("sheets show", lambda: behind(Assignment, version_uuid=None), "another version"),
    "discussion changed": (
        "discussions",
        lambda: behind(Discussion, after={"J1": {"sheet": 1, "version": str(uuid4()), "total": "90"}}),
        "J1 is in no ledger version",
    ),
    "bundle changed": ("results come out", lambda: behind(Result, bundle="{}"), "does not match its hash"),
    "bundle forged": ("results come out", _forged_result, "another result"),
    "bundle not accepted": ("results come out", _refused_bundle, "refused"),
    "document changed": ("results come out", lambda: behind(Result, document="{}"), "another result"),
    "document's hash changed": ("results come out", lambda: behind(Result, document_sha256="0" * 64), "another"),
    "other ledger": ("results come out", lambda: behind(Result, ledger_hash="0" * 64), "ledger is another"),
    "file changed": ("files", lambda: _spoil(EntryFile), "entry_files"),
    "file missing": ("files", lambda: _spoil(EntryFile, missing=True), "missing"),
    "paper changed": ("files", lambda: _spoil(PaperFile), "was changed"),
    "paper missing": ("files", lambda: _spoil(PaperFile, missing=True), "missing"),
    "page changed": ("files", lambda: _spoil(JudgeCopy), "judge_copies"),
    "page missing": ("files", lambda: _spoil(JudgeCopy, missing=True), "judge_copies"),
    "no receipt": ("invariants", lambda: behind(Entry, receipt_code=None), "without a receipt"),
    "rules changed": ("invariants", lambda: behind(RuleSet, body={}), "changed after it was frozen"),
    "rules without hash": ("invariants", lambda: behind(RuleSet, sha256=None), "changed after it was frozen"),
    "organiser and tally": ("roles kept apart", _two_roles, "organiser and tally_secretary"),
    "published at no time": ("invariants", lambda: behind(Result, state="published"), "out of order"),
    "published too early": (
        "invariants",
        lambda: behind(Result, state="awarded", published_at=NOW - timedelta(days=1)),
        "out of order",
    ),
}


def test_what_the_application_wrote_is_sound(whole: Any, run: Callable[[], Answer]) -> None:
    answer = run()

    assert answer.exit_code == 0, answer.output
    assert [line[:5] for line in answer.output.splitlines()] == ["ok   "] * len(verify.CHECKS)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(whole: Any, run: Callable[[], Answer], damage: str) -> None:
    check, plant, said = DAMAGE[damage]
    plant()
    db.session.commit()

    answer = run()

    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit), "a finding, not a traceback"
    found = answer.output.split("BAD  " + check)
    assert len(found) == 2, answer.output
    assert said in found[1].split("\nok ")[0].split("\nBAD ")[0]


def test_every_check_is_seen_to_fail() -> None:
    own = {name for name, _ in verify.CHECKS} - {name for name, _ in verify_trail.CHECKS}
    assert {name for name in own if any(name.startswith(check) for check, _, _ in DAMAGE.values())} == own


def test_marks_in_no_version_are_found(whole: Any, run: Callable[[], Answer], make_entry: Any) -> None:
    sheet = db.session.query(Assignment).first()
    assert sheet is not None
    entry = make_entry(sheet.round.contest)
    member, round_id = sheet.panel_member, sheet.round_id
    taking_part = _taking_part(round_id, entry.id)
    db.session.add(
        Assignment(
            public_id="a" * 32, round_id=round_id, round_entry_id=taking_part, panel_member_id=member.id, marks=MARKS,
            state="sent", assigned_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()

    answer = run()

    assert answer.exit_code == 1 and "in no ledger version" in answer.output


def _taking_part(round_id: int, entry_id: int) -> int:
    row = RoundEntry(round_id=round_id, entry_id=entry_id, code="9999", created_at=NOW)
    db.session.add(row)
    db.session.flush()
    return row.id


def test_writers_do_not_wait_for_it_and_it_does_not_see_them(
    whole: Any, run: Callable[[], Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> Any:
        before = db.session.query(AuditEvent).count()
        with db.engine.connect() as other:
            if other.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=200")
            other.execute(update(ChainHead).where(ChainHead.name == audit.CHAIN).values(length=12345))
            other.commit()
        assert db.session.query(AuditEvent).count() == before
        return iter(())

    monkeypatch.setattr(verify, "CHECKS", (("somebody saves", busy), *verify.CHECKS))

    answer = run()

    assert answer.exit_code == 0, (answer.output, answer.exception)
    assert db.session.get(ChainHead, audit.CHAIN).length == 12345  # type: ignore[union-attr]
