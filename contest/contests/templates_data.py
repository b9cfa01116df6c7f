"""Ready contests: what a new one starts with, usable as it is once it has a name and dates.

Figures follow what is usual for such contests (domain.md section 2A): content 60 to 70 of 100, two markers
with a third where they differ by 20 or more, prizes 1-2-3-5 and a few for collectives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contest.rules.rule_sets import FORMAT

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class ContestTemplate:
    """columns: of the contest's row; body: of its first rule set; text: Markdown of the full rules."""

    key: str
    name: str
    description: str
    contest_name: str
    body: dict[str, Any]
    text: str
    columns: dict[str, Any] = field(default_factory=dict)
    categories: tuple[tuple[str, str], ...] = ()


def _criterion(key: str, name: str, most: str, step: str, guidance: str) -> dict[str, Any]:
    return {"key": key, "name": name, "guidance": guidance, "max": most, "step": step, "weight": "1"}


WRITING_CRITERIA = [
    _criterion(
        "noi-dung",
        "Nội dung",
        "65",
        "0.5",
        "Đúng chủ đề, người thật, việc thật (15). Cách làm “khéo”, điển hình, có điểm mới (25). "
        "Kết quả cụ thể, có sức lan tỏa, có thể nhân rộng (25).",
    ),
    _criterion(
        "hinh-thuc",
        "Hình thức thể hiện",
        "25",
        "0.5",
        "Bố cục rõ, lập luận chặt chẽ (10). Văn phong trong sáng, có cảm xúc, ít lỗi (10). Trình bày đúng yêu cầu (5).",
    ),
    _criterion(
        "sang-tao",
        "Sáng tạo",
        "10",
        "0.5",
        "Cách nhìn, cách kể riêng (6). Ảnh, số liệu, lời nhân chứng làm bài thuyết phục hơn (4).",
    ),
]

_PANEL = {"average": "mean", "drop_high": 0, "drop_low": 0, "drop_needs": 5, "of": "total"}
_ROUNDING = {"panel": 2, "weighted": None, "round": None}

TWO_ROUNDS: dict[str, Any] = {
    "format": FORMAT,
    "pools": "none",
    "rounds": [
        {
            "key": "so-khao",
            "name": "Sơ khảo",
            "weight": "1",
            "judges_per_entry": 2,
            "criteria": WRITING_CRITERIA,
            "panel": _PANEL,
            "rounding": _ROUNDING,
            "third_marker": {"gap": "20", "stands": "third"},
            "advance": {"count": 30, "min_total": "60"},
            "tiebreaks": ["criterion:so-khao/noi-dung", "criterion:so-khao/sang-tao"],
        },
        {
            "key": "chung-khao",
            "name": "Chung khảo",
            "weight": "1",
            "judges_per_entry": 3,
            "criteria": WRITING_CRITERIA,
            "panel": _PANEL,
            "rounding": _ROUNDING,
            "advance": None,
            "tiebreaks": ["criterion:chung-khao/noi-dung", "judge:head"],
        },
    ],
    "total": {"combine": "last", "rounding": 2},
    "tiebreaks": [
        "criterion:chung-khao/noi-dung",
        "criterion:chung-khao/sang-tao",
        "round:so-khao",
        "judge:head",
    ],
    "prizes": [
        {"key": "nhat", "name": "Giải Nhất", "count": 1, "min_total": "85", "value": "5.000.000 đồng"},
        {"key": "nhi", "name": "Giải Nhì", "count": 2, "min_total": "80", "value": "3.000.000 đồng"},
        {"key": "ba", "name": "Giải Ba", "count": 3, "min_total": "75", "value": "2.000.000 đồng"},
        {"key": "khuyen-khich", "name": "Giải Khuyến khích", "count": 5, "min_total": "65", "value": "1.000.000 đồng"},
    ],
    "other_prizes": [
        {"key": "tap-the", "name": "Giải Tập thể", "count": 3, "value": "2.000.000 đồng"},
    ],
}

