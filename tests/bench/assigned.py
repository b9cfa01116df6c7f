"""One assignment in a process of its own, so that its memory can be told: python -m tests.bench.assigned ENTRIES.

Each entry is for 3 of 60 judges; one pair in ten is a conflict, every pair has a preference of four decimals, and
limits leave no choice of loads. `plain` after the number: nothing but the entries and judges.
"""

from __future__ import annotations

import json
import random
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

from contest.rules.assignment import assign, read_instance, write_assigned
from contest.rules.assignment_spread import links
from contest.rules.canonical import canonical_bytes
from contest.rules.reading import read_json

JUDGES, EACH = 60, 3


def instance(entries: int, *, dense: bool) -> dict[str, Any]:
    rng = random.Random(15101949)  # noqa: S311 (not a secret: the same figures in every run)
    fair = entries * EACH // JUDGES
    keys, judges = [f"E{number}" for number in range(entries)], [f"J{number}" for number in range(JUDGES)]
    every = list(product(keys, judges)) if dense else []
    return {
        "format": "contest-assignment/1",
        "entries": [{"key": key, "judges": EACH} for key in keys],
        "judges": [{"key": key, "min": fair, "max": fair + 1} for key in judges],
        "conflicts": [pair for pair in every if rng.random() < 0.1],
        "preferences": [(*pair, f"0.{rng.randrange(10_000):04}") for pair in every],
        "fixed": [],
    }


def megabytes() -> float:
    """The most this process ever held. Linux only: getrusage would tell of the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main() -> None:
    dense = "plain" not in sys.argv
    data = json.dumps(instance(int(sys.argv[1]), dense=dense)).encode()
    began = time.process_time()
    given = read_instance(read_json(data))
    read = time.process_time()
    assigned = assign(given)
    canonical_bytes(write_assigned(assigned))
    seconds, found = time.process_time() - began, links(assigned.pairs)
    print(
        f"{seconds:>6.2f} s, of it {read - began:.2f} reading {len(data) / 1e6:.1f} MB; {megabytes():.0f} MB at most; "
        f"two judges share {found.fewest} to {found.most}, groups: {len(found.groups)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
