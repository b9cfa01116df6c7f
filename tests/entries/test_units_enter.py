"""A unit's contact enters for the unit, and sees its own subtree and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry
from contest.rules.permissions import Role
from tests.entries import kit


@pytest.fixture
def tree(make_unit: Callable[..., Any]) -> dict[str, Any]:
    district = make_unit("Huyện Na Hang")
    return {
        "district": district,
        "commune": make_unit("Xã Năng Khả", parent=district),
        "other": make_unit("Huyện Lâm Bình"),
    }


@pytest.fixture
def contact(
    tree: dict[str, Any], make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]
) -> FlaskClient:
    return sign_in(make_account("Đầu mối", Role.UNIT_CONTACT, unit=tree["district"]))


def test_a_contact_enters_for_the_unit(
    make_contest: Callable[..., Contest], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest(open_to_public=False)
    entry = kit.begin(contact, contest, unit_id=str(tree["district"].id), channel="unit")
    kit.write(contact, entry)
    kit.sign(contact, entry, "Nông Thị Mây", unit_name="Huyện Lâm Bình")
    kit.promise(contact, entry)

    answer = kit.hand_in(contact, entry)

    assert answer.status_code == 302
    db.session.expire_all()
    assert (entry.channel, entry.unit_id, entry.state) == ("unit", tree["district"].id, "submitted")
    assert (entry.authors[0].full_name, entry.authors[0].account_id) == ("Nông Thị Mây", None)


def test_a_paper_entry_of_a_unit_needs_no_text(
    make_contest: Callable[..., Contest], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest(min_words=500)
    entry = kit.begin(contact, contest, unit_id=str(tree["district"].id), channel="paper")
    kit.write(contact, entry, text="")
    kit.sign(contact, entry, "Nông Thị Mây")
    kit.promise(contact, entry)

    assert kit.hand_in(contact, entry).status_code == 302


def test_a_contact_sees_the_own_subtree_only(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest()
    for unit in ("commune", "other"):
        make_entry(contest, title=f"Bài của {tree[unit].name}", unit_id=tree[unit].id, unit_name=tree[unit].name)
    make_entry(contest, title="Nháp của người khác", state="draft", unit_id=tree["commune"].id)

    page = contact.get(f"/cuoc-thi/{contest.slug}/bai-cua-don-vi").text

    assert "Bài của Xã Năng Khả" in page
    assert "Bài của Huyện Lâm Bình" not in page and "Nháp của người khác" not in page


def test_a_contact_cannot_enter_for_another_unit(
    make_contest: Callable[..., Contest], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest(open_to_public=False)

    contact.post(f"/cuoc-thi/{contest.slug}/du-thi", data={"unit_id": str(tree["other"].id)})

    assert db.session.query(Entry).count() == 0


def test_two_contacts_of_a_unit_share_its_entries_but_not_a_persons_own(
    make_contest: Callable[..., Contest], contact: FlaskClient, tree: dict[str, Any],
    make_entry: Callable[..., Entry], make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    contest = make_contest()
    shared = kit.begin(contact, contest, unit_id=str(tree["district"].id), channel="unit")
    own = make_entry(contest, unit_id=tree["district"].id)
    colleague = sign_in(make_account("Đồng nghiệp", Role.UNIT_CONTACT, unit=tree["district"]))
    stranger = sign_in(make_account("Huyện khác", Role.UNIT_CONTACT, unit=tree["other"]))

    assert colleague.get(f"/bai/{shared.public_id}/tac-pham").status_code == 200
    assert colleague.get(f"/bai/{own.public_id}").status_code == 404
    assert stranger.get(f"/bai/{shared.public_id}/tac-pham").status_code == 404


def test_the_limit_per_unit_holds_at_handing_in(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest(max_per_unit=1)
    make_entry(contest, unit_id=tree["district"].id)
    entry = kit.begin(contact, contest, unit_id=str(tree["district"].id), channel="unit")
    kit.write(contact, entry)
    kit.sign(contact, entry, "Nông Thị Mây")
    kit.promise(contact, entry)

    answer = kit.hand_in(contact, entry)

    assert answer.status_code == 422
    assert "Đơn vị đã gửi đủ 1 bài." in answer.text


def test_the_units_list_costs_the_same_for_many(
    make_contest: Callable[..., Contest], make_entry: Callable[..., Entry], contact: FlaskClient, tree: dict[str, Any]
) -> None:
    contest = make_contest()
    costs = []
    for count in (1, 12):
        for _ in range(count):
            make_entry(contest, unit_id=tree["commune"].id)
        with kit.Statements() as spent:
            contact.get(f"/cuoc-thi/{contest.slug}/bai-cua-don-vi")
        costs.append(spent.count)

    assert costs[0] == costs[1]
