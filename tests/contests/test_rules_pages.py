"""The draft of a rule set in the browser: editing, refusing in words, the next number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.contests import queries, words_rules
from contest.contests.models import Contest, RuleSet
from contest.contests.templates_data import TWO_ROUNDS
from contest.db import db, utcnow
from contest.rules.permissions import Role

Make = Callable[..., Any]


def _at(contest: Contest, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}{tail}"


def _round_form(**fields: Any) -> dict[str, Any]:
    made = {
        "judges_per_entry": "2", "average": "mean", "of": "total", "drop_high": "0", "drop_low": "0",
        "drop_needs": "5", "round_panel": "2", "round_weighted": "", "round_round": "", "third": "y", "gap": "15",
        "stands": "third", "advance_count": "20", "advance_min": "62,5", "ties-0": "criterion:so-khao/noi-dung",
        "criteria-0-key": "noi-dung", "criteria-0-name": "Ý nghĩa", "criteria-0-max": "60", "criteria-0-step": "0,25",
        "criteria-0-weight": "1", "criteria-1-name": "Văn phong", "criteria-1-max": "40", "criteria-1-step": "0.5",
    }  # fmt: skip
    return {**made, **fields}


def test_a_round_of_the_draft_is_edited(draft: Contest, organiser: FlaskClient) -> None:
    assert organiser.post(_at(draft, "/quy-che/vong/so-khao"), data=_round_form()).status_code == 302

    item = queries.rules_in_force(draft).body["rounds"][0]
    assert [(entry["key"], entry["name"], entry["max"], entry["step"]) for entry in item["criteria"]] == [
        ("noi-dung", "Ý nghĩa", "60", "0.25"), ("van-phong", "Văn phong", "40", "0.5"),
    ]  # fmt: skip
    assert item["third_marker"] == {"gap": "15", "stands": "third"}
    assert item["advance"] == {"count": 20, "min_total": "62.5"}
    assert "deliberation" not in item


def test_a_discussion_is_part_of_the_rules_where_the_organiser_wants_it(draft: Contest, organiser: FlaskClient) -> None:
    wanted = {"talks": "discussion", "shows": "name", "third": ""}

    assert organiser.post(_at(draft, "/quy-che/vong/so-khao"), data=_round_form(**wanted)).status_code == 302
    assert queries.rules_in_force(draft).body["rounds"][0]["deliberation"] == {"mode": "discussion", "shows": "name"}
    assert "Trưởng ban có thể mở thảo luận từng bài" in organiser.get(_at(draft, "/quy-che/vong/so-khao")).text
    shown = re.search(r"<input[^>]*value=\"discussion\"[^>]*>", organiser.get(_at(draft, "/quy-che/vong/so-khao")).text)
    assert shown is not None and "checked" in shown.group()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"criteria-0-step": "0,7"},
            "tiêu chí Ý nghĩa, bước điểm: bước 0,7 không cho được điểm tối đa 60.",
        ),
        ({"judges_per_entry": "3"}, "chỉ dùng khi mỗi bài có đúng 2 giám khảo; hiện là 3."),
        ({"severity": "y"}, "không dùng cùng người chấm thứ ba; hãy chọn một trong hai."),
        ({"advance_min": "101"}, "101 cao hơn mức cao nhất có thể đạt là 100."),
        ({"average": "tolerance"}, "Vòng Sơ khảo, cách lấy điểm chung, mức lệch cho phép: còn thiếu."),
        ({"criteria-0-name": "", "criteria-1-name": ""}, "các tiêu chí: cần ít nhất một dòng."),
    ],
)
def test_an_unsound_round_is_refused_in_words(
    draft: Contest, organiser: FlaskClient, change: dict[str, str], said: str
) -> None:
    answer = organiser.post(_at(draft, "/quy-che/vong/so-khao"), data=_round_form(**change))

    assert (answer.status_code, said in answer.text) == (422, True)
    assert queries.rules_in_force(draft).body == TWO_ROUNDS


def test_correcting_severity_is_offered_explained_and_told(draft: Contest, organiser: FlaskClient) -> None:
    page = organiser.get(_at(draft, "/quy-che/vong/so-khao")).text
    assert "Cần ít nhất 3 giám khảo, và mỗi người, mỗi nhóm phải có ít nhất 10 bài chấm chung" in page
    fields = _round_form(severity="y")
    del fields["third"]

    assert organiser.post(_at(draft, "/quy-che/vong/so-khao"), data=fields).status_code == 302

    item = queries.rules_in_force(draft).body["rounds"][0]
    assert (item["severity"], "third_marker" in item) == ("additive", False)
    assert "hiệu chỉnh theo mức chặt, rộng của từng giám khảo" in organiser.get(_at(draft, "/quy-che")).text
    assert "hiệu chỉnh theo mức chặt, rộng của từng giám khảo" in words_rules.rounds_text(
        {**TWO_ROUNDS, "rounds": [item]}
    )
    again = organiser.get(_at(draft, "/quy-che/vong/so-khao")).text
    assert re.search(r'<input[^>]*name="severity"[^>]*checked|<input[^>]*checked[^>]*name="severity"', again)


def test_a_line_is_added_without_saving(draft: Contest, organiser: FlaskClient) -> None:
    answer = organiser.post(_at(draft, "/quy-che/vong/so-khao"), data=_round_form(add="1"))

    assert (answer.status_code, 'name="criteria-2-name"' in answer.text) == (200, True)
    assert queries.rules_in_force(draft).body == TWO_ROUNDS


def test_rounds_and_prizes_of_the_draft_are_edited(draft: Contest, organiser: FlaskClient) -> None:
    total = {
        "rounds-0-key": "so-khao", "rounds-0-name": "Sơ khảo", "rounds-0-weight": "1", "rounds-1-key": "chung-khao",
        "rounds-1-name": "Chung kết", "rounds-1-weight": "1", "combine": "last", "rounding": "2", "pools": "category",
        "ties-0": "round:so-khao", "ties-1": "lot",
    }  # fmt: skip
    prizes = {
        "prizes-0-key": "nhat", "prizes-0-name": "Giải Nhất", "prizes-0-count": "1", "prizes-0-min_total": "90",
        "prizes-1-name": "Giải Nhì", "prizes-1-count": "2", "prizes-1-min_total": "80", "others-0-name": "Tập thể",
    }  # fmt: skip

    assert organiser.post(_at(draft, "/quy-che/cach-tinh"), data=total).status_code == 302
    assert organiser.post(_at(draft, "/quy-che/giai-thuong"), data=prizes).status_code == 302

    db.session.expire_all()
    body = queries.rules_in_force(draft).body
    assert [item.name for item in draft.rounds] == ["Sơ khảo", "Chung kết"]
    assert (body["pools"], body["tiebreaks"]) == ("category", ["round:so-khao", "lot"])
    assert [prize["key"] for prize in body["prizes"]] == ["nhat", "giai-nhi"]
    assert body["other_prizes"] == [{"key": "tap-the", "name": "Tập thể", "count": 1, "value": ""}]


def test_all_rounds_taken_away_is_refused(draft: Contest, organiser: FlaskClient) -> None:
    answer = organiser.post(
        _at(draft, "/quy-che/cach-tinh"), data={"combine": "last", "rounding": "2", "pools": "none"}
    )

    assert (answer.status_code, "Các vòng: cần ít nhất một dòng." in answer.text) == (422, True)


def _seen(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert found
    return found[1]


@pytest.fixture
def drafted(make_contest: Make, make_account: Make, sign_in: Make) -> Make:
    """drafted() -> (a contest with a new draft beside its rules in force, its organiser)."""

    def make() -> tuple[Contest, FlaskClient]:
        contest = make_contest(rules=TWO_ROUNDS)
        organiser = sign_in(make_account("Lê Thị Thu", Role.ORGANISER, contest=contest))
        organiser.post(_at(contest, "/quy-che/so-moi"))
        organiser.post(_at(contest, "/quy-che/vong/so-khao"), data=_round_form())
        return contest, organiser

    return make


def test_a_draft_changed_since_it_was_looked_at_is_shown_again(
    make_contest: Make, make_account: Make, sign_in: Make
) -> None:
    """Two organisers: what one agrees to is what that one saw."""
    contest = make_contest(rules=TWO_ROUNDS)
    one, other = (sign_in(make_account(name, Role.ORGANISER, contest=contest)) for name in ("Thu", "Bình"))
    one.post(_at(contest, "/quy-che/so-moi"))
    seen = _seen(one.get(_at(contest, "/quy-che/ap-dung")).text)
    other.post(_at(contest, "/quy-che/vong/so-khao"), data=_round_form())

    answer = one.post(_at(contest, "/quy-che/ap-dung"), data={"reason": "Theo góp ý", "seen": seen})

    assert answer.status_code == 422
    assert "Bản nháp vừa được sửa sau khi trang này mở ra." in answer.text
    assert "Nội dung → Ý nghĩa" in answer.text and "Theo góp ý" in answer.text
    assert queries.rules_in_force(contest).number == 1
    data = {"reason": "Theo góp ý", "seen": _seen(answer.text)}
    assert one.post(_at(contest, "/quy-che/ap-dung"), data=data).status_code == 302
    # Pressed twice: in force already.
    assert one.post(_at(contest, "/quy-che/ap-dung"), data=data).status_code == 302
    db.session.expire_all()
    assert queries.rules_in_force(contest).number == 2


def test_rules_do_not_change_once_results_are_published(drafted: Make) -> None:
    contest, organiser = drafted()
    seen = _seen(organiser.get(_at(contest, "/quy-che/ap-dung")).text)
    contest.results_published_at = utcnow()
    db.session.commit()

    answer = organiser.post(_at(contest, "/quy-che/ap-dung"), data={"reason": "Theo góp ý", "seen": seen})

    db.session.expire_all()
    assert answer.status_code == 422 and "Kết quả cuộc thi đã công bố" in answer.text
    assert queries.rules_in_force(contest).number == 1


def test_the_page_says_whose_confirmation_is_taken_back(drafted: Make) -> None:
    contest, organiser = drafted()
    said = "Sơ khảo đã được xác nhận theo quy chế cũ."
    assert said not in organiser.get(_at(contest, "/quy-che/ap-dung")).text
    for round_ in contest.rounds:
        round_.state = "confirmed"
    db.session.commit()

    assert said in organiser.get(_at(contest, "/quy-che/ap-dung")).text


def test_a_frozen_rule_set_is_followed_by_a_number_with_a_reason(
    make_contest: Make, make_account: Make, sign_in: Make
) -> None:
    contest = make_contest(rules=TWO_ROUNDS)
    organiser = sign_in(make_account("Lê Thị Thu", Role.ORGANISER, contest=contest))

    assert organiser.get(_at(contest, "/quy-che/vong/so-khao")).status_code == 404
    assert organiser.post(_at(contest, "/quy-che/so-moi")).status_code == 302
    assert organiser.post(_at(contest, "/quy-che/vong/so-khao"), data=_round_form()).status_code == 302
    asked = organiser.get(_at(contest, "/quy-che/ap-dung")).text
    assert "Vòng Sơ khảo, tiêu chí Nội dung, tên: Nội dung → Ý nghĩa" in asked
    seen = _seen(asked)
    assert organiser.post(_at(contest, "/quy-che/ap-dung"), data={"reason": "", "seen": seen}).status_code == 422
    data = {"reason": "Theo góp ý", "seen": seen}
    assert organiser.post(_at(contest, "/quy-che/ap-dung"), data=data).status_code == 302

    numbers = db.session.query(RuleSet).filter_by(contest_id=contest.id).order_by(RuleSet.number)
    assert [(item.number, item.reason, item.frozen_at is not None) for item in numbers] == [
        (1, "", True), (2, "Theo góp ý", True),
    ]  # fmt: skip
    assert "Theo góp ý" in organiser.get(_at(contest, "/quy-che/2")).text
