"""What a secretary brings from a tablet: read strictly, shown first, stored once, and traceable to who brought it."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Round
from contest.db import db
from contest.judging.models import SheetVersion
from contest.judging.queries import verify_ledger
from contest.judging.tablet_forms import MOST_BYTES, MOST_ITEMS, BadPacket, read_packet
from contest.judging.tablet_seals import is_sealed, seal_key, seal_of
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.permissions import Role
from contest.web.static import FOLDER
from tests.judging.conftest import FULL, Hall
from tests.judging.test_sync import chain, item, sync

SignIn = Callable[[Account], FlaskClient]


SECRET = "not secret: tests only"  # as in tests/conftest.py


def sealed(document: dict[str, Any], owner: int, sign_in: int = 1, secret: str = SECRET) -> dict[str, Any]:
    """As the owner's tablet would save it."""
    said = {**{key: value for key, value in document.items() if key != "seal"}, "sign_in": sign_in}
    return {**said, "seal": seal_of(canonical_bytes(said), seal_key(owner, sign_in, secret=secret))}


def packet(items: list[Any], owner: Any, /, **changed: Any) -> dict[str, Any]:
    """A file as it was sealed, and then changed."""
    document = {
        "format": "contest-tablet/1", "owner": owner, "device": "3f2a1122-aaaa-4bbb-8ccc-123456789012",
        "made_at": "2024-09-02T01:02:03.000Z", "items": items, "sha256": sha256_hex(canonical_bytes(items)),
    }  # fmt: skip
    return {**sealed(document, owner), **changed}


def path(hall: Hall, rest: str = "") -> str:
    return f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/may-cham/nhap{rest}"


def upload(client: FlaskClient, hall: Hall, document: Any) -> Any:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return client.post(path(hall), data={"file": (io.BytesIO(data), "phieu.json")})


def bring(client: FlaskClient, hall: Hall, document: Any) -> Any:
    """As a secretary does it: uploaded, seen, and what the page holds sent on."""
    page = upload(client, hall, document)
    assert page.status_code == 200, page.text
    held = re.search(r'name="document" value="([^"]*)"', page.text)
    return client.post(path(hall, "/ghi"), data={"document": html.unescape(held[1])}) if held else None


@pytest.fixture
def secretary(hall: Hall, make_account: Any, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_account("Hoàng Thị Thư", Role.TALLY_SECRETARY, contest=hall.contest))


def versions() -> list[SheetVersion]:
    db.session.expire_all()
    return db.session.query(SheetVersion).order_by(SheetVersion.seq).all()


def test_a_file_is_shown_first_and_stores_nothing(hall: Hall, secretary: FlaskClient) -> None:
    page = upload(secretary, hall, packet(chain(hall.sheet), hall.judge(2).id)).text

    text = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "Phiếu của J2 · Giám khảo 2" in text and "Máy 3F2A, lưu lúc 02/9/2024, 8 giờ 02" in text
    assert re.search(r"0417.*chưa mở.*đã gửi.*85,75.* 3 ", text)
    assert "Ghi 3 bản chấm" in text
    assert versions() == [] and db.session.query(AuditEvent).filter_by(action="judging.import_tablet").count() == 0


def test_a_draft_stays_its_judges_own(hall: Hall, secretary: FlaskClient) -> None:
    page = upload(secretary, hall, packet(chain(hall.sheet)[:2], hall.judge(2).id)).text
    seen = re.sub(r'value="[^"]*"', "", page)

    assert "đang chấm" in seen
    assert "85,75" not in seen and "52" not in re.sub(r"[0-9a-f]{64}", "", seen.split("<tbody")[1].split("</tbody")[0])


