"""The preview of correcting severity on the page of agreement: what would change, or why nothing would."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from contest.db import db
from contest.results import agreement_queries, agreement_severity
from contest.results.agreement_queries import Report
from contest.results.agreement_severity import Preview, severity_preview
from contest.results.agreement_words import Names
from contest.rules.agreement import place_agreement
from contest.rules.bundle import parse_bundle
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.rules.bundles import Raw, a_round, one_round
from tests.rules.test_severity_effect import TABLE, asked

PRIZES = [{"key": "nhat", "name": "Giải Nhất", "count": 5}, {"key": "nhi", "name": "Giải Nhì", "count": 1}]
RAW = one_round(TABLE, prizes=PRIZES, advance={"count": 10})


@pytest.fixture
def in_vietnamese(app: Flask) -> Any:
    with app.test_request_context():
        yield


def preview(raw: Raw) -> Preview:
    report = Report(
        panel={}, places=place_agreement(parse_bundle(raw)), whole=False, greatest=Decimal(100),
        prizes=tuple((prize["key"], prize["name"]) for prize in PRIZES), pools={},
    )  # fmt: skip
    return severity_preview(report, Names("r", {("r", "J1"): "Nông Minh Huệ"}, {"r": "Sơ khảo"}))


def test_what_would_change_comes_first_where_a_prize_hangs_on_it(in_vietnamese: None) -> None:
    shown = preview(RAW)

    assert shown.text == (
        "Quy chế không hiệu chỉnh. Nếu áp dụng, các hạng sau thay đổi: 7 bài đổi hạng, 6 bài đổi giải, "
        "1 bài đổi kết quả vào vòng sau."
    )
    assert "không hạng nào tự đổi" in shown.more
    assert [(row.entry, row.said) for row in (*shown.rows[:2], *shown.rest)] == [
        ("X", "hạng 12 → 6; không giải → Giải Nhì; vào vòng sau"),
        ("C0", "hạng 6 → 7; Giải Nhì → không giải"),
        ("Y", "hạng 11 → 12"),
    ]
    assert [judge for judge, _points in shown.added] == ["J1 Nông Minh Huệ", "J2", "J3"]
    assert shown.added[0][1].startswith("+")


def test_where_the_rules_correct_the_result_is_the_other_column(in_vietnamese: None) -> None:
    plain, shown = preview(RAW), preview(asked(RAW))

    assert (shown.asked, shown.rows, shown.added) == (True, plain.rows, plain.added)
    assert shown.text.startswith("Quy chế có hiệu chỉnh. So với khi không hiệu chỉnh: 7 bài đổi hạng")
    assert "hạng có hiệu chỉnh, là hạng của kết quả" in shown.more


def test_what_moves_with_nothing_at_stake_is_folded(in_vietnamese: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(agreement_severity, "SHOWN", 2)

    shown, free = preview(RAW), preview(one_round(TABLE))

    # Six have a prize at stake, and stay in the open whatever their number.
    assert (len(shown.rows), len(shown.rest)) == (6, 1)
    assert ([row.entry for row in free.rows], len(free.rest)) == (["X", "C0"], 5)


FULL, FEW = one_round({"A": "5 6 7"}), one_round({"A": "5 6 -", "B": "5 - 6"})
EQUAL = one_round({f"E{number}": "5 5 -" if number % 2 else "5 - 5" for number in range(20)})
THIRD = one_round(TABLE, a_round(third={"gap": "9", "stands": "third"}))
SAME = "Không hiệu chỉnh, vì mọi giám khảo cùng chấm mọi bài, nên thứ hạng không phụ thuộc bài gặp ai."
SHORT = "J1, J2, J3 chấm chung với người khác ít hơn 10 bài"


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    (
        (FULL, "neutral", SAME),
        (asked(FULL), "neutral", SAME),
        (FEW, "neutral", f"Không hiệu chỉnh, vì {SHORT}."),
        (asked(FEW), "warn", f"Quy chế có hiệu chỉnh, nhưng không áp dụng được: {SHORT}. Điểm giữ nguyên."),
        (THIRD, "neutral", "Không hiệu chỉnh, vì quy chế có người chấm thứ ba."),
        (EQUAL, "info", "Quy chế không hiệu chỉnh. Nếu áp dụng, không bài nào đổi hạng."),
        (asked(EQUAL), "info", "Quy chế có hiệu chỉnh; so với khi không hiệu chỉnh, không bài nào đổi hạng."),
    ),
)
def test_nothing_to_see_is_said_with_its_reason(in_vietnamese: None, raw: Raw, kind: str, text: str) -> None:
    shown = preview(raw)

    assert (shown.kind, shown.text, shown.rows) == (kind, text, [])


@pytest.mark.parametrize(
    ("rule", "said"),
    (
        (False, "Quy chế không hiệu chỉnh. Nếu áp dụng, các hạng sau thay đổi: 7 bài đổi hạng"),
        (True, "Quy chế có hiệu chỉnh. So với khi không hiệu chỉnh: 7 bài đổi hạng"),
    ),
)
def test_the_page_draws_it(dealt: Any, make_account: Any, sign_in: Any, rule: bool, said: str) -> None:
    agreement_queries.forget()
    # X, dealt to the severe judge, and Y: the entries of test_severity_effect.
    contest = dealt(asked=rule, more=({0: "32", 1: "38"}, {1: "37", 2: "36"}))
    head = sign_in(make_account("Trưởng ban", Role.HEAD_JUDGE, contest=contest))

    page = head.get(f"/cuoc-thi/{contest.slug}/vong/so-khao/thong-nhat").get_data(as_text=True)

    assert "hạng 12 → 6" in page
    assert "J1 Giám khảo 1" in page
    assert said in page


@pytest.mark.parametrize(
    ("alone", "said"),
    (
        ((), "3 giám khảo, trong đó có 1 người mà nếu bớt riêng thì có bài đổi giải hoặc đổi kết quả vào vòng sau"),
        (({0: "1"},), "Không còn xếp hạng được"),
    ),
)
def test_one_line_says_what_hangs_on_single_judges(
    dealt: Any, make_account: Any, sign_in: Any, alone: tuple[dict[int, str], ...], said: str
) -> None:
    agreement_queries.forget()
    contest = dealt(more=alone)
    head = sign_in(make_account("Trưởng ban", Role.HEAD_JUDGE, contest=contest))

    page = head.get(f"/cuoc-thi/{contest.slug}/vong/so-khao/thong-nhat").get_data(as_text=True)

    assert said in page
    assert ("Không còn xếp hạng được" in page) is bool(alone)


@pytest.mark.parametrize(
    ("alone", "said"),
    (
        ((), "2 giám khảo, bớt ai cũng không đổi giải hay danh sách vào vòng sau"),
        ((0,), "2 giám khảo, trong đó có 1 người mà nếu bớt riêng thì có bài không còn xếp hạng được"),
    ),
)
def test_where_no_prize_hangs_on_anyone(
    marked: Any, make_entry: Any, make_assignment: Any, make_account: Any, sign_in: Any, alone: Any, said: str
) -> None:
    agreement_queries.forget()
    scene = marked()
    marks = {"noi-dung": "1", "hinh-thuc": "1", "sang-tao": "1"}
    for number in alone:
        member = scene.sheets[number].panel_member
        make_assignment(make_entry(scene.contest), member, code="0009", state="sent", sent_at=NOW, marks=marks)
    db.session.commit()
    head = sign_in(make_account("Trưởng ban", Role.HEAD_JUDGE, contest=scene.contest))

    page = head.get(f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/thong-nhat").get_data(as_text=True)

    assert said in page
