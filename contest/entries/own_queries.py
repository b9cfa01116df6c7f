"""Reads of a person's own entries, and of a unit's for its contact. Every query takes the account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from contest.accounts.models import Account
from contest.campaigns.models import FieldOfWork
from contest.contests.models import Category, Contest
from contest.db import db
from contest.entries import slip
from contest.entries.models import Author, Entry, EntryFile, EntryVersion, RoundEntry, Screening, SetAside
from contest.entries.slip import Slip
from contest.rules.permissions import Role, Scope, covers
from contest.units.models import Unit


def contact_unit_ids(account: Account, scope: Scope) -> set[int]:
    """Units the account is contact of, where the grant reaches into the scope; without a unit named, its own."""
    grants = [grant for grant in account.held() if grant.role is Role.UNIT_CONTACT and covers(grant, scope)]
    named = {grant.unit_id if grant.unit_id is not None else account.unit_id for grant in grants}
    return {unit_id for unit_id in named if unit_id is not None}


def within_units(unit_ids: set[int]) -> ColumnElement[bool]:
    """Rows of `Unit` that are one of these or below one; joined on Entry.unit_id by the caller."""
    paths = db.session.scalars(select(Unit.path).where(Unit.id.in_(unit_ids))).all() if unit_ids else []
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def contact_units(account: Account, scope: Scope) -> Sequence[Unit]:
    """The units a contact enters for: those granted."""
    ids = contact_unit_ids(account, scope)
    return db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.sort_key)).all() if ids else []


def own_entry(account: Account, public_id: str) -> Entry | None:
    """An entry the account may change: its own, or one registered for a unit it is contact of."""
    entry = db.session.scalars(
        select(Entry).options(joinedload(Entry.contest)).where(Entry.public_id == public_id)
    ).one_or_none()
    if entry is None or entry.owner_id == account.id:
        return entry
    return entry if entry.channel in ("unit", "paper") and _in_own_units(account, entry) else None


def _in_own_units(account: Account, entry: Entry) -> bool:
    ids = contact_unit_ids(account, entry.contest.scope)
    if not ids or entry.unit_id is None:
        return False
    return bool(
        db.session.scalar(select(func.count()).select_from(Unit).where(Unit.id == entry.unit_id, within_units(ids)))
    )


def locked_own_entry(account: Account, public_id: str) -> Entry | None:
    """As `own_entry`, held until the transaction ends: two tabs write one after the other."""
    entry = own_entry(account, public_id)
    if entry is not None:
        db.session.refresh(entry, with_for_update={"of": Entry})
    return entry


def entries_of(account: Account) -> Sequence[Entry]:
    """A person's own entries, newest first, with their contests."""
    return db.session.scalars(
        select(Entry)
        .options(joinedload(Entry.contest), joinedload(Entry.category))
        .where(Entry.owner_id == account.id)
        .order_by(Entry.id.desc())
    ).all()


def unit_entries(contest: Contest, account: Account) -> Sequence[Entry]:
    """The entries of a contact's units and of all below them, newest first; other people's drafts are left out."""
    ids = contact_unit_ids(account, contest.scope)
    return db.session.scalars(
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id)
        .options(selectinload(Entry.authors), joinedload(Entry.category))
        .where(
            Entry.contest_id == contest.id,
            within_units(ids),
            or_(Entry.state != "draft", Entry.owner_id == account.id),
        )
        .order_by(Entry.id.desc())
    ).all()


def draft_of(entry: Entry) -> EntryVersion | None:
    """The version that may still change, with its slip."""
    return db.session.scalars(
        select(EntryVersion)
        .options(undefer(EntryVersion.slip), selectinload(EntryVersion.files))
        .where(EntryVersion.entry_id == entry.id, EntryVersion.submitted_at.is_(None))
    ).one_or_none()


def submitted_version(entry: Entry, number: int | None = None) -> EntryVersion | None:
    """The newest submitted version, or the one of that number."""
    query = (
        select(EntryVersion)
        .options(undefer(EntryVersion.slip), selectinload(EntryVersion.files))
        .where(EntryVersion.entry_id == entry.id, EntryVersion.submitted_at.is_not(None))
        .order_by(EntryVersion.number.desc())
        .limit(1)
    )
    if number is not None:
        query = query.where(EntryVersion.number == number)
    return db.session.scalars(query).one_or_none()


def by_public_id(public_id: str) -> Entry | None:
    """Any entry of any contest: for making sure that an id is free."""
    return db.session.scalars(select(Entry).where(Entry.public_id == public_id)).one_or_none()


