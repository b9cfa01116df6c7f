"""Why a file is not taken, in words of its own for every reason a person can mend."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from contest.entries.receive import FileRefused
from contest.entries.words import file_refusal


@pytest.mark.parametrize(
    ("code", "facts"),
    (
        ("empty", {}),
        ("encrypted", {}),
        ("macro", {}),
        ("legacy_doc", {}),
        ("heic", {}),
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
