"""What the minutes say of the panel's talk: entries discussed, and joint sheets not confirmed on a tablet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contest.contests.models import Round
from contest.judging.discussion_queries import ended_in
from contest.judging.discussion_shown import changes
from contest.judging.joint_queries import sayings
from contest.rules.numbers import vi
from contest.web.language import local


def joint_remarks(round_: Round) -> list[str]:
    """Who confirmed otherwise than on an own tablet, and why; who said nothing."""
    told = sayings(round_)
    ways = {"signed": "ký trên giấy", "away": "vắng mặt", "missing": "chưa xác nhận"}
    return [
        f"Bài {code}: {name} {said}{f' ({note})' if note else ''}."
        for stance, said in ways.items()
        for code, name, note in told.get(stance, ())
    ]


def joint_dissent(round_: Round) -> list[str]:
    return [f"Bài {code}: {name} có ý kiến khác: {note}" for code, name, note in sayings(round_).get("differs", ())]


def discussed(round_: Round) -> list[str]:
    """One sentence for each discussion: when, and each judge's total before and after."""
    return [_discussion_line(code, discussion) for code, discussion in ended_in(round_)]


def _discussion_line(code: str, discussion: Any) -> str:
    told = []
    for change in changes(discussion, discussion.after):
        before = vi(Decimal(change.before or 0))
        if change.after is None:
            told.append(f"{change.judge} {before}, sau đó không chấm nữa")
        elif change.is_changed:
            told.append(f"{change.judge} từ {before} thành {vi(Decimal(change.after))}")
        else:
            told.append(f"{change.judge} giữ nguyên {before}")
    said = f"Bài {code}, ngày {local(discussion.opened_at):%d/%m/%Y}: {'; '.join(told)}."
    return f"{said} Kết luận: {discussion.conclusion.rstrip('.')}." if discussion.conclusion else said
