"""Where the other rooms hand in what is to be read or drawn. Functions of the same names do it, in a child (apart.py).

Nothing here imports a library for documents. Readers raise Unreadable, also when a file was too much for the child or
for its reader; drawings raise ChildEnded or ChildFailed, which no sound data cause.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import current_app

from contest.documents import apart
from contest.documents.blocks import PageImage, Work
from contest.documents.child import perform
from contest.documents.data import CertificateData, DecisionData, MinutesData, ReceiptData, SignInCard, SummaryData
from contest.documents.sniff import Kind, Unreadable

log = logging.getLogger(__name__)

# For one call, after which its child is stopped.
SECONDS = 60
# For work of many pages, done in jobs: less than a job's lease, or a second worker would begin it meanwhile.
LONG_SECONDS = 240


def read_work(data: bytes, kind: Kind) -> Work:
    """A .docx or .txt as blocks of text (reading.py)."""
    work: Work = _read("reading.read_work", data, kind)
    return work


def pdf_text(data: bytes) -> str:
    """The text of all pages; empty for a scan (pages.py)."""
    text: str = _read("pages.pdf_text", data)
    return text


def pdf_page_count(data: bytes) -> int:
    count: int = _read("pages.pdf_page_count", data)
    return count


def pdf_pages(data: bytes, *, width: int = 1240) -> list[PageImage]:
    """Every page as a picture `width` pixels wide (pages.py)."""
    pages: list[PageImage] = _read("pages.pdf_pages", data, seconds=LONG_SECONDS, width=width)
    return pages


def photo_page(data: bytes) -> PageImage:
    """A photographed page set upright (pages.py)."""
    page: PageImage = _read("pages.photo_page", data)
    return page


def painted(data: bytes, parts: Sequence[tuple[int, int, int, int]]) -> bytes:
    """A page's JPEG with parts painted over (pages.py)."""
    return _drawn("pages.painted", data, parts)


def receipt_pdf(data: ReceiptData) -> bytes:
    return _drawn("typeset.receipt_pdf", data)


def sign_in_cards_pdf(cards: Sequence[SignInCard], *, fonts: Path | None = None) -> bytes:
    return _drawn("typeset.sign_in_cards_pdf", cards, fonts=fonts)


def certificates_pdf(items: Sequence[CertificateData], *, fonts: Path | None = None) -> bytes:
    return _drawn("typeset.certificates_pdf", items, seconds=LONG_SECONDS, fonts=fonts)


def minutes_docx(data: MinutesData) -> bytes:
    return _drawn("word.minutes_docx", data)


def summary_docx(data: SummaryData) -> bytes:
    return _drawn("word.summary_docx", data)


def decision_docx(data: DecisionData) -> bytes:
    return _drawn("word.decision_docx", data)


def qr_png(text: str, *, box: int = 8) -> bytes:
    return _drawn("qr.qr_png", text, box=box)


def qr_svg(text: str) -> str:
    # Drawn by hand, but the library that finds the modules brings Pillow along.
    drawn: str = _done("qr.qr_svg", text)
    return drawn


def _read(work: str, *arguments: Any, seconds: float = SECONDS, **options: Any) -> Any:
    try:
        return _done(work, *arguments, seconds=seconds, **options)
    except apart.ChildEnded as ended:
        raise Unreadable("too_heavy") from ended
    except apart.ChildFailed as failed:
        # A fault of ours that only some broken file brings out. Whoever sent it is told, nobody waits for a second try.
        log.error("%s: %s", work, failed)
        raise Unreadable("broken") from failed


def _drawn(work: str, *arguments: Any, seconds: float = SECONDS, **options: Any) -> bytes:
    drawn: bytes = _done(work, *arguments, seconds=seconds, **options)
    return drawn


def _done(work: str, *arguments: Any, seconds: float = SECONDS, **options: Any) -> Any:
    if current_app.config["DOCUMENTS_APART"]:
        return apart.ask(work, arguments, options, seconds=seconds)
    return perform(work, arguments, options)
