"""The pieces official papers are made of, in Word: page, head, title, paragraphs, tables, signatures.

Sizes: Hướng dẫn 36-HD/VPTW (2018) for the Party, Nghị định 30/2020/NĐ-CP, Phụ lục I, for the administration.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from docx import Document as new_docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from contest.documents.data import Family, Letterhead, Margins
from contest.documents.package import write_zip
from contest.documents.wording import nfc, number_line, place_and_day

FONT = "Times New Roman"
BODY = 14
CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
# 36-HD was not at hand in full: 20/20/30/15 is how it is used; an organiser sets others per document.
MARGINS = {Family.PARTY: Margins(20, 20, 30, 15), Family.ADMINISTRATIVE: Margins(20, 20, 30, 15)}
# The titles at their sizes, in mm, in Times New Roman bold: lines are drawn as long as the words above.
_PARTY_TITLE_WIDTH, _MOTTO_WIDTH = 73, 57
_RIGHT_COLUMN = 92
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def new_document(head: Letterhead, title: str, *, landscape: bool = False, draft: bool = False) -> Document:
    """An empty A4 paper with margins, body style and page numbers from page 2, centred at the top."""
    document: Document = new_docx()
    _forget_template(document, title)
    section = document.sections[0]
    wide, high = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    margins = head.margins or MARGINS[head.family]
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    if draft:
        write(section.first_page_header.paragraphs[0], "DỰ THẢO", bold=True, size=13, align=RIGHT)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    for name in ("w:eastAsia", "w:cs", "w:hAnsi"):
        style.element.rPr.rFonts.set(qn(name), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    return document


def _forget_template(document: Document, title: str) -> None:
    """The library's own template names itself as the author and carries a thumbnail."""
    properties = document.core_properties
    properties.title, properties.language = nfc(title), "vi"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = _MADE
    properties.revision = 1
    package = document.part.package
    for relations in (package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml")):
                del relations[key]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    for old in document.styles.element.findall(f".//{qn('w:rPrDefault')}//{qn('w:lang')}"):
        old.getparent().replace(old, language)


def saved(document: Document) -> bytes:
    """The file's bytes; the same content gives the same bytes."""
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        names = sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return write_zip({name: archive.read(name) for name in names})


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign = OxmlElement("w:instrText")
            sign.text = text
        run._r.append(sign)


def write(
    paragraph: Paragraph, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None, font: str = "", before: float = 0, after: float = 0,
) -> Paragraph:  # fmt: skip
    """Add text to a paragraph and set its shape; line ends become line breaks. Sizes in points."""
    for number, line in enumerate(nfc(text).split("\n")):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
        run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
        if font:
            run.font.name = font
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def body(document: Document, text: str, *, lead: str = "", bold: bool = False, italic: bool = False) -> Paragraph:
    """A paragraph of the body: justified, first line in by 12,7 mm. lead stands before the text in bold."""
    paragraph = document.add_paragraph()
    if lead:
        write(paragraph, lead, bold=True)
    write(paragraph, text, bold=bold, italic=italic, align=JUSTIFY, after=4)
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    paragraph.paragraph_format.line_spacing = 1.12
    return paragraph


def heading(document: Document, text: str) -> None:
    """A line that opens a part and stays with what follows."""
    body(document, text, bold=True).paragraph_format.keep_with_next = True


def text_width(document: Document) -> Length:
    section = document.sections[0]
    return Length(int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0))


def head_table(document: Document, head: Letterhead) -> None:
    """Issuer and number on the left, Party or State and the day on the right."""
    whole = text_width(document)
    right = Mm(_RIGHT_COLUMN if whole < Mm(200) else 120)
    table = borderless(document, [Length(whole - right), right], rows=2)
    is_party = head.family is Family.PARTY
    issuer, state, number, day = table.rows[0].cells + table.rows[1].cells
    _issuer_lines(issuer, head, Length(whole - right), 14 if is_party else 13)
    if is_party:
        write(state.paragraphs[0], "ĐẢNG CỘNG SẢN VIỆT NAM", size=15, bold=True, align=CENTRE)
        ruled(state.add_paragraph(), right, Mm(_PARTY_TITLE_WIDTH))
    else:
        write(state.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE)
        write(state.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE)
        ruled(state.add_paragraph(), right, Mm(_MOTTO_WIDTH))
    size = 14 if is_party else 13
    write(number.paragraphs[0], number_line(head), size=size, align=CENTRE, before=4)
    write(day.paragraphs[0], place_and_day(head.place, head.day), size=size, italic=True, align=CENTRE, before=4)


