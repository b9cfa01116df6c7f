"""The report of a panel in words, bars and lines: values in, texts out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from contest.results import agreement_words as words
from contest.results.agreement_queries import Report
from contest.results.agreement_shown import Page, agreement_page
from contest.results.agreement_words import Names
from contest.rules.agreement import agreement
from contest.rules.agreement_figures import Lacking
from contest.rules.bundle import parse_bundle
from tests.rules.bundles import Raw, a_round, one_round

NAMES = Names("r", {("r", "J3"): "Nông Minh Huệ"}, {"r": "Sơ khảo", "so-khao": "Sơ khảo"})
# Four judges who see the entries alike, the third of them ten points below.
SEVERE = {key: f"{n} {n + 1} {n - 10} {n}" for n, key in zip(range(40, 90, 5), "ABCDEFGHIK", strict=True)}
# Two entries so close that J1 alone has B first.
CLOSE = {"A": "70 70 70 70", "B": "80 68 68 68", "C": "50 51 50 52", "D": "30 31 29 30"}
PRIZES = [{"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": None},
          {"key": "nhi", "name": "Giải Nhì", "count": 1, "min_total": None}]  # fmt: skip


@pytest.fixture(autouse=True)
def in_vietnamese(app: Flask) -> Any:
    with app.test_request_context():
        yield


def page_of(raw: Raw, greatest: str | None = "100") -> Page:
    for prize in (prizes := raw["rules"].get("prizes", [])):
        prize.pop("value", None)
    found = agreement(parse_bundle(raw))
    report = Report(
        panel=found["rounds"]["r"], places=found["places"], whole=True,
        greatest=None if greatest is None else Decimal(greatest),
        prizes=tuple((prize["key"], prize["name"]) for prize in prizes),
        pools={entry["key"]: entry.get("pool") for entry in raw["entries"]},
    )  # fmt: skip
    return agreement_page(report, NAMES)


def with_prizes(table: dict[str, str]) -> Raw:
    return one_round(table, a_round(max="100"), prizes=[dict(prize) for prize in PRIZES])


def test_a_judge_who_stands_apart_is_the_first_answer_and_the_first_bar() -> None:
    shown = page_of(with_prizes(SEVERE))

    assert (shown.judges.kind, shown.judges.text) == ("warn", "Có: J3 Nông Minh Huệ (chặt hơn hẳn).")
    assert (
        shown.flags[0]
        == "J3 Nông Minh Huệ chấm chặt hơn hẳn: −7,75 điểm so với trung bình của Ban, những người khác quanh +2,25."
    )
    assert [bar.judge for bar in shown.bars] == ["J3", "J1", "J2", "J4"]
    assert [bar.side for bar in shown.bars] == ["severe", "lenient", "lenient", "lenient"]


def test_bars_stand_left_and_right_of_nought_to_one_scale() -> None:
    bars = {bar.judge: bar for bar in page_of(with_prizes(SEVERE)).bars}

    assert (bars["J3"].x, bars["J3"].width, bars["J3"].severity) == ("0.00", "100.00", "−7,75")
    assert (bars["J1"].x, bars["J1"].width, bars["J1"].severity) == ("100.00", "29.03", "+2,25")


def test_the_limit_is_drawn_where_the_flag_begins() -> None:
    calm = {key: f"{n} {n + 1} {n}" for n, key in zip(range(40, 90, 5), "ABCDEFGHIK", strict=True)}

    shown, endless = page_of(with_prizes(calm)), page_of(one_round(calm), greatest=None)

    assert (shown.limit, shown.limit_x) == ("5", ["20.00", "180.00"])
    assert (shown.judges.kind, shown.judges.text) == ("ok", "Không thấy giám khảo nào lệch hẳn.")
    assert (endless.limit, endless.limit_x) == ("", [])


@pytest.mark.parametrize(
    ("table", "kind"),
    [({"A": "8"}, "neutral"), ({"A": "8 7"}, "neutral"), ({"A": "8 7 7", "B": "5 6 6"}, "neutral"), ({}, "neutral")],
)
def test_too_few_marks_give_no_all_clear(table: dict[str, str], kind: str) -> None:
    shown = page_of(one_round(table))

    assert (shown.judges.kind, shown.judges.text) == (kind, "Chưa đủ số liệu để nói.")


def test_a_line_is_fragile_where_one_judge_less_would_move_it() -> None:
    shown = page_of(with_prizes(CLOSE))

    first, second = shown.lines
    assert (first.name, first.fragile) == ("Giải Nhất", True)
    assert (second.name, second.fragile) == ("Giải Nhì trở lên", False)
    assert [(near.entry, near.inside, near.judges) for near in first.doubtful] == [
        ("B", True, "J1"),
        ("A", False, "J1"),
    ]
    assert shown.prizes.text == "Mong manh: Giải Nhất."


def test_what_would_change_without_a_judge_is_named() -> None:
    rows = {row.judge: row for row in page_of(with_prizes(CLOSE)).without}

    assert rows["J1"].changes == ["B: Giải Nhất → Giải Nhì", "A: Giải Nhì → Giải Nhất"]
    assert (rows["J1"].moved, rows["J1"].farthest) == (2, "B: hạng 1 → 2")
    assert (rows["J2"].changes, rows["J2"].farthest) == ([], "")


def test_where_nothing_hangs_on_a_judge_the_lines_are_firm() -> None:
    shown = page_of(with_prizes({"A": "90 91 90", "B": "70 70 71", "C": "40 41 40"}))

    assert (shown.prizes.kind, shown.prizes.text) == ("ok", "Không có ranh giới nào mong manh.")
    assert [line.fragile for line in shown.lines] == [False, False]


def test_two_judges_are_too_few_for_lines_and_the_page_says_so() -> None:
    shown = page_of(with_prizes({"A": "90 91", "B": "70 70", "C": "40 41"}))

    assert (shown.prizes.text, shown.prizes.more) == ("Không tính được.", "Cần ít nhất ba giám khảo.")


def test_rules_without_prizes_have_no_lines() -> None:
    shown = page_of(one_round({"A": "90 91 90", "B": "70 70 71"}))

    assert shown.prizes.more == "Quy chế không có giải và không chọn bài vào vòng sau."


def test_pairs_least_alike_come_first_and_those_without_a_figure_last() -> None:
    shown = page_of(one_round({"A": "1 2 3 -", "B": "2 3 2 -", "C": "3 5 1 7"}))

    assert [row.judges for row in shown.pairs] == ["J1 – J3", "J2 – J3", "J1 – J2", "J1 – J4", "J2 – J4", "J3 – J4"]
    assert [row.note for row in shown.pairs[2:4]] == ["", "Chấm chung ít hơn hai bài."]


@pytest.mark.parametrize("table", [{}, {"A": "8"}, {"A": "8 7"}, {"A": "7 7", "B": "7 7"}, {"A": "8 -", "B": "- 7"}])
def test_every_figure_that_is_missing_says_why(table: dict[str, str]) -> None:
    shown = page_of(one_round(table))

    missing = [row for row in shown.readings if row.value == "–"]
    assert len(missing) == 5
    assert all(row.says.endswith(".") for row in missing)
    assert all(bar.missing for bar in shown.bars if bar.severity == "–")


@pytest.mark.parametrize("code", list(Lacking))
def test_every_reason_has_words(code: Lacking) -> None:
    for path in ("icc.3,k", "kendall_w", "more.alpha_interval_95", "more.pairs[0].correlation", "severity.J1"):
        assert words.lacking(path, code.value).endswith(".")


@pytest.mark.parametrize(
    ("value", "low", "said"),
    [
        ("0.800", None, "Khá thống nhất: "), ("0.799", None, "Thống nhất vừa phải: "),
        ("0.667", None, "Thống nhất vừa phải: "), ("0.666", None, "Chưa thống nhất: "),
        ("-0.2", None, "Chưa thống nhất: "),
    ],
)  # fmt: skip
def test_alpha_is_read_by_the_limits_of_krippendorff(value: str, low: str | None, said: str) -> None:
    assert words.read_alpha(Decimal(value), None).startswith(said)


@pytest.mark.parametrize(
    ("value", "low", "unsure"),
    [("0.85", "0.81", False), ("0.85", "0.79", True), ("0.75", "0.70", False), ("0.75", "0.60", True),
     ("0.5", "0.2", False)],
)  # fmt: skip
def test_an_interval_across_a_limit_is_said(value: str, low: str, unsure: bool) -> None:
    assert ("chưa chắc" in words.read_alpha(Decimal(value), Decimal(low))) == unsure


@pytest.mark.parametrize(
    ("value", "said"),
    [("0.901", "Rất tốt"), ("0.900", "Tốt"), ("0.750", "Tốt"), ("0.749", "Vừa phải"), ("0.500", "Vừa phải"),
     ("0.499", "Kém"), ("-0.1", "Kém")],
)  # fmt: skip
def test_icc_is_read_by_the_limits_of_koo_and_li(value: str, said: str) -> None:
    assert words.read_icc(Decimal(value)).startswith(f"{said} theo Koo và Li (2016)")


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ({"code": "lenient", "judge": "J1", "severity": "6.000", "others": "-1.500"}, "rộng hơn hẳn: +6,00"),
        ({"code": "judges_differ", "judges": ["J1", "J2"], "difference": "6.500"}, "chênh nhau trung bình 6,50"),
        ({"code": "against_panel", "judge": "J1", "correlation": "-0.412", "entries": 9}, "tương quan −0,412 trên 9"),
        ({"code": "apart_from_panel", "judge": "J1", "correlation": "0.100", "entries": 30}, "hầu như không theo"),
        ({"code": "no_spread", "judge": "J1", "entries": 5}, "cả 5 bài cùng một tổng điểm"),
        ({"code": "narrow", "judge": "J1", "spread": "1.000", "others": "9.000"}, "độ trải 1,00 điểm"),
        ({"code": "same_marks", "judges": ["J1", "J2"], "entries": 8}, "bằng nhau ở cả 8 bài"),
        ({"code": "far_mark", "entry": "A", "judge": "J1", "difference": "-22.000"}, "J1 cách những người khác −22,00"),
        ({"code": "marks_apart", "entry": "A", "judges": ["J1", "J2"], "difference": "22.000"}, "J2 cách nhau 22,00"),
        ({"code": "low_agreement", "value": "0.512"}, "ICC(3,k) là 0,512"),
    ],
)  # fmt: skip
def test_flags_are_sentences_with_their_figures(flag: dict[str, Any], said: str) -> None:
    assert said in words.flag_text(flag, NAMES)


@pytest.mark.parametrize(
    ("share", "said"), [("0.000", "0 %"), ("0.001", "1 %"), ("0.345", "35 %"), ("0.999", "99 %"), ("1.000", "100 %")]
)
def test_only_what_always_or_never_happened_is_whole(share: str, said: str) -> None:
    assert words.percent(share) == said


@pytest.mark.parametrize(
    ("key", "said"),
    [("J3", "J3 Nông Minh Huệ"), ("J1", "J1"), ("third-J3", "J3 (chấm lần ba) Nông Minh Huệ"),
     ("so-khao/J1", "J1 · Sơ khảo"), ("r/third-J3", "J3 (chấm lần ba) Nông Minh Huệ")],
)  # fmt: skip
def test_judges_are_called_by_key_and_name(key: str, said: str) -> None:
    assert NAMES.full(key) == said


def test_judges_stand_in_the_order_people_count() -> None:
    assert sorted(["J10", "third-J1", "J2", "J1"], key=NAMES.order) == ["J1", "J2", "J10", "third-J1"]
