"""The seal of a tablet's file: it says that the file left a page its judge was signed in on, and is as it was then.

The key of a seal is derived from the installation's secret and kept nowhere. It belongs to one account and one of its
sign-ins: a file names both, so a sign-in that has ended still verifies, and the trail says under which one the marks
were written. It rides in the judge's own pages alone. Who brings a file does not know it, and cannot write one.
"""

from __future__ import annotations

import hmac
from typing import NamedTuple


class SealKey(NamedTuple):
    """What a judge's page gives its script. sign_in: id of the sign-in; key: 64 hexadecimal digits."""

    sign_in: int
    key: str


def seal_key(account_id: int, sign_in: int, *, secret: str) -> SealKey:
    """secret: the installation's, from which all other uses of it stay apart."""
    purpose = hmac.digest(secret.encode(), b"contest-tablet seal", "sha256")
    return SealKey(sign_in, hmac.digest(purpose, f"account {account_id} sign-in {sign_in}".encode(), "sha256").hex())


def seal_of(said: bytes, key: SealKey) -> str:
    """HMAC-SHA256 in lower-case hexadecimal. said: the file without its seal, in its canonical form."""
    return hmac.digest(bytes.fromhex(key.key), said, "sha256").hex()


def is_sealed(said: bytes, seal: str, *, owner: int, sign_in: int, secret: str) -> bool:
    """Whether the seal is of this file, this judge and this sign-in."""
    # In a time that tells nothing of where it differs. As bytes: compare_digest refuses text outside ASCII.
    return hmac.compare_digest(seal_of(said, seal_key(owner, sign_in, secret=secret)).encode(), seal.encode())
