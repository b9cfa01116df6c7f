"""Rubbish by kind, and where it can be put: what the tests of every route throw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# What a field may be sent. "²" is a digit to isdigit() and none to int(); ids end at 2^31 on one database and
# at 2^63 on the other; U+0000 is refused by PostgreSQL, a lone surrogate by UTF-8.
TEXTS = (
    "", "\x00", "a\x00b", "²", "٣", "-1", "0", str(2**31), str(2**63), "9" * 5000, "1e999", "NaN", "31/02/2024",
    "0001-01-01", "9999-12-31T23:59", "contest:", "contest:²", "campaign:" + "9" * 30, ":", "remove:²", "x" * 9000,
    "%s%(n)s{0}", "<script>", "../../etc/passwd", "\u202e\ufeff\U0001f600", "a@" + "b" * 400 + ".vn",
)  # fmt: skip
# What is tried in each field alone, too: the first field that is refused must not hide the next.
ALONE = ("²", str(2**63))

JSON_BODIES = (
    b"", b"null", b"[]", b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 30_000 + b"]" * 30_000,
    b'{"a":' * 8_000 + b"1" + b"}" * 8_000, b"9" * 6_000, b'{"uuid": NaN}', b'{"title": Infinity, "text": ""}',
)  # fmt: skip
JSON_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**400, 1e308, "", "\x00", "\ud800", "²", "x" * 9000, [], ["\ud800"], {},
    {"a": {}}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", {"\ud800": "1"}, {"a\x00": "1"},
)  # fmt: skip
HEADERS: tuple[tuple[str, str], ...] = (
    ("Cookie", "session=\x7f.;;=; lang=\xff"), ("Range", "bytes=9-1,abc"), ("If-None-Match", '"'), ("Accept", ";;q=x"),
    ("If-Modified-Since", "Sat, 99 Foo 0000 99:99:99 GMT"), ("Host", "a b\\@c"), ("User-Agent", "\xff" * 500),
    ("Accept-Language", "x" * 500), ("X-Forwarded-For", "unknown, ::1::"), ("Content-Type", "multipart/form-data"),
    ("Referer", "http://[::1"),
)  # fmt: skip

_ASKED = re.compile(
    r'request\.(?:args|form|values|files)\.get(?:list)?\(\s*"([^"]+)"|"([a-z-]+)" (?:not )?in request\.'
)


def names_asked_for() -> list[str]:
    """Every name that the program reads out of an address or a form by itself."""
    sources = (path.read_text() for path in Path("contest").rglob("*.py"))
    return sorted({name for source in sources for pair in _ASKED.findall(source) for name in pair if name})


class Forms(HTMLParser):
    """The forms of a page: (address, fields with the values they were drawn with)."""

    def __init__(self, page: str, here: str) -> None:
        super().__init__()
        self.here = here
        self.found: list[tuple[str, dict[str, str]]] = []
        self._in = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = given.get("method", "get").lower() == "post"
            if self._in:
                self.found.append((given.get("action") or self.here, {}))
        elif self._in and "name" in given and tag in ("input", "textarea", "select", "button"):
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))
            self._select = given["name"] if tag == "select" else ""
        elif self._in and tag == "option" and getattr(self, "_select", ""):
            fields = self.found[-1][1]
            fields[self._select] = fields[self._select] or given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = False


def bad_forms(fields: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The form as drawn, with all of it rubbish, and with one field of it rubbish."""
    yield dict(fields)
    own = [name for name in fields if name != "csrf_token"]
    for text in TEXTS if own else ():
        yield dict.fromkeys(own, text)
    for name in own:
        for text in ALONE:
            yield {**fields, name: text}
