"""`verify`: is everything that was promised still true? Reads only; exit code 1 when something is not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from json import loads

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from contest.accounts.models import RoleGrant
from contest.accounts.queries import campaign_of
from contest.audit import CHAIN, AuditEvent
from contest.cli import verify_trail
from contest.contests.models import Contest, RuleSet
from contest.db import ChainHead, db, reading_options
from contest.entries.models import Entry, EntryFile, JudgeCopy, ReferenceText
from contest.judging.discussion_models import Discussion
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import verify_ledger
from contest.results.models import PaperFile, Result
from contest.rules.bundle import Refused, parse_bundle
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.chain import GENESIS
from contest.rules.chain import verify as verify_chain
from contest.rules.permissions import Grant, clash
from contest.rules.tabulation import tabulate
from contest.storage import storage


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Check ledgers, audit trail, results against a re-run, file checksums and invariants."""
    # A long look at everything: in one steady view, or a save between two reads would look like damage.
    db.session.connection(execution_options=reading_options(db.engine.dialect.name))
    try:
        found = sum(_run(name, check) for name, check in CHECKS)
    finally:
        db.session.rollback()
    if found:
        raise SystemExit(1)


def _run(name: str, check: Callable[[], Iterator[str]]) -> int:
    problems: list[str] = []
    try:
        problems.extend(check())
    except Exception as damage:  # damage that no check foresaw is a finding too, and the other checks still run
        problems.append(f"not to be read: {type(damage).__name__}: {damage}")
    click.echo(f"{'ok ' if not problems else 'BAD'}  {name}")
    for problem in problems:
        click.echo(f"     {problem}")
    return len(problems)


def audit_trail() -> Iterator[str]:
    """Every link of the trail, and its length against the head."""
    head = db.session.get(ChainHead, CHAIN)
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    for found in verify_chain(events, head=head.hash if head else None, length=head.length if head else 0):
        yield f"audit event {found.index}: {found.code}"


def ledgers() -> Iterator[str]:
    for contest in db.session.scalars(select(Contest).order_by(Contest.id)):
        for found in verify_ledger(contest):
            yield f"contest {contest.slug}, version {found.index}: {found.code}"


def mirrors() -> Iterator[str]:
    """What boards and bundles read must be what the ledger holds: the newest version that was not kept aside."""
    newest: dict[int, SheetVersion] = {}
    for link in db.session.scalars(
        select(SheetVersion).where(SheetVersion.holds).order_by(SheetVersion.contest_id, SheetVersion.seq)
    ):
        newest[link.assignment_id] = link
    for sheet in db.session.scalars(select(Assignment).order_by(Assignment.id)):
        version = newest.get(sheet.id)
        if version is None:
            if any(sheet.marks.values()) or sheet.version_uuid is not None:
                yield f"sheet {sheet.id} shows marks that are in no ledger version"
        elif sheet.version_uuid != version.uuid:
            yield f"sheet {sheet.id} shows another version than the newest of its ledger"
        elif sheet.marks != version.marks or sheet.comment != version.comment:
            yield f"sheet {sheet.id} shows other marks or words than its ledger version"
        if sheet.state not in _STATES[version.kind if version is not None else ""]:
            yield f"sheet {sheet.id} is {sheet.state}, against its ledger version"


# What a sheet can be after a version of this kind holds; "": none does.
_SENT = frozenset({"sent", "asked_again", "recused"})
_STATES = {
    "": frozenset({"empty", "recused"}),
    "draft": frozenset({"begun", "recused"}),
    "pick": _SENT | {"begun"},
    "sent": _SENT,
    "correction": _SENT,
    "confirmed": _SENT,
    "slip": _SENT,
}


def discussions() -> Iterator[str]:
    """Between which versions of whose sheets a discussion stood."""
    known = {(sheet, uuid) for sheet, uuid in db.session.execute(select(SheetVersion.assignment_id, SheetVersion.uuid))}
    for row in db.session.scalars(select(Discussion).order_by(Discussion.id)):
        for when, standing in (("before", row.before), ("after", row.after or {})):
            for judge, item in standing.items():
                if (item["sheet"], item["version"]) not in known:
                    yield f"discussion {row.id}, {when}: what it says of {judge} is in no ledger version"


