"""What people do with their own entries, from the first draft to withdrawal."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contest import audit
from contest.accounts.models import Account
from contest.campaigns.models import FieldOfWork
from contest.contests.models import Category, Contest
from contest.db import db
from contest.entries import own_queries
from contest.entries.checks import pledges
from contest.entries.models import Entry, EntryFile, EntryVersion, SetAside
from contest.entries.receive import MOST_READ, Received
from contest.entries.refused import DraftConflict, EntryRefused
from contest.entries.slip import Person, Slip
from contest.entries.trail import subject_of
from contest.rules.deadlines import State, state_at
from contest.rules.permissions import BARRED_FROM_ENTERING, Action
from contest.rules.text import fold, word_count
from contest.units.models import Unit


def barred_role(contest: Contest, account: Account) -> str | None:
    """The role in this contest that forbids entering it (invariant 6), or None."""
    return next((role for role in sorted(BARRED_FROM_ENTERING) if account.has_role([role], contest.scope)), None)


def period_state(contest: Contest, now: datetime) -> State:
    return state_at(now, contest.opens_at, contest.closes_at, contest.grace_minutes, contest.accepts_late)


def check_period(contest: Contest, now: datetime, entry: Entry | None = None) -> State:
    """Where the contest stands; an entry given back to its author may still be mended. Raises EntryRefused."""
    if contest.state != "announced":
        raise EntryRefused("not_announced")
    state = period_state(contest, now)
    if state is State.NOT_YET:
        raise EntryRefused("not_yet", opens_at=contest.opens_at)
    if state is State.CLOSED and not _may_mend(entry, now):
        raise EntryRefused("closed", closes_at=contest.closes_at)
    return state


def _may_mend(entry: Entry | None, now: datetime) -> bool:
    return entry is not None and entry.edit_until is not None and now < entry.edit_until


def may_enter(contest: Contest, account: Account, *, for_unit: bool, now: datetime) -> None:
    """Raises EntryRefused with the first reason why not."""
    if role := barred_role(contest, account):
        raise EntryRefused("barred", role=role)
    is_contact = account.may(Action.REGISTER_FOR_UNIT, contest.scope)
    if for_unit and not is_contact:
        raise EntryRefused("only_units")
    if not for_unit and not contest.open_to_public:
        raise EntryRefused("only_units")
    check_period(contest, now)
    limit = contest.max_per_author
    if not for_unit and limit is not None and own_queries.counted(contest, owner=account) >= limit:
        raise EntryRefused("author_limit", limit=limit)


def start(contest: Contest, *, account: Account, now: datetime, unit: Unit | None = None, paper: bool = False) -> Entry:
    """A new draft, or the one the person has already begun. unit: its contact enters for someone else.

    Raises EntryRefused.
    """
    may_enter(contest, account, for_unit=unit is not None, now=now)
    if unit is None and (begun := own_queries.draft_to_go_on(contest, account)):
        return begun
    channel = "web" if unit is None else "paper" if paper else "unit"
    entry = new_entry(contest, account, channel=channel, unit=unit, now=now)
    audit.record(account, "entries.start", subject_of(entry), now=now, contest_id=contest.id)
    return entry


def new_entry(
    contest: Contest, account: Account, *, channel: str, unit: Unit | None, now: datetime, public_id: str = ""
) -> Entry:  # fmt: skip
    """The rows of a new draft, without asking whether it may be. public_id: 32 hex digits; empty: made here."""
    entry = Entry(
        public_id=public_id or secrets.token_hex(16), contest=contest, owner_id=account.id, channel=channel,
        created_at=now, changed_at=now, unit_id=unit.id if unit else None, unit_name=unit.name if unit else "",
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    people = [_own_person(account)] if channel == "web" else []
    own_unit = unit or (db.session.get(Unit, account.unit_id) if account.unit_id and channel == "web" else None)
    only = contest.categories[0].id if len(contest.categories) == 1 else None
    form = Slip(
        people=tuple(people), category_id=only, unit_id=own_unit.id if own_unit else None,
        unit_name=own_unit.name if own_unit else account.unit_text if channel == "web" else "",
    )  # fmt: skip
    db.session.add(EntryVersion(entry_id=entry.id, number=1, saved_at=now, slip=form.to_json()))
    db.session.flush()
    return entry


def _own_person(account: Account) -> Person:
    return Person(
        full_name=account.full_name, phone=account.phone or "", email=account.email or "", account_id=account.id
    )


def the_draft(entry: Entry) -> EntryVersion:
    """The version that may change. Raises EntryRefused: withdrawn, not_draft."""
    if entry.state == "withdrawn":
        raise EntryRefused("withdrawn")
    version = own_queries.draft_of(entry)
    if version is None:
        raise EntryRefused("not_draft")
    return version


def save_work(
    entry: Entry, version: EntryVersion, *, title: str, text: str, revision: int | None, now: datetime
) -> None:
    """Keep title and text of a draft. Raises DraftConflict when it was saved elsewhere meanwhile.

    revision: the draft's number when these texts were loaded. Saving the same again changes nothing.
    """
    if (version.title, version.text) == (title, text):
        return
    if revision is not None and revision != version.draft_revision:
        raise DraftConflict(version)
    version.title, version.text = title, text
    version.word_count = word_count(text)
    version.draft_revision += 1
    version.saved_at = entry.changed_at = now
    if entry.state == "draft":
        entry.title, entry.title_key = title, fold(title)[:300]


def keep_aside(entry: Entry, *, title: str, text: str, now: datetime) -> None:
    """Keep the text that was not picked after two devices wrote the same draft apart."""
    db.session.add(SetAside(entry_id=entry.id, title=title, text=text, at=now))


def pick(
    entry: Entry, version: EntryVersion, *, keep_mine: bool, title: str, text: str, revision: int, now: datetime
) -> None:
    """Settle which of two texts holds: the sender's or the stored one. The other is kept beside it.

    Raises DraftConflict when the stored one has changed once more.
    """
    if not keep_mine:
        if (title, text) != (version.title, version.text):
            keep_aside(entry, title=title, text=text, now=now)
        return
    before = version.title, version.text
    save_work(entry, version, title=title, text=text, revision=revision, now=now)
    if before != (title, text):
        keep_aside(entry, title=before[0], text=before[1], now=now)


def classify(
    entry: Entry, version: EntryVersion, *, category: Category | None, field: FieldOfWork | None, now: datetime
) -> None:
    """Keep what kind of work a draft is, and which field of the year's it is about."""
    before = own_queries.slip_of(entry, version)
    form = replace(
        before, category_id=category.id if category else None, field_of_work_id=field.id if field else None
    )  # fmt: skip
    if form != before:
        save_slip(entry, version, form, now=now)


