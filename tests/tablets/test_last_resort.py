"""No line will come: what a tablet holds reaches the server as a file or off its screen; when it syncs, not again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import verify_ledger
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.permissions import Role
from tests.tablets.lines import Line

pytestmark = pytest.mark.story

NAMES = {"noi-dung": "Nội dung", "hinh-thuc": "Hình thức", "sang-tao": "Sáng tạo"}
# In place of a camera: a picture that the test paints, seen a little askew.
CAMERA = """
  const picture = document.createElement("canvas");
  picture.width = 1280; picture.height = 720;
  navigator.mediaDevices.getUserMedia = async () => picture.captureStream(30);
  window.holdUp = async (address) => {
    const code = new Image(); code.src = address; await code.decode();
    const pen = picture.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#777"; pen.fillRect(0, 0, 1280, 720);
    pen.translate(640, 360); pen.rotate(0.12); pen.drawImage(code, -290, -290, 580, 580);
  };
"""


@pytest.fixture
def scene(make_hall: Any, make_account: Any, tablet: Callable[..., BrowserContext]) -> dict[str, Any]:
    """A judge's tablet that is ready for a hall without a line, and the secretary's computer."""
    hall = make_hall(entries=3)
    secretary = make_account("Hoàng Thị Thư", Role.TALLY_SECRETARY, contest=hall.contest)
    scene = {
        "sheets": [row[1].public_id for row in hall.sheets], "contest": hall.contest.id, "judge": hall.judge(2).id,
        "import": f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/may-cham/nhap",
    }  # fmt: skip
    scene["desk"] = tablet(secretary).new_page()
    judge = db.session.get_one(Account, scene["judge"])
    scene["page"] = page = tablet(judge, accept_downloads=True).new_page()
    page.goto("/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text("Đã tải 3 bài", timeout=30_000)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-rescue]")).to_be_hidden()
    return scene


def write(page: Page, sheet: str, comment: str, **marks: str) -> None:
    page.goto(f"/cham/{sheet}")
    for name, value in marks.items():
        page.get_by_role("textbox", name=NAMES[name.replace("_", "-")]).fill(value)
        page.wait_for_timeout(900)  # a version is made when the typing pauses
    page.get_by_label("Nhận xét").fill(comment)
    page.wait_for_timeout(900)


def in_the_hall(scene: dict[str, Any], line: Line) -> list[str]:
    """Marks on all three sheets without a line; the last is sent. The UUIDs that wait, oldest first."""
    page, (first, second, third) = scene["page"], scene["sheets"]
    line.cut()
    write(page, first, "Nhân vật rõ nét, chi tiết đắt; cách làm có thể nhân rộng.", noi_dung="52,5", hinh_thuc="25")
    write(page, second, "Bố cục gọn; một số đoạn còn chung chung.", noi_dung="41")
    write(page, third, "Kể chuyện tự nhiên, số liệu đủ.", noi_dung="50", hinh_thuc="20", sang_tao="7,25")
    page.get_by_role("button", name="Gửi phiếu chấm").click()
    page.locator("#ask-send [data-yes]").click()
    page.goto("/cham")
    held = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.includes('/ban/')).map((key) => JSON.parse(localStorage[key]))"
    )
    page.get_by_text("Không có đường truyền để gửi?").click()
    return [item["uuid"] for item in sorted(held, key=lambda item: item["seq"])]


def stored() -> list[SheetVersion]:
    rows = db.session.query(SheetVersion).order_by(SheetVersion.seq).all()
    db.session.expunge_all()
    db.session.remove()
    return rows


def everything_once(scene: dict[str, Any], written: list[str]) -> None:
    """In the ledger, in force, and no longer on the tablet."""
    assert [row.uuid for row in stored()] == written
    rows = db.session.query(Assignment).filter(Assignment.version_number > 0)
    marks = {sheet.public_id: (sheet.state, sheet.marks) for sheet in rows}
    assert marks == {
        scene["sheets"][0]: ("begun", {"noi-dung": "52.5", "hinh-thuc": "25", "sang-tao": None}),
        scene["sheets"][1]: ("begun", {"noi-dung": "41", "hinh-thuc": None, "sang-tao": None}),
        scene["sheets"][2]: ("sent", {"noi-dung": "50", "hinh-thuc": "20", "sang-tao": "7.25"}),
    }
    assert not db.session.query(Assignment).filter(Assignment.has_conflict).count()
    assert verify_ledger(db.session.get_one(Contest, scene["contest"])) == []
    db.session.remove()


def test_a_file_from_a_tablet_without_a_line(scene: dict[str, Any], line: Line, tmp_path: Any) -> None:
    written, page, desk = in_the_hall(scene, line), scene["page"], scene["desk"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu phiếu chưa gửi ra tệp").click()
    assert re.fullmatch(r"phieu-[0-9A-F]{4}-\d{8}-\d{4}\.json", download.value.suggested_filename)
    expect(page.locator("[data-said]")).to_contain_text("Hãy chuyển tệp cho Tổ Thư ký")
    expect(page.locator("[data-unsent]")).to_contain_text(f"còn {len(written)} bản chấm")
    file = tmp_path / "phieu.json"
    download.value.save_as(file)

    line.mend()
    desk.goto(scene["import"])
    better = tmp_path / "khac.json"  # by somebody who knows how such a file is made
    document = json.loads(file.read_text(encoding="utf-8"))
    document["items"][-1]["marks"]["noi-dung"] = "60"
    better.write_text(json.dumps({**document, "sha256": sha256_hex(canonical_bytes(document["items"]))}))
    desk.get_by_label("Tệp lưu từ máy chấm").set_input_files(better)
    desk.get_by_role("button", name="Xem phiếu trong tệp").click()
    expect(desk.locator(".callout")).to_contain_text("Dấu niêm phong không khớp với tệp")
    assert stored() == []
    desk.get_by_label("Tệp lưu từ máy chấm").set_input_files(file)
    desk.get_by_role("button", name="Xem phiếu trong tệp").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("J2 · Giám khảo 2")
    assert stored() == []
    desk.get_by_role("button", name=f"Ghi {len(written)} bản chấm").click()
    expect(desk.locator(".flash")).to_contain_text(f"Đã ghi {len(written)} bản chấm của J2")
    everything_once(scene, written)
    assert {row.actor_id for row in stored()} == {scene["judge"]}
    assert db.session.query(AuditEvent).filter_by(action="judging.import_tablet").one().actor_name == "Hoàng Thị Thư"
    db.session.remove()

    # The tablet comes back to a line: all of it is known, and nothing waits any more.
    page.goto("/cham")
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
    expect(page.locator("[data-rescue]")).to_be_hidden()
    everything_once(scene, written)


def test_codes_read_off_the_screen_of_a_tablet_without_a_line(scene: dict[str, Any], line: Line) -> None:
    written, page, desk = in_the_hall(scene, line), scene["page"], scene["desk"]
    page.get_by_role("button", name="Hiện mã QR").click()
    expect(page.locator("[data-codes]")).to_be_visible()
    page.get_by_role("button", name="Tạm dừng").click()
    count = int(page.locator("[data-count]").inner_text().split("/")[1])
    assert count >= 3
    codes = {}
    while len(codes) < count:
        number = int(page.locator("[data-count]").inner_text().split()[1])
        codes[number] = page.locator("[data-code]").evaluate("(canvas) => canvas.toDataURL()")
        page.get_by_role("button", name="Mã sau").click()

    line.mend()
    desk.add_init_script(CAMERA)
    desk.goto(scene["import"])
    desk.get_by_role("button", name="Quét bằng máy ảnh").click()
    for number in (count, 1, count):  # out of order, one of them twice
        desk.evaluate("(code) => holdUp(code)", codes[number])
        expect(desk.locator("[data-says]")).to_contain_text("Đã đọc", timeout=15_000)
        desk.wait_for_timeout(400)
    expect(desk.locator("[data-says]")).to_contain_text(f"Đã đọc 2 / {count} mã")
    for number in range(2, count):
        desk.evaluate("(code) => holdUp(code)", codes[number])
        if number < count - 1:
            expect(desk.locator("[data-says]")).to_contain_text(f"Đã đọc {number + 1} / {count} mã", timeout=15_000)
    desk.get_by_role("button", name=f"Ghi {len(written)} bản chấm").click(timeout=15_000)
    expect(desk.locator(".flash")).to_contain_text(f"Đã ghi {len(written)} bản chấm")
    everything_once(scene, written)

    page.goto("/cham")
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
    everything_once(scene, written)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "mở bằng https"),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            "không được phép dùng máy ảnh",
        ),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }",
            "không có máy ảnh",
        ),
    ],
)
def test_a_camera_that_does_not_open_says_so(
    make_hall: Any, make_account: Any, tablet: Callable[..., BrowserContext], script: str, said: str
) -> None:
    hall = make_hall()
    address = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/may-cham/nhap"
    page = tablet(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest)).new_page()
    page.add_init_script(script)
    page.goto(address)
    page.get_by_role("button", name="Quét bằng máy ảnh").click()

    expect(page.locator("[data-says]")).to_contain_text(said)
    expect(page.get_by_role("button", name="Quét bằng máy ảnh")).to_be_visible()
