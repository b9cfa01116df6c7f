"""Files of reference texts as they are sent: single ones, or a folder packed into a .zip. Kept here, read in a job."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from contest.documents.blocks import to_text
from contest.documents.desk import pdf_text, read_work
from contest.documents.sniff import Kind, Unreadable, check, kind_of
from contest.entries.receive import FileRefused, file_name
from contest.rules.text import clean_text, word_count
from contest.storage import Stored, storage

KINDS = frozenset({Kind.DOCX, Kind.PDF, Kind.TXT})
MOST_FILES = 300  # of one sending
LARGEST = 20_000_000  # bytes of one file
MOST_BYTES = 200_000_000  # of all files of one sending, unpacked


@dataclass(frozen=True)
class Sent:
    """A reference file that was kept."""

    name: str
    kind: str
    stored: Stored


def receive_references(
    files: Iterable[tuple[str, IO[bytes]]], kept: frozenset[str]
) -> tuple[list[Sent], list[FileRefused]]:
    """(files that were kept, what is wrong with the others). kept: SHA-256 of files that are there already."""
    taken: list[Sent] = []
    refused: list[FileRefused] = []
    there, total = set(kept), 0
    for name, data in _unpacked(files, refused):
        total += len(data)
        try:
            if len(taken) >= MOST_FILES or total > MOST_BYTES:
                raise FileRefused(name, "too_many", limit=MOST_FILES)
            kind = check(data, KINDS)
            stored = storage().put(data)
        except Unreadable as problem:
            refused.append(FileRefused(name, problem.code, kinds=sorted(KINDS), **problem.facts))
            continue
        except FileRefused as problem:
            refused.append(problem)
            break
        if stored.sha256 in there:
            storage().delete(stored.key)
            refused.append(FileRefused(name, "already_there"))
            continue
        there.add(stored.sha256)
        taken.append(Sent(name, kind.value, stored))
    return taken, refused


def _unpacked(files: Iterable[tuple[str, IO[bytes]]], refused: list[FileRefused]) -> Iterator[tuple[str, bytes]]:
    for sent, stream in files:
        name, data = file_name(sent), stream.read(MOST_BYTES + 1)
        try:
            is_folder = kind_of(data) is Kind.ZIP
        except Unreadable as problem:
            refused.append(FileRefused(name, problem.code, **problem.facts))
            continue
        if is_folder:
            yield from _members(name, data, refused)
        elif len(data) > LARGEST:
            refused.append(FileRefused(name, "too_large", limit=LARGEST))
        else:
            yield name, data


def _members(name: str, data: bytes, refused: list[FileRefused]) -> Iterator[tuple[str, bytes]]:
    """The files of a packed folder, one at a time: none is read further than the limit, whatever its head says."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for item in archive.infolist():
            shown = file_name(_name(item))
            # What systems and Word leave in folders: .DS_Store, __MACOSX/._x, ~$draft.docx.
            if item.is_dir() or item.filename.startswith("__MACOSX/") or _last(item).startswith((".", "~$")):
                continue
            try:
                with archive.open(item) as member:
                    content = member.read(LARGEST + 1)
            except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
                refused.append(FileRefused(f"{name}/{shown}", "broken"))
                continue
            if len(content) > LARGEST:
                refused.append(FileRefused(shown, "too_large", limit=LARGEST))
            else:
                yield shown, content


def _last(item: zipfile.ZipInfo) -> str:
    return item.filename.rsplit("/", 1)[-1]


def _name(item: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so, and it is read as a code page of old."""
    if item.flag_bits & 0x800:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return item.filename


def text_of(data: bytes, kind: str) -> str:
    """The text of a reference file. Raises Unreadable, also for one without words."""
    text = clean_text(pdf_text(data)) if kind == Kind.PDF else to_text(read_work(data, Kind(kind)))
    if not word_count(text):
        raise Unreadable("no_text")
    return text
