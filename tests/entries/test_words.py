"""Why a file is not taken, in words of its own for every reason a person can mend."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from contest.entries.receive import FileRefused
from contest.entries.words import accept_of, file_refusal


@pytest.mark.parametrize(
    ("code", "facts"),
    (
        ("empty", {}),
        ("encrypted", {}),
        ("macro", {}),
        ("legacy_doc", {}),
        ("heic", {"kinds": ["image"]}),
        ("unknown_kind", {}),
        ("kind_not_taken", {"kind": "xls"}),
        ("too_many_pages", {"pages": 12, "limit": 10}),
        ("image_too_large", {"pixels": 9}),
        ("too_heavy", {}),
        ("too_large", {"limit": 10}),
    ),
)
def test_every_reason_has_its_own_sentence(app: Flask, code: str, facts: dict[str, Any]) -> None:
    with app.test_request_context():
        broken = file_refusal(FileRefused("bai.docx", "broken"))
        said = file_refusal(FileRefused("bai.docx", code, **facts))

    assert said != broken and "bai.docx" in said


def test_a_picture_that_cannot_be_read_is_called_what_it_is(app: Flask) -> None:
    with app.test_request_context():
        said = {
            kind: file_refusal(FileRefused("trang 1", code, kinds=["pdf", "image"], promised="", **facts))
            for kind, code, facts in (
                ("HEIC", "heic", {}), ("AVIF", "unknown_kind", {"kind": "avif"}),
                ("GIF", "unknown_kind", {"kind": "gif"}),
            )
        }  # fmt: skip

    assert [kind for kind, text in said.items() if f"Ảnh trang 1 ở dạng {kind}" in text] == ["HEIC", "AVIF", "GIF"]
    assert "Tương thích nhất" in said["HEIC"] and "lưu lại thành .jpg" in said["GIF"]


@pytest.mark.parametrize(
    ("code", "facts"), (("heic", {}), ("legacy_doc", {}), ("unknown_kind", {"kind": "gif"}))
)  # fmt: skip
def test_nobody_is_told_to_make_a_kind_that_is_not_taken_either(app: Flask, code: str, facts: dict[str, Any]) -> None:
    with app.test_request_context():
        said = file_refusal(FileRefused("IMG_1", code, kinds=["pdf"], promised="", **facts))

    assert said == "Tệp IMG_1 không phải dạng được nhận. Cuộc thi nhận: PDF."


def test_an_iphone_is_not_offered_to_send_its_own_kind_of_picture() -> None:
    assert "heic" not in accept_of(["docx", "pdf", "txt", "image"]).lower()