def test_a_stored_file_is_what_a_line_would_have_brought_and_says_how_it_came(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    items, judge = chain(hall.sheet), hall.judge(2)
    document = packet(items, judge.id)
    assert bring(secretary, hall, document).status_code == 303

    rows = versions()
    assert [(row.uuid, row.kind, row.based_on, row.actor_id) for row in rows] == [
        (one["uuid"], one["kind"], one["based_on"], judge.id) for one in items
    ]
    assert {row.device for row in rows} == {f"nhap-tep:{document['sha256'][:16]}:may-1"}
    assert (hall.sheet.state, hall.sheet.marks, verify_ledger(hall.contest)) == ("sent", FULL, [])
    event = db.session.query(AuditEvent).filter_by(action="judging.import_tablet").one()
    assert event.actor_name == "Hoàng Thị Thư"
    assert event.details == {
        "reason": "nhập từ máy chấm", "sha256": document["sha256"], "judge": "J2", "device": document["device"],
        "made_at": "2024-09-02T01:02:03+00:00", "stored": 3, "ledger": [1, 3], "repeated": 0, "refused": [],
        "other_rounds": 0, "sign_in": 1,
    }  # fmt: skip
    # The tablet finds its line after all.
    results = sync(sign_in(judge), *items).json["results"]
    assert [(one["status"], one["body"]["number"]) for one in results] == [(200, 1), (200, 2), (200, 3)]
    assert len(versions()) == 3


def test_the_same_file_again_and_a_file_of_what_a_line_brought_store_nothing(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    items, judge = chain(hall.sheet), hall.judge(2)
    sync(sign_in(judge), *items[:2])
    document = packet(items, judge.id)
    bring(secretary, hall, document)
    assert len(versions()) == 3

    again = upload(secretary, hall, document).text
    assert "Không có bản nào để ghi thêm" in again and 'name="document"' not in again
    # Even sent past the page.
    assert secretary.post(path(hall, "/ghi"), data={"document": json.dumps(document)}).status_code == 303
    assert len(versions()) == 3 and verify_ledger(hall.contest) == []


def test_marks_written_elsewhere_meanwhile_are_kept_side_by_side(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    sync(sign_in(hall.judge(2)), item(hall.sheet, marks={**FULL, "noi-dung": "40"}, device="may-2"))
    items = [item(hall.sheet)]
    page = upload(secretary, hall, packet(items, hall.judge(2).id)).text
    assert re.search(r"đang chấm.*hai bản khác nhau", re.sub(r"\s+", " ", page.split("<tbody")[1]))

    bring(secretary, hall, packet(items, hall.judge(2).id))
    assert [(row.marks["noi-dung"], row.holds) for row in versions()] == [("40", True), ("52.5", False)]


def test_what_was_refused_while_the_round_was_closed_comes_in_when_it_is_open_again(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    """The tablet took each refused version out of the chain: all say they build on what was before the first."""
    items = [{**one, "based_on": None, "refused": "round_closed"} for one in chain(hall.sheet)]
    db.session.get_one(Round, hall.sheet.round_id).state = "closed"
    db.session.commit()
    page = upload(secretary, hall, packet(items, hall.judge(2).id)).text
    assert "3 bản: Vòng chấm đã đóng" in re.sub(r"<[^>]+>", "", page)

    db.session.get_one(Round, hall.sheet.round_id).state = "open"
    db.session.commit()
    bring(secretary, hall, packet(items, hall.judge(2).id))
    assert [row.holds for row in versions()] == [True, True, True]
    assert (hall.sheet.state, hall.sheet.has_conflict) == ("sent", False)


def test_a_refused_version_that_was_written_anew_is_left_out(hall: Hall, secretary: FlaskClient) -> None:
    off = {**item(hall.sheet, marks={**FULL, "sang-tao": "99"}), "refused": "bad_marks"}
    good = item(hall.sheet, "sent")
    page = upload(secretary, hall, packet([off, good], hall.judge(2).id)).text
    assert "1 bản cũ đã được giám khảo chấm lại" in page

    bring(secretary, hall, packet([off, good], hall.judge(2).id))
    assert [row.uuid for row in versions()] == [good["uuid"]]


def test_sheets_of_other_rounds_and_other_judges_stay_out(
    make_hall: Any, hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    other = make_hall()
    other.members[1].account_id = hall.judge(2).id
    db.session.commit()
    mine, elsewhere, colleagues = item(hall.sheet), item(other.sheet), item(hall.sheets[0][0])
    page = upload(secretary, hall, packet([mine, elsewhere, colleagues], hall.judge(2).id)).text
    assert "2 bản thuộc vòng hoặc cuộc thi khác" in page

    bring(secretary, hall, packet([mine, elsewhere, colleagues], hall.judge(2).id))
    assert [row.uuid for row in versions()] == [mine["uuid"]]


@pytest.mark.parametrize("whose", ["nobody's", "of another round", "of another judge"])
def test_a_file_without_a_sheet_of_this_rounds_judge_is_refused(
    hall: Hall, make_hall: Any, secretary: FlaskClient, whose: str
) -> None:
    other = make_hall()
    owner, sheet = {
        "nobody's": (987654, hall.sheet),
        "of another round": (other.judge(2).id, other.sheet),
        "of another judge": (hall.judge(1).id, hall.sheet),
    }[whose]
    for answer in (
        upload(secretary, hall, packet([item(sheet)], owner)),
        secretary.post(path(hall, "/ghi"), data={"document": json.dumps(packet([item(sheet)], owner))}),
    ):
        assert (answer.status_code, "không có phiếu nào của giám khảo" in answer.text) == (422, True)
    assert versions() == []


def test_one_mark_off_its_scale_refuses_its_version_alone_and_says_why(
    make_hall: Any, make_account: Any, sign_in: SignIn
) -> None:
    hall = make_hall(entries=2)
    client = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    items = [item(hall.sheets[0][1], marks={**FULL, "sang-tao": "99"}), item(hall.sheets[1][1])]
    page = upload(client, hall, packet(items, hall.judge(2).id)).text
    assert "vượt quá thang điểm" in page and "Ghi 1 bản chấm" in page

    after = client.post(
        path(hall, "/ghi"), data={"document": json.dumps(packet(items, hall.judge(2).id))}, follow_redirects=True
    )
    assert "Đã ghi 1 bản chấm của J2 · Giám khảo 2" in after.text and "1 bản không nhận được" in after.text


ONE: dict[str, Any] = {"sheet": "a" * 32, "uuid": str(uuid4()), "kind": "draft", "based_on": None, "marks": {}}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (b"\xff\xfe", "not_json"),
        (b"PK\x03\x04", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"format": NaN}', "not_json"),
        (b"9" * 6_000, "not_json"),
        (b"[]", "format"),
        (packet([ONE], 1, format="contest-tablet/2"), "format"),
        ({**packet([ONE], 1), "more": 1}, "format"),
        ({key: value for key, value in packet([ONE], 1).items() if key != "made_at"}, "format"),
        (packet([ONE], 1, owner=True), "format"),
        (packet([ONE], 1, owner=2**31), "format"),
        (packet([ONE], 1, device=""), "format"),
        (packet([ONE], 1, device="x" * 65), "format"),
        (packet([ONE], 1, made_at="hôm nay"), "format"),
        (packet([ONE], 1, made_at="0001-01-01T00:00:00+14:00"), "format"),
        (packet([], 1), "format"),
        (packet([ONE], 1, sign_in="1"), "format"),
        (packet([ONE], 1, sign_in=True), "format"),
        (packet([ONE], 1, seal=None), "format"),
        (packet([ONE], 1, seal="0" * 65), "format"),
        ({key: value for key, value in packet([ONE], 1).items() if key != "sign_in"}, "format"),
        (packet([ONE] * (MOST_ITEMS + 1), 1), "too_many"),
        (packet([ONE], 1, sha256="0" * 64), "sha256"),
        (packet([ONE], 1, items=[{**ONE, "marks": {"noi-dung": "1"}}]), "sha256"),
        (packet([ONE, ONE], 1), "item"),
        (packet([{**ONE, "actor": 5}], 1), "item"),
        (packet([{**ONE, "kind": "pick"}], 1), "item"),
        (packet([{**ONE, "kind": "slip"}], 1), "item"),
        (packet([{**ONE, "device": "nhap-tep:0123456789abcdef:may-1"}], 1), "item"),
        (packet([{**ONE, "sheet": None}], 1), "item"),
        (packet([{**ONE, "refused": 5}], 1), "item"),
        (packet(["x"], 1), "item"),
        (packet([ONE], 1, items=[{**ONE, "comment": "\ud800"}]), "item"),
    ],
)
def test_what_is_no_file_of_a_tablet(data: Any, code: str) -> None:
    with pytest.raises(BadPacket) as bad:
        read_packet(data if isinstance(data, bytes) else json.dumps(data).encode())

    assert bad.value.code == code


def test_a_damaged_file_says_what_to_do(hall: Hall, secretary: FlaskClient) -> None:
    document = packet([item(hall.sheet)], hall.judge(2).id)
    document["items"][0]["marks"] = {**FULL, "noi-dung": "60"}
    answer = upload(secretary, hall, document)

    assert (answer.status_code, "Tệp đã bị sửa hoặc hỏng" in answer.text) == (422, True)
    assert secretary.post(path(hall)).status_code == 422


def test_who_may_not_import(hall: Hall, make_account: Any, sign_in: SignIn, client: FlaskClient) -> None:
    document = json.dumps(packet([item(hall.sheet)], hall.judge(2).id))
    assert client.get(path(hall)).status_code == 302
    for who in (hall.judge(1), hall.judge(2), make_account("Ban Tổ chức", Role.ORGANISER, contest=hall.contest)):
        visitor = sign_in(who)
        sent = [visitor.post(path(hall, rest), data={"document": document}) for rest in ("", "/ghi")]
        assert [answer.status_code for answer in (visitor.get(path(hall)), *sent)] == [403] * 3
    assert versions() == []


def test_the_example_of_the_formats_page_is_such_a_file() -> None:
    page = (FOLDER.parent / "cli" / "FORMATS.md").read_text(encoding="utf-8")
    example = re.findall(r"```json\n(.*?)\n```", page.split("## Unsent sheets of a tablet")[1], re.S)[0]

    file = read_packet(example.encode())
    assert [item.change.marks["noi-dung"] for item in file.items] == ["52.5"]
    assert is_sealed(file.said, file.seal or "", owner=file.owner, sign_in=file.sign_in or 0, secret="example")  # noqa: S106
