"""What correcting judges' severity does to the places, as the page of agreement tells it, asked for or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.results.agreement_queries import Report
from contest.results.agreement_words import Names
from contest.results.severity_words import signed, why
from contest.web.language import _

SHOWN = 6
"""So many entries stand in the open, and all whose prize or next round is at stake; the rest is folded."""


@dataclass(frozen=True)
class Moved:
    """An entry that changes by the correction, and how; at_stake: its prize, or whether it goes on."""

    entry: str
    said: str
    at_stake: bool


@dataclass(frozen=True)
class Preview:
    """kind: that of a state. more: what follows from it. added: (judge, points added to each sheet's total)."""

    asked: bool
    kind: str
    text: str
    more: str
    added: Sequence[tuple[str, str]]
    rows: Sequence[Moved]
    rest: Sequence[Moved]


def severity_preview(report: Report, names: Names) -> Preview:
    """The preview for the round of the page."""
    found = report.places["severity_corrected"][names.round_key]
    if not found["corrected"]:
        judges = [names.key(judge) for judge in sorted(found["judges"], key=names.order)]
        said = why(found["reason"], judges)
        text = (
            _("Quy chế có hiệu chỉnh, nhưng không áp dụng được: %(why)s. Điểm giữ nguyên.", why=said)
            if found["asked"] and found["reason"] != "complete"
            else _("Không hiệu chỉnh, vì %(why)s.", why=said)
        )
        kind = "warn" if found["asked"] and found["reason"] != "complete" else "neutral"
        return Preview(found["asked"], kind, text, "", [], [], [])
    rows = _rows(found, report)
    shown = max(SHOWN, sum(row.at_stake for row in rows))
    added = [
        (names.full(judge), signed(-Decimal(found["effects"][judge])))
        for judge in sorted(found["effects"], key=names.order)
    ]
    return Preview(found["asked"], "info", _text(found), _more(asked=found["asked"]), added, rows[:shown], rows[shown:])


def _text(found: dict[str, Any]) -> str:
    counts = [
        _("%(count)s bài đổi hạng", count=len(found["moved"])),
        _("%(count)s bài đổi giải", count=len(found["prizes"])),
        _("%(count)s bài đổi kết quả vào vòng sau", count=len(found["advances"])),
    ]
    told = ", ".join(
        said
        for said, name in zip(counts, ("moved", "prizes", "advances"), strict=True)
        if found[name] or name == "moved"
    )
    if found["asked"]:
        if not found["moved"]:
            return _("Quy chế có hiệu chỉnh; so với khi không hiệu chỉnh, không bài nào đổi hạng.")
        return _("Quy chế có hiệu chỉnh. So với khi không hiệu chỉnh: %(told)s.", told=told)
    if not found["moved"]:
        return _("Quy chế không hiệu chỉnh. Nếu áp dụng, không bài nào đổi hạng.")
    return _("Quy chế không hiệu chỉnh. Nếu áp dụng, các hạng sau thay đổi: %(told)s.", told=told)


def _more(*, asked: bool) -> str:
    if asked:
        return _("Mũi tên đi từ hạng không hiệu chỉnh đến hạng có hiệu chỉnh, là hạng của kết quả.")
    return _(
        "Chỉ để biết, không hạng nào tự đổi: kết quả là hạng đứng trước mũi tên, sau mũi tên là hạng nếu hiệu chỉnh. "
        "Muốn áp dụng, quy tắc này phải có trong quy chế từ trước phiếu chấm đầu tiên."
    )


def _rows(found: dict[str, Any], report: Report) -> list[Moved]:
    names, none = dict(report.prizes), _("không giải")
    places = {move["entry"]: (move["from"], move["to"]) for move in found["moved"]}
    changes: dict[str, list[str]] = {}
    for move in found["prizes"]:
        before, after = (names.get(move[side], none) for side in ("from", "to"))
        changes.setdefault(move["entry"], []).append(_("%(before)s → %(after)s", before=before, after=after))
    for move in found["advances"]:
        said = _("vào vòng sau") if move["to"] else _("không vào vòng sau")
        changes.setdefault(move["entry"], []).append(said)
    # A prize can change with the total alone: then there is no move.
    keys = [*places, *(key for key in changes if key not in places)]
    keys.sort(key=lambda key: (key not in changes, -_distance(places.get(key)), key))
    rows = []
    for key in keys:
        place = [_("hạng %(before)s → %(after)s", before=places[key][0], after=places[key][1])] if key in places else []
        rows.append(Moved(key, "; ".join([*place, *changes.get(key, [])]), key in changes))
    return rows


def _distance(move: tuple[int, int] | None) -> int:
    return abs(move[0] - move[1]) if move else 0
