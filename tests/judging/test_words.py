"""Sentences kept in tables are translated too: the catalogue's own check does not see them."""

from __future__ import annotations

import pytest

from contest.judging import words
from contest.web.language import english


@pytest.mark.parametrize("sentence", [*words._SENTENCES.values(), *words._NOT_POSSIBLE.values()])
def test_every_refusal_speaks_english(sentence: str) -> None:
    assert sentence in english()
