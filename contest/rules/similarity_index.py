"""Which texts may share something: fingerprints, and an index of them that is built once, kept and asked.

A fingerprint is what is stored of a text (some 2.7 kB for 1,500 words). What the index finds are candidates, to be
compared word for word (`similarity.compare`). Nothing that shares twelve words in a row is missed but for what is
common: a stretch in so many texts that it is a formula, a quotation or the contest's own rules.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice

from contest.rules.similarity_words import keys_of, selected, shingles_of

# A place in the index is 44 bits of a hash and the number of a text.
NUMBER_BITS = 20
_NUMBER = (1 << NUMBER_BITS) - 1
_HASH = ((1 << 64) - 1) ^ _NUMBER

# A text with so many hundredths of its hashes common may be a copy rather than one that quotes: where two thirds of
# its words are common and one in ten of those is changed, some 30 are.
MOSTLY_COMMON = 30
# So many hundredths of the shorter text's hashes must be shared. A tenth of a text copied shares 10, with one word in
# ten changed 3; two essays of 1,500 words that have only set phrases in common share 1 (`make bench`).
LEAST_SHARED = 2


# Where more texts than this hold the same, each is put beside the next of them by number alone: a template filled in by
# thousands would make millions of pairs. What two of them share beyond it brings them together all the same.
CROWD, NEIGHBOURS = 200, 20
# Hashes of texts put in one by one that are kept apart, some 150 bytes each, before all are sorted anew.
MOST_RECENT = 100_000


def fingerprint(text: str) -> array[int]:
    """What a text is known by: sorted, each once. Empty for a text without words."""
    keys = keys_of(text)
    return array("Q", sorted(selected(keys, shingles_of(keys))))


def packed(print_: array[int]) -> bytes:
    """A fingerprint as bytes to keep: 64-bit numbers, least byte first."""
    if sys.byteorder == "big":
        print_ = array("Q", print_)
        print_.byteswap()
    return print_.tobytes()


def unpacked(data: bytes) -> array[int]:
    """The fingerprint `packed` made these bytes of. Raises ValueError when they are none."""
    print_ = array("Q")
    print_.frombytes(data)
    if sys.byteorder == "big":
        print_.byteswap()
    return print_


def common_from(texts: int) -> int:
    """In how many different texts a stretch must stand to be common: a tenth of them, at least 8, at most 200."""
    return max(8, min(-(-texts // 10), 200))


class Index:
    """Fingerprints by number: the first text is 0. Numbers are never taken again, at most 2**20 - 1."""

    def __init__(self, prints: Iterable[Sequence[int]] = ()) -> None:
        self._sizes: list[int] = []
        # Of the whole fingerprints: copies without a changed word have the same. 0: taken out again.
        self._digests: list[int] = []
        self._different: Counter[int] = Counter()
        self._recent: dict[int, list[int]] = defaultdict(list)
        self._places = array("Q")
        places: list[int] = []
        for print_ in prints:
            number = self._take(print_)
            places += [each & _HASH | number for each in print_]
        places.sort()
        self._places = array("Q", places)

    def __len__(self) -> int:
        return len(self._sizes)

    def _take(self, print_: Sequence[int]) -> int:
        number = len(self._sizes)
        if number >= _NUMBER:
            raise ValueError(f"an index holds at most {_NUMBER} texts")
        self._sizes.append(len(print_))
        digest = blake2b(packed(array("Q", print_)), digest_size=8).digest()
        self._digests.append(int.from_bytes(digest, "little"))
        self._different[self._digests[-1]] += 1
        return number

    def add(self, print_: Sequence[int]) -> int:
        """Put one more text in; its number."""
        number = self._take(print_)
        for each in print_:
            self._recent[each & _HASH].append(number)
        if len(self._recent) > MOST_RECENT:
            self._settle()
        return number

    def remove(self, number: int) -> None:
        """Take a text out again: nothing is found by it any more, and its number is not given to another.

        Raises ValueError when there is no such text.
        """
        if not 0 <= number < len(self._digests) or not self._digests[number]:
            raise ValueError(f"no text {number}")
        digest, self._digests[number] = self._digests[number], 0
        self._different[digest] -= 1
        if not self._different[digest]:
            del self._different[digest]

    def different(self) -> int:
        """How many different texts there are: copies without a changed word count once."""
        return len(self._different)

    def common(self) -> frozenset[int]:
        """The hashes of what is common here, for `is_common`."""
        least = common_from(self.different())
        return frozenset(key for key, numbers in self._groups() if self._is_spread(numbers, least))

    def common_of(self, print_: Sequence[int]) -> frozenset[int]:
        """Of these hashes, those that `common` would name; without looking at any other."""
        least = common_from(self.different())
        return frozenset(key for key in hashes(print_) if self._is_spread(self._numbers(key), least))

    def _is_spread(self, numbers: Iterable[int], least: int) -> bool:
        """Whether so many different texts are among these; looks no further than it must."""
        met: set[int] = set()
        for number in numbers:
            met.add(self._digests[number])
            if len(met) >= least:
                return True
        return False

    def _numbers(self, key: int) -> Iterator[int]:
        start = bisect_left(self._places, key)
        end = bisect_left(self._places, key | _NUMBER, start)
        for at in range(start, end):
            if self._digests[number := self._places[at] & _NUMBER]:
                yield number
        yield from (number for number in self._recent.get(key, ()) if self._digests[number])

    def _groups(self) -> Iterator[tuple[int, list[int]]]:
        """Every hash that stands in more than one text, with the numbers of those, ascending."""
        self._settle()
        places = self._places
        if 0 in self._digests:
            places = array("Q", (place for place in places if self._digests[place & _NUMBER]))
        start = 0
        key = -1
        for at, place in enumerate(places):
            if place & _HASH != key:
                if at - start > 1:
                    yield key, [each & _NUMBER for each in places[start:at]]
                start, key = at, place & _HASH
        if len(places) - start > 1:
            yield key, [each & _NUMBER for each in places[start:]]

    def _settle(self) -> None:
        if self._recent:
            added = [key | number for key, numbers in self._recent.items() for number in numbers]
            self._places = array("Q", sorted([*self._places, *added]))
            self._recent.clear()

    def ask(self, print_: Sequence[int]) -> dict[int, int]:
        """The texts a new one may share something with, and how many hashes they share."""
        least = common_from(self.different())
        found: Counter[int] = Counter()
        common = []
        for key in hashes(print_):
            if self._is_spread(self._numbers(key), least):
                common.append(key)
            else:
                found.update(self._numbers(key))
        if len(common) * 100 >= len(print_) * MOSTLY_COMMON:
            for key in common:
                found.update(islice(self._numbers(key), CROWD))
        return {number: shared for number, shared in found.items() if self._is_enough(shared, number, len(print_))}

    def pairs(self) -> Iterator[tuple[int, int]]:
        """All candidates among the texts, (a, b) with a < b, by a and then b."""
        least = common_from(self.different())
        commons = [0] * len(self)
        usual: list[list[int]] = []
        common: list[list[int]] = []
        for _, numbers in self._groups():
            if self._is_spread(numbers, least):
                common.append(numbers)
                for number in numbers:
                    commons[number] += 1
            else:
                usual.append(numbers)
        for numbers in common:
            # Those that only quote meet nobody here: a formula in half the texts would make millions of pairs.
            usual.append([number for number in numbers if commons[number] * 100 >= self._sizes[number] * MOSTLY_COMMON])
        yield from self._meeting(usual)

    def _meeting(self, groups: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        # One text at a time: the counts of all pairs at once would not fit where formulas are many.
        later: list[list[Sequence[int]]] = [[] for _ in self._sizes]
        for numbers in groups:
            for number in numbers[:-1]:
                later[number].append(numbers)
        for number, members in enumerate(later):
            shared: Counter[int] = Counter()
            for numbers in members:
                after = bisect_left(numbers, number + 1)
                shared.update(numbers[after:] if len(numbers) <= CROWD else numbers[after : after + NEIGHBOURS])
            later[number] = []
            for other in sorted(shared):
                if self._is_enough(shared[other], other, self._sizes[number]):
                    yield number, other

    def _is_enough(self, shared: int, number: int, size: int) -> bool:
        return shared * 100 >= min(self._sizes[number], size) * LEAST_SHARED

    def to_bytes(self) -> bytes:
        """The index to keep; `from_bytes` gives it back."""
        self._settle()
        head = array("Q", [len(self), *self._sizes, *self._digests])
        return packed(head) + packed(self._places)

    @classmethod
    def from_bytes(cls, data: bytes) -> Index:
        """Raises ValueError for what `to_bytes` did not write."""
        numbers = unpacked(data)
        if not numbers or len(numbers) < 1 + 2 * numbers[0]:
            raise ValueError("not an index of fingerprints")
        count = numbers[0]
        index = cls()
        index._sizes, index._digests = list(numbers[1 : 1 + count]), list(numbers[1 + count : 1 + 2 * count])
        index._different.update(digest for digest in index._digests if digest)
        index._places = numbers[1 + 2 * count :]
        return index


def hashes(print_: Sequence[int]) -> frozenset[int]:
    """A fingerprint in the form of `Index.common`."""
    return frozenset(each & _HASH for each in print_)


def is_common(hash_: int, common: frozenset[int]) -> bool:
    """Whether a hash of a fingerprint is among those `Index.common` gave."""
    return hash_ & _HASH in common
