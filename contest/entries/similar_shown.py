"""Rows and texts of the pages about texts that are alike, as far as whoever looks may see them.

Whoever may not know the authors in the contest a text is from gets neither names nor ways to them: the title as
judges read it, the receipt, and the text with what gives its author away covered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for

from contest.contests.models import Contest
from contest.entries import similar_queries
from contest.entries.checks import suspects
from contest.entries.copies import BAR, spans_of
from contest.entries.models import Entry, Fingerprint, LikePair
from contest.entries.own_queries import slip_of
from contest.entries.similar_words import percent
from contest.rules.names_inside import find_names
from contest.web.language import _

# Whether the one who looks may know the authors of a contest.
Knows = Callable[[Contest], bool]
_HIDDEN = "\ue000"  # stands for one covered letter, so that passages keep their places
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Side:
    """One text of a pair. note: where it is from; authors: empty where they may not be known; href: of its intake."""

    letter: str
    title: str
    note: str
    authors: str
    href: str
    words: int
    shared: int
    percent: int
    is_reference: bool


@dataclass(frozen=True)
class Row:
    """A pair as the list and the head of its page show it. score: in hundredths, rounded down."""

    pair: LikePair
    one: Side
    other: Side
    score: int
    is_same_author: bool

    @property
    def most(self) -> int:
        return max(self.one.percent, self.other.percent)


def rows_of(contest: Contest, pairs: Sequence[LikePair], knows: Knows) -> list[Row]:
    """Pairs with everything their rows say, in as many statements for one as for fifty."""
    entries = [print_.entry for pair in pairs for print_ in (pair.one, pair.other) if print_.entry is not None]
    unknown = [entry.id for entry in entries if not knows(entry.contest)]
    titles = similar_queries.titles_of(unknown) if unknown else {}
    rows = []
    for pair in pairs:
        one = _side("A", pair.one, pair.one_shared, contest, knows, titles)
        other = _side("B", pair.other, pair.other_shared, contest, knows, titles)
        rows.append(Row(pair, one, other, (10_000 - pair.unlike) // 100, _same_author(pair, knows)))
    return rows


def _side(
    letter: str, print_: Fingerprint, shared: int, contest: Contest, knows: Knows, titles: dict[int, str]
) -> Side:  # fmt: skip
    entry, reference = print_.entry, print_.reference
    figures = {"words": print_.words, "shared": shared, "percent": percent(shared, print_.words)}
    if entry is None:
        assert reference is not None
        note = _("Văn bản đối chiếu · %(source)s", source=reference.source) if reference.source else _(
            "Văn bản đối chiếu"
        )  # fmt: skip
        return Side(letter, reference.name, note, "", "", is_reference=True, **figures)
    note = _("biên nhận %(code)s", code=entry.receipt_code)
    if entry.contest_id != contest.id:
        note = _where(entry.contest) + f" · {note}"
    if not knows(entry.contest):
        title = titles.get(entry.id) or _("Bài %(code)s", code=entry.receipt_code)
        return Side(letter, title, note, "", "", is_reference=False, **figures)
    authors = ", ".join(author.full_name for author in entry.authors)
    href = url_for("entries.intake_entry", contest=entry.contest.slug, public_id=entry.public_id)
    return Side(letter, entry.title, note, authors, href, is_reference=False, **figures)


def _where(contest: Contest) -> str:
    """The contest's name, with its year where the name leaves it out."""
    year = str(contest.campaign.year)
    return contest.name if year in contest.name else _("%(contest)s, năm %(year)s", contest=contest.name, year=year)


def _same_author(pair: LikePair, knows: Knows) -> bool:
    one, other = pair.one.entry, pair.other.entry
    if one is None or other is None or not (knows(one.contest) and knows(other.contest)):
        return False
    mine, theirs = ({author.name_key for author in entry.authors} for entry in (one, other))
    return bool(mine & theirs)


