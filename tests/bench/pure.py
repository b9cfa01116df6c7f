"""Figures that need no server: tabulation, assignment, certificates."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import date
from typing import Any

from contest.documents.data import CertificateData, Signature
from contest.documents.typeset import certificates_pdf
from contest.rules.agreement import agreement as agreement_of
from contest.rules.bundle import parse_bundle
from contest.rules.tabulation import tabulate
from contest.web.static import FONTS


def _line(label: str, seconds: float, target: str) -> None:
    print(f"{label:<60} {seconds:>6.2f} s   (at most {target})", flush=True)


def big_bundle(entries: int = 5000, per_entry: int = 3, criteria: int = 5, judges: int = 60) -> dict[str, Any]:
    """A contest of that size with marks from a fixed seed."""
    rng = random.Random(15101949)  # noqa: S311 (not a secret: the same figures in every run)
    keys = [f"c{number}" for number in range(criteria)]
    marks = []
    for entry in range(entries):
        for judge in rng.sample(range(judges), per_entry):
            marks += [
                {
                    "round": "r",
                    "entry": f"E{entry}",
                    "judge": f"J{judge}",
                    "criterion": key,
                    "value": f"{rng.randint(0, 40) / 2:g}",
                }
                for key in keys
            ]
    return {
        "format": "contest-tabulation/1",
        "rules": {
            "number": 1,
            "rounds": [
                {
                    "key": "r",
                    "weight": "1",
                    "criteria": [{"key": key, "max": "20", "step": "0.5", "weight": "1"} for key in keys],
                    "panel": {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 5, "of": "total"},
                    "rounding": {"panel": 2, "weighted": None, "round": None},
                }
            ],
            "total": {"combine": "sum", "rounding": 2},
            "tiebreaks": ["criterion:r/c0", "criterion:r/c1"],
            "advance": {"count": 50, "min_total": "50"},
            "prizes": [{"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "50"}],
        },
        "judges": [{"key": f"J{number}", "head": number == 0} for number in range(judges)],
        "entries": [{"key": f"E{number}", "pool": "chung", "withdrawn": False} for number in range(entries)],
        "marks": marks,
        "adjustments": [],
    }


def tabulation() -> None:
    bundle = big_bundle()
    began = time.process_time()
    tabulate(parse_bundle(bundle))
    _line("tabulation, 5,000 entries x 3 judges x 5 criteria", time.process_time() - began, "2 s")


def assignment() -> None:
    """3 of 60 judges each: as it comes, and with conflicts, a preference for every pair, and tight limits."""
    for kind in ("plain", "dense"):
        for entries in (312, 1250, 5000):
            command = [sys.executable, "-m", "tests.bench.assigned", str(entries), kind]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            print(f"{f'assignment, {entries:,} entries, {kind}':<60} {said}   (at most 30 s for 5,000)", flush=True)


def judged_bundle(entries: int, judges: int = 15, criteria: int = 4) -> dict[str, Any]:
    """A panel that marks everything: each mark is the worth of the entry, the judge's severity and a little chance."""
    bundle = big_bundle(entries, judges, criteria, judges)
    rng = random.Random(15101930)  # noqa: S311 (not a secret: the same figures in every run)
    worth = {f"E{number}": rng.gauss(14, 2) for number in range(entries)}
    severity = {f"J{number}": rng.gauss(0, 0.7) for number in range(judges)}
    for mark in bundle["marks"]:
        points = worth[mark["entry"]] + severity[mark["judge"]] + rng.gauss(0, 1.5)
        mark["value"] = f"{min(max(round(points * 2), 0), 40) / 2:g}"
    return bundle


def agreement() -> None:
    """The whole report: 15 tabulations without a judge, 1,000 panels, 1,000 samples of entries. x1, x4, x16."""
    for entries in (125, 500, 2_000):
        bundle = judged_bundle(entries)
        began = time.process_time()
        agreement_of(parse_bundle(bundle))
        seconds = time.process_time() - began
        _line(f"agreement, {entries:,} entries x 15 judges x 4 criteria", seconds, "no target; a command, not a page")


def certificates(count: int) -> None:
    items = [
        CertificateData(
            recipient=f"Nông Thị Mây {number}", prize="Giải Nhất", contest="Cuộc thi viết về “Dân vận khéo”",
            work_title="Chuyện ở bản bên sông Gâm", number=f"2024-{number:04d}", issuer="BAN TỔ CHỨC",
            verify_url=f"https://example.vn/chung-nhan/{number:022d}", signature=Signature(("TRƯỞNG BAN",)),
            place="Tuyên Quang", day=date(2024, 10, 15),
        )
        for number in range(count)
    ]  # fmt: skip
    began = time.perf_counter()
    made = certificates_pdf(items, fonts=FONTS if FONTS.is_dir() else None)
    _line(f"{count} certificates as one PDF ({len(made) / 1e6:.1f} MB)", time.perf_counter() - began, "60 s for 1,000")


def near_duplicates(count: int) -> None:
    """In a process of its own: its memory is one of the figures."""
    subprocess.run([sys.executable, "-m", "tests.bench.essays", str(count)], check=True)
