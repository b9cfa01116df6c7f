"""Units of another province, from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from contest.db import db
from contest.units import queries
from contest.units.models import Unit

HEAD = "code,name,kind,level,parent,valid_from,valid_to\n"
OURS = HEAD + "19,Tỉnh Thái Nguyên,tinh,tinh,,2025-07-01,\n05443,Phường Phan Đình Phùng,phuong,co-so,19,2025-07-01,\n"
PUBLISHED = (
    "province_code,province,ward_code,full_name,type,slug\n"
    "19,Tỉnh Thái Nguyên,05443,Phường Phan Đình Phùng,Phường,phan_dinh_phung\n"
    "19,Tỉnh Thái Nguyên,05710,Xã Tân Cương,Xã,tan_cuong\n"
    "31,Thành phố Hải Phòng,11948,Đặc khu Cát Hải,Đặc khu,cat_hai\n"
)
Import = Callable[..., Result]


@pytest.fixture
def bring(app: Flask, tmp_path: Path) -> Import:
    def invoke(text: str, *options: str) -> Result:
        file = tmp_path / "don-vi.csv"
        file.write_text(text, encoding="utf-8-sig")  # as Excel writes it
        return app.test_cli_runner().invoke(args=["import-units", str(file), *options])

    return invoke


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Unit)) or 0


@pytest.mark.parametrize(("text", "options", "added"), ((OURS, (), 2), (PUBLISHED, ("--province", "19"), 3)))
def test_a_list_becomes_a_tree_once(bring: Import, text: str, options: tuple[str, ...], added: int) -> None:
    first, again = bring(text, *options), bring(text, *options)

    assert (first.output, again.output) == (f"{added} units added\n", "0 units added\n")
    ward = queries.unit_by_code("05443")
    assert ward is not None and ward.parent is not None
    assert (ward.name, ward.kind.key, ward.parent.name) == ("Phường Phan Đình Phùng", "phuong", "Tỉnh Thái Nguyên")
    assert ward.path == f"{ward.parent.path}{ward.id}/"


def test_a_city_under_the_centre_and_a_special_zone_keep_their_kinds(bring: Import) -> None:
    bring(PUBLISHED, "--province", "31")

    made = {unit.name: unit.kind.key for unit in db.session.scalars(select(Unit))}
    assert made == {"Thành phố Hải Phòng": "thanh-pho", "Đặc khu Cát Hải": "dac-khu"}


@pytest.mark.parametrize(
    ("text", "said"),
    (
        (OURS + "1,Xã,xã,co-so,19,,\n", "line 4: there is no kind “xã”"),
        (OURS + "1,Xã,xa,xa,19,,\n", "line 4: there is no level “xa”"),
        (OURS + "1,Xã,xa,co-so,77,,\n", "line 4: no unit before this line has the code “77”"),
        (OURS + "19,Xã,xa,co-so,19,,\n", "line 4: the code 19 stands here twice"),
        (OURS + "1,,xa,co-so,19,,\n", "line 4: name is missing or too long"),
        (OURS + "1,Xã,xa,co-so,19,01/7/2025,\n", "line 4: valid_from: “01/7/2025” is no day"),
        ("ten,ma\nXã,1\n", "the first line must name the columns code, name"),
        (PUBLISHED, "choose a province by its code: 19 Tỉnh Thái Nguyên, 31 Thành phố Hải Phòng"),
    ),
)
def test_a_list_with_a_fault_is_refused_whole_and_the_line_named(bring: Import, text: str, said: str) -> None:
    answer = bring(text)

    assert (answer.exit_code, said in answer.output) == (1, True)
    assert _count() == 0
