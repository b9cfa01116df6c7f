"""What the produced documents say, as plain values. Text may come in any Unicode form; it is printed NFC.

Points are given as in the result document ("87.25"); documents print them the Vietnamese way ("87,25").
Instants are aware; documents show them in Asia/Ho_Chi_Minh. Empty text and None print as a blank to fill in
by hand where an official form has one, and are left out elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Family(StrEnum):
    """Which rules of layout a document follows; chosen per document, not per installation."""

    PARTY = "party"  # Hướng dẫn 36-HD/VPTW (2018)
    ADMINISTRATIVE = "administrative"  # Nghị định 30/2020/NĐ-CP, Phụ lục I


@dataclass(frozen=True)
class Margins:
    """Of an A4 page, in millimetres."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Letterhead:
    """The head of an official document.

    number: the figure alone ("05"); empty is a blank for a number not given yet (R52). A whole one
    ("05-QĐ/BTC") is printed as it stands.
    kind_code, issuer_code: "QĐ" and "BTC" give "Số 05-QĐ/BTC" (party) or "Số: 05/QĐ-BTC" (administrative).
    superior, issuer: may hold line breaks. day None: "ngày … tháng … năm …".
    margins None: those of the family.
    """

    family: Family
    issuer: str
    superior: str = ""
    number: str = ""
    kind_code: str = ""
    issuer_code: str = ""
    place: str = ""
    day: date | None = None
    margins: Margins | None = None


@dataclass(frozen=True)
class Signature:
    """Who signs: lines of authority and post ("T/M BAN TỔ CHỨC", "TRƯỞNG BAN"), room to sign, the name."""

    lines: tuple[str, ...]
    name: str = ""
    hint: str = ""  # in italics under the lines: "(Ký, ghi rõ họ tên)"


def signature_from(text: str, hint: str = "") -> Signature:
    """A signature from free text: lines of authority and post, then the name (may be left out).

    The name stands after an empty line, or is the last line where that is not all capitals, as posts are.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if "" not in lines:
        # Without room above the name there would be nowhere to sign and put the seal.
        named = len(lines) > 1 and not lines[-1].isupper()
        return Signature(tuple(lines[:-1]), lines[-1], hint) if named else Signature(tuple(lines), hint=hint)
    cut = lines.index("")
    return Signature(tuple(lines[:cut]), " ".join(filter(None, lines[cut:])), hint)


@dataclass(frozen=True)
class CertificateData:
    """One giấy chứng nhận.

    decision: "Quyết định số 05-QĐ/BTC ngày 10/10/2024 của Ban Tổ chức", or empty.
    verify_url: what the QR holds. verify_text: the address in print, short enough to type.
    """

    recipient: str
    prize: str
    contest: str
    work_title: str
    number: str
    issuer: str
    verify_url: str
    signature: Signature
    family: Family = Family.PARTY
    superior: str = ""
    unit: str = ""
    decision: str = ""
    place: str = ""
    day: date | None = None
    verify_text: str = ""
    heading: str = "Giấy chứng nhận"
    achievement: str = "Đã đạt"  # the words before the prize


@dataclass(frozen=True)
class ReceiptFile:
    """A file as it was received: size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str
    pages: int | None = None


@dataclass(frozen=True)
class ReceiptData:
    """What a contestant keeps after handing in. qr_text: what the QR holds; address: the same, in print."""

    contest: str
    code: str
    received_at: datetime
    title: str
    authors: tuple[str, ...]
    qr_text: str
    organiser: str = ""
    category: str = ""
    field_of_work: str = ""
    unit: str = ""
    version: int = 1
    word_count: int | None = None
    files: tuple[ReceiptFile, ...] = ()
    content_sha256: str = ""
    address: str = ""
    is_late: bool = False
    note: str = ""


@dataclass(frozen=True)
class SignInCard:
    """A judge's QR sign-in card."""

    contest: str
    name: str
    role: str
    qr_text: str
    expires_at: datetime
    account_code: str
    address: str = ""


