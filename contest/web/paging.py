"""Keyset paging: the cost of a page does not grow with the table before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, tuple_

from contest.db import db

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows and the opaque cursor of the next one (None at the end)."""

    rows: Sequence[Row]
    next_cursor: str | None


def page_of(
    query: Select[Any], *keys: ColumnElement[Any] | Any, secret: str, size: int = PAGE_SIZE, cursor: str | None = None
) -> Page[Any]:
    """The rows after `cursor`, ordered by `keys` ascending; the last key must be unique.

    query: selects one entity. A forged or foreign cursor gives the first page.
    """
    serializer = URLSafeSerializer(secret, salt="page")
    cursor = cursor if cursor is not None else request.args.get("sau")
    if cursor:
        try:
            query = query.where(tuple_(*keys) > tuple_(*serializer.loads(cursor)))
        except (BadData, TypeError):
            cursor = None
    rows = db.session.scalars(query.order_by(*keys).limit(size + 1)).all()
    more = len(rows) > size
    rows = rows[:size]
    values = [getattr(rows[-1], str(key.key)) for key in keys] if more else []
    return Page(rows, str(serializer.dumps(values)) if more else None)
