"""Who writes and who receives, for the tests of entries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.rules.permissions import Role


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def desk(contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest))


@pytest.fixture
def author(make_account: Callable[..., Account]) -> Account:
    return make_account("Hoàng Văn Páo", email="pao@example.vn")


@pytest.fixture
def person(make_account: Callable[..., Account]) -> Account:
    return make_account("Hoàng Văn Páo", email="pao@example.vn", phone="84912345678")


@pytest.fixture
def pen(person: Account, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(person)
