"""A contestant's .docx or .txt read into blocks."""

from __future__ import annotations

from contest.documents.blocks import Work, to_text
from contest.documents.docx_reader import read_docx
from contest.documents.sniff import Kind
from contest.documents.works import decode, is_legacy_font, work_from_text


def read_work(data: bytes, kind: Kind) -> Work:
    """Read a .docx or .txt. Raises Unreadable; ValueError for a kind that has no text of its own."""
    if kind is Kind.DOCX:
        work = read_docx(data)
    elif kind is Kind.TXT:
        work = work_from_text(decode(data))
    else:
        raise ValueError(f"no text in {kind}")
    if "legacy_font" not in work.findings and is_legacy_font(to_text(work)):
        work = Work(work.blocks, work.images, work.margins_text, (*work.findings, "legacy_font"))
    return work