@dataclass(frozen=True)
class Piece:
    """A stretch of text. passage: its number from 1, or 0; is_first: it carries the passage's anchor."""

    text: str
    passage: int = 0
    is_first: bool = False
    target: int = 0  # the passage's number in the other text, where two may be one


Paragraphs = list[list[Piece]]


def both_texts(pair: LikePair, knows: Knows) -> tuple[Paragraphs, Paragraphs]:
    """The texts of a pair in paragraphs, with the shared passages marked; numbers by their place in the first."""
    texts = similar_queries.texts_of([pair.one, pair.other])
    one = _readable(pair.one, texts[pair.one.id], knows)
    other = _readable(pair.other, texts[pair.other.id], knows)
    in_one = [(each[0], each[1]) for each in pair.passages]
    in_other = [(each[2], each[3]) for each in pair.passages]
    shown_one, shown_other = shown_at(in_one), shown_at(in_other)
    return marked(one, in_one, shown_one, shown_other), marked(other, in_other, shown_other, shown_one)


def shown_at(places: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Under which number each passage is marked, from 1: one that lies within others goes by the first of them."""
    shown: dict[int, int] = {}
    ends = 0
    for start, end, number in _in_order(places):
        covering = next((n for s, e, n in _in_order(places) if s <= start < e and shown.get(n) == n), number)
        shown[number] = number if end > ends else covering
        ends = max(ends, end)
    return shown


def _in_order(places: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    return sorted(((start, end, number) for number, (start, end) in enumerate(places, 1)), key=lambda p: (p[0], -p[1]))


def marked(
    text: str, places: Sequence[tuple[int, int]], shown: dict[int, int], targets: dict[int, int]
) -> Paragraphs:  # fmt: skip
    """A text in paragraphs of pieces; where passages lie over one another the earlier keeps what it has."""
    paragraphs: Paragraphs = [[]]
    done = 0

    def put(end: int, number: int = 0) -> None:
        nonlocal done
        is_first = number > 0
        for turn, part in enumerate(_BLANK_LINE.split(text[done:end])):
            if turn:
                paragraphs.append([])
            if part.strip() or (part and paragraphs[-1]):
                words = re.sub(f"{_HIDDEN}+", BAR, part)
                paragraphs[-1].append(Piece(words, number, is_first, targets.get(number, 0)))
                is_first = False
        done = max(done, end)

    for start, end, number in _in_order(places):
        if shown[number] != number:
            continue
        put(max(start, done))
        put(end, number)
    put(len(text))
    return [paragraph for paragraph in paragraphs if paragraph]


def _readable(print_: Fingerprint, text: str, knows: Knows) -> str:
    """The text as it may be read; as long as it was."""
    entry = print_.entry
    if entry is None or knows(entry.contest):
        return text
    return _covered(text, print_, entry)


def reasons_of(reasons: Sequence[str], pair: LikePair, knows: Knows) -> list[str]:
    """What was written of a pair, with the authors covered that whoever reads it may not know."""
    hidden = [
        suspects(slip_of(print_.entry, similar_queries.version_of(print_)))
        for print_ in (pair.one, pair.other)
        if reasons and print_.entry is not None and not knows(print_.entry.contest)
    ]
    return [
        re.sub(
            f"{_HIDDEN}+", BAR,
            _hide(reason, [(found.start, found.end) for people in hidden for found in find_names(reason, people)]),
        )
        for reason in reasons
    ]  # fmt: skip


def _hide(text: str, places: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in places:
        letters[start:end] = _HIDDEN * (end - start)
    return "".join(letters)


def _covered(text: str, print_: Fingerprint, entry: Entry) -> str:
    slip = slip_of(entry, similar_queries.version_of(print_))
    places = [(found.start, found.end) for found in find_names(text, suspects(slip))]
    copy = similar_queries.copies_of([entry.id]).get(entry.id)
    for start, end in copy.covered if copy is not None else ():
        places += spans_of(copy.plain[start:end], text) if copy is not None else []
    return _hide(text, places)
