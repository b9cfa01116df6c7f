"""The pure commands, as they are run: they need no database, no key and no folder, and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contest.cli import commands
from tests.rules.bundles import one_round

ROOT = Path(__file__).parent.parent.parent
INSTANCE = {
    "format": "contest-assignment/1",
    "entries": [{"key": "A", "judges": 1}],
    "judges": [{"key": "J1", "min": 0, "max": None}],
}


@pytest.fixture
def flask(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """flask(*words, instance=folder): a command of the service, with an instance folder that nobody has made."""

    def run(*words: str, instance: Path) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "CONTEST_INSTANCE_DIR": str(instance)}
        command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words]
        (tmp_path / "here").mkdir(exist_ok=True)
        return subprocess.run(command, cwd=tmp_path / "here", env=environ, capture_output=True, text=True, timeout=120)

    return run


def test_every_pure_command_runs_where_nothing_may_be_made(
    tmp_path: Path, flask: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    bundle, given, text = (tmp_path / name for name in ("bundle.json", "instance.json", "bai.txt"))
    bundle.write_text(json.dumps(one_round({"A": "8 9"})))
    given.write_text(json.dumps(INSTANCE))
    text.write_text("Bản nhỏ bên sông Gâm đổi thay từ ngày có tổ dân vận.")
    calls = {"tabulate": bundle, "agreement": bundle, "assign": given, "similar": text}
    assert calls.keys() == commands.PURE

    # Below a file nobody can make a folder, whatever their rights.
    done = {name: flask(name, str(source), instance=text / "instance") for name, source in calls.items()}

    assert {name: (one.returncode, one.stderr) for name, one in done.items()} == dict.fromkeys(calls, (0, ""))
    assert list((tmp_path / "here").iterdir()) == []


def test_a_command_that_needs_the_instance_makes_it(
    tmp_path: Path, flask: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert flask("routes", instance=tmp_path / "new" / "instance").returncode == 0

    made = {path.name for path in (tmp_path / "new" / "instance").iterdir()}
    assert made == {"contest.sqlite3", "secret-key"}


@pytest.mark.parametrize(
    ("line", "expected"),
    (
        ("--app wsgi tabulate bundle.json", True),
        ("tabulate backup", True),  # a file called like a command
        ("--app wsgi backup similar", False),
        ("--app wsgi work --once", False),
        ("--app wsgi db upgrade", False),
        ("--app wsgi", False),
    ),
)
def test_the_command_is_the_first_word_that_names_one(line: str, expected: bool) -> None:
    assert commands.is_pure(line.split()) is expected
