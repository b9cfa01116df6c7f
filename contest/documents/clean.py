"""Copies without a trace of who wrote them.

A .docx is built anew from the few parts a reader sees, each in its settled form; whatever is not on the
list (properties, comments, custom XML, thumbnails, embedded files and fonts, headers and footers) does not come along.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from contest.documents.package import OFFICE, RELATIONSHIPS, Package, write_zip
from contest.documents.pages import strip_embedded, strip_image
from contest.documents.sniff import IMAGES, Kind, Unreadable
from contest.documents.wordml import R, W, remove, settle, w
from contest.documents.works import decode

_PARTS = ("styles", "numbering", "footnotes", "endnotes", "theme")
_TYPE = "application/vnd.openxmlformats-officedocument."
_CONTENT_TYPES = {
    name: f"{_TYPE}wordprocessingml.{name}+xml" for name in ("styles", "numbering", "footnotes", "endnotes")
}
_CONTENT_TYPES["theme"] = f"{_TYPE}theme+xml"
_CONTENT_TYPES["document"] = f"{_TYPE}wordprocessingml.document.main+xml"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# One white pixel, for pictures that could not be read and so not be cleaned.
_BLANK = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)
_REFERENCES = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "styleLink", "numStyleLink")
_TRACES = ("nsid", "tmpl", "numPicBullet", "lvlPicBulletId", "OLEObject")
_HOLDERS = ("drawing", "pict", "object")


class CannotClean(Exception):
    """This kind of file cannot be cleaned with certainty; show pictures of its pages instead (pages.py)."""


def clean_copy(data: bytes, kind: Kind) -> bytes:
    """The same work without author, properties, comments, revisions, custom data, thumbnails, EXIF.

    A picture comes back as JPEG or PNG, text as UTF-8. Raises CannotClean for kinds that offer no certainty
    (PDF: its text may sit in streams no library empties), Unreadable for what cannot be read.
    """
    if kind is Kind.DOCX:
        return _clean_docx(data)
    if kind is Kind.TXT:
        return decode(data).encode()
    if kind in IMAGES:
        return strip_image(data)
    raise CannotClean(kind.value)


@dataclass(frozen=True)
class _Part:
    """name: its own in the new file ("document", "styles", …); source: the part it comes from."""

    name: str
    source: str
    root: Element


def _clean_docx(data: bytes) -> bytes:
    package = Package(data)
    parts = [_Part("document", package.main, package.xml(package.main))]
    for kind in _PARTS:
        parts += [_Part(kind, name, package.xml(name)) for name in package.related(kind)[:1]]
    styles = _style_names(parts)
    written: dict[str, bytes] = {}
    for part in parts:
        settle(part.root)
        _drop_traces(part.root)
        _rename_styles(part.root, styles)
        pictures = _pictures(package, part)
        related = _relations(part, parts, pictures)
        _drop_dangling(part.root, set(pictures))
        written[f"word/{part.name}.xml"] = _HEAD + etree.tostring(_shortened(part.root), encoding="UTF-8")
        if related:
            written[f"word/_rels/{part.name}.xml.rels"] = related
        written.update({f"word/media/{name}": picture for name, picture in pictures.values()})
    return write_zip({"[Content_Types].xml": _content_types(parts), "_rels/.rels": _root_relation(), **written})


def _style_names(parts: list[_Part]) -> dict[str, str]:
    """New ids for the styles people made themselves: they are named after anything, also after their makers."""
    found: dict[str, str] = {}
    for part in parts:
        if part.name != "styles":
            continue
        for style in part.root.iter(w("style")):
            if style.get(w("customStyle")) in ("1", "true", "on"):
                found[style.get(w("styleId"), "")] = f"Own{len(found) + 1}"
    return found


def _rename_styles(root: Element, names: dict[str, str]) -> None:
    for style in root.iter(w("style")):
        if new := names.get(style.get(w("styleId"), "")):
            style.set(w("styleId"), new)
            for child in list(style.iterchildren(w("name"), w("aliases"))):
                if child.tag == w("name"):
                    child.set(w("val"), new)
                else:
                    remove(child)
    for element in root.iter(*map(w, _REFERENCES)):
        if new := names.get(element.get(w("val"), "")):
            element.set(w("val"), new)


def _drop_traces(root: Element) -> None:
    if not root.tag.startswith(f"{{{W}}}"):
        # A theme: its schemes carry names, and extensions may carry anything.
        for element in list(root.iter("{*}extLst", "{*}custClrLst", "{*}objectDefaults")):
            remove(element)
        for element in root.iter("{*}*"):
            if "name" in element.attrib and not element.tag.endswith(("}font", "}latin")):
                element.set("name", "")
        return
    for element in list(root.iter("{*}*")):
        if element.tag.rpartition("}")[2] in _TRACES:
            remove(element)


def _pictures(package: Package, part: _Part) -> dict[str, tuple[str, bytes]]:
    """By relation id: a new name and the cleaned bytes of each picture the part shows."""
    found: dict[str, tuple[str, bytes]] = {}
    for relation in package.relations(part.source):
        if relation.kind != "image" or relation.target is None:
            continue
        try:
            picture = strip_embedded(package.read(relation.target))
        except Unreadable:
            picture = _BLANK
        ending = "png" if picture.startswith(b"\x89PNG") else "jpeg"
        found[relation.id] = (f"{part.name}{len(found) + 1}.{ending}", picture)
    return found


def _relations(part: _Part, parts: list[_Part], pictures: dict[str, tuple[str, bytes]]) -> bytes:
    """The part's list of relations; empty when it has none."""
    lines = [_relation(key, "image", f"media/{name}") for key, (name, _) in pictures.items()]
    if part.name == "document":
        lines += [_relation(f"part{n}", p.name, f"{p.name}.xml") for n, p in enumerate(parts[1:], 1)]
    return _relation_list(lines) if lines else b""


def _relation(key: str, kind: str, target: str) -> str:
    safe = re.sub(r"[^\w.-]", "", key)
    return f'<Relationship Id="{safe}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _relation_list(lines: list[str]) -> bytes:
    return _HEAD + f'<Relationships xmlns="{RELATIONSHIPS}">{"".join(lines)}</Relationships>'.encode()


def _root_relation() -> bytes:
    return _relation_list([_relation("rId1", "officeDocument", "word/document.xml")])


def _drop_dangling(root: Element, kept: set[str]) -> None:
    """Take out what points to a part that did not come along: charts, embedded files, linked pictures."""
    for element in list(_pointing(root)):
        ids = [value for name, value in element.attrib.items() if str(name).startswith(f"{{{R}}}")]
        if all(value in kept for value in ids):
            continue
        holder = element
        while holder.getparent() is not None and holder.tag not in map(w, _HOLDERS):
            holder = holder.getparent()
        remove(holder if holder.tag in map(w, _HOLDERS) else element)


def _pointing(root: Element) -> Iterator[Element]:
    for element in root.iter("{*}*"):
        if any(str(name).startswith(f"{{{R}}}") for name in element.attrib):
            yield element


def _shortened(root: Element) -> Element:
    """Without declarations of name spaces that are no longer used: some name the program that wrote them."""
    etree.cleanup_namespaces(root)
    return root


def _content_types(parts: list[_Part]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/word/{part.name}.xml" ContentType="{_CONTENT_TYPES[part.name]}"/>' for part in parts
    )
    return (
        _HEAD
        + (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>'
            f"{overrides}</Types>"
        ).encode()
    )
