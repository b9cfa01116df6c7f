"""The full rules: places, clean HTML, anchors."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from contest.contests import markup


def test_places_are_filled_and_unknown_ones_stay_as_typed() -> None:
    assert markup.fill("Hạn {{han-nop}}, {{ la }}", {"han-nop": "27/02/2024"}) == "Hạn 27/02/2024, {{ la }}"
    assert markup.unknown_places("{{a}} {{b}} {{a}} {{c}}", {"b": ""}) == ["a", "c"]


def test_a_fact_is_text_and_never_markup() -> None:
    made = markup.render("{{ten}}", {"ten": markup.escape("**A** <b>| # [x](http://y) _z_")})

    assert made == "<p>**A** &lt;b&gt;| # [x](http://y) _z_</p>\n"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://x.vn/a.png)",
        '<img src=x onerror="alert(1)">',
        "<a href='javascript:alert(1)'>x</a>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '# a" onclick="alert(1)',
    ],
)
def test_what_is_pasted_runs_nothing(attack: str) -> None:
    found = _Tags()

    found.feed(markup.render(attack, {}))

    assert {name for name, _attrs in found.seen} <= {"p", "a", "h3"}
    assert {name for _tag, attrs in found.seen for name, _value in attrs} <= {"id", "rel"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


def test_headings_stand_under_the_page_and_have_anchors_of_their_own() -> None:
    made = markup.render("# Mục *đích* & yêu cầu\n\n## Chấm thi\n\n### Sơ khảo\n\n# Chấm thi\n\n#### Nhỏ", {})

    assert markup.contents(made) == [
        ("Mục đích & yêu cầu", "dieu-muc-dich-yeu-cau", 2),
        ("Chấm thi", "dieu-cham-thi", 2),
        ("Sơ khảo", "dieu-so-khao", 3),
        ("Chấm thi", "dieu-cham-thi-2", 2),
    ]
    assert "<h5>Nhỏ</h5>" in made


def test_links_to_the_outside_do_not_vouch_for_it() -> None:
    assert markup.render("[trang](https://a.vn)", {}) == (
        '<p><a href="https://a.vn" rel="noopener nofollow">trang</a></p>\n'
    )
