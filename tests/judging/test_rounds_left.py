"""An entry taken back after it was given out: nobody gets it any more, and nothing breaks over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import Hall


@pytest.mark.parametrize("act", ["J2/chuyen", "giam-khao-thu-ba"])
def test_an_entry_taken_back_is_given_to_nobody(
    hall: Hall, make_account: Any, sign_in: Callable[[Account], FlaskClient], act: str
) -> None:
    tally = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    hall.sheet.round_entry.withdrawn_at = NOW
    db.session.commit()

    answer = tally.post(f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/bai/0417/{act}", data={"to": "J1", "reason": "ốm"})

    assert answer.status_code == 404
