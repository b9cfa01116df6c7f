import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.text import fold
from contest.rules.unit_names import core_of, spellings_of


@pytest.mark.parametrize(
    ("name", "core"),
    (
        ("Xã Minh Dân", "minh dan"),
        ("minh  dân", "minh dan"),
        ("UBND xã Minh Dân, huyện Hàm Yên", "minh dan"),
        ("Đảng ủy xã Minh Dân - Hàm Yên", "minh dan"),
        ("Minh Dân huyện Hàm Yên", "minh dan"),
        ("TT. Vĩnh Lộc", "vinh loc"),
        ("Phường 1", "1"),
        ("Xã", "xa"),
        ("Xanh Việt", "xanh viet"),  # not "xã nh…"
        ("Bệnh viện Đa khoa tỉnh", "benh vien da khoa"),
        ("", ""),
    ),
)
def test_core_of(name, core):
    assert core_of(name) == core


@given(st.text())
def test_a_name_is_empty_only_when_nothing_was_typed(name):
    assert bool(core_of(name)) == bool(fold(name))


def test_a_unit_is_found_by_its_core_with_and_without_its_kind():
    assert {"minh dan", "xa minh dan", "phuong minh dan"} <= set(spellings_of("minh dan"))
