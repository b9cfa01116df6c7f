"""Runs the JavaScript tests (`node --test`) as part of the suite."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.js.node import node

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_javascript(path: Path) -> None:
    if (found := node()) is None:
        if os.environ.get("CI"):
            pytest.fail("no node: JavaScript is untested")
        pytest.skip("no node on this machine: JavaScript is untested")

    run = subprocess.run([found, "--test", str(path)], capture_output=True, text=True, timeout=120)

    assert run.returncode == 0, run.stdout + run.stderr
