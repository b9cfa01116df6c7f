"""A file whose name promises another kind: taken for what it is, and said so plainly."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.entries.models import Entry
from tests.entries import kit

PLAIN = "Bà con thôn Ngòi Sen góp từng viên gạch làm đường.".encode()


@pytest.fixture
def pen(make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Hoàng Văn Páo"))


@pytest.fixture
def entry(make_contest: Callable[..., Contest], pen: FlaskClient) -> Entry:
    return kit.begin(pen, make_contest())


def _findings(pen: FlaskClient, entry: Entry, data: bytes, name: str) -> str:
    sent = pen.post(
        f"/bai/{entry.public_id}/tep",
        data={"uuid": str(uuid.uuid4()), "file": (BytesIO(data), name)},
        headers={"Accept": "application/json"},
    )
    assert sent.status_code == 200, sent.text
    return str(sent.json["findings"])


@pytest.mark.parametrize(
    ("data", "name", "said"),
    (
        (PLAIN, "rac.docx", "Tệp rac.docx là văn bản thường, không phải dạng ghi ở tên"),
        (PLAIN, "rac.PDF", "Tệp rac.PDF là văn bản thường"),
        (kit.docx(), "bai.pdf", "Tệp bai.pdf thực ra là tệp Word"),
        (kit.pdf(1), "bai.docx", "Tệp bai.docx thực ra là tệp PDF"),
        (kit.jpeg(), "trang.pdf", "Tệp trang.pdf thực ra là ảnh"),
    ),
)
def test_a_name_that_misleads_is_said(pen: FlaskClient, entry: Entry, data: bytes, name: str, said: str) -> None:
    assert said in _findings(pen, entry, data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    (
        (PLAIN, "bai.txt"),
        (PLAIN, "bai"),
        (kit.docx(), "BAI.DOCX"),
        (kit.jpeg(), "trang.jfif"),
        (kit.pdf(1), "bai.v2.pdf"),
    ),
)
def test_an_honest_name_is_left_alone(pen: FlaskClient, entry: Entry, data: bytes, name: str) -> None:
    findings = _findings(pen, entry, data, name)

    assert "thực ra" not in findings and "không phải dạng" not in findings


@pytest.mark.parametrize(
    ("kind", "frames", "is_said"), (("png", 2, True), ("webp", 2, True), ("png", 1, False), ("webp", 1, False))
)
def test_a_moving_picture_says_which_of_its_frames_counts(
    pen: FlaskClient, entry: Entry, kind: str, frames: int, is_said: bool
) -> None:
    pictures = [Image.new("RGB", (60, 80), colour) for colour in ("red", "blue")[:frames]]
    data = BytesIO()
    pictures[0].save(data, kind, save_all=True, append_images=pictures[1:])

    findings = _findings(pen, entry, data.getvalue(), f"trang.{kind}")

    assert ("giám khảo chỉ thấy hình đầu tiên" in findings) == is_said


@pytest.mark.parametrize(
    ("data", "name", "said"),
    (
        (b"<html><body>x</body></html>", "bai.docx", "Tệp bai.docx mang đuôi .docx nhưng bên trong là dạng khác"),
        (b"MZ" + bytes(400), "bai.PDF", "Tệp bai.PDF mang đuôi .pdf nhưng bên trong là dạng khác"),
        (b"<html><body>x</body></html>", "bai.htm", "Tệp bai.htm không phải dạng được nhận"),
    ),
)
def test_a_refused_file_is_not_told_to_be_what_its_name_says_already(
    pen: FlaskClient, entry: Entry, data: bytes, name: str, said: str
) -> None:
    sent = pen.post(
        f"/bai/{entry.public_id}/tep",
        data={"uuid": str(uuid.uuid4()), "file": (BytesIO(data), name)},
        headers={"Accept": "application/json"},
    )

    assert sent.status_code == 422
    assert sent.json["message"].startswith(said)
