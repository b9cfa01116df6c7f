"""Exact numbers: reading, rounding half up, writing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contest.rules.exact import plain_decimal, round_half_up, write


@pytest.mark.parametrize(
    ("text", "value"),
    (
        ("0", Fraction(0)),
        ("52.5", Fraction(105, 2)),
        ("-1.25", Fraction(-5, 4)),
        ("-0", Fraction(0)),
        ("007.10", Fraction(71, 10)),
        ("", None),
        (".5", None),
        ("5.", None),
        ("+5", None),
        (" 5", None),
        ("5\n", None),
        ("1e2", None),
        ("1e999999", None),
        ("NaN", None),
        ("Infinity", None),
        ("9,25", None),
        ("٥", None),  # a digit, but not one of ours
        ("1_000", None),
        ("1" * 41, None),
    ),
)
def test_plain_decimal(text: str, value: Fraction | None) -> None:
    assert plain_decimal(text) == value


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    (
        ("1/8", 2, "13/100"),
        ("-1/8", 2, "-13/100"),
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("1.005", 2, "1.01"),  # 1.00 with binary floats
        ("2.675", 2, "2.68"),  # 2.67 with binary floats
        ("0.4999999999999999999999", 0, "0"),
        ("1/3", None, "1/3"),
    ),
)
def test_round_half_up(value: str, places: int | None, rounded: str) -> None:
    assert round_half_up(Fraction(value), places) == Fraction(rounded)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    (
        ("52.5", 2, "52.50"),
        ("52.5", None, "52.5"),
        ("52", None, "52"),
        ("100", None, "100"),
        ("0", None, "0"),
        ("0", 2, "0.00"),
        ("7", 0, "7"),
        ("1/3", None, "0.333333"),
        ("2/3", None, "0.666667"),
        ("-1/3", None, "-0.333333"),
        ("-1/10000000", None, "0"),  # never "-0"
        ("-0.001", 2, "0.00"),
        ("0.05", 2, "0.05"),
        ("-0.05", 2, "-0.05"),
        ("0.0000005", None, "0.000001"),
    ),
)
def test_write(value: str, places: int | None, text: str) -> None:
    assert write(Fraction(value), places) == text
