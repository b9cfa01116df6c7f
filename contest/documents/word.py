"""Official documents as .docx: the jury's minutes, the decision on the prizes, the summary of marks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx.document import Document
from docx.shared import Length, Mm, Pt

from contest.documents.data import DecisionData, Family, LedgerMark, MinutesData, Person, PrizeRow, ResultTable
from contest.documents.qr import qr_png
from contest.documents.word_layout import (
    CENTRE,
    body,
    borderless,
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
from contest.documents.word_summary import summary_docx as summary_docx
from contest.documents.wording import clock, grouped_hex, long_day, moment, number_line, place_and_day, points

_COUNTS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_DOTS = "………"


def minutes_docx(data: MinutesData) -> bytes:
    """Biên bản họp Ban Giám khảo, ready to sign."""
    document = new_document(data.head, f"Biên bản {data.subject}")
    head_table(document, data.head)
    title(document, "Biên bản", data.subject, family=data.head.family)
    opened = moment(data.started_at) if data.started_at else f"{_DOTS} giờ {_DOTS} phút, {long_day(None)}"
    body(document, f"Hồi {opened}, tại {data.place or _DOTS * 4}, Ban Giám khảo {data.contest} đã họp.")
    _attendance(document, data)
    if data.basis:
        heading(document, "II. CĂN CỨ")
        _dashes(document, data.basis)
    heading(document, f"{'III' if data.basis else 'II'}. NỘI DUNG VÀ KẾT QUẢ")
    _counts(document, data)
    _method(document, data)
    heading(document, "3. Kết quả")
    _results(document, data.tables)
    if data.discussed:
        body(document, "Các bài đã thảo luận sau khi chấm độc lập:")
        _dashes(document, data.discussed)
    heading(document, "4. Ý kiến")
    _dashes(document, (*data.remarks, *data.dissent) or ("Các thành viên thống nhất, không có ý kiến khác.",))
    heading(document, "5. Đối chiếu số liệu")
    ledger(document, data.ledger)
    _closing(document, data)
    signatures(document, data.signatures, recipients=data.recipients)
    return saved(document)


def _attendance(document: Document, data: MinutesData) -> None:
    heading(document, "I. THÀNH PHẦN")
    body(document, _people(data.present) if data.present else _DOTS * 12, lead="1. Có mặt: ")
    _numbered(document, data.present)
    body(document, _people(data.absent) if data.absent else "Không.", lead="2. Vắng mặt: ")
    _numbered(document, data.absent)


def _people(people: Sequence[Person]) -> str:
    return f"{len(people):02d} người, gồm:"


def _numbered(document: Document, people: Sequence[Person]) -> None:
    for number, person in enumerate(people, 1):
        parts = ", ".join(filter(None, (person.name, person.post)))
        note = f" ({person.note})" if person.note else ""
        body(document, f"- {parts}{note}{'.' if number == len(people) else ';'}")


def _dashes(document: Document, lines: Iterable[str]) -> None:
    for line in lines:
        body(document, f"- {line}")


def _counts(document: Document, data: MinutesData) -> None:
    heading(document, "1. Số lượng bài dự thi")
    known = [
        f"{words} {number} bài"
        for words, number in (("tiếp nhận", data.received), ("hợp lệ", data.valid), ("không hợp lệ", data.invalid))
        if number is not None
    ]
    if data.withdrawn:
        known.append(f"tác giả rút {data.withdrawn} bài")
    text = "; ".join(known) or f"tiếp nhận {_DOTS} bài; hợp lệ {_DOTS} bài; không hợp lệ {_DOTS} bài"
    reasons = "; ".join(f"{reason}: {number} bài" for reason, number in data.invalid_reasons)
    body(document, f"- {text[:1].upper()}{text[1:]}.")
    if reasons:
        body(document, f"- Lý do không hợp lệ: {reasons}.")


def _method(document: Document, data: MinutesData) -> None:
    heading(document, "2. Cách chấm và tính điểm")
    number = data.ledger.rules_number
    # A later number may have come into force between two marks; its day stands with the bases.
    since = ", được ban hành và khóa trước khi chấm" if number == 1 else ""
    rules = (f"Theo quy chế chấm số {number} của Cuộc thi{since}.",) if number else ()
    _dashes(document, (*rules, *data.method) or (_DOTS * 12,))


def _results(document: Document, tables: Sequence[ResultTable]) -> None:
    for table in tables:
        if table.name:
            heading(document, table.name)
        _result_table(document, table)
        document.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _result_table(document: Document, table: ResultTable) -> None:
    rows = table.rows
    columns: list[tuple[str, float, list[str], bool]] = [
        ("Hạng", 14, [_place(row.place, is_shared=row.shared) for row in rows], False),
        ("Mã phách", 17, [row.code for row in rows], False),
        ("Tên tác phẩm", 53, [row.title for row in rows], True),
        ("Tác giả, đơn vị", 60, ["\n".join(filter(None, (row.author, row.unit))) for row in rows], True),
        ("Điểm", 14, [points(row.total) for row in rows], False),
        ("Xếp giải", 29, [row.prize for row in rows], False),
        ("Ghi chú", 24, [row.note for row in rows], True),
    ]
    shown = [c for c in columns if any(c[2]) or c[0] in ("Mã phách", "Tên tác phẩm")]
    widths = shared_out(text_width(document), [weight for _, weight, _, _ in shown])
    left = [place for place, column in enumerate(shown) if column[3]]
    made = grid(document, widths)
    size = 12 if len(shown) <= 5 else 11
    row_of(made, [name for name, *_ in shown], widths=widths, size=size, bold=True)
    for at in range(len(rows)):
        row_of(made, [values[at] for _, _, values, _ in shown], widths=widths, size=size, left=left)
    repeat_on_each_page(made, 1)


def _place(place: int | None, *, is_shared: bool) -> str:
    if place is None:
        return "–"
    return f"{place} (đồng hạng)" if is_shared else str(place)


def ledger(document: Document, mark: LedgerMark) -> None:
    """The figures by which anyone can later see that no mark was changed; a QR beside them when there is an address."""
    sentence = (
        f"Sổ ghi điểm điện tử có {mark.length} lượt ghi. Mã kiểm tra dưới đây được tính từ toàn bộ sổ ghi điểm và từ "
        "tệp số liệu tính điểm đã khóa; sửa bất kỳ số liệu nào thì mã sẽ khác."
    )
    body(document, sentence)
    whole = text_width(document)
    side = Mm(28) if mark.verify_url else Mm(2)
    table = borderless(document, [Length(whole - side), side])
    cell, picture = table.rows[0].cells
    paragraph = cell.paragraphs[0]
    for name, digest in (("Đầu sổ ghi điểm (SHA-256)", mark.head), ("Tệp số liệu (SHA-256)", mark.bundle_sha256)):
        write(paragraph, name, size=12, italic=True, before=2)
        paragraph = write(cell.add_paragraph(), grouped_hex(digest), size=9, font="Courier New", after=3)
        paragraph = cell.add_paragraph()
    if mark.verify_url:
        run = picture.paragraphs[0].add_run()
        run.add_picture(io.BytesIO(qr_png(mark.verify_url, box=6)), width=Mm(26))
        picture.paragraphs[0].alignment = CENTRE


def _closing(document: Document, data: MinutesData) -> None:
    count = _COUNTS[data.copies] if 0 < data.copies < len(_COUNTS) else str(data.copies)
    ended = f"{_DOTS} giờ {_DOTS} phút cùng ngày"
    if data.ended_at is not None:
        # A meeting past midnight names its day; the usual one ends the day it began.
        is_same = data.started_at is not None and moment(data.started_at)[-20:] == moment(data.ended_at)[-20:]
        ended = f"{clock(data.ended_at)} cùng ngày" if is_same else moment(data.ended_at)
    closing = body(
        document,
        f"Cuộc họp kết thúc hồi {ended}. Biên bản đã được đọc cho các thành viên dự họp cùng nghe, nhất trí thông qua "
        f"và lập thành {data.copies:02d} ({count}) bản có giá trị như nhau./.",
    )
    closing.paragraph_format.keep_with_next = True  # signatures alone on a page could be put under anything


def decision_docx(data: DecisionData) -> bytes:
    """Quyết định công nhận kết quả và trao giải, with the list of prizes as an annex on a page of its own."""
    document = new_document(data.head, f"Quyết định {data.subject}", draft=data.is_draft)
    is_party = data.head.family is Family.PARTY
    head_table(document, data.head)
    title(document, "Quyết định", data.subject, family=data.head.family)
    for basis in data.bases:
        body(document, f"{'- ' if is_party else ''}{basis}", italic=not is_party)
    deciding = f"{data.authority.upper()}\nQUYẾT ĐỊNH{'' if is_party else ':'}"
    write(document.add_paragraph(), deciding, bold=True, align=CENTRE, before=8, after=8)
    for number, article in enumerate(data.articles or _usual_articles(data), 1):
        last = body(document, article, lead=f"Điều {number}. ")
    last.paragraph_format.keep_with_next = True
    signatures(document, data.signatures, recipients=data.recipients)
    _annex(document, data)
    return saved(document)


def _usual_articles(data: DecisionData) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for prize in data.prizes:
        counts[prize.prize] = counts.get(prize.prize, 0) + 1
    listed = ", ".join(f"{number:02d} {name[:1].lower()}{name[1:]}" for name, number in counts.items())
    with_money = " và mức thưởng ghi trong danh sách" if any(prize.value for prize in data.prizes) else ""
    return (
        f"Công nhận kết quả và trao {len(data.prizes):02d} giải {data.contest}"
        f"{f', gồm: {listed}' if listed else ''} (có danh sách kèm theo).",
        f"Tập thể, cá nhân đạt giải được nhận giấy chứng nhận của Ban Tổ chức{with_money}.",
        "Ban Tổ chức, Ban Giám khảo, Tổ Thư ký, các cơ quan, đơn vị liên quan và tập thể, cá nhân có tên tại Điều 1 "
        "chịu trách nhiệm thi hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký./.",
    )


def _annex(document: Document, data: DecisionData) -> None:
    first = document.add_paragraph()
    first.paragraph_format.page_break_before = True
    write(first, f"DANH SÁCH\ntập thể, cá nhân đạt giải {data.contest}", bold=True, align=CENTRE)
    day = place_and_day("", data.head.day)
    number = number_line(data.head).removeprefix("Số: ").removeprefix("Số ")
    reference = f"(Kèm theo Quyết định số {number} {day[:1].lower()}{day[1:]} của {data.head.issuer})"
    write(document.add_paragraph(), reference, italic=True, align=CENTRE, after=8)
    _prize_table(document, data.prizes)


def _prize_table(document: Document, prizes: Sequence[PrizeRow]) -> None:
    columns: list[tuple[str, float, list[str], bool]] = [
        ("TT", 11, [str(number) for number in range(1, len(prizes) + 1)], False),
        ("Tập thể, cá nhân", 36, [row.recipient for row in prizes], True),
        ("Đơn vị", 34, [row.unit for row in prizes], True),
        ("Tên tác phẩm", 46, [row.title for row in prizes], True),
        ("Điểm", 14, [points(row.total) if row.total else "" for row in prizes], False),
        ("Giải", 29, [row.prize for row in prizes], False),
        ("Mức thưởng", 25, [row.value for row in prizes], False),
    ]
    shown = [column for column in columns if any(column[2]) or column[0] in ("TT", "Tập thể, cá nhân", "Giải")]
    widths = shared_out(text_width(document), [weight for _, weight, _, _ in shown])
    left = [place for place, column in enumerate(shown) if column[3]]
    table = grid(document, widths)
    row_of(table, [name for name, *_ in shown], widths=widths, bold=True)
    for at in range(len(prizes)):
        row_of(table, [values[at] for _, _, values, _ in shown], widths=widths, left=left)
    repeat_on_each_page(table, 1)
