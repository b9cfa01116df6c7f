"""A cleaned copy holds nothing of who made it, anywhere in its bytes, and still says what the work says."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from PIL import Image

from contest.documents.blocks import to_text
from contest.documents.clean import CannotClean, clean_copy
from contest.documents.reading import read_work
from contest.documents.sniff import Kind, Unreadable, check
from contest.documents.works import to_html
from tests.documents.samples import AUTHOR, COMPANY, SECRETS, WORK, everything_in, pdf, photo, planted_docx, simple_docx


def _traces(data: bytes) -> list[str]:
    everything = everything_in(data)
    forms = [(s, s.encode(form)) for s in SECRETS for form in ("utf-8", "utf-16-le")]
    return sorted({secret for secret, form in forms if form in everything})


def test_the_samples_hold_what_the_copy_must_not() -> None:
    assert _traces(planted_docx()) == sorted(SECRETS)


def test_a_cleaned_docx_holds_no_trace_of_its_author() -> None:
    copy = clean_copy(planted_docx(), Kind.DOCX)

    assert _traces(copy) == []
    assert b"rsid" not in everything_in(copy)
    assert b"Exif" not in everything_in(copy)


def test_a_cleaned_docx_says_the_same_and_opens() -> None:
    original = planted_docx()

    copy = clean_copy(original, Kind.DOCX)

    assert check(copy) == Kind.DOCX
    assert to_text(read_work(copy, Kind.DOCX)) == to_text(read_work(original, Kind.DOCX))
    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(copy)).paragraphs]
    assert WORK in paragraphs
    assert "Bản có mười hai nóc nhà" in paragraphs


def test_a_cleaned_docx_keeps_only_the_parts_a_reader_sees() -> None:
    with zipfile.ZipFile(io.BytesIO(clean_copy(planted_docx(), Kind.DOCX))) as archive:
        names = sorted(archive.namelist())
        times = {info.date_time for info in archive.infolist()}

    assert names == [
        "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml",
        "word/media/document1.jpeg", "word/numbering.xml", "word/styles.xml", "word/theme.xml",
    ]  # fmt: skip
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_a_picture_in_word_lies_as_it_lay() -> None:
    """Its frame keeps its shape; turned pixels in it would be squeezed."""
    with zipfile.ZipFile(io.BytesIO(clean_copy(planted_docx(), Kind.DOCX))) as archive:
        picture = Image.open(io.BytesIO(archive.read("word/media/document1.jpeg")))

    assert picture.size == (640, 480)


def test_cleaning_twice_changes_nothing() -> None:
    once = clean_copy(simple_docx(), Kind.DOCX)

    assert clean_copy(once, Kind.DOCX) == once


def test_what_judges_read_holds_no_trace_of_the_author() -> None:
    work = read_work(planted_docx(), Kind.DOCX)

    assert _traces(to_html(work).encode()) == []
    assert _traces(to_text(work).encode()) == []
    assert all(_traces(picture) == [] for picture in work.images.values())
    assert work.margins_text.splitlines() == [f"Tác giả: {AUTHOR} - {COMPANY}", "Ma Doãn Khả ẩn"]
    assert work.findings == ("comments", "changes")


def test_a_cleaned_photo_is_upright_and_bare() -> None:
    copy = clean_copy(photo(), Kind.JPEG)

    picture = Image.open(io.BytesIO(copy))
    assert _traces(copy) == []
    assert picture.getexif() == {}
    assert picture.size == (480, 640)
    assert picture.getpixel((470, 10))[0] > 150 > picture.getpixel((470, 10))[1]  # type: ignore[index]


def test_a_pdf_is_not_cleaned_but_shown_as_pages() -> None:
    with pytest.raises(CannotClean):
        clean_copy(pdf(), Kind.PDF)


def test_rubbish_is_refused() -> None:
    with pytest.raises(Unreadable):
        clean_copy(b"PK\x03\x04 nothing", Kind.DOCX)
