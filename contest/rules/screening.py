"""Whether an entry keeps to what its contest declared: every fault, as a code with its facts.

The same checks run while someone writes, at submission, and on the secretary's desk. A fault that
`bars` keeps the entry from being submitted; the others are shown to whoever decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """What is wrong; the facts of each in brackets."""

    EMPTY = "empty"
    TYPED_NOT_TAKEN = "typed_not_taken"
    WORDS_BELOW = "words_below"  # words, least
    WORDS_ABOVE = "words_above"  # words, most
    WORDS_UNKNOWN = "words_unknown"  # pictures cannot be counted; a person does
    FILE_EMPTY = "file_empty"  # file
    FILE_KIND = "file_kind"  # file, kind, kinds
    FILE_TOO_LARGE = "file_too_large"  # file, size, most
    TOO_MANY_FILES = "too_many_files"  # files, most
    NO_AUTHOR = "no_author"
    TOO_MANY_AUTHORS = "too_many_authors"  # authors, most
    NAME_MISSING = "name_missing"  # author
    BIRTH_DATE_MISSING = "birth_date_missing"  # author
    BIRTH_DATE_WRONG = "birth_date_wrong"  # author: later than the day that counts, or 120 years before
    TOO_YOUNG = "too_young"  # author, age, least
    TOO_OLD = "too_old"  # author, age, most
    CATEGORY_MISSING = "category_missing"
    CATEGORY_UNKNOWN = "category_unknown"  # category
    AUTHOR_LIMIT = "author_limit"  # author, entries, most
    UNIT_LIMIT = "unit_limit"  # entries, most
    PLEDGE_MISSING = "pledge_missing"
    LATE = "late"
    NAMES_INSIDE = "names_inside"  # places


_FOR_A_PERSON = frozenset({Code.WORDS_UNKNOWN, Code.LATE, Code.NAMES_INSIDE})


@dataclass(frozen=True)
class Fault:
    """facts: numbers and keys; `file` and `author` are places in the lists, from 0."""

    code: Code
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def bars(self) -> bool:
        return self.code not in _FOR_A_PERSON


@dataclass(frozen=True)
class Limits:
    """What a contest declared. None: no limit. ages_on: the day on which ages count."""

    least_words: int | None = None
    most_words: int | None = None
    takes_typed: bool = True
    file_kinds: Set[str] | None = None
    most_files: int | None = None
    most_bytes: int | None = None
    most_authors: int | None = None
    least_age: int | None = None
    most_age: int | None = None
    ages_on: date | None = None
    categories: Set[str] | None = None
    most_per_author: int | None = None
    most_per_unit: int | None = None
    needs_pledge: bool = True


@dataclass(frozen=True)
class File:
    """kind by content, size in bytes."""

    kind: str
    size: int


@dataclass(frozen=True)
class Author:
    """others: entries of the same contest, this one and withdrawn ones not counted, with the same author."""

    name: str
    birth_date: date | None = None
    others: int = 0


@dataclass(frozen=True)
class Entry:
    """words: of the typed text and all files together; None when some of it cannot be counted.

    of_unit: other entries of the same unit, counted as an author's `others`. names_inside: places found in the text.
    """

    words: int | None = 0
    is_typed: bool = False
    files: Sequence[File] = ()
    authors: Sequence[Author] = ()
    category: str | None = None
    of_unit: int = 0
    is_pledged: bool = False
    is_late: bool = False
    names_inside: int = 0


def faults(entry: Entry, limits: Limits) -> list[Fault]:
    """Everything that is wrong, in the order of the steps: work, files, authors, category, limits, pledge, time."""
    found = [*_work_faults(entry, limits), *_file_faults(entry, limits), *_author_faults(entry, limits)]
    if limits.categories:
        if entry.category is None:
            found.append(Fault(Code.CATEGORY_MISSING))
        elif entry.category not in limits.categories:
            found.append(Fault(Code.CATEGORY_UNKNOWN, {"category": entry.category}))
    if limits.most_per_unit is not None and entry.of_unit >= limits.most_per_unit:
        found.append(Fault(Code.UNIT_LIMIT, {"entries": entry.of_unit, "most": limits.most_per_unit}))
    if limits.needs_pledge and not entry.is_pledged:
        found.append(Fault(Code.PLEDGE_MISSING))
    if entry.is_late:
        found.append(Fault(Code.LATE))
    if entry.names_inside:
        found.append(Fault(Code.NAMES_INSIDE, {"places": entry.names_inside}))
    return found


def age_on(birth_date: date, day: date) -> int:
    """Full years; someone born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _work_faults(entry: Entry, limits: Limits) -> list[Fault]:
    if not entry.is_typed and not entry.files:
        return [Fault(Code.EMPTY)]
    found: list[Fault] = []
    if entry.is_typed and not limits.takes_typed:
        found.append(Fault(Code.TYPED_NOT_TAKEN))
    if entry.words is None:
        if limits.least_words is not None or limits.most_words is not None:
            found.append(Fault(Code.WORDS_UNKNOWN))
    elif limits.least_words is not None and entry.words < limits.least_words:
        found.append(Fault(Code.WORDS_BELOW, {"words": entry.words, "least": limits.least_words}))
    elif limits.most_words is not None and entry.words > limits.most_words:
        found.append(Fault(Code.WORDS_ABOVE, {"words": entry.words, "most": limits.most_words}))
    return found


