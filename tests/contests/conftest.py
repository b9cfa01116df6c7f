"""A contest being set up, and its organiser signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests.models import Contest
from contest.contests.templates_data import TWO_ROUNDS
from contest.db import utcnow
from contest.rules.permissions import Role

Make = Callable[..., Any]


@pytest.fixture
def draft(make_contest: Make) -> Contest:
    """A contest of two rounds, not announced, its rules not frozen."""
    return make_contest(  # type: ignore[no-any-return]
        rules=TWO_ROUNDS, frozen=False, state="draft", announced_at=None, contact="Ban Dân vận", about="Gương tốt.",
        rules_text="# Mục đích\n\nHạn nộp: {{han-nop}}", opens_at=utcnow() + timedelta(days=2),
    )  # fmt: skip


@pytest.fixture
def organiser(draft: Contest, make_account: Make, sign_in: Make) -> FlaskClient:
    return sign_in(make_account("Lê Thị Thu", Role.ORGANISER, contest=draft))  # type: ignore[no-any-return]
