"""The index of fingerprints: kept as bytes, asked about one text, filled one by one, and missing nothing."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.similarity_index import Index, common_from, fingerprint, packed, unpacked
from contest.rules.similarity_words import keys_of, selected, shingles_of
from tests.rules.test_similarity import made

SOURCE = made(600, 1)
TEXTS = [SOURCE, made(600, 2), made(300, 3) + SOURCE[:300], made(40, 4) + SOURCE[100:500], made(600, 5)]
PRINTS = [fingerprint(" ".join(text)) for text in TEXTS]


FROZEN = "f2ca5d233f7e74090630627148f18e0e3f1c1fe934e1d519951c59c21210d92351bd309085cdeb2a608691758fcef958"


def test_fingerprints_are_the_same_on_every_machine() -> None:
    """They are kept in databases: a change here needs a new VERSION and fingerprints made anew."""
    text = "Lực lượng của dân rất to. Việc dân vận rất quan trọng. Dân vận kém thì việc gì cũng kém. Dân vận khéo thì "
    print_ = fingerprint(text + "việc gì cũng thành công.")

    assert packed(print_).hex() == FROZEN


def test_a_fingerprint_is_sorted_and_small() -> None:
    print_ = fingerprint(" ".join(made(1500, 1)))

    assert list(print_) == sorted(set(print_))
    assert 2000 < len(packed(print_)) < 3500
    assert unpacked(packed(print_)) == print_


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint(text: str) -> None:
    assert (len(fingerprint(text)) > 0) == (len(keys_of(text)) > 0)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.lists(st.sampled_from("abcdef"), min_size=12, max_size=20),
       st.lists(st.sampled_from("abcdef"), max_size=40))  # fmt: skip
def test_twelve_words_in_a_row_are_never_missed(before: list[str], row: list[str], after: list[str]) -> None:
    prints = []
    for words in (before + row, row + after):
        keys = keys_of(" ".join(words))
        prints.append(selected(keys, shingles_of(keys)))

    assert prints[0] & prints[1]


def test_pairs_and_questions_find_the_same() -> None:
    index = Index(PRINTS[:-2])
    asked = {number: index.ask(PRINTS[number]) for number in range(len(PRINTS))}

    assert list(Index(PRINTS).pairs()) == [(0, 2), (0, 3), (2, 3)]
    assert sorted(asked[3]) == [0, 2]
    assert asked[4] == {}
    assert asked[1] == {1: len(PRINTS[1])}


def test_texts_may_be_added_one_by_one_and_the_index_kept_between() -> None:
    index = Index(PRINTS[:2])
    assert [index.add(print_) for print_ in PRINTS[2:4]] == [2, 3]
    asked = index.ask(PRINTS[0])

    kept = Index.from_bytes(index.to_bytes())
    assert kept.ask(PRINTS[0]) == asked
    assert kept.add(PRINTS[4]) == 4

    whole = Index(PRINTS)
    assert kept.to_bytes() == whole.to_bytes()
    assert list(kept.pairs()) == list(whole.pairs())
    assert kept.common() == whole.common()


def test_what_many_quote_finds_nobody_and_a_copy_of_it_all() -> None:
    """A question knows what is common, as the pairs do."""
    rules = made(150, 1)
    prints = [fingerprint(" ".join(made(400, 10 + number) + rules)) for number in range(20)]
    index = Index(prints)

    assert index.ask(fingerprint(" ".join(made(400, 99) + rules))) == {}
    assert len(index.common()) > 10
    assert len(index.ask(fingerprint(" ".join(made(30, 99) + rules)))) == 20
    assert list(index.pairs()) == []


@pytest.mark.parametrize(("texts", "least"), ((0, 8), (80, 8), (81, 9), (625, 63), (2000, 200), (10_000, 200)))
def test_when_a_stretch_is_common(texts: int, least: int) -> None:
    assert common_from(texts) == least


@pytest.mark.parametrize("data", (b"", b"1234567", array("Q", [5, 1]).tobytes()))
def test_bytes_that_are_no_index_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="index|bytes"):
        Index.from_bytes(data)


def test_a_text_taken_out_is_as_if_it_had_never_been_there() -> None:
    index = Index(PRINTS[:3])
    number = index.add(PRINTS[3])
    index.add(PRINTS[4])
    index.remove(0)
    index.remove(number)
    without = Index([PRINTS[1], PRINTS[2], PRINTS[4]])
    names = {1: 0, 2: 1, 4: 2}

    for kept in (index, Index.from_bytes(index.to_bytes())):
        assert {names[each]: shared for each, shared in kept.ask(PRINTS[0]).items()} == without.ask(PRINTS[0])
        assert kept.different() == without.different() == 3
        assert list(kept.pairs()) == list(without.pairs()) == []
        with pytest.raises(ValueError, match="no text 0"):
            kept.remove(0)
    with pytest.raises(ValueError, match="no text 5"):
        index.remove(5)


def test_copies_of_one_text_are_taken_out_one_by_one() -> None:
    index = Index([PRINTS[0], PRINTS[0], PRINTS[1]])
    index.remove(0)

    assert index.different() == 2
    assert list(index.ask(PRINTS[0])) == [1]


def test_what_is_common_is_asked_of_some_hashes_alone() -> None:
    formula = made(40, 7)
    prints = [fingerprint(" ".join(made(200, 20 + number) + formula)) for number in range(12)]
    index = Index(prints[:6])
    for print_ in prints[6:]:
        index.add(print_)

    assert index.common_of(prints[3]) == index.common() != frozenset()
    index.remove(0)
    for number in range(1, 6):
        index.remove(number)
    assert index.common_of(prints[8]) == index.common() == frozenset()
