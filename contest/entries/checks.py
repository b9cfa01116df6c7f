"""What a contest asks of an entry, put to rules.screening and rules.names_inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.contests.models import Contest
from contest.entries.models import Entry, EntryFile, EntryVersion
from contest.entries.own_queries import category_in, counted, entries_by_person, texts_read
from contest.entries.slip import Person, Slip
from contest.rules import names_inside, screening
from contest.rules.deadlines import HANOI
from contest.rules.phones import display
from contest.rules.text import word_count

Finding = dict[str, Any]
# Which step mends a fault; what is not here is mended in the first.
STEP_OF: Mapping[str, str] = {
    "no_author": "authors", "too_many_authors": "authors", "name_missing": "authors", "birth_date_missing": "authors",
    "birth_date_wrong": "authors", "too_young": "authors", "too_old": "authors", "author_limit": "authors",
    "unit_limit": "authors", "pledge_missing": "pledge",
}  # fmt: skip


def pledges(contest: Contest) -> tuple[str, ...]:
    """The wordings a contestant agrees to, in order."""
    return tuple(text for text in (contest.pledge_text, contest.ai_pledge_text) if text.strip())


def words_of(version: EntryVersion, files: Sequence[EntryFile]) -> int | None:
    """Typed text and files together; None when a file holds pictures only."""
    counts = [file.words for file in files]
    return None if None in counts else word_count(version.text) + sum(count or 0 for count in counts)


def limits_of(contest: Contest, now: datetime) -> screening.Limits:
    """What the contest declared, in the rule's terms. Ages count on the day of handing in."""
    return screening.Limits(
        least_words=contest.min_words,
        most_words=contest.max_words,
        takes_typed=contest.allow_typed,
        file_kinds=frozenset(contest.file_kinds),
        most_files=contest.max_files,
        most_bytes=contest.max_file_mb * 1_000_000,
        most_authors=contest.max_authors,
        least_age=contest.min_age,
        ages_on=now.astimezone(HANOI).date(),
        categories=frozenset(category.key for category in contest.categories),
        most_per_author=contest.max_per_author,
        most_per_unit=contest.max_per_unit,
        needs_pledge=bool(pledges(contest)),
    )


@dataclass(frozen=True)
class Gap:
    """Something a draft lacks or should be looked at: a code of rules.screening, or title_missing."""

    code: str
    step: str  # work | authors | pledge: where it is mended
    bars: bool
    facts: Mapping[str, Any]


def gaps_of(entry: Entry, version: EntryVersion, form: Slip, *, now: datetime) -> list[Gap]:
    """Everything that is wrong with a draft, in the order of the steps; those that bar, and those to be looked at."""
    found = [] if version.title.strip() else [Gap("title_missing", "work", True, {})]
    for fault in screening.faults(_as_value(entry, version, form), limits_of(entry.contest, now)):
        # A paper work lies on a shelf: it is read and counted there.
        if entry.channel == "paper" and fault.code is screening.Code.EMPTY:
            continue
        step = STEP_OF.get(fault.code, "work")
        found.append(Gap(fault.code, step, fault.bars, fault.facts))
    return found


def _as_value(entry: Entry, version: EntryVersion, form: Slip) -> screening.Entry:
    contest = entry.contest
    files = texts_read(version)
    category = category_in(contest, form.category_id)
    return screening.Entry(
        words=words_of(version, files),
        is_typed=bool(version.text.strip()),
        files=[screening.File(file.kind, file.size) for file in files],
        authors=[_author(entry, person) for person in form.people],
        category=category.key if category else None,
        of_unit=counted(contest, unit_id=form.unit_id, but=entry.id) if _limits_unit(contest, form) else 0,
        is_pledged=form.has_pledged(pledges(contest)),
        names_inside=len(sightings(version, files, form)),
    )


def _limits_unit(contest: Contest, form: Slip) -> bool:
    return contest.max_per_unit is not None and form.unit_id is not None


def _author(entry: Entry, person: Person) -> screening.Author:
    limited = entry.contest.max_per_author is not None
    others = entries_by_person(entry.contest, person, but=entry.id) if limited else 0
    return screening.Author(person.full_name, person.birth_date, others)


def suspects(form: Slip) -> list[names_inside.Person]:
    """What could give the authors away, as rules.names_inside takes it."""
    people = [
        names_inside.Person(
            name=person.full_name, phone=display(person.phone), email=person.email, unit=person.work or form.unit_name
        )
        for person in form.people
    ]
    if form.unit_name:
        people.append(names_inside.Person(unit=form.unit_name))
    return people


def sightings(
    version: EntryVersion, files: Sequence[EntryFile], form: Slip
) -> list[tuple[str, str, names_inside.Sighting]]:
    """(where, the words found, sighting) in the title, the typed text, each file, and its margins.

    where: "title", "text", a file's public id, or "margins:" and that.
    """
    people = suspects(form)
    places = [("title", version.title), ("text", version.text)]
    for file in files:
        places += [(file.public_id, file.text), (f"margins:{file.public_id}", file.margins)]
    return [
        (where, text[found.start : found.end], found)
        for where, text in places
        for found in names_inside.find_names(text, people)
    ]


def findings_of(version: EntryVersion, files: Sequence[EntryFile], form: Slip) -> list[Finding]:
    """What the automatic checks see in the work, for whoever wrote it and for the secretariat, as JSON."""
    seen = sightings(version, files, form)
    found: list[Finding] = [
        {"code": "name_inside", "where": where, "words": words, "kind": str(item.kind)} for where, words, item in seen
    ]
    marked = {where for where, _words, _item in seen}
    for file in files:
        found += [{"code": note, "where": file.public_id} for note in file.notes]
        if file.margins and f"margins:{file.public_id}" not in marked:
            found.append({"code": "margins", "where": file.public_id, "words": file.margins[:200]})
    return found
