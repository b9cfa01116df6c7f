"""The ledger on the server beside what thirty tablets say they wrote. Each check returns what is wrong, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from contest.contests.models import Contest
from contest.db import db
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import verify_ledger

Log = dict[str, Any]
SENT = {"sent", "correction", "confirmed"}


def faults(log: Log, contest: Contest) -> list[str]:
    """Everything that does not agree; empty when both sides say the same."""
    sheets = {row.id: row for row in db.session.scalars(select(Assignment))}
    versions = list(db.session.scalars(select(SheetVersion).order_by(SheetVersion.seq)))
    by_sheet: dict[int, list[SheetVersion]] = defaultdict(list)
    for version in versions:
        by_sheet[version.assignment_id].append(version)
    found = [f"the ledger breaks: {broken}" for broken in verify_ledger(contest)]
    found += _once(log, versions, sheets)
    for sheet in sheets.values():
        found += [f"sheet {sheet.public_id}: {fault}" for fault in _mirror(sheet, by_sheet[sheet.id])]
    found += _apart(log, sheets, by_sheet)
    found += _shown(log, sheets)
    return found


def _once(log: Log, versions: Sequence[SheetVersion], sheets: dict[int, Assignment]) -> Iterator[str]:
    """Every version written is stored once, as it was written, or refused with a reason; and nothing else is there."""
    written = {one["uuid"]: one for one in log["written"]}
    refused = {one["uuid"]: one for one in log["refused"]}
    stored = Counter(version.uuid for version in versions)
    for uuid, one in written.items():
        if stored[uuid] + (uuid in refused) != 1:
            yield f"{one['kind']} {uuid} of {one['tablet']}: {stored[uuid]} times stored, {refused.get(uuid)}"
    for version in versions:
        said = written.get(version.uuid)
        if said is None:
            yield f"{version.uuid}: in the ledger, and no tablet wrote it"
        elif (said["sheet"], said["kind"], said["marks"], said["comment"]) != (
            sheets[version.assignment_id].public_id, version.kind, version.marks, version.comment,
        ):  # fmt: skip
            yield f"{version.uuid}: stored otherwise than written"
    for one in refused.values():
        if not one["code"] or not one["detail"]:
            yield f"{one['uuid']}: refused without a word: {one}"
    for one in log["stored"]:
        if one["uuid"] != one["version"] or not stored[one["uuid"]]:
            yield f"{one['uuid']}: a receipt without a version"


def _mirror(sheet: Assignment, versions: Sequence[SheetVersion]) -> Iterator[str]:
    """The marks in force are those of its newest version that holds."""
    holding = [version for version in versions if version.holds]
    if not holding:
        if sheet.version_uuid is not None or sheet.state not in ("empty", "recused"):
            yield "something is in force that no version says"
        return
    last = holding[-1]
    if (sheet.version_uuid, sheet.marks, sheet.comment) != (last.uuid, last.marks, last.comment):
        yield "the marks in force are not those of its newest version that holds"
    if sheet.state != "recused" and sheet.state != (
        "sent" if any(version.kind in SENT for version in holding) else "begun"
    ):
        yield f"is {sheet.state} after {[version.kind for version in holding]}"


def _apart(log: Log, sheets: dict[int, Assignment], by_sheet: dict[int, list[SheetVersion]]) -> Iterator[str]:
    """Flagged when two tablets wrote without knowing of each other, and never when one tablet wrote alone."""
    tablets = {one["uuid"]: one["tablet"] for one in log["written"]}
    known = {one["uuid"]: one["based_on"] for one in log["written"]}
    for sheet_id, versions in by_sheet.items():
        sheet = sheets[sheet_id]
        writers = {tablets.get(version.uuid) for version in versions}
        if len(writers) < 2 and sheet.has_conflict:
            yield f"sheet {sheet.public_id}: one tablet wrote it, and it is flagged"
        said = {version.uuid: (version.marks, version.comment) for version in versions}
        in_force: SheetVersion | None = None
        for version in versions:
            if in_force is not None and tablets.get(version.uuid) != tablets.get(in_force.uuid):
                force, base = said[in_force.uuid], known.get(version.uuid)
                is_blind = base != in_force.uuid and said.get(base or "") != force
                if is_blind and said[version.uuid] != force and (version.holds or not sheet.has_conflict):
                    yield f"sheet {sheet.public_id}: {version.uuid} was written blindly and is not flagged"
            in_force = version if version.holds else in_force


def _shown(log: Log, sheets: dict[int, Assignment]) -> Iterator[str]:
    """At last nothing waits, and every tablet shows what the server has."""
    by_public_id = {sheet.public_id: sheet for sheet in sheets.values()}
    tablets = {one["uuid"]: one["tablet"] for one in log["written"]}
    for tablet in log["ended"]:
        if tablet["late"]:
            yield f"{tablet['tablet']} wrote {tablet['late']} versions when all was over"
        for one in tablet["shown"]:
            sheet = by_public_id[one["sheet"]]
            if sheet.state == "recused" and one["place"] == "unread":
                continue  # its judge stepped back: it does not open any more
            wanted = "server" if sheet.version_uuid else "none"
            if one["place"] == "lost" and one["said"]:
                continue  # refused, and its tablet says why
            if one["place"] == "faulty" and one["faulty"]:
                continue  # off its scale: typed and kept, never a version
            by = f"by {tablets.get(sheet.version_uuid or '')} at {sheet.saved_at}"
            if (one["place"], one.get("unlike"), one.get("waiting")) != (wanted, [], 0):
                yield f"{tablet['tablet']} shows {one}, wanted {wanted} ({sheet.version_uuid} {by})"
            elif one["version"] != sheet.version_uuid:
                yield f"{tablet['tablet']} shows {one['version']}, in force is {sheet.version_uuid} ({by})"
