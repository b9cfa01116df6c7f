"""What befalls a tablet besides its line. Each time the page says it in words, and no mark is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db, utcnow
from contest.judging import views_sync
from contest.judging.actions import recuse
from contest.judging.models import Assignment, SheetVersion, Tablet
from contest.judging.queries import verify_ledger
from tests.tablets.lines import Line

pytestmark = pytest.mark.story

ON_SERVER, LOST = re.compile("is-server"), re.compile("is-lost")
FILL = """() => {
  let chunk = "x".repeat(1 << 20);
  for (let index = 0; chunk.length; index += 1) {
    try { localStorage.setItem(`day/${index}`, chunk); } catch { chunk = chunk.slice(0, chunk.length >> 1); }
  }
}"""


class Scene:
    """A judge's tablet, made ready with a line for four sheets; ids are read before a browser needs the database."""

    def __init__(self, hall: Any, tablet: Callable[..., BrowserContext], line: Line) -> None:
        self.line = line
        self.judge, self.other = hall.judge(2).id, hall.judge(1).id
        self.sheets = [(row[1].id, row[1].public_id) for row in hall.sheets]
        self.round, self.contest = hall.sheet.round_id, hall.contest.id
        self.context = tablet(hall.judge(2))
        self.page = self.context.new_page()
        self.page.goto("/cham")
        expect(self.page.locator("[data-kept-state]")).to_contain_text("Đã tải 4 bài", timeout=30_000)
        self.page.wait_for_load_state("networkidle")

    def open(self, number: int) -> Page:
        self.page.goto(f"/cham/{self.sheets[number][1]}")
        return self.page

    def write(self, name: str, value: str) -> None:
        self.field(name).fill(value)
        self.page.wait_for_timeout(900)  # a version is made when the typing pauses

    def field(self, name: str) -> Any:
        return self.page.get_by_role("textbox", name=name)

    @property
    def dot(self) -> Any:
        return self.page.locator("[data-dot]")

    def mend(self) -> None:
        self.line.mend()
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def sign_in_as(self, account_id: int, sign_in: Any) -> None:
        cookie = sign_in(db.session.get_one(Account, account_id)).get_cookie("session")
        db.session.remove()
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.line.address}])

    def stored(self) -> list[tuple[str, Any]]:
        """(sheet, marks without gaps) of the ledger, in its order; the ledger holds."""
        rows = db.session.query(Assignment.public_id, SheetVersion.marks).join(
            SheetVersion, SheetVersion.assignment_id == Assignment.id
        )
        found = [
            (sheet, {key: value for key, value in marks.items() if value}) for sheet, marks in rows.order_by("seq")
        ]
        assert verify_ledger(db.session.get_one(Contest, self.contest)) == []
        db.session.remove()
        return found


@pytest.fixture
def scene(make_hall: Any, tablet: Callable[..., BrowserContext], line: Line) -> Scene:
    return Scene(make_hall(entries=4), tablet, line)


def test_a_full_tablet_says_so_and_keeps_the_marks(scene: Scene) -> None:
    page = scene.open(0)
    page.evaluate(FILL)
    scene.line.cut()
    scene.write("Nội dung", "52,5")
    expect(scene.dot).to_have_class(LOST)
    expect(scene.dot).to_have_text("Máy này hết chỗ lưu. Đừng đóng trang; hãy tìm nơi có đường truyền.")

    # The page is closed all the same; nothing of this is in the first place.
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('/ban/')).length") == 0
    page.close()
    scene.page = scene.context.new_page()
    loads: list[str] = []
    scene.page.on("load", lambda at: loads.append(at.url))
    scene.open(0)
    expect(scene.field("Nội dung")).to_have_value("52,5")
    scene.page.wait_for_timeout(1500)
    assert len(loads) == 1  # it does not load itself in a circle
    scene.write("Hình thức", "20")
    scene.mend()
    expect(scene.dot).to_have_class(ON_SERVER)
    assert scene.stored()[-1] == (scene.sheets[0][1], {"noi-dung": "52.5", "hinh-thuc": "20"})


def test_a_full_tablet_with_a_line_raises_no_alarm(scene: Scene) -> None:
    scene.open(0).evaluate(FILL)
    scene.write("Nội dung", "52,5")
    expect(scene.dot).to_have_class(ON_SERVER)
    scene.page.reload()
    expect(scene.field("Nội dung")).to_have_value("52,5")
    expect(scene.dot).to_have_class(ON_SERVER)


