"""`flask --app wsgi similar PATH…`: what it reads, writes and answers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from click.testing import Result
from docx import Document
from flask import Flask

from contest.cli import similar
from contest.documents.sniff import Unreadable
from contest.documents.works import decode
from tests.documents.samples import docx_bytes, pdf, simple_docx

FORMATS = Path(similar.__file__).parent / "FORMATS.md"
Run = Callable[..., Result]

PARTS = (
    "Từ trung tâm xã vào thôn Nà Khoang, trước đây ai cũng phải dắt xe qua đoạn dốc dài gần bốn trăm mét.",
    "Mùa khô bụi phủ trắng hàng rào, mùa mưa bánh xe quay tại chỗ; học sinh đi học mang theo một đôi dép dự phòng.",
    "Bà Vược không triệu tập thêm cuộc họp nào mà mời tám gia đình ở cuối thôn sang ăn cơm với tám gia đình đầu thôn.",
)  # fmt: skip
TEXT = "\n\n".join(PARTS)
OTHER = (
    "Ông Rính nói thẳng trong cuộc họp đầu năm rằng nhà ông ở đầu dốc, đường xấu ông vẫn ra được, "
    "câu nói làm cả hội trường im lặng."
)


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*arguments: object, given: bytes | None = None) -> Result:
        return app.test_cli_runner().invoke(similar.similar_command, [str(each) for each in arguments], input=given)

    return invoke


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]


def test_a_copy_in_another_file_and_form_is_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(unicodedata.normalize("NFD", TEXT.upper()), encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(simple_docx(*PARTS))
    (tmp_path / "c.txt").write_text(OTHER, encoding="utf-8")

    result = run(tmp_path)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.decode() == (
        f'{{"a": "{tmp_path}/a.docx", "b": "{tmp_path}/b.txt", "score": "1.00", "containment": ["1.00", "1.00"], '
        f'"passages": [{{"a": [0, {len(TEXT) - 1}], "b": [0, {len(TEXT) - 1}]}}]}}\n'
    )


def windows_1258(text: str) -> bytes:
    """The code page has letters and tones; what it lacks as one sign is a letter and a tone after it."""
    data = b""
    for letter in text:
        try:
            data += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            data += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return data


@pytest.mark.parametrize(
    "data",
    (TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"), windows_1258(TEXT)),
    ids=("UTF-8", "with its mark", "UTF-16", "Windows-1258"),
)
def test_a_text_is_read_in_the_encodings_works_come_in(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")

    (row,) = rows(run(tmp_path))

    assert (row["score"], row["passages"]) == ("1.00", [{"a": [0, len(TEXT) - 1], "b": [0, len(TEXT) - 1]}])


def test_a_pdf_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(1, text=TEXT))
    (tmp_path / "b.txt").write_text(TEXT + " Trang 1", encoding="utf-8")

    (row,) = rows(run(tmp_path))

    assert (row["a"], row["score"]) == (f"{tmp_path}/a.pdf", "1.00")


def test_offsets_count_code_points_of_the_text_in_nfc(run: Run, tmp_path: Path) -> None:
    before, after = "Mở đầu 𝔸 của riêng tôi, rất ngắn.\r\n\r\n", "\r\n\r\nKết của riêng tôi."
    (tmp_path / "a.txt").write_bytes(unicodedata.normalize("NFD", before + PARTS[1] + after).encode())
    (tmp_path / "b.txt").write_text(PARTS[1], encoding="utf-8")

    (row,) = rows(run(tmp_path))
    ((start, end),) = [passage["a"] for passage in row["passages"]]

    assert decode((tmp_path / "a.txt").read_bytes())[start:end] + "." == PARTS[1]
    assert row["containment"][1] == "1.00"


def test_most_alike_come_first_then_names(run: Run, tmp_path: Path) -> None:
    for name, text in (("d", TEXT), ("c", TEXT), ("b", PARTS[0] + OTHER), ("a", TEXT + OTHER)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")

    found = [(Path(row["a"]).stem + Path(row["b"]).stem, row["score"]) for row in rows(run(tmp_path))]

    assert [pair for pair, _ in found] == ["cd", "ac", "ad", "ab", "bc", "bd"]
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[0][1] == "1.00" and found[1][1] == found[2][1]


def test_the_order_of_paths_and_a_second_run_give_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name, text in (("a", TEXT), ("b", TEXT + OTHER), ("c", OTHER + PARTS[0]), ("d", PARTS[2])):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    files = sorted(tmp_path.iterdir())

    outputs = {run(*given).stdout_bytes for given in (files, files[::-1], [tmp_path], [tmp_path, files[0], tmp_path])}

    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) >= 3


def test_folders_are_walked_and_links_are_not(run: Run, tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "xã" / "thôn").mkdir(parents=True)
    outside.mkdir()
    for path in (inside / "xã" / "thôn" / "a.txt", inside / "b.md", outside / "c.txt", inside / ".ẩn.txt"):
        path.write_text(TEXT, encoding="utf-8")
    (inside / "~$b.docx").write_bytes(b"Word")
    (inside / "link").symlink_to(outside)
    (inside / "d.txt").symlink_to(outside / "c.txt")
    (inside / "e.jpg").write_bytes(b"\xff\xd8\xff")

    result = run(inside)

    assert [(row["a"], row["b"]) for row in rows(result)] == [(f"{inside}/b.md", f"{inside}/xã/thôn/a.txt")]
    assert result.exit_code == 0
    assert result.stderr == f"{inside}: 1 left out, neither text nor .docx nor .pdf by name: {inside}/e.jpg\n"
    assert len(rows(run(inside, outside))) == 3


def test_what_cannot_be_read_is_named_and_the_others_are_compared(run: Run, tmp_path: Path) -> None:
    for name, data in (
        ("a.txt", TEXT.encode()), ("b.txt", TEXT.encode()), ("c.docx", b"PK\x03\x04 junk"), ("d.txt", b""),
        ("e.pdf", typst.compile(b"#rect()", format="pdf")), ("f.txt", b" .\n"),
        ("g.pdf", b"%PDF-1.7 junk"), ("h.docx", b"\x89PNG\r\n\x1a\n"),
        ("i.docx", docx_bytes(Document())),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)

    result = run(tmp_path)

    assert len(rows(result)) == 1
    assert result.exit_code == 2
    assert result.stderr.replace(f"{tmp_path}/", "").splitlines() == [
        "c.docx: the file is damaged",
        "d.txt: the file is empty",
        "e.pdf: no words in it (a scan?)",
        "f.txt: no words in it (a scan?)",
        "g.pdf: the file is damaged",
        "h.docx: no text in a file of this kind (png)",
        "i.docx: no words in it (a scan?)",
    ]


@pytest.mark.parametrize("path", ("no-such-folder", "a\0b"))
def test_a_path_that_is_not_there_is_a_failure(run: Run, tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")

    result = run(tmp_path, path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr


def test_standard_input_is_one_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")

    (row,) = rows(run("-", tmp_path, given=TEXT.encode()))

    assert (row["a"], row["b"], row["score"]) == ("-", f"{tmp_path}/a.txt", "1.00")


def test_what_is_known_makes_nobody_alike(run: Run, tmp_path: Path) -> None:
    entries, known = tmp_path / "entries", tmp_path / "rules.txt"
    entries.mkdir()
    known.write_text("Thể lệ. " + PARTS[1], encoding="utf-8")
    (entries / "a.txt").write_text(PARTS[0] + PARTS[1] + PARTS[2], encoding="utf-8")
    (entries / "b.txt").write_text(OTHER + PARTS[1] + "Xin hết. " * 9, encoding="utf-8")

    assert len(rows(run(entries))) == 1
    assert rows(run(entries, "--known", known)) == []


def test_a_name_cannot_write_into_the_terminal_or_spoil_the_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x\x1b[2J\n.docx").write_bytes(b"PK\x03\x04 junk")
    for name in (b"y\xff\n.txt", b"z.txt"):
        with open(bytes(tmp_path) + b"/" + name, "wb") as file:
            file.write(TEXT.encode())

    result = run(tmp_path)

    assert len(result.stderr.splitlines()) == 1 and "\x1b" not in result.stderr
    assert [row["a"] for row in rows(result)] == [f"{tmp_path}/y�\n.txt"]


def test_the_example_of_the_format_gives_the_result_beside_it(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    section = FORMATS.read_text(encoding="utf-8").split("## Near-duplicates")[1].split("\n## ")[0]
    a, b = re.findall(r"```text\n(.*?)\n```", section, re.S)
    (expected,) = re.findall(r"```json\n(.*?)\n```", section, re.S)
    (tmp_path / "ban-goc.txt").write_text(a, encoding="utf-8")
    (tmp_path / "bai-chep.txt").write_text(b, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert run(".").stdout == expected + "\n"


def test_every_reason_has_a_sentence() -> None:
    """Codes as the docstring of Unreadable lists them, and those of the command itself."""
    listed = (Unreadable.__doc__ or "").split("Codes: ")[1].split(".")[0]
    codes = {code.split()[0] for code in listed.replace("(kind)", "").split(",") if code.split()}

    assert {code for code in codes if code.islower() and code.isidentifier()} - {"pages", "pixels", "limit", "or"} <= (
        set(similar.SENTENCES)
    )
    assert {"no_text", "too_large"} <= set(similar.SENTENCES)
