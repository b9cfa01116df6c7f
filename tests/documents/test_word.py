"""Official papers in Word: the layout of both families, every figure in its place, nothing of who printed them."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from contest.documents.blocks import to_text
from contest.documents.data import (
    DecisionData,
    Family,
    LedgerMark,
    Letterhead,
    Margins,
    MinutesData,
    Person,
    PrizeRow,
    ResultRow,
    ResultTable,
    SummaryColumn,
    SummaryData,
    SummaryRow,
    SummaryTable,
    signature_from,
)
from contest.documents.reading import read_work
from contest.documents.sniff import Kind
from contest.documents.word import decision_docx, minutes_docx, summary_docx
from contest.documents.wording import number_line, points

CONTEST = "Cuộc thi viết về “Dân vận khéo” năm 2024"
HEAD = Letterhead(
    Family.PARTY, "Ban Giám khảo", "Ban Tổ chức cuộc thi", "", "BB", "BGK", "Tuyên Quang", date(2024, 10, 5)
)
LEDGER = LedgerMark(412, "9f" * 32, "cd" * 32, 3, "https://x.vn/kq")
SIGNED = (signature_from("THƯ KÝ\n\nĐặng Thị Bích Ngọc"), signature_from("TRƯỞNG BAN\n\nMa Doãn Khả"))
ROWS = tuple(
    ResultRow(f"{n:04d}", f"Chuyện {n}", f"{90 - n}.25", n + 1, n == 1, "Lý A Páo", "Xã An Tường", "Giải Nhất")
    for n in range(40)
)
MINUTES = MinutesData(
    HEAD, f"họp Ban Giám khảo {CONTEST}", CONTEST, (ResultTable(ROWS),), LEDGER, SIGNED, "Hội trường",
    datetime(2024, 10, 5, 1, 0, tzinfo=UTC), datetime(2024, 10, 5, 4, 30, tzinfo=UTC),
    (Person("Ma Doãn Khả", "Trưởng ban"),), (Person("Lý A Páo", "Thành viên", "ốm"),), ("Thể lệ Cuộc thi.",),
    128, 120, 8, (("nộp muộn", 5), ("sai thể loại", 3)), ("Hai giám khảo chấm độc lập.",),
)  # fmt: skip


def _open(data: bytes) -> Paper:
    return Document(io.BytesIO(data))


def _text(data: bytes) -> str:
    return to_text(read_work(data, Kind.DOCX))


@pytest.mark.parametrize(
    ("family", "number", "expected"),
    (
        (Family.PARTY, "05", "Số 05-BB/BGK"),
        (Family.PARTY, "", "Số         -BB/BGK"),
        (Family.ADMINISTRATIVE, "05", "Số: 05/BB-BGK"),
        (Family.PARTY, "127-QĐ/TW", "Số 127-QĐ/TW"),
    ),
)
def test_a_number_is_written_in_the_way_of_the_family(family: Family, number: str, expected: str) -> None:
    assert number_line(replace(HEAD, family=family, number=number)) == expected


@pytest.mark.parametrize(("value", "expected"), (("87.25", "87,25"), ("0", "0"), (None, "–"), ("", "–")))
def test_no_mark_is_a_dash_and_a_nought_stays(value: str | None, expected: str) -> None:
    assert points(value) == expected


def test_minutes_hold_everything_that_is_signed_for() -> None:
    text = _text(minutes_docx(MINUTES))

    for expected in (
        "BAN TỔ CHỨC CUỘC THI", "BAN GIÁM KHẢO", "ĐẢNG CỘNG SẢN VIỆT NAM", "BIÊN BẢN",
        "Tuyên Quang, ngày 05 tháng 10 năm 2024", "Hồi 8 giờ 00 phút, ngày 05 tháng 10 năm 2024, tại Hội trường",
        "- Ma Doãn Khả, Trưởng ban.", "- Lý A Páo, Thành viên (ốm).",
        "Tiếp nhận 128 bài; hợp lệ 120 bài; không hợp lệ 8 bài",
        "nộp muộn: 5 bài; sai thể loại: 3 bài", "quy chế chấm số 3", "Hai giám khảo chấm độc lập.", "2 (đồng hạng)",
        "90,25", "412 lượt ghi", " ".join(["9f9f9f9f"] * 8), " ".join(["cdcdcdcd"] * 8), "không có ý kiến khác",
        "kết thúc hồi 11 giờ 30 phút cùng ngày", "03 (ba) bản", "THƯ KÝ", "Đặng Thị Bích Ngọc", "TRƯỞNG BAN",
    ):  # fmt: skip
        assert expected in text


def test_minutes_tell_what_was_discussed_and_nothing_where_nothing_was() -> None:
    line = "Bài 0417, ngày 05/10/2024: J1 giữ nguyên 85,75; J2 từ 53,25 thành 78,25."

    assert line in _text(minutes_docx(replace(MINUTES, discussed=(line,))))
    assert "thảo luận" not in _text(minutes_docx(MINUTES))


def test_minutes_before_the_codes_are_joined_name_no_author() -> None:
    blind = ResultTable(tuple(replace(row, author="", unit="") for row in ROWS))

    paper = _open(minutes_docx(replace(MINUTES, tables=(blind,))))

    heads = [[cell.text for cell in table.rows[0].cells] for table in paper.tables]
    assert ["Hạng", "Mã phách", "Tên tác phẩm", "Điểm", "Xếp giải"] in heads


def test_the_heading_of_a_long_table_stands_on_every_page_and_no_row_is_cut() -> None:
    table = max(_open(minutes_docx(MINUTES)).tables, key=lambda table: len(table.rows))

    assert len(table.rows) == 41
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_pages_are_numbered_from_the_second_and_margins_can_be_set() -> None:
    head = replace(HEAD, margins=Margins(25, 25, 35, 15))

    section = _open(minutes_docx(replace(MINUTES, head=head))).sections[0]

    assert section.different_first_page_header_footer is True
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert [round(side.mm) for side in (section.top_margin, section.left_margin, section.right_margin)] == [25, 35, 15]


def test_an_administrative_paper_has_the_head_of_the_state() -> None:
    text = _text(minutes_docx(replace(MINUTES, head=replace(HEAD, family=Family.ADMINISTRATIVE))))

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in text


def test_text_is_composed() -> None:
    text = _text(minutes_docx(replace(MINUTES, place=unicodedata.normalize("NFD", "Phường Hoàn Kiếm"))))

    assert "tại Phường Hoàn Kiếm," in text


SUMMARY = SummaryData(
    HEAD, f"vòng Sơ khảo {CONTEST}",
    (
        SummaryTable(
            tuple(SummaryColumn(c, g) for g in ("Giám khảo 1", "Giám khảo 2") for c in ("Nội dung", "Hình thức")),
            (SummaryRow("0417", "Chuyện", ("52.5", "0", None, "25"), "87.25", 1),),
        ),
    ),
    SIGNED, ("Nông Thị Mây", "Hoàng Văn Páo"), LEDGER,
)  # fmt: skip


def test_a_summary_shows_each_judge_over_the_criteria() -> None:
    paper = _open(summary_docx(SUMMARY))

    table = next(table for table in paper.tables if table.rows[0].cells[0].text == "TT")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["TT", "Mã phách", "Tên tác phẩm", "Giám khảo 1", "Giám khảo 1", "Giám khảo 2", "Giám khảo 2", "Tổng điểm",
         "Xếp hạng"],
        ["TT", "Mã phách", "Tên tác phẩm", "Nội dung", "Hình thức", "Nội dung", "Hình thức", "Tổng điểm", "Xếp hạng"],
        ["1", "0417", "Chuyện", "52,5", "0", "–", "25", "87,25", "1"],
    ]  # fmt: skip
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, True, False]
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)


def test_signatures_are_never_alone_on_a_page_of_a_summary() -> None:
    """From the last row of marks on, each paragraph but the signers' own last line stays with the next one."""
    paper = _open(summary_docx(SUMMARY))

    marks = next(table for table in paper.tables if table.rows[0].cells[0].text == "TT")
    row, *after = marks.rows[-1]._tr, *marks._tbl.itersiblings()
    since = [Paragraph(found, paper) for element in (row, *after) for found in element.iter(qn("w:p"))]

    assert [item.text for item in since if not item.paragraph_format.keep_with_next] == [item.name for item in SIGNED]


