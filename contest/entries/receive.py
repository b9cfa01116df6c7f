"""Taking in one uploaded file: what it really is, what can be read in it, and where it is kept.

All of this happens before the transaction that attaches it: a slow line or a heavy file must
not hold the database's write lock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from contest.documents.blocks import to_text
from contest.documents.desk import pdf_page_count, pdf_text, photo_page, read_work
from contest.documents.sniff import IMAGES, Kind, Unreadable, check, is_animated
from contest.rules.text import clean_line, clean_text, word_count
from contest.storage import Stored, storage

LONGEST_NAME = 200
# Characters read out of the files of one entry. Names are looked for in all of them whenever a draft is saved, and
# nobody else writes meanwhile: a small file that unpacks into a library would keep a hall of judges waiting.
MOST_READ = 1_000_000
# What a contest calls a kind of file, and the kinds by content it means.
KINDS: dict[str, frozenset[Kind]] = {
    "docx": frozenset({Kind.DOCX}),
    "pdf": frozenset({Kind.PDF}),
    "txt": frozenset({Kind.TXT}),
    "image": frozenset(IMAGES),
}


class FileRefused(Exception):
    """A file that is not taken: its name as shown, and the code and facts of Unreadable, or too_large (limit),
    too_much_text (limit)."""

    def __init__(self, name: str, code: str, **facts: Any) -> None:
        super().__init__(f"{name}: {code}")
        self.name = name
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Received:
    """A file that was read and is kept. words None: it cannot be counted. text, margins: see EntryFile."""

    name: str
    kind: str
    stored: Stored
    pages: int | None = None
    words: int | None = None
    text: str = ""
    margins: str = ""
    notes: tuple[str, ...] = ()


def receive(stream: BinaryIO, name: str, *, kinds: Collection[str], limit: int) -> Received:
    """Read, judge and keep a file. limit: bytes. Raises FileRefused; then nothing is kept."""
    shown = file_name(name)
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise FileRefused(shown, "too_large", limit=limit)
    accepted = frozenset().union(*(KINDS[kind] for kind in kinds if kind in KINDS))
    try:
        found = check(data, accepted)
        read = _read(data, found)
    except Unreadable as problem:
        facts = {"kinds": list(kinds), "promised": _promised(shown, kinds)}
        raise FileRefused(shown, problem.code, **facts, **problem.facts) from problem
    if len(read.get("text", "")) + len(read.get("margins", "")) > MOST_READ:
        raise FileRefused(shown, "too_much_text", limit=MOST_READ)
    if _says_otherwise(shown, read["kind"]):
        read["notes"] = (*read.get("notes", ()), f"really_{read['kind']}")
    return Received(name=shown, stored=storage().put(data, limit=limit), **read)


_SUFFIXES = {
    "docx": (".docx",),
    "pdf": (".pdf",),
    "txt": (".txt", ".text", ".md"),
    "image": (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"),
}


def _promised(name: str, kinds: Collection[str]) -> str:
    """The end of a name, ".docx", when it is one of a kind that is taken; else ""."""
    suffix = PurePosixPath(name).suffix.casefold()
    return suffix if any(suffix in _SUFFIXES.get(kind, ()) for kind in kinds) else ""


def _says_otherwise(name: str, kind: str) -> bool:
    """Whether the end of a name promises another kind of file than the content is."""
    suffix = PurePosixPath(name).suffix.casefold()
    return any(suffix in suffixes for other, suffixes in _SUFFIXES.items() if other != kind)


def _read(data: bytes, kind: Kind) -> dict[str, Any]:
    if kind in IMAGES:
        photo_page(data)  # a picture that cannot be drawn now cannot be drawn for the judges either
        return {"kind": "image", "pages": 1, "notes": ("animated",) if is_animated(data, kind) else ()}
    if kind is Kind.PDF:
        text = clean_text(pdf_text(data))
        return {"kind": "pdf", "pages": pdf_page_count(data), "words": word_count(text) or None, "text": text}
    work = read_work(data, kind)
    text = to_text(work)
    if not text.strip() and not work.images:
        raise Unreadable("no_text")
    return {
        "kind": kind.value,
        "words": word_count(text),
        "text": text,
        "margins": clean_text(work.margins_text),
        "notes": work.findings,
    }


def file_name(sent: str) -> str:
    """The name as it may be kept and shown: NFC, no folders, nothing that hides or reorders, 200 characters.

    Browsers and phones send paths, decomposed letters, and names that read backwards.
    """
    name = clean_line(unicodedata.normalize("NFC", sent).replace("\\", "/")).rsplit("/", 1)[-1].strip(". ")
    if not name:
        return "tep"
    suffix = PurePosixPath(name).suffix[:10]
    return name if len(name) <= LONGEST_NAME else clean_line(name[: LONGEST_NAME - len(suffix)]) + suffix
