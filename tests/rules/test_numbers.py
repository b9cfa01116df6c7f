"""Marks as typed, scales, and numbers as written."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.numbers import BadMark, ScaleFault, check_scale, en, parse_mark, plain, signed, vi

D = Decimal


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("9,25", "9.25"),
        ("9.25", "9.25"),
        (" 9,5\u00a0", "9.5"),
        ("\u202f10\u200b", "10"),
        ("0", "0"),  # 0 is a mark
        ("0,250", "0.250"),  # no group of thousands starts with 0
        ("0.125", "0.125"),
        ("1250", "1250"),
        ("1250,5", "1250.5"),
        ("007", "7"),
        ("", None),
        ("  ", None),
        ("-", None),
        ("–", None),
        ("—", None),
        ("\u2212", None),
    ),
)
def test_parse_mark(typed, expected):
    assert parse_mark(typed) == (expected and D(expected))


@pytest.mark.parametrize(
    ("typed", "code"),
    (
        ("1.250", "ambiguous"),
        ("1,250", "ambiguous"),
        ("1.250,5", "ambiguous"),
        ("1.000.000", "ambiguous"),
        ("-5", "sign"),
        ("+5", "sign"),
        ("– 5", "sign"),
        ("\u22125", "sign"),
        ("1e3", "exponent"),
        ("1,5E-2", "exponent"),
        ("\u0661\u0662", "digits"),
        ("\uff19", "digits"),
        ("9²", "digits"),
        ("Infinity", "not_a_number"),
        ("NaN", "not_a_number"),
        ("9,", "not_a_number"),
        (",5", "not_a_number"),
        ("9 5", "not_a_number"),
        ("1_0", "not_a_number"),
        ("8/10", "not_a_number"),
        ("--", "not_a_number"),
        ("1" * 13, "too_long"),
    ),
)
def test_what_is_not_one_certain_mark_is_refused(typed, code):
    with pytest.raises(BadMark) as refused:
        parse_mark(typed)

    assert refused.value.code == code


@given(st.text(max_size=15))
def test_parse_mark_gives_a_finite_number_none_or_bad_mark(typed):
    try:
        mark = parse_mark(typed)
    except BadMark:
        return
    assert mark is None or (mark.is_finite() and mark >= 0)


@given(st.decimals(0, 999, places=2))
def test_what_is_written_is_read_back(value):
    assert parse_mark(vi(value)) == parse_mark(en(value)) == parse_mark(plain(value)) == value


@pytest.mark.parametrize(
    ("value", "maximum", "step", "expected"),
    (
        ("52.5", "60", "0.5", None),
        ("0", "60", "0.5", None),
        ("60", "60", "0.5", None),
        ("60.5", "60", "0.5", ("above_max", "60", None)),
        ("11", "10", "3", ("above_max", "9", None)),
        ("-0.25", "10", "0.25", ("below_zero", None, "0")),
        ("9.3", "10", "0.25", ("off_step", "9.25", "9.50")),
        ("10", "10", "3", ("off_step", "9", None)),  # the step never reaches 10
        ("9.999999999999999999999999999999", "10", "0.5", ("off_step", "9.5", "10")),
        ("1000000", None, "0.5", None),
        ("3.14159", "10", None, None),
        ("11", "10", None, ("above_max", "10", None)),
        ("0.3", None, "0.1", None),  # exact: no binary fraction in between
    ),
)
def test_check_scale(value, maximum, step, expected):
    fault = expected and ScaleFault(*(n and (n if n[0].isalpha() else D(n)) for n in expected))

    assert check_scale(D(value), maximum and D(maximum), step and D(step)) == fault


@pytest.mark.parametrize(
    ("value", "maximum", "step"), (("NaN", "10", "1"), ("1", "Infinity", "1"), ("1", "10", "0"), ("1", "10", "-1"))
)
def test_a_scale_that_makes_no_sense_is_an_error(value, maximum, step):
    with pytest.raises(ValueError, match="a scale has"):
        check_scale(D(value), D(maximum), D(step))


@given(
    st.decimals(-5, 120, places=3),
    st.one_of(st.none(), st.decimals(0, 100, places=2)),
    st.one_of(st.none(), st.decimals("0.01", 10, places=2)),
)
def test_the_neighbours_named_are_on_the_scale_and_nearest(value, maximum, step):
    fault = check_scale(value, maximum, step)

    if fault is None:
        assert value >= 0
        return
    for near in filter(None, (fault.below, fault.above)):
        assert check_scale(near, maximum, step) is None
    if fault.code == "off_step":
        assert fault.below is not None
        assert fault.below < value < fault.below + step


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    (
        ("52.50", None, "52.5"),
        ("1E+3", None, "1000"),
        ("1E-7", None, "0.0000001"),
        ("-0", None, "0"),
        ("-0.004", 2, "0.00"),
        ("100", None, "100"),
        ("87.245", 2, "87.25"),
        ("87.2", 2, "87.20"),
        ("9.5", 0, "10"),
        ("123456789012345678901234567890.5", None, "123456789012345678901234567890.5"),
    ),
)
def test_plain(value, places, expected):
    with localcontext() as narrow:
        narrow.prec = 3

        assert plain(D(value), places) == expected


@pytest.mark.parametrize(
    ("value", "places", "vietnamese", "english"),
    (
        (D("9.25"), None, "9,25", "9.25"),
        (D("9.00"), None, "9", "9"),
        (D("9"), 2, "9,00", "9.00"),
        (1000000, None, "1.000.000", "1,000,000"),
        (999, None, "999", "999"),
        (D("-1234.5"), None, "-1.234,5", "-1,234.5"),
        (0, None, "0", "0"),
    ),
)
def test_numbers_as_each_language_writes_them(value, places, vietnamese, english):
    assert (vi(value, places), en(value, places)) == (vietnamese, english)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    (
        ("4.5", None, "+4,5"),
        ("-0.334", 2, "−0,33"),
        ("-0.004", 2, "0,00"),
        ("0", None, "0"),
        ("1234.5", 2, "+1.234,50"),
    ),
)
def test_a_difference_with_its_sign(value: str, places: int | None, text: str) -> None:
    assert signed(Decimal(value), places) == text


def test_a_difference_in_english() -> None:
    assert signed(Decimal("-0.5"), 2, spell=en) == "−0.50"
