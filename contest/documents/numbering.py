"""Which paragraphs of a .docx are headings or list items, and the number Word would show before each."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml.etree import _Element as Element

from contest.documents.wordml import is_on, w

_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề) ?([1-9])", re.I)
_PLACEHOLDER = re.compile(r"%([1-9])")
_MOST = 32_767  # what Word takes for the start of a list
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True)
class Shape:
    """What a paragraph is: kind as in Block, level, label."""

    kind: str
    level: int = 0
    label: str = ""


@dataclass(frozen=True)
class _Level:
    style: str  # decimal, lowerLetter, bullet, none …
    text: str  # "%1.%2)"
    start: int


@dataclass(frozen=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    list_id: str
    list_level: int
    is_bold: bool | None


class Numbering:
    """Counts along as paragraphs are met in order."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self._styles = {} if styles is None else dict(map(_read_style, styles.iter(w("style"))))
        self._lists = {} if numbering is None else _read_lists(numbering)
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self.bold_styles = {key for key in self._styles if self._is_bold(key)}

    def shape(self, paragraph: Element) -> Shape:
        properties = paragraph.find(w("pPr"))
        style = _value(properties, "pStyle")
        label, level, is_bullet = self._label(properties, style)
        if heading := self._heading(properties, style):
            return Shape("heading", heading, "" if is_bullet else label)
        if is_bullet:
            return Shape("list_item", level)
        return Shape("paragraph", level, label)

    def _heading(self, properties: Element | None, style: str) -> int:
        direct = _number(_value(properties, "outlineLvl"))
        if direct is not None and direct < 9:
            return direct + 1
        for key in self._line(style):
            known = self._styles[key]
            if found := _HEADING.fullmatch(known.name):
                return int(found[1])
            if known.name.casefold() == "title":
                return 1
            if known.outline is not None and known.outline < 9:
                return known.outline + 1
        return 0

    def _line(self, style: str) -> list[str]:
        """A style and those it is based on, nearest first."""
        line: list[str] = []
        while style in self._styles and style not in line:
            line.append(style)
            style = self._styles[style].based_on
        return line

    def _is_bold(self, style: str) -> bool:
        return next((b for key in self._line(style) if (b := self._styles[key].is_bold) is not None), False)

    def _label(self, properties: Element | None, style: str) -> tuple[str, int, bool]:
        """The label, the level, and whether it is a bullet, of a paragraph; counts it."""
        own = None if properties is None else properties.find(w("numPr"))
        list_id, level = _value(own, "numId"), _value(own, "ilvl")
        for key in self._line(style):
            if not list_id:
                list_id, level = self._styles[key].list_id, level or str(self._styles[key].list_level)
        depth = _number(level) or 0
        known = self._lists.get(list_id)
        if known is None or depth not in known[1] or list_id == "0":
            return "", 0, False
        root, levels = known
        if levels[depth].style == "bullet":
            return "•", depth, True
        self._count(root, levels, depth)
        return self._filled(root, levels, depth), depth, False

    def _count(self, root: str, levels: dict[int, _Level], depth: int) -> None:
        key = (root, depth)
        self._counts[key] = self._counts[key] + 1 if key in self._counts else levels[depth].start
        for deeper in levels:
            if deeper > depth:
                self._counts.pop((root, deeper), None)

    def _filled(self, root: str, levels: dict[int, _Level], depth: int) -> str:
        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            if place not in levels:
                return ""
            return counted(self._counts.get((root, place), levels[place].start), levels[place].style)

        return _PLACEHOLDER.sub(number, levels[depth].text).strip()


def counted(number: int, style: str) -> str:
    """A number in one of Word's styles of counting; decimal for those not known."""
    if style == "none":
        return ""
    if style in ("lowerLetter", "upperLetter"):
        # After z comes aa, then bb: the letter repeats.
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("lowerRoman", "upperRoman"):
        text = ""
        for value, sign in (*_ROMAN, *_ROMAN_SMALL):
            times, number = divmod(number, value)
            text += sign * min(times, 20)
        return text if style == "lowerRoman" else text.upper()
    return f"{number:02d}" if style == "decimalZero" else str(number)


def _value(parent: Element | None, name: str) -> str:
    found = None if parent is None else parent.find(w(name))
    return "" if found is None else str(found.get(w("val"), ""))


def _number(written: str) -> int | None:
    """A number as Word writes one, or None. `isdigit()` alone lets "²" through, and numbers that no list counts to."""
    if not written.isascii() or not written.isdigit() or len(written) > len(str(_MOST)):
        return None
    return number if (number := int(written)) <= _MOST else None


def _read_style(style: Element) -> tuple[str, _Style]:
    properties = style.find(w("pPr"))
    listed = None if properties is None else properties.find(w("numPr"))
    outline, level = _value(properties, "outlineLvl"), _value(listed, "ilvl")
    run = style.find(w("rPr"))
    return str(style.get(w("styleId"), "")), _Style(
        name=_value(style, "name"),
        based_on=_value(style, "basedOn"),
        outline=_number(outline),
        list_id=_value(listed, "numId"),
        list_level=_number(level) or 0,
        is_bold=None if run is None or run.find(w("b")) is None else is_on(run, "b"),
    )


def _read_lists(numbering: Element) -> dict[str, tuple[str, dict[int, _Level]]]:
    """By list id: the id its counting hangs on, and its levels. Lists of one abstract list count on together."""
    abstract = {}
    for item in numbering.iter(w("abstractNum")):
        levels = {}
        for level in item.iter(w("lvl")):
            start, place = _number(_value(level, "start")), _number(str(level.get(w("ilvl"), "")))
            if place is not None:
                levels[place] = _Level(
                    _value(level, "numFmt") or "decimal", _value(level, "lvlText"), 1 if start is None else start
                )
        abstract[str(item.get(w("abstractNumId"), ""))] = levels
    found = {}
    for item in numbering.iter(w("num")):
        base, own = _value(item, "abstractNumId"), str(item.get(w("numId"), ""))
        restarts = item.find(w("lvlOverride")) is not None
        found[own] = (f"num{own}" if restarts else f"abstract{base}", abstract.get(base, {}))
    return found
