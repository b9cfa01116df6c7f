"""The pure commands of formats.md: a file or standard input in, JSON on standard output, no database.

Exit 0: done; 2: the input is refused, one line per problem on standard error; 1: anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click

from contest.rules.agreement import agreement
from contest.rules.assignment import assign, read_instance, write_assigned
from contest.rules.bundle import parse_bundle
from contest.rules.canonical import canonical_bytes
from contest.rules.reading import Problem, Refused, read_json
from contest.rules.tabulation import tabulate

REFUSED, FAILED = 2, 1
MOST_NAMES = 20

# What is wrong, by the problem's code. The facts of the problem fill the braces.
SENTENCES: Mapping[str, str] = {
    "above_max": "{value} is above the maximum of {max}",
    "bad_key": "“{value}” is no key: 1 to 200 printable characters, no blanks at the ends",
    "below_min": "“{judge}” gets {load} entries of at least {min}: {judges} must have {least} together, "
    "and no more than {places} can come to them",
    "below_zero": "{value} is below 0",
    "broken_unicode": "the text holds half a surrogate pair, which is no Unicode text",
    "cannot_be_served": "“{entry}” lacks {missing} of its judges: {judges} can take {places} entries together, "
    "and {needed} places of theirs are needed by {entries}",
    "duplicate": "“{value}” is there already, at {first}",
    "duplicate_mark": "this judge's mark for this entry, round and criterion is there already, at {first}",
    "duplicate_preference": "there is a preference of “{entry}” for “{judge}” already",
    "fixed_above_max": "“{judge}” has {fixed} fixed entries and takes at most {max}",
    "fixed_above_need": "“{entry}” has {fixed} fixed judges and needs {judges}",
    "fixed_conflict": "“{entry}” and “{judge}” are a fixed pair and a conflict",
    "lot_needed": "every entry needs a lot, because “lot” is one of the tie-breaks",
    "min_above_max": "“{judge}” must have at least {min} entries and takes at most {max}",
    "missing_field": "this field is missing",
    "negative": "must not be negative",
    "not_a_choice": "“{value}” is not one of: {choices}",
    "not_a_decimal": "“{value}” is not a plain decimal such as 52.5 (no exponent, at most 40 characters)",
    "not_json": "not JSON, at line {line}, column {column}: {reason}",
    "not_nfc": "“{value}” is not in Unicode form NFC",
    "not_positive": "must be greater than 0",
    "not_utf8": "not UTF-8 text, from byte {byte} on",
    "off_step": "{value} is not a multiple of the step {step}",
    "repeated_key": "the object names this field more than once",
    "round_not_entered": "entry “{entry}” does not take part in round “{round}”",
    "severity_with_third_marker": "a round with a third marker cannot correct severity as well",
    "slash_in_key": "the key of a round must not contain “/”: “{value}”",
    "too_deep": "the JSON is nested too deeply",
    "too_few": "needs at least {least}",
    "too_few_judges": "“{entry}” needs {judges} judges, and {free} have no conflict with it",
    "too_large": "must not be larger than {most}",
    "too_long": "must not be longer than {longest} characters",
    "unknown_criterion": "there is no such criterion in the round: “{value}”",
    "unknown_entry": "there is no such entry: “{value}”",
    "unknown_field": "this field is unknown",
    "unknown_format": "unknown format{given}; known is “{known}”",
    "unknown_judge": "there is no such judge: “{value}”",
    "unknown_round": "there is no such round: “{value}”",
    "unknown_tiebreak": "“{value}” is no tie-break; these are: round:KEY, criterion:ROUND/KEY, measure:NAME:asc, "
    "measure:NAME:desc, judge:head, places, lot",
    "wrong_length": "should be a list of {wanted}, not of {got}",
    "wrong_type": "should be {wanted}, not {got}",
}


def sentence(problem: Problem) -> str:
    """One line: the path of the field, and what is wrong with it."""
    facts = dict(problem.facts)
    if problem.code == "unknown_format":
        facts["given"] = "" if facts["value"] is None else f" “{facts['value']}”"
    for name, value in facts.items():
        if isinstance(value, tuple):
            facts[name] = ", ".join(value) if name == "choices" else _names(value)
    return f"{problem.path or 'input'}: {SENTENCES[problem.code].format(**facts)}"


def _names(keys: tuple[str, ...]) -> str:
    """So many names as a line can hold: a shortage of places may concern every entry of a contest."""
    named = ", ".join(f"“{key}”" for key in keys[:MOST_NAMES])
    return named if len(keys) <= MOST_NAMES else f"{named} and {len(keys) - MOST_NAMES} more"


def read_input(source: str) -> object:
    """The JSON of a file or, for "-", of standard input; leaves the program when there is none to read."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as wrong:
        click.echo(f"{source}: cannot be read: {wrong}", err=True)
        raise SystemExit(FAILED) from None
    return read_json(data)


def refuse(refused: Refused) -> NoReturn:
    """Say all that is wrong and leave the program."""
    for problem in refused.problems:
        click.echo(sentence(problem), err=True)
    raise SystemExit(REFUSED)


@click.command("tabulate")
@click.argument("bundle")
def tabulate_command(bundle: str) -> None:
    """Count the result of a contest from its BUNDLE (a file, or - for standard input)."""
    try:
        checked = parse_bundle(read_input(bundle))
    except Refused as refused:
        refuse(refused)
    # As bytes: the result is UTF-8 whatever the terminal is set to, and the same bytes as a stored snapshot.
    click.echo(canonical_bytes(tabulate(checked)))


@click.command("agreement")
@click.argument("bundle")
def agreement_command(bundle: str) -> None:
    """Measure how far the judges of a BUNDLE (a file, or - for standard input) agree."""
    try:
        checked = parse_bundle(read_input(bundle))
    except Refused as refused:
        refuse(refused)
    click.echo(canonical_bytes(agreement(checked)))


@click.command("assign")
@click.argument("instance")
def assign_command(instance: str) -> None:
    """Assign judges to the entries of an INSTANCE (a file, or - for standard input)."""
    try:
        assigned = assign(read_instance(read_input(instance)))
    except Refused as refused:
        refuse(refused)
    click.echo(canonical_bytes(write_assigned(assigned)))


COMMANDS = (tabulate_command, agreement_command, assign_command)
