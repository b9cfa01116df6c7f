"""The fingerprints that count now as one index in this process's memory, kept between questions.

What one process knows another need not: every question first brings the index up to the rows, which costs as much as
there is new. Only the first question of a process reads every fingerprint.
"""

from __future__ import annotations

import threading
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence

from flask import current_app

from contest.rules.similarity_index import Index, packed, unpacked

# A row's id and its text's hash: ids alone come again in a database that was restored.
Key = tuple[int, str]
Load = Callable[[Collection[Key]], Mapping[Key, str]]

# With more new texts than this, sorting all of them at once is cheaper than putting them in one by one.
MANY = 500


class KeptIndex:
    """Asked by jobs, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start({})

    def _start(self, prints: Mapping[Key, str]) -> None:
        self._keys: list[Key] = list(prints)
        self._numbers = {key: number for number, key in enumerate(self._keys)}
        self._index = Index(map(stored_print, prints.values()))

    def ask(self, stored: str, live: Collection[Key], load: Load) -> dict[int, int]:
        """Rows that may share something with a fingerprint, by id, and how many hashes they share.

        live: of all fingerprints that count now. load: reads those of some keys.
        """
        with self._lock:
            self._bring_up(live, load)
            asked = self._index.ask(stored_print(stored))
            return {self._keys[number][0]: shared for number, shared in asked.items()}

    def common_of(self, print_: Sequence[int]) -> frozenset[int]:
        """Of these hashes, those that stand in so many texts that they prove nothing."""
        with self._lock:
            return self._index.common_of(print_)

    def _bring_up(self, live: Collection[Key], load: Load) -> None:
        wanted = frozenset(live)
        gone = self._numbers.keys() - wanted
        new = wanted - self._numbers.keys()
        if len(new) > MANY or len(gone) > MANY:
            self._start(load(wanted))
            return
        for key in gone:
            self._index.remove(self._numbers.pop(key))
        for key, stored in (load(new) if new else {}).items():
            self._numbers[key] = self._index.add(stored_print(stored))
            self._keys.append(key)


def kept_index() -> KeptIndex:
    """This process's."""
    kept: KeptIndex = current_app.extensions.setdefault("contest_similar", KeptIndex())
    return kept


def stored_print(stored: str) -> array[int]:
    """A fingerprint from what a row holds of it. Raises ValueError when it is none."""
    return unpacked(b64decode(stored))


def to_store(print_: array[int]) -> str:
    return b64encode(packed(print_)).decode("ascii")
