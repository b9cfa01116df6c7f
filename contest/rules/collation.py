"""The Vietnamese order of names and titles, as a plain string that any database sorts rightly.

Order: CLDR `vi` (unicode-org/cldr, common/collation/vi.xml): the letters a ă â b c d đ e ê … o ô ơ …
u ư y, and only among equal letters the tones ngang, huyền, hỏi, ngã, sắc, nặng. Case does not count.

A key is made of the digits and small letters of ASCII only, which every collation orders as bytes
do, so that a column sorts alike on SQLite, on PostgreSQL and in Python. It is cut at KEY_LENGTH, which
200 letters with their tones just fill; what differs only beyond that sorts as equal. Its parts:

- a letter: two characters, the base and its place among its kin ("a0" a, "a1" ă, "a2" â)
- a run of digits: "2", its length, the digits; so "Tổ 2" comes before "Tổ 10"
- a space, or any run of signs: "1"
- a letter of another script: "zz" and its code point, after all Latin letters
- "0": the end of a level, below everything; the tones follow, one digit per letter
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator

# Combining marks that make another letter in Vietnamese, by the base they make it of.
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_LETTER_MARKS = {
    ("a", _BREVE): "a1", ("a", _CIRCUMFLEX): "a2", ("e", _CIRCUMFLEX): "e1",
    ("o", _CIRCUMFLEX): "o1", ("o", _HORN): "o2", ("u", _HORN): "u1",
}  # fmt: skip
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_NO_TONE = "1"
# ð is what some keyboards give for đ. The rest have no decomposition of their own.
_SPELT = str.maketrans({"ð": "đ", "ƀ": "b", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})
_CLUSTER = re.compile(r"[0-9]+|[^\W\d_][\u0300-\u036f]*|.", re.DOTALL)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
KEY_LENGTH = 600
_DIGITS36 = string.digits + string.ascii_lowercase


def text_sort_key(s: str) -> str:
    """The key of a unit's name or a title: the whole string, numbers by their value.

    Equal for strings that differ only in case, Unicode form, kind of sign or leading zeros.
    """
    return _levels(s)[:KEY_LENGTH]


def _levels(s: str) -> str:
    primary: list[str] = []
    secondary: list[str] = []
    for letters, tone in _weights(s):
        primary.append(letters)
        secondary.append(tone)
    while primary and primary[-1] == "1":
        primary.pop()
        secondary.pop()
    return "".join(primary) + "0" + "".join(secondary)


def given_name_sort_key(full_name: str) -> str:
    """The key of a person's name: given name (the last word), then family name (the first), then what is between.

    What stands in brackets is a remark ("Lò Thị Mai (Tổ 3)") and does not count.
    """
    words = (_IN_BRACKETS.sub(" ", full_name).strip() or full_name).split()
    if not words:
        return ""
    family = words[0] if len(words) > 1 else ""
    parts = (words[-1], family, " ".join(words[1:-1]))
    return "0".join(_levels(part) for part in parts)[:KEY_LENGTH]


def _weights(s: str) -> Iterator[tuple[str, str]]:
    """Primary and secondary weight of each letter, number or gap of a string, in order."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFC", s).casefold()).translate(_SPELT)
    gap = True
    for cluster in _CLUSTER.findall(bare):
        weight = _weight(cluster)
        if weight is None:
            continue
        if weight[0] == "1" and gap:
            continue
        gap = weight[0] == "1"
        yield weight


def _weight(cluster: str) -> tuple[str, str] | None:
    first = cluster[0]
    if first in string.digits:
        return _number(cluster.lstrip("0") or "0"), _NO_TONE
    if first == "đ":
        return "d1", _tone(cluster[1:])
    if first in string.ascii_lowercase:
        own = next((m for m in cluster[1:] if (first, m) in _LETTER_MARKS), None)
        letter = _LETTER_MARKS[first, own] if own else first + "0"
        return letter, _tone(cluster[1:].replace(own, "", 1) if own else cluster[1:])
    category = unicodedata.category(first)
    if category[0] in "LN":
        return f"zz{ord(first):06x}", _tone(cluster[1:])
    # Marks that belong to nothing, and what cannot be seen, have no place in an order.
    return None if category in {"Mn", "Cf", "Cc", "Cs"} and not first.isspace() else ("1", _NO_TONE)


def _tone(marks: str) -> str:
    tone = next((_TONES[m] for m in marks if m in _TONES), _NO_TONE)
    others = [m for m in marks if m not in _TONES]
    # "x" is above every tone: a foreign mark comes after the plain letter, whatever follows it.
    return tone + "".join(f"x{ord(m):04x}" for m in others)


def _number(digits: str) -> str:
    # The length comes first, so that longer is larger; a length over 34 is written as "z" and the rest.
    if len(digits) < 35:
        return "2" + _DIGITS36[len(digits)] + digits
    return f"2z{len(digits):09d}{digits}"
