"""The contest's page in English: what the organisers wrote stays as it is, and is marked as Vietnamese."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from contest.contests import public
from contest.contests.models import Contest
from contest.contests.templates_data import TWO_ROUNDS
from contest.db import db
from contest.rules.deadlines import last_instant
from contest.web.language import _, own_words

VOID = {"meta", "link", "img", "input", "br", "hr", "circle", "line", "path", "use"}
ENGLISH = {"Cookie": "lang=en"}


class Unmarked(HTMLParser):
    """Texts with Vietnamese letters that stand in no element marked as Vietnamese."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[tuple[str, str, str]] = [("", "", "")]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            said = dict(attrs)
            self.languages.append((tag, said.get("lang") or self.languages[-1][1], said.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.languages.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tag, language, of_class = self.languages[-1]
        rest = data.replace("Dân vận khéo", "")
        if language == "en" and tag not in ("title", "script", "style") and of_class != "share-message":
            self.found += (
                [rest.strip()] if any(letter in "ăâđêôơưạảấậắặẹếệịọốộớợụứự" for letter in rest.lower()) else []
            )


def _full(make_contest: Callable[..., Any]) -> Contest:
    contest: Contest = make_contest(
        rules=TWO_ROUNDS, about="Gương người tốt.", level_name="cấp tỉnh", contact="Ban Tổ chức, số 0500 000 101",
        rules_html="<h3>Mục đích</h3>",
        opens_at=datetime(2024, 3, 1, tzinfo=UTC), closes_at=datetime(2024, 6, 15, tzinfo=UTC),
    )  # fmt: skip
    contest.rounds[0].marks_due_at = last_instant("by", datetime(2024, 8, 31, tzinfo=UTC).date())
    db.session.commit()
    return contest


def test_every_vietnamese_word_on_the_english_page_is_marked(
    make_contest: Callable[..., Any], client: FlaskClient
) -> None:
    contest = _full(make_contest)
    client.set_cookie("lang", "en")
    page = client.get(f"/cuoc-thi/{contest.slug}").text
    reader = Unmarked()

    reader.feed(page)

    assert "Judged without the author" in page and "Gương người tốt." in page
    assert reader.found == []


def test_the_vietnamese_page_marks_nothing(make_contest: Callable[..., Any], client: FlaskClient) -> None:
    page = client.get(f"/cuoc-thi/{_full(make_contest).slug}").text

    assert "Gương người tốt." in page and '<span lang="vi">' not in page


def test_own_words_are_escaped_also_inside_a_sentence(app: Flask) -> None:
    with app.test_request_context(headers=ENGLISH):
        said = _("Chấm xong %(round)s", round=own_words("<b>sơ khảo"))

    assert said == 'Marking ends: <span lang="vi">&lt;b&gt;sơ khảo</span>'


def test_a_round_that_is_called_marking_is_not_marked_twice(make_contest: Callable[..., Any]) -> None:
    contest = _full(make_contest)
    contest.rounds[0].name = "Chấm thi"

    line = public.dates_line(contest, now=datetime(2024, 6, 1, tzinfo=UTC))

    assert line is not None and "Chấm xong" in [point.label for point in line.points]
