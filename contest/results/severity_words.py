"""What a result says of the correction for judges' severity, on pages and in papers.

Papers are signed in Vietnamese: they ask with `written`; pages ask with `_`, in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.rules import numbers
from contest.rules.severity import LEAST_ENTRIES, LEAST_JUDGES
from contest.web.language import _, show_signed

Say = Callable[..., str]

CORRECTED = "Điểm đã hiệu chỉnh theo mức chặt, rộng của từng giám khảo, đúng quy chế."
ADDED = "Số điểm cộng vào tổng điểm của mỗi phiếu: %(judges)s."
UNCORRECTED = (
    "Quy chế có hiệu chỉnh mức chặt, rộng của giám khảo, nhưng ở vòng này không áp dụng, điểm giữ nguyên: %(why)s."
)
_REASONS = {
    "complete": "mọi giám khảo cùng chấm mọi bài, nên thứ hạng không phụ thuộc bài gặp ai",
    "too_few_judges": "có ít hơn %(least_judges)s giám khảo",
    "not_connected": "%(judges)s không chấm chung bài nào với những người còn lại",
    "too_few_entries": "%(judges)s chấm chung với người khác ít hơn %(least_entries)s bài",
    "weakly_connected": "nhóm %(judges)s chấm chung với những người còn lại ít hơn %(least_entries)s bài",
    "third_marker": "quy chế có người chấm thứ ba",
}


@dataclass(frozen=True)
class Told:
    """kind: that of a state. added: what was added for each judge, as a sentence; empty where nothing was."""

    kind: str
    text: str
    added: str = ""


def written(text: str, **facts: Any) -> str:
    """In Vietnamese, whoever asks."""
    return text % facts if facts else text


def why(reason: str, judges: Sequence[str], say: Say = _) -> str:
    """Why nothing is corrected, as half a sentence. judges: as they are called."""
    return say(
        _REASONS[reason], judges=", ".join(judges), least_judges=LEAST_JUDGES, least_entries=LEAST_ENTRIES
    )  # fmt: skip


def severity_told(document: Mapping[str, Any], key: str, say: Say = _) -> Told | None:
    """What a result document says of a round; None where its rules correct nothing."""
    found = document.get("severity", {}).get(key)
    if found is None:
        return None
    if not found["corrected"]:
        said = why(found["reason"], [_name(judge) for judge in found["judges"]], say)
        return Told("info" if found["reason"] == "complete" else "warn", say(UNCORRECTED, why=said))
    added = "; ".join(
        f"{_name(judge)} {signed(-Decimal(effect['total']), say)}" for judge, effect in found["effects"].items()
    )
    return Told("info", say(CORRECTED), say(ADDED, judges=added))


def signed(value: Decimal, say: Say = _) -> str:
    """Points to two decimals, with their sign."""
    return numbers.signed(value, 2) if say is written else show_signed(value, 2)


def _name(judge: str) -> str:
    """A judge's key in the whole contest's result names the round too."""
    return judge.rpartition("/")[2]
