"""Where papers are signed, in Word: one table that no page break cuts, tied to what stands above it.

One table, because signatures alone on a page could be put under anything, and LibreOffice keeps rows together but
not tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.shared import Length, Pt
from docx.table import _Cell

from contest.documents.data import Signature
from contest.documents.word_layout import CENTRE, borderless, text_width, write

JUDGES_IN_A_ROW, MOST_IN_A_ROW = 5, 7
# An A4 on its side holds three rows below the last marks; four when they are close. Of more, none are held together:
# what finds room on no page is torn apart anywhere.
ROOMY, CLOSE = 3, 4
ABOVE = 16  # points between a row and the one above it
_TWO = (46, 54)


def signatures(
    document: Document, blocks: Sequence[Signature], *, recipients: Sequence[str] = (), judges: Sequence[str] = ()
) -> None:
    """Places to sign: judges by name, five to a row (seven, when there are more than ten), then the signatures, by two.

    With recipients, "Nơi nhận" stands at the left of the last one.
    """
    each = JUDGES_IN_A_ROW if len(judges) <= 2 * JUDGES_IN_A_ROW else MOST_IN_A_ROW
    panels = [judges[at : at + each] for at in range(0, len(judges), each)]
    pairs = _pairs(blocks, has_recipients=bool(recipients))
    if not panels and not pairs:
        return
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(10)
    gap.paragraph_format.keep_with_next = True
    rows = _rows_apart(document, [[1] * len(panel) for panel in panels] + [_TWO] * len(pairs))
    is_close = len(rows) > ROOMY
    for cells, panel in zip(rows, panels, strict=False):
        for cell, name in zip(cells, panel, strict=True):
            judge = Signature(("GIÁM KHẢO",), name, "(Ký, ghi rõ họ tên)")
            _sign(cell, judge, size=13, above=8 if is_close else ABOVE, room=26 if is_close else 44)
    for cells, pair in zip(rows[len(panels) :], pairs, strict=True):
        for cell, block in zip(cells, pair, strict=True):
            if block is not None:
                _sign(cell, block, above=8 if is_close else ABOVE, room=36 if is_close else 62)
    if recipients:
        _recipients(rows[-1][0], recipients)
    for cells in rows[:-1] if len(rows) <= CLOSE else []:
        for paragraph in (paragraph for cell in cells for paragraph in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True


def _pairs(blocks: Sequence[Signature], *, has_recipients: bool) -> list[list[Signature | None]]:
    """Two to a row; one alone, or an empty place beside recipients, stands at the right."""
    pairs: list[list[Signature | None]] = [list(blocks[at : at + 2]) for at in range(0, len(blocks), 2)]
    if has_recipients and (not pairs or len(pairs[-1]) == 2):
        pairs.append([None, None])
    return [[None, *pair] if len(pair) == 1 else pair for pair in pairs]


def _rows_apart(document: Document, shares: Sequence[Sequence[float]]) -> list[list[_Cell]]:
    """A table without borders, each row of which divides the width in its own way; the cells by row."""
    ends = [[round(sum(row[: n + 1]) / sum(row), 4) for n in range(len(row))] for row in shares]
    cuts = sorted({end for row in ends for end in row})
    widths = [Length(round(text_width(document) * (b - a))) for a, b in zip([0.0, *cuts], cuts, strict=False)]
    table = borderless(document, widths, rows=len(shares))
    made = []
    for row, marks in zip(table.rows, ends, strict=True):
        columns, at, cells = row.cells, 0, []
        for mark in marks:
            last = cuts.index(mark)
            cells.append(columns[at].merge(columns[last]) if last > at else columns[at])
            at = last + 1
        made.append(cells)
    return made


def _sign(cell: _Cell, block: Signature, *, above: float, room: float, size: float = 14) -> None:
    """Lines of authority and post, room to sign, the name; all in points."""
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(block.lines):
        write(paragraph, line, size=size, bold=True, align=CENTRE, before=0 if number else above)
        paragraph.paragraph_format.keep_with_next = True
        paragraph = cell.add_paragraph()
    if block.hint:
        write(paragraph, block.hint, size=size - 2, italic=True, align=CENTRE)
        paragraph.paragraph_format.keep_with_next = True
        paragraph = cell.add_paragraph()
    write(paragraph, block.name, size=size, bold=True, align=CENTRE, before=room)


def _recipients(cell: _Cell, recipients: Sequence[str]) -> None:
    write(cell.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, before=ABOVE)
    last = len(recipients) - 1
    for place, name in enumerate(recipients):
        ending = "" if name.endswith((".", ",", ";")) else "." if place == last else ","
        write(cell.add_paragraph(), f"- {name}{ending}", size=11)
