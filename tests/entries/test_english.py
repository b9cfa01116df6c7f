"""Every text of this room has its English, and the English asks for the same facts."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_file
from flask import Flask
from jinja2.ext import babel_extract

from contest.web.language import english

ROOT = Path(__file__).parents[2]


def _texts() -> set[str]:
    found = set()
    for path in (ROOT / "contest" / "entries").glob("*.py"):
        found |= {text for _l, text, _c, _x in extract_from_file("python", path, keywords={"_": None, "lazy": None})}
    for path in (ROOT / "templates" / "entries").rglob("*.html"):
        with path.open("rb") as file:
            for _line, _function, text, _comments in babel_extract(file, ["_"], [], {"trim_blocks": "true"}):
                found.add(text if isinstance(text, str) else text[0])
    return found


def test_every_text_has_its_english(app: Flask) -> None:
    texts = _texts()

    assert len(texts) > 300
    assert sorted(text for text in texts if text not in english()) == []


def test_the_english_fills_in_the_same_facts(app: Flask) -> None:
    places = re.compile(r"%\(\w+\)s|%%")

    for text in _texts():
        assert sorted(places.findall(text)) == sorted(places.findall(english()[text])), text
