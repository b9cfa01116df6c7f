"""The tree of units: the shipped data, the search, changes that keep history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.audit import SYSTEM, AuditEvent
from contest.db import db
from contest.rules.permissions import Role
from contest.units import actions, queries
from contest.units.models import Unit, UnitKind, UnitLevel, UnitSuccession
from tests.fixtures.makers import NOW

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def loaded(app: Flask) -> int:
    added = actions.load_units(actor=SYSTEM, now=NOW)
    db.session.commit()
    return added


def _names(text: str, day: date, *, historic: bool = False) -> list[tuple[str, bool]]:
    return [(item.unit.name, item.is_valid) for item in queries.search_units(text, on=day, historic=historic)]


def test_the_shipped_units_are_as_many_as_the_state_says(loaded: int) -> None:
    def communes(day: date) -> int:
        query = select(func.count()).select_from(Unit).join(UnitKind).where(queries.valid_on(day))
        return db.session.scalar(query.where(UnitKind.key.in_(("xa", "phuong", "thi-tran")))) or 0

    # domain.md section 8: 124 after (117 xã, 7 phường); the list before has 137 of Tuyên Quang, 193 of Hà Giang.
    assert (communes(BEFORE), communes(AFTER)) == (330, 124)


def test_loading_again_changes_nothing(loaded: int) -> None:
    rows = [db.session.scalar(select(func.count()).select_from(table)) for table in (Unit, UnitSuccession, AuditEvent)]

    assert actions.load_units(actor=SYSTEM, now=NOW) == 0
    assert rows == [
        db.session.scalar(select(func.count()).select_from(table)) for table in (Unit, UnitSuccession, AuditEvent)
    ]


def test_districts_end_on_the_last_day_of_june(loaded: int) -> None:
    district = queries.unit_by_code("074-2024")

    assert district is not None and district.kind.key == "huyen"
    assert (district.existed_on(BEFORE), district.existed_on(AFTER)) == (True, False)


def test_every_path_leads_through_its_parents(loaded: int) -> None:
    rows = {unit.id: unit for unit in db.session.scalars(select(Unit))}

    for unit in rows.values():
        above = rows[unit.parent_id].path if unit.parent_id else "/"
        assert unit.path == f"{above}{unit.id}/"


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("nong tien", AFTER, [("Phường Nông Tiến", True)]),
        ("NÔNG TIẾN", BEFORE, [("Phường Nông Tiến", True)]),
        ("Trang Da", BEFORE, [("Xã Tràng Đà", True)]),
        ("trang da", AFTER, [("Xã Tràng Đà", False)]),  # the name people know, though it is no more
        ("hòa an", AFTER, [("Xã Hoà An", True)]),
        ("hoà an", BEFORE, [("Xã Hòa An", True)]),
        ("qui quan", BEFORE, [("Xã Quí Quân", True)]),
        ("quý quân", BEFORE, [("Xã Quí Quân", True)]),
        ("", AFTER, []),
        ("%", AFTER, []),
        ("không có nơi nào", AFTER, []),
    ],
)
def test_search_needs_no_accents(loaded: int, text: str, day: date, expected: list[tuple[str, bool]]) -> None:
    assert _names(text, day) == expected


def test_past_units_come_when_asked_for_and_say_what_they_became(loaded: int) -> None:
    assert _names("kim phu", AFTER) == [("Xã Kim Phú", False)]

    found = queries.search_units("kim phu", on=AFTER, historic=True)[0]

    assert [unit.name for unit in found.successors] == ["Phường Mỹ Lâm", "Phường Minh Xuân"] or [
        unit.name for unit in found.successors
    ] == ["Phường Minh Xuân", "Phường Mỹ Lâm"]


def test_a_renamed_unit_is_a_new_one_and_keeps_what_is_below(make_unit: Callable[..., Unit]) -> None:
    old = make_unit("Huyện Na Hang")
    below = make_unit("Xã Hồng Thái", parent=old)
    ended = make_unit("Xã Cũ", parent=old, valid_to=date(2020, 1, 1))

    new = actions.rename_unit(old, "Huyện Nà Hang", on=AFTER, basis="01/NQ", actor=SYSTEM, now=NOW)

    assert (old.name, old.valid_to, new.name, new.valid_from) == ("Huyện Na Hang", AFTER, "Huyện Nà Hang", AFTER)
    assert (below.parent_id, below.path) == (new.id, f"{new.path}{below.id}/")
    assert ended.parent_id == old.id
    assert [(row.after_id, row.kind) for row in queries.successors_of([old.id])[old.id]] == [(new.id, "rename")]


def test_merging_ends_the_old_and_remembers_them(make_unit: Callable[..., Unit]) -> None:
    district = make_unit("Huyện")
    one, other = make_unit("Xã Một", parent=district), make_unit("Xã Hai", parent=district)

    new = actions.merge_units([one, other], "Xã Ba", kind=one.kind, on=AFTER, basis="", actor=SYSTEM, now=NOW)

    assert [row.before_id for row in queries.predecessors_of([new.id])[new.id]] == [one.id, other.id]
    assert (one.valid_to, other.valid_to, new.parent_id) == (AFTER, AFTER, district.id)
    with pytest.raises(actions.WrongDay):
        actions.merge_units([one, other], "Xã Ba", kind=one.kind, on=AFTER, basis="", actor=SYSTEM, now=NOW)


def test_closing_closes_all_below(make_unit: Callable[..., Unit]) -> None:
    district = make_unit("Huyện")
    commune = make_unit("Xã", parent=district)

    actions.close_unit(district, on=AFTER, basis="", actor=SYSTEM, now=NOW)

    assert (district.valid_to, commune.valid_to) == (AFTER, AFTER)


def test_the_search_answers_pickers(client: FlaskClient, loaded: int) -> None:
    found = client.get("/don-vi/tim?q=trang+da&ngay=2025-07-01").get_json()["units"]

    assert [(row["name"], row["is_valid"], row["parent"], row["note"]) for row in found] == [
        ("Xã Tràng Đà", False, "Thành phố Tuyên Quang", "đến hết 30/6/2025; từ 01/7/2025 thuộc Phường Nông Tiến")
    ]
    assert len(client.get("/don-vi/tim?q=xa&ngay=nonsense").get_json()["units"]) == 12
    assert client.get("/don-vi/tim").get_json() == {"units": []}


def test_the_search_asks_as_much_for_one_as_for_twelve(client: FlaskClient, loaded: int, count_queries: Any) -> None:
    db.session.rollback()
    with count_queries() as few:
        client.get("/don-vi/tim?q=nong+tien&ngay=2025-07-01")
    with count_queries() as many:
        client.get("/don-vi/tim?q=xa&ngay=2025-07-01")

    assert len(few) == len(many)


@pytest.mark.parametrize("path", ["/don-vi", "/don-vi/08"])
def test_pages_ask_as_much_for_few_as_for_many(
    path: str, sign_in: Any, make_account: Any, make_unit: Any, count_queries: Any
) -> None:
    parent = make_unit("Tỉnh", code="08")
    make_unit("Xã 1", parent=parent)
    client = sign_in(make_account())
    with count_queries() as few:
        client.get(path)
    for number in range(30):
        make_unit(f"Xã {number + 2}", parent=parent)
        make_unit(f"Huyện {number}")
    db.session.commit()

    with count_queries() as many:
        assert client.get(path).status_code == 200

    assert len(few) == len(many)


def test_the_tree_says_what_became_of_a_unit(loaded: int, sign_in: Any, make_account: Any) -> None:
    client = sign_in(make_account())

    page = client.get("/don-vi/070-2024").get_data(as_text=True)

    assert "Xã Tràng Đà" in page and "từ 01/7/2025 thuộc Phường Nông Tiến" in page
    assert "Nghị quyết số 1684/NQ-UBTVQH15" in client.get("/don-vi/02212").get_data(as_text=True)
    assert "Xã Kim Phú" in client.get("/don-vi?q=kim+phu").get_data(as_text=True)
    assert client.get("/don-vi/khong-co").status_code == 404


def test_only_signed_in_people_see_the_tree_and_only_managers_change_it(
    client: FlaskClient, sign_in: Any, make_account: Any, make_unit: Any
) -> None:
    unit = make_unit("Xã Một")
    db.session.commit()
    for path in ("/don-vi", f"/don-vi/{unit.code}", f"/don-vi/{unit.code}/doi-ten"):
        assert client.get(path).headers["Location"].startswith("/dang-nhap")
    for role in (Role.ORGANISER, Role.JUDGE, Role.UNIT_CONTACT):
        someone = sign_in(make_account("Người khác", role, unit=unit))
        for step in ("them", "doi-ten", "sap-nhap", "ket-thuc"):
            assert someone.post(f"/don-vi/{unit.code}/{step}", data={"name": "Tên"}).status_code == 403
    assert db.session.get(Unit, unit.id).name == "Xã Một"


def test_a_manager_adds_renames_merges_and_closes(sign_in: Any, make_account: Any, make_unit: Any) -> None:
    district = make_unit("Huyện Một")
    kind, level = db.session.scalars(select(UnitKind)).one(), db.session.scalars(select(UnitLevel)).one()
    db.session.commit()
    admin = sign_in(make_account("Quản trị", Role.ADMIN))
    base = f"/don-vi/{district.code}"
    for name in ("Xã Một", "Xã Hai", "Xã Hai"):  # a double click is one unit
        answer = admin.post(f"{base}/them", data={"name": name, "kind": kind.id, "level": level.id})
        assert answer.status_code == 302
    children = [unit for unit in queries.subtree(district) if unit.id != district.id]
    assert [unit.name for unit in children] == ["Xã Một", "Xã Hai"]

    few = admin.post(
        f"{base}/sap-nhap", data={"units": children[0].id, "name": "X", "kind": kind.id, "on": "2025-07-01"}
    )
    assert few.status_code == 422 and "Hãy chọn ít nhất hai đơn vị." in few.get_data(as_text=True)
    data = {"units": [unit.id for unit in children], "name": "Xã Ba", "kind": kind.id, "on": "2025-07-01"}
    assert admin.post(f"{base}/sap-nhap", data=data).status_code == 302
    assert admin.post(f"{base}/doi-ten", data={"name": "Huyện Mới", "on": "2025-08-01"}).status_code == 302
    late = admin.post(f"{base}/doi-ten", data={"name": "Huyện Khác", "on": "2025-09-01"})
    assert late.status_code == 422
    assert "Ngày này không nằm trong thời gian hoạt động của Huyện Một." in late.get_data(as_text=True)
    new = db.session.scalars(select(Unit).where(Unit.name == "Huyện Mới")).one()
    assert admin.post(f"/don-vi/{new.code}/ket-thuc", data={"on": ""}).status_code == 422
    assert admin.post(f"/don-vi/{new.code}/ket-thuc", data={"on": "2026-01-01"}).status_code == 302

    db.session.expire_all()
    assert {u.name: u.valid_to for u in db.session.scalars(select(Unit))} == {
        "Huyện Một": date(2025, 8, 1), "Xã Một": AFTER, "Xã Hai": AFTER,
        "Xã Ba": date(2026, 1, 1), "Huyện Mới": date(2026, 1, 1),
    }  # fmt: skip
    trail = [event.action for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))]
    assert trail == ["units.add", "units.add", "units.merge", "units.rename", "units.close"]


def test_an_empty_installation_gets_its_units_by_one_press(
    app: Flask, make_account: Callable[..., Any], sign_in: Callable[..., FlaskClient]
) -> None:
    admin = sign_in(make_account("Hà Thị Dung", Role.ADMIN))
    assert "Nạp danh mục tỉnh Tuyên Quang" in admin.get("/don-vi").text

    assert admin.post("/don-vi/nap-danh-muc").location == "/don-vi"
    assert queries.unit_by_code("074-2024") is not None
    assert "Nạp danh mục" not in admin.get("/don-vi").text