def slip_of(entry: Entry, version: EntryVersion) -> Slip:
    """The author form of a version; of an entry that came without one, what its rows say."""
    if version.slip:
        return slip.from_json(version.slip)
    people = tuple(
        slip.Person(a.full_name, a.birth_date, a.work, a.address, a.phone, a.email, a.account_id) for a in entry.authors
    )
    return Slip(
        people, entry.category_id, entry.field_of_work_id, entry.unit_id, entry.unit_name, entry.pledged_at,
        (entry.pledge_text,),
    )  # fmt: skip


def texts_read(version: EntryVersion) -> Sequence[EntryFile]:
    """A version's files with what was read in them."""
    return db.session.scalars(
        select(EntryFile)
        .options(undefer(EntryFile.text), undefer(EntryFile.margins))
        .where(EntryFile.version_id == version.id)
        .order_by(EntryFile.position)
        .execution_options(populate_existing=True)
    ).all()


def length_read(version: EntryVersion) -> int:
    """How many characters were read in a version's files."""
    length = func.coalesce(func.sum(func.length(EntryFile.text) + func.length(EntryFile.margins)), 0)
    return db.session.scalar(select(length).where(EntryFile.version_id == version.id)) or 0


def file_by_upload(uuid: str) -> EntryFile | None:
    return db.session.scalars(
        select(EntryFile).options(joinedload(EntryFile.version)).where(EntryFile.upload_uuid == uuid)
    ).one_or_none()


def is_drawn(entry: Entry) -> bool:
    """Whether the entry already has a blind code: from then on it does not change."""
    return bool(db.session.scalar(select(func.count()).select_from(RoundEntry).where(RoundEntry.entry_id == entry.id)))


def counted(contest: Contest, *, owner: Account | None = None, unit_id: int | None = None, but: int = 0) -> int:
    """Entries handed in and not withdrawn: by an owner for himself or herself, or of a unit; one left out."""
    where = [Entry.contest_id == contest.id, Entry.state == "submitted", Entry.id != but]
    if owner is not None:
        mine = select(Author.entry_id).where(Author.account_id == owner.id)
        where.append(or_(and_(Entry.owner_id == owner.id, Entry.channel == "web"), Entry.id.in_(mine)))
    if unit_id is not None:
        where.append(Entry.unit_id == unit_id)
    return db.session.scalar(select(func.count()).select_from(Entry).where(*where)) or 0


def entries_by_person(contest: Contest, person: slip.Person, *, but: int) -> int:
    """Other entries handed in under the same name with the same birth date, phone or account."""
    same = [Author.account_id == person.account_id] if person.account_id is not None else []
    if person.birth_date is not None:
        same.append(and_(Author.full_name == person.full_name, Author.birth_date == person.birth_date))
    if person.phone:
        same.append(and_(Author.full_name == person.full_name, Author.phone == person.phone))
    query = (
        select(func.count(Entry.id.distinct()))
        .join(Author, Author.entry_id == Entry.id)
        .where(Entry.contest_id == contest.id, Entry.state == "submitted", Entry.id != but, or_(false(), *same))
    )
    return db.session.scalar(query) or 0


def draft_to_go_on(contest: Contest, account: Account) -> Entry | None:
    """The one entry of his or her own that a person has begun and not handed in."""
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.contest_id == contest.id,
            Entry.owner_id == account.id,
            Entry.state == "draft",
            Entry.channel == "web",
        )
        .order_by(Entry.id)
        .limit(1)
    ).one_or_none()


def last_screening(entry: Entry) -> Screening | None:
    return db.session.scalars(
        select(Screening).where(Screening.entry_id == entry.id).order_by(Screening.id.desc()).limit(1)
    ).one_or_none()


def set_aside(entry: Entry) -> Sequence[SetAside]:
    return db.session.scalars(select(SetAside).where(SetAside.entry_id == entry.id).order_by(SetAside.id.desc())).all()


def entry_by_receipt(code: str) -> Entry | None:
    """For the public check of a receipt; the page says nothing of author or work."""
    return db.session.scalars(
        select(Entry).options(joinedload(Entry.contest)).where(Entry.receipt_code == code)
    ).one_or_none()


def category_in(contest: Contest, category_id: int | None) -> Category | None:
    return next((row for row in contest.categories if row.id == category_id), None)


def field_in(contest: Contest, field_of_work_id: int | None) -> FieldOfWork | None:
    return next((row for row in contest.campaign.fields_of_work if row.id == field_of_work_id), None)


def unit_by_name(key: str) -> Unit | None:
    """The one unit of this folded name; None when there is none, or more than one."""
    found = db.session.scalars(select(Unit).where(Unit.name_key == key).limit(2)).all()
    return found[0] if len(found) == 1 else None


def file_in(entry: Entry, public_id: str) -> EntryFile | None:
    """A file of any version of the entry."""
    return db.session.scalars(
        select(EntryFile)
        .join(EntryVersion, EntryVersion.id == EntryFile.version_id)
        .where(EntryVersion.entry_id == entry.id, EntryFile.public_id == public_id)
    ).one_or_none()
