"""What counts as the same, what is shown of two texts, and what many texts share."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from fractions import Fraction

import pytest

from contest.rules.similarity import compare, figure, similar
from contest.rules.similarity_words import keys_of, least_of_windows, shingles_of, words_of

PROSE = (
    "Từ trung tâm xã vào thôn Nà Khoang, trước đây ai cũng phải dắt xe qua đoạn dốc dài gần bốn trăm mét. Mùa khô bụi "
    "phủ trắng hàng rào, mùa mưa bánh xe quay tại chỗ. Học sinh đi học mang theo một đôi dép dự phòng trong cặp. Hòa "
    "thuận, quý nhau, lý lẽ nói sau: ấy là cách của bà Vược."
)


def made(words: int, seed: int, *, kinds: int = 3000) -> list[str]:
    """Words that no other seed gives in the same order."""
    rng = random.Random(seed)
    return [f"chữ{rng.randrange(kinds)}" for _ in range(words)]


def shared(*texts: list[str]) -> list[tuple[int, int]]:
    return [(pair.a, pair.b) for pair in similar([" ".join(text) for text in texts])]


@pytest.mark.parametrize(
    "other",
    (
        unicodedata.normalize("NFD", PROSE),
        PROSE.upper(),
        PROSE.replace("Hòa", "Hoà").replace("quý", "quí").replace("lý", "lí"),
        PROSE.replace(" ", "\n"),
        PROSE.replace(" ", "\u00a0 ").replace(",", " –").replace(".", "…"),
        PROSE.replace("trung", "tr\u200bung").replace("khô", "kh\u00adô"),
        PROSE.replace("đ", "ð"),
    ),
    ids=("NFD", "capitals", "places of tones", "lines", "signs", "invisible", "eth"),
)  # fmt: skip
def test_how_a_text_is_written_makes_no_difference(other: str) -> None:
    likeness = compare(PROSE, other)

    assert other != PROSE
    assert likeness.score == 1
    assert likeness.containment == (1, 1)
    assert [(passage.a, passage.b) for passage in likeness.passages] == [
        ((0, PROSE.rindex(".")), (0, len(other.rstrip(".…"))))
    ]


def test_a_text_in_a_tcvn3_font_is_read_as_it_looked() -> None:
    """The letters of TCVN 5712:1993 as glibc's iconv gives them ("iconv -t TCVN")."""
    legacy = "B¸c Hå d¹y: D©n vËn kÐm th× viÖc g× còng kÐm. D©n vËn khÐo th× viÖc g× còng thµnh c«ng. §\u00adêng ®i"
    today = "Bác Hồ dạy: Dân vận kém thì việc gì cũng kém. Dân vận khéo thì việc gì cũng thành công. Đường đi"

    assert compare(legacy, today).score == 1
    assert words_of(legacy).spans == words_of(today).spans


def test_one_word_more_is_not_the_whole() -> None:
    likeness = compare(PROSE, PROSE + " Hết.")

    assert likeness.containment[0] == 1
    assert likeness.containment[1] == Fraction(len(PROSE.split()), len(PROSE.split()) + 1)
    assert figure(likeness.score) == "0.99"


def test_the_score_lies_between_and_a_whole_copy_in_a_long_text_stands_high() -> None:
    """61 of 100 words hold 98 of 100: the example of the format."""
    common, a, b = made(598, 1), made(12, 2), made(382, 3)

    likeness = compare(" ".join(common + a), " ".join(common + b))

    assert [figure(share) for share in likeness.containment] == ["0.98", "0.61"]
    assert figure(likeness.score) == "0.87"


@pytest.mark.parametrize(
    ("share", "written"),
    ((Fraction(1), "1.00"), (Fraction(9999, 10000), "0.99"), (Fraction(1, 8), "0.13"), (Fraction(0), "0.00")),
)  # fmt: skip
def test_figures(share: Fraction, written: str) -> None:
    assert figure(share) == written


def test_a_copied_paragraph_is_found_where_it_stands() -> None:
    source, own = made(1500, 1), made(900, 2)
    copied = source[300:900]
    a, b = " ".join(source), " ".join([*own[:500], *copied, *own[500:]])

    (pair,) = similar([a, b])
    (passage,) = pair.likeness.passages

    assert pair.likeness.containment == (Fraction(600, 1500), Fraction(600, 1500))
    assert pair.likeness.score == Fraction(2, 5)
    assert a[slice(*passage.a)] == b[slice(*passage.b)] == " ".join(copied)


