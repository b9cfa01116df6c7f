"""What the other rooms call: the same results through a child as in this process, and refusals as themselves."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from contest.documents import desk
from contest.documents.apart import ChildEnded, ChildFailed
from contest.documents.data import SignInCard
from contest.documents.sniff import Kind, Unreadable
from tests.documents.samples import pdf, photo, planted_docx
from tests.documents.test_typeset import CERTIFICATE, RECEIPT
from tests.documents.test_word import DECISION, MINUTES, SUMMARY

CARD = SignInCard("Cuộc thi viết", "Lò Văn Páo", "Giám khảo", "https://x.vn/the/1", RECEIPT.received_at, "GK1")
CALLS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("read_work", (planted_docx(), Kind.DOCX), {}),
    ("read_work", ("Suối nguồn\n\nNậm Rốm".encode(), Kind.TXT), {}),
    ("pdf_text", (pdf(3),), {}),
    ("pdf_page_count", (pdf(3),), {}),
    ("pdf_pages", (pdf(22),), {"width": 600}),
    ("photo_page", (photo(),), {}),
    ("painted", (photo(orientation=1), ((0, 0, 1000, 160),)), {}),
    ("receipt_pdf", (RECEIPT,), {}),
    ("sign_in_cards_pdf", ([CARD] * 9,), {"fonts": Path("nowhere")}),
    ("certificates_pdf", ([CERTIFICATE] * 3,), {}),
    ("minutes_docx", (MINUTES,), {}),
    ("summary_docx", (SUMMARY,), {}),
    ("decision_docx", (DECISION,), {}),
    ("qr_png", ("https://x.vn/1",), {"box": 12}),
    ("qr_svg", ("https://x.vn/1",), {}),
)


@pytest.fixture
def service() -> Iterator[Flask]:
    """An app of which the desk sees its setting alone: documents are made apart, as in service."""
    app = Flask(__name__)
    app.config["DOCUMENTS_APART"] = True
    with app.app_context():
        yield app


@pytest.mark.parametrize(("name", "arguments", "options"), CALLS, ids=[call[0] for call in CALLS])
def test_a_child_gives_what_this_process_gives(
    name: str, arguments: tuple[Any, ...], options: dict[str, Any], service: Flask
) -> None:
    apart = getattr(desk, name)(*arguments, **options)
    service.config["DOCUMENTS_APART"] = False
    here = getattr(desk, name)(*arguments, **options)

    assert apart == here
    assert apart


def _functions() -> dict[str, str]:
    """The public functions of the desk and the work each asks for: "pages.pdf_text"."""
    tree = ast.parse(inspect.getsource(desk))
    found = {}
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            works = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
            found[function.name] = next(work for work in works if str(work).endswith(f".{function.name}"))
    return found


def test_every_function_is_tried_above() -> None:
    assert set(_functions()) == {name for name, _arguments, _options in CALLS}


@pytest.mark.parametrize(("name", "work"), _functions().items())
def test_a_function_takes_what_the_one_behind_it_takes(name: str, work: str) -> None:
    module = importlib.import_module(f"contest.documents.{work.split('.')[0]}")
    behind = inspect.signature(getattr(module, name))
    here = inspect.signature(getattr(desk, name))

    assert here.return_annotation == behind.return_annotation
    for parameter in here.parameters.values():
        assert behind.parameters[parameter.name] == parameter


def _wide() -> bytes:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "arguments", "code", "facts"),
    (
        ("photo_page", (_wide(),), "image_too_large", {"pixels": 100_000_000, "limit": 80_000_000}),
        ("pdf_text", (b"%PDF-1.7\n",), "broken", {}),
        ("read_work", (b"PK\x03\x04 and no more", Kind.DOCX), "broken", {}),
    ),
)
@pytest.mark.usefixtures("service")
def test_a_refusal_comes_back_with_its_code_and_facts(
    name: str, arguments: tuple[Any, ...], code: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(Unreadable) as refused:
        getattr(desk, name)(*arguments)

    assert (refused.value.code, refused.value.facts) == (code, facts)


@pytest.mark.usefixtures("service")
def test_a_file_that_ends_the_child_is_refused_as_too_heavy() -> None:
    with pytest.raises(Unreadable) as refused:
        desk._read("qr.qr_png", "9 GB of pixels", box=3500)

    assert (refused.value.code, refused.value.facts) == ("too_heavy", {})


@pytest.mark.usefixtures("service")
def test_a_drawing_that_ends_the_child_says_so() -> None:
    with pytest.raises(ChildEnded, match=r"qr\.qr_png"):
        desk.qr_png("9 GB of pixels", box=3500)


def test_the_service_starts_without_a_library_for_documents(tmp_path: Path) -> None:
    """Each web worker would carry them: 15 MB."""
    heavy = ("PIL", "docx", "lxml", "pypdfium2", "qrcode", "typst")
    program = f"import sys, wsgi; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"CONTEST_INSTANCE_DIR": str(tmp_path)},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.strip() == "[]"


def test_a_file_that_brings_out_a_fault_of_a_reader_is_broken_and_the_fault_is_in_the_log(
    service: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_call: Any, **_options: Any) -> None:
        raise ChildFailed("Traceback: ValueError in numbering.py")

    monkeypatch.setattr(desk.apart, "ask", fails)

    with pytest.raises(Unreadable) as refused:
        desk.read_work(planted_docx(), Kind.DOCX)
    with pytest.raises(ChildFailed):
        desk.receipt_pdf(RECEIPT)

    assert refused.value.code == "broken"
    assert "reading.read_work: Traceback: ValueError in numbering.py" in caplog.text
