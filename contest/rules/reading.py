"""Reading JSON that strangers wrote: every problem with its path, none of them a surprise.

`read_json` turns bytes into plain values without ever making a float: a number with a point or an exponent, NaN, an
integer of more than 18 digits, and an object that names a key twice arrive as markers, which whoever checks the value
refuses at their own path. `Reader` checks values field by field and collects problems, so that
an organiser mends a file once and not line by line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar
from unicodedata import is_normalized

from contest.rules.exact import plain_decimal

MAX_KEY = 200
MAX_TEXT = 10_000
MAX_COUNT = 10**9
_SHOWN = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where ("marks[3].value"; "" is the whole input), what (a code), and the facts to say it."""

    path: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """The input is refused; `problems` says all that is wrong with it, in the order of the input."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems, first: {problems[0]}")
        self.problems = problems


class RepeatedKeys(dict[str, Any]):
    """A JSON object that names a key more than once; `repeated` lists those keys."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """A JSON number no format here takes: with a point, an exponent, not finite, or of enormous length."""

    kind: str


def read_json(data: bytes) -> object:
    """Parse UTF-8 JSON. Raises Refused when it is not JSON at all."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused((Problem("", "not_utf8", {"byte": wrong.start}),)) from None
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_fraction, parse_int=_integer, parse_constant=Unwelcome
        )
    except json.JSONDecodeError as wrong:
        facts = {"line": wrong.lineno, "column": wrong.colno, "reason": wrong.msg}
        raise Refused((Problem("", "not_json", facts),)) from None
    except RecursionError:
        raise Refused((Problem("", "too_deep"),)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = RepeatedKeys(found)
    times = Counter(name for name, _ in pairs)
    marked.repeated = tuple(name for name in found if times[name] > 1)
    return marked


def _fraction(text: str) -> Unwelcome:
    return Unwelcome("number with a point or exponent")


def _integer(text: str) -> object:
    return int(text) if len(text) <= 18 else Unwelcome("enormous number")


def kind_of(value: object) -> str:
    """What a JSON value is, in a word."""
    if isinstance(value, Unwelcome):
        return value.kind
    names: tuple[tuple[type, str], ...] = (
        (bool, "boolean"), (str, "text"), (int, "number"), (float, "number with a point or exponent"),
        (dict, "object"), (list, "list"), (tuple, "list"), (type(None), "null"),
    )  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "unknown value")


def shown(text: str) -> str:
    """Text from outside, fit for one line of a message: short, without control characters or broken Unicode."""
    cut = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in cut)


class Reader:
    """Checks values and collects problems. Each method returns the value, or None after noting what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, path: str, code: str, **facts: object) -> None:
        """Remember a problem."""
        self.problems.append(Problem(path, code, facts))

    def fields(
        self, value: object, path: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Any] | None:
        """An object with these fields and no others; None when it is no object at all."""
        if not isinstance(value, dict):
            self.note(path, "wrong_type", wanted="object", got=kind_of(value))
            return None
        for name in getattr(value, "repeated", ()):
            self.note(at(path, shown(name)), "repeated_key")
        for name in value:
            if name not in required and name not in optional:
                self.note(at(path, shown(name) if isinstance(name, str) else kind_of(name)), "unknown_field")
        for name in required:
            if name not in value:
                self.note(at(path, name), "missing_field")
        return value

    def rows(self, value: object, path: str, *, least: int = 0) -> list[Any]:
        """A list with at least so many items; empty after a problem."""
        if not isinstance(value, list | tuple):
            self.note(path, "wrong_type", wanted="list", got=kind_of(value))
            return []
        if len(value) < least:
            self.note(path, "too_few", least=least)
        return list(value)

    def text(self, value: object, path: str, *, longest: int = MAX_TEXT) -> str | None:
        """NFC text that is Unicode all through."""
        if not isinstance(value, str):
            self.note(path, "wrong_type", wanted="text", got=kind_of(value))
            return None
        if len(value) > longest:
            self.note(path, "too_long", longest=longest)
        elif any("\ud800" <= letter <= "\udfff" for letter in value):
            self.note(path, "broken_unicode")
        elif not is_normalized("NFC", value):
            self.note(path, "not_nfc", value=shown(value))
        else:
            return value
        return None

    def key(self, value: object, path: str) -> str | None:
        """Text that names something: not empty, no control characters, no blanks at its ends."""
        text = self.text(value, path, longest=MAX_KEY)
        if text is not None and (not text or text != text.strip() or not text.isprintable()):
            self.note(path, "bad_key", value=shown(text))
            return None
        return text

    def one_of(self, value: object, path: str, choices: tuple[str, ...]) -> str | None:
        """One of these words."""
        if not isinstance(value, str):
            self.note(path, "wrong_type", wanted="text", got=kind_of(value))
        elif value not in choices:
            self.note(path, "not_a_choice", value=shown(value), choices=choices)
        else:
            return value
        return None

    def flag(self, value: object, path: str) -> bool | None:
        """true or false."""
        if not isinstance(value, bool):
            self.note(path, "wrong_type", wanted="boolean", got=kind_of(value))
            return None
        return value

    def count(self, value: object, path: str, *, most: int = MAX_COUNT) -> int | None:
        """A whole number from 0 to `most`."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(path, "wrong_type", wanted="whole number", got=kind_of(value))
        elif value < 0:
            self.note(path, "negative")
        elif value > most:
            self.note(path, "too_large", most=most)
        else:
            return value
        return None

    def points(self, value: object, path: str, *, least: int | None = 0, above: int | None = None) -> Fraction | None:
        """A plain decimal as text, not under `least` and greater than `above`."""
        if not isinstance(value, str):
            self.note(path, "wrong_type", wanted="decimal as text", got=kind_of(value))
            return None
        number = plain_decimal(value)
        if number is None:
            self.note(path, "not_a_decimal", value=shown(value))
        elif least is not None and number < least:
            self.note(path, "negative", value=shown(value))
        elif above is not None and number <= above:
            self.note(path, "not_positive", value=shown(value))
        else:
            return number
        return None

    def distinct(self, keys: list[str | None], path: str, *, name: str = "key") -> None:
        """No key twice in a list; the second one is the problem."""
        first: dict[str, int] = {}
        for place, key in enumerate(keys):
            if key is None:
                continue
            if key in first:
                where = f"{path}[{place}].{name}" if name else f"{path}[{place}]"
                self.note(where, "duplicate", value=shown(key), first=f"{path}[{first[key]}]")
            first.setdefault(key, place)


def at(path: str, name: str) -> str:
    """The path of a field of the object at `path`."""
    return f"{path}.{name}" if path else name


def optional(fields: Mapping[str, Any], name: str, path: str, read: Callable[[object, str], T | None]) -> T | None:
    """Read a field that may be left out; null says the same as leaving it out."""
    value = fields.get(name)
    return None if value is None else read(value, at(path, name))
