"""Figures of agreement in sentences: flags, reasons why a figure is missing, and how each figure is read.

Limits that a sentence names are those of the literature, said as such: Krippendorff, Content Analysis (2004) for alpha;
Koo and Li, Journal of Chiropractic Medicine 15 (2016) 155-163 for ICC. W has none that is agreed on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from contest.web.language import _, show_number, show_signed

Flag = Mapping[str, Any]
THIRD = "third-"


@dataclass(frozen=True)
class Names:
    """What keys are called. judges: by round and judge's key, empty where not shown; rounds, pools: by key."""

    round_key: str
    judges: Mapping[tuple[str, str], str]
    rounds: Mapping[str, str]
    pools: Mapping[str, str] = field(default_factory=dict)

    def key(self, judge: str) -> str:
        """J3; with the round where the key names another one; a third marker says so."""
        round_, _slash, own = judge.rpartition("/")
        said = own.removeprefix(THIRD)
        if own != said:
            said = _("%(judge)s (chấm lần ba)", judge=said)
        return f"{said} · {self.rounds.get(round_, round_)}" if round_ and round_ != self.round_key else said

    def order(self, judge: str) -> tuple[str, bool, int, str]:
        """J2 before J10, third markers last."""
        round_, _slash, own = judge.rpartition("/")
        said = own.removeprefix(THIRD)
        return round_, own != said, len(said), said

    def name(self, judge: str) -> str:
        """The judge's name, or nothing."""
        round_, _slash, own = judge.rpartition("/")
        return self.judges.get((round_ or self.round_key, own.removeprefix(THIRD)), "")

    def full(self, judge: str) -> str:
        """J3 Nông Minh Huệ."""
        return f"{self.key(judge)} {self.name(judge)}".strip()


def coefficient(value: str | None) -> str:
    """Three decimals, as measured: a figure must not round across a limit."""
    return show_number(None if value is None else Decimal(value), 3).replace("-", "−")


def points(value: str | None, *, signed: bool = False) -> str:
    """Points to two decimals, with a plus where asked for."""
    if value is None:
        return "–"
    return show_signed(Decimal(value), 2) if signed else show_number(Decimal(value), 2).replace("-", "−")


def percent(share: str) -> str:
    """Whole percents; only what always or never happened is 100 or 0."""
    exact = Decimal(share) * 100
    whole = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    if 0 < exact < 100:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


# Flags that say of one judge that the marks stand apart, with what is said of them in few words.
def apart_words() -> dict[str, str]:
    """By code of a flag, in the visitor's language."""
    return {
        "severe": _("chặt hơn hẳn"),
        "lenient": _("rộng hơn hẳn"),
        "against_panel": _("ngược với Ban"),
        "apart_from_panel": _("không theo Ban"),
        "no_spread": _("cho điểm như nhau"),
        "narrow": _("điểm rất sít nhau"),
    }


def flag_text(flag: Flag, names: Names) -> str:
    """One flag as a sentence with its figures."""
    return _FLAGS[flag["code"]](flag, names)


def _severe(flag: Flag, names: Names) -> str:
    facts = {
        "judge": names.full(flag["judge"]),
        "own": points(flag["severity"], signed=True),
        "others": points(flag["others"], signed=True),
    }
    if flag["code"] == "severe":
        return _(
            "%(judge)s chấm chặt hơn hẳn: %(own)s điểm so với trung bình của Ban, những người khác quanh %(others)s.",
            **facts,
        )
    return _(
        "%(judge)s chấm rộng hơn hẳn: %(own)s điểm so với trung bình của Ban, những người khác quanh %(others)s.",
        **facts,
    )


def _differ(flag: Flag, names: Names) -> str:
    one, other = (names.full(judge) for judge in flag["judges"])
    return _(
        "%(one)s và %(other)s chênh nhau trung bình %(points)s điểm. Chỉ có hai người nên số liệu không cho "
        "biết ai lệch.",
        one=one,
        other=other,
        points=points(flag["difference"]),
    )


def _against(flag: Flag, names: Names) -> str:
    facts = {"judge": names.full(flag["judge"]), "value": coefficient(flag["correlation"]), "count": flag["entries"]}
    if flag["code"] == "against_panel":
        return _(
            "%(judge)s xếp các bài ngược với những người còn lại: tương quan %(value)s trên %(count)s bài.", **facts
        )
    return _(
        "%(judge)s xếp các bài hầu như không theo những người còn lại: tương quan %(value)s trên %(count)s bài.",
        **facts,
    )


def _no_spread(flag: Flag, names: Names) -> str:
    return _(
        "%(judge)s cho cả %(count)s bài cùng một tổng điểm, trong khi những người khác phân biệt.",
        judge=names.full(flag["judge"]),
        count=flag["entries"],
    )


