"""The judge's copy: the work alone, as text and pages, with what the secretary covered covered.

Values in, values out, but for the stored bytes that are read and written; no database. Slow, so
it runs before a transaction or in a job.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contest.documents.blocks import COVER, Block, PageImage, Run, Work, composed, cover, to_text
from contest.documents.desk import painted, pdf_pages, photo_page, read_work
from contest.documents.sniff import Kind
from contest.documents.works import to_html, work_from_text
from contest.rules.names_inside import Person, find_names
from contest.rules.text import fold, word_count
from contest.storage import Stored, storage

Span = tuple[int, int]
Page = dict[str, Any]
Box = tuple[int, int, int, int]
# Which part of a page is painted over: left, top, right, bottom in thousandths of its width and height.
PARTS: dict[str, Box] = {
    "all": (0, 0, 1000, 1000),
    "top": (0, 0, 1000, 160),
    "bottom": (0, 840, 1000, 1000),
}
MOST_BOXES = 40  # drawn on one page
BAR = "▇▇▇"
_KEPT = "\ue000"  # stands for an author's own "…" while covers are put in; of the same length
ON_PAPER = "Bài nộp bản giấy. Giám khảo đọc bản giấy đã rọc phách do Tổ thư ký chuyển."


@dataclass(frozen=True)
class Source:
    """What a copy is made of: the version's title and typed text, then its files in order (kind, storage key).

    on_paper: the work was handed in on paper; a copy without text and pages then says so.
    """

    title: str
    text: str
    files: tuple[tuple[str, str], ...] = ()
    on_paper: bool = False


@dataclass(frozen=True)
class Copy:
    """A finished copy. plain: title and text, in which positions of covers count; pages: after the text."""

    html: str
    title: str
    plain: str
    word_count: int | None
    pages: tuple[Page, ...] = ()
    source_pages: tuple[Page, ...] = ()


def make_copy(source: Source) -> Copy:
    """Read the work and draw its pages. Raises Unreadable, FileNotFoundError."""
    pages = tuple(_drawn_pages(source))
    text = write_text(source, ())
    count = None if pages or not text.word_count else text.word_count
    return replace(text, pages=pages, source_pages=pages, word_count=count)


def write_text(source: Source, covered: Sequence[Span]) -> Copy:
    """The text part of the copy, with stretches of its plain text covered."""
    work = _work(source)
    shown = _barred(cover(_respelt(work, COVER, _KEPT), covered))
    # The title is the first block, so that a name in it can be covered too; the judge's page prints it itself.
    head = 1 if source.title.strip() else 0
    title = " ".join(to_text(Work(shown.blocks[:head])).split())
    body = Work(work.blocks[head:], work.images)
    made = to_html(Work(shown.blocks[head:], shown.images))
    if not made and not source.files and source.on_paper:
        made = f"<p>{html.escape(ON_PAPER)}</p>"
    return Copy(made, title, to_text(work), word_count(to_text(body)))


def _barred(work: Work) -> Work:
    """Covered places as a bar nobody takes for an author's own ellipsis."""
    return _respelt(_respelt(work, COVER, BAR), _KEPT, COVER)


def _respelt(work: Work, old: str, new: str) -> Work:
    return replace(work, blocks=tuple(_respelt_block(block, old, new) for block in work.blocks))


def _respelt_block(block: Block, old: str, new: str) -> Block:
    rows = tuple(tuple(tuple(_respelt_block(b, old, new) for b in cell) for cell in row) for row in block.rows)
    return replace(block, rows=rows, runs=tuple(replace(run, text=run.text.replace(old, new)) for run in block.runs))


def _work(source: Source) -> Work:
    """Title, typed text and every file that has text of its own, as one work."""
    parts = [work_from_text(source.text)] if source.text.strip() else []
    for kind, key in source.files:
        if kind in (Kind.DOCX, Kind.TXT):
            parts.append(read_work(storage().read(key), Kind(kind)))
    runs = composed([Run(source.title)])
    head = (Block("heading", runs, level=1),) if runs else ()
    images = {key: data for part in parts for key, data in part.images.items()}
    body = [block for part in parts for block in part.blocks]
    # Most Word files begin with the title, which the form asked for already: judges should not read it twice.
    if head and body and fold(to_text(Work((body[0],)))) == fold(source.title):
        body = body[1:]
    return Work((*head, *body), images)


