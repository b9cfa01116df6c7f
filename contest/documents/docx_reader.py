"""A .docx as blocks: the text a reader sees in Word, in order, without its layout and without its author."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from contest.documents.blocks import Block, Run, Work, composed, unseen_in
from contest.documents.numbering import Numbering, counted
from contest.documents.package import Package
from contest.documents.pages import strip_image
from contest.documents.sniff import Unreadable
from contest.documents.wordml import A, M, R, V, is_on, settle, w

_LEGACY_FONTS = (".vn", "vni-", "vni ")


def read_docx(data: bytes) -> Work:
    """Raises Unreadable."""
    package = Package(data)
    root = package.xml(package.main)
    unseen = unseen_in(" ".join(_text(paragraph) for paragraph in root.iter(w("p"))))
    reader = _Reader(package, unseen)
    findings = _findings(package, root)
    hidden = settle(root)
    body = root.find(w("body"))
    if body is None:
        raise Unreadable("broken")
    targets = {relation.id: relation.target for relation in package.relations(package.main) if relation.target}
    blocks = list(reader.blocks(body, targets))
    for kind in ("footnotes", "endnotes"):
        blocks += reader.notes(kind)
    margins = [*_margins(package, unseen), *hidden]
    return Work(tuple(blocks), reader.images, "\n".join(margins), tuple(findings + sorted(reader.findings)))


def _findings(package: Package, root: Element) -> list[str]:
    found = []
    if package.related("comments"):
        found.append("comments")
    if next(root.iter(w("ins"), w("del"), w("moveFrom"), w("moveTo")), None) is not None:
        found.append("changes")
    if any((fonts.get(w("ascii")) or "").casefold().startswith(_LEGACY_FONTS) for fonts in root.iter(w("rFonts"))):
        found.append("legacy_font")
    return found


def _text(paragraph: Element) -> str:
    return "".join(_SIGNS.get(sign.tag, sign.text or "") for sign in paragraph.iter(w("t"), w("softHyphen")))


def _margins(package: Package, unseen: re.Pattern[str]) -> list[str]:
    """The text of headers and footers, each once."""
    texts: dict[str, None] = {}
    for name in package.related("header") + package.related("footer"):
        root = package.xml(name)
        settle(root)
        for paragraph in root.iter(w("p")):
            text = "".join(run.text for run in composed(_runs(paragraph, set()), unseen))
            if text and not text.isdigit():  # a page number is no trace of anyone
                texts[text] = None
    return list(texts)


@dataclass
class _Reader:
    package: Package
    unseen: re.Pattern[str]
    images: dict[str, bytes] = field(default_factory=dict)
    findings: set[str] = field(default_factory=set)
    numbering: Numbering = field(init=False)
    _notes: dict[str, list[str]] = field(default_factory=lambda: {"footnotes": [], "endnotes": []})

    def __post_init__(self) -> None:
        styles = [self.package.xml(name) for name in self.package.related("styles")]
        numbering = [self.package.xml(name) for name in self.package.related("numbering")]
        self.numbering = Numbering(styles[0] if styles else None, numbering[0] if numbering else None)

    def blocks(self, parent: Element, targets: dict[str, str]) -> Iterator[Block]:
        for child in parent:
            if child.tag == w("p"):
                yield from self._paragraph(child, targets)
            elif child.tag == w("tbl"):
                rows = (
                    tuple(tuple(self.blocks(cell, targets)) for cell in row.iterchildren(w("tc")))
                    for row in child.iterchildren(w("tr"))
                )
                yield Block("table", rows=tuple(row for row in rows if row))

    def _paragraph(self, paragraph: Element, targets: dict[str, str]) -> Iterator[Block]:
        shape = self.numbering.shape(paragraph)
        for mark in paragraph.iter(w("footnoteReference"), w("endnoteReference")):
            self._mark_note(mark)
        bold_styles = self.numbering.bold_styles if shape.kind != "heading" else set()
        runs = composed(_runs(paragraph, bold_styles), self.unseen)
        if runs:
            yield Block(shape.kind, runs, shape.level, shape.label)
        for image in _pictures(paragraph):
            if key := self._image(targets.get(image, "")):
                yield Block("image", image=key)
        for box in _boxes(paragraph):
            yield from self.blocks(box, targets)

    def _mark_note(self, mark: Element) -> None:
        """Put "[1]" where a note is called for; notes are numbered in the order they are met."""
        if mark.get("label"):
            return
        kind = "footnotes" if mark.tag == w("footnoteReference") else "endnotes"
        self._notes[kind].append(mark.get(w("id"), ""))
        mark.set("label", _note_label(kind, len(self._notes[kind])))

    def notes(self, kind: str) -> Iterator[Block]:
        called = list(self._notes[kind])
        for name in self.package.related(kind):
            root = self.package.xml(name)
            settle(root)
            by_id = {note.get(w("id"), ""): note for note in root}
            for number, note_id in enumerate(called, 1):
                if (note := by_id.get(note_id)) is None:
                    continue
                texts = (composed(_runs(p, set()), self.unseen) for p in note.iter(w("p")))
                runs = tuple(run for text in texts for run in text)
                if runs:
                    yield Block("note", runs, label=_note_label(kind, number))

    def _image(self, target: str) -> str:
        if not target:
            return ""
        try:
            data = strip_image(self.package.read(target))
        except Unreadable:
            self.findings.add("image_skipped")
            return ""
        key = hashlib.sha256(data).hexdigest()[:32]
        self.images[key] = data
        return key


def _note_label(kind: str, number: int) -> str:
    return f"[{number}]" if kind == "footnotes" else f"[{counted(number, 'lowerRoman')}]"


def _pictures(paragraph: Element) -> Iterator[str]:
    """Relation ids of the pictures of a paragraph, without those inside its text boxes."""
    for picture in paragraph.iter(f"{{{A}}}blip", f"{{{V}}}imagedata"):
        if not _in_box(picture, paragraph):
            yield picture.get(f"{{{R}}}embed") or picture.get(f"{{{R}}}id") or ""


def _boxes(paragraph: Element) -> Iterator[Element]:
    for box in paragraph.iter(w("txbxContent")):
        if not _in_box(box, paragraph):
            yield box


def _in_box(element: Element, paragraph: Element) -> bool:
    above = element.getparent()
    while above is not None and above is not paragraph:
        if above.tag == w("txbxContent"):
            return True
        above = above.getparent()
    return False


_SIGNS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-", w("softHyphen"): "\xad"}


def _runs(paragraph: Element, bold_styles: set[str]) -> Iterator[Run]:
    """The runs of a settled paragraph, without what stands in its text boxes."""
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    is_bold = style is not None and style.get(w("val"), "") in bold_styles
    for child in paragraph:
        if child.tag == w("r"):
            yield from _run(child, is_bold)
        elif child.tag.startswith(f"{{{M}}}"):
            yield Run("".join(t.text or "" for t in child.iter(f"{{{M}}}t")))


def _run(run: Element, is_bold: bool) -> Iterator[Run]:
    properties = run.find(w("rPr"))
    bold = is_on(properties, "b") or (is_bold and (properties is None or properties.find(w("b")) is None))
    text = ""
    for child in run:
        if child.tag == w("t"):
            text += (child.text or "").replace("\n", " ")
        elif child.tag in (w("footnoteReference"), w("endnoteReference")):
            text += child.get("label", "")
        else:
            text += _SIGNS.get(child.tag, "")
    if properties is not None and is_on(properties, "caps"):
        text = text.upper()
    if text:
        yield Run(text, bold, is_on(properties, "i"), is_on(properties, "u"))
