"""The worked examples of contest/cli/FORMATS.md are what the commands really do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from contest.cli.pure import COMMANDS

PAGE = (Path(__file__).parent.parent.parent / "contest" / "cli" / "FORMATS.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## [^\n]*`flask --app wsgi (\w+) [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))
EXAMPLES = {name: re.findall(r"```json\n(.*?)\n```", text, re.S) for name, text in SECTIONS.items()}


# The commands that read one JSON document: each has an example of what goes in, and what comes out.
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_example_gives_the_result_beside_it(command: click.Command) -> None:
    given, expected = EXAMPLES[command.name or ""]

    run = CliRunner().invoke(command, ["-"], input=given)

    assert run.exit_code == 0
    assert json.loads(run.output) == json.loads(expected)
