"""The canonical form of a JSON value, and its fingerprint.

Two programs that agree on a value agree on these bytes, so a published SHA-256 can be checked by anyone
(formats.md, section 2: keys sorted, no spaces, UTF-8). Keys are sorted by code point.
"""

from __future__ import annotations

import hashlib
import json


def canonical_bytes(value: object) -> bytes:
    """Write a JSON value (str, int, bool, None, dict, list, tuple) in its one form.

    Raises ValueError for NaN and infinity, and UnicodeEncodeError, which is a ValueError, for text that is
    no Unicode text (a lone surrogate).
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()
