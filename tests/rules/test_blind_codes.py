"""Blind codes tell nothing, and codes that people type forgive what people do."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.blind_codes import (
    account_code,
    check_account_code,
    check_receipt_code,
    draw_codes,
    normalise_code,
    receipt_code,
)

SEEDS = st.integers(0, 2**32)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(("count", "width"), ((0, 4), (1, 4), (3333, 4), (3334, 5), (33333, 5), (50000, 6)))
def test_codes_widen_so_that_two_thirds_of_the_range_stay_free(count, width):
    codes = draw_codes(count, taken=frozenset(), rng=Random(1))

    assert len(set(codes)) == count
    assert all(len(code) == width and code.isascii() and code.isdigit() for code in codes)


@given(st.sets(st.integers(1, 9999).map("{:04d}".format), max_size=300), st.integers(0, 300), SEEDS)
def test_no_code_is_drawn_again(taken, count, seed):
    codes = draw_codes(count, taken=taken, rng=Random(seed))

    assert len({int(code) for code in (*codes, *taken)}) == count + len(taken)
    assert 0 not in map(int, codes)


def test_wider_codes_avoid_the_narrow_ones_given_before():
    taken = set(draw_codes(3000, taken=set(), rng=Random(1)))

    more = draw_codes(5000, taken=taken, rng=Random(2))

    assert {len(code) for code in more} == {5}
    assert not {int(code) for code in taken} & {int(code) for code in more}


def test_codes_are_unrelated_to_the_order():
    codes = [int(code) for code in draw_codes(2000, taken=set(), rng=Random(3))]

    rising = sum(a < b for a, b in zip(codes, codes[1:], strict=False))

    assert 900 < rising < 1100
    assert codes != sorted(codes)
    assert draw_codes(2000, taken=set(), rng=Random(4)) != draw_codes(2000, taken=set(), rng=Random(5))


@given(SEEDS, st.text(LETTERS, max_size=8))
def test_a_receipt_code_is_found_again(seed, prefix):
    code = receipt_code(Random(seed), prefix)

    assert check_receipt_code(code) == code
    assert check_account_code(code) is None


def test_shapes():
    code = receipt_code(Random(7), "DV24")

    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert code.startswith("DV24-")
    assert [len(part) for part in account_code(Random(7)).split("-")] == [4, 4]
    assert set(code) <= set(LETTERS + "-")


@pytest.mark.parametrize("prefix", ("BÀI", "dv24", "HOA", "A-B", "Ư"))
def test_a_prefix_outside_the_alphabet_is_an_error(prefix):
    with pytest.raises(ValueError, match="not a prefix"):
        receipt_code(Random(1), prefix)


@given(SEEDS)
def test_what_people_make_of_a_code_is_understood(seed):
    code = receipt_code(Random(seed), "DV24")
    misread = code.lower().replace("0", "o").replace("1", "l").replace("v", "u").replace("-", " – ")

    assert check_receipt_code(misread) == code
    assert check_receipt_code(code.replace("-", "").replace("1", "I")) == code
    assert check_receipt_code(f"  {code}.") == code


@given(SEEDS, st.integers(0, 11), st.sampled_from(LETTERS))
def test_one_wrong_character_is_caught(seed, place, other):
    plain = receipt_code(Random(seed), "DV24").replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]

    assert (check_receipt_code(wrong) is None) == (wrong != plain)


@given(SEEDS, st.integers(0, 11), st.integers(0, 11))
def test_two_swapped_characters_are_caught(seed, one, other):
    letters = list(receipt_code(Random(seed), "DV24").replace("-", ""))
    plain = "".join(letters)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)

    assert (check_receipt_code(swapped) is None) == (swapped != plain)


@given(SEEDS)
def test_an_account_code_is_no_receipt_code(seed):
    code = account_code(Random(seed))

    assert check_account_code(code.lower()) == code
    assert check_receipt_code(code) is None


@given(st.text())
def test_anything_may_be_typed(text):
    check_receipt_code(text)
    check_account_code(text)

    assert normalise_code(normalise_code(text)) == normalise_code(text)


@pytest.mark.parametrize("text", ("", "DV24", "0912 345 678", "giamkhao@example.org"))
def test_what_is_no_code(text):
    assert check_account_code(text) is None
