"""What devices of 2020 (Chrome 90 on Android, Safari 14 on iPads and iPhones) cannot do is not asked of them without a
way out: judges score on borrowed tablets, contestants write on the phone they have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "contest" / "static"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))

# What kills a script as a whole, or throws: (pattern, since when it is known, what a file that uses it must hold).
NEWER = [
    (r"\.at\(-?\d", "Chrome 92, Safari 15.4", None),
    (r"\bstructuredClone\(", "Chrome 98, Safari 15.4", None),
    (r"Object\.hasOwn\b", "Chrome 93, Safari 15.4", None),
    (r"Object\.groupBy|Map\.groupBy", "Chrome 117, Safari 17.4", None),
    (r"\.(findLast|toSorted|toReversed|toSpliced|with)(Index)?\(", "Chrome 97–110, Safari 15.4–16", None),
    (r"AbortSignal\.(timeout|any)\b", "Chrome 103, Safari 16", None),
    (r"Promise\.withResolvers\b", "Chrome 119, Safari 17.4", None),
    (r"crypto\.randomUUID\b", "Chrome 92, Safari 15.4, and https", r"randomUUID\?\.\(\) \?\?"),
    (r"\brequestSubmit\(", "Safari 16", r"if \(\w+\.requestSubmit\)"),
    (r"\brequestIdleCallback\(", "never in Safari", None),
    (r"\.inert\b", "Chrome 102, Safari 15.5", None),
    (r"\bnavigator\.locks\b", "Safari 15.4", None),
    (r"\(\?<[=!]", "Safari 16.4: the whole file is dead", None),
    (r"\bnew RegExp\([^)]*[\"'][dv][\"']|/[gimsuy]*[dv][gimsuy]*\.(test|exec)", "Chrome 90/112, Safari 15/17", None),
    (r"^\s*static\s*\{|^\s*#\w+\s*(=|;|\()|this\.#\w", "Safari 14.1 and 15: the whole file is dead", None),
    (r"^(const .*= )?await\b", "Safari 15: the whole file is dead", None),
    (r"\bwith \{ ?type:", "Chrome 123, Safari 17.2: the whole file is dead", None),
    (r"\.showModal\(\)", "Safari 15.4", r"if \(!?dialog\??\.showModal|window\.HTMLDialogElement"),
    (r"\.submitter\b", "Safari 15.4", r"event\.submitter \|\| pressed"),
    (r"\bnew CompressionStream\b", "Safari 16.4", r"typeof CompressionStream === \"undefined\""),
    (r"\bnew BarcodeDetector\b", "not on iPads", r"\"BarcodeDetector\" in window"),
    (r"\bwakeLock\b", "Safari 16.4", r"wakeLock\?\."),
    (r"\bgetBattery\(", "never in Safari", r"catch \{"),
    (r"\bstorage\.persist\(", "Safari 15.2", r"catch \{"),
    (r"\btransaction\.commit\(", "Safari 15", r"if \(transaction\.commit\)"),
]


def _code(text: str) -> str:
    """Without what is said about it."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", text, flags=re.S)


def _newer(text: str) -> list[str]:
    code = _code(text)
    return [
        f"{found.group(0).strip()} ({since})"
        for pattern, since, way_out in NEWER
        if (found := re.search(pattern, code, re.M)) and not (way_out and re.search(way_out, code))
    ]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(STATIC)))
def test_no_script_needs_a_newer_browser(path: Path) -> None:
    assert _newer(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "const x = list.at(-1);", "structuredClone(x)", "await fetch('/x');", "const x = await y;",
        "class A {\n  #x = 1;\n}", "dialog.showModal();", "const act = event.submitter.value;", "/(?<=a)b/",
        "new BarcodeDetector({})", "AbortSignal.timeout(3)",
    ],
)  # fmt: skip
def test_the_list_finds_what_it_names(text: str) -> None:
    assert _newer(text)


def test_the_list_leaves_alone_what_has_a_way_out() -> None:
    assert _newer("if (dialog.showModal) dialog.showModal();") == []
    assert _newer("// list.at(-1) is of 2021\nasync () => {\n  await x;\n}; held ??= {};") == []


def _rules(text: str) -> list[tuple[str, str]]:
    return re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def _without_way_out(selector: str, body: str) -> list[str]:
    found = []
    if ":has(" in selector and re.search(r",(?![^()]*\))", selector):
        found.append(f"{selector.strip()}: a browser that does not know :has drops the other selectors as well")
    for name, value in re.findall(r"([\w-]+): *([^;{}]*\b\d+[dsl]v[hw]\b[^;{}]*)", body):
        if not re.search(
            rf"(?<![\w-]){name}: *[^;{{}}]*\b\d+v[hw]\b[^;{{}}]*;.*{name}: *{re.escape(value)}", body, re.S
        ):
            found.append(f"{name}: {value} (Chrome 108, Safari 15.4) has no vh before it")
    if re.search(r"(?<![\w-])inset: ", body):
        found.append(f"{selector.strip()}: inset (Safari 14.1)")
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in (STATIC / "css").glob("*.css")))
def test_pages_stand_where_they_should_in_older_browsers(name: str) -> None:
    rules = _rules((STATIC / "css" / f"{name}.css").read_text())
    assert [fault for selector, body in rules for fault in _without_way_out(selector, body)] == []


def test_styles_without_a_way_out_are_found() -> None:
    for rule in (
        "a:has(b), c { d: e }",
        "a { height: 100dvh; }",
        "a { height: 100dvh; height: 100vh }",
        "a { inset: 0; }",
    ):
        assert [fault for one in _rules(rule) for fault in _without_way_out(*one)]
    assert _without_way_out("a:has(b, c)", "height: 100vh; height: 100dvh; box-shadow: inset 0 0") == []


def test_a_closed_dialog_is_hidden_where_the_element_is_not_known() -> None:
    """Safari 14 would show the question and the number pad in the middle of the sheet."""
    assert "dialog:not([open]) { display: none; }" in (STATIC / "css" / "app.css").read_text()
