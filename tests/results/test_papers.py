"""What the minutes say of the jury's talk."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.db import db
from contest.judging.discussion_models import Discussion
from contest.results import papers
from tests.fixtures.makers import NOW, RULES


@pytest.mark.parametrize(
    ("after", "conclusion", "said"),
    (
        (
            {"J1": ("b", "90.5"), "J2": ("a", "88")},
            "Ghi nhận.",
            "Bài 1111, ngày 10/09/2024: J1 từ 88 thành 90,5; J2 giữ nguyên 88. Kết luận: Ghi nhận.",
        ),
        ({"J2": ("a", "88")}, "", "Bài 1111, ngày 10/09/2024: J1 88, sau đó không chấm nữa; J2 giữ nguyên 88."),
    ),
)
def test_each_discussion_is_a_sentence(marked: Any, after: Any, conclusion: str, said: str) -> None:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["deliberation"] = {"mode": "discussion", "shows": "key"}
    made = marked(rules=rules)
    head = made.sheets[0].panel_member.account_id
    db.session.add(
        Discussion(
            round_entry_id=made.sheets[0].round_entry_id, opened_by_id=head, opened_at=NOW, reason="Xa nhau",
            before={f"J{n}": {"sheet": n, "version": "a", "total": "88"} for n in (1, 2)},
            after={key: {"sheet": 0, "version": version, "total": total} for key, (version, total) in after.items()},
            ended_by_id=head, ended_at=NOW, conclusion=conclusion,
        )
    )  # fmt: skip
    db.session.commit()

    assert papers.discussed(made.round) == [said]
