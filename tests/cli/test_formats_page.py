"""The worked example of contest/cli/FORMATS.md is what the command really does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from contest.cli.pure import COMMANDS

PAGE = (Path(__file__).parent.parent.parent / "contest" / "cli" / "FORMATS.md").read_text(encoding="utf-8")


def test_the_example_gives_the_result_beside_it() -> None:
    bundle, expected = re.findall(r"```json\n(.*?)\n```", PAGE, re.S)
    command = next(command for command in COMMANDS if command.name == "tabulate")

    run = CliRunner().invoke(command, ["-"], input=bundle)

    assert run.exit_code == 0
    assert json.loads(run.output) == json.loads(expected)