def every_tenth_changed(words: list[str]) -> list[str]:
    return [f"thay{at}" if at % 10 == 9 else word for at, word in enumerate(words)]


def some_changed(words: list[str], seed: int = 9) -> list[str]:
    rng = random.Random(seed)
    return [f"thay{at}" if rng.random() < 0.1 else word for at, word in enumerate(words)]


def put_in_and_left_out(words: list[str]) -> list[str]:
    kept = [word for at, word in enumerate(words) if at % 25]
    return [piece for at, word in enumerate(kept) for piece in ([word] if at % 20 else [word, f"thêm{at}"])]


@pytest.mark.parametrize("change", (every_tenth_changed, some_changed, put_in_and_left_out))
def test_a_reworded_copy_is_found_in_one_passage(change: Callable[[list[str]], list[str]]) -> None:
    source = made(1500, 1)
    copy = change(source)

    (pair,) = similar([" ".join(source), " ".join(copy), " ".join(made(1500, 2))])
    (passage,) = pair.likeness.passages

    assert (pair.a, pair.b) == (0, 1)
    assert min(pair.likeness.containment) > Fraction(3, 4)
    assert passage.a[1] - passage.a[0] > 0.98 * len(" ".join(source))


def test_paragraphs_in_another_order_are_passages_of_their_own() -> None:
    first, second = made(200, 1), made(300, 2)

    likeness = compare(" ".join(first + second), " ".join(second + first))

    assert (likeness.score, likeness.containment) == (1, (1, 1))
    assert [sum(words for *_, words in passage.runs) for passage in likeness.passages] == [200, 300]


@pytest.mark.parametrize(("between", "passages"), ((20, 1), (21, 0)))
def test_runs_with_few_words_between_are_one_passage(between: int, passages: int) -> None:
    """Two runs of six words make twelve, the least a passage has."""
    first, second = made(6, 1), made(6, 2)

    likeness = compare(" ".join(first + made(3, 3) + second), " ".join(first + made(between, 4) + second))

    assert len(likeness.passages) == passages


def test_a_paragraph_that_stands_twice_in_both_is_two_passages() -> None:
    paragraph = made(60, 1)
    a = [*paragraph, *made(40, 2), *paragraph]
    b = [*made(30, 3), *paragraph, *made(50, 4), *paragraph]

    likeness = compare(" ".join(a), " ".join(b))

    assert [[run[:2] for run in passage.runs] for passage in likeness.passages] == [[(0, 30)], [(100, 140)]]
    assert likeness.containment == (Fraction(120, 160), Fraction(120, 200))


def test_a_paragraph_taken_twice_is_shown_at_both_places() -> None:
    paragraph = made(60, 1)

    likeness = compare(" ".join(paragraph + made(40, 2)), " ".join(paragraph + made(50, 3) + paragraph))

    assert [[run[:2] for run in passage.runs] for passage in likeness.passages] == [[(0, 0)], [(0, 110)]]
    assert likeness.containment == (Fraction(60, 100), Fraction(120, 170))


@pytest.mark.parametrize(
    ("a", "b"),
    (
        ([], []),
        ([], made(50, 1)),
        (made(1500, 1), made(1500, 2)),
        (made(3, 1), made(3, 2)),
        (made(4, 1), made(4, 1) + made(100, 2)),  # four words: fewer than can be told from a phrase
    ),
)  # fmt: skip
def test_texts_that_share_nothing_are_not_shown(a: list[str], b: list[str]) -> None:
    assert shared(a, b) == []
    assert compare(" ".join(a), " ".join(b)).score == 0


def test_short_texts_that_are_the_same_are_shown() -> None:
    assert shared(["dân", "vận", "khéo"], ["Dân", "vận,", "khéo!"]) == [(0, 1)]


@pytest.mark.parametrize(
    ("copied", "is_shown"),
    ((160, True), (140, False)),
)
def test_a_tenth_of_a_long_text_is_enough(copied: int, is_shown: bool) -> None:
    source = made(1500, 1)

    found = shared(source, made(1500 - copied, 2) + source[-copied:])

    assert bool(found) == is_shown


@pytest.mark.parametrize(("copied", "is_shown"), ((45, True), (35, False)))
def test_a_short_text_must_share_more_than_a_phrase(copied: int, is_shown: bool) -> None:
    source = made(130, 1)

    found = shared(source, made(130 - copied, 2) + source[-copied:])

    assert bool(found) == is_shown


