"""What the minutes say of the jury's talk."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contest.db import db
from contest.judging.discussion_models import Discussion
from contest.judging.joint_models import JointConsent
from contest.results import talk_wording
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

    assert talk_wording.discussed(made.round) == [said]


def test_joint_judging_is_told_with_who_signed_elsewhere_and_who_differed(marked: Any) -> None:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0] |= {"judges_per_entry": 1, "deliberation": {"mode": "joint", "shows": "key"}}
    made = marked(rules=rules)
    sheet, other = made.sheets[0], made.sheets[1]
    for row in made.sheets[1:]:
        db.session.delete(row)
    sheet.version_uuid = "u1"
    members = (sheet.panel_member, other.panel_member)
    for member, stance, note in zip(members, ("signed", "differs"), ("Không có máy", "Tôi cho 80 điểm."), strict=True):
        db.session.add(
            JointConsent(
                assignment_id=sheet.id, panel_member_id=member.id, version_uuid="u1", stance=stance, note=note,
                by_id=members[0].account_id, at=NOW,
            )
        )  # fmt: skip
    db.session.commit()
    first, second = (member.account.full_name for member in members)

    assert talk_wording.joint_remarks(made.round) == [f"Bài 1111: {first} ký trên giấy (Không có máy)."]
    assert talk_wording.joint_dissent(made.round) == [f"Bài 1111: {second} có ý kiến khác: Tôi cho 80 điểm."]
