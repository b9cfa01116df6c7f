"""The judge's list and sheet: what they show, what they never show, and the plain form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.db import db
from contest.entries.models import JudgeCopy
from contest.judging.actions import ask_second_look
from contest.judging.models import DeclaredConflict, SheetVersion
from contest.storage import storage
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, save, statements_of

SignIn = Callable[[Account], FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def page(client: FlaskClient, hall: Hall, query: str = "") -> str:
    answer = client.get(f"/cham/{hall.sheet.public_id}{query}")
    assert answer.status_code == 200
    return answer.text


def form(hall: Hall, act: str, **values: str) -> dict[str, str]:
    fields = {f"mark-{key}": value for key, value in FULL.items()}
    return {
        "uuid": str(uuid4()),
        "based_on": hall.sheet.version_uuid or "",
        "act": act,
        "comment": "",
        **fields,
        **values,
    }


def send(client: FlaskClient, hall: Hall, act: str, **values: str) -> Any:
    return client.post(f"/cham/{hall.sheet.public_id}", data=form(hall, act, **values))


def test_the_list_leads_to_the_next_sheet(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(entries=3)
    save(hall.sheets[0][1], hall.judge(2), "sent")
    db.session.commit()

    text = sign_in(hall.judge(2)).get("/cham").text

    assert "Chấm tiếp bài 0418" in text
    assert re.findall(r'mine-code num">(\d+)<', text) == ["0417", "0418", "0419"]
    assert re.findall(r'mine-total num">([^<]+)<', text) == ["85,75", "–", "–"]


def test_an_empty_list_says_what_will_come(make_account: Any, sign_in: SignIn) -> None:
    assert "Chưa có bài để chấm" in sign_in(make_account()).get("/cham").text


def test_a_waiting_round_shows_nothing_yet(hall: Hall, sign_in: SignIn) -> None:
    db.session.get(Round, hall.sheet.round_id).state = "waiting"
    db.session.commit()
    client = sign_in(hall.judge(2))

    assert "Chưa có bài để chấm" in client.get("/cham").text
    assert client.get(f"/cham/{hall.sheet.public_id}").status_code == 404


def test_the_sheet_shows_the_work_and_tells_no_mark_from_zero(hall: Hall, sign_in: SignIn) -> None:
    save(hall.sheet, hall.judge(2), marks={"noi-dung": "0", "hinh-thuc": None}, comment="Cần xem <lại>")
    db.session.commit()

    text = page(sign_in(hall.judge(2)), hall)

    assert "Bản nhỏ bên sông Gâm" in text
    fields = re.findall(
        r'name="mark-([a-z-]+)" type="text" inputmode="decimal" autocomplete="off" value="([^"]*)"', text
    )
    assert fields == [
        ("noi-dung", "0"), ("hinh-thuc", ""), ("sang-tao", ""),
    ]  # fmt: skip
    assert "Cần xem &lt;lại&gt;" in text
    assert "đã lưu 09:00 trên máy chủ" in text


def test_who_may_not_see_a_sheet(hall: Hall, make_hall: Any, sign_in: SignIn, client: FlaskClient) -> None:
    other = make_hall()
    address = f"/cham/{hall.sheet.public_id}"

    assert client.get(address).status_code == 302
    for account in (hall.judge(1), other.judge(2)):
        visitor = sign_in(account)
        assert [visitor.get(address).status_code, visitor.get(f"{address}/gui").status_code] == [404, 404]
        for path in ("", "/chon-ban", "/tu-choi"):
            assert visitor.post(address + path, data=form(hall, "draft", version="x", reason="x")).status_code == 404


def test_a_judge_never_meets_an_author_or_another_judges_mark(
    make_hall: Any, make_account: Any, sign_in: SignIn
) -> None:
    hall = make_hall(entries=2)
    entry = hall.sheet.round_entry.entry
    entry.unit_name = "Xã Bí Mật"
    save(
        hall.sheets[0][0],
        hall.judge(1),
        "sent",
        marks={"noi-dung": "33.5", "hinh-thuc": "11", "sang-tao": "3.25"},
        comment="Riêng",
    )
    db.session.commit()
    client = sign_in(hall.judge(2))
    seen = client.get("/cham").text + page(client, hall)

    assert hall.sheet.round_entry.code in seen and entry.title in seen
    for secret in ("Tác giả 0", "Xã Bí Mật", entry.receipt_code, entry.public_id, "33,5", "33.5", "Riêng", "47,75"):
        assert secret not in seen


def test_the_plain_form_keeps_a_draft_and_sends_after_a_question(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))

    kept = send(client, hall, "review", **{"mark-noi-dung": "52,5"})
    assert (kept.status_code, kept.location) == (303, f"/cham/{hall.sheet.public_id}/gui")
    question = client.get(kept.location).text
    assert "Gửi phiếu chấm bài 0417?" in question and "85,75" in question
    db.session.expire_all()
    sent = send(client, hall, "sent")

    assert sent.status_code == 303
    db.session.expire_all()
    assert (hall.sheet.state, hall.sheet.marks) == ("sent", FULL)
    assert "Sửa phiếu đã gửi" in page(client, hall)


def test_a_refused_plain_form_keeps_what_was_typed(hall: Hall, sign_in: SignIn) -> None:
    answer = send(sign_in(hall.judge(2)), hall, "draft", **{"mark-noi-dung": "75", "comment": "Nhận xét dài"})

    assert answer.status_code == 422
    assert "Nội dung: điểm vượt quá thang điểm 60." in answer.text
    assert 'value="75"' in answer.text and "Nhận xét dài" in answer.text
    assert db.session.query(SheetVersion).count() == 0


def test_the_same_plain_form_twice_is_stored_once(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))
    data = form(hall, "sent")

    answers = [client.post(f"/cham/{hall.sheet.public_id}", data=data).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.query(SheetVersion).count() == 1


def test_a_sent_sheet_leads_to_the_next_that_waits_and_at_last_to_the_list(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(entries=4)
    judge, mine = hall.judge(2), [row[1] for row in hall.sheets]
    client = sign_in(judge)

    def leads_to() -> list[str]:
        text = client.get(f"/cham/{mine[1].public_id}").text
        return re.findall(r'class="btn btn-primary" href="([^"]+)"', text)

    for sheet in mine[1:3]:
        save(sheet, judge, "sent")
    db.session.commit()
    assert leads_to() == [f"/cham/{mine[3].public_id}"]

    save(mine[3], judge, "sent")
    db.session.commit()
    assert leads_to() == [f"/cham/{mine[0].public_id}"]

    save(mine[0], judge, "sent")
    db.session.commit()
    assert leads_to() == ["/cham"]


def test_a_second_look_shows_the_reason_and_both_ways_to_answer(hall: Hall, sign_in: SignIn) -> None:
    save(hall.sheet, hall.judge(2), "sent")
    ask_second_look(hall.sheet, hall.contest, reason="Lệch 25 điểm", account=hall.judge(1), now=NOW)
    db.session.commit()
    client = sign_in(hall.judge(2))

    text = page(client, hall)
    assert "Trưởng Ban Giám khảo đề nghị xem lại" in text and "Lệch 25 điểm" in text
    assert "Giữ nguyên điểm" in text and "Sửa điểm" in text
    assert hall.judge(1).full_name not in text
    assert "Lý do sửa" in page(client, hall, "?sua=1")
    assert send(client, hall, "correction", reason="").status_code == 422
    assert send(client, hall, "confirmed").status_code == 303
    db.session.expire_all()
    assert hall.sheet.state == "sent"


def test_two_versions_stand_side_by_side_until_one_is_picked(hall: Hall, sign_in: SignIn) -> None:
    save(hall.sheet, hall.judge(2), marks={"noi-dung": "40"}, device="a")
    beside = save(hall.sheet, hall.judge(2), marks={"noi-dung": "45.5"}, device="b").version.uuid
    db.session.commit()
    client = sign_in(hall.judge(2))

    text = page(client, hall)
    assert text.count("Dùng bản này") == 2 and "45,5" in text
    answer = client.post(f"/cham/{hall.sheet.public_id}/chon-ban", data={"version": beside, "uuid": str(uuid4())})

    assert answer.status_code == 303
    db.session.expire_all()
    assert (hall.sheet.marks["noi-dung"], hall.sheet.has_conflict) == ("45.5", False)
    assert "Dùng bản này" not in page(client, hall)


@pytest.mark.parametrize(
    ("devices", "told", "head"),
    (
        (("a", "b"), "Phiếu này được ghi khác nhau trên hai thiết bị", "Từ thiết bị khác"),
        (("a", "a"), "Phiếu này được ghi khác nhau hai lần trên cùng một máy", "Ghi cùng máy"),
        # Nobody knows which device these two came from.
        (("form", "form"), "Phiếu này được ghi khác nhau ở hai nơi", "Ghi ở nơi khác"),
        (("", ""), "Phiếu này được ghi khác nhau ở hai nơi", "Ghi ở nơi khác"),
        (("a", "nhap-tep:0123456789abcdef:a"), "Phiếu này được ghi khác nhau ở hai nơi", "Ghi ở nơi khác"),
    ),
)
def test_two_devices_are_told_of_only_where_there_are_two(
    hall: Hall, sign_in: SignIn, devices: tuple[str, str], told: str, head: str
) -> None:
    for mark, device in zip(("40", "45"), devices, strict=True):
        save(hall.sheet, hall.judge(2), marks={"noi-dung": mark}, device=device)
    db.session.commit()

    text = page(sign_in(hall.judge(2)), hall)

    title = re.search(r'callout-title">(Phiếu này được ghi[^<]+)<', text)
    heads = re.findall(r'rival-head">\s*([^<]+?)\s*<', text)
    assert (title and title[1], heads) == (told, ["Đang dùng", head])


def test_versions_are_shown_by_what_differs(hall: Hall, sign_in: SignIn) -> None:
    save(hall.sheet, hall.judge(2), device="a", comment="Bài chắc.")
    save(hall.sheet, hall.judge(2), marks={**FULL, "sang-tao": "9"}, device="b", comment="Bài chắc.")
    db.session.commit()

    text = page(sign_in(hall.judge(2)), hall)

    shown = re.findall(r'class="differs"><dt>([^<]+)</dt><dd class="num">([^<]+)</dd>', text)
    assert shown == [("Sáng tạo", "8,25"), ("Sáng tạo", "9")]
    assert re.search(r"Giống nhau ở các bản:\s+nội dung 52,5, hình thức 25\.", text)
    assert "rival-comment" not in text  # the same remark in both


def test_a_version_of_another_sheet_cannot_be_picked(make_hall: Any, sign_in: SignIn) -> None:
    hall = make_hall(entries=2)
    foreign = save(hall.sheets[1][1], hall.judge(2)).version.uuid
    db.session.commit()

    answer = sign_in(hall.judge(2)).post(
        f"/cham/{hall.sheet.public_id}/chon-ban", data={"version": foreign, "uuid": str(uuid4())}
    )

    assert answer.status_code == 404


def test_who_declares_an_interest_no_longer_sees_the_work(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))

    assert client.post(f"/cham/{hall.sheet.public_id}/tu-choi", data={"reason": ""}).status_code == 422
    answer = client.post(f"/cham/{hall.sheet.public_id}/tu-choi", data={"reason": "Em ruột"}, follow_redirects=True)

    assert "không chấm bài 0417" in answer.text and "từ chối chấm" in answer.text
    assert client.get(f"/cham/{hall.sheet.public_id}").status_code == 404
    assert db.session.query(DeclaredConflict).count() == 1


def test_a_page_picture_is_for_its_judge_alone_and_kept_by_no_browser(hall: Hall, sign_in: SignIn) -> None:
    stored = storage().put(PNG)
    copy = db.session.query(JudgeCopy).one()
    copy.pages = [{"key": stored.key, "width": 10, "height": 20}]
    db.session.commit()
    address = f"/cham/{hall.sheet.public_id}/trang/1"
    client = sign_in(hall.judge(2))

    answer = client.get(address)
    assert (answer.status_code, answer.data, answer.content_type) == (200, PNG, "image/png")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert stored.key.replace("/", "") not in str(answer.headers)
    assert [client.get(address.replace("/1", f"/{n}")).status_code for n in (0, 2)] == [404, 404]
    assert sign_in(hall.judge(1)).get(address).status_code == 404


@pytest.mark.parametrize("path", ("/cham", "/cham/{}"))
def test_the_number_of_queries_does_not_grow(make_hall: Any, sign_in: SignIn, path: str) -> None:
    counts = []
    for entries in (3, 30):
        hall = make_hall(entries=entries)
        client = sign_in(hall.judge(2))
        address = path.format(hall.sheet.public_id)
        client.get(address)
        db.session.remove()
        with statements_of() as statements:
            client.get(address)
        counts.append(len(statements))

    assert counts[0] == counts[1]
