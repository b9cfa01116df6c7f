"""Sentences kept in tables are translated too: the catalogue's own check does not see them."""

from __future__ import annotations

import pytest
from flask import Flask

from contest.judging import words
from contest.judging.actions import Refused
from contest.web.language import english


@pytest.mark.parametrize("sentence", [*words._SENTENCES.values(), *words._NOT_POSSIBLE.values()])
def test_every_refusal_speaks_english(sentence: str) -> None:
    assert sentence in english()


@pytest.mark.parametrize(
    "code", ("not_a_judge", "left_panel", "recused", "round_waiting", "round_closed", "uuid_reused")
)
def test_a_device_whose_marks_are_not_taken_any_more_says_that_it_keeps_them(app: Flask, code: str) -> None:
    with app.test_request_context():
        said = words.device_refusal_text(Refused(code), {})

    assert said.count("giữ trên máy này") == 1
