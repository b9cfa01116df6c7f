"""Near-duplicates among many essays: seconds of CPU, memory, planted copies found, pairs that are none.

python -m tests.bench.essays [COUNT …]

The essays come from a fixed seed and are as like each other as real ones: few words make up most of the text, set
phrases and quotations recur (a fifth of it), and one essay in ten holds a copy of another.
"""

from __future__ import annotations

import itertools
import random
import resource
import sys
import time
from dataclasses import dataclass

from contest.rules.similarity import similar
from contest.rules.similarity_index import Index, fingerprint

_FIRST = " b c ch d đ g gh h k kh l m n ng nh ph q r s t th tr v x"
_VOWELS = "a á à ả ạ ă ắ ằ ặ â ấ ầ ậ e é è ê ế ề ệ i í ì ị o ó ò ọ ô ố ồ ộ ơ ớ ờ ợ u ú ù ụ ư ứ ừ ự iê ươ uô oa uy"
_LAST = "  c ch i m n ng nh o p t u"


@dataclass(frozen=True)
class Planted:
    """A copy that was made. share: of the copy's words that were taken; changed: words in a hundred changed then."""

    a: int
    b: int
    share: float
    changed: int


class Essays:
    """texts: of about `words` words each. planted: the copies among them, ten in a hundred texts."""

    def __init__(self, count: int, *, words: int = 1500, seed: int = 15101949) -> None:
        self._rng = random.Random(seed)
        self._vocabulary = [
            "".join(parts) for parts in itertools.product(*(part.split(" ") for part in (_FIRST, _VOWELS, _LAST)))
        ]
        self._rng.shuffle(self._vocabulary)
        del self._vocabulary[6000:]
        # Zipf and Mandelbrot: the n-th word as often as 1 / (n + 2.7).
        self._weights = list(itertools.accumulate(1 / (rank + 3.7) for rank in range(6000)))
        # Names and phrases everyone uses, the first most of all; three long quotations.
        self._phrases = [self._drawn(self._rng.randint(5, 14)) for _ in range(400)]
        self._phrase_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(400)))
        self._quotations = [self._drawn(length) for length in (28, 60, 120)]
        essays = [self._essay(words) for _ in range(count)]
        self.planted: list[Planted] = []
        for number in range(count // 10):
            self._plant(essays, number, count - 1 - number)
        self.texts = [self._set(essay) for essay in essays]

    def _drawn(self, count: int) -> list[str]:
        return self._rng.choices(self._vocabulary, cum_weights=self._weights, k=count)

    def _essay(self, words: int) -> list[str]:
        essay: list[str] = []
        for quotation in self._quotations:
            if self._rng.random() < 0.3:
                essay += self._drawn(40) + quotation
        while len(essay) < words:
            essay += self._drawn(self._rng.randint(20, 50))
            essay += self._rng.choices(self._phrases, cum_weights=self._phrase_weights)[0]
        return essay

    def _plant(self, essays: list[list[str]], a: int, b: int) -> None:
        share, changed = self._rng.choice(((1.0, 0), (1.0, 10), (0.4, 0), (0.4, 10), (0.2, 0), (0.2, 10), (0.15, 0)))
        taken = int(len(essays[b]) * share)
        start = self._rng.randint(0, max(0, len(essays[a]) - taken))
        copied = essays[a][start : start + taken]
        copied = [self._drawn(1)[0] if self._rng.random() * 100 < changed else word for word in copied]
        at = self._rng.randint(0, len(essays[b]) - taken)
        essays[b][at : at + taken] = copied
        self.planted.append(Planted(a, b, share, changed))

    def _set(self, essay: list[str]) -> str:
        """Sentences and paragraphs."""
        pieces = []
        for word in essay:
            pieces.append(word)
            chance = self._rng.random()
            pieces.append(". " if chance < 0.04 else ", " if chance < 0.1 else ".\n\n" if chance < 0.11 else " ")
        return "".join(pieces).strip()


def main(count: int) -> None:
    made = Essays(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    pairs = {(pair.a, pair.b) for pair in similar(made.texts)}
    took = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = sum((each.a, each.b) in pairs for each in made.planted)
    print(
        f"{f'near-duplicates among {count:,} texts x 1,500 words':<60} {took:>6.2f} s   (at most 120 s for 10,000)\n"
        f"  memory {after / 1024:.0f} MB, {before / 1024:.0f} of them the texts; found {found} of {len(made.planted)} "
        f"planted copies, {len(pairs) - found} other pairs",
        flush=True,
    )
    prints = list(map(fingerprint, made.texts))
    index = Index(prints)
    began = time.process_time()
    for print_ in prints[:100]:
        index.ask(print_)
    asked = time.process_time() - began
    began = time.process_time()
    for text in made.texts[:100]:
        fingerprint(text)
    printed = time.process_time() - began
    size = len(index.to_bytes()) / 1e6
    print(
        f"  one more text: fingerprint {printed * 10:.1f} ms, question {asked * 10:.1f} ms; index {size:.1f} MB",
        flush=True,
    )


if __name__ == "__main__":
    for each in map(int, sys.argv[1:] or ("625", "2500", "10000")):
        main(each)
