"""Bảng tổng hợp điểm: every mark of every judge, A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from contest.documents.data import LedgerMark, SummaryColumn, SummaryData, SummaryRow, SummaryTable
from contest.documents.word_layout import (
    fill,
    grid,
    head_table,
    heading,
    new_document,
    repeat_on_each_page,
    row_of,
    saved,
    shared_out,
    text_width,
    title,
    write,
)
from contest.documents.word_signatures import signatures
from contest.documents.wording import grouped_hex, points


def summary_docx(data: SummaryData) -> bytes:
    """Bảng tổng hợp điểm, A4 landscape, the heading rows repeated on each page."""
    document = new_document(data.head, f"Bảng tổng hợp điểm {data.subject}", landscape=True)
    head_table(document, data.head)
    title(document, "Bảng tổng hợp điểm", data.subject, family=data.head.family)
    for table in data.tables:
        if table.name:
            heading(document, table.name)
        _table(document, table)
        document.add_paragraph().paragraph_format.line_spacing = Pt(8)
    note = f"Dấu “–”: không có điểm (khác điểm 0). {data.note}".strip()
    write(document.add_paragraph(), note, size=12, italic=True, after=3)
    if data.ledger is not None:
        _ledger_lines(document, data.ledger)
    _hold_to_the_marks(document)
    signatures(document, data.signatures, judges=data.judges)
    return saved(document)


def _hold_to_the_marks(document: Document) -> None:
    """Whatever was written since the last row of marks stays with it and with what follows: signatures alone on a
    page could be put under anything."""
    if not document.tables:
        return
    marks = document.tables[-1]
    since = list(marks._tbl.itersiblings(qn("w:p")))
    last = [paragraph._p for cell in marks.rows[-1].cells for paragraph in cell.paragraphs]
    for element in (*last, *since):
        Paragraph(element, document).paragraph_format.keep_with_next = True


def _ledger_lines(document: Document, mark: LedgerMark) -> None:
    rules = f" Quy chế chấm số {mark.rules_number}." if mark.rules_number else ""
    lines = (
        f"Sổ ghi điểm có {mark.length} lượt ghi, mã kiểm tra đầu sổ (SHA-256): {grouped_hex(mark.head)}.",
        f"Tệp số liệu tính điểm (SHA-256): {grouped_hex(mark.bundle_sha256)}.{rules}",
    )
    for line in lines:
        write(document.add_paragraph(), line, size=10, after=1)


@dataclass(frozen=True)
class _Column:
    """A column of the printed table: heading, width in proportion, group it stands under, at the left or centred."""

    name: str
    weight: float
    group: str = ""
    is_left: bool = False


def _columns(table: SummaryTable) -> tuple[list[_Column], list[list[str]]]:
    """The columns that have something to say, and the cells of each row."""
    rows = table.rows
    before = [
        (_Column("TT", 9), [str(number) for number in range(1, len(rows) + 1)]),
        (_Column("Mã phách", 17), [row.code for row in rows]),
        (_Column("Tên tác phẩm", 55, is_left=True), [row.title for row in rows]),
        (_Column("Tác giả, đơn vị", 40, is_left=True), [_author(row) for row in rows]),
    ]
    marks = [
        (_Column(column.label, _mark_weight(table.columns), column.group), [points(row.cells[at]) for row in rows])
        for at, column in enumerate(table.columns)
    ]
    after = [
        (_Column("Tổng điểm", 17), [points(row.total) for row in rows]),
        (_Column("Xếp hạng", 14), ["–" if row.place is None else str(row.place) for row in rows]),
        (_Column("Giải", 22), [row.prize for row in rows]),
        (_Column("Ghi chú", 22, is_left=True), [row.note for row in rows]),
    ]
    empty_away = ("Tác giả, đơn vị", "Giải", "Ghi chú")
    shown = [
        (column, cells) for column, cells in [*before, *marks, *after] if any(cells) or column.name not in empty_away
    ]
    return [column for column, _ in shown], [[cells[at] for _, cells in shown] for at in range(len(rows))]


def _author(row: SummaryRow) -> str:
    return "\n".join(filter(None, (row.author, row.unit)))


def _mark_weight(columns: Sequence[SummaryColumn]) -> float:
    longest = max((len(word) for column in columns for word in column.label.split()), default=4)
    return max(12, min(22, 2.6 * longest))


def _table(document: Document, table: SummaryTable) -> None:
    columns, rows = _columns(table)
    widths = shared_out(text_width(document), [column.weight for column in columns])
    size = 12 if len(columns) <= 10 else 11 if len(columns) <= 14 else 9.5 if len(columns) <= 20 else 8
    made = grid(document, widths)
    heads = 2 if any(column.group for column in columns) else 1
    if heads == 2:
        _grouped_heads(made, columns, widths, size)
    else:
        row_of(made, [column.name for column in columns], widths=widths, size=size, bold=True)
    left = [place for place, column in enumerate(columns) if column.is_left]
    for cells in rows:
        row_of(made, cells, widths=widths, size=size, left=left)
    repeat_on_each_page(made, heads)


def _grouped_heads(table: Table, columns: Sequence[_Column], widths: Sequence[Length], size: float) -> None:
    """Two rows: a group's name over its columns; a column without a group takes both."""
    blank = [""] * len(columns)
    row_of(table, blank, widths=widths, size=size)
    row_of(table, blank, widths=widths, size=size)
    upper, lower = table.rows[0].cells, table.rows[1].cells
    at = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        inside = list(members)
        if group:
            joined = upper[at].merge(upper[at + len(inside) - 1])
            _only(joined, group, size)
        for column in inside:
            cell = lower[at] if group else upper[at].merge(lower[at])
            _only(cell, column.name, size)
            at += 1


def _only(cell: object, text: str, size: float) -> None:
    """Put the text in as the cell's one paragraph; merging leaves one of each cell that went into it."""
    paragraphs = cell.paragraphs  # type: ignore[attr-defined]
    for extra in paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    fill(cell, text, size=size, bold=True)  # type: ignore[arg-type]
