"""Pages as pictures: PDFs drawn page by page, photographed pages set upright; nothing of the file's maker is kept."""

from __future__ import annotations

import io
import math
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps

from contest.documents.blocks import PageImage
from contest.documents.sniff import Unreadable

MAX_PAGES = 200
# What a phone's camera makes at most by default is 50 to 64 megapixels; a decoded pixel takes 3 or 4 bytes.
MAX_PIXELS = 80_000_000
MAX_PAGE_PIXELS = 12_000_000
MAX_PAGE_SIDE = 16_000  # a JPEG ends at 65,500, and some tablets draw no larger one
JPEG_QUALITY = 75
INK = (30, 27, 24)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

# PDFium is not safe to call from two threads, even on two documents.
_PDFIUM = threading.Lock()


def pdf_pages(data: bytes, *, width: int = 1240, limit: int = MAX_PAGES) -> list[PageImage]:
    """Draw every page of a PDF; no more than one is in memory as pixels. Raises Unreadable."""
    pages = []
    with _document(data, limit) as document:
        for place in range(len(document)):
            with _PDFIUM:
                picture = _drawn(document, place, width)
            pages.append(PageImage(place + 1, _jpeg(_without_colour(picture)), picture.width, picture.height))
    return pages


def pdf_page_count(data: bytes, *, limit: int = MAX_PAGES) -> int:
    """Raises Unreadable: broken, encrypted, too_many_pages."""
    with _document(data, limit) as document:
        return len(document)


def pdf_text(data: bytes, *, limit: int = MAX_PAGES) -> str:
    """The text of all pages, NFC, a blank line between pages; empty for a scan. Raises Unreadable."""
    texts = []
    with _document(data, limit) as document:
        for place in range(len(document)):
            with _PDFIUM:
                texts.append(_page_text(document, place))
    return unicodedata.normalize("NFC", "\n\n".join(filter(None, texts)))


@contextmanager
def _document(data: bytes, limit: int) -> Iterator[pypdfium2.PdfDocument]:
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
            pages = len(document)
        except pypdfium2.PdfiumError as error:
            raise Unreadable("encrypted" if "password" in str(error).casefold() else "broken") from error
    try:
        if pages == 0:
            raise Unreadable("empty")
        if pages > limit:
            raise Unreadable("too_many_pages", pages=pages, limit=limit)
        yield document
    finally:
        with _PDFIUM:
            document.close()


def _drawn(document: pypdfium2.PdfDocument, place: int, width: int) -> Image.Image:
    try:
        page = document[place]
        wide, high = page.get_size()
        if wide <= 0 or high <= 0:
            raise Unreadable("broken", page=place + 1)
        scale = min(width / wide, math.sqrt(MAX_PAGE_PIXELS / (wide * high)), MAX_PAGE_SIDE / max(wide, high))
        bitmap = page.render(scale=scale, may_draw_forms=True)
        picture: Image.Image = bitmap.to_pil().convert("RGB")  # a copy: the bitmap's memory goes with it
        bitmap.close()
        page.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Unreadable("broken", page=place + 1) from error
    return picture


def _without_colour(picture: Image.Image) -> Image.Image:
    """A page in black and white as one channel: a fifth smaller, for tablets on weak lines."""
    red, green, blue = picture.split()
    is_grey = all(ImageChops.difference(red, other).getextrema() == (0, 0) for other in (green, blue))
    return red if is_grey else picture


def _page_text(document: pypdfium2.PdfDocument, place: int) -> str:
    try:
        page = document[place]
        text_page = page.get_textpage()
        text: str = text_page.get_text_bounded()
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("broken", page=place + 1) from error
    return text.replace("\r\n", "\n").replace("\ufffe", "-").strip()


def photo_page(data: bytes, *, number: int = 1, longest: int = 2000) -> PageImage:
    """A photographed page: upright, no EXIF or GPS, at most `longest` pixels a side. Raises Unreadable."""
    picture = _on_white(_opened(data, longest))
    return PageImage(number, _jpeg(picture), picture.width, picture.height)


def painted(data: bytes, parts: Sequence[tuple[int, int, int, int]]) -> bytes:
    """A page's JPEG with parts painted over: left, top, right, bottom in thousandths of its width and height."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in parts:
        draw.rectangle(
            (left * width // 1000, top * height // 1000, right * width // 1000, bottom * height // 1000), fill=INK
        )
    return _jpeg(picture)


def strip_image(data: bytes, *, longest: int = 2000) -> bytes:
    """The picture alone, upright, as JPEG (PNG where it has transparency). Raises Unreadable."""
    return _kept(_opened(data, longest))


def strip_embedded(data: bytes, *, longest: int = 2000) -> bytes:
    """As `strip_image`, but lying as it is stored: Word turns a picture itself and does not look at EXIF."""
    return _kept(_decoded(data, longest))


def _kept(picture: Image.Image) -> bytes:
    if not _is_transparent(picture):
        return _jpeg(_on_white(picture))
    out = io.BytesIO()
    _bare(picture.convert("RGBA")).save(out, "PNG", optimize=True)
    return out.getvalue()


def _opened(data: bytes, longest: int) -> Image.Image:
    """Decoded and upright."""
    try:
        return ImageOps.exif_transpose(_decoded(data, longest))
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError) as error:
        raise Unreadable("broken") from error


def _decoded(data: bytes, longest: int) -> Image.Image:
    """Decoded, no larger than `longest`. Only formats we know: Pillow knows some that run programs."""
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
        pixels = picture.width * picture.height
        if pixels > MAX_PIXELS:
            raise Unreadable("image_too_large", pixels=pixels, limit=MAX_PIXELS)
        picture.draft("RGB", (longest, longest))  # JPEG only: decodes at a fraction of the size
        picture.load()
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("image_too_large", limit=MAX_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError) as error:
        raise Unreadable("broken") from error
    return picture


def _is_transparent(picture: Image.Image) -> bool:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        lowest, _ = picture.convert("RGBA").getchannel("A").getextrema()
        return bool(lowest < 255)  # type: ignore[operator]
    return False


def _on_white(picture: Image.Image) -> Image.Image:
    if not _is_transparent(picture):
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper.convert("RGB")


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels without what came along: EXIF, XMP, colour profile, comments."""
    bare = picture.copy()
    bare.info = {}
    return bare


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    _bare(picture).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()
