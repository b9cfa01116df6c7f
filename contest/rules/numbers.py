"""Marks and numbers as people type and read them: "9,25" and "9.25", "1.000.000", "–" for no mark.

Nothing here goes through float, and nothing depends on the thread's decimal context.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# What people write for "no mark": hyphens, dashes, the minus sign.
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_SIGNS = frozenset("+\u2212-\u2010\u2011\u2012\u2013\ufe63\uff0d\uff0b")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
# "1.250" is one and a quarter to some and 1250 to others. A group of thousands never starts with 0.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_TWO_SEPARATORS = re.compile(r"[0-9]+[.,][0-9]+(?:[.,][0-9]+)+")
_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_LONGEST = 12
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)


class BadMark(ValueError):
    """Typed text that is not one certain mark.

    code: "ambiguous" (1.250), "sign", "exponent", "digits" (not 0-9), "too_long", "not_a_number".
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class ScaleFault:
    """Why a value is not on the scale, and the nearest values that are; None where there is none on that side.

    code: "above_max", "below_zero", "off_step".
    """

    code: str
    below: Decimal | None
    above: Decimal | None


def parse_mark(text: str) -> Decimal | None:
    """Read a typed mark; None for an empty field or a dash, which is "no mark" and never 0.

    Spaces around it do not count, no-break ones neither. Raises BadMark.
    """
    typed = text.strip().strip("\u200b\ufeff").strip()
    if not typed or typed in _DASHES:
        return None
    if len(typed) > _LONGEST:
        raise BadMark("too_long", typed)
    if not _PLAIN.fullmatch(typed):
        raise BadMark(_fault(typed), typed)
    if _GROUPED.fullmatch(typed):
        raise BadMark("ambiguous", typed)
    return Decimal(typed.replace(",", "."))


def _fault(typed: str) -> str:
    if any(c.isdigit() and not c.isascii() for c in typed):
        return "digits"
    if typed[0] in _SIGNS and typed[1:].strip()[:1].isdigit():
        return "sign"
    if _EXPONENT.fullmatch(typed):
        return "exponent"
    return "ambiguous" if _TWO_SEPARATORS.fullmatch(typed) else "not_a_number"


def check_scale(value: Decimal, maximum: Decimal | None, step: Decimal | None) -> ScaleFault | None:
    """Whether a mark lies from 0 to `maximum` on a multiple of `step`; None when it does.

    No maximum, no step: no limit. The maximum itself must be on the step to be given.
    Raises ValueError for a value, maximum or step that is no finite number, or a step not above 0.
    """
    if not all(n is None or n.is_finite() for n in (value, maximum, step)) or (step is not None and step <= 0):
        raise ValueError("a scale has a finite value and maximum, and a step above 0")
    highest = None if maximum is None else _on_step(maximum, step)
    if value < 0:
        return ScaleFault("below_zero", None, Decimal(0))
    if maximum is not None and value > maximum:
        return ScaleFault("above_max", highest, None)
    if step is None or (below := _on_step(value, step)) == value:
        return None
    above = _WIDE.add(below, step)
    return ScaleFault("off_step", below, above if maximum is None or above <= maximum else None)


def _on_step(value: Decimal, step: Decimal | None) -> Decimal:
    """The largest multiple of `step` that is not above `value`."""
    if step is None:
        return value
    return _WIDE.multiply(step, Decimal(Fraction(value) // Fraction(step)))


def plain(value: Decimal | int, places: int | None = None) -> str:
    """The JSON form: "52.5", never an exponent, never "-0".

    places: exactly that many decimals, half up; None: as many as it needs, so that 52.50 is "52.5".
    Raises ValueError for what is not finite.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if places is not None:
        number = _WIDE.quantize(number, Decimal((0, (1,), -places)))
    written = format(number, "f")
    if places is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.lstrip("-") if not number else written


def vi(value: Decimal | int, places: int | None = None) -> str:
    """9,25 and 1.000.000."""
    return _grouped(value, places, point=",", group=".")


def en(value: Decimal | int, places: int | None = None) -> str:
    """9.25 and 1,000,000."""
    return _grouped(value, places, point=".", group=",")


def signed(value: Decimal | int, places: int | None = None, *, spell: Callable[..., str] = vi) -> str:
    """A difference with its sign: "+4,5", "−0,33", "0". spell: vi or en."""
    text = spell(value, places)
    if text.startswith("-"):
        return "−" + text[1:]
    return text if text.strip("0.,") == "" else "+" + text


def _grouped(value: Decimal | int, places: int | None, *, point: str, group: str) -> str:
    whole, _, decimals = plain(value, places).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", group, digits)
    return sign + groups + (point + decimals if decimals else "")
