"""The judge's copy as the secretary sees it: exactly what a judge will see, with suspicious words marked."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from contest.entries.checks import suspects
from contest.entries.copies import mark_names
from contest.entries.copy_actions import copy_of, copy_sha256
from contest.entries.models import Entry
from contest.entries.slip import Slip

PART_NAMES = ("all", "top", "bottom")


def copy_facts(entry: Entry, slip: Slip | None, *, plain: bool = False) -> dict[str, Any]:
    """copy, copy_html, copy_title, found (words), covered (what each cover hides), seen (its hash) for the page.

    plain: without marks, as a judge sees it.
    """
    copy = copy_of(entry)
    if copy is None or copy.state != "ready" or slip is None:
        return {"copy": copy, "copy_html": "", "copy_title": "", "found": [], "covered": [], "plain": plain, "seen": ""}
    people = suspects(slip)
    body, in_body = mark_names(copy.html, people)
    title, in_title = mark_names(str(escape(copy.title)), people)
    return {
        "copy": copy,
        # Made by documents.works, which escapes every text and cleans what it made once more.
        "copy_html": Markup(copy.html if plain else body),  # noqa: S704
        "copy_title": Markup(escape(copy.title) if plain else title),  # noqa: S704
        "found": list(dict.fromkeys([*in_title, *in_body])),
        "covered": [(place, copy.plain[start:end]) for place, (start, end) in enumerate(copy.covered)],
        "plain": plain,
        "seen": copy_sha256(copy),
    }
