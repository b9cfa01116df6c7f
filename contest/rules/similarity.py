"""Near-duplicates: what two texts share word for word, how much of each that is, and which pairs to show.

The figures of a pair depend on the two texts alone. What other texts hold decides only whether the pair is shown.

1. Runs: five words or more, one after the other, that stand in both texts (`similarity_words` says what a word is).
2. Passages: runs that follow one another in both texts with at most 20 other words between are one passage, so that
   a copy with words changed stays together. One with fewer than 12 shared words is a set phrase and does not count.
3. Containment: of each text, the share of its words that stand in runs of its passages.
4. Score: half the larger containment, half the share of shared words in both texts together: a text taken whole into
   a longer one is no less a copy than two that share half of theirs. 1 only when the words of both are the same.
5. A pair is shown when two thirds of one text are shared, or when what is not common makes up three tenths of one
   text, or a tenth and 60 words of each. Common is what stands in so many texts that it proves nothing
   (`similarity_index.common_from`), or in a text said to be known, such as the contest's rules. A passage is common
   when at least half the hashes it is known by are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from contest.rules.exact import write
from contest.rules.similarity_index import Index, fingerprint, hashes, is_common
from contest.rules.similarity_words import SHINGLE, Words, words_of

LEAST_PASSAGE = 12  # words
LONGEST_GAP = 20  # words
# A shingle that stands oftener than this in two texts (times in one × times in the other) is matched first with
# first, second with second: a text of one word over and over would otherwise make a pair of every two places.
MOST_PLACES = 25
# Texts whose words stay in memory while pairs are compared, some 300 kB each.
KEPT_WORDS = 256

SHOWN_WHOLE = Fraction(2, 3)
SHOWN_SHORT = Fraction(3, 10)
SHOWN_LONG, SHOWN_WORDS = Fraction(1, 10), 60

Run = tuple[int, int, int]  # first word in a, first word in b, words


@dataclass(frozen=True)
class Passage:
    """A stretch that stands in both texts. a, b: [start, end) in code points. marks: hashes it is known by."""

    a: tuple[int, int]
    b: tuple[int, int]
    runs: tuple[Run, ...]
    marks: frozenset[int]


@dataclass(frozen=True)
class Likeness:
    """What two texts share. words: of each text. passages: by their place in a, then in b."""

    words: tuple[int, int]
    passages: tuple[Passage, ...]

    @property
    def containment(self) -> tuple[Fraction, Fraction]:
        return self._shares(self.passages)

    def _shares(self, passages: Iterable[Passage]) -> tuple[Fraction, Fraction]:
        a, b = shared_words(passages)
        return Fraction(a, self.words[0] or 1), Fraction(b, self.words[1] or 1)

    @property
    def score(self) -> Fraction:
        together = Fraction(sum(shared_words(self.passages)), sum(self.words) or 1)
        return (max(self.containment) + together) / 2

    @property
    def shown_score(self) -> Fraction:
        """The score as `figure` writes it."""
        return Fraction(figure(self.score))

    def is_shown(self, common: frozenset[int] = frozenset()) -> bool:
        """Whether the two share enough. common: hashes that prove nothing."""
        if max(self.containment) >= SHOWN_WHOLE:
            return True
        own = [passage for passage in self.passages if not _is_common(passage, common)]
        most = max(self._shares(own))
        return most >= SHOWN_SHORT or most >= SHOWN_LONG and min(shared_words(own)) >= SHOWN_WORDS

    def turned(self) -> Likeness:
        """The same, seen from b."""
        passages = (
            Passage(each.b, each.a, tuple(sorted((b, a, words) for a, b, words in each.runs)), each.marks)
            for each in self.passages
        )
        return Likeness((self.words[1], self.words[0]), tuple(sorted(passages, key=_by_place)))


@dataclass(frozen=True)
class Pair:
    """Two texts, by their place in what was given, that share enough; a < b."""

    a: int
    b: int
    likeness: Likeness


def figure(share: Fraction) -> str:
    """A share with two decimals, halves up; "1.00" is said of nothing less than the whole."""
    return "0.99" if Fraction(99, 100) < share < 1 else write(share, 2)


def shared_words(passages: Iterable[Passage]) -> tuple[int, int]:
    """Words of a and of b in the runs of passages, each counted once."""
    runs = [run for passage in passages for run in passage.runs]
    return _covered((a, a + words) for a, _, words in runs), _covered((b, b + words) for _, b, words in runs)


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    done = total = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, done))
        done = max(done, end)
    return total


def _is_common(passage: Passage, common: frozenset[int]) -> bool:
    count = sum(1 for mark in passage.marks if is_common(mark, common))
    return count > 0 and count * 2 >= len(passage.marks)


def _by_place(passage: Passage) -> tuple[tuple[int, int], tuple[int, int]]:
    return passage.a, passage.b


def compare(a: str, b: str) -> Likeness:
    """What two texts share. Offsets count code points of the texts as given."""
    return compare_words(words_of(a), words_of(b))


def compare_words(a: Words, b: Words) -> Likeness:
    """As `compare`, for texts whose words are known already."""
    if b.keys < a.keys:
        # Where a text repeats itself there are choices: made in one order, they are the same from either side.
        return compare_words(b, a).turned()
    sizes = len(a.keys), len(b.keys)
    if a.keys == b.keys:
        if not a.keys:
            return Likeness(sizes, ())
        whole = Passage(_place(a, 0, sizes[0]), _place(b, 0, sizes[0]), ((0, 0, sizes[0]),), a.fingerprint)
        return Likeness(sizes, (whole,))
    passages = [passage for runs in _chains(_runs(a, b)) if (passage := _passage(a, b, runs))]
    return Likeness(sizes, tuple(sorted(_telling(passages), key=_by_place)))


def _place(words: Words, first: int, end: int) -> tuple[int, int]:
    return words.spans[first][0], words.spans[end - 1][1]


def _runs(a: Words, b: Words) -> list[Run]:
    """Every run of SHINGLE words or more that stands in both and cannot be made longer, by its place in a."""
    shared = set(a.shingles) & set(b.shingles)
    if not shared:
        return []
    places_a, places_b = _places(a.shingles, shared), _places(b.shingles, shared)
    diagonals: dict[int, list[int]] = defaultdict(list)
    for shingle, in_a in places_a.items():
        in_b = places_b[shingle]
        if len(in_a) * len(in_b) > MOST_PLACES:
            met = list(zip(in_a, in_b, strict=False))
        else:
            met = [(i, j) for i in in_a for j in in_b]
        for i, j in met:
            diagonals[j - i].append(i)
    runs = []
    for shift, firsts in diagonals.items():
        firsts.sort()
        start = last = firsts[0]
        for i in firsts[1:]:
            if i != last + 1:
                runs.append((start, start + shift, last - start + SHINGLE))
                start = i
            last = i
        runs.append((start, start + shift, last - start + SHINGLE))
    return sorted(runs)


def _places(shingles: Sequence[int], wanted: set[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for at, shingle in enumerate(shingles):
        if shingle in wanted:
            places[shingle].append(at)
    return places


def _chains(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs put together that follow one another in both texts; each chain and run by its place in a."""
    chain_of = list(range(len(runs)))

    def root(at: int) -> int:
        while chain_of[at] != at:
            chain_of[at] = at = chain_of[chain_of[at]]
        return at

    near: list[int] = []
    for at, (a, b, _) in enumerate(runs):
        near = [other for other in near if runs[other][0] + runs[other][2] + LONGEST_GAP >= a]
        for other in near:
            other_a, other_b, words = runs[other]
            # Two runs may share some words where one phrase closes the first and opens the second.
            if a - other_a - words > -SHINGLE and -SHINGLE < b - other_b - words <= LONGEST_GAP:
                chain_of[root(at)] = root(other)
        near.append(at)
    chains: dict[int, list[Run]] = defaultdict(list)
    for at, run in enumerate(runs):
        chains[root(at)].append(run)
    return list(chains.values())


