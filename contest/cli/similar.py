"""`flask --app wsgi similar PATH…`: pairs of files that share enough text, as JSON lines; no database.

Exit 0: done; 2: some file holds no text that can be read, with a line each on standard error; 1: a path is not there,
a file cannot be opened, or anything else. Where a path is not there nothing is compared, else all that could be read.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from contest.cli.pure import FAILED, REFUSED
from contest.documents.blocks import to_text
from contest.documents.desk import pdf_text, read_work
from contest.documents.sniff import Kind, Unreadable, check
from contest.documents.works import decode
from contest.rules.similarity import Pair, figure, similar
from contest.rules.text import nfc, word_count

# What is taken from a folder goes by the name, how it is read by the content.
TAKEN = frozenset({".txt", ".text", ".md", ".docx", ".pdf"})
KINDS = frozenset({Kind.TXT, Kind.DOCX, Kind.PDF})
LARGEST = 64 * 1024 * 1024  # bytes, as large as a request may be
NAMED = 5  # of the files left out
# As many as there are children that read documents (documents/apart.py).
READERS = 2

# What is wrong, by the code of documents.sniff.Unreadable or of this file.
SENTENCES: Mapping[str, str] = {
    "bomb": "unpacks to far more than a document holds",
    "broken": "the file is damaged",
    "empty": "the file is empty",
    "encrypted": "protected by a password",
    "heic": "a photograph: no text in it",
    "image_too_large": "holds a picture that is too large",
    "kind_not_taken": "no text in a file of this kind ({kind})",
    "legacy_doc": "an old Word file (.doc): save it as .docx",
    "macro": "holds macros",
    "no_text": "no words in it (a scan?)",
    "too_heavy": "too much for the reader: it crashed, or ran out of time or memory",
    "too_large": "larger than {most} MB",
    "too_many_pages": "{pages} pages, at most {limit} are read",
    "unknown_kind": "neither text nor .docx nor .pdf ({kind})",
}


@dataclass(frozen=True)
class Source:
    """A file to compare: its name in the result, and its path; None is standard input."""

    name: str
    path: Path | None


@dataclass(frozen=True)
class Read:
    """What became of a file: its text, or why there is none, and how the command ends for it."""

    text: str = ""
    problem: str = ""
    ends: int = 0


@click.command("similar")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--known", multiple=True, metavar="PATH", help="Texts all may quote from, such as the rules; repeatable.")
@with_appcontext
def similar_command(paths: Sequence[str], known: Sequence[str]) -> None:
    """Print the pairs of texts that share enough, most alike first, one JSON line each.

    PATH is a text file, a .docx or .pdf, a folder of such files, or - for standard input.
    """
    sources, quoted = _sources(paths), _sources(known)
    every = _read_all([*sources, *quoted])
    read, rules = every[: len(sources)], every[len(sources) :]
    kept = [(source.name, one.text) for source, one in zip(sources, read, strict=True) if one.text]
    pairs = similar([text for _, text in kept], known=[one.text for one in rules if one.text])
    for line in lines([name for name, _ in kept], pairs):
        # As bytes: UTF-8 whatever the terminal is set to.
        click.echo(line)
    ends = {one.ends for one in every} - {0}
    if ends:
        raise SystemExit(min(ends))


def lines(names: Sequence[str], pairs: Iterable[Pair]) -> list[bytes]:
    """The result, most alike first, then by name. names: of the texts, in ascending order."""
    rows = []
    for pair in pairs:
        likeness = pair.likeness
        row = {
            "a": names[pair.a],
            "b": names[pair.b],
            "score": figure(likeness.score),
            "containment": [figure(share) for share in likeness.containment],
            "passages": [{"a": list(passage.a), "b": list(passage.b)} for passage in likeness.passages],
        }
        # By the score as it is printed: who sorts the lines again gets the same order.
        rows.append(((1 - likeness.shown_score, pair.a, pair.b), row))
    rows.sort(key=lambda each: each[0])
    return [json.dumps(row, ensure_ascii=False).encode() for _, row in rows]


def _sources(paths: Iterable[str]) -> list[Source]:
    """The files of paths and of the folders among them, each once, by name. Leaves the program when one is missing."""
    found: dict[object, Source] = {}
    for path in paths:
        if path == "-":
            found.setdefault(path, Source(path, None))
            continue
        try:
            for file in _files(Path(path)):
                found.setdefault(file.resolve(), Source(_name(file), file))
        except (OSError, ValueError) as wrong:
            _say(path, f"cannot be read: {wrong}")
            raise SystemExit(FAILED) from None
    return sorted(found.values(), key=lambda source: source.name)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        path.stat()
        yield path
        return
    left_out = []
    for file in _walked(path):
        # What the system and Word put there: .DS_Store, ~$draft.docx.
        if file.name.startswith((".", "~$")):
            continue
        if file.suffix.casefold() in TAKEN:
            yield file
        else:
            left_out.append(_name(file))
    if left_out:
        names = ", ".join(left_out[:NAMED]) + (", …" if len(left_out) > NAMED else "")
        _say(_name(path), f"{len(left_out)} left out, neither text nor .docx nor .pdf by name: {names}")


def _walked(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders, by name. Links are left: they lead out, or to what is met anyway."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _name(path: Path) -> str:
    # A name that is no UTF-8 reaches Python as half surrogate pairs, which no JSON can hold.
    return nfc(path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _read_all(sources: Sequence[Source]) -> list[Read]:
    """Every file's text; what is wrong with the others is said, in order."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def read(source: Source) -> Read:
        with app.app_context():
            return _read(source)

    with ThreadPoolExecutor(READERS) as readers:
        done = list(readers.map(read, sources))
    for source, one in zip(sources, done, strict=True):
        if one.problem:
            _say(source.name, one.problem)
    return done


def _read(source: Source) -> Read:
    try:
        text = _text(_bytes(source.path))
        if not word_count(text):
            raise Unreadable("no_text")
    except Unreadable as problem:
        return Read(problem=SENTENCES[problem.code].format(**problem.facts), ends=REFUSED)
    except OSError as wrong:
        return Read(problem=f"cannot be read: {wrong.strerror}", ends=FAILED)
    return Read(text)


def _bytes(path: Path | None) -> bytes:
    """Raises Unreadable (too_large), OSError."""
    if path is None:
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable("too_large", most=LARGEST >> 20)
    return data


def _text(data: bytes) -> str:
    """The text passages are counted in (FORMATS.md). Raises Unreadable."""
    kind = check(data, KINDS)
    if kind is Kind.PDF:
        return pdf_text(data)
    if kind is Kind.DOCX:
        return to_text(read_work(data, kind))
    return decode(data)


def _say(name: str, what: str) -> None:
    printable = "".join(c if c.isprintable() else "�" for c in f"{name}: {what}")
    click.echo(printable, err=True)


COMMANDS = (similar_command,)
