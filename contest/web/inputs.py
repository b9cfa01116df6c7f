"""What requests hold, before any view reads it: no text and no number that a database cannot take."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Request, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

# The largest id of a row: the columns are 32 bits wide on PostgreSQL.
MOST_ID = 2**31 - 1


def whole_number(typed: str | None, most: int = MOST_ID) -> int | None:
    """A number from 0 to `most` in the digits 0 to 9, or None.

    `isdigit()` alone lets "²" through, which `int()` refuses, and numbers that no column holds.
    """
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > len(str(most)):
        return None
    return number if (number := int(typed)) <= most else None


def split_address(typed: str | None) -> SplitResult | None:
    """The parts of an address somebody sent; None of one that has none, like "http://[", at which `urlsplit` raises."""
    try:
        return urlsplit(typed or "")
    except ValueError:
        return None


class Sent(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address, without U+0000: no keyboard writes it and PostgreSQL refuses it."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        for values in self.values_lists():
            values[:] = [value.replace("\0", "") if isinstance(value, str) else value for value in values]

    def values_lists(self) -> list[list[Any]]:
        """The lists themselves, one a name."""
        return [dict.__getitem__(self, name) for name in self]


class CleanRequest(Request):
    """A request whose fields hold what can be kept."""

    parameter_storage_class = Sent


class StrictJSON(DefaultJSONProvider):
    """JSON as the standard has it: no NaN, and no nesting deeper than this program can follow."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError for what is no such document: the caller's fault, never this program's failure."""
        try:
            return super().loads(s, parse_constant=_no_number, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def init_inputs(app: Flask) -> None:
    """Before the routes are made: their numbers end where ids do."""
    app.request_class = CleanRequest
    app.json = StrictJSON(app)
    app.url_map.converters["int"] = partial(IntegerConverter, max=MOST_ID)  # type: ignore[assignment]

    @app.before_request
    def _no_nul_in_addresses() -> None:
        if "\0" in request.path:
            abort(404)
