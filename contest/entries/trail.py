"""How the audit trail calls an entry: by a name that does not lead from its author to it.

The trail says who began and handed in what, and so must not say which row that is: whoever may read the trail
could join author and entry before khớp phách. The name is keyed with the installation's secret, the same in every
event of an entry; from an entry to its events it leads, for who holds database and key, and nowhere from a page.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from flask import current_app

from contest.entries.models import Entry, RoundEntry
from contest.rules.canonical import canonical_bytes


def subject_of(entry: Entry) -> str:
    """ "entry:" and 20 hex digits."""
    return "entry:" + _keyed(f"audit entry {entry.id}".encode())[:20]


def seal_of(round_id: int, rows: Iterable[RoundEntry]) -> dict[str, str]:
    """What the trail keeps of who has which code in a round: nobody learns it there, but a swap shows.

    key: names the secret it was made with; under another one it cannot be checked.
    """
    pairs = sorted([row.code, row.entry_id] for row in rows)
    return {"seal": _keyed(canonical_bytes(["codes", round_id, pairs])), "key": _keyed(b"name of this key")[:8]}


def _keyed(what: bytes) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, what, "sha256").hex()