def _passage(a: Words, b: Words, runs: Sequence[Run]) -> Passage | None:
    in_a = _covered((first, first + words) for first, _, words in runs)
    in_b = _covered((first, first + words) for _, first, words in runs)
    if min(in_a, in_b) < LEAST_PASSAGE:
        return None
    shared = {a.shingles[at] for first, _, words in runs for at in range(first, first + words - SHINGLE + 1)}
    return Passage(
        _place(a, runs[0][0], max(first + words for first, _, words in runs)),
        _place(b, min(first for _, first, _ in runs), max(first + words for _, first, words in runs)),
        tuple(runs),
        frozenset(shared & (a.fingerprint | b.fingerprint)),
    )


def _telling(passages: Sequence[Passage]) -> list[Passage]:
    """Enough passages to show every shared word: a paragraph that stands twice in both is two of them, not four."""
    longest = sorted(passages, key=lambda each: (-sum(words for *_, words in each.runs), _by_place(each)))
    shown: tuple[set[int], set[int]] = (set(), set())
    told = []
    # First what is new in both texts, then what is new in either.
    for enough in (all, any):
        for passage in longest:
            words = [_words(passage, side) for side in (0, 1)]
            if enough(not words[side] <= shown[side] for side in (0, 1)):
                told.append(passage)
                for side in (0, 1):
                    shown[side].update(words[side])
    return told


def _words(passage: Passage, side: int) -> set[int]:
    return {word for run in passage.runs for word in range(run[side], run[side] + run[2])}


def similar(texts: Sequence[str], *, known: Iterable[str] = ()) -> list[Pair]:
    """All pairs of texts that share enough, by their places.

    known: texts that all may quote from; what stands in them proves nothing.
    """
    index = Index(fingerprint(text) for text in texts)
    common = index.common().union(*(hashes(fingerprint(text)) for text in known))
    words = lru_cache(maxsize=KEPT_WORDS)(lambda at: words_of(texts[at]))
    pairs = (Pair(a, b, compare_words(words(a), words(b))) for a, b in index.pairs())
    return [pair for pair in pairs if pair.likeness.is_shown(common)]