@dataclass(frozen=True)
class Person:
    """Someone named in the minutes. note: the reason of an absence, or nothing."""

    name: str
    post: str = ""
    note: str = ""


@dataclass(frozen=True)
class LedgerMark:
    """Where the ledger of marks stood: entries in it, its last hash, SHA-256 of the frozen bundle (all hex)."""

    length: int
    head: str
    bundle_sha256: str
    rules_number: int | None = None
    verify_url: str = ""  # as a QR beside the figures, when given


@dataclass(frozen=True)
class ResultRow:
    """A line of a result. author and unit empty: the column is left out when they are so in every row."""

    code: str
    title: str
    total: str | None
    place: int | None = None
    shared: bool = False
    author: str = ""
    unit: str = ""
    prize: str = ""
    note: str = ""


@dataclass(frozen=True)
class ResultTable:
    """The rows of one pool, best first. name empty: the contest has one pool only."""

    rows: tuple[ResultRow, ...]
    name: str = ""


@dataclass(frozen=True)
class MinutesData:
    """Biên bản họp Ban Giám khảo.

    subject: the trích yếu ("họp Ban Giám khảo vòng Sơ khảo, Cuộc thi …"). method: one sentence each.
    invalid_reasons: (reason, how many). copies: how many are signed.
    """

    head: Letterhead
    subject: str
    contest: str
    tables: tuple[ResultTable, ...]
    ledger: LedgerMark
    signatures: tuple[Signature, ...]
    place: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    present: tuple[Person, ...] = ()
    absent: tuple[Person, ...] = ()
    basis: tuple[str, ...] = ()
    received: int | None = None
    valid: int | None = None
    invalid: int | None = None
    invalid_reasons: tuple[tuple[str, int], ...] = ()
    method: tuple[str, ...] = ()
    discussed: tuple[str, ...] = ()  # one line for each entry that was discussed
    remarks: tuple[str, ...] = ()
    dissent: tuple[str, ...] = ()
    copies: int = 3
    recipients: tuple[str, ...] = ()
    withdrawn: int = 0  # of those received


@dataclass(frozen=True)
class SummaryColumn:
    """A column of marks. Neighbours with the same group stand under one heading ("Giám khảo 1")."""

    label: str
    group: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """An entry's marks, one cell per column; None is "no mark" and prints as "–", never as 0."""

    code: str
    title: str
    cells: tuple[str | None, ...]
    total: str | None
    place: int | None = None
    author: str = ""
    unit: str = ""
    prize: str = ""
    note: str = ""


@dataclass(frozen=True)
class SummaryTable:
    """The rows of one pool. name empty: one pool only."""

    columns: tuple[SummaryColumn, ...]
    rows: tuple[SummaryRow, ...]
    name: str = ""


@dataclass(frozen=True)
class SummaryData:
    """Bảng tổng hợp điểm, A4 landscape. judges: the names under which each judge signs."""

    head: Letterhead
    subject: str
    tables: tuple[SummaryTable, ...]
    signatures: tuple[Signature, ...]
    judges: tuple[str, ...] = ()
    ledger: LedgerMark | None = None
    note: str = ""


@dataclass(frozen=True)
class PrizeRow:
    """A prize in a decision. value: prize money in words and figures as the rules give it ("5.000.000 đồng")."""

    prize: str
    recipient: str
    unit: str = ""
    title: str = ""
    total: str | None = None
    value: str = ""


@dataclass(frozen=True)
class DecisionData:
    """Quyết định công nhận kết quả và trao giải, with the list of prizes as an annex.

    authority: who decides, in capitals under the title ("BAN TỔ CHỨC CUỘC THI …"). bases: "Căn cứ …" one each.
    articles: empty gives the usual three (recognise, reward, carry out).
    """

    head: Letterhead
    subject: str
    contest: str
    authority: str
    prizes: tuple[PrizeRow, ...]
    signatures: tuple[Signature, ...]
    bases: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    is_draft: bool = True