ONE_ROUND: dict[str, Any] = {
    **TWO_ROUNDS,
    "rounds": [
        {
            **TWO_ROUNDS["rounds"][0],
            "key": "cham-thi",
            "name": "Chấm thi",
            "advance": None,
            "tiebreaks": ["criterion:cham-thi/noi-dung", "criterion:cham-thi/sang-tao"],
        }
    ],
    "tiebreaks": ["criterion:cham-thi/noi-dung", "criterion:cham-thi/sang-tao", "judge:head"],
}

_WRITING_COLUMNS: dict[str, Any] = {
    "kind": "writing",
    "about": "Bài viết về tập thể, cá nhân, mô hình “Dân vận khéo” có thật, đang có tác dụng ở cơ sở.",
    "pledge_text": (
        "Tác phẩm này do tôi (chúng tôi) viết, không sao chép của người khác.\n"
        "Tác phẩm chưa đăng, phát ở đâu, chưa gửi dự thi và chưa đạt giải ở cuộc thi khác.\n"
        "Người và việc trong bài có thật; tôi (chúng tôi) chịu trách nhiệm về sự chính xác và về bản quyền của ảnh.\n"
        "Tôi (chúng tôi) đồng ý để Ban Tổ chức sử dụng tác phẩm để tuyên truyền, có ghi tên tác giả, "
        "không phải trả thêm nhuận bút.\n"
        "Tôi (chúng tôi) đồng ý để Ban Tổ chức xử lý dữ liệu cá nhân đã khai theo thể lệ của cuộc thi."
    ),
    "ai_pledge_text": (
        "Tác phẩm không do công cụ trí tuệ nhân tạo viết thay. Nếu có dùng công cụ ấy để tra cứu hoặc soát lỗi, "
        "tôi (chúng tôi) đã kiểm tra lại và chịu trách nhiệm về toàn bộ nội dung."
    ),
    "min_age": 15,
    "max_per_author": 2,
    "max_per_unit": None,
    "max_authors": 3,
    "min_words": 500,
    "max_words": 3000,
    "file_kinds": ["docx", "pdf", "txt", "image"],
    "max_files": 20,
    "max_file_mb": 25,
    "allow_typed": True,
    "open_to_public": True,
    "grace_minutes": 15,
    "accepts_late": False,
}

_WRITING_CATEGORIES = (("nguoi-tot-viec-tot", "Người tốt, việc tốt"), ("mo-hinh", "Mô hình, cách làm hay"))

_TEXT = (DATA / "viet-dan-van-kheo.md").read_text(encoding="utf-8")

TEMPLATES: tuple[ContestTemplate, ...] = (
    ContestTemplate(
        key="viet-hai-vong",
        name="Cuộc thi viết về “Dân vận khéo”, hai vòng",
        contest_name="Cuộc thi viết về “Dân vận khéo”",
        description=(
            "Sơ khảo hai giám khảo chấm mỗi bài, lệch từ 20 điểm thì có người thứ ba; 30 bài vào chung khảo. "
            "Giải 1-2-3-5 và giải tập thể."
        ),
        body=TWO_ROUNDS,
        text=_TEXT,
        columns=_WRITING_COLUMNS,
        categories=_WRITING_CATEGORIES,
    ),
    ContestTemplate(
        key="viet-mot-vong",
        name="Cuộc thi viết về “Dân vận khéo”, một vòng",
        contest_name="Cuộc thi viết về “Dân vận khéo”",
        description="Gọn cho cấp cơ sở: mỗi bài hai giám khảo chấm một lần, xếp giải ngay theo điểm.",
        body=ONE_ROUND,
        text=_TEXT,
        columns=_WRITING_COLUMNS,
        categories=_WRITING_CATEGORIES,
    ),
)


def template_by_key(key: str) -> ContestTemplate | None:
    return next((template for template in TEMPLATES if template.key == key), None)
