"""The zip of XML parts that a .docx is: opened without trust, written without a trace of when and where."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from contest.documents.sniff import MAX_PART_XML, Unreadable, refuse_bomb

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
# Office writes no document types; who does means entities. UTF-16 parts are looked at too.
_DTD = re.compile(rb"<\x00?!\x00?(D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.I)


@dataclass(frozen=True)
class Relation:
    """kind is the last word of its type ("image", "styles"); target None when it lies outside the file."""

    id: str
    kind: str
    target: str | None


class Package:
    """A .docx opened for reading. Every way it can be wrong is Unreadable."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise Unreadable("broken") from error
        refuse_bomb(self._archive)
        self._names = set(self._archive.namelist())
        main = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        if not main or main[0] not in self._names:
            raise Unreadable("broken")
        self.main: str = main[0]

    def read(self, name: str) -> bytes:
        try:
            return self._archive.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Unreadable("broken", part=name) from error

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part: no document type, no entities, no network, no comments."""
        if name in self._names and self._archive.getinfo(name).file_size > MAX_PART_XML:
            raise Unreadable("bomb", part=name)
        data = self.read(name)
        if _DTD.search(data):
            raise Unreadable("broken", part=name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("broken", part=name) from error
        return _transitional(root)

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part ("" is the file itself), in order; none when it has no list."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self._names:
            return []
        found = []
        for item in self.xml(listed).iter(f"{{{RELATIONSHIPS}}}Relationship"):
            outside = item.get("TargetMode") == "External"
            target = None if outside else _resolve(folder, item.get("Target", ""))
            found.append(Relation(item.get("Id", ""), item.get("Type", "").rsplit("/", 1)[-1], target))
        return found

    def related(self, kind: str) -> list[str]:
        """Names of the parts of one kind that the main part points to and that are there."""
        return [r.target for r in self.relations(self.main) if r.kind == kind and r.target in self._names]


def _resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


_STRICT = (
    (
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    ("http://purl.oclc.org/ooxml/drawingml/main", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    (_STRICT_OFFICE, OFFICE),
)


def _transitional(root: etree._Element) -> etree._Element:
    """Word can save in the "strict" namespaces; one family is enough for everything after this."""
    if not any("purl.oclc.org/ooxml" in uri for uri in root.nsmap.values()):
        return root
    text = etree.tostring(root)
    for strict, usual in _STRICT:
        text = text.replace(strict.encode(), usual.encode())
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """A zip with the parts in the order given and no time or system of its making: same parts, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
    return out.getvalue()