def save_slip(entry: Entry, version: EntryVersion, form: Slip, *, now: datetime) -> None:
    """Keep the author form of a draft. A draft's unit is seen at once, by the unit's contact too."""
    version.slip = form.to_json()
    version.saved_at = entry.changed_at = now
    if entry.state == "draft":
        entry.unit_id, entry.unit_name = form.unit_id, form.unit_name
        entry.category_id, entry.field_of_work_id = form.category_id, form.field_of_work_id


def pledge(entry: Entry, version: EntryVersion, *, now: datetime) -> None:
    """Agree to the contest's wordings as they stand now."""
    form = own_queries.slip_of(entry, version)
    save_slip(entry, version, replace(form, pledged_at=now, pledged_texts=pledges(entry.contest)), now=now)


def unpledge(entry: Entry, version: EntryVersion, *, now: datetime) -> None:
    form = own_queries.slip_of(entry, version)
    save_slip(entry, version, replace(form, pledged_at=None, pledged_texts=()), now=now)


def attach(
    entry: Entry, version: EntryVersion, received: Received, *, uuid: str | None, now: datetime
) -> tuple[EntryFile, bool]:
    """Add a file to a draft; (the file, whether it is new). Sent twice is stored once.

    Raises EntryRefused: too_many_files, too_much_text, changed (the UUID belongs to another entry).
    """
    if known := _known(version, received, uuid):
        return known, False
    if len(version.files) >= entry.contest.max_files:
        raise EntryRefused("too_many_files", limit=entry.contest.max_files)
    if own_queries.length_read(version) + len(received.text) + len(received.margins) > MOST_READ:
        raise EntryRefused("too_much_text", limit=MOST_READ)
    last = max((file.position for file in version.files), default=0)
    file = EntryFile(
        public_id=secrets.token_hex(16), position=last + 1, storage_key=received.stored.key, name=received.name,
        kind=received.kind, size=received.stored.size, sha256=received.stored.sha256, pages=received.pages,
        words=received.words, text=received.text, margins=received.margins, notes=list(received.notes),
        uploaded_at=now, upload_uuid=uuid,
    )  # fmt: skip
    version.files.append(file)
    version.saved_at = entry.changed_at = now
    db.session.flush()
    return file, True


