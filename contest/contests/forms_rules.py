"""The pages of a draft rule set: rounds, one round, the total, prizes. They make and read bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.contests import words_rules
from contest.contests.drafting import keyed_criteria
from contest.contests.forms import Row, options
from contest.web.forms import DecimalField, Form
from contest.web.language import lazy

TIES = 5
_PLACES = {
    "": "Không làm tròn",
    "0": "Số nguyên",
    "1": "1 chữ số thập phân",
    "2": "2 chữ số thập phân",
    "3": "3 chữ số thập phân",
}


def _plain(value: Decimal | None) -> str | None:
    """A number as a body holds it: "0.5", never "0.50"."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _places(text: str) -> int | None:
    return int(text) if text else None


def _from_places(places: int | None) -> str:
    return "" if places is None else str(places)


class CriterionRow(Row):
    key = HiddenField()
    name = StringField(lazy("Tiêu chí"), [Length(max=120)])
    max = DecimalField(lazy("Điểm tối đa"), [Optional()])
    step = DecimalField(lazy("Bước điểm"), [Optional()])
    weight = DecimalField(lazy("Hệ số"), [Optional()])
    guidance = TextAreaField(lazy("Gợi ý chấm"), [Length(max=1000)])


class TieFields(Form):
    """Up to five tie-breaks, in order; the choices are the rule set's own."""

    ties = FieldList(SelectField(lazy("Khi bằng điểm"), choices=[], validate_choice=False), max_entries=TIES)

    def offer_ties(self, choices: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Set what can be chosen; without input, show what is."""
        chosen = [] if self.is_submitted() else chosen
        while len(self.ties.entries) < TIES:
            at = len(self.ties.entries)
            self.ties.append_entry(chosen[at] if at < len(chosen) else "")
        for entry in self.ties.entries:
            entry.choices = options({"": "–", **choices})

    def chosen_ties(self) -> list[str]:
        return [entry.data for entry in self.ties.entries if entry.data]


class RoundForm(TieFields):
    """How one round is judged."""

    judges_per_entry = IntegerField(lazy("Số giám khảo chấm mỗi bài"), [InputRequired(), NumberRange(1, 50)])
    criteria = FieldList(FormField(CriterionRow))
    average = RadioField(lazy("Điểm chung của bài"), choices=options(words_rules.AVERAGE), default="mean")
    tolerance = DecimalField(lazy("Mức lệch cho phép so với trung bình"), [Optional()])
    of = RadioField(lazy("Thứ tự tính"), choices=options(words_rules.OF), default="total")
    drop_high = IntegerField(lazy("Bỏ mấy điểm cao nhất"), [InputRequired(), NumberRange(0, 50)])
    drop_low = IntegerField(lazy("Bỏ mấy điểm thấp nhất"), [InputRequired(), NumberRange(0, 50)])
    drop_needs = IntegerField(lazy("Chỉ bỏ khi có ít nhất mấy điểm"), [InputRequired(), NumberRange(1, 50)])
    round_panel = SelectField(lazy("Làm tròn điểm chung"), choices=options(_PLACES))
    round_weighted = SelectField(lazy("Làm tròn sau khi nhân hệ số tiêu chí"), choices=options(_PLACES))
    round_round = SelectField(lazy("Làm tròn điểm của vòng"), choices=options(_PLACES))
    third = BooleanField(lazy("Có người chấm thứ ba khi hai giám khảo lệch nhau nhiều"))
    gap = DecimalField(lazy("Lệch từ bao nhiêu điểm"), [Optional()])
    stands = RadioField(lazy("Điểm được lấy"), choices=options(words_rules.STANDS), default="third")
    severity = BooleanField(lazy("Hiệu chỉnh mức chặt, rộng của từng giám khảo"))
    talks = RadioField(lazy("Cách chấm của vòng"), choices=options(words_rules.TALKS), default="none")
    shows = RadioField(lazy("Khi thảo luận, phiếu của nhau ghi"), choices=options(words_rules.SHOWS), default="key")
    advance_count = IntegerField(lazy("Số bài vào vòng sau"), [Optional(), NumberRange(1, 100_000)])
    advance_min = DecimalField(lazy("Điểm tối thiểu để vào vòng sau"), [Optional()])

    def item(self, old: Mapping[str, Any], *, last: bool) -> dict[str, Any]:
        """The round of a body that the form describes. last: it has no round after it."""
        advance = {"count": self.advance_count.data, "min_total": _plain(self.advance_min.data)}
        tolerance = _plain(self.tolerance.data) if self.average.data == "tolerance" else None
        made = {
            "key": old["key"], "name": old["name"], "weight": old["weight"],
            "judges_per_entry": self.judges_per_entry.data,
            "criteria": keyed_criteria(self.criteria_items()),
            "panel": {
                "average": self.average.data, "drop_high": self.drop_high.data, "drop_low": self.drop_low.data,
                "drop_needs": self.drop_needs.data, "of": self.of.data,
                **({"tolerance": tolerance} if self.average.data == "tolerance" else {}),
            },
            "rounding": {
                "panel": _places(self.round_panel.data), "weighted": _places(self.round_weighted.data),
                "round": _places(self.round_round.data),
            },
            "advance": None if last or not any(advance.values()) else advance,
            "tiebreaks": self.chosen_ties(),
        }  # fmt: skip
        if self.third.data:
            made["third_marker"] = {"gap": _plain(self.gap.data) or "0", "stands": self.stands.data}
        if self.severity.data:
            made["severity"] = "additive"
        if self.talks.data != "none":
            made["deliberation"] = {"mode": self.talks.data, "shows": self.shows.data}
        return made

    def criteria_items(self) -> list[dict[str, Any]]:
        """The criteria that have a name; a line without one is left out."""
        return [
            {
                "key": row.key.data or "", "name": row["name"].data, "guidance": row.guidance.data or "",
                "max": _plain(row.max.data), "step": _plain(row.step.data),
                "weight": _plain(row.weight.data) or "1",
            }
            for row in self.criteria.entries
            if row["name"].data
        ]  # fmt: skip


def round_data(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the round form shows."""
    panel, rounding, third = item["panel"], item["rounding"], item.get("third_marker") or {}
    advance = item["advance"] or {"count": None, "min_total": None}
    talk = item.get("deliberation") or {}
    return {
        "judges_per_entry": item["judges_per_entry"],
        "criteria": [
            {**entry, **{name: _number(entry[name]) for name in ("max", "step", "weight")}}
            for entry in item["criteria"]
        ],
        **{name: panel[name] for name in ("average", "of", "drop_high", "drop_low", "drop_needs")},
        "tolerance": _number(panel.get("tolerance")),
        **{f"round_{name}": _from_places(rounding[name]) for name in ("panel", "weighted", "round")},
        "third": bool(third),
        "gap": _number(third.get("gap")),
        "stands": third.get("stands", "third"),
        "severity": bool(item.get("severity")),
        "talks": talk.get("mode", "none"),
        "shows": talk.get("shows", "key"),
        "advance_count": advance["count"],
        "advance_min": _number(advance["min_total"]),
    }


class RoundRow(Row):
    key = HiddenField()
    name = StringField(lazy("Tên vòng"), [Length(max=120)])
    weight = DecimalField(lazy("Hệ số"), [Optional()])


class TotalForm(TieFields):
    """Which rounds there are and how places come of them."""

    rounds = FieldList(FormField(RoundRow))
    combine = RadioField(lazy("Tổng điểm của bài"), choices=options(words_rules.COMBINE))
    rounding = SelectField(lazy("Làm tròn tổng điểm"), choices=options(_PLACES))
    pools = RadioField(lazy("Xếp hạng"), choices=options(words_rules.POOLS))

    def wanted_rounds(self) -> list[tuple[str, str, str]]:
        """(key, name, weight); a line without a name is left out."""
        return [
            (row.key.data or "", row["name"].data, _plain(row.weight.data) or "1")
            for row in self.rounds.entries
            if row["name"].data
        ]

    def places(self) -> int | None:
        return _places(self.rounding.data)


def total_data(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the total form shows."""
    return {
        "rounds": [
            {"key": item["key"], "name": item["name"], "weight": _number(item["weight"])} for item in body["rounds"]
        ],
        "combine": body["total"]["combine"],
        "rounding": _from_places(body["total"]["rounding"]),
        "pools": body["pools"],
    }


class PrizeRow(Row):
    key = HiddenField()
    name = StringField(lazy("Tên giải"), [Length(max=120)])
    count = IntegerField(lazy("Số giải"), [Optional(), NumberRange(1, 10_000)])
    min_total = DecimalField(lazy("Điểm tối thiểu"), [Optional()])
    value = StringField(lazy("Mức thưởng"), [Length(max=200)])


class OtherPrizeRow(Row):
    key = HiddenField()
    name = StringField(lazy("Tên giải"), [Length(max=120)])
    count = IntegerField(lazy("Số giải"), [Optional(), NumberRange(1, 10_000)])
    value = StringField(lazy("Mức thưởng"), [Length(max=200)])


class PrizesForm(Form):
    prizes = FieldList(FormField(PrizeRow))
    others = FieldList(FormField(OtherPrizeRow))

    def prize_items(self) -> list[dict[str, Any]]:
        return [
            {**_prize(row), "min_total": _plain(row.min_total.data)} for row in self.prizes.entries if row["name"].data
        ]

    def other_items(self) -> list[dict[str, Any]]:
        return [_prize(row) for row in self.others.entries if row["name"].data]


def _prize(row: Any) -> dict[str, Any]:
    return {
        "key": row.key.data or "", "name": row["name"].data, "count": row["count"].data or 1,
        "value": row.value.data or "",
    }  # fmt: skip


def prizes_data(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the prizes form shows."""
    return {
        "prizes": [{**item, "min_total": _number(item["min_total"])} for item in body["prizes"]],
        "others": list(body.get("other_prizes", [])),
    }


class EnforceForm(Form):
    seen = HiddenField()  # the draft this page showed
    reason = TextAreaField(lazy("Lý do thay đổi"), [Length(max=2000)])
