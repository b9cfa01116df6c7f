"""Codes that people read, say and type: blind codes ("mã phách"), receipt codes, account codes.

Random sources are arguments: `random.SystemRandom()` for real codes, a seeded one in tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from random import Random

# Crockford's base 32: no I, L, O (taken for 1 and 0) and no U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(_ALPHABET)}
_MISREAD = str.maketrans("OILU", "011V")
_BODY = 8
_NARROWEST = 4
# Added to the sum, so that an account code is never taken for a receipt code.
_RECEIPT, _ACCOUNT = 0, 17
# x^5 + x^2 + 1, irreducible: the field of 32 elements; x (2) generates all its others.
_FIELD = 0b100101


def draw_codes(count: int, *, taken: Set[str], rng: Random) -> list[str]:
    """Draw blind codes for `count` entries: "0417", digits only, at least four.

    taken: every code already given in the contest; none of them comes again, neither as
    another spelling of the same number, because a spreadsheet drops leading zeros. 0 is not drawn.
    The width grows so that two thirds of its range stay free: neither the number of entries nor a
    neighbour's code can be told from a code. The order of the result has nothing to do with the numbers.
    """
    numbers = {int(code) for code in taken}
    width = _NARROWEST
    while (count + len(numbers)) * 3 > 10**width:
        width += 1
    codes: list[str] = []
    while len(codes) < count:
        number = rng.randrange(1, 10**width)
        if number not in numbers:
            numbers.add(number)
            codes.append(f"{number:0{width}d}")
    return codes


def receipt_code(rng: Random, prefix: str) -> str:
    """A receipt's code, "DV24-7K3M-9QXT": 35 random bits and a check character.

    prefix: the contest's, capital letters and digits of the code's alphabet (no I, L, O, U), or empty.
    Raises ValueError for another prefix. Whoever stores it still checks that it is new.
    """
    if not set(prefix) <= set(_ALPHABET):
        raise ValueError(f"not a prefix: {prefix!r}")
    return _written(prefix, _random_body(rng, prefix, _RECEIPT))


def account_code(rng: Random) -> str:
    """The code of an account for people without e-mail, "7K3M-9QXT", with a check character. It is no secret."""
    return _written("", _random_body(rng, "", _ACCOUNT))


def check_receipt_code(typed: str) -> str | None:
    """The receipt code as issued, from anything people make of it; None when it cannot be one.

    The check character catches every single wrong character and every swapped pair.
    """
    return _checked(typed, _RECEIPT)


def check_account_code(typed: str) -> str | None:
    """The account code as issued; None when it cannot be one."""
    code = _checked(typed, _ACCOUNT)
    return code if code and len(code) == _BODY + 1 else None


def normalise_code(typed: str) -> str:
    """Capitals, O as 0, I and L as 1, U as V, hyphens where they belong; nothing is checked.

    Other characters than letters and digits are left out, and letters lose their marks.
    """
    bare = unicodedata.normalize("NFKD", typed).upper()
    kept = re.sub("[^0-9A-Z]", "", bare).translate(_MISREAD)
    return _written(kept[:-_BODY], kept[-_BODY:])


def _written(prefix: str, body: str) -> str:
    return "-".join(part for part in (prefix, body[:-4], body[-4:]) if part)


def _random_body(rng: Random, prefix: str, kind: int) -> str:
    free = "".join(rng.choice(_ALPHABET) for _ in range(_BODY - 1))
    return free + _ALPHABET[_sum(prefix + free, kind)]


def _checked(typed: str, kind: int) -> str | None:
    code = normalise_code(typed)
    plain = code.replace("-", "")
    if len(plain) < _BODY or _VALUE[plain[-1]] != _sum(plain[:-1], kind):
        return None
    return code


def _sum(text: str, kind: int) -> int:
    """The check value: a sum over the field of 32 elements, each place with a weight of its own (up to 31 places)."""
    total, weight = kind, 2
    for c in reversed(text):
        total ^= _times(_VALUE[c], weight)
        weight = _times(weight, 2)
    return total


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = a << 1, b >> 1
        if a & 32:
            a ^= _FIELD
    return product
