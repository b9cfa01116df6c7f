"""Making, changing, announcing a contest; numbering its rules."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests import actions, actions_rules, drafting, queries
from contest.contests.models import Contest, RuleSet
from contest.contests.templates_data import TEMPLATES, TWO_ROUNDS
from contest.db import db
from contest.rules import rule_sets

Make = Callable[..., Any]
NOW = datetime(2024, 5, 2, 3, 0, tzinfo=UTC)
DATES = {
    "opens_at": NOW + timedelta(days=1),
    "closes_at": NOW + timedelta(days=60),
    "closes_kind": "by",
    "closes_wording": "chậm nhất ngày 30/6/2024",
}


@pytest.fixture
def organiser(make_account: Make) -> Account:
    return make_account("Lê Thị Thu")  # type: ignore[no-any-return]


@pytest.fixture
def fresh(make_campaign: Make, organiser: Account) -> Contest:
    """A contest just made from the two-round template."""
    return actions.create_contest(
        make_campaign(),
        TEMPLATES[0],
        name="Cuộc thi viết về “Dân vận khéo” năm 2024",
        level_name="cấp tỉnh",
        contact="Ban Dân vận",
        dates=DATES,
        actor=organiser,
        now=NOW,
    )


def _trail(contest: Contest) -> list[str]:
    events = db.session.query(AuditEvent).filter_by(contest_id=contest.id).order_by(AuditEvent.seq)
    return [event.action for event in events]


def test_a_new_contest_can_be_announced_as_it_is(fresh: Contest, organiser: Account) -> None:
    actions.announce(fresh, actor=organiser, now=NOW)

    assert (fresh.state, fresh.announced_at) == ("announced", NOW)
    assert [item.key for item in fresh.rounds] == ["so-khao", "chung-khao"]
    assert [item.name for item in fresh.categories] == ["Người tốt, việc tốt", "Mô hình, cách làm hay"]
    assert fresh.slug == "cuoc-thi-viet-ve-dan-van-kheo-nam-2024"
    assert _trail(fresh) == ["contests.create", "contests.announce"]


def test_the_text_of_a_new_contest_says_what_its_settings_are(fresh: Contest) -> None:
    assert "{{" not in fresh.rules_html
    limits = ("chậm nhất ngày 30/6/2024", "từ đủ 15 tuổi", "từ 500 đến 3.000 chữ")
    for said in (*limits, "Giải Khuyến khích", "lệch nhau từ 20 điểm"):
        assert said in fresh.rules_html


def test_a_second_contest_of_the_same_name_gets_an_address_of_its_own(fresh: Contest, organiser: Account) -> None:
    other = actions.create_contest(
        fresh.campaign, TEMPLATES[1], name=fresh.name, level_name="", contact="", dates=DATES, actor=organiser, now=NOW
    )

    assert other.slug == f"{fresh.slug}-2"


def test_two_contests_from_one_template_share_nothing(fresh: Contest, organiser: Account) -> None:
    body = copy.deepcopy(queries.rules_in_force(fresh).body)
    body["rounds"][0]["criteria"][0]["name"] = "Khác"
    actions_rules.save_draft(fresh, body, actor=organiser, now=NOW)

    assert TWO_ROUNDS["rounds"][0]["criteria"][0]["name"] == "Nội dung"


def test_a_change_raises_the_version_and_is_recorded_with_what_was(fresh: Contest, organiser: Account) -> None:
    before = fresh.version, fresh.campaign.version

    changed = actions.change_contest(fresh, {"max_words": 2500, "min_age": 15}, part="limits", actor=organiser, now=NOW)

    assert changed == ["max_words"]
    assert (fresh.version, fresh.campaign.version) == (before[0] + 1, before[1] + 1)
    assert "2.500 chữ" in fresh.rules_html
    event = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert event is not None
    assert (event.action, event.details) == ("contests.change_limits", {"max_words": [3000, 2500]})


def test_a_change_of_nothing_leaves_no_trace(fresh: Contest, organiser: Account) -> None:
    before = fresh.version

    assert actions.change_contest(fresh, {"min_age": 15}, part="limits", actor=organiser, now=NOW) == []
    assert (fresh.version, _trail(fresh)) == (before, ["contests.create"])


def test_what_is_missing_keeps_it_from_being_announced(fresh: Contest, organiser: Account) -> None:
    actions.change_contest(
        fresh, {"contact": "", "rules_text": "{{hạn-nộp}}", "closes_at": None}, part="x", actor=organiser, now=NOW
    )

    with pytest.raises(actions.NotReady) as refused:
        actions.announce(fresh, actor=organiser, now=NOW)

    assert refused.value.missing == ["contact", "places", "dates"]
    assert fresh.state == "draft"


def test_a_contest_whose_deadline_is_over_is_not_announced(fresh: Contest, organiser: Account) -> None:
    with pytest.raises(actions.NotReady) as refused:
        actions.announce(fresh, actor=organiser, now=NOW + timedelta(days=61))

    assert refused.value.missing == ["not_over"]


def test_an_announcement_is_taken_back_only_before_entries_are_taken(fresh: Contest, organiser: Account) -> None:
    actions.announce(fresh, actor=organiser, now=NOW)

    with pytest.raises(actions.AlreadyOpen):
        actions.withdraw_announcement(fresh, actor=organiser, now=DATES["opens_at"])
    actions.withdraw_announcement(fresh, actor=organiser, now=NOW)

    assert (fresh.state, fresh.announced_at) == ("draft", None)


def test_a_renamed_category_stays_the_same_category(fresh: Contest, organiser: Account) -> None:
    first, second = fresh.categories

    actions.set_categories(
        fresh, [(second.key, "Mô hình"), (first.key, first.name), ("", "Phóng sự")], actor=organiser, now=NOW
    )

    assert [(item.key, item.name) for item in fresh.categories] == [
        ("mo-hinh", "Mô hình"), ("nguoi-tot-viec-tot", "Người tốt, việc tốt"), ("phong-su", "Phóng sự"),
    ]  # fmt: skip
    assert fresh.categories[0].id == second.id


def test_a_category_with_entries_is_not_left_out(make_contest: Make, make_entry: Make, organiser: Account) -> None:
    contest = make_contest()
    make_entry(contest)

    with pytest.raises(actions.CategoryInUse) as refused:
        actions.set_categories(contest, [("", "Khác")], actor=organiser, now=NOW)

    assert refused.value.names == {"chung": "Người tốt, việc tốt"}


def test_freezing_is_done_once(fresh: Contest, organiser: Account) -> None:
    first = actions.freeze_rules(fresh, actor=organiser, now=NOW)
    again = actions.freeze_rules(fresh, actor=organiser, now=NOW + timedelta(hours=1))

    assert (first.id, first.frozen_at) == (again.id, NOW)
    assert first.sha256 == actions_rules.body_sha256(first.body)
    assert _trail(fresh).count("contests.freeze_rules") == 1


def test_frozen_rules_are_not_edited_but_followed(fresh: Contest, organiser: Account) -> None:
    frozen = actions.freeze_rules(fresh, actor=organiser, now=NOW)
    body = copy.deepcopy(frozen.body)
    body["rounds"][0]["advance"]["count"] = 40
    with pytest.raises(actions_rules.RulesFrozen):
        actions_rules.save_draft(fresh, body, actor=organiser, now=NOW)

    draft = actions_rules.start_number(fresh, actor=organiser, now=NOW)
    assert actions_rules.start_number(fresh, actor=organiser, now=NOW) is draft
    actions_rules.save_draft(fresh, body, actor=organiser, now=NOW)

    assert queries.rules_in_force(fresh).number == 1
    assert actions.freeze_rules(fresh, actor=organiser, now=NOW).number == 1
    seen = actions_rules.body_sha256(body)
    with pytest.raises(actions_rules.DraftChanged):
        actions_rules.enforce(
            fresh, seen=actions_rules.body_sha256(frozen.body), reason="Nhiều bài", actor=organiser, now=NOW
        )
    with pytest.raises(actions_rules.ReasonMissing):
        actions_rules.enforce(fresh, seen=seen, reason="  ", actor=organiser, now=NOW)
    actions_rules.enforce(fresh, seen=seen, reason="Nhiều bài tốt hơn dự kiến.", actor=organiser, now=NOW)
    assert queries.rules_in_force(fresh).number == 2
    assert "40 bài điểm cao nhất" in fresh.rules_html
    assert db.session.query(RuleSet).filter_by(contest_id=fresh.id, number=1).one().body["rounds"][0]["advance"] == {
        "count": 30, "min_total": "60",
    }  # fmt: skip


def test_an_unsound_draft_is_not_saved(fresh: Contest, organiser: Account) -> None:
    body = copy.deepcopy(queries.rules_in_force(fresh).body)
    body["tiebreaks"] = ["round:ban-ket"]

    with pytest.raises(actions_rules.RulesUnsound) as refused:
        actions_rules.save_draft(fresh, body, actor=organiser, now=NOW)

    assert [problem.code for problem in refused.value.problems] == ["unknown_tiebreak"]
    assert rule_sets.validate(queries.rules_in_force(fresh).body) == []


def test_a_draft_of_a_later_number_can_be_given_up_the_first_one_not(fresh: Contest, organiser: Account) -> None:
    actions_rules.drop_draft(fresh, actor=organiser, now=NOW)
    assert queries.rules_in_force(fresh).number == 1

    actions.freeze_rules(fresh, actor=organiser, now=NOW)
    actions_rules.start_number(fresh, actor=organiser, now=NOW)
    actions_rules.drop_draft(fresh, actor=organiser, now=NOW)

    assert [item.number for item in queries.rule_sets_of(fresh)] == [1]


def test_the_rounds_of_the_first_draft_are_the_contests_rounds(fresh: Contest, organiser: Account) -> None:
    body = drafting.with_rounds(
        queries.rules_in_force(fresh).body, [("", "Chấm thi", "1"), ("chung-khao", "Chung kết", "1")]
    )
    actions_rules.save_draft(fresh, body, actor=organiser, now=NOW)
    db.session.flush()
    db.session.expire_all()

    assert [(item.key, item.name, item.position) for item in fresh.rounds] == [
        ("cham-thi", "Chấm thi", 1), ("chung-khao", "Chung kết", 2),
    ]  # fmt: skip


def test_a_round_that_has_judges_is_not_left_out(make_contest: Make, make_panel: Make, organiser: Account) -> None:
    contest = make_contest(rules=copy.deepcopy(TWO_ROUNDS), frozen=False)
    make_panel(contest)
    body = drafting.with_rounds(contest.rule_sets[0].body, [("chung-khao", "Chung khảo", "1")])
    with pytest.raises(actions_rules.RoundBegun) as refused:
        actions_rules.save_draft(contest, body, actor=organiser, now=NOW)

    assert refused.value.name == "Sơ khảo"
