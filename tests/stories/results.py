"""From confirmed marks to a certificate anyone can check."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path

import docx
import pypdfium2
from flask import Flask

from tests.stories.person import Person
from tests.stories.preparing import qrs_in


def lock(tally: Person, round_: str) -> None:
    """Look at the draft, lock it, asked once."""
    tally.go(f"{round_}/ket-qua")
    tally.check("round-draft")
    tally.follow("Khóa kết quả")
    tally.press("Khóa kết quả", within=tally.page.get_by_role("dialog"))
    tally.reads("Đã khóa lúc")
    tally.check("round-locked")


def advance(tally: Person, many: int) -> None:
    tally.press(f"Đưa {many} bài vào Chung khảo")
    tally.reads("Chung khảo")


def join_codes(keeper: Person, organiser: Person, contest: str) -> None:
    """Two people: one asks, the other agrees; then the list can be opened, and that is written down."""
    keeper.go(f"{contest}/khop-phach")
    keeper.check("unblinding")
    keeper.page.get_by_label("Cả cuộc thi").check()
    keeper.fill("Lý do", "Các vòng đã được xác nhận; khớp phách để xét giải.")
    keeper.press("Gửi đề nghị")
    keeper.reads("Đang chờ một người khác đồng ý")
    organiser.go(f"{contest}/khop-phach")
    organiser.check("unblinding-asked")
    organiser.press("Đồng ý mở phách")
    organiser.reads("Đã đồng ý")
    keeper.go(f"{contest}/khop-phach")
    keeper.press("Mở danh sách đã khớp")
    keeper.reads("Danh sách đã khớp phách")
    keeper.check("joined")


def decide_prizes(organiser: Person, contest: str) -> None:
    organiser.go(f"{contest}/xet-giai")
    organiser.check("prizes")
    organiser.fill("Số, ký hiệu quyết định", "12-QĐ/BTC")
    organiser.fill("Ngày ban hành", "2026-11-20")
    organiser.fill("Người ký", "T/M BAN TỔ CHỨC\nPHÓ TRƯỞNG BAN\nMa Thị Hằng")
    organiser.press("Ghi quyết định")
    organiser.reads("Ghi lại quyết định")


def publish(organiser: Person, contest: str) -> None:
    organiser.go(f"{contest}/xet-giai")
    organiser.follow("Công bố kết quả")
    organiser.press("Công bố kết quả", within=organiser.page.get_by_role("dialog"))
    organiser.reads("Công bố lúc")
    organiser.go(f"{contest}/xet-giai")
    organiser.check("prizes-published")


def run_again(visitor: Person, app: Flask, folder: Path) -> None:
    """Anyone takes the bundle from the public page, tabulates it, and gets what the page states."""
    stated = dict(
        zip(visitor.page.locator("dt").all_inner_texts(), visitor.page.locator("dd").all_inner_texts(), strict=True)
    )
    bundle = visitor.download(visitor.page.get_by_role("link", name="Tải gói dữ liệu"))
    assert hashlib.sha256(bundle).hexdigest() == stated["SHA-256 của gói dữ liệu"].strip()
    path = folder / "bundle.json"
    path.write_bytes(bundle)
    again = app.test_cli_runner().invoke(args=["tabulate", str(path)])
    assert again.exit_code == 0
    document = again.stdout_bytes.removesuffix(b"\n")
    assert hashlib.sha256(document).hexdigest() == stated["SHA-256 của kết quả"].strip()
    assert visitor.download(visitor.page.get_by_role("link", name="Tải kết quả")) == document
    assert json.loads(document)["format"] == "contest-result/1"


def issue_certificates(tally: Person, contest: str) -> bytes:
    """Numbers are given, the file is made in the background; returns the PDF."""
    tally.go(f"{contest}/chung-nhan")
    tally.press("Cấp số và lập tệp in")
    ready = tally.page.get_by_role("link", name="Tải tệp in mới nhất")
    for _attempt in range(200):
        if ready.count():
            break
        tally.page.reload(wait_until="load")
    tally.check("certificates")
    return tally.download(ready)


def certificate_addresses(pdf: bytes) -> list[str]:
    return [text for page in pypdfium2.PdfDocument(io.BytesIO(pdf)) for text in qrs_in(page.render(scale=3).to_pil())]


def make_papers(tally: Person, contest: str) -> list[bytes]:
    """Minutes of the last round and the summary of its marks, as Word."""
    tally.go(f"{contest}/van-ban")
    round_ = tally.page.locator("section", has=tally.page.get_by_role("heading", name="Chung khảo"))
    round_.get_by_text("Lập biên bản họp Ban Giám khảo").click()
    tally.fill("Địa điểm họp", "Phòng họp Ban Dân vận Tỉnh ủy", within=round_)
    tally.fill("Thư ký", "Hứa Thị Ngân", within=round_)
    tally.fill("Trưởng Ban Giám khảo", "Nông Văn Hưởng", within=round_)
    tally.press("Lập biên bản", within=round_)
    tally.press("Lập bảng tổng hợp điểm", within=round_)
    links = tally.page.get_by_role("table").get_by_role("link").filter(has_text=".docx")
    for _attempt in range(200):
        if links.count() >= 2:
            break
        tally.page.reload(wait_until="load")
    tally.check("papers")
    return [tally.download(link) for link in links.all()]


def words_of(paper: bytes) -> str:
    """All text of a Word file, of its tables too."""
    document = docx.Document(io.BytesIO(paper))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def ledger_head(tally: Person, round_: str) -> str:
    """As the page of the locked round states it."""
    tally.go(f"{round_}/ket-qua")
    return re.search(r"đầu sổ ([0-9a-f]{64})", tally.page.locator("main").inner_text())[1]  # type: ignore[index]


def grouped(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
