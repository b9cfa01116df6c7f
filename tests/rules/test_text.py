"""Folding, searching, cleaning and counting of Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.text import (
    clean_line,
    clean_text,
    fold,
    is_legacy_tcvn3,
    nfc,
    search_terms,
    slug,
    term_variants,
    word_count,
)


def nfd(s: str) -> str:
    return unicodedata.normalize("NFD", s)


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Nguyễn", "nguyen"),
        (nfd("Nguyễn"), "nguyen"),
        ("NGUYỄN  VĂN\tĐường ", "nguyen van duong"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("thủy", "thuy"),
        ("thuỷ", "thuy"),
        ("Đại", "dai"),
        ("\u00d0ại", "dai"),  # Icelandic eth, which some keyboards give
        ("ƯỚC MƠ", "uoc mo"),
        ("A\u00a0B", "a b"),
        ("Dân\u200b vận", "dan van"),
        ("\ufb01m", "fim"),  # the fi of a typeset PDF
        ("", ""),
    ),
)
def test_fold(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text):
    once = fold(text)

    assert fold(once) == once
    assert nfc(once) == once


@given(st.text(alphabet="aăâeêioôơuưyđnNgĐẮẪỢ ửỷ"))
def test_fold_does_not_see_case_or_unicode_form(text):
    assert fold(nfd(text)) == fold(nfc(text).upper()) == fold(text)


@pytest.mark.parametrize(
    ("query", "expected"),
    (
        ("Dân vận  khéo", ["dan", "van", "kheo"]),
        ('"Dân vận" - dân*', ["dan", "van"]),
        ("P.17_A", ["p", "17", "a"]),
        (" -- ", []),
    ),
)
def test_search_terms(query, expected):
    assert search_terms(query) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    (("ly", ("ly", "li")), ("mi", ("mi", "my")), ("qui", ("qui", "quy")), ("tay", ("tay",)), ("thuy", ("thuy",))),
)
def test_the_other_spelling_of_i_and_y(term, expected):
    assert term_variants(term) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Dân vận khéo thì việc gì cũng thành công.", 9),
        ("– Một , hai ; 3 …", 3),
        (nfd("Nước Việt"), 2),
        ("a\u00a0b\nc", 3),
        ("", 0),
    ),
)
def test_word_count(text, expected):
    assert word_count(text) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    (
        ("  Bài  dự\nthi\t1 ", 50, "Bài dự thi 1"),
        (nfd("Đường"), 50, "Đường"),
        ("A\u202egnp.exe", 50, "Agnp.exe"),
        ("A\u200bB\ufeffC\u00adD\x00E\x1b", 50, "ABCDE"),
        ("Nguyễn Văn", 7, "Nguyễn"),
        ("a\u0323\u0302\u0302\u0302", 1, ""),  # a letter and all its marks, or nothing
        ("abc", 0, ""),
        (" a  bc ", None, "a bc"),
        ("\ud800x", 5, "x"),
    ),
)
def test_clean_line(text, limit, expected):
    assert clean_line(text, limit) == expected


def test_clean_text_keeps_the_letter_that_tcvn3_has_in_the_place_of_the_soft_hyphen():
    legacy = "C¸n bé d©n vËn ë ph\u00adêng"

    assert clean_text(legacy + "\u200b") == legacy
    assert clean_text("Cán bộ dân vận ở ph\u00adường") == "Cán bộ dân vận ở phường"


@given(st.text(alphabet=st.characters()), st.integers(0, 30))
def test_a_clean_line_stays_clean_and_within_its_limit(text, limit):
    line = clean_line(text, limit)

    assert len(line) <= limit
    assert clean_line(line, limit) == line
    assert "\n" not in line
    line.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("\r\n\r\nMột  hai \r\n\r\n\tba\x00\u202e\n\n", "Một  hai\n\n\tba"),
        ("một\u2028hai\rba", "một\nhai\nba"),
        ("", ""),
    ),
)
def test_clean_text(text, expected):
    assert clean_text(text) == expected


@given(st.text(alphabet=st.characters()))
def test_clean_text_stays_clean(text):
    once = clean_text(text)

    assert clean_text(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Cuộc thi viết «Dân vận khéo» 2024", "cuoc-thi-viet-dan-van-kheo-2024"),
        ("Đường – Ước", "duong-uoc"),
        ("日本", ""),
        ("--", ""),
    ),
)
def test_slug(text, expected):
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("B¶o Th¾ng", True),  # domain.md 6: "Bảo Thắng"
        ("§¶ng bé tØnh, huyÖn B¶o Th¾ng vµ nh©n d©n", True),
        ("Bảo Thắng", False),
        ("Đảng bộ tỉnh giữ § 3 và 25 µm", False),
        ("© 2024 Copyright ® Company", False),
        ("chaøo caùc baïn", False),  # VNI, not TCVN3
        ("Dan van kheo", False),
        ("El Niño, São Paulo, naïve", False),
        ("", False),
    ),
)
def test_is_legacy_tcvn3(text, expected):
    assert is_legacy_tcvn3(text) is expected