def _drawn_pages(source: Source) -> Iterator[Page]:
    for kind, key in source.files:
        if kind == Kind.PDF:
            for page in pdf_pages(storage().read(key)):
                yield _kept(page)
        elif kind == "image":
            yield _kept(photo_page(storage().read(key)))


def _kept(page: PageImage) -> Page:
    return _named(storage().put(page.data), page.width, page.height)


def _named(stored: Stored, width: int, height: int) -> Page:
    return {"key": stored.key, "width": width, "height": height, "sha256": stored.sha256}


def cover_pages(pages: Sequence[Page], covers: Sequence[dict[str, Any]]) -> list[Page]:
    """Pages with parts painted over: [{"page": 1, "part": "top"}, {"page": 1, "box": [0, 0, 500, 80]}, …].

    Untouched pages are the same files.
    """
    done = []
    for number, page in enumerate(pages, 1):
        parts = [_area(item) for item in covers if item["page"] == number]
        done.append(_painted(page, parts) if parts else dict(page))
    return done


def _area(cover: dict[str, Any]) -> Box:
    if "part" in cover:
        return PARTS[cover["part"]]
    left, top, right, bottom = cover["box"]
    return left, top, right, bottom


_BOX = re.compile(r"([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4})")


def boxes_of(drawn: str) -> list[Box] | None:
    """Boxes as the page sends them, "left,top,right,bottom" each, with a space between; None for anything else."""
    pieces = drawn.split(" ")
    found = [piece for piece in map(_BOX.fullmatch, pieces[: MOST_BOXES + 1]) if piece]
    boxes = [(int(at[1]), int(at[2]), int(at[3]), int(at[4])) for at in found]
    is_sound = all(left < right <= 1000 and top < bottom <= 1000 for left, top, right, bottom in boxes)
    return boxes if is_sound and 0 < len(boxes) == len(pieces) <= MOST_BOXES else None


def _painted(page: Page, parts: Sequence[Box]) -> Page:
    covered = painted(storage().read(page["key"]), parts)
    return _named(storage().put(covered), page["width"], page["height"])


def spans_of(passage: str, plain: str) -> list[Span]:
    """Every place where a passage stands in the text, however its spaces and lines are broken."""
    words = [re.escape(word) for word in passage.split()]
    return [found.span() for found in re.finditer(r"\s+".join(words), plain)] if words else []


_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|[^<&]|[<&]")
_INLINE = re.compile(r"</?(strong|em|u|mark)\b")


def mark_names(made: str, people: Sequence[Person]) -> tuple[str, list[str]]:
    """HTML of a copy with the authors' names, phones, units marked for the secretary; and the words found."""
    tokens = _TOKEN.findall(made)
    places: list[int] = []
    letters: list[str] = []
    for place, token in enumerate(tokens):
        if token.startswith("<") and len(token) > 1:
            letter = "" if _INLINE.match(token) else "\n"
        else:
            letter = html.unescape(token)[:1]
        if letter:
            letters.append(letter)
            places.append(place)
    text = "".join(letters)
    found = find_names(text, people)
    marked = {places[at] for sighting in found for at in range(sighting.start, sighting.end)}
    return _with_marks(tokens, marked), list(dict.fromkeys(text[item.start : item.end] for item in found))


def _with_marks(tokens: list[str], marked: set[int]) -> str:
    pieces, is_open = [], False
    for place, token in enumerate(tokens):
        wanted = place in marked and not (token.startswith("<") and len(token) > 1)
        if wanted != is_open:
            pieces.append("<mark>" if wanted else "</mark>")
            is_open = wanted
        pieces.append(token)
    return "".join([*pieces, "</mark>" if is_open else ""])
