"""`flask --app wsgi agreement BUNDLE`: what it reads, writes and answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from contest.cli import pure
from contest.rules.canonical import canonical_bytes
from tests.rules.bundles import one_round
from tests.rules.test_agreement import TABLE, report_of


def _run(source: str, *, given: bytes | None = None) -> Result:
    return CliRunner().invoke(pure.agreement_command, [source], input=given)


def test_a_file_and_standard_input_give_the_same_bytes_twice(tmp_path: Path) -> None:
    raw = one_round({f"Đội tuyển xã {key}": line for key, line in TABLE.items()}, prizes=[{"key": "nhat", "count": 1}])
    bundle = json.dumps(raw).encode()
    (tmp_path / "bundle.json").write_bytes(bundle)

    runs = [_run(str(tmp_path / "bundle.json")), _run("-", given=bundle), _run("-", given=bundle)]

    assert [run.exit_code for run in runs] == [0, 0, 0]
    assert {run.stdout_bytes for run in runs} == {canonical_bytes(report_of(raw)) + b"\n"}
    assert [run.stderr for run in runs] == ["", "", ""]


def test_a_refused_bundle_says_each_problem_in_a_line() -> None:
    raw = one_round({"A": "8", "B": "12"})
    raw["rules"]["rounds"][0]["criteria"][0]["max"] = "10"
    raw["marks"][0]["judge"] = "J9"
    raw["colour"] = "red"

    result = _run("-", given=json.dumps(raw).encode())

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "colour: this field is unknown",
        "marks[0].judge: there is no such judge: “J9”",
        "marks[1].value: 12 is above the maximum of 10",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    (
        (b"", "input: not JSON, at line 1, column 1: Expecting value"),
        (b"\xff", "input: not UTF-8 text, from byte 0 on"),
        (b'{"format": "contest-agreement/1"}', "format: unknown format “contest-agreement/1”; known is"),
    ),
)  # fmt: skip
def test_what_cannot_be_a_bundle_is_refused(given: bytes, message: str) -> None:
    result = _run("-", given=given)

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_what_cannot_be_read_is_a_failure() -> None:
    result = _run("no-such-file.json")

    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_it_is_one_of_the_commands(_app: Flask) -> None:
    assert _app.cli.commands["agreement"] is pure.agreement_command


def test_a_bundle_without_entries_is_measured_as_nothing() -> None:
    raw = one_round({})

    result = _run("-", given=json.dumps(raw).encode())

    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["rounds"]["r"]["entries"], report["rounds"]["r"]["judges"]) == (0, 0)
    assert report["rounds"]["r"]["notes"]["icc.1,1"] == "no_marks"
