"""Sentences about units: until when, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from contest.units.models import Unit, UnitSuccession
from contest.web.language import _, show_date

BRANCHES = {
    "government": "Chính quyền các cấp",
    "party": "Tổ chức đảng",
    "front": "Mặt trận Tổ quốc và đoàn thể",
    "force": "Lực lượng vũ trang",
    "other": "Tổ chức khác",
}


def validity(unit: Unit) -> str:
    """từ 01/7/2025; đến hết 30/6/2025; empty when neither end is known."""
    last = unit.valid_to - timedelta(days=1) if unit.valid_to else None
    if unit.valid_from and last:
        return _("từ %(first)s đến hết %(last)s", first=show_date(unit.valid_from), last=show_date(last))
    if unit.valid_from:
        return _("từ %(first)s", first=show_date(unit.valid_from))
    return _("đến hết %(last)s", last=show_date(last)) if last else ""


def became(successions: Sequence[UnitSuccession]) -> str:
    """từ 01/7/2025 thuộc Phường Nông Tiến; a unit that was parted names them all."""
    if not successions:
        return ""
    first = successions[0]
    names = ", ".join(row.after.name for row in successions)
    said = _SAID[first.kind if len(successions) == 1 else "part"]
    return _(said, day=show_date(first.on), names=names)


_SAID = {
    "merge": "từ %(day)s thuộc %(names)s",
    "rename": "từ %(day)s là %(names)s",
    "part": "từ %(day)s chia vào %(names)s",
    "split": "từ %(day)s chia thành %(names)s",
}


def made_of(successions: Sequence[UnitSuccession]) -> str:
    """Xã Lưỡng Vượng, một phần Xã Kim Phú."""
    names = []
    for row in successions:
        names.append(_("một phần %(name)s", name=row.before.name) if row.kind == "part" else row.before.name)
    return ", ".join(names)
