"""Servers in processes of their own, on the test's database: they can be killed, and come back on the same port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parent.parent.parent
_HANDED_ON = (
    "INSTANCE_DIR", "SECRET_KEY", "STORAGE_URL", "DATABASE_URL", "RATE_LIMITS", "WORKER_IN_PROCESS",
    "DOCUMENTS_APART", "PAGE_CACHE_SECONDS", "PUBLIC_URL", "SERVER_NAME",
)  # fmt: skip


class Served:
    """The app served by `command` (see the two below) until it is stopped, or dies."""

    def __init__(self, app: Flask, *, workers: int = 0) -> None:
        """workers: of gunicorn, with four threads each; 0 for a single process of waitress."""
        self._settings = json.dumps({name: app.config[name] for name in _HANDED_ON})
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self, *, dies: str = "") -> None:
        """Serve, and return once it answers. dies: as HALL_DIES of served.py."""
        environ = {**os.environ, "HALL_SETTINGS": self._settings, "HALL_DIES": dies}
        self._process = subprocess.Popen(self._command(), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        for _try in range(600):
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}")
            if self.answers():
                return
            time.sleep(0.1)
        raise TimeoutError(self.address)

    def answers(self) -> bool:
        """Whether a worker serves: the port is open long before one does, and while none is left."""
        try:
            with urllib.request.urlopen(f"{self.address}/cham-may.js", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def _command(self) -> Sequence[str]:
        if not self._workers:
            return [sys.executable, "-m", "tests.tablets.served", str(self.port)]
        return [
            sys.executable, "-m", "gunicorn", "-k", "contest.cli.even.EvenWorker", "--preload",
            "-w", str(self._workers), "--threads", "4", "-b", f"127.0.0.1:{self.port}", "--graceful-timeout", "2",
            "--log-level", "error", "--no-control-socket", "tests.tablets.served:hall()",
        ]  # fmt: skip

    def died(self) -> int:
        """Wait for it to die by itself; the signal that killed it."""
        assert self._process is not None
        return -self._process.wait(timeout=60)

    def kill_a_worker(self, number: int) -> bool:
        """SIGKILL one of gunicorn's workers, in the middle of whatever it does; gunicorn starts another."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        if not children.exists() or not (pids := children.read_text().split()):
            return False
        try:
            os.kill(int(pids[number % len(pids)]), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
