"""The works of the demo contests: stories from demo_texts, as the files people really send.

The files carry what such files carry in life (author in the properties, a comment by somebody
at home, a name in the page header, the place where a photo was taken), so that the cleaning shows.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from PIL import Image, ImageOps

from contest.documents.desk import pdf_pages

TEXTS = Path(__file__).parent / "demo_texts"
_ORIENTATION, _ARTIST, _MODEL, _GPS = 0x0112, 0x013B, 0x0110, 0x8825
_PARTS = ("mo-bai", "kho-khan", "cach-lam", "cach-lam", "ket-qua", "ket-bai")


@dataclass(frozen=True)
class Story:
    """A work. blocks: ("heading" or "paragraph", text), in order."""

    title: str
    blocks: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """As it is typed in the browser: a blank line between paragraphs."""
        return "\n\n".join(text for _kind, text in self.blocks)

    def shortened(self, count: int) -> Story:
        """The first blocks alone: a work somebody has only begun."""
        return Story(self.title, self.blocks[:count])

    def with_middle(self, other: Story) -> Story:
        """Its first, third and last paragraph with another work's between them, a word changed here and there."""
        taken = [text for kind, text in other.blocks if kind == "paragraph"][1:-1]
        changed = [("paragraph", text.replace("bà con", "nhân dân")) for text in taken]
        half = len(changed) // 2
        return Story(self.title, (self.blocks[0], *changed[:half], self.blocks[2], *changed[half:], self.blocks[-1]))

    def with_last(self, text: str) -> Story:
        return Story(self.title, (*self.blocks, ("paragraph", text)))


@cache
def written() -> tuple[Story, ...]:
    """The stories written out in full, in order of their files."""
    return tuple(_read(path) for path in sorted(TEXTS.glob("[0-9]*.md")))


def poem() -> Story:
    """A poem, where prose was asked for."""
    return _read(TEXTS / "tho.md")


def _read(path: Path) -> Story:
    first, *rest = (part.strip() for part in path.read_text(encoding="utf-8").split("\n\n"))
    blocks = [("heading", part[3:]) if part.startswith("## ") else ("paragraph", part) for part in rest if part]
    return Story(first.removeprefix("# "), tuple(blocks))


@dataclass(frozen=True)
class Place:
    """Where a composed story happens, and whom it is about. person: "bà Lò Thị Pành"; vai: what he or she is."""

    person: str
    role: str
    hamlet: str
    commune: str

    @property
    def short(self) -> str:
        """As a story goes on calling somebody: "bà Pành"."""
        title, *_names, given = self.person.split()
        return f"{title} {given}"


@cache
def subjects() -> tuple[dict[str, str], ...]:
    """What composed stories are about: title, the task, what was hard, what came of it."""
    return tuple(json.loads((TEXTS / "de-tai.json").read_text(encoding="utf-8")))


@cache
def _paragraphs() -> dict[str, list[str]]:
    parts = (TEXTS / "doan-van.txt").read_text(encoding="utf-8").split("== ")[1:]
    split = (part.strip().split("\n\n") for part in parts)
    return {name: [text.strip() for text in texts] for name, *texts in split}


def prepared() -> list[str]:
    """The paragraphs composed stories are made of, with their places empty."""
    return [text for texts in _paragraphs().values() for text in texts]


def composed(number: int, place: Place) -> Story:
    """Story `number` (from 0) made of prepared paragraphs: no two numbers below 36 give the same text."""
    subject = subjects()[number % len(subjects())]
    chosen: list[str] = []
    for shift, part in enumerate(_PARTS):
        texts = _paragraphs()[part]
        at = number * (1 + shift % 2) + (number // len(texts)) * shift + shift
        # Two paragraphs come from the same part: never the same one twice.
        chosen.append(next(text for turn in range(2) if (text := texts[(at + turn) % len(texts)]) not in chosen))
    facts = {"viec": subject["viec"], "kho": subject["kho"], "ket": subject["ket"]}
    facts |= {"thon": place.hamlet, "xa": place.commune, "vai": place.role}
    facts |= {"ho-ten": place.person, "nguoi": place.short}
    opening = chosen[0].replace("{nguoi}", "{ho-ten}", 1)
    blocks = tuple(("paragraph", _filled(text, facts)) for text in [opening, *chosen[1:]])
    return Story(subject["title"], blocks)


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """The places filled; one that begins a sentence begins with a capital."""

    def put(found: re.Match[str]) -> str:
        value = facts[found[2]]
        return found[1] + value[:1].upper() + value[1:]

    filled = re.sub(r"(^|[.?!]”? (?=\{)|“(?=\{))\{([\w-]+)\}", put, text)
    filled = re.sub(r"\{([\w-]+)\}", lambda found: facts[found[1]], filled)
    return filled[:1].upper() + filled[1:]


def docx(story: Story, *, author: str, header: str = "", comment_by: str = "") -> bytes:
    """The story as Word keeps it, with its author in the properties."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.paragraph_format.first_line_indent, style.paragraph_format.line_spacing = Cm(1), 1.3
    title = document.add_paragraph()
    title.alignment, title.paragraph_format.first_line_indent = WD_ALIGN_PARAGRAPH.CENTER, Cm(0)
    run = title.add_run(story.title)
    run.bold, run.font.size = True, Pt(16)
    for kind, text in story.blocks:
        if kind == "heading":
            document.add_heading(text, level=2)
        else:
            paragraph = document.add_paragraph(text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if comment_by:
        document.add_comment(document.paragraphs[1].runs, text="Đoạn này viết hay rồi, giữ lại nhé.", author=comment_by)
    _sign(document, author)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _sign(document: Any, author: str) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = author
    properties.title, properties.comments = "Bài dự thi", f"Máy tính của {author}"
    properties.created = properties.modified = datetime(2024, 7, 2, 13, 5, tzinfo=UTC)


def pdf(story: Story, *, author: str) -> bytes:
    """The story printed to PDF, with its author in the properties."""
    blocks = [{"kind": kind, "text": text} for kind, text in story.blocks]
    value = {"title": story.title, "author": author, "blocks": blocks}
    made = typst.compile(
        str(TEXTS / "bai.typ"),
        root=str(TEXTS),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"story": json.dumps(value, ensure_ascii=False)},
    )
    return bytes(made)


def photos(story: Story, *, author: str) -> list[bytes]:
    """Each page as somebody photographs it: a little askew, on its side, with name and place in the file."""
    pictures = []
    for page in pdf_pages(pdf(story, author=author), width=1100):
        with Image.open(io.BytesIO(page.data)) as opened:
            paper = ImageOps.expand(opened.convert("RGB"), 36, (122, 101, 82))
        tilt = 1.1 if page.number % 2 else -0.8
        paper = paper.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(122, 101, 82))
        exif = Image.Exif()
        exif[_ARTIST], exif[_MODEL], exif[_ORIENTATION] = author, "Điện thoại", 6
        exif.get_ifd(_GPS).update({1: "N", 2: (21.0, 49.0, 24.0), 3: "E", 4: (105.0, 12.0, 36.0)})
        file = io.BytesIO()
        # Orientation 6 says "turn me clockwise to look at me": so it is kept turned the other way.
        paper.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=78, exif=exif)
        pictures.append(file.getvalue())
    return pictures