def _known(version: EntryVersion, received: Received, uuid: str | None) -> EntryFile | None:
    same = (received.stored.sha256, received.name)
    if found := next((file for file in version.files if (file.sha256, file.name) == same), None):
        return found
    known = own_queries.file_by_upload(uuid) if uuid else None
    if known is not None and known.version.entry_id != version.entry_id:
        raise EntryRefused("changed")
    return known if known is not None and known.version_id == version.id else None


def remove_file(entry: Entry, version: EntryVersion, public_id: str, *, now: datetime) -> None:
    """Take a file out of a draft. Its bytes stay: an earlier version may show them."""
    for file in [file for file in version.files if file.public_id == public_id]:
        version.files.remove(file)
        db.session.delete(file)
    _renumber(entry, version.files, version, now)


def move_file(entry: Entry, version: EntryVersion, public_id: str, *, by: int, now: datetime) -> None:
    """Move a file one place up (by -1) or down (+1)."""
    files = list(version.files)
    place = next((i for i, file in enumerate(files) if file.public_id == public_id), None)
    if place is None or not 0 <= place + by < len(files):
        return
    files[place], files[place + by] = files[place + by], files[place]
    _renumber(entry, files, version, now)


def _renumber(entry: Entry, files: Sequence[EntryFile], version: EntryVersion, now: datetime) -> None:
    for position, file in enumerate(files, 1):
        file.position = position
    version.saved_at = entry.changed_at = now


def revise(entry: Entry, *, account: Account, now: datetime) -> EntryVersion:
    """Begin a new version of an entry already handed in; the handed-in one holds until the new one is.

    Raises EntryRefused: withdrawn, not_submitted, drawn, closed, …
    """
    if entry.state == "withdrawn":
        raise EntryRefused("withdrawn")
    if draft := own_queries.draft_of(entry):
        return draft
    last = own_queries.submitted_version(entry)
    if last is None:
        raise EntryRefused("not_submitted")
    check_period(entry.contest, now, entry)
    if own_queries.is_drawn(entry):
        raise EntryRefused("drawn")
    # Its field of work may have been named by the secretariat since: a new version begins with that.
    form = replace(
        own_queries.slip_of(entry, last), field_of_work_id=entry.field_of_work_id, pledged_at=None, pledged_texts=()
    )
    version = EntryVersion(
        entry_id=entry.id, number=last.number + 1, title=last.title, text=last.text, word_count=last.word_count,
        saved_at=now, slip=form.to_json(),
    )  # fmt: skip
    version.files = [_copy(file) for file in own_queries.texts_read(last)]
    db.session.add(version)
    db.session.flush()
    audit.record(
        account, "entries.revise", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"version": version.number},
    )  # fmt: skip
    return version


def _copy(file: EntryFile) -> EntryFile:
    return EntryFile(
        public_id=secrets.token_hex(16), position=file.position, storage_key=file.storage_key, name=file.name,
        kind=file.kind, size=file.size, sha256=file.sha256, pages=file.pages, words=file.words, text=file.text,
        margins=file.margins, notes=file.notes, uploaded_at=file.uploaded_at,
    )  # fmt: skip


def discard(entry: Entry, *, account: Account, now: datetime) -> None:
    """Drop the new version being written; what was handed in stands. Raises EntryRefused."""
    version = the_draft(entry)
    if own_queries.submitted_version(entry) is None:
        raise EntryRefused("not_submitted")
    for file in list(version.files):
        db.session.delete(file)
    db.session.delete(version)
    audit.record(
        account, "entries.discard", subject_of(entry), now=now, contest_id=entry.contest_id,
        details={"version": version.number},
    )  # fmt: skip