def test_set_phrases_do_not_add_up() -> None:
    """Forty phrases of eleven words in both, each in its own surroundings, are three tenths of both texts."""
    phrases = [made(11, number) for number in range(40)]
    a = [word for number, phrase in enumerate(phrases) for word in phrase + made(25, 100 + number)]
    b = [word for number, phrase in enumerate(reversed(phrases)) for word in phrase + made(25, 200 + number)]

    assert compare(" ".join(a), " ".join(b)).passages == ()
    assert shared(a, b) == []


def test_what_many_quote_makes_nobody_alike_and_a_copy_still_shows() -> None:
    rules = made(120, 1)
    essays = [made(150, 10 + number) + rules + made(80, 50 + number) for number in range(30)]
    essays[7] = list(essays[3])
    essays[20] = made(100, 99) + essays[4][:150] + rules

    assert shared(*essays[:2]) == [(0, 1)]  # of two alone, nobody knows that it is quoted
    assert shared(*essays) == [(3, 7), (4, 20)]


def test_what_is_known_proves_nothing_even_for_two() -> None:
    rules = made(120, 1)
    a, b = (" ".join(made(150, seed) + rules) for seed in (2, 3))

    assert len(similar([a, b])) == 1
    assert similar([a, b], known=["Thể lệ: " + " ".join(rules)]) == []


def test_many_copies_of_one_text_each_show_beside_it() -> None:
    """All that they hold is common by then, but it is most of each."""
    source = made(400, 1)
    copies = [some_changed(source[:380], number) + made(20, 10 + number) for number in range(30)]

    found = shared(source, *copies, *(made(400, 100 + number) for number in range(10)))

    assert [pair for pair in found if pair[0] == 0] == [(0, number) for number in range(1, 31)]
    assert max(max(pair) for pair in found) == 30


def test_a_template_of_half_a_text_makes_nobody_alike_and_a_copy_still_shows() -> None:
    template = made(200, 1)
    essays = [template + made(150, 10 + number) for number in range(20)]
    essays[15] = template + essays[5][200:]

    assert shared(*essays) == [(5, 15)]


def test_a_crowd_is_shown_each_beside_the_next() -> None:
    source = made(60, 1)
    crowd = [source + [f"riêng{number}"] for number in range(230)]
    crowd[3] += made(80, 2)
    crowd[228] += made(80, 2)

    found = shared(*crowd)

    assert (3, 228) in found
    assert {number for pair in found for number in pair} == set(range(230))
    assert len(found) <= 230 * 20 + 1


def test_copies_of_copies_do_not_make_a_paragraph_common() -> None:
    """The same file in many forms is one text: what it shares with another is still worth showing."""
    source = made(1000, 1)
    other = made(600, 2) + source[:400]

    found = shared(other, *[source] * 12)

    assert [pair for pair in found if pair[0] == 0] == [(0, number) for number in range(1, 13)]


def test_the_order_of_texts_makes_no_difference() -> None:
    source = made(500, 1)
    texts = [source, made(500, 2), made(200, 3) + source[:300], some_changed(source), made(500, 4)]
    order = [3, 0, 4, 2, 1]

    found = {(pair.a, pair.b): pair.likeness for pair in similar([" ".join(text) for text in texts])}
    turned = similar([" ".join(texts[number]) for number in order])

    assert {tuple(sorted((order[pair.a], order[pair.b]))) for pair in turned} == set(found) == {(0, 2), (0, 3), (2, 3)}
    for pair in turned:
        a, b = order[pair.a], order[pair.b]
        assert pair.likeness == (found[a, b] if a < b else found[b, a].turned())


def test_a_text_of_one_word_over_and_over_ends() -> None:
    likeness = compare("dân " * 3000, "dân " * 2000)

    assert likeness.containment == (Fraction(2, 3), 1)


def test_the_rose_of_broder() -> None:
    """Its shingles of a size are three: Broder, "On the resemblance and containment of documents", 1997, section 2."""
    assert len(set(shingles_of(keys_of("a rose is a rose is a rose")))) == 3


def test_the_worked_example_of_winnowing() -> None:
    """Schleimer, Wilkerson, Aiken, SIGMOD 2003, figure 2: windows of four hashes, fingerprints 17 17 8 39 17."""
    hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98]

    assert set(least_of_windows(hashes, 4)) == {17, 8, 39}
