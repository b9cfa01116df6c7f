"""QR pictures: one path of SVG for pages, PNG for sharing and printing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4  # modules of white a reader needs around the code (ISO/IEC 18004)


def qr_svg(text: str) -> str:
    """A QR as one SVG path, black on white; no size: the page's CSS gives it. Words beside it say where it leads."""
    rows = matrix(text)
    side = len(rows) + 2 * BORDER
    path = "".join(_runs(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_png(text: str, *, box: int = 8) -> bytes:
    """A QR as a black and white PNG, `box` pixels a module."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=box, border=BORDER)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out, "PNG", optimize=True)
    return out.getvalue()


def matrix(text: str) -> list[list[bool]]:
    """The modules, row by row, without the white border; True is black."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(rows: list[list[bool]]) -> Iterator[str]:
    """Each run of black modules as a rectangle: a third of the length of one path command per module."""
    for y, row in enumerate(rows, BORDER):
        x = BORDER
        for black, run in groupby(row):
            width = len(list(run))
            if black:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width