def _narrow(flag: Flag, names: Names) -> str:
    return _(
        "%(judge)s cho điểm rất sít nhau: độ trải %(own)s điểm, những người khác quanh %(others)s. Điểm ấy "
        "hầu như không góp vào thứ hạng.",
        judge=names.full(flag["judge"]),
        own=points(flag["spread"]),
        others=points(flag["others"]),
    )


def _same(flag: Flag, names: Names) -> str:
    one, other = (names.full(judge) for judge in flag["judges"])
    return _(
        "%(one)s và %(other)s cho tổng điểm bằng nhau ở cả %(count)s bài chấm chung.",
        one=one,
        other=other,
        count=flag["entries"],
    )


def _far(flag: Flag, names: Names) -> str:
    return _(
        "%(judge)s cách những người khác %(points)s điểm",
        judge=names.full(flag["judge"]),
        points=points(flag["difference"], signed=True),
    )


def _apart(flag: Flag, names: Names) -> str:
    one, other = (names.full(judge) for judge in flag["judges"])
    return _("%(one)s và %(other)s cách nhau %(points)s điểm", one=one, other=other, points=points(flag["difference"]))


def _low(flag: Flag, _names: Names) -> str:
    return _(
        "Cả Ban ít thống nhất về thứ tự các bài: ICC(3,k) là %(value)s, dưới 0,7.", value=coefficient(flag["value"])
    )


_FLAGS: Mapping[str, Callable[[Flag, Names], str]] = {
    "severe": _severe,
    "lenient": _severe,
    "judges_differ": _differ,
    "against_panel": _against,
    "apart_from_panel": _against,
    "no_spread": _no_spread,
    "narrow": _narrow,
    "same_marks": _same,
    "far_mark": _far,
    "marks_apart": _apart,
    "low_agreement": _low,
}


def lacking(path: str, code: str) -> str:
    """Why the figure at a path of the report is missing."""
    if code == "too_few_entries":
        if path.startswith(("icc", "kendall_w")):
            return _("Chưa có hai bài nào được mọi giám khảo của vòng cùng chấm.")
        if path in ("more.alpha_interval_95", "more.alpha_ordinal_95"):
            return _("Cần ít nhất 10 bài có từ hai giám khảo chấm.")
        if path.startswith("more.pairs"):
            return _("Chấm chung ít hơn hai bài.")
        return _("Chấm ít hơn hai bài.")
    return {
        "no_marks": _("Chưa có điểm."),
        "one_judge": _("Chỉ có một giám khảo, không có ai để so."),
        "too_few_judges": _("Cần ít nhất ba giám khảo."),
        "no_variance": _("Các điểm không khác nhau nên không có gì để so."),
        "variance_not_positive": _("Các giám khảo trái ngược nhau đến mức công thức không cho kết quả."),
        "no_shared_entry": _("Không chấm chung bài nào với người khác."),
        "no_complete_sheet": _("Không có phiếu nào đủ điểm."),
    }[code]


def read_alpha(value: Decimal, low: Decimal | None) -> str:
    """The interval alpha in words. low: the lower bound of its interval."""
    if value >= Decimal("0.8"):
        said = _("Khá thống nhất: Krippendorff (2004) coi từ 0,800 là tin cậy được.")
    elif value >= Decimal("0.667"):
        said = _("Thống nhất vừa phải: Krippendorff (2004) chỉ cho kết luận dè dặt giữa 0,667 và 0,800.")
    else:
        said = _("Chưa thống nhất: dưới mức 0,667 mà Krippendorff (2004) coi là thấp nhất để còn kết luận.")
    for limit in (Decimal("0.8"), Decimal("0.667")):
        if low is not None and low < limit <= value:
            return said + " " + _("Cận dưới của khoảng 95 % nằm dưới mức ấy, nên chưa chắc.")
    return said


def read_icc(value: Decimal) -> str:
    """ICC in words."""
    if value > Decimal("0.9"):
        return _("Rất tốt theo Koo và Li (2016): trên 0,90.")
    if value >= Decimal("0.75"):
        return _("Tốt theo Koo và Li (2016): từ 0,75 đến 0,90.")
    if value >= Decimal("0.5"):
        return _("Vừa phải theo Koo và Li (2016): từ 0,50 đến dưới 0,75.")
    return _("Kém theo Koo và Li (2016): dưới 0,50.")


def read_w(value: Decimal) -> str:
    """W in words; in between nobody's limits are agreed on."""
    if value == 1:
        return _("Mọi giám khảo xếp các bài theo cùng một thứ tự.")
    if value == 0:
        return _("Các thứ tự không có gì chung.")
    return _("1 là mọi người cùng một thứ tự, 0 là không có gì chung; ở giữa không có mốc chung nào được thừa nhận.")
