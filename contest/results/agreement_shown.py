"""The report of a panel's agreement as its page prints it: answers first, then bars, lines, readings and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.results import agreement_words as words
from contest.results.agreement_lines import Line, lines_of
from contest.results.agreement_queries import Report
from contest.results.agreement_severity import Preview, severity_preview
from contest.results.agreement_words import Names, coefficient, points
from contest.rules.agreement_flags import SEVERE, SHARED
from contest.web.language import _, show_points

Part = Mapping[str, Any]
HALF = 100
"""Half the width of the drawing of a bar, in units of its viewBox."""


@dataclass(frozen=True)
class Answer:
    """A question's answer; kind is that of a state: ok, warn, neutral."""

    kind: str
    text: str
    more: str = ""


@dataclass(frozen=True)
class Bar:
    """A judge: x and width of the bar in a drawing 2 × HALF wide. missing: why there is no figure."""

    judge: str
    name: str
    x: str
    width: str
    side: str
    severity: str
    missing: str
    spread: str
    spread_missing: str
    entries: int
    flags: Sequence[str]


@dataclass(frozen=True)
class Reading:
    """A figure, and in words what it says and what it does not."""

    name: str
    value: str
    interval: str
    says: str
    says_not: str


@dataclass(frozen=True)
class PairRow:
    """Two judges over the entries both marked. note: why there is no correlation."""

    judges: str
    shared: int
    correlation: str
    note: str
    difference: str
    equal: int


@dataclass(frozen=True)
class WithoutRow:
    """What would change without a judge. changes: one text per entry."""

    judge: str
    moved: int
    farthest: str
    changes: Sequence[str]
    not_placed: Sequence[str]


@dataclass(frozen=True)
class Page:
    """Everything the page prints."""

    judges: Answer
    prizes: Answer
    flags: Sequence[str]
    far: Sequence[tuple[str, str]]
    bars: Sequence[Bar]
    limit: str
    limit_x: Sequence[str]
    parted: str
    lines: Sequence[Line]
    lines_missing: Sequence[str]
    readings: Sequence[Reading]
    forms: Sequence[tuple[str, str]]
    pairs: Sequence[PairRow]
    without: Sequence[WithoutRow]
    without_missing: str
    severity: Preview
    entries: Mapping[str, int]


def agreement_page(report: Report, names: Names) -> Page:
    """The page of a report."""
    panel, places = report.panel, report.places
    bars, limit, limit_x = _bars(report, names)
    lines = lines_of(report, names)
    why = places["notes"].get("without_judge")
    missing = [
        _("%(pool)s: %(why)s", pool=names.pools.get(path.partition(".")[2], path.partition(".")[2]), why=said)
        if "." in path and len(names.pools) > 1
        else said
        for path, code in places["notes"].items()
        if path.startswith("cut_lines")
        for said in (words.lacking(path, code),)
    ]
    return Page(
        judges=_judges(panel, names),
        prizes=_prizes(lines, missing),
        flags=[words.flag_text(flag, names) for flag in panel["flags"] if "entry" not in flag],
        far=[(flag["entry"], words.flag_text(flag, names)) for flag in panel["flags"] if "entry" in flag],
        bars=bars,
        limit=limit,
        limit_x=limit_x,
        parted=_parted(panel, names),
        lines=lines,
        lines_missing=missing,
        readings=_readings(panel),
        forms=[(f"ICC({form})", coefficient(value)) for form, value in panel["icc"].items()],
        pairs=_pairs(panel, names),
        without=_without(report, names),
        without_missing=words.lacking("without_judge", why) if why else "",
        severity=severity_preview(report, names),
        entries={
            "marked": panel["more"]["entries_marked"],
            "paired": panel["more"]["entries_paired"],
            "complete": panel["entries"],
        },
    )


