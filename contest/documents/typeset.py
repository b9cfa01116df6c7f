"""PDFs: certificates, receipts, sign-in cards. Data reach Typst as JSON, so a name is never markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typst

from contest.documents.data import CertificateData, ReceiptData, SignInCard
from contest.documents.qr import qr_svg
from contest.documents.wording import (
    file_size,
    grouped_hex,
    place_and_day,
    plain,
    short_moment,
    thousands,
    to_the_second,
)

SOURCES = Path(__file__).parent / "typst"
CHUNK = 50
NO_BREAK = "\u00a0"


def certificates_pdf(
    items: Sequence[CertificateData], *, fonts: Path | None = None, progress: Callable[[int], None] | None = None
) -> bytes:
    """One A4 landscape page per certificate, in the order given. Raises ValueError when there is none.

    fonts: a folder with Tinos and Be Vietnam Pro as TTF; without it the serif that comes with Typst is used.
    progress is told how many are drawn, in chunks; putting the pages together at the end takes the rest.
    """
    if not items:
        raise ValueError("no certificates")
    drawn = []
    for number, item in enumerate(items, 1):
        drawn.append(
            {
                **plain(item),
                "recipient": _unbroken_names(plain(item.recipient)),
                "qr": qr_svg(item.verify_url),
                "place_and_day": place_and_day(plain(item.place), item.day),
            }
        )
        if progress is not None and (number % CHUNK == 0 or number == len(items)):
            progress(number)
    return _compiled("certificate.typ", {"title": "Giấy chứng nhận", "items": drawn}, fonts)


def _unbroken_names(recipient: str) -> str:
    """Several names break into lines between people, not inside a name."""
    if "," not in recipient:
        return recipient
    names = (name.strip().replace(" ", NO_BREAK) for name in recipient.split(","))
    return ", ".join(names).replace(f"{NO_BREAK}và{NO_BREAK}", f" và{NO_BREAK}")


def receipt_pdf(data: ReceiptData, *, fonts: Path | None = None) -> bytes:
    """A contestant's receipt, A5 portrait."""
    item = plain(data) | {
        "qr": qr_svg(data.qr_text),
        "received_at": None,
        "received": to_the_second(data.received_at),
        "version_words": f"Lần thứ {data.version}" if data.version > 1 else "",
        "words": "" if data.word_count is None else thousands(data.word_count),
        "content_sha256": grouped_hex(data.content_sha256),
        "files": [
            {
                "name": plain(file.name),
                "facts": file_size(file.size) + ("" if file.pages is None else f" · {file.pages} trang"),
                "sha256": grouped_hex(file.sha256),
            }
            for file in data.files
        ],
    }
    return _compiled("receipt.typ", {"title": f"Biên nhận {item['code']}", "item": item}, fonts)


def sign_in_cards_pdf(cards: Sequence[SignInCard], *, fonts: Path | None = None) -> bytes:
    """Sign-in cards with cut lines, eight to an A4 page. Raises ValueError when there is none."""
    if not cards:
        raise ValueError("no cards")
    items = [
        plain(card) | {"qr": qr_svg(card.qr_text), "expires_at": None, "expires": short_moment(card.expires_at)}
        for card in cards
    ]
    return _compiled("cards.typ", {"title": "Thẻ đăng nhập", "items": items}, fonts)


def _compiled(source: str, data: dict[str, Any], fonts: Path | None) -> bytes:
    """The same data give the same bytes: no time of making, no system fonts."""
    return bytes(
        typst.compile(
            str(SOURCES / source),
            root=str(SOURCES),
            font_paths=[str(fonts)] if fonts is not None and fonts.is_dir() else [],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    )
