"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.phones import display, normalise


@pytest.mark.parametrize(
    ("typed", "stored"),
    (
        ("0912 345 678", "84912345678"),
        ("0912.345.678", "84912345678"),
        ("0912\u00a0345–678", "84912345678"),
        ("+84 912 345 678", "84912345678"),
        ("(+84) 0912 345 678", "84912345678"),
        ("+84 (0)912 345 678", "84912345678"),
        ("0084912345678", "84912345678"),
        ("84912345678", "84912345678"),
        ("912345678", "84912345678"),  # the 0 lost in a spreadsheet
        ("０９１２３４５６７８", "84912345678"),
        ("0849 123 456", "84849123456"),  # 084… is a mobile number, no country code
        ("0207 3822 222", "842073822222"),
        ("024 3825 2222", "842438252222"),
        ("+856 20 1234 5678", "+8562012345678"),
        ("0123 456 7890", None),  # eleven digits ended in 2018
        ("0612 345 678", None),
        ("0912 345 67", None),
        ("0912 345 678 9", None),
        ("số 0912345678", None),
        ("+84", None),
        ("", None),
        ("\u0661\u0662\u0663", None),
    ),
)
def test_normalise(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    ("stored", "shown"),
    (
        ("84912345678", "0912 345 678"),
        ("842073822222", "0207 3822 222"),
        ("842438252222", "024 3825 2222"),
        ("+8562012345678", "+8562012345678"),
        ("", ""),
        ("nội bộ 12", "nội bộ 12"),
    ),
)
def test_display(stored, shown):
    assert display(stored) == shown


@given(st.from_regex(r"0[35789][0-9]{8}|02[0-9]{9}|\+[1-79][0-9]{9,12}", fullmatch=True))
def test_what_is_shown_is_read_back(typed):
    stored = normalise(typed)

    assert stored is not None
    assert normalise(stored) == stored
    assert normalise(display(stored)) == stored


@given(st.text())
def test_anything_may_be_typed(typed):
    stored = normalise(typed)

    assert stored is None or normalise(stored) == stored
