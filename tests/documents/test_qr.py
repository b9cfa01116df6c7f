"""QR pictures hold what they were made of: read back by another program's reader."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from contest.documents.qr import qr_png, qr_svg

ADDRESS = "https://danvan.example.vn/chung-nhan/3f9a1c77d2be4e0a9c15"


def _drawn(svg: str, scale: int = 4) -> Image.Image:
    """The SVG drawn by hand: it consists of rectangles on a grid only."""
    side = int(svg.split('viewBox="0 0 ')[1].split()[0])
    picture = Image.new("L", (side * scale, side * scale), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        left, top = int(x) * scale, int(y) * scale
        draw.rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return picture


@pytest.mark.parametrize("text", (ADDRESS, "Dân vận khéo", "x" * 300))
def test_a_qr_reads_back(text: str) -> None:
    assert zxingcpp.read_barcode(_drawn(qr_svg(text))).text == text  # type: ignore[union-attr]
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(qr_png(text)))).text == text  # type: ignore[union-attr]


def test_the_svg_is_small_and_holds_nothing_a_strict_page_refuses() -> None:
    svg = qr_svg(ADDRESS)

    assert len(svg) < 6000
    assert "style" not in svg
    assert svg.count("<path") == 2


def test_the_size_of_the_png_follows_the_box() -> None:
    small, large = (Image.open(io.BytesIO(qr_png("1", box=box))).width for box in (2, 10))

    assert large == 5 * small