def _judges(panel: Part, names: Names) -> Answer:
    """Whether a judge stands apart."""
    known = words.apart_words()
    found: dict[str, list[str]] = {}
    for flag in panel["flags"]:
        if flag["code"] in known:
            found.setdefault(flag["judge"], []).append(known[flag["code"]])
    if found:
        told = [f"{names.full(judge)} ({', '.join(said)})" for judge, said in found.items()]
        return Answer("warn", _("Có: %(judges)s.", judges="; ".join(told)))
    differ = next((flag for flag in panel["flags"] if flag["code"] == "judges_differ"), None)
    if differ is not None:
        return Answer("warn", _("Hai giám khảo chênh nhau nhiều."), words.flag_text(differ, names))
    measured = sum(value is not None for value in panel["severity"].values())
    if measured < 3 or panel["more"]["entries_paired"] < SHARED:
        return Answer(
            "neutral",
            _("Chưa đủ số liệu để nói."),
            _("Cần ít nhất ba giám khảo và %(count)s bài có từ hai người chấm.", count=SHARED),
        )
    return Answer("ok", _("Không thấy giám khảo nào lệch hẳn."))


def _prizes(lines: Sequence[Line], missing: Sequence[str]) -> Answer:
    """Which lines hang on a single judge, or on chance."""
    fragile = [line.name for line in lines if line.fragile]
    if fragile:
        return Answer("warn", _("Mong manh: %(lines)s.", lines="; ".join(fragile)))
    if lines:
        return Answer("ok", _("Không có ranh giới nào mong manh."))
    return Answer(
        "neutral",
        _("Không tính được."),
        " ".join(missing) or _("Quy chế không có giải và không chọn bài vào vòng sau."),
    )


def _bars(report: Report, names: Names) -> tuple[list[Bar], str, list[str]]:
    panel = report.panel
    figures = {judge: None if value is None else Decimal(value) for judge, value in panel["severity"].items()}
    limit = None if report.greatest is None else report.greatest * SEVERE.numerator / SEVERE.denominator
    # At least a little beyond the limit, so that small deviations look small.
    reach = max([abs(value) for value in figures.values() if value is not None] + [(limit or 0) * Decimal("1.25")])
    unit = HALF / reach if reach else Decimal(0)
    known = words.apart_words()
    flags: dict[str, list[str]] = {}
    for flag in panel["flags"]:
        if flag["code"] in known:
            flags.setdefault(flag["judge"], []).append(known[flag["code"]])
    bars = []
    # Those with a flag first: with fifteen judges the rest may stand below the edge of the screen.
    for judge in sorted(figures, key=lambda key: (key not in flags, names.order(key))):
        value = figures[judge]
        width = abs(value or Decimal(0)) * unit
        bars.append(
            Bar(
                judge=names.key(judge),
                name=names.name(judge),
                x=_drawn(HALF - width if value is not None and value < 0 else Decimal(HALF)),
                width=_drawn(width),
                side="" if not value else "severe" if value < 0 else "lenient",
                severity=points(panel["severity"][judge], signed=True),
                missing=_why(panel, f"severity.{judge}"),
                spread=points(panel["more"]["spread"].get(judge)),
                spread_missing=_why(panel, f"more.spread.{judge}"),
                entries=panel["more"]["entries_by_judge"].get(judge, 0),
                flags=flags.get(judge, []),
            )
        )
    if limit is None or not limit:
        return bars, "", []
    return bars, show_points(f"{limit.normalize():f}"), [_drawn(HALF - limit * unit), _drawn(HALF + limit * unit)]


def _drawn(value: Decimal) -> str:
    return f"{value:.2f}"


def _why(panel: Part, path: str) -> str:
    code = panel["notes"].get(path)
    return words.lacking(path, code) if code else ""


def _parted(panel: Part, names: Names) -> str:
    groups = panel["more"]["groups"]
    if len(groups) < 2:
        return ""
    told = "; ".join(", ".join(names.key(judge) for judge in group) for group in groups)
    return _(
        "Ban chia thành các nhóm không chấm chung bài nào (%(groups)s), nên độ lệch giữa các nhóm không so "
        "với nhau được.",
        groups=told,
    )


