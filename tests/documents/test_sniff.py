"""Files are known by what is in them, and what must not be opened is refused with a code."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from contest.documents.sniff import Kind, Unreadable, check, kind_of
from tests.documents.samples import pdf, photo, simple_docx, with_parts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def _ole(stream: str) -> bytes:
    return OLE + bytes(1000) + stream.encode("utf-16-le") + bytes(1000)


@pytest.mark.parametrize(
    ("data", "expected"),
    (
        (simple_docx(), Kind.DOCX),
        (pdf(), Kind.PDF),
        (b"\r\n" + pdf(), Kind.PDF),  # some printers put a line before it
        ("Bài dự thi".encode(), Kind.TXT),
        ("Bài dự thi".encode("utf-8-sig"), Kind.TXT),
        ("Bài dự thi".encode("utf-16"), Kind.TXT),
        ("Bài dự thi cuộc".encode("cp1258", errors="ignore"), Kind.TXT),
        (photo(), Kind.JPEG),
        (_picture("PNG"), Kind.PNG),
        (_picture("WEBP"), Kind.WEBP),
        (b"\x00\x00\x00\x18ftypheic" + bytes(64), Kind.HEIC),
        (b"\x00\x00\x00\x18ftypavif" + bytes(64), Kind.AVIF),
        (b"GIF89a" + bytes(64), Kind.GIF),
        (b"MM\x00*" + bytes(64), Kind.TIFF),
        (b"BM\xf6\xd4\x01\x00" + bytes(64), Kind.BMP),
        ("BMI của học sinh".encode(), Kind.TXT),
        (_ole("WordDocument"), Kind.DOC),
        (_ole("Workbook"), Kind.UNKNOWN),
        (b"{\\rtf1\\ansi}", Kind.RTF),
        (b"<!DOCTYPE html><html><body>bai.docx</body></html>", Kind.HTML),
        (b"  <html xmlns:w='word'>", Kind.HTML),
        (_zip("bai.txt"), Kind.ZIP),
        (b"MZ\x90\x00" + bytes(64), Kind.EXECUTABLE),
        (b"\x7fELF" + bytes(64), Kind.EXECUTABLE),
        (random.Random(7).randbytes(4000), Kind.UNKNOWN),
    ),
)
def test_kind_of(data: bytes, expected: Kind) -> None:
    assert kind_of(data) == expected


def test_a_file_on_disk_is_known_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "bai.pdf"
    path.write_bytes(simple_docx())

    assert kind_of(path) == Kind.DOCX


@pytest.mark.parametrize(
    ("data", "code"),
    (
        (b"", "empty"),
        (_ole("EncryptedPackage"), "encrypted"),
        (_ole("WordDocument"), "legacy_doc"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(64), "heic"),
        (random.Random(7).randbytes(4000), "unknown_kind"),
        (b"<html><body>bai.docx</body></html>", "unknown_kind"),
        (_zip("bai.txt"), "unknown_kind"),
        (simple_docx()[:5000], "broken"),
        (with_parts(simple_docx(), {"word/vbaProject.bin": b"x"}), "macro"),
    ),
)
def test_check_refuses(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        check(data)

    assert refused.value.code == code


def test_a_kind_the_contest_does_not_take_is_told_from_one_nobody_can_read() -> None:
    with pytest.raises(Unreadable) as refused:
        check(pdf(), {Kind.DOCX})

    assert (refused.value.code, refused.value.facts) == ("kind_not_taken", {"kind": "pdf"})


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = with_parts(simple_docx(), {"word/media/image1.png": bytes(300 * 1024 * 1024)})

    assert len(bomb) < 1024 * 1024
    with pytest.raises(Unreadable, match="bomb"):
        kind_of(bomb)


def test_a_zip_of_very_many_parts_is_refused() -> None:
    with pytest.raises(Unreadable, match="bomb"):
        kind_of(_zip(*map(str, range(3000))))


def test_a_long_work_is_no_bomb() -> None:
    long = simple_docx(*(f"Đoạn {n}: " + "dân vận khéo thì việc gì cũng thành công. " * 20 for n in range(3000)))

    assert kind_of(long) == Kind.DOCX


def test_an_encrypted_zip_part_is_refused() -> None:
    data = bytearray(simple_docx())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.start_dir
    data[start + 8] |= 1  # the flag of the first entry in the directory

    with pytest.raises(Unreadable, match="encrypted"):
        kind_of(bytes(data))
