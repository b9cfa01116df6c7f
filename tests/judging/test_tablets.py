"""The page of the tablets: what needs a hand first, in words; and its line on the board."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.db import db, utcnow
from contest.judging.models import Tablet
from contest.judging.tablet_queries import TabletSeen
from contest.judging.tablet_shown import ago, browser_name, clock_text, need_text, short_name, tablets_view
from contest.judging.views_sync import app_version
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW
from tests.judging.conftest import FULL, Hall, save, statements_of
from tests.judging.test_sync import item, sync

SignIn = Callable[[Account], FlaskClient]


class _Round:
    state = "open"


def seen(**changed: Any) -> TabletSeen:
    """A tablet with which all is well."""
    values: dict[str, Any] = {
        "key": "J2", "full_name": "Lò Thị Mai", "account_id": 2, "device": "3f2a11-22",
        "seen_at": NOW - timedelta(minutes=2),
        "unsent": 0, "refused": 0, "kept": 10, "battery": 80, "is_charging": False, "clock_off": 0, "version": "v2",
        "agent": "Chrome/90", "left": 4, "assigned": 10,
    }  # fmt: skip
    return TabletSeen(**{**values, **changed})


def view(*tablets: TabletSeen, state: str = "open") -> Any:
    round_: Any = _Round()
    round_.state = state
    return tablets_view(tablets, round_, version="v2", now=NOW)


LONG_AGO = NOW - timedelta(minutes=6)
NEVER = dict.fromkeys(("device", "seen_at", "unsent", "refused", "kept", "battery", "clock_off", "version", "agent"))


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({}, []),
        ({"seen_at": NOW - timedelta(minutes=5)}, []),
        ({"seen_at": LONG_AGO}, ["vắng quá 5 phút"]),
        ({"seen_at": LONG_AGO, "left": 0}, []),  # all sent: the tablet may rest
        ({"unsent": 3}, []),  # it speaks: they are on their way
        ({"unsent": 3, "seen_at": LONG_AGO, "left": 0}, ["3 bản chưa gửi, máy vắng"]),
        ({"unsent": 3, "seen_at": LONG_AGO}, ["3 bản chưa gửi, máy vắng"]),
        ({"refused": 2, "left": 0}, ["2 bản máy chủ không nhận"]),
        ({"battery": 20}, ["pin sắp hết"]),
        ({"battery": 20, "is_charging": True}, []),
        ({"battery": 21}, []),
        ({"battery": None}, []),
        ({"clock_off": 120}, []),
        ({"clock_off": -121}, ["đồng hồ chậm 2 phút"]),
        ({"kept": 9}, ["chưa tải đủ bài"]),
        ({"version": "v1"}, ["ứng dụng bản cũ"]),
        (NEVER, ["chưa thấy máy nào"]),
        ({**NEVER, "left": 0}, []),
    ],
)
def test_what_needs_a_hand(changed: dict[str, Any], needs: list[str]) -> None:
    [row] = view(seen(**changed)).rows

    assert [need_text(need, row) for need in row.needs] == needs
    assert row.kind == ("ok" if not needs else "bad" if "bản máy chủ" in needs[0] or "chưa gửi" in needs[0] else "warn")


def test_an_older_tablet_of_a_judge_counts_only_for_the_marks_on_it() -> None:
    tablets = view(
        seen(), seen(device="old1", seen_at=NOW - timedelta(days=2), version="v0", battery=1),
        seen(device="old2", seen_at=NOW - timedelta(days=3), unsent=4),
    )  # fmt: skip

    assert [(row.device, row.kind, list(row.needs)) for row in tablets.rows] == [
        ("OLD2", "bad", ["unsent"]), ("3F2A", "ok", []), ("OLD1", "neutral", []),
    ]  # fmt: skip
    assert (tablets.count, tablets.needing) == (3, 1)


def test_a_round_that_is_over_minds_only_marks_that_never_came() -> None:
    tablets = view(seen(seen_at=LONG_AGO, battery=1, version="v1"), seen(key="J3", refused=1), state="closed")

    assert [(row.judge, list(row.needs)) for row in tablets.rows] == [("J3", ["refused"]), ("J2", [])]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-3, "vừa xong"), (0, "vừa xong"), (1, "1 phút trước"), (59, "59 phút trước"), (60, "1 giờ trước"),
     (1439, "23 giờ trước"), (1440, "1 ngày trước")],
)  # fmt: skip
def test_how_long_ago(minutes: int, said: str) -> None:
    assert ago(NOW - timedelta(minutes=minutes), NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (119, ""), (-120, ""), (180, "đồng hồ nhanh 3 phút"), (-7300, "đồng hồ chậm 2 giờ"),
     (10**9, "đồng hồ nhanh 11574 ngày")],
)  # fmt: skip
def test_a_clock_that_is_off_says_by_how_much(seconds: int, said: str) -> None:
    assert clock_text(seconds) == said


def test_names_for_people() -> None:
    assert [browser_name(agent) for agent in ("Chrome/90", "CriOS/120", "Edg/119", "curl", "")] == [
        "Chrome 90", "Chrome (iPad) 120", "Edge 119", "curl", "",
    ]  # fmt: skip
    assert [short_name(name) for name in ("3f2a1122-aa", "may-1", "")] == ["3F2A", "MAY1", ""]


def path(hall: Hall, rest: str = "may-cham") -> str:
    return f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/{rest}"


def tablet(account: Account, device: str = "may-1", at: datetime | None = None, **values: Any) -> None:
    with current_app.test_request_context():
        version = app_version()
    db.session.add(
        Tablet(device=device, account_id=account.id, seen_at=at or utcnow(), version=version, kept=1, **values)
    )
    db.session.commit()


def test_the_page_and_the_line_on_the_board(make_hall: Any, make_account: Any, sign_in: SignIn) -> None:
    hall = make_hall(judges=3)
    tablet(hall.judge(1), agent="Firefox/128")
    tablet(hall.judge(2), "3f2a", utcnow() - timedelta(hours=2), unsent=7, battery=33)
    others = [make_account(role.value, role, contest=hall.contest) for role in (Role.TALLY_SECRETARY, Role.ORGANISER)]
    for who in (hall.judge(1), *others):
        client = sign_in(who)
        page, board = client.get(path(hall)), client.get(path(hall, "tien-do")).text
        rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in page.text.split("<tbody")[1].split("</tr>")[:-1]]

        assert [next(key for key in ("J1", "J2", "J3") if key in row) for row in rows] == ["J2", "J3", "J1"]
        assert "7 bản chưa gửi, máy vắng" in rows[0] and "2 giờ trước" in rows[0] and "33%" in rows[0]
        assert "chưa thấy máy nào" in rows[1]
        assert "Firefox 128" in rows[2] and "1 / 1" in rows[2]
        assert "2 máy, 2 cần xem" in page.text
        assert "Máy chấm: 2 máy, 2 cần xem" in board
        assert ("Nhập phiếu từ máy chấm" in page.text) is who.may("key_in_slips", hall.contest.scope)


def test_who_may_not_see_the_tablets(hall: Hall, make_hall: Any, sign_in: SignIn, client: FlaskClient) -> None:
    assert client.get(path(hall)).status_code == 302
    for account in (hall.judge(2), make_hall().judge(1)):
        assert sign_in(account).get(path(hall)).status_code == 403


def test_the_number_of_queries_does_not_grow(make_hall: Any, make_account: Any, sign_in: SignIn) -> None:
    counts = []
    for entries, judges in ((1, 2), (6, 6)):
        hall = make_hall(entries=entries, judges=judges)
        for number in range(1, judges + 1):
            tablet(hall.judge(number), f"may-{entries}-{number}")
        visitor = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
        visitor.get(path(hall))
        db.session.remove()
        with statements_of() as statements:
            assert visitor.get(path(hall)).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_works_of_other_rounds_count_among_those_a_tablet_keeps(make_hall: Any, sign_in: SignIn) -> None:
    hall, other = make_hall(entries=2), make_hall(entries=3)
    other.members[1].account_id = hall.judge(2).id
    other.sheets[0][1].state = "recused"
    db.session.commit()
    save(hall.sheet, hall.judge(2), "sent", marks=FULL)
    db.session.commit()
    tablet(hall.judge(2))
    page = sign_in(hall.judge(1)).get(path(hall)).text

    assert "1 / 4" in page and "chưa tải đủ bài" in page


def test_whoever_closes_a_round_reads_first_whose_marks_still_wait(
    hall: Hall, make_account: Any, sign_in: SignIn
) -> None:
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    asked = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/tien-do?hoi=dong"
    sync(sign_in(hall.judge(2)), unsent=0)

    assert "Còn điểm chờ trên máy chấm" not in secretary.get(asked).text
    sync(sign_in(hall.judge(2)), unsent=3)
    text = secretary.get(asked).text

    assert "Còn điểm chờ trên máy chấm" in text and f"{hall.judge(2).full_name}: 3 bản chưa gửi" in text


def test_what_a_batch_brought_waits_no_longer(hall: Hall, sign_in: SignIn) -> None:
    client = sign_in(hall.judge(2))
    off = item(hall.sheet, marks={**FULL, "sang-tao": "99"})
    sync(client, item(hall.sheet), off, unsent=5, refused=1)

    row = db.session.query(Tablet).one()
    assert (row.unsent, row.refused) == (3, 2)
