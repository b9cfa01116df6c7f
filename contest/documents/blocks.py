"""A work as blocks of text and as pictures of pages: what judges read, and what words are counted in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from contest.rules.text import is_legacy_tcvn3

# Characters that hide, reorder or break text for a reader: controls, zero-width, bidi, soft hyphen, surrogates.
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
UNSEEN = re.compile(f"[{_HIDDEN}\xad]")
# What a TCVN3 font shows for the soft hyphen is a letter: "ư".
UNSEEN_IN_TCVN3 = re.compile(f"[{_HIDDEN}]")
BETWEEN_BLOCKS = "\n\n"
BETWEEN_CELLS = "\t"
COVER = "…"


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. "\\n" is a line break inside the paragraph."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Block:
    """A piece of a work. kind: heading | paragraph | list_item | table | image | note.

    level: of a heading (1-6) or a list item (0…). label: the number Word shows before it ("a)", "•"), not
    part of the text. rows: of a table, each cell the blocks in it. image: key into Work.images.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    label: str = ""
    rows: tuple[tuple[tuple[Block, ...], ...], ...] = ()
    image: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Work:
    """A work that was read.

    images: key → JPEG or PNG bytes without metadata; a key is made of the content.
    margins_text: what headers and footers say, and what was hidden; judges do not see it, screening looks
    there for names. findings: legacy_font (TCVN3 or VNI text, not converted), image_skipped, comments, changes.
    """

    blocks: tuple[Block, ...]
    images: dict[str, bytes] = field(default_factory=dict)
    margins_text: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageImage:
    """A picture of one page (number from 1): JPEG bytes without metadata, size in pixels."""

    number: int
    data: bytes
    width: int
    height: int


def unseen_in(text: str) -> re.Pattern[str]:
    """Which characters of a whole work a reader does not see."""
    return UNSEEN_IN_TCVN3 if "\xad" in text and is_legacy_tcvn3(text) else UNSEEN


def composed(runs: Iterable[Run], unseen: re.Pattern[str] = UNSEEN) -> tuple[Run, ...]:
    """Runs in NFC, `unseen` characters gone, neighbours of one style joined, outer spaces trimmed.

    The NFC of the runs joined is then the runs joined: a letter never stands apart from its marks.
    """
    joined: list[Run] = []
    for run in runs:
        text = unseen.sub("", run.text)
        marks = 0
        while marks < len(text) and unicodedata.combining(text[marks]):
            marks += 1
        if marks and joined:
            joined[-1] = replace(joined[-1], text=joined[-1].text + text[:marks])
            text = text[marks:]
        if text and joined and _style(joined[-1]) == _style(run):
            joined[-1] = replace(joined[-1], text=joined[-1].text + text)
        elif text:
            joined.append(replace(run, text=text))
    return _trimmed([replace(run, text=unicodedata.normalize("NFC", run.text)) for run in joined])


def _style(run: Run) -> tuple[bool, bool, bool]:
    return run.bold, run.italic, run.underline


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    while runs and not (text := runs[0].text.lstrip()):
        runs.pop(0)
    if runs:
        runs[0] = replace(runs[0], text=text)
    while runs and not (text := runs[-1].text.rstrip()):
        runs.pop()
    if runs:
        runs[-1] = replace(runs[-1], text=text)
    return tuple(runs)


def to_text(work: Work) -> str:
    """The plain text, NFC, a blank line between blocks: words are counted and hashes taken of this.

    Labels of lists and pictures are not in it.
    """
    return BETWEEN_BLOCKS.join(_texts(work.blocks))


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "table":
            rows = (BETWEEN_CELLS.join("\n".join(_texts(cell)) for cell in row) for row in block.rows)
            if (text := "\n".join(rows)).strip():
                yield text
        elif block.text:
            yield block.text


def cover(work: Work, spans: Iterable[tuple[int, int]]) -> Work:
    """The work with stretches of its plain text (start, end: positions in `to_text`) shown as "…"."""
    marked = sorted((start, end) for start, end in spans if start < end)
    blocks, _ = _covered(work.blocks, marked, 0, len(BETWEEN_BLOCKS))
    return replace(work, blocks=blocks)


def _covered(
    blocks: tuple[Block, ...], spans: list[tuple[int, int]], at: int, gap: int
) -> tuple[tuple[Block, ...], int]:
    """Blocks covered, and the position after the last; `at` is that of the first. Walks exactly as _texts does."""
    done = []
    is_first = True
    for block in blocks:
        length = sum(1 for _ in _texts([block]))
        start = at if is_first or not length else at + gap
        new, end = _covered_block(block, spans, start)
        if length:
            at, is_first = end, False
        done.append(new)
    return tuple(done), at


def _covered_block(block: Block, spans: list[tuple[int, int]], at: int) -> tuple[Block, int]:
    if block.kind != "table":
        runs = []
        for run in block.runs:
            runs.append(replace(run, text=_cut(run.text, spans, at)))
            at += len(run.text)
        return replace(block, runs=tuple(run for run in runs if run.text)), at
    rows = []
    for number, row in enumerate(block.rows):
        at += bool(number)
        cells = []
        for place, cell in enumerate(row):
            at += bool(place)
            new, at = _covered(cell, spans, at, 1)
            cells.append(new)
        rows.append(tuple(cells))
    return replace(block, rows=tuple(rows)), at


def _cut(text: str, spans: list[tuple[int, int]], at: int) -> str:
    pieces = []
    kept = 0
    for start, end in spans:
        first, last = max(start - at, kept), min(end - at, len(text))
        if first < last:
            # A stretch that runs over several styles is one ellipsis, at its start.
            pieces += [text[kept:first], COVER if start >= at else ""]
            kept = last
    return "".join([*pieces, text[kept:]])


def grouped(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Neighbours of one kind together, for lists."""
    for kind, members in groupby(blocks, key=lambda block: block.kind):
        yield kind, list(members)
