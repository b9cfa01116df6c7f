"""Telephone numbers: one form to store and compare, one to show.

Mobile numbers have ten digits from 03, 05, 07, 08, 09 (domain.md section 6); fixed lines eleven from 02.
A phone may be a family's or an office's: it names nobody for certain.
"""

from __future__ import annotations

import re
import unicodedata

_FILLERS = re.compile(r"[\s().\-\u2010-\u2015/]+")
# With the trunk 0 or the country code before it, or both, as people write "+84 (0)912…"; or with
# neither, as a spreadsheet leaves a number.
_MOBILE = re.compile(r"(?:(?:\+|00)?840?|0)?([35789][0-9]{8})")
_FIXED = re.compile(r"(?:(?:\+|00)?840?|0)(2[0-9]{9})")
_FOREIGN = re.compile(r"(?:\+|00)(?!84)([1-9][0-9]{7,14})")
# Hà Nội and Thành phố Hồ Chí Minh; every other area code has three digits after the 0.
_SHORT_AREAS = ("24", "28")


def normalise(typed: str) -> str | None:
    """The stored form, "84912345678"; a foreign number keeps its plus, "+8562012345678". None when it is no number.

    Normalising twice changes nothing.
    """
    plain = _FILLERS.sub("", unicodedata.normalize("NFKC", typed))
    if not plain.isascii():
        return None
    if found := _MOBILE.fullmatch(plain) or _FIXED.fullmatch(plain):
        return "84" + found[1]
    if found := _FOREIGN.fullmatch(plain):
        return "+" + found[1]
    return None


def display(stored: str) -> str:
    """As people read it: 0912 345 678, 0207 3822 222, 024 3825 2222; anything else as it is."""
    if not (number := re.fullmatch("84([0-9]{9,10})", stored)):
        return stored
    local = number[1]
    if len(local) == 9:
        return f"0{local[:3]} {local[3:6]} {local[6:]}"
    area = 2 if local.startswith(_SHORT_AREAS) else 3
    return f"0{local[:area]} {local[area : area + 4]} {local[area + 4 :]}"
