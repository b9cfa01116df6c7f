"""`flask --app wsgi assign INSTANCE`: what it reads, writes and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contest.cli import pure

INSTANCE = {
    "format": "contest-assignment/1",
    "entries": [{"key": "E1", "judges": 2}, {"key": "Bài 2", "judges": 1}],
    "judges": [{"key": "J1", "min": 0, "max": 30}, {"key": "J2"}, {"key": "J3", "max": None}],
    "conflicts": [["E1", "J1"]],
    "preferences": [["E1", "J2", "0.75"], ["Bài 2", "J1", "-0.125"]],
    "fixed": [["Bài 2", "J1"]],
}


def _run(source: str, *, given: bytes | None = None) -> Result:
    return CliRunner().invoke(pure.assign_command, [source], input=given)


def _with(**change: Any) -> bytes:
    return json.dumps({**INSTANCE, **change}).encode()


def test_a_file_and_standard_input_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "instance.json").write_bytes(_with())
    backwards = _with(entries=INSTANCE["entries"][::-1], judges=INSTANCE["judges"][::-1])

    from_file, from_stdin, other_order = _run(str(tmp_path / "instance.json")), _run("-", given=_with()), _run(
        "-", given=backwards
    )  # fmt: skip

    assert from_file.exit_code == 0
    assert from_file.stderr == ""
    assert from_file.stdout_bytes == from_stdin.stdout_bytes == other_order.stdout_bytes
    assert json.loads(from_file.stdout) == {
        "format": "contest-assigned/1",
        "pairs": [["Bài 2", "J1"], ["E1", "J2"], ["E1", "J3"]],
        "total_preference": "0.625",
        "load": {"J1": 1, "J2": 1, "J3": 1},
    }


@pytest.mark.parametrize(
    ("change", "lines"),
    (
        (
            {"entries": [{"key": "E1", "judges": 3}], "preferences": [], "fixed": []},
            ["entries[0]: “E1” needs 3 judges, and 2 have no conflict with it"],
        ),
        (
            {
                "entries": [{"key": f"E{i}", "judges": 1} for i in range(1, 4)],
                "judges": [{"key": "J1", "max": 2}, {"key": "J2"}],
                "conflicts": [["E1", "J2"], ["E2", "J2"], ["E3", "J2"]],
                "preferences": [],
                "fixed": [],
            },
            [
                "entries[2]: “E3” lacks 1 of its judges: “J1” can take 2 entries together, and 3 places of theirs are "
                "needed by “E1”, “E2”, “E3”"
            ],
        ),
        (
            {"judges": [{"key": "J1"}, {"key": "J2", "min": 3}, {"key": "J3"}]},
            ["judges[1]: “J2” gets 1 entries of at least 3: “J2” must have 3 together, and no more than 1 can come to "
             "them"],
        ),
        (
            {"judges": [{"key": "J1", "max": 0}, {"key": "J2", "min": 2, "max": 1}, {"key": "J3"}]},
            [
                "judges[0]: “J1” has 1 fixed entries and takes at most 0",
                "judges[1]: “J2” must have at least 2 entries and takes at most 1",
            ],
        ),
        (
            {"fixed": [["Bài 2", "J1"], ["Bài 2", "J3"], ["E1", "J1"]]},
            [
                "entries[1]: “Bài 2” has 2 fixed judges and needs 1",
                "fixed: “E1” and “J1” are a fixed pair and a conflict",
            ],
        ),
        ({"format": "contest-assignment/2"},
         ["format: unknown format “contest-assignment/2”; known is “contest-assignment/1”"]),
        ({"weights": []}, ["weights: this field is unknown"]),
        (
            {"preferences": [["E1", "J2", "1"], ["E1", "J2", "2"], ["E1", "J9", 1], ["E1"], "E1"]},
            [
                "preferences[1]: there is a preference of “E1” for “J2” already",
                "preferences[2][1]: there is no such judge: “J9”",
                "preferences[2][2]: should be decimal as text, not number",
                "preferences[3]: should be a list of 3, not of 1",
                "preferences[4]: should be list, not text",
            ],
        ),
    ),
)  # fmt: skip
def test_a_refused_instance_says_each_problem_in_a_line(change: dict[str, Any], lines: list[str]) -> None:
    result = _run("-", given=_with(**change))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == lines


def test_a_shortage_of_the_whole_contest_stays_in_a_line() -> None:
    result = _run("-", given=json.dumps({
        "format": "contest-assignment/1",
        "entries": [{"key": f"E{i:02}", "judges": 1} for i in range(30)],
        "judges": [{"key": "J1", "max": 29}],
    }).encode())  # fmt: skip

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.rstrip().endswith("“E18”, “E19” and 10 more")


@pytest.mark.parametrize("given", (b"", b"[]", b"null", b"\xff", b'{"format": 3}', b'{"entries": [[]], "judges": [1]}'))
def test_what_cannot_be_an_instance_is_refused(given: bytes) -> None:
    result = _run("-", given=given)

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert result.stderr


def test_what_cannot_be_read_is_a_failure() -> None:
    assert _run("no-such-file.json").exit_code == 1
