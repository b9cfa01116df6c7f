"""Every sentence of the room's pages has its English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from jinja2 import Environment, nodes

from contest.web.language import english

ROOT = Path(__file__).parents[2]
# Parts of the full rules, an official text that is Vietnamese whoever reads it; and signs.
VIETNAMESE_ONLY = {
    "–", "trước", "chậm nhất", "do tác giả chọn", "Ban Tổ chức thông báo sau", "theo quyết định của Ban Tổ chức",
    "Ban Tổ chức công bố cơ cấu giải thưởng sau.", "| Giải | Số giải | Mức thưởng mỗi giải |",
    "| Tiêu chí | Gợi ý chấm | Điểm tối đa |",
}  # fmt: skip


def _from_code(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | docs
        if not node.value.isascii()
    }


def _from_template(path: Path) -> set[str]:
    calls = Environment(autoescape=True).parse(path.read_text(encoding="utf-8")).find_all(nodes.Call)
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const)
    }


def test_every_text_has_its_english_with_the_same_facts() -> None:
    code = [path for path in (ROOT / "contest/contests").glob("*.py") if path.name != "templates_data.py"]
    pages = [*(ROOT / "templates/contests").glob("*.html"), ROOT / "templates/parts/contest_nav.html"]
    texts = {text for path in code for text in _from_code(path)} | {t for path in pages for t in _from_template(path)}
    known = english()

    assert sorted(texts - known.keys() - VIETNAMESE_ONLY) == []
    for text in texts - VIETNAMESE_ONLY:
        assert sorted(set(re.findall(r"%\(\w+\)", text))) == sorted(set(re.findall(r"%\(\w+\)", known[text]))), text