def test_a_summary_leaves_a_place_for_each_judge_to_sign() -> None:
    text = _text(summary_docx(SUMMARY))

    assert text.count("GIÁM KHẢO\n(Ký, ghi rõ họ tên)") == 2
    assert "Nông Thị Mây" in text
    assert "Hoàng Văn Páo" in text


DECISION = DecisionData(
    replace(HEAD, issuer="Ban Tổ chức", kind_code="QĐ", issuer_code="BTC", day=None),
    f"công nhận kết quả và trao giải {CONTEST}", CONTEST, "Ban Tổ chức Cuộc thi",
    tuple(PrizeRow(p, "Lý A Páo", "Xã An Tường", "Chuyện", "90.5") for p in ("Giải Nhất", "Giải Nhì", "Giải Nhì")),
    SIGNED[1:], ("Căn cứ Thể lệ Cuộc thi,",), (), ("Như Điều 3", "Lưu"),
)  # fmt: skip


def test_a_drafted_decision_leaves_number_and_day_blank_and_says_it_is_a_draft() -> None:
    data = decision_docx(DECISION)

    text = _text(data)
    assert "Số         -QĐ/BTC" in text
    assert "Tuyên Quang, ngày      tháng      năm" in text
    assert "BAN TỔ CHỨC CUỘC THI\nQUYẾT ĐỊNH" in text
    assert "trao 03 giải" in text
    assert "gồm: 01 giải Nhất, 02 giải Nhì" in text
    assert "Nơi nhận:" in text
    assert _open(data).sections[0].first_page_header.paragraphs[0].text == "DỰ THẢO"
    issued = decision_docx(replace(DECISION, is_draft=False))
    assert _open(issued).sections[0].first_page_header.paragraphs[0].text == ""


def test_a_decision_lists_the_prizes_in_an_annex() -> None:
    table = _open(decision_docx(DECISION)).tables[-1]

    assert [cell.text for cell in table.rows[1].cells] == [
        "1", "Lý A Páo", "Xã An Tường", "Chuyện", "90,5", "Giải Nhất"
    ]  # fmt: skip


@pytest.mark.parametrize("data", (minutes_docx(MINUTES), summary_docx(SUMMARY), decision_docx(DECISION)))
def test_a_paper_names_no_program_and_no_machine(data: bytes) -> None:
    paper = _open(data)

    assert (paper.core_properties.author, paper.core_properties.last_modified_by) == ("", "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]
    assert b"python-docx" not in everything


def test_the_same_data_give_the_same_bytes() -> None:
    assert minutes_docx(MINUTES) == minutes_docx(MINUTES)
    assert summary_docx(SUMMARY) == summary_docx(SUMMARY)
    assert decision_docx(DECISION) == decision_docx(DECISION)
