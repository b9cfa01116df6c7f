"""The server is killed between taking a batch and saying so; the tablet sends it again, and nothing is there twice."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from contest.contests.models import Contest
from contest.db import db
from contest.judging.models import Assignment, SheetVersion
from contest.judging.queries import verify_ledger
from tests.tablets.servers import Served

pytestmark = pytest.mark.story

ON_SERVER = re.compile("is-server")
NAMES = {"noi-dung": "Nội dung", "hinh-thuc": "Hình thức", "sang-tao": "Sáng tạo"}


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    served = Served(app)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def address(served: Served) -> str:
    """Tablets reach the server that can be killed."""
    return served.address


def write(page: Page, name: str, value: str) -> None:
    page.get_by_role("textbox", name=NAMES[name]).fill(value)
    page.wait_for_timeout(900)  # a version is made when the typing pauses


def waiting(page: Page) -> list[dict[str, Any]]:
    """What waits in the tablet's own storage, oldest first."""
    found: list[dict[str, Any]] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.includes('/ban/')).map((key) => JSON.parse(localStorage[key]))"
    )
    return sorted(found, key=lambda item: item["seq"])


@pytest.mark.parametrize(("dies", "taken"), [("answered", 4), ("halfway", 0)])
def test_a_server_killed_before_its_receipt_leaves_every_version_once(
    tablet: Callable[..., BrowserContext], served: Served, make_hall: Any, dies: str, taken: int
) -> None:
    hall = make_hall(entries=2)
    first, second = (row[1].public_id for row in hall.sheets)
    contest_id, judge = hall.contest.id, hall.judge(2)
    page = tablet(judge).new_page()
    page.goto("/cham")
    expect(page.locator("[data-kept-state]")).to_contain_text("Đã tải 2 bài", timeout=30_000)
    page.goto(f"/cham/{first}")
    page.wait_for_load_state("networkidle")

    # Four versions on two sheets while the server is away.
    served.stop()
    write(page, "noi-dung", "52,5")
    write(page, "hinh-thuc", "25")
    write(page, "sang-tao", "8,25")
    page.goto(f"/cham/{second}")
    write(page, "noi-dung", "41")
    written = waiting(page)
    assert [item["sheet"] for item in written] == [first, first, first, second]

    served.start(dies=dies)
    page.evaluate("dispatchEvent(new Event('online'))")
    assert served.died() == signal.SIGKILL
    expect(page.locator("[data-dot]")).to_have_text("trên máy này, chưa lên máy chủ")
    assert [item["uuid"] for item in waiting(page)] == [item["uuid"] for item in written]
    assert db.session.query(SheetVersion).count() == taken
    db.session.remove()

    served.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-dot]")).to_have_class(ON_SERVER, timeout=30_000)
    expect(page.locator("[data-dot]")).to_contain_text("trên máy chủ")
    assert waiting(page) == []
    rows = db.session.query(SheetVersion).order_by(SheetVersion.seq).all()
    assert [(row.uuid, row.based_on) for row in rows] == [(item["uuid"], item["body"]["based_on"]) for item in written]
    assert all(row.holds for row in rows)
    marks = {sheet.public_id: sheet.marks for sheet in db.session.query(Assignment) if sheet.version_number}
    assert marks == {
        first: {"noi-dung": "52.5", "hinh-thuc": "25", "sang-tao": "8.25"},
        second: {"noi-dung": "41", "hinh-thuc": None, "sang-tao": None},
    }
    assert verify_ledger(db.session.get_one(Contest, contest_id)) == []
    db.session.remove()
    page.goto(f"/cham/{first}")
    expect(page.locator("[data-total]").first).to_have_text("85,75")
    page.goto("/cham")
    expect(page.locator("[data-unsent]")).to_be_hidden()
