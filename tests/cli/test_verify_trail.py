"""`verify` against the trail: each row that decides on an official prize is changed behind the application's back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result as Answer
from flask import Flask
from sqlalchemy import text, update

from contest.cli import verify_trail
from contest.contests.actions_rules import body_sha256
from contest.contests.models import Round, RuleSet
from contest.db import db
from contest.entries.models import Author, Entry, EntryFile, EntryVersion, JudgeCopy, RoundEntry, Screening, Unblinding
from contest.judging.discussion_models import Discussion, DiscussionMessage
from contest.judging.models import Assignment, PanelMember
from contest.results import actions, certificate_actions
from contest.results.models import Award, Certificate, Decision, Result
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.tabulation import tabulate
from tests.cli.conftest import behind, forget
from tests.fixtures.makers import NOW


@pytest.fixture
def certified(whole: Any, make_account: Any) -> Any:
    """Published, with certificates: one given, one taken back and given anew."""
    organiser = make_account("Ban Tổ chức")
    actions.publish(whole, actor=organiser, now=NOW)
    first = certificate_actions.issue_certificates(whole, actor=organiser, now=NOW)[0]
    certificate_actions.replace_certificate(
        whole, first, recipient="Hoàng Văn Páo", unit_name="", reason="Sai tên", actor=organiser, now=NOW
    )
    db.session.commit()
    return whole


def _other_content() -> None:
    """Text, content and hash changed together, as if another work had been receipted."""
    version = db.session.query(EntryVersion).one()
    body = {**json.loads(version.content), "text": "Bài khác"}
    content = canonical_bytes(body).decode()
    behind(EntryVersion, text="Bài khác", content=content, content_sha256=sha256_hex(content.encode()))


def _other_rules() -> None:
    body = {**db.session.query(RuleSet).one().body, "prizes": []}
    behind(RuleSet, body=body, sha256=body_sha256(body))


def _rules_beside() -> None:
    rules = db.session.query(RuleSet).one()
    db.session.add(
        RuleSet(contest_id=rules.contest_id, number=2, body=rules.body, made_at=NOW, frozen_at=NOW, sha256=rules.sha256)
    )


def _whole_result_forged() -> None:
    """Bundle, document and both hashes, as a counting of other marks would have stored them."""
    bundle = db.session.query(Result).order_by(Result.id.desc()).first().bundle.replace('"52.5"', '"60"')
    document = canonical_bytes(tabulate(parse_bundle(json.loads(bundle)))).decode()
    behind(
        Result, bundle=bundle, bundle_sha256=sha256_hex(bundle.encode()), document=document,
        document_sha256=sha256_hex(document.encode()),
    )  # fmt: skip


def _earlier_in_the_ledger() -> None:
    with db.engine.connect() as connection:
        hash_ = connection.scalar(text("SELECT hash FROM sheet_versions WHERE seq = 1"))
    behind(Result, ledger_length=1, ledger_hash=hash_)


LATER = NOW + timedelta(minutes=1)
DAMAGE: dict[str, tuple[str, Callable[[], None], str]] = {
    "work changed": ("works", lambda: behind(EntryVersion, text="Khác"), "title, text or files are others"),
    "content changed": ("works", lambda: behind(EntryVersion, content="{}"), "not the one that was receipted"),
    "work exchanged": ("works", _other_content, "receipt is not in the trail"),
    "version gone": ("works", lambda: behind(EntryVersion, submitted_at=None), "no version of it"),
    "file exchanged": ("works", lambda: behind(EntryFile, sha256="0" * 64), "title, text or files are others"),
    "author renamed": ("works", lambda: behind(Author, full_name="Người Khác"), "the authors are others"),
    "author gone": ("works", lambda: forget(Author), "the authors are others"),
    "title changed": ("works", lambda: behind(Entry, title="Khác"), "title or unit"),
    "unit changed": ("works", lambda: behind(Entry, unit_name="Xã khác"), "title or unit"),
    "found invalid": ("verdicts", lambda: behind(Entry, screening="invalid"), "is invalid, which nobody decided"),
    "verdict changed": ("verdicts", lambda: behind(Screening, verdict="invalid"), "is valid, which nobody decided"),
    "text for judges changed": ("copies", lambda: behind(JudgeCopy, html="<p>Khác</p>"), "another work"),
    "title for judges changed": ("copies", lambda: behind(JudgeCopy, title="Khác"), "another work"),
    "looked through by nobody": ("copies", lambda: behind(JudgeCopy, checked_at=LATER), "another work"),
    "code changed": ("codes", lambda: behind(RoundEntry, code="0000"), "codes belong to other entries"),
    "asked by another": ("codes", lambda: behind(Unblinding, asked_by_id=2), "asked for by"),
    "agreed by nobody": ("codes", lambda: behind(Unblinding, approved_by_id=None), "second person"),
    "rules exchanged": ("rules in force", _other_rules, "rule set 1"),
    "rules no longer in force": ("rules in force", lambda: behind(RuleSet, frozen_at=None), "rule set 1"),
    "rules nobody put in force": ("rules in force", _rules_beside, "rule set 2"),
    "result forged whole": ("results as locked", _whole_result_forged, "not the one that was locked"),
    "result taken back": ("results as locked", lambda: behind(Result, state="replaced"), "is replaced, and the trail"),
    "result unpublished": ("results as locked", lambda: behind(Result, state="locked"), "is locked, and the trail"),
    "ledger's place moved": ("results as locked", _earlier_in_the_ledger, "the place in the ledger"),
    "round opened": ("results as locked", lambda: behind(Round, state="open"), "open to marks"),
    "sheet left out": ("results as locked", lambda: behind(Assignment, state="recused"), "judges are others"),
    "judges exchanged": ("results as locked", lambda: behind(PanelMember, is_head=True), "judges are others"),
    "other prize": ("prizes", lambda: behind(Award, prize_key="nhi", prize_name="Giải Nhì"), "not those of its doc"),
    "prize's name changed": ("prizes", lambda: behind(Award, prize_name="Giải Đặc biệt"), "decision on its prizes"),
    "prize withheld": ("prizes", lambda: behind(Award, state="withheld"), "decision on its prizes was changed"),
    "decision's number changed": ("prizes", lambda: behind(Decision, number="13-QĐ/BTC"), "was changed"),
    "recipient changed": ("certificates", lambda: behind(Certificate, recipient="Người Khác"), "says something else"),
    "token changed": ("certificates", lambda: behind(Certificate, token="t" * 22), "says something else"),
    "certificate in force no more": (
        "certificates", lambda: behind(Certificate, revoked_at=NOW, revoked_reason=""), "against the trail",
    ),
    "certificate gone": ("certificates", lambda: forget(Certificate), "is gone"),
    "certificate by nobody": ("certificates", lambda: behind(Certificate, number="2024-1-0099"), "by nobody"),
    "prize not given": ("certificates", lambda: behind(Award, state="withheld"), "was not given"),
    "reason changed": ("words", lambda: behind(Discussion, reason="Khác"), "opened otherwise"),
    "beginning changed": ("words", lambda: behind(Discussion, before={}), "opened otherwise"),
    "end changed": ("words", lambda: behind(Discussion, after={}), "ended otherwise"),
    "conclusion changed": ("words", lambda: behind(Discussion, conclusion="Khác"), "ended otherwise"),
    "not ended": ("words", lambda: behind(Discussion, ended_at=None), "ended otherwise"),
    "word changed": ("words", lambda: behind(DiscussionMessage, text="Tôi đổi điểm."), "was not said so"),
    "word gone": ("words", lambda: forget(DiscussionMessage), "is gone"),
}  # fmt: skip


def test_what_the_application_wrote_is_sound(certified: Any, run: Callable[[], Answer]) -> None:
    answer = run()

    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(certified: Any, run: Callable[[], Answer], damage: str) -> None:
    check, plant, said = DAMAGE[damage]
    plant()
    db.session.commit()

    _found(run(), check, said)


def _found(answer: Answer, check: str, said: str) -> None:
    assert answer.exit_code == 1
    found = answer.output.split("BAD  " + check)
    assert len(found) == 2, answer.output
    assert said in found[1].split("\nok ")[0].split("\nBAD ")[0]


def test_every_check_is_seen_to_fail() -> None:
    names = {name for name, _ in verify_trail.CHECKS}
    assert {name for name in names if any(name.startswith(check) for check, _, _ in DAMAGE.values())} == names


def test_a_code_given_to_another_author_is_found(certified: Any, run: Callable[[], Answer], make_entry: Any) -> None:
    other = make_entry(certified, author="Người Khác")
    behind(RoundEntry, entry_id=other.id)

    _found(run(), "codes", "codes belong to other entries")


def test_under_another_secret_codes_are_not_judged(certified: Any, run: Callable[[], Answer], app: Flask) -> None:
    kept = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another"
    try:
        answer = run()
    finally:
        app.config["SECRET_KEY"] = kept

    assert answer.exit_code == 0, answer.output


def test_damage_no_check_foresaw_is_told_and_hides_nothing(certified: Any, run: Callable[[], Answer]) -> None:
    behind(Result, bundle='{"rules": 1}', bundle_sha256=sha256_hex(b'{"rules": 1}'))
    with db.engine.begin() as connection:
        connection.execute(update(EntryVersion).values(content="[", content_sha256=sha256_hex(b"[")))

    answer = run()

    assert answer.exit_code == 1 and isinstance(answer.exception, SystemExit), answer.exception
    assert "not to be read: JSONDecodeError" in answer.output and "ok   words of discussions" in answer.output
