"""What a file really is, by its content: a name says nothing, and a name can lie."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO


class Kind(StrEnum):
    """Kinds that can be told apart. Those in READABLE can be entered in a contest."""

    DOCX = "docx"
    PDF = "pdf"
    TXT = "txt"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    AVIF = "avif"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    DOC = "doc"
    RTF = "rtf"
    HTML = "html"
    ZIP = "zip"
    EXECUTABLE = "executable"
    UNKNOWN = "unknown"


READABLE = frozenset({Kind.DOCX, Kind.PDF, Kind.TXT, Kind.JPEG, Kind.PNG, Kind.WEBP})
IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
# Pictures too, told apart only to say what to do with them.
UNREAD_IMAGES = frozenset({Kind.HEIC, Kind.AVIF, Kind.GIF, Kind.BMP, Kind.TIFF})
TYPES = {  # Content-Type to send a file of this kind with
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.TXT: "text/plain; charset=utf-8",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
}

# A long illustrated .docx has some hundreds of parts and unpacks to some tens of MB; text alone packs 10 to 30 times.
MAX_PARTS = 2_000
MAX_UNPACKED = 250 * 1024 * 1024
MAX_PART_XML = 32 * 1024 * 1024
MAX_RATIO = 150
RATIO_FROM = 8 * 1024 * 1024  # below this size no ratio does harm

HEAD = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXECUTABLE = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_HTML = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
# Bytes no text file holds: control characters other than tab, line ends and form feed.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


class Unreadable(Exception):
    """A file that cannot be taken: a code and the facts a sentence about it needs.

    Codes: empty, encrypted, broken, bomb, macro, legacy_doc, heic, unknown_kind (kind),
    kind_not_taken (kind), too_many_pages (pages, limit), image_too_large (pixels, limit), too_heavy (whoever
    read it crashed, or ran out of time or memory).
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts


def check(data: bytes | Path, accepted: Collection[Kind] = READABLE) -> Kind:
    """The kind of a file that is sound and accepted. Raises Unreadable with the reason otherwise.

    Looks at the wrapping, not at every page: reading the file may still find it broken.
    """
    kind = kind_of(data)
    if kind in accepted:
        return kind
    if kind is Kind.DOC:
        raise Unreadable("legacy_doc")
    if kind is Kind.HEIC:
        raise Unreadable("heic")
    raise Unreadable("kind_not_taken" if kind in READABLE else "unknown_kind", kind=kind.value)


def kind_of(data: bytes | Path) -> Kind:
    """The kind of a file by its content.

    Raises Unreadable for what must not be opened at all: empty, encrypted, macro, bomb, or a broken wrapping.
    """
    with _open(data) as file:
        head = file.read(HEAD)
        if not head:
            raise Unreadable("empty")
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip_kind(file)
        if head.startswith(_OLE):
            return _ole_kind(file)
        return _plain_kind(head)


def _open(data: bytes | Path) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _plain_kind(head: bytes) -> Kind:
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Kind.HEIC
    if picture := _other_picture(head):
        return picture
    if head.startswith(b"{\\rtf"):
        return Kind.RTF
    if _HTML.match(head):
        return Kind.HTML
    if head.startswith(_EXECUTABLE):
        return Kind.EXECUTABLE
    return Kind.TXT if _is_text(head) else Kind.UNKNOWN


def _other_picture(head: bytes) -> Kind | None:
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return Kind.AVIF
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return Kind.TIFF
    # A text may begin with these two letters too, but not go on with four zeros.
    return Kind.BMP if head.startswith(b"BM") and head[6:10] == bytes(4) else None


def is_animated(data: bytes, kind: Kind) -> bool:
    """Whether a picture that can be taken moves; only its first frame becomes a page."""
    if kind is Kind.WEBP:
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 2)
    return kind is Kind.PNG and b"acTL" in data[: max(data.find(b"IDAT"), 0)]


def _is_text(head: bytes) -> bool:
    """Whether bytes can be text: UTF-8, UTF-16 with its mark, or a one-byte code page."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return text.count("\ufffd") * 50 <= len(text)
    return head.translate(None, _CONTROLS) == head


def _ole_kind(file: BinaryIO) -> Kind:
    """Old Office files, and new ones behind a password, share one container; stream names tell them apart."""
    file.seek(0)
    names = file.read(64 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in names:
        raise Unreadable("encrypted")
    return Kind.DOC if "WordDocument".encode("utf-16-le") in names else Kind.UNKNOWN


def _zip_kind(file: BinaryIO) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bomb(archive)
            names = {name.casefold() for name in archive.namelist()}
            if "[content_types].xml" not in names:
                return Kind.ZIP
            types = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("broken") from error
    if b"macroEnabled" in types or any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("macro")
    return Kind.DOCX if b"wordprocessingml" in types else Kind.ZIP


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raises Unreadable: bomb, encrypted. Declared sizes bind: zipfile never unpacks past them."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise Unreadable("bomb")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed:
        raise Unreadable("bomb")
