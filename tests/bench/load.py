"""A small HTTP load generator for the bench: asyncio streams, keep-alive, one request at a time a connection.

Talks to 127.0.0.1 only. CPU is that of the server's whole process tree, from /proc, over the run.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
APART = 0.02  # seconds from one connection's opening to the next


@dataclass(frozen=True)
class Request:
    """A request as bytes on the wire, and the status it must be answered with."""

    wire: bytes
    expect: int = 200


def request(
    path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"", expect: int = 200
) -> Request:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return Request("\r\n".join(lines).encode() + b"\r\n\r\n" + body, expect)


@dataclass(frozen=True)
class Figures:
    """What a run took. Latencies in ms; cpu in ms a request, and how much of it was not the first root's."""

    count: int
    bad: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float
    beside: float

    def line(self, label: str) -> str:
        bad = f"  BAD {self.bad}" if self.bad else ""
        beside = f" ({self.beside:.2f} the database's)" if self.beside else ""
        return (
            f"{label:<46} {self.per_second:>7.0f}/s  p50 {self.p50:>6.1f}  p95 {self.p95:>6.1f}  "
            f"p99 {self.p99:>6.1f} ms  CPU {self.cpu:>6.2f} ms{beside}{bad}"
        )


def tree_cpu(roots: Sequence[int]) -> float:
    """CPU seconds of the processes and all their descendants, living and reaped."""
    children: dict[int, list[int]] = {}
    own: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        own[int(folder.name)] = sum(int(field) for field in fields[11:15])
    total, waiting = 0, list(roots)
    while waiting:
        pid = waiting.pop()
        total += own.get(pid, 0)
        waiting += children.get(pid, [])
    return total / TICKS


def tree_pss(root: int) -> float:
    """Proportional memory of a process and its children, in MiB."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if int(folder.name) != root and parent != root:
                    continue
                rollup = (folder / "smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = int(head.split(b" ", 2)[1]), 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        if line.lower().startswith(b"transfer-encoding:"):
            while size := int((await reader.readline()).strip(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
    if length:
        await reader.readexactly(length)
    return status


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _connection(line: Line, port: int, requests: list[Request], times: list[float], bad: list[int]) -> None:
    reader, writer = line
    while requests:
        item = requests.pop()
        began = time.perf_counter()
        try:
            writer.write(item.wire)
            status = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            # gunicorn closes a connection now and then; a browser would open another one.
            requests.append(item)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        times.append(time.perf_counter() - began)
        if status != item.expect:
            bad.append(status)
    writer.close()


def run(port: int, requests: Sequence[Request], *, connections: int, roots: Sequence[int]) -> Figures:
    """Send every request once over so many connections."""
    waiting, times, bad = list(reversed(requests)), [], []  # type: ignore[var-annotated]
    wall = cpu = beside = 0.0

    async def all_of_them() -> None:
        nonlocal wall, cpu, beside
        lines = []
        for _ in range(connections):
            lines.append(await asyncio.open_connection("127.0.0.1", port))
            # As people come, one by one: of connections opened at once, one worker takes them all, now and then.
            await asyncio.sleep(APART)
        cpu, beside, wall = tree_cpu(roots), tree_cpu(roots[1:]), time.perf_counter()
        await asyncio.gather(*(_connection(line, port, waiting, times, bad) for line in lines))
        wall, cpu, beside = time.perf_counter() - wall, tree_cpu(roots) - cpu, tree_cpu(roots[1:]) - beside

    asyncio.run(all_of_them())
    times.sort()

    def at(share: float) -> float:
        return times[min(len(times) - 1, int(len(times) * share))] * 1000

    each = 1000 / len(times)
    return Figures(
        len(times), len(bad), len(times) / wall, at(0.5), at(0.95), at(0.99), cpu * each, beside * each
    )  # fmt: skip
