"""Two implementations that were written apart say the same of random texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules.similarity import Likeness, compare
from tests.rules.similarity_oracle import Oracle


@st.composite
def two_texts(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Random words, and stretches of the one put into the other; few different words make texts that repeat."""
    words = st.sampled_from([f"từ{number}" for number in range(draw(st.sampled_from((1, 2, 3, 8, 200))))])
    a = draw(st.lists(words, max_size=60))
    b = draw(st.lists(words, max_size=30))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(a)))
        stretch = a[start : start + draw(st.integers(0, 40))]
        at = draw(st.integers(0, len(b)))
        b = b[:at] + stretch + b[at:]
    return a, b


def _seen(likeness: Likeness) -> tuple[object, ...]:
    return likeness.words, likeness.containment, likeness.score


@settings(max_examples=600, deadline=None)
@given(two_texts())
def test_the_rules_and_the_plain_comparison_agree(texts: tuple[list[str], list[str]]) -> None:
    a, b = texts
    oracle = Oracle(a, b)

    likeness = compare(" ".join(a), " ".join(b))

    assert _seen(likeness) == (oracle.sizes, oracle.containment, oracle.score)
    assert all(set(passage.runs) in oracle.passages for passage in likeness.passages)


@settings(max_examples=300, deadline=None)
@given(two_texts())
def test_it_is_the_same_from_either_side(texts: tuple[list[str], list[str]]) -> None:
    a, b = (" ".join(words) for words in texts)

    one, other = compare(a, b), compare(b, a)

    assert one.turned() == other
    assert one.score == other.score
    assert one.containment == other.containment[::-1]
    assert one.is_shown() == other.is_shown()


@settings(max_examples=200, deadline=None)
@given(two_texts())
def test_a_passage_of_one_run_reads_the_same_in_both(texts: tuple[list[str], list[str]]) -> None:
    a, b = (" ".join(words) for words in texts)

    for passage in compare(a, b).passages:
        if len(passage.runs) == 1:
            assert a[slice(*passage.a)] == b[slice(*passage.b)]
            assert len(a[slice(*passage.a)].split()) == passage.runs[0][2]
