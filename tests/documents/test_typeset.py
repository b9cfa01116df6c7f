"""PDFs say what they were given, letter by letter, on as many pages as expected."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import zxingcpp

from contest.documents.data import CertificateData, Family, ReceiptData, ReceiptFile, SignInCard, signature_from
from contest.documents.pages import pdf_text
from contest.documents.typeset import certificates_pdf, receipt_pdf, sign_in_cards_pdf

CERTIFICATE = CertificateData(
    recipient="Nông Thị Mây", prize="Giải Nhất", contest="Cuộc thi viết về Dân vận khéo", work_title="Chuyện ở bản",
    number="001/GCN-BTC", issuer="Ban Tổ chức", superior="Ban Dân vận Tỉnh ủy", place="Tuyên Quang",
    verify_url="https://danvan.example.vn/chung-nhan/3f9a", signature=signature_from("TRƯỞNG BAN\n\nMa Doãn Khả"),
    day=date(2024, 10, 5), verify_text="danvan.example.vn/chung-nhan/3f9a",
)  # fmt: skip
RECEIPT = ReceiptData(
    contest="Cuộc thi viết", code="DV24-0417", received_at=datetime(2024, 9, 10, 2, 0, 3, tzinfo=UTC),
    title="Chuyện ở bản", authors=("Nông Thị Mây", "Hoàng Văn Páo"), qr_text="https://danvan.example.vn/bai/x",
    files=(ReceiptFile("bài thi.docx", 1_468_003, "ab" * 32, 6),), version=2, word_count=1486,
)  # fmt: skip


def _words(data: bytes) -> str:
    return " ".join(pdf_text(data).replace("\u00a0", " ").split())


def _codes(data: bytes) -> list[list[str]]:
    """What the QR codes of each page say."""
    document = pypdfium2.PdfDocument(data)
    return [sorted(code.text for code in zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())) for page in document]


def test_each_certificate_is_a_page_with_its_own_name_and_code() -> None:
    items = [replace(CERTIFICATE, recipient=f"Người {n}", verify_url=f"https://x.vn/{n}") for n in range(3)]

    data = certificates_pdf(items)

    assert _codes(data) == [["https://x.vn/0"], ["https://x.vn/1"], ["https://x.vn/2"]]
    document = pypdfium2.PdfDocument(data)
    assert document.get_page_size(0) == pytest.approx((841.89, 595.28), abs=0.1)
    assert [f"Người {n}" in document[n].get_textpage().get_text_bounded() for n in range(3)] == [True] * 3


@pytest.mark.parametrize(
    ("family", "state"),
    ((Family.PARTY, "ĐẢNG CỘNG SẢN VIỆT NAM"), (Family.ADMINISTRATIVE, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
)
def test_a_certificate_says_all_it_must(family: Family, state: str) -> None:
    words = _words(certificates_pdf([replace(CERTIFICATE, family=family)]))

    for expected in (
        state, "BAN DÂN VẬN TỈNH ỦY", "GIẤY CHỨNG NHẬN", "Nông Thị Mây", "GIẢI NHẤT", "Cuộc thi viết về Dân vận khéo",
        "“Chuyện ở bản”", "001/GCN-BTC", "Tuyên Quang, ngày 05 tháng 10 năm 2024", "TRƯỞNG BAN", "Ma Doãn Khả",
    ):  # fmt: skip
        assert expected in words


def test_what_people_typed_is_text_and_never_markup() -> None:
    words = _words(certificates_pdf([replace(CERTIFICATE, recipient='#evil [*x*] $y$ \\ "q" <z> @w // /* ${} \n #')]))

    assert '#evil [*x*] $y$ \\ "q" <z> @w // /* ${}' in words


def test_decomposed_names_are_printed_composed() -> None:
    name = "Nguyễn Thị Thuỷ"

    words = _words(certificates_pdf([replace(CERTIFICATE, recipient=unicodedata.normalize("NFD", name))]))

    assert name in words


@pytest.mark.parametrize("length", (1, 90, 300, 590))
def test_long_names_and_titles_stay_on_the_page(length: int) -> None:
    long = ("Phường Hoàn Kiếm – Ban Tuyên giáo và Dân vận, " * 14)[:length].strip(" ,")
    item = replace(CERTIFICATE, recipient=long, work_title=long[:300], unit=long[:200], contest=long[:300])

    assert len(pypdfium2.PdfDocument(certificates_pdf([item]))) == 1


def test_progress_is_told_in_chunks_and_at_the_end() -> None:
    told: list[int] = []

    certificates_pdf([CERTIFICATE] * 120, progress=told.append)

    assert told == [50, 100, 120]


def test_the_same_certificates_give_the_same_bytes() -> None:
    assert certificates_pdf([CERTIFICATE]) == certificates_pdf([CERTIFICATE])


def test_nothing_to_print_is_an_error() -> None:
    with pytest.raises(ValueError, match="no certificates"):
        certificates_pdf([])
    with pytest.raises(ValueError, match="no cards"):
        sign_in_cards_pdf([])


def test_a_receipt_says_what_was_received_and_when() -> None:
    data = receipt_pdf(RECEIPT)

    words = _words(data)
    for expected in (
        "DV24-0417", "09:00:03, ngày 10 tháng 9 năm 2024", "Chuyện ở bản", "Nông Thị Mây", "Hoàng Văn Páo",
        "bài thi.docx", "1,3 MB · 6 trang", "Lần thứ 2", "1.486", " ".join(["abababab"] * 8),
    ):  # fmt: skip
        assert expected in words
    assert "Nộp sau thời hạn" not in words
    assert "Nộp sau thời hạn" in _words(receipt_pdf(replace(RECEIPT, is_late=True)))
    assert _codes(data) == [["https://danvan.example.vn/bai/x"]]


def test_a_receipt_of_many_files_runs_on() -> None:
    data = receipt_pdf(replace(RECEIPT, files=RECEIPT.files * 40))

    assert len(pypdfium2.PdfDocument(data)) > 1
    assert _words(data).count("bài thi.docx") == 40


def test_cards_stand_eight_to_a_page_each_with_its_code() -> None:
    expires = datetime(2024, 9, 10, 12, 0, tzinfo=UTC)
    cards = [
        SignInCard("Cuộc thi viết", f"Giám khảo {n}", "Giám khảo", f"https://x.vn/the/{n}", expires, f"TK{n:06d}")
        for n in range(9)
    ]

    data = sign_in_cards_pdf(cards)

    assert _codes(data) == [[f"https://x.vn/the/{n}" for n in range(8)], ["https://x.vn/the/8"]]
    assert "10/9/2024, 19:00" in _words(data)
