"""The house (README, "Rooms"): import order, purity of rules, a guard on every view, budgets."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from flask import Flask

from contest import config

ROOT = Path(__file__).parent.parent
CONTEST = ROOT / "contest"

# A file may import from rooms to its left, and from its own room. One step each, in this order.
ORDER = (
    "rules", "config", "db", "storage", "jobs", "mail", "audit", "documents", "assets", "web", "accounts", "units",
    "campaigns", "contests", "entries", "judging", "stage", "results", "programme", "seminar", "checkin", "movement",
    "home", "api", "cli", "app",
)  # fmt: skip
RANKS = {"models": 0, "queries": 1, "actions": 2, "forms": 3, "views": 4, "jobs": 4}
KINDS = tuple(RANKS)
# Files of no fixed kind that a room may hold; each stands between models and views.
BEYOND = ("rules", "config", "db", "storage", "jobs", "mail", "audit", "documents", "web", "cli", "app", "assets")


def _files() -> list[Path]:
    return sorted(path for path in CONTEST.rglob("*.py") if "static" not in path.parts)


def _room(path: Path) -> str:
    return path.relative_to(CONTEST).parts[0].removesuffix(".py")


def _imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        return
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] != "contest" or len(parts) < 2 or parts[1] == room:
            continue
        assert ORDER.index(parts[1]) < ORDER.index(room), f"{room} must not import {name}"


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_inside_a_room_views_import_actions_and_not_the_other_way(path: Path) -> None:
    room, kind = _room(path), path.stem.split("_")[-1]
    if room in BEYOND or kind not in KINDS:
        return
    for name in _imports(path):
        parts = name.split(".")
        if parts[:2] != ["contest", room] or len(parts) < 3:
            continue
        other = parts[2].split("_")[-1]
        if other in KINDS:
            assert RANKS[other] <= RANKS[kind], f"{path.name} must not import {name}"


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{path}: an import inside {function.name}"


@pytest.mark.parametrize("path", sorted((CONTEST / "rules").glob("*.py")), ids=lambda path: path.stem)
def test_rules_are_pure(path: Path) -> None:
    """Standard library and numpy/scipy only; no clock, no hidden randomness, no input or output."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name in _imports(path):
        top = name.split(".")[0]
        allowed = name.startswith("contest.rules") or top in ("numpy", "scipy") or top in sys.stdlib_module_names
        assert allowed, f"{path.name} imports {name}"
        assert top not in ("os", "socket", "subprocess", "time", "secrets", "sqlite3", "pathlib"), f"{path.name}: {top}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("open", "print", "input", "float"), f"{path.name}:{node.lineno} calls {called}"
            assert not called.endswith((".now", ".utcnow", ".today")), f"{path.name}:{node.lineno} reads the clock"
            assert not called.startswith("random.") or called == "random.Random", f"{path.name}:{node.lineno} {called}"


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_other_rooms_hand_documents_in_at_the_desk(path: Path) -> None:
    """Its readers and drawers bring libraries that only their child process should carry."""
    light = {"blocks", "data", "desk", "sniff", "works"}
    heavy = {"PIL", "docx", "lxml", "pypdfium2", "qrcode", "typst"}
    if _room(path) == "documents" or path.name == "demo_works.py":  # which makes files as people send them
        return
    for name in _imports(path):
        parts = name.split(".")
        assert parts[0] not in heavy, f"{path} imports {name}"
        assert parts[:2] != ["contest", "documents"] or parts[2] in light, f"{path} imports {name}"


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_packages_are_empty_and_actions_do_not_commit(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name == "__init__.py":
        assert len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr), f"{path} holds more than a docstring"
    if path.stem.split("_")[-1] in ("actions", "queries", "models"):
        source = path.read_text(encoding="utf-8")
        assert ".commit(" not in source, f"{path}: the view commits"
        assert "from flask import" not in source or "request" not in source, f"{path}: sees the request"


def test_every_view_has_a_guard(_app: Flask) -> None:
    missing = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in _app.url_map.iter_rules()
        if not hasattr(_app.view_functions[rule.endpoint], "guard")
    ]

    assert missing == []


def test_a_get_route_is_not_a_post_route_by_accident(_app: Flask) -> None:
    """Views that take both methods must mean it: a link must never change anything."""
    for rule in _app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}, {"GET", "POST"}, {"PUT"}, {"DELETE"}, {"PATCH"}), (
            f"{rule.rule}: {methods}"
        )


def test_an_address_leads_to_one_view(_app: Flask) -> None:
    """The first of two views at one address would take the other's requests, and say nothing."""
    views: dict[tuple[str, str], str] = {}
    for rule in _app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            other = views.setdefault((rule.rule, method), rule.endpoint)
            assert other == rule.endpoint, f"{method} {rule.rule}: {other} and {rule.endpoint}"


def test_every_setting_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for setting in config.SETTINGS:
        assert setting.meaning and setting.unit
        assert f"`CONTEST_{setting.name}`" in readme, f"README does not name CONTEST_{setting.name}"


def test_a_misspelt_setting_stops_the_start() -> None:
    with pytest.raises(config.BadSettings) as refused:
        config.load_config({"CONTEST_SECRETKEY": "x", "CONTEST_SESSION_HOURS": "soon"})

    assert "CONTEST_SECRETKEY is not a setting; did you mean CONTEST_SECRET_KEY?" in str(refused.value)
    assert "CONTEST_SESSION_HOURS should be int (hours), not 'soon'" in str(refused.value)


def test_no_template_holds_script_or_style_inline() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        assert " style=" not in source, path
        assert "<style" not in source, path
        for part in source.split("<script")[1:]:
            assert "src=" in part.split(">")[0] or 'type="application/json"' in part.split(">")[0], path
        assert " onclick=" not in source and " onsubmit=" not in source, path
