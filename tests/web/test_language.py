"""Vietnamese first, English complete: every text of the source has its translation."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask

from contest.web.language import english, show_deadline

ROOT = Path(__file__).parent.parent.parent
MAPPING = [("**/static/**", "ignore"), ("contest/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "false", "silent": "false"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def _source(folder: str, name: str) -> str:
    return (ROOT / folder / name).read_text(encoding="utf-8")


def _messages() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in ("contest", "templates"):
        method = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in MAPPING]
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder,
            method_map=method,
            options_map={key.removeprefix(f"{folder}/"): value for key, value in OPTIONS.items()},
            keywords={"_": None, "_l": None, "translate": None, "lazy": None},
            comment_tags=(),
        ):
            # The extractor also takes the key of `_(NAMES["key"])` for a text.
            if isinstance(message, str) and message and f'["{message}"]' not in _source(folder, name):
                found.setdefault(message, f"{folder}/{name}")
    return found


def test_every_text_has_an_english_translation() -> None:
    missing = [f"{where}: {text!r}" for text, where in sorted(_messages().items()) if text not in english()]

    assert missing == []


def test_translations_use_the_same_facts() -> None:
    for text, translated in english().items():
        assert set(PLACEHOLDER.findall(translated)) == set(PLACEHOLDER.findall(text)), text


def test_the_source_is_vietnamese() -> None:
    """No English words slip into what people read; proper nouns and codes may."""
    english_words = re.compile(r"\b(the|and|your|please|submit|login|password|error|file|upload|score|judge)\b", re.I)
    for text, where in _messages().items():
        assert not english_words.search(PLACEHOLDER.sub("", text)), f"{where}: {text}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Đăng nhập", "Sign in"), ("Văn bản không có trong danh mục", "Văn bản không có trong danh mục")],
)
def test_a_text_without_translation_stays_vietnamese(text: str, expected: str) -> None:
    assert english().get(text, text) == expected


@pytest.mark.parametrize(
    ("ends", "lang", "said"),
    [
        (datetime(2024, 9, 25, 17, tzinfo=UTC), "vi", "hết ngày 25/9/2024"),
        (datetime(2024, 9, 25, 17, tzinfo=UTC), "en", "the end of 25 Sep 2024"),
        (datetime(2024, 9, 25, 10, tzinfo=UTC), "vi", "25/9/2024, 17 giờ 00"),
        (None, "vi", ""),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(
    app: Flask, ends: datetime | None, lang: str, said: str
) -> None:
    with app.test_request_context(headers={"Cookie": f"lang={lang}"}):
        assert show_deadline(ends) == said
