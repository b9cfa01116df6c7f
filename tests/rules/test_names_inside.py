"""Names, phones, addresses and units of authors are found where they stand in the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.names_inside import Person, find_names

AUTHOR = Person("Lò Thị Mai", "0912 345 678", "Mai.Lo+thi@example.org", "Xã Tân An")


def seen(text, *people):
    return [(s.kind.value, text[s.start : s.end]) for s in find_names(text, people or (AUTHOR,))]


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Tác giả: Lò Thị Mai, bản Nà Tông.", [("name", "Lò Thị Mai")]),
        ("LÒ THỊ MAI", [("name", "LÒ THỊ MAI")]),
        ("lo thi mai", [("name", "lo thi mai")]),
        ("Lò  Thị\nMai", [("name", "Lò  Thị\nMai")]),
        ("Lò\u200b Thị M\u00adai", [("name", "Lò\u200b Thị M\u00adai")]),
        (unicodedata.normalize("NFD", "Chị Lò Thị Mai kể"), [("name", unicodedata.normalize("NFD", "Lò Thị Mai"))]),
        ("Lò Thị Maiz, Blò Thị Mai", []),
        ("Lò Thị Hoa Mai", []),
        ("Gọi 0912.345.678 nhé", [("phone", "0912.345.678")]),
        ("ĐT: +84 912 345 678", [("phone", "84 912 345 678")]),
        ("(+84) (0)912-345-678", [("phone", "84) (0)912-345-678")]),
        ("0912345678/0987654321", [("phone", "0912345678")]),
        ("10912345678", []),
        ("09123456789", []),
        ("912345678", []),  # nine digits alone may be anything
        ("Thư: MAI.LO+THI@example.org.", [("email", "MAI.LO+THI@example.org")]),
        ("mai.lo+thi @ example.org", [("email", "mai.lo+thi @ example.org")]),
        ("xmai.lo+thi@example.org", []),
        ("Ở xã Tân An, mọi người", [("unit", "xã Tân An")]),
        ("xa tan an", [("unit", "xa tan an")]),
        ("Tân An", []),
        ("", []),
    ),
)
def test_find_names(text, expected):
    assert seen(text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    (
        ("An Bình", "Cuộc sống an bình của bà An Bình", [("name", "An Bình")]),
        ("Pao", "Anh Pao đi pao", [("name", "Pao")]),
        ("Đỗ Ước", "do uoc, Do Uoc", [("name", "Do Uoc")]),
        ("", "không có gì", []),
        ("…", "… … …", []),
    ),
)
def test_short_names_need_their_capitals(name, text, expected):
    assert seen(text, Person(name)) == expected


def test_all_places_in_order_and_each_once():
    text = "Lò Thị Mai (xã Tân An, 0912345678) và Lò Thị Mai"
    twin = Person("lò thị mai", unit="xã Tân An")

    got = find_names(text, (AUTHOR, twin))

    assert [(s.kind, s.person, text[s.start : s.end]) for s in got] == [
        ("name", 0, "Lò Thị Mai"),
        ("unit", 0, "xã Tân An"),
        ("phone", 0, "0912345678"),
        ("name", 0, "Lò Thị Mai"),
    ]


@given(st.text(), st.text(), st.sampled_from(("NFC", "NFD")), st.sampled_from((str.upper, str.lower, str.title)))
def test_a_name_is_found_in_any_surroundings(before, after, form, case):
    name = unicodedata.normalize(form, case("Nguyễn Văn Đường"))
    # A combining mark right after the name would belong to its last letter.
    text = f"{before} {name} . {after}"

    start = len(before) + 1

    assert (start, start + len(name)) in {(s.start, s.end) for s in find_names(text, (Person("Nguyễn Văn Đường"),))}


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_places_lie_within_the_text(text, name, phone, email, unit):
    for sighting in find_names(text, (Person(name, phone, email, unit),)):
        assert 0 <= sighting.start < sighting.end <= len(text)