def test_marks_of_a_sheet_the_judge_stepped_back_from_stay_on_the_tablet_with_the_reason(scene: Scene) -> None:
    scene.open(0)
    scene.line.cut()
    scene.write("Nội dung", "52,5")
    row = db.session.get_one(Assignment, scene.sheets[0][0])
    recuse(row, row.round.contest, reason="Người nhà.", account=db.session.get_one(Account, scene.judge), now=utcnow())
    db.session.commit()
    db.session.remove()
    scene.mend()

    reason = "Phiếu này đã được từ chối chấm, nên không nhận thêm điểm. Điểm đã nhập vẫn được giữ trên máy này."
    expect(scene.dot).to_have_class(LOST)
    expect(scene.dot).to_have_text(reason)
    expect(scene.field("Nội dung")).to_have_value("52,5")
    scene.page.goto("/cham")
    expect(scene.page.locator("[data-unsent]")).to_have_text(
        f"Có 1 bản chấm máy chủ không nhận; điểm vẫn giữ trên máy này. {reason}"
    )
    expect(scene.page.locator("[data-rescue]")).to_be_visible()
    assert scene.stored() == []


def test_a_round_closed_meanwhile_keeps_the_marks_and_says_whom_to_tell(scene: Scene) -> None:
    scene.open(0)
    scene.line.cut()
    scene.write("Nội dung", "52,5")
    db.session.get_one(Round, scene.round).state = "closed"
    db.session.commit()
    db.session.remove()
    scene.mend()

    reason = "Vòng chấm đã đóng. Điểm đã nhập vẫn được giữ trên máy này; hãy báo Tổ Thư ký."
    expect(scene.dot).to_have_text(reason)
    scene.page.reload()
    expect(scene.dot).to_have_class(LOST)
    expect(scene.dot).to_have_text(reason)
    expect(scene.field("Nội dung")).to_have_value("52,5")
    expect(scene.page.locator("[data-total]").first).to_have_text("52,5")

    # Opened again, it goes out.
    db.session.get_one(Round, scene.round).state = "open"
    db.session.commit()
    db.session.remove()
    scene.page.reload()
    expect(scene.field("Nội dung")).to_have_value("52,5")
    expect(scene.dot).to_have_class(ON_SERVER)
    assert scene.stored() == [(scene.sheets[0][1], {"noi-dung": "52.5"})]
    scene.page.goto("/cham")
    expect(scene.page.locator("[data-unsent]")).to_be_hidden()


@pytest.mark.parametrize("years", [-14, 9])
def test_a_clock_years_off_changes_no_order_and_no_time_that_is_shown(scene: Scene, years: int) -> None:
    scene.context.add_init_script(
        f"""const off = {years} * 365 * 86400e3, Right = Date;
        Date = class extends Right {{
          constructor(...given) {{ if (given.length) super(...given); else super(Right.now() + off); }}
          static now() {{ return Right.now() + off; }}
        }};"""
    )
    scene.open(0)
    scene.write("Nội dung", "50")
    expect(scene.dot).to_have_class(ON_SERVER)
    scene.line.cut()
    for value in ("51", "52", "53"):
        scene.write("Nội dung", value)
    scene.page.reload()
    expect(scene.field("Nội dung")).to_have_value("53")
    scene.mend()
    expect(scene.dot).to_have_class(ON_SERVER)
    assert [marks["noi-dung"] for _sheet, marks in scene.stored()] == ["50", "51", "52", "53"]
    sheet = db.session.get_one(Assignment, scene.sheets[0][0])
    at = sheet.saved_at
    assert (sheet.has_conflict, at.year) == (False, utcnow().year)
    assert abs(db.session.query(Tablet).one().clock_off - years * 365 * 86400) < 86400
    db.session.remove()
    scene.page.reload()
    expect(scene.dot).to_contain_text(f"{(at.hour + 7) % 24:02d}:{at.minute:02d}")


