"""A text as the words near-duplicates are looked for in: what stays the same when it is typed, saved or set anew.

Words are runs of letters and digits. Two are the same word when their search keys are (`text.fold`: no case, no marks,
so no form of Unicode and no place of a tone matters) or differ only as "lý" and "lí" do. Signs, spaces and line ends
are no words; invisible characters inside a word are not seen. A text typed in a TCVN3 font is read as what its letters
looked like. Offsets count code points of the text as it was given, whatever its form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

from contest.rules.text import fold, is_legacy_tcvn3, term_variants

# Five syllables are some three words of Vietnamese. Four find many set phrases, six lose a lightly reworded text.
SHINGLE = 5
# Of every eight neighbouring shingles the least is kept: whatever shares twelve words in a row shares a fingerprint.
WINDOW = 8
# What is kept in databases was made by these two and the hashing below: a change to any of them is a new version.
VERSION = 1

_MASK = (1 << 64) - 1
_BASE, _SQUARE = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F  # odd, of no other meaning

# Marks of a decomposed letter, and what is not seen between letters, belong to the word they stand in.
_WORD = re.compile("[^\\W_]+(?:[\u0300-\u036f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+[^\\W_]*)*")

# TCVN 5712:1993, third table (fonts .VnTime and the like), read as Latin-1. One sign is one letter, so offsets stay.
# Fonts of capitals (.VnTimeH) use the same signs; the seven capitals are those of fonts for both.
_TCVN3 = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
)


@dataclass(frozen=True)
class Words:
    """keys: a 64-bit number for each word, in order. spans: where it stands, [start, end) in code points."""

    keys: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    @cached_property
    def shingles(self) -> list[int]:
        """A 64-bit number for each run of five words, by its first word. Empty for a text of fewer."""
        return shingles_of(self.keys)

    @cached_property
    def fingerprint(self) -> frozenset[int]:
        return frozenset(selected(self.keys, self.shingles))


def words_of(text: str) -> Words:
    """The words of a text in any form, with their places."""
    found = [(match[0], match.span()) for match in _WORD.finditer(_readable(text))]
    return Words(tuple(word_key(word) for word, _ in found), tuple(span for _, span in found))


def keys_of(text: str) -> list[int]:
    """The words of a text alone."""
    return list(map(word_key, _WORD.findall(_readable(text))))


def _readable(text: str) -> str:
    return text.translate(_TCVN3) if is_legacy_tcvn3(text) else text


@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> int:
    """The number of a word; the same on every machine."""
    same = min(term_variants(fold(word)))
    return int.from_bytes(blake2b(same.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def shingles_of(keys: Sequence[int]) -> list[int]:
    """A number for each run of SHINGLE words, mixed from those of its words and their order."""
    twos = [(one * _BASE + two) & _MASK for one, two in zip(keys, keys[1:], strict=False)]
    fours = ((one * _SQUARE + two) & _MASK for one, two in zip(twos, twos[2:], strict=False))
    return [(four * _BASE + last) & _MASK for four, last in zip(fours, keys[SHINGLE - 1 :], strict=False)]


def selected(keys: Sequence[int], shingles: list[int]) -> set[int]:
    """The shingles a text is known by: the least of each WINDOW neighbours, about 22 of 100 (winnowing).

    A text of fewer words than a shingle is known by all of them together, one without words by nothing.
    Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", 2003.
    """
    if not shingles:
        whole = 0
        for key in keys:
            whole = (whole * _BASE + key + 1) & _MASK
        return {whole} if keys else set()
    if len(shingles) < WINDOW:
        return {min(shingles)}
    return set(least_of_windows(shingles, WINDOW))


def least_of_windows(hashes: list[int], window: int) -> list[int]:
    """The least of each `window` neighbours, a power of two; empty when there are fewer."""
    # Of two, of four, of eight: three passes instead of a window that slides.
    least = hashes
    step = 1
    while step < window:
        least = list(map(min, least, least[step:]))
        step *= 2
    return least
