"""A work made from plain text, and any work shown as safe HTML. No library for documents is needed for either."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterable

import nh3

from contest.documents.blocks import Block, Run, Work, composed, grouped, unseen_in
from contest.documents.sniff import Unreadable
from contest.rules.text import clean_text, is_legacy_tcvn3

# The page a work is shown in has its own first heading.
_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "strong", "em", "u", "ul", "li"),
    *("table", "tbody", "tr", "td", "figure", "img", "aside"),
}
# Classes are listed apart: nh3 ends the process when "class" stands in both lists.
_ATTRIBUTES = {"img": {"src", "alt", "loading"}}
_CLASSES = {"p": {f"level-{n}" for n in range(9)}, "li": {f"level-{n}" for n in range(9)}, "aside": {"note"}}
# VNI puts its tones as Latin-1 letters after the vowel: "chaøo", "hoäi". Unicode Vietnamese never has these pairs.
_VNI_PAIR = re.compile(r"[aeoyAEOY][øùûïØÙÛÏ]|[aeoAEO][äåëöü]")
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def work_from_text(text: str) -> Work:
    """Plain text as a work: a blank line parts paragraphs; where there is none, every line is one."""
    cleaned = clean_text(text)
    parts = re.split(r"\n\s*\n", cleaned) if re.search(r"\n\s*\n", cleaned) else cleaned.split("\n")
    unseen = unseen_in(cleaned)
    runs = [composed([Run(part)], unseen) for part in parts]
    return Work(tuple(Block("paragraph", run) for run in runs if run))


def decode(data: bytes) -> str:
    """Text of unknown encoding: UTF-8, UTF-16 with its mark, else Windows-1258. Raises Unreadable (broken)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return unicodedata.normalize("NFC", data.decode("utf-16", errors="replace"))
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise Unreadable("broken")
    if is_legacy_font(seen := data.decode("latin-1")):
        return seen
    # Windows keeps Vietnamese tones as combining marks after the letter; NFC puts them together.
    return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))


def is_legacy_font(text: str) -> bool:
    """Whether text looks typed for a TCVN3 or VNI font, so that it reads as "B¶o Th¾ng" or "Baûo Thaéng"."""
    if is_legacy_tcvn3(text):
        return True
    if _VIETNAMESE.search(text):
        return False
    words = text.split()
    odd = sum(1 for word in words if _VNI_PAIR.search(word))
    return odd >= 3 and odd * 6 >= len(words)


def to_html(work: Work, *, image_url: str = "") -> str:
    """Safe HTML of a work: no attributes of its own, headings from h2.

    Pictures are data: URIs, or `image_url` with "{key}" replaced when one is given.
    """
    sources = {key: image_url.replace("{key}", key) if image_url else _data_uri(d) for key, d in work.images.items()}
    made = _html(work.blocks, sources)
    # The text was escaped above; this is the second wall, for the day someone edits the first.
    return nh3.clean(
        made, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES, url_schemes={"data"}, link_rel=None
    )


def _data_uri(data: bytes) -> str:
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _html(blocks: Iterable[Block], sources: dict[str, str]) -> str:
    pieces = []
    for kind, members in grouped(blocks):
        inner = "".join(_block_html(block, sources) for block in members)
        pieces.append(f"<ul>{inner}</ul>" if kind == "list_item" else inner)
    return "".join(pieces)


def _block_html(block: Block, sources: dict[str, str]) -> str:
    if block.kind == "table":
        rows = ("".join(f"<td>{_html(cell, sources)}</td>" for cell in row) for row in block.rows)
        return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
    if block.kind == "image":
        source = sources.get(block.image)
        return f'<figure><img src="{html.escape(source)}" alt="" loading="lazy"></figure>' if source else ""
    inner = "".join(map(_run_html, block.runs))
    label = f"{html.escape(block.label)} " if block.label else ""
    if block.kind == "heading":
        tag = f"h{min(block.level + 1, 6)}"
        return f"<{tag}>{label}{inner}</{tag}>"
    if block.kind == "list_item":
        return f'<li class="level-{min(block.level, 8)}">{inner}</li>'
    if block.kind == "note":
        return f'<aside class="note">{label}{inner}</aside>'
    # A numbered paragraph keeps the number Word shows, in words: browsers would count on their own.
    level = f' class="level-{min(block.level, 8)}"' if block.label else ""
    return f"<p{level}>{label}{inner}</p>"


def _run_html(run: Run) -> str:
    text = html.escape(run.text, quote=False).replace("\t", " ").replace("\n", "<br>")
    for wanted, tag in ((run.underline, "u"), (run.italic, "em"), (run.bold, "strong")):
        if wanted:
            text = f"<{tag}>{text}</{tag}>"
    return text
