"""Exact numbers: plain decimals in, rational arithmetic, plain decimals out. Never a float.

- A number that is points travels as text: an optional minus, digits, and at most one point with digits after it.
  No exponent, no plus, no blanks, at most MAX_LENGTH characters.
- Half up means what people learn at school: a half goes away from zero (0.125 -> 0.13, -0.125 -> -0.13).
- A value rounded to n places is written with n decimals; an unrounded one with as many as it needs, at most
  UNROUNDED, half up. Minus zero is written as zero.
"""

from __future__ import annotations

import re
from fractions import Fraction

MAX_LENGTH = 40
UNROUNDED = 6
_PLAIN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def plain_decimal(text: str) -> Fraction | None:
    """Read a plain decimal; None when the text is not one."""
    if len(text) > MAX_LENGTH:
        return None
    parts = _PLAIN.fullmatch(text)
    if parts is None:
        return None
    sign, whole, decimals = parts[1], parts[2], parts[3] or ""
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -value if sign else value


def round_half_up(value: Fraction, places: int | None) -> Fraction:
    """Round to `places` decimals, halves away from zero; None leaves the value as it is."""
    if places is None:
        return value
    scale = 10**places
    return Fraction(_scaled(value, scale), scale)


def write(value: Fraction, places: int | None) -> str:
    """Write with exactly `places` decimals; with None, as many as needed, at most UNROUNDED."""
    width = UNROUNDED if places is None else places
    units = _scaled(value, 10**width)
    digits = str(abs(units)).rjust(width + 1, "0")
    text = f"{digits[:-width]}.{digits[-width:]}" if width else digits
    if places is None:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text


def _scaled(value: Fraction, scale: int) -> int:
    above, below = value.as_integer_ratio()
    units = (2 * abs(above) * scale + below) // (2 * below)
    return -units if above < 0 else units
