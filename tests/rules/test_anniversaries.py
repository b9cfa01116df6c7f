"""The anniversaries of 15 October (R43)."""

from datetime import date

import pytest

from contest.rules.anniversaries import BeforeOrigin, day_in, is_round, ordinal, roundness

TRADITION_DAY, ARTICLE, MASS_MOBILISATION_DAY = date(1930, 10, 15), date(1949, 10, 15), date(1999, 10, 15)


@pytest.mark.parametrize(
    ("origin", "year", "count", "round_"),
    (
        (TRADITION_DAY, 2024, 94, False),
        (MASS_MOBILISATION_DAY, 2024, 25, True),
        (ARTICLE, 2024, 75, True),
        (TRADITION_DAY, 2020, 90, True),
        (TRADITION_DAY, 1930, 0, False),
    ),
)
def test_ordinal(origin, year, count, round_):
    assert ordinal(origin, year) == count
    assert is_round(count) is round_


@pytest.mark.parametrize("rule", (ordinal, day_in))
def test_a_year_before_the_origin_is_refused(rule):
    with pytest.raises(BeforeOrigin) as refused:
        rule(MASS_MOBILISATION_DAY, 1998)

    assert (refused.value.origin, refused.value.year) == (MASS_MOBILISATION_DAY, 1998)


@pytest.mark.parametrize(
    ("n", "expected"),
    ((0, "other"), (1, "other"), (5, "five"), (10, "round"), (75, "five"), (94, "other"), (100, "round")),
)
def test_roundness(n, expected):
    assert roundness(n) == expected


def test_day_in_a_year():
    assert day_in(TRADITION_DAY, 2024) == date(2024, 10, 15)
    assert day_in(date(2000, 2, 29), 2025) == date(2025, 2, 28)
