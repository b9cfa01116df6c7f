"""Texts that stand in tables, where the extractor does not see them, have their English too."""

from __future__ import annotations

from contest.home import frame, steps
from contest.units import words
from contest.web import forms
from contest.web.language import english


def test_texts_in_tables_are_translated() -> None:
    texts = {label for label, _endpoint, _needs in frame._NAV}
    texts |= {*words.BRANCHES.values(), *words._SAID.values()}
    texts |= {text for text, _endpoint, _needs in steps._SIMPLE.values()} | set(forms._MESSAGES.values())
    texts |= {"Tài khoản của tôi", "Tra cứu biên nhận", "Trang chủ"}

    assert sorted(texts - set(english())) == []
