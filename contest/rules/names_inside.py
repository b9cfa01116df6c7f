"""Where a work tells who wrote it: names, phones, addresses, units of its authors inside its text (invariant 5).

What is found is marked for a person to look at, never removed by itself: a work about a commune may well name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.rules.phones import normalise
from contest.rules.text import fold, nfc


class Kind(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    UNIT = "unit"


@dataclass(frozen=True)
class Person:
    """What could give an author away, each as typed; empty when unknown."""

    name: str = ""
    phone: str = ""
    email: str = ""
    unit: str = ""


@dataclass(frozen=True, order=True)
class Sighting:
    """A place in the original text, half open, in characters of the text as given. person: the place in the list."""

    start: int
    end: int
    kind: Kind
    person: int


@dataclass(frozen=True)
class _Word:
    folded: str
    start: int
    end: int
    capital: bool


# What may stand between the digits of one number.
_BETWEEN_DIGITS = re.compile(r"[\s().\-\u2010-\u2015/]{0,3}")
_DIGIT = re.compile(r"[0-9]")
# So many words are a name even when all are written small; fewer also are ordinary words ("an bình").
_SURE_WORDS = 3
_TRUNKS = ("840", "84", "0")


def find_names(text: str, people: Sequence[Person]) -> list[Sighting]:
    """Every sighting, by place; one for each kind at a place, however many people it fits.

    Accents, case, Unicode form, spaces and line ends between words do not matter. A name of one or two
    words counts only where each begins with a capital; a unit needs two words at least.
    """
    words = list(_words(text))
    numbers = list(_numbers(text))
    found: dict[tuple[int, int, Kind], Sighting] = {}
    for i, person in enumerate(people):
        spans = [(Kind.NAME, span) for span in _phrase(words, person.name, fewest=1)]
        spans += [(Kind.UNIT, span) for span in _phrase(words, person.unit, fewest=2)]
        spans += [(Kind.PHONE, span) for span in _phone(text, numbers, person.phone)]
        spans += [(Kind.EMAIL, span) for span in _email(text, person.email)]
        for kind, (start, end) in spans:
            found.setdefault((start, end, kind), Sighting(start, end, kind, i))
    return sorted(found.values())


def _words(text: str) -> Iterator[_Word]:
    """Runs of letters and digits, folded, with their places in the text as it is."""
    cache: dict[str, str] = {}
    letters: list[str] = []
    start = end = 0
    for place, c in enumerate(text):
        if c not in cache:
            cache[c] = fold(c)
        folded = cache[c]
        if folded.isalnum():
            if not letters:
                start = place
            letters.append(folded)
            end = place + 1
        elif not folded and not c.isspace():
            # A mark of the letter before it, or a character that shows nothing: the word goes on.
            end = place + 1 if letters and c.isprintable() else end
        elif letters:
            yield _Word("".join(letters), start, end, text[start].isupper())
            letters = []
    if letters:
        yield _Word("".join(letters), start, end, text[start].isupper())


def _phrase(words: Sequence[_Word], phrase: str, *, fewest: int) -> Iterator[tuple[int, int]]:
    wanted = [word.folded for word in _words(nfc(phrase))]
    if len(wanted) < fewest:
        return
    for place in range(len(words) - len(wanted) + 1):
        if words[place].folded != wanted[0]:
            continue
        run = words[place : place + len(wanted)]
        if [word.folded for word in run] == wanted and (len(run) >= _SURE_WORDS or all(w.capital for w in run)):
            yield run[0].start, run[-1].end


def _numbers(text: str) -> Iterator[list[int]]:
    """The places of the digits that may belong to one number, however it is broken up."""
    run: list[int] = []
    for found in _DIGIT.finditer(text):
        if run and not _BETWEEN_DIGITS.fullmatch(text, run[-1] + 1, found.start()):
            yield run
            run = []
        run.append(found.start())
    if run:
        yield run


def _phone(text: str, numbers: Sequence[list[int]], phone: str) -> Iterator[tuple[int, int]]:
    """A number with its 0 or country code, not as a part of longer unbroken digits."""
    stored = normalise(phone)
    if stored is None:
        return
    local, trunks = (stored[1:], ("",)) if stored.startswith("+") else (stored[2:], _TRUNKS)
    for places in numbers:
        digits = "".join(text[place] for place in places)
        at = digits.find(local)
        while at >= 0:
            trunk = next((t for t in trunks if digits.endswith(t, 0, at)), None)
            if trunk is not None:
                start, end = places[at - len(trunk)], places[at + len(local) - 1] + 1
                if not text[max(start - 1, 0) : start].isdigit() and not text[end : end + 1].isdigit():
                    yield start, end
            at = digits.find(local, at + 1)


def _email(text: str, email: str) -> Iterator[tuple[int, int]]:
    """An address, also with blanks around its sign."""
    user, sign, host = nfc(email).strip().partition("@")
    if not (user and sign and host):
        return
    pattern = rf"(?<![\w.+\-]){re.escape(user)}\s*@\s*{re.escape(host)}(?![\w\-])"
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield found.span()