def test_an_app_renewed_in_between_takes_the_marks_and_is_fetched_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scene.open(0)
    scene.line.cut()
    scene.write("Nội dung", "52,5")
    old = views_sync._config()
    monkeypatch.setattr(views_sync, "_config", lambda: {**old, "version": "renewed1"})
    scene.mend()
    expect(scene.dot).to_have_class(ON_SERVER)  # the page of before, before the server of now
    scene.write("Hình thức", "20")
    expect(scene.dot).to_have_class(ON_SERVER)

    page.goto("/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text("Đã tải 4 bài", timeout=30_000)
    page.wait_for_load_state("networkidle")
    versions = page.evaluate(
        """async () => {
          const pages = await caches.open("cham-bai");
          const found = [];
          for (const one of await pages.keys()) {
            const version = (await (await pages.match(one)).text()).match(/data-version="(\\w+)"/);
            if (version) found.push(version[1]);
          }
          return found;
        }"""
    )
    assert versions == ["renewed1"] * 5  # four sheets and the list
    scene.line.cut()
    scene.open(1)
    scene.write("Nội dung", "41")
    scene.mend()
    expect(scene.dot).to_have_class(ON_SERVER)
    assert [marks for _sheet, marks in scene.stored()][-1] == {"noi-dung": "41"}


def test_a_page_of_an_older_app_goes_on_without_the_words_it_lacks(scene: Scene) -> None:
    scene.page.evaluate(
        """async (path) => {
          const pages = await caches.open("cham-bai");
          const text = await (await pages.match(path)).text();
          const words = /"(tablet|count|saving|unlike|faulty)": "[^"]*",?/g;
          const old = text.replace(words, "").replace(/"number": \\d+,?/, "");
          if (text.replace(words, "") === text) throw new Error("nothing was taken out");
          await pages.put(path, new Response(old, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
        }""",
        f"/cham/{scene.sheets[0][1]}",
    )
    faults: list[str] = []
    scene.page.on("pageerror", lambda fault: faults.append(str(fault)))
    scene.line.cut()
    scene.open(0)
    scene.write("Nội dung", "52,5")
    scene.write("Nội dung", "53")
    scene.mend()
    expect(scene.dot).to_have_class(ON_SERVER)
    assert (faults, [marks for _sheet, marks in scene.stored()][-1]) == ([], {"noi-dung": "53"})


def test_another_judge_on_the_tablet_sees_nothing_of_the_first_whose_marks_wait(scene: Scene, sign_in: Any) -> None:
    page = scene.open(0)
    scene.line.cut()
    scene.write("Nội dung", "52,5")
    scene.sign_in_as(scene.other, sign_in)
    scene.mend()

    # The first judge's page leaves by itself, for the list of whoever is signed in.
    page.wait_for_url("**/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text("Đã tải 4 bài", timeout=30_000)
    expect(page.locator("[data-others]")).to_contain_text("Trên máy này còn 1 bản chấm của giám khảo khác")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert scene.stored() == []
    page.wait_for_load_state("networkidle")
    kept = page.evaluate(
        "caches.open('cham-bai').then((pages) => pages.keys()).then((all) => all.map((one) => one.url))"
    )
    assert not [url for url in kept for _id, mine in scene.sheets if mine in url]
    scene.line.cut()
    scene.open(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa có đường truyền")
    scene.line.mend()
    scene.open(0)
    expect(page.locator(".sheet")).to_have_count(0)

    # The first judge is back.
    scene.sign_in_as(scene.judge, sign_in)
    page.goto("/cham")
    expect(page.locator("[data-others]")).to_be_hidden()
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
    expect(page.locator("[data-kept-state]")).to_contain_text("Đã tải 4 bài", timeout=30_000)
    assert scene.stored() == [(scene.sheets[0][1], {"noi-dung": "52.5"})]


def test_signing_in_again_fetches_what_the_end_of_the_session_wiped(scene: Scene, sign_in: Any) -> None:
    scene.context.clear_cookies()
    scene.page.goto("/cham")
    scene.page.wait_for_url(re.compile("dang-nhap"))
    scene.sign_in_as(scene.judge, sign_in)
    scene.page.goto("/cham")
    expect(scene.page.locator("[data-kept-state]")).to_contain_text("Đã tải 4 bài", timeout=30_000)
    scene.page.wait_for_load_state("networkidle")
    scene.line.cut()
    scene.open(3)
    expect(scene.page.locator(".sheet-text")).to_contain_text("Bản nhỏ bên sông Gâm")
