"""Which names of units, as people type them, are probably one unit."""

from __future__ import annotations

import re

from contest.rules.text import fold

# What stands before the name itself, folded; the longer first.
BEFORE = (
    "uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd", "ban tuyen giao va dan van", "dang uy", "thi tran",
    "phuong", "huyen", "thanh pho", "xa", "tp", "tt",
)  # fmt: skip
_BEFORE = re.compile(rf"^(?:(?:{'|'.join(BEFORE)})\b[\s.]*)+")
# A province or district that is named after the unit.
_AFTER = re.compile(r"\s*(?:[,;(]|\s[-–—]\s|\b(?:huyen|tinh|thanh pho|tp)\b).*$", re.S)


def core_of(name: str) -> str:
    """What names of one unit have in common: "UBND xã Minh Dân, huyện Hàm Yên" and "minh dan" give "minh dan".

    A guess, to put names side by side for a person, never to match them unasked. Never empty but for an empty name.
    """
    folded = fold(name)
    bare = _BEFORE.sub("", folded).strip()
    return _AFTER.sub("", bare).strip() or bare or folded


def spellings_of(core: str) -> tuple[str, ...]:
    """The folded names that the unit may have in a directory."""
    return (core, *(f"{word} {core}" for word in BEFORE))
