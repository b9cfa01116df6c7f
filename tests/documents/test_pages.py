"""Pages as pictures, without anything of the file they come from."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from contest.documents.pages import pdf_page_count, pdf_pages, pdf_text, photo_page, strip_image
from contest.documents.sniff import Unreadable
from tests.documents.samples import AUTHOR, WORK, pdf, photo


def test_a_pdf_becomes_one_bare_picture_a_page() -> None:
    source = pdf(3)

    pages = list(pdf_pages(source, width=800))

    assert [page.number for page in pages] == [1, 2, 3]
    assert {(page.width, page.height) for page in pages} == {(800, 1132)}
    for page in pages:
        picture = Image.open(io.BytesIO(page.data))
        assert (picture.format, picture.size, picture.getexif()) == ("JPEG", (800, 1132), {})
        assert min(picture.convert("L").getextrema()) < 100, "the page is blank"
        assert AUTHOR.encode() not in page.data


def test_the_text_of_a_pdf_is_composed() -> None:
    text = pdf_text(pdf(2))

    assert text == f"{WORK} Trang 1\n\n{WORK} Trang 2"


def test_a_pdf_with_too_many_pages_is_refused_with_the_figures() -> None:
    with pytest.raises(Unreadable) as refused:
        list(pdf_pages(pdf(4), limit=3))

    assert (refused.value.code, refused.value.facts) == ("too_many_pages", {"pages": 4, "limit": 3})


def test_a_pdf_behind_a_password_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        pdf_page_count(LOCKED)

    assert refused.value.code == "encrypted"


@pytest.mark.parametrize("data", (b"%PDF-1.7\n", pdf()[:300], b"%PDF-1.4 rubbish \xff\x00" * 50))
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        list(pdf_pages(data))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photographed_page_stands_upright_whatever_way_the_phone_was_held(orientation: int) -> None:
    page = photo_page(photo(orientation=orientation))

    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    picture = Image.open(io.BytesIO(page.data))
    at = (corner[0] * (page.width - 20) + 10, corner[1] * (page.height - 20) + 10)
    red, green, _ = picture.getpixel(at)  # type: ignore[misc]
    assert (page.width, page.height) == ((480, 640) if orientation > 4 else (640, 480))
    assert red > 150 > green
    assert picture.getexif() == {}


def test_a_large_photo_is_brought_down() -> None:
    page = photo_page(photo((4000, 3000), orientation=1))

    assert (page.width, page.height) == (2000, 1500)


def test_a_picture_too_large_to_decode_is_refused_by_its_head() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 9_000)).save(out, "PNG")

    with pytest.raises(Unreadable) as refused:
        strip_image(out.getvalue())

    assert refused.value.code == "image_too_large"


@pytest.mark.parametrize("cut", (20, 300, 1500))
def test_a_cut_photo_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable):
        photo_page(photo()[:cut])


def test_transparency_is_kept_where_it_is_needed() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 60)).save(out, "PNG")

    assert strip_image(out.getvalue()).startswith(b"\x89PNG")
    assert photo_page(out.getvalue()).data.startswith(b"\xff\xd8")


# One empty page, RC4 40 bit, user password not empty (made by hand: PDF 1.4, section 3.5, with rubbish for O and U).
LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/O<" + b"61" * 32 + b">/U<" + b"62" * 32 + b">/P -44>>endobj\n"
    b"trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00><00>]>>\n%%EOF\n"
)


def test_a_page_far_longer_than_wide_is_drawn_as_large_as_a_picture_can_be() -> None:
    (page,) = pdf_pages(slip(1, 100_000))

    assert (page.width, page.height) == (1, 16_000)
    assert Image.open(io.BytesIO(page.data)).size == (1, 16_000)


def slip(width: int, height: int) -> bytes:
    """A PDF of one empty page, in points."""
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]>>endobj trailer<</Root 1 0 R>>"
    ).encode()
