"""Two versions side by side say when each was written; a tablet's clock is believed where it can be right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.judging import shown
from tests.fixtures.makers import NOW
from tests.judging.conftest import Hall, save


@pytest.mark.parametrize(
    ("off", "believed"),
    [
        (timedelta(hours=-5), True),  # waited for a line
        (timedelta(days=-29), True),
        (timedelta(minutes=4), True),
        (timedelta(minutes=6), False),  # written after it was stored
        (timedelta(days=3650), False),
        (timedelta(days=-3650), False),
    ],
)
def test_a_rival_is_dated_by_the_tablet_where_that_can_be(hall: Hall, off: timedelta, believed: bool) -> None:
    version = save(hall.sheet, hall.judge(2), client_at=NOW + off).version

    [rival] = shown.rival_rows([version], hall.sheet, ())

    assert rival.at == (NOW + off if believed else NOW)