def _readings(panel: Part) -> list[Reading]:
    whole, one, concordance = panel["icc"]["3,k"], panel["icc"]["2,1"], panel["kendall_w"]
    return [
        _alpha(
            panel,
            "interval",
            "alpha_interval_95",
            _("Alpha của Krippendorff, theo điểm"),
            _(
                "Điểm của các giám khảo gần nhau đến đâu; người chấm chặt đều cũng làm alpha thấp. Không nói ai chấm "
                "đúng."
            ),
        ),
        _alpha(
            panel,
            "ordinal",
            "alpha_ordinal_95",
            _("Alpha của Krippendorff, theo thứ tự"),
            _("Như trên, nhưng chỉ kể bài nào hơn bài nào trong tất cả các điểm đã cho, không kể hơn bao nhiêu điểm."),
        ),
        Reading(
            "ICC(3,k)",
            coefficient(whole),
            "",
            words.read_icc(Decimal(whole)) if whole else _why(panel, "icc.3,k"),
            _(
                "Điểm trung bình của Ban này xếp thứ tự các bài chắc đến đâu, không kể ai chặt, ai rộng. Ban đông "
                "thì ICC cao, dù từng người chưa hẳn thống nhất."
            ),
        ),
        Reading(
            "ICC(2,1)",
            coefficient(one),
            "",
            words.read_icc(Decimal(one)) if one else _why(panel, "icc.2,1"),
            _("Một giám khảo bất kỳ chấm một mình thì tin được đến đâu. Không nói gì về một người cụ thể."),
        ),
        Reading(
            _("W của Kendall"),
            coefficient(concordance),
            "",
            words.read_w(Decimal(concordance)) if concordance else _why(panel, "kendall_w"),
            _("Các giám khảo xếp các bài giống thứ tự nhau đến đâu. Không kể điểm cách nhau bao nhiêu."),
        ),
    ]


def _alpha(panel: Part, kind: str, bounds_name: str, name: str, says_not: str) -> Reading:
    value, bounds = panel["krippendorff_alpha"][kind], panel["more"][bounds_name]
    low = Decimal(bounds[0]) if bounds else None
    interval = _("%(low)s đến %(high)s", low=coefficient(bounds[0]), high=coefficient(bounds[1])) if bounds else ""
    return Reading(
        name,
        coefficient(value),
        interval or _why(panel, f"more.{bounds_name}"),
        words.read_alpha(Decimal(value), low) if value else _why(panel, f"krippendorff_alpha.{kind}"),
        says_not,
    )


def _pairs(panel: Part, names: Names) -> list[PairRow]:
    """Those who see the entries least alike come first; those without a figure last."""
    found = []
    for number, pair in enumerate(panel["more"]["pairs"]):
        value = pair["correlation"]
        row = PairRow(
            " – ".join(names.key(judge) for judge in pair["judges"]),
            pair["shared"],
            coefficient(value),
            _why(panel, f"more.pairs[{number}].correlation"),
            points(pair["mean_difference"], signed=True),
            pair["equal"],
        )
        found.append((value is None, Decimal(value or 0), row))
    return [row for _missing, _value, row in sorted(found, key=lambda item: item[:2])]


def _without(report: Report, names: Names) -> list[WithoutRow]:
    prizes = dict(report.prizes)
    none = _("không giải")
    rows = []
    for row in sorted(report.places["without_judge"] or (), key=lambda row: names.order(row["judge"])):
        far = row["farthest"]
        changes = [
            _(
                "%(entry)s: %(before)s → %(after)s",
                entry=item["entry"],
                before=prizes.get(item["from"], none),
                after=prizes.get(item["to"], none),
            )
            for item in row["prizes"]
        ] + [
            _("%(entry)s vào vòng sau", entry=item["entry"])
            if item["to"]
            else _("%(entry)s không vào vòng sau", entry=item["entry"])
            for item in row["advances"]
        ]
        rows.append(
            WithoutRow(
                names.full(row["judge"]),
                row["moved"],
                _("%(entry)s: hạng %(before)s → %(after)s", entry=far["entry"], before=far["from"], after=far["to"])
                if far
                else "",
                changes,
                row["not_placed"],
            )
        )
    return rows
