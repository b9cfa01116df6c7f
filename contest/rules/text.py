"""Vietnamese text: one form for storing, one for searching, one for cleaning what people paste.

Everything here takes text in any Unicode form (macOS file names and some PDFs come decomposed)
and gives NFC back. The order of names and titles is worked out in `collation`.
"""

from __future__ import annotations

import re
import unicodedata

from contest.rules.collation import given_name_sort_key as given_name_sort_key
from contest.rules.collation import text_sort_key as text_sort_key

# Letters that no normalisation takes apart, so that they would survive the stripping of marks.
# đ and ð: people type Đ from either; both look the same. ƀ: Ê Đê and Ba Na names.
_UNDECOMPOSED = str.maketrans({"đ": "d", "ð": "d", "ƀ": "b", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})

# Syllables written both ways ("Lý"/"Lí", "Mỹ"/"Mĩ", "Quý"/"Quí"): one open vowel after these letters only.
_I_OR_Y = re.compile(r"(h|k|l|m|s|t|v|qu)([iy])")

_TOKEN = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def nfc(s: str) -> str:
    """The composed form, the only one that is stored or compared."""
    return unicodedata.normalize("NFC", s)


def fold(s: str) -> str:
    """The search key: no case, no marks, đ as d, single spaces.

    "hòa" and "hoà" give the same key, since the place of the tone goes with the tone.
    Folding twice changes nothing.
    """
    bare = unicodedata.normalize("NFD", nfc(s).casefold()).translate(_UNDECOMPOSED)
    kept = "".join(c for c in bare if unicodedata.category(c) not in {"Mn", "Cf"})
    return _SPACES.sub(" ", nfc(kept)).strip()


def search_terms(s: str) -> list[str]:
    """The folded words of a query, each once, in the order typed. Empty when nothing can be searched."""
    return list(dict.fromkeys(_TOKEN.findall(fold(s))))


def term_variants(term: str) -> tuple[str, ...]:
    """A folded term and its other i/y spelling, when it has one: "ly" gives ("ly", "li")."""
    if not (found := _I_OR_Y.fullmatch(term)):
        return (term,)
    return (term, found[1] + ("y" if found[2] == "i" else "i"))


def word_count(s: str) -> int:
    """Words ("chữ") as Vietnamese rules count them: pieces between spaces that hold a letter or a digit."""
    return sum(1 for piece in s.split() if any(c.isalnum() for c in piece))


def _keep(c: str) -> str:
    category = unicodedata.category(c)
    # Cf holds zero-width characters, bidi overrides and soft hyphens: they hide or reorder what a
    # reader sees. Cs cannot be stored as UTF-8. Fillers are letters to Unicode, and invisible.
    if category in {"Cc", "Cf", "Cs"} or c in "\u115f\u1160\u3164\uffa0":
        return ""
    return " " if category == "Zs" else c


def clean_line(s: str, limit: int | None = None) -> str:
    """One line as it may be stored: NFC, single spaces, nothing invisible, at most `limit` characters.

    A cut never parts a letter from its marks. No limit: nothing is cut.
    """
    spaced = _SPACES.sub(" ", nfc(s))
    line = _SPACES.sub(" ", nfc("".join(map(_keep, spaced)))).strip()
    if limit is None:
        return line
    end = limit
    while 0 < end < len(line) and unicodedata.combining(line[end]):
        end -= 1
    return line[: max(end, 0)].rstrip()


def clean_text(s: str) -> str:
    """Several lines as they may be stored: as `clean_line`, keeping line ends (as LF), tabs and inner spaces.

    In a text typed in a TCVN3 font the soft hyphen is the letter "ư", and stays.
    """
    cleaned = _clean_lines(s, also="\u00ad")
    return cleaned if "\u00ad" not in cleaned or is_legacy_tcvn3(cleaned) else _clean_lines(s)


def _clean_lines(s: str, *, also: str = "") -> str:
    lines = re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", nfc(s))
    cleaned = (
        "\t".join("".join(c if c in also else _keep(c) for c in part) for part in line.split("\t")).rstrip()
        for line in lines
    )
    return nfc("\n".join(cleaned)).strip("\n")


def slug(s: str) -> str:
    """For addresses and file names: "Cuộc thi viết 2024" gives "cuoc-thi-viet-2024".

    Empty when there is no Latin letter and no digit.
    """
    return _NOT_SLUG.sub("-", fold(s)).strip("-")


# TCVN3 (.VnTime) bytes read as Latin-1: signs that stand inside Vietnamese words there and nowhere else.
_TCVN3_SIGNS = frozenset("µ¶·¸¹¨»¾¼½©ÇÊÈÉËÎÌÏÑªÒÓÔÖÕ×ØÜÞ«ßãáâä¬åæçèéêëìíîï\u00adñòóôöõ÷øùúûüýþ®")
_TCVN3_ONLY = frozenset("µ¶·¸¹¨»¾¼½©ª«¬®")
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def is_legacy_tcvn3(s: str) -> bool:
    """Whether a text looks typed in a TCVN3 font: a guess, to offer conversion, never to convert unasked.

    True when no Vietnamese letter of Unicode occurs and at least two words, and one in eight,
    hold a sign that only TCVN3 puts next to a letter.
    """
    composed = nfc(s)
    if _VIETNAMESE.search(composed):
        return False
    words = composed.split()
    odd = sum(1 for word in words if _has_tcvn3_sign(word))
    return odd >= 2 and odd * 8 >= len(words)


def _has_tcvn3_sign(word: str) -> bool:
    for left, right in zip(word, word[1:], strict=False):
        if left in _TCVN3_ONLY and (right.isascii() and right.isalpha() or right in _TCVN3_SIGNS):
            return True
        if right in _TCVN3_ONLY and left.isascii() and left.isalpha():
            return True
    return False
