"""Hash chains: the ledger of marks and the audit trail (invariants 2 and 11).

Each record's hash is SHA-256 over the hash before it (64 hex digits, ASCII) and the record's
content in canonical JSON. A chain shows any change to its past as long as its head is known from
elsewhere: the head's `short_head` is printed in the signed minutes. Whoever may rewrite the whole
table can make a new chain, but not one that ends in the printed head.

The content must name the chain it belongs to (its contest), since every chain starts alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from contest.rules.canonical import canonical_bytes

GENESIS = "0" * 64
"""What stands before the first record of every chain."""

_SHORT = 32


class Record(Protocol):
    """A stored link; `seq` counts from 1 without gaps, `content()` is what its hash covers."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> str: ...
    def content(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Link:
    """A record as plain values, for callers that have no rows."""

    seq: int
    hash: str
    body: Mapping[str, Any]

    def content(self) -> Mapping[str, Any]:
        return self.body


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold. index: the record's place, from 0; for `head` the number of records.

    code: "gap" (records are missing before this one), "order" (it stands in the wrong place or twice),
    "content" (it, or the hash before it, is not what was linked), "head" (the chain ends elsewhere
    than the known head: its tail was cut off, added to, or the whole rewritten).
    """

    index: int
    code: str


def link(previous_hash: str, content: Mapping[str, Any]) -> str:
    """The hash of a record that follows `previous_hash`; GENESIS for the first.

    Raises ValueError when `previous_hash` is not 64 hex digits, so that no two inputs run together.
    """
    if len(previous_hash) != 64 or not set(previous_hash) <= set("0123456789abcdef"):
        raise ValueError(f"not a hash: {previous_hash!r}")
    return hashlib.sha256(previous_hash.encode("ascii") + canonical_bytes(content)).hexdigest()


def verify(
    records: Iterable[Record], *, head: str | None = None, length: int | None = None, start: str = GENESIS
) -> list[Break]:
    """Every place where a chain does not hold, in order; empty when it does.

    records: in stored order, read one at a time. head, length: the known end, when there is one.
    After a break the check goes on from the stored hash, so that one edit is reported once.
    """
    breaks: list[Break] = []
    previous, expected, index = start, 1, 0
    for record in records:
        if code := _fault(record, previous, expected):
            breaks.append(Break(index, code))
        previous, expected, index = record.hash, record.seq + 1, index + 1
    if (head is not None and previous != head) or (length is not None and index != length):
        breaks.append(Break(index, "head"))
    return breaks


def _fault(record: Record, previous: str, expected: int) -> str | None:
    if record.seq > expected:
        return "gap"
    if record.seq < expected:
        return "order"
    try:
        return None if link(previous, record.content()) == record.hash else "content"
    except ValueError:
        # The stored hash before it, or its content, is no longer of a kind that could have been linked.
        return "content"


def short_head(hash_: str) -> str:
    """A head as people compare it on paper: the first 32 digits in groups of four."""
    return " ".join(hash_[i : i + 4] for i in range(0, _SHORT, 4))