def results() -> Iterator[str]:
    """A stored result must come out of its bundle again, byte for byte."""
    for result in db.session.scalars(select(Result).order_by(Result.id)):
        if sha256_hex(result.bundle.encode()) != result.bundle_sha256:
            yield f"result {result.id}: the bundle does not match its hash"
            continue
        if result.ledger_hash != _ledger_at(result):
            yield f"result {result.id}: the ledger is another one than it was counted from"
        try:
            again = canonical_bytes(tabulate(parse_bundle(loads(result.bundle)))).decode()
        except Refused as refused:
            yield f"result {result.id}: its bundle is refused ({len(refused.problems)} problems)"
            continue
        if again != result.document or sha256_hex(again.encode()) != result.document_sha256:
            yield f"result {result.id}: a re-run gives another result"


def _ledger_at(result: Result) -> str | None:
    """The hash of the ledger's link that the result names as its end."""
    if result.ledger_length == 0:
        return GENESIS
    place = (SheetVersion.contest_id == result.contest_id, SheetVersion.seq == result.ledger_length)
    return db.session.scalar(select(SheetVersion.hash).where(*place))


def files() -> Iterator[str]:
    """Every file that a row names is there, with the bytes that were acknowledged."""
    for model in (EntryFile, PaperFile, ReferenceText):
        for row in db.session.execute(select(model.id, model.storage_key, model.sha256)):
            if problem := _file_problem(row.storage_key, row.sha256):
                yield f"{model.__tablename__} {row.id}: {problem}"
    for copy_id, pages, sources in db.session.execute(
        select(JudgeCopy.id, JudgeCopy.pages, JudgeCopy.source_pages)
    ):  # fmt: skip
        for page in (*pages, *sources):
            if problem := _file_problem(page["key"], page.get("sha256")):
                yield f"judge_copies {copy_id}: {problem}"


def _file_problem(key: str, sha256: str | None) -> str | None:
    try:
        with storage().open(key) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except FileNotFoundError:
        return "the file is missing"
    return "the file was changed" if sha256 is not None and digest != sha256 else None


def invariants() -> Iterator[str]:
    """Statements about rows that no constraint of the database can make."""
    for entry_id in db.session.scalars(select(Entry.id).where(Entry.state != "draft", Entry.receipt_code.is_(None))):
        yield f"entry {entry_id} was submitted without a receipt"
    for rule_set in db.session.scalars(select(RuleSet).where(RuleSet.frozen_at.is_not(None)).order_by(RuleSet.id)):
        if sha256_hex(canonical_bytes(rule_set.body)) != rule_set.sha256:
            yield f"rule set {rule_set.number} of contest {rule_set.contest_id} was changed after it was frozen"
    for result in db.session.scalars(select(Result).where(Result.state.in_(("published", "awarded")))):
        if result.published_at is None or result.published_at < result.locked_at:
            yield f"result {result.id} is published out of order"


def roles_together() -> Iterator[str]:
    """Nobody holds two roles at once that the rules keep apart: by hand, by an older rule, by a contest that moved."""
    campaigns = campaign_of()
    held: dict[int, list[Grant]] = {}
    for row in db.session.scalars(select(RoleGrant).where(RoleGrant.revoked_at.is_(None)).order_by(RoleGrant.id)):
        grants, grant = held.setdefault(row.account_id, []), row.as_rule()
        if (other := clash(grants, grant, campaign_of=campaigns)) is not None:
            yield f"account {row.account_id} is {other} and {grant.role} in the same place; take one back"
        grants.append(grant)


CHECKS = (
    ("audit trail", audit_trail),
    ("ledgers of marks", ledgers),
    ("sheets show their ledger version", mirrors),
    ("discussions", discussions),
    ("results come out of their bundles", results),
    ("files", files),
    ("invariants", invariants),
    ("roles kept apart", roles_together),
    *verify_trail.CHECKS,
)

COMMANDS = (verify,)
