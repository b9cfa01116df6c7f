"""`flask --app wsgi tabulate BUNDLE`: what it reads, writes and answers."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contest.cli import pure
from contest.rules import reading
from contest.rules.canonical import canonical_bytes
from tests.rules.bundles import one_round, result_of

RULES = Path(reading.__file__).parent


def _run(source: str, *, given: bytes | None = None) -> Result:
    return CliRunner().invoke(pure.tabulate_command, [source], input=given)


def test_a_file_and_standard_input_give_the_same_bytes(tmp_path: Path) -> None:
    raw = one_round({"A": "8 9", "Đội tuyển xã Hòa An": "7 7.5"})
    bundle = json.dumps(raw).encode()
    (tmp_path / "bundle.json").write_bytes(bundle)

    from_file = _run(str(tmp_path / "bundle.json"))
    from_stdin = _run("-", given=bundle)

    assert (from_file.exit_code, from_stdin.exit_code) == (0, 0)
    assert from_file.stdout_bytes == from_stdin.stdout_bytes == canonical_bytes(result_of(raw)) + b"\n"
    assert from_file.stderr == ""


def test_a_byte_order_mark_is_understood() -> None:
    assert _run("-", given=b"\xef\xbb\xbf" + json.dumps(one_round({"A": "8"})).encode()).exit_code == 0


def test_a_refused_bundle_says_each_problem_in_a_line() -> None:
    raw = one_round({"A": "8", "B": "12"})
    raw["rules"]["rounds"][0]["criteria"][0].update(max="10", colour="red")
    raw["marks"][0]["judge"] = "J9"
    raw["rules"]["tiebreaks"] = ["round:x", "lot"]

    result = _run("-", given=json.dumps(raw).encode())

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "rules.rounds[0].criteria[0].colour: this field is unknown",
        "rules.tiebreaks[0]: there is no such round: “round:x”",
        "entries[0].lot: every entry needs a lot, because “lot” is one of the tie-breaks",
        "entries[1].lot: every entry needs a lot, because “lot” is one of the tie-breaks",
        "marks[0].judge: there is no such judge: “J9”",
        "marks[1].value: 12 is above the maximum of 10",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    (
        (b"", "input: not JSON, at line 1, column 1: Expecting value"),
        (b"{]", "input: not JSON, at line 1, column 2: Expecting property name enclosed in double quotes"),
        (b"\xff", "input: not UTF-8 text, from byte 0 on"),
        (b"[" * 100_000, "input: the JSON is nested too deeply"),
        (b"[]", "input: should be object, not list"),
        (b'{"format": "contest-tabulation/9"}', "format: unknown format “contest-tabulation/9”; known is"),
        (b'{"format": NaN}', "format: unknown format; known is"),
    ),
)  # fmt: skip
def test_what_cannot_be_a_bundle_is_refused(given: bytes, message: str) -> None:
    result = _run("-", given=given)

    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("source", ("no-such-file.json", "/", "a\0b"))
def test_what_cannot_be_read_is_a_failure(source: str) -> None:
    result = _run(source)

    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_text_from_outside_stays_in_its_line() -> None:
    raw = one_round({"A": "8"})
    raw["marks"][0]["entry"] = "A\nmarks[9]: all is well\x1b[2J" + "x" * 5000

    lines = _run("-", given=json.dumps(raw).encode()).stderr.splitlines()

    assert len(lines) == 1
    assert "\x1b" not in lines[0]
    assert len(lines[0]) < 200


def test_every_code_has_a_sentence() -> None:
    """Codes are written as literals in the rules; each must have words here, and no words be left over."""
    codes = set()
    for name in ("reading", "bundle", "bundle_rules", "assignment", "assignment_faults", "assignment_format"):
        tree = ast.parse((RULES / f"{name}.py").read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = ast.unparse(call.func)
            if called.endswith(".note") or called == "Problem":
                codes |= {part.value for part in ast.walk(call.args[1]) if isinstance(part, ast.Constant)}
    codes = {code for code in codes if isinstance(code, str)}
    codes |= {f"unknown_{name}" for name in ("round", "entry", "judge", "criterion", "tiebreak")}

    assert codes - {"unknown_"} == set(pure.SENTENCES)


def test_a_correction_nobody_knows_is_refused() -> None:
    raw = one_round({"A": "8 9"})
    raw["rules"]["rounds"][0]["severity"] = "z-score"

    result = _run("-", given=json.dumps(raw).encode())

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "rules.rounds[0].severity: “z-score” is not one of: additive\n"
