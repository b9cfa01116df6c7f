"""The order of names and titles. The table below agrees with ICU 72, locale `vi`, secondary strength, numeric."""

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.text import given_name_sort_key, text_sort_key

TEXTS = st.text(alphabet="aAăâbdđĐeêoôơuưyáàảãạấệ0129 -.", max_size=12)


@pytest.mark.parametrize(
    "expected",
    (
        "a à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ b c d đ e è ẻ ẽ é ẹ ê ề ể ễ ế ệ g h i ì ỉ ĩ í ị k l m n "
        "o ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ p q r s t u ù ủ ũ ú ụ ư ừ ử ữ ứ ự v x y ỳ ỷ ỹ ý ỵ",
        "an án anh ánh ăn ẩn ấn Dũng đào em ế",
        "tổ_2 tổ_3 tổ_10 tổ_10_a",
        "há_a hạ_a hà_b hac",  # letters of the whole string decide before any tone
        "1 2 12 a z д",
    ),
)
def test_order_of_texts(expected):
    right = [word.replace("_", " ") for word in expected.split()]
    mixed = random.Random(1).sample(right, len(right))

    assert sorted(mixed, key=text_sort_key) == right


@pytest.mark.parametrize(
    "names",
    (
        (
            "Hoàng Thị An",
            "Nguyễn An",
            "Nguyễn Văn An",
            "NGUYỄN VĂN ÁNH",
            "Lê Ân",
            "Đỗ Hữu Dũng",
            "Bùi Đào",
            "Vàng A Pao",
            "Trần Thị Út",
            "Trần Thị Ước",
            "Y Yên",
        ),
        ("An", "Bùi An", "Bùi Văn An", "Bùi Vân An"),
        ("Lò Thị Mai (Tổ 10)", "Lò Thị Minh (Tổ 2)"),
        ("", "An"),
    ),
)
def test_order_of_people(names):
    mixed = random.Random(2).sample(names, len(names))

    assert tuple(sorted(mixed, key=given_name_sort_key)) == names


@pytest.mark.parametrize(
    ("one", "other"),
    (
        ("Nguyễn Văn Đường", "NGUYỄN VĂN ĐƯỜNG"),
        ("Đường", "\u00d0ường"),
        ("Xã  Ê-a", "xã ê a"),
        ("Tổ 02", "Tổ 2"),
        ("Tổ 2.", "“Tổ 2”"),
    ),
)
def test_equal_keys(one, other):
    assert text_sort_key(one) == text_sort_key(other)


@given(TEXTS, TEXTS)
def test_keys_do_not_see_case_or_unicode_form(one, other):
    decomposed = unicodedata.normalize("NFD", one).upper()

    assert text_sort_key(decomposed) == text_sort_key(one)
    assert given_name_sort_key(decomposed) == given_name_sort_key(one)
    assert (text_sort_key(one) < text_sort_key(other)) == (text_sort_key(one).encode() < text_sort_key(other).encode())


@given(st.text())
def test_keys_are_small_ascii_letters_and_digits(text):
    assert re.fullmatch("[0-9a-z]*", text_sort_key(text) + given_name_sort_key(text))


@given(st.integers(0, 10**40), st.integers(0, 10**40))
def test_numbers_sort_by_value(one, other):
    assert (text_sort_key(f"Tổ {one}") < text_sort_key(f"Tổ {other}")) == (one < other)


def test_a_key_fits_its_column():
    assert len(text_sort_key("日" * 300)) == len(given_name_sort_key("Ngữ " * 300)) == 600
