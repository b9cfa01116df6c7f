"""gunicorn's threaded worker, with connections dealt evenly: `gunicorn -k contest.cli.even.EvenWorker`.

The system gives a new connection to whichever worker wakes first, and a tablet's connection stays where it fell: of
eight, six or seven were with one of two workers now and then, waiting for one core beside an idle one. Here the worker
that has more of them open lets the others go first.
"""

from __future__ import annotations

import mmap
import struct
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HESITATES = 0.004  # seconds; an idle worker is at the door in a tenth of it
LIVES = 5.0  # seconds after its last word a worker is taken for dead; it says one every second
SLOTS = 64  # workers of one gunicorn; were there more, two would overwrite each other's word, and be less even

_WORD = struct.Struct("=dq")  # when it was said (monotonic seconds), connections open then
# Made in the process the workers are forked from, so that all of them see it.
_words = mmap.mmap(-1, SLOTS * _WORD.size)


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """A threaded worker that waits a moment before a new connection when another one has fewer."""

    def notify(self) -> None:
        self._say()
        super().notify()

    def accept(self, listener: Any) -> None:
        if self.nr_conns > self._least():
            time.sleep(HESITATES)
        # Taken by another meanwhile, there is none, which the threaded worker knows how to take.
        super().accept(listener)
        self._say()

    def finish_request(self, conn: Any, fs: Any) -> None:
        before = self.nr_conns
        super().finish_request(conn, fs)
        if self.nr_conns != before:
            self._say()

    def _say(self) -> None:
        _WORD.pack_into(_words, self._slot * _WORD.size, time.monotonic(), self.nr_conns)

    def _least(self) -> int:
        """The fewest connections another living worker has; this one's own when it is alone."""
        now = time.monotonic()
        words = (_WORD.unpack_from(_words, slot * _WORD.size) for slot in range(SLOTS) if slot != self._slot)
        return min((count for said, count in words if now - said < LIVES), default=int(self.nr_conns))

    @property
    def _slot(self) -> int:
        return int(self.age) % SLOTS  # the how manieth worker this is