def _issuer_lines(cell: _Cell, head: Letterhead, width: Length, size: float) -> None:
    first = cell.paragraphs[0]
    if head.superior:
        write(first, head.superior.upper(), size=size, align=CENTRE)
        first = cell.add_paragraph()
    write(first, head.issuer.upper(), size=size, bold=True, align=CENTRE)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.right_indent = Mm(2)  # long names stay clear of the right column
    if head.family is Family.PARTY:
        write(cell.add_paragraph(), "*", size=size, align=CENTRE)
    else:
        ruled(cell.add_paragraph(), width, Mm(22))


def ruled(paragraph: Paragraph, room: Length, length: Length) -> None:
    """A thin line of the given length in the middle of the room."""
    aside = Length((room - length) // 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = aside
    paragraph.paragraph_format.line_spacing = Pt(2)
    paragraph.paragraph_format.space_after = Pt(2)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def title(document: Document, kind: str, subject: str, *, family: Family) -> None:
    """The type of paper in capitals, what it is about under it, and a short line."""
    write(
        document.add_paragraph(),
        kind.upper(),
        size=16 if family is Family.PARTY else 14,
        bold=True,
        align=CENTRE,
        before=14,
    )
    write(document.add_paragraph(), subject, size=14, bold=True, align=CENTRE, after=2)
    if family is Family.PARTY:
        write(document.add_paragraph(), "-----", align=CENTRE, after=8)
    else:
        ruled(document.add_paragraph(), text_width(document), Mm(44))
        document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def borderless(document: Document, widths: Sequence[Length], *, rows: int = 1) -> Table:
    """A table that only places things."""
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    set_widths(table, widths)
    _cell_padding(table, 0)
    for row in table.rows:
        keep_whole(row)
    return table


def grid(document: Document, widths: Sequence[Length]) -> Table:
    """An empty table with lines, its columns as wide as said."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.style = document.styles["Table Grid"]
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    set_widths(table, widths)
    _cell_padding(table, 60)
    return table


def _cell_padding(table: Table, twentieths: int) -> None:
    padding = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        item = OxmlElement(f"w:{side}")
        item.set(qn("w:w"), str(twentieths))
        item.set(qn("w:type"), "dxa")
        padding.append(item)
    table._tbl.tblPr.append(padding)


def set_widths(table: Table, widths: Sequence[Length]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def shared_out(room: Length, weights: Sequence[float]) -> list[Length]:
    """The room divided in proportion."""
    whole = sum(weights)
    return [Length(int(room * weight / whole)) for weight in weights]


def row_of(
    table: Table, texts: Sequence[str], *, widths: Sequence[Length], size: float = 12, bold: bool = False,
    left: Iterable[int] = (),
) -> None:  # fmt: skip
    """Add a row that no page break cuts; columns in `left` start at the left, the others are centred."""
    row = table.add_row()  # type: ignore[no-untyped-call]
    keep_whole(row)
    at_left = set(left)
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        fill(cell, text, size=size, bold=bold, align=LEFT if place in at_left else CENTRE)
        cell.width = width


def fill(cell: _Cell, text: str, *, size: float, bold: bool = False, align: WD_ALIGN_PARAGRAPH = CENTRE) -> None:
    write(cell.paragraphs[0], text, size=size, bold=bold, align=align, before=1.5, after=1.5)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def repeat_on_each_page(table: Table, rows: int) -> None:
    """The first rows stand again at the top of every page the table runs on to."""
    for row in table.rows[:rows]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: object) -> None:
    properties = row._tr.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.append(OxmlElement("w:cantSplit"))
