"""Passwords: hashed with argon2, taken in any Unicode form, refused when everybody has them."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
SHORTEST, LONGEST = 8, 200
# Read aloud over the phone and typed on a borrowed tablet: no look-alikes, no shift key.
_EASY = "abcdefghkmnpqrstuvwxyz23456789"

_EVERYBODYS = """
12345678 123456789 1234567890 0123456789 987654321 87654321 11111111 00000000 88888888 66668888 12341234
11223344 password password1 qwertyui qwerty123 asdfghjk 1q2w3e4r 1qaz2wsx abcd1234 abc12345 a1234567
aa123456 iloveyou matkhau1 matkhau123 matkhau12 danvankheo danvan2024 vietnam1 vietnam123 tuyenquang
anhyeuem emyeuanh khongbiet adminadmin admin123 hochiminh 19051890 02091945 30041975 15101930
"""
_COMMON = frozenset(_EVERYBODYS.split())


def prepared(password: str) -> str:
    """The form that is hashed: NFC, because a Mac and a phone write "ệ" differently."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """Why a password cannot be taken: "short", "long", "common", "personal"; None when it can.

    about: the account's code, e-mail and phone, which must not be the password.
    """
    plain = prepared(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    folded = plain.casefold()
    if folded in _COMMON or len(set(folded)) < 3:
        return "common"
    if any(part and folded == part.casefold() for part in about):
        return "personal"
    return None


def hashed(password: str) -> str:
    """Takes about an eighth of a second: call it outside a writing transaction."""
    return _hasher.hash(prepared(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Takes as long when there is none stored."""
    try:
        return _hasher.verify(stored or _nobodys(), prepared(password)[:LONGEST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))


def issued() -> str:
    """A first password to hand out: three groups of four, 58 bits."""
    return "-".join("".join(secrets.choice(_EASY) for _ in range(4)) for _ in range(3))
