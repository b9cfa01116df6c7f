"""Words of the pages about texts that are alike: states, what was refused, shares as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contest.entries.receive import FileRefused
from contest.entries.reference_receive import KINDS, MOST_FILES
from contest.entries.words import copy_error, file_refusal
from contest.web.language import _, lazy

# What a person may make of a pair; keys are stored, (kind of badge, words) are shown.
STATES: Mapping[str, tuple[str, Any]] = {
    "open": ("info", lazy("Chưa kết luận")),
    "ask": ("warn", lazy("Cần hỏi tác giả")),
    "exclude": ("bad", lazy("Đề nghị loại")),
    "cleared": ("ok", lazy("Không phải sao chép")),
}
PURPOSES: Mapping[str, Any] = {
    "compare": lazy("So bài dự thi với các văn bản này"),
    "known": lazy("Ai cũng được trích: phần giống các văn bản này không tính"),
}


def like_state(state: str) -> tuple[str, str]:
    kind, text = STATES[state]
    return kind, str(text)


def percent(shared: int, words: int) -> int:
    """Hundredths as they are said: 100 of nothing less than all, 0 of nothing but none, halves up else."""
    if not shared or not words:
        return 0
    if shared >= words:
        return 100
    return min(99, max(1, (shared * 200 + words) // (words * 2)))


def reference_refusal(refused: FileRefused) -> str:
    """Why a reference file is not kept."""
    match refused.code:
        case "already_there":
            return _("Tệp %(name)s đã có trong danh sách nên không thêm lần nữa.", name=refused.name)
        case "too_many":
            return _(
                "Mỗi lần gửi nhiều nhất %(limit)s tệp, không quá 200 MB. Từ tệp %(name)s trở đi chưa nhận; "
                "hãy gửi tiếp ở lần sau.",
                name=refused.name, limit=refused.facts["limit"],
            )  # fmt: skip
        case "bomb" if refused.name.casefold().endswith(".zip"):
            return _(
                "Thư mục nén %(name)s có quá nhiều tệp, hoặc mở ra quá lớn; hãy chia thành nhiều thư mục, "
                "mỗi thư mục nhiều nhất %(limit)s tệp.",
                name=refused.name, limit=MOST_FILES,
            )  # fmt: skip
        case "unknown_kind" | "kind_not_taken":
            facts = {**refused.facts, "kinds": sorted(KINDS)}
            return (
                file_refusal(FileRefused(refused.name, refused.code, **facts)).split(". ")[0]
                + ". "
                + _("Nhận tệp .txt, .docx, .pdf, hoặc thư mục nén .zip.")
            )
    return file_refusal(refused)


def reference_error(code: str) -> str:
    """Why a text could not be read from a file that was kept."""
    return _("không có chữ nào (có thể là ảnh quét)") if code == "no_text" else copy_error(code)
