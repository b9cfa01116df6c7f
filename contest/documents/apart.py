"""Work on documents in child processes: web workers stay small, and a hostile file ends a child, not a worker.

Neither pool of the standard library fits: multiprocessing imports the parent's main module into its children, which
here is the whole service, and the children of a ProcessPoolExecutor cannot be stopped one by one and outlive a parent
that was killed. So a child is a plain subprocess on two pipes (child.py): one call at a time, at most two children,
each started when it is first needed and kept for the next call.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contest.documents.blocks import Block, PageImage, Run, Work
from contest.documents.child import IDLE_SECONDS
from contest.documents.sniff import Unreadable

ROOT = Path(__file__).parent.parent.parent
CHILDREN = 2
CALLS = 200  # then a fresh child: what a library leaks goes with the old one
SECONDS_TO_END = 1
log = logging.getLogger(__name__)


class ChildEnded(Exception):
    """A child ended without an answer: it crashed, ran out of memory, or was stopped when its time was up.

    code: as subprocess gives it, a signal as its negative number; 0 is a child that left because nobody asked.
    """

    def __init__(self, work: str, code: int) -> None:
        super().__init__(f"{work}: the child ended with {code}")
        self.code = code


class ChildFailed(Exception):
    """The work raised what it should not; holds the child's traceback."""


class Children:
    """The children of one process. A thread waits for a place; while it has one, that place's child is its own."""

    def __init__(self) -> None:
        # The last to have worked is asked first: while calls come one by one, there is one child.
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _place in range(CHILDREN):
            self._places.put(None)

    def ask(self, work: str, arguments: Sequence[Any], options: Mapping[str, Any], *, seconds: float) -> Any:
        """Have a function of this room called in a child (child.perform), and return what it returns.

        Raises Unreadable as the function does, ChildFailed for whatever else it raises, ChildEnded when no answer
        came within `seconds` or the child ended. The next call finds a sound child all the same.
        """
        child = self._places.get()
        try:
            child = _usable(child) or Child()
            try:
                state, value = child.ask(work, arguments, options, seconds)
            except ChildEnded as ended:
                if ended.code != 0:
                    raise
                # It had waited long enough and left just as the call came: nothing was begun.
                child = Child()
                state, value = child.ask(work, arguments, options, seconds)
        finally:
            self._places.put(child)
        if state == "unreadable":
            raise value
        if state == "failed":
            raise ChildFailed(value)
        return value


def _usable(child: Child | None) -> Child | None:
    if child is not None and not child.is_usable():
        child.end()
        return None
    return child


class Child:
    """One child process, asked by one thread at a time."""

    def __init__(self) -> None:
        self._calls = 0
        self._was_stopped = False
        self._process = subprocess.Popen(  # noqa: S603 (a module of our own)
            [sys.executable, "-m", "contest.documents.child", str(IDLE_SECONDS)],
            cwd=ROOT,
            # Keys and passwords of the service are no business of a process that opens strangers' files.
            env={name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin and self._process.stdout
        self._calls_out, self._answers_in = self._process.stdin, self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_usable(self) -> bool:
        return self._calls < CALLS and not self._was_stopped and self._process.poll() is None

    def ask(self, work: str, arguments: Sequence[Any], options: Mapping[str, Any], seconds: float) -> tuple[str, Any]:
        """The child's answer as it was sent. Raises ChildEnded when there is none; the process is gone then."""
        self._calls += 1
        stop = threading.Timer(seconds, self._stop)
        stop.daemon = True
        stop.start()
        try:
            # Straight into the pipe: a file of 20 MB is not copied into a message first.
            pickle.dump((work, arguments, options, seconds), self._calls_out, protocol=pickle.HIGHEST_PROTOCOL)
            self._calls_out.flush()
            answer: tuple[str, Any] = _Answers(self._answers_in).load()
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            ended = ChildEnded(work, self.end())
            log.warning("%s", ended)
            raise ended from error
        except BaseException:
            self.end()  # half a message may stand in a pipe
            raise
        finally:
            stop.cancel()
            stop.join()  # afterwards it has stopped this call, or stops nothing
        return answer

    def _stop(self) -> None:
        self._was_stopped = True
        self._process.kill()

    def end(self) -> int:
        """Let the process end, or make it; its code."""
        with contextlib.suppress(BrokenPipeError):  # half a call may still stand in it
            self._calls_out.close()
        try:
            # One that is on its way out says by its own code why.
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._answers_in.close()
        return self._process.wait()


class _Answers(pickle.Unpickler):
    """Answers hold plain values and these: a child that a file has got hold of cannot name anything to be called."""

    _KNOWN = {(known.__module__, known.__name__): known for known in (Block, PageImage, Run, Unreadable, Work)}

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} in an answer") from None


_children = Children()


def ask(work: str, arguments: Sequence[Any], options: Mapping[str, Any], *, seconds: float) -> Any:
    """Children.ask, of this process's own children."""
    return _children.ask(work, arguments, options, seconds=seconds)


def _start_anew() -> None:
    """In a process forked from this one: two may not talk to one child."""
    global _children
    _children = Children()


if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(after_in_child=_start_anew)
