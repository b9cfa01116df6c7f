"""The full rules: Markdown with places to fill in, made into clean HTML once, when it is saved.

A place is written {{han-nop}}. What it stands for comes from the contest's settings, so that the text people
read and the rules the service keeps cannot differ.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt

from contest.rules.text import slug

_PLACE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
_HEADING = re.compile(r'<h([34]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")

_TAGS = {
    "h3", "h4", "h5", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td", "code", "del",
}  # fmt: skip


def _parser() -> MarkdownIt:
    # Not kept between calls: the parser holds state, and requests run in threads.
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put the facts (Markdown) into their places; an unknown place stays as it was typed."""
    return _PLACE.sub(lambda found: facts.get(found[1], found[0]), text)


def unknown_places(text: str, known: Mapping[str, str]) -> list[str]:
    """Places that stand for nothing, in the order they come, each once."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if name not in known))


def render(text: str, facts: Mapping[str, str]) -> str:
    """Clean HTML of the text. Headings begin at h3 (the page has h1 and h2) and carry an id each."""
    made = _with_headings(_parser().render(fill(text, facts)))
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}, "h3": {"id"}, "h4": {"id"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )


def contents(made: str) -> list[tuple[str, str, int]]:
    """(name, anchor, level 2 or 3) of every heading of rendered rules, in order."""
    return [
        (html.unescape(_TAG.sub("", name)).strip(), anchor, int(level) - 1)
        for level, anchor, name in _HEADING.findall(made)
    ]


def escape(text: str) -> str:
    """Plain text as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!])", r"\\\1", text.replace("\r", "")).replace("\n", "  \n")


def _with_headings(made: str) -> str:
    """Move headings two levels down (h1 and h2 become h3) and number their anchors where names repeat."""
    used: dict[str, int] = {}

    def opened(found: re.Match[str]) -> str:
        level = min(max(int(found[1]), 2) + 1, 5)
        anchor = slug(html.unescape(_TAG.sub("", found[2])))[:60].strip("-") or "muc"
        used[anchor] = used.get(anchor, 0) + 1
        if used[anchor] > 1:
            anchor = f"{anchor}-{used[anchor]}"
        name = f' id="dieu-{anchor}"' if level < 5 else ""
        return f"<h{level}{name}>{found[2]}</h{level}>"

    return re.sub(r"<h([1-6])>(.*?)</h\1>", opened, made, flags=re.DOTALL)
