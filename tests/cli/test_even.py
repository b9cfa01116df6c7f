"""gunicorn's worker that lets a less busy one take a new connection."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bench.run import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run there")
ROOT = Path(__file__).parent.parent.parent

APP = """
import os
def app(environ, start):
    body = str(os.getpid()).encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """A port where each of two workers tells its number."""
    (tmp_path / "told.py").write_text(APP)
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-k", "contest.cli.even.EvenWorker", "-w", "2", "--threads", "4",
        "--keep-alive", "30", "--pythonpath", str(tmp_path), "-b", f"127.0.0.1:{port}", "--log-level", "error",
        "told:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ask(line: http.client.HTTPConnection) -> int:
    line.request("GET", "/")
    return int(line.getresponse().read())


def opened(port: int, until: float) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    while True:
        try:
            line.connect()
            return line
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_two_workers_share_tablets_and_one_that_dies_is_not_waited_for(served: int) -> None:
    until = time.monotonic() + 30
    with closing(opened(served, until)) as line:
        first = ask(line)
        second = first
        while second == first:  # until both are up
            assert time.monotonic() < until
            with closing(opened(served, until)) as other:
                second = ask(other)
        lines = []
        for _ in range(23):
            lines.append(opened(served, until))
            time.sleep(0.02)
        shares = Counter(ask(each) for each in (line, *lines))
        # By chance, two dozen are shared so evenly one time in three; a busy machine may wake a worker late.
        assert set(shares) == {first, second} and min(shares.values()) >= 9, shares
        os.kill(second, 9)
        alone = [opened(served, until) for _ in range(4)]
        assert all(ask(each) for each in alone)
        for each in (*lines, *alone):
            each.close()


@pytest.mark.parametrize(
    ("own", "other", "waits"), ((3, 2, True), (2, 2, False), (0, 5, False), (3, None, False)), ids=str
)
def test_only_the_busier_one_hesitates(
    monkeypatch: pytest.MonkeyPatch, own: int, other: int | None, waits: bool
) -> None:
    even = pytest.importorskip("contest.cli.even")
    slept: list[float] = []
    monkeypatch.setattr(even, "_words", bytearray(len(even._words)))
    monkeypatch.setattr(even.time, "sleep", slept.append)
    # The other's last word is fresh; where there is none, its slot holds one of long ago.
    even._WORD.pack_into(even._words, even._WORD.size, time.monotonic() if other is not None else 0.0, other or 0)
    worker: Any = object.__new__(even.EvenWorker)
    worker.age, worker.nr_conns = 2, own

    class Door:
        def accept(self) -> Any:
            raise BlockingIOError(11, "taken by another")

    worker.accept(Door())

    assert bool(slept) == waits
    assert worker.nr_conns == own
