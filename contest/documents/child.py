"""The child process that reads and draws documents: `python -m contest.documents.child`, started by apart.py.

Calls come as pickles on standard input, answers leave as pickles on standard output. It ends when its
input closes, which is also what happens when the parent is killed, or after a while without a call.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from contest.documents.sniff import Unreadable

try:
    import resource
except ImportError:  # Windows sets no such limits
    resource = None  # type: ignore[assignment]

IDLE_SECONDS = 20
# Three times what the heaviest sound file needs: an 80-megapixel picture with transparency.
MEMORY = 1536 * 1024 * 1024
# It writes no files but the compiled modules of Python.
LARGEST_FILE = 16 * 1024 * 1024


def perform(work: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Do one piece of work: a function of this room by file and name, as in "pages.pdf_text".

    Its file is read only now: a web process that asks a child for it never carries the libraries behind it.
    """
    file, function = work.split(".")
    return getattr(importlib.import_module(f"contest.documents.{file}"), function)(*arguments, **options)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it ends, and the input closes
    idle_seconds = float(sys.argv[1]) if len(sys.argv) > 1 else IDLE_SECONDS
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    _limit()
    # The input closed, or the parent went in the middle of a call or of an answer.
    with contextlib.suppress(EOFError, pickle.UnpicklingError, BrokenPipeError):
        while True:
            _answer_one(calls, answers, idle_seconds)


def _answer_one(calls: BinaryIO, answers: BinaryIO, idle_seconds: float) -> None:
    leave = threading.Timer(idle_seconds, os._exit, [0])
    leave.daemon = True
    leave.start()
    work, arguments, options, seconds = pickle.load(calls)  # noqa: S301 (from our parent alone)
    leave.cancel()
    _limit_time(seconds)
    answer: tuple[str, Any]
    try:
        answer = ("done", perform(work, arguments, options))
    except Unreadable as problem:
        answer = ("unreadable", problem)
    except MemoryError:
        raise  # this process is not sound any more; its end is answer enough
    except Exception:  # a fault of ours: the parent raises it again, with this trace for the log
        answer = ("failed", traceback.format_exc())
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _limit() -> None:
    """Bounds that no file gets past; the parent bounds the time of a call by the clock."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if sys.platform == "linux":  # macOS knows the limit and does not keep it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_time(seconds: float) -> None:
    """CPU seconds for one call: a child whose parent is gone has nobody to stop it."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