def _file_faults(entry: Entry, limits: Limits) -> list[Fault]:
    found: list[Fault] = []
    if limits.most_files is not None and len(entry.files) > limits.most_files:
        found.append(Fault(Code.TOO_MANY_FILES, {"files": len(entry.files), "most": limits.most_files}))
    for i, file in enumerate(entry.files):
        if limits.file_kinds is not None and file.kind not in limits.file_kinds:
            kinds = tuple(sorted(limits.file_kinds))
            found.append(Fault(Code.FILE_KIND, {"file": i, "kind": file.kind, "kinds": kinds}))
        if file.size == 0:
            found.append(Fault(Code.FILE_EMPTY, {"file": i}))
        elif limits.most_bytes is not None and file.size > limits.most_bytes:
            found.append(Fault(Code.FILE_TOO_LARGE, {"file": i, "size": file.size, "most": limits.most_bytes}))
    return found


def _author_faults(entry: Entry, limits: Limits) -> list[Fault]:
    if not entry.authors:
        return [Fault(Code.NO_AUTHOR)]
    found: list[Fault] = []
    if limits.most_authors is not None and len(entry.authors) > limits.most_authors:
        found.append(Fault(Code.TOO_MANY_AUTHORS, {"authors": len(entry.authors), "most": limits.most_authors}))
    for i, author in enumerate(entry.authors):
        if not author.name.strip():
            found.append(Fault(Code.NAME_MISSING, {"author": i}))
        found += _age_faults(author, i, limits)
        if limits.most_per_author is not None and author.others >= limits.most_per_author:
            facts = {"author": i, "entries": author.others, "most": limits.most_per_author}
            found.append(Fault(Code.AUTHOR_LIMIT, facts))
    return found


def _age_faults(author: Author, place: int, limits: Limits) -> list[Fault]:
    """Ages are asked for only where the contest limits them; a birth date that is given must be possible."""
    limited = limits.least_age is not None or limits.most_age is not None
    if author.birth_date is None:
        return [Fault(Code.BIRTH_DATE_MISSING, {"author": place})] if limited else []
    if limits.ages_on is None:
        return []
    age = age_on(author.birth_date, limits.ages_on)
    if not 0 <= age < 120:
        return [Fault(Code.BIRTH_DATE_WRONG, {"author": place})]
    if limits.least_age is not None and age < limits.least_age:
        return [Fault(Code.TOO_YOUNG, {"author": place, "age": age, "least": limits.least_age})]
    if limits.most_age is not None and age > limits.most_age:
        return [Fault(Code.TOO_OLD, {"author": place, "age": age, "most": limits.most_age})]
    return []
