"""An entry against the limits its contest declared."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.screening import Author, Code, Entry, File, Limits, age_on, faults

DAY = date(2024, 9, 5)
LIMITS = Limits(
    least_words=300, most_words=2500, file_kinds=frozenset({"docx", "pdf"}), most_files=2, most_bytes=1000,
    most_authors=2, least_age=18, most_age=90, ages_on=DAY,
    categories=frozenset({"nguoi-tot", "mo-hinh"}), most_per_author=2, most_per_unit=5,
)  # fmt: skip
AUTHOR = Author("Lò Thị Mai", date(1990, 1, 1), others=1)
GOOD = Entry(
    words=1200, is_typed=True, files=(File("pdf", 900),), authors=(AUTHOR,), category="mo-hinh", of_unit=4,
    is_pledged=True,
)  # fmt: skip


def test_a_sound_entry_has_no_fault():
    assert faults(GOOD, LIMITS) == []


def test_without_limits_only_a_work_an_author_and_a_pledge_are_asked_for():
    assert [fault.code for fault in faults(Entry(), Limits())] == ["empty", "no_author", "pledge_missing"]
    assert faults(Entry(None, files=(File("exe", 1),), authors=(Author("A"),)), Limits(needs_pledge=False)) == []


@pytest.mark.parametrize(
    ("change", "code", "facts"),
    (
        ({"is_typed": False, "files": ()}, "empty", {}),
        ({"words": 299}, "words_below", {"words": 299, "least": 300}),
        ({"words": 2501}, "words_above", {"words": 2501, "most": 2500}),
        ({"words": None}, "words_unknown", {}),
        ({"files": (File("pdf", 0),)}, "file_empty", {"file": 0}),
        ({"files": (File("pdf", 1001),)}, "file_too_large", {"file": 0, "size": 1001, "most": 1000}),
        (
            {"files": (File("pdf", 1), File("exe", 1))},
            "file_kind",
            {"file": 1, "kind": "exe", "kinds": ("docx", "pdf")},
        ),
        ({"files": (File("pdf", 1),) * 3}, "too_many_files", {"files": 3, "most": 2}),
        ({"authors": ()}, "no_author", {}),
        ({"authors": (AUTHOR,) * 3}, "too_many_authors", {"authors": 3, "most": 2}),
        ({"authors": (replace(AUTHOR, name=" "),)}, "name_missing", {"author": 0}),
        ({"authors": (AUTHOR, replace(AUTHOR, birth_date=None))}, "birth_date_missing", {"author": 1}),
        ({"authors": (replace(AUTHOR, birth_date=date(2024, 9, 6)),)}, "birth_date_wrong", {"author": 0}),
        ({"authors": (replace(AUTHOR, birth_date=date(1904, 9, 5)),)}, "birth_date_wrong", {"author": 0}),
        (
            {"authors": (replace(AUTHOR, birth_date=date(2006, 9, 6)),)},
            "too_young",
            {"author": 0, "age": 17, "least": 18},
        ),
        ({"authors": (replace(AUTHOR, birth_date=date(1933, 9, 5)),)}, "too_old", {"author": 0, "age": 91, "most": 90}),
        ({"authors": (replace(AUTHOR, others=2),)}, "author_limit", {"author": 0, "entries": 2, "most": 2}),
        ({"category": None}, "category_missing", {}),
        ({"category": "tho"}, "category_unknown", {"category": "tho"}),
        ({"of_unit": 5}, "unit_limit", {"entries": 5, "most": 5}),
        ({"is_pledged": False}, "pledge_missing", {}),
        ({"is_late": True}, "late", {}),
        ({"names_inside": 3}, "names_inside", {"places": 3}),
    ),
)
def test_each_fault(change, code, facts):
    assert [(fault.code, fault.facts) for fault in faults(replace(GOOD, **change), LIMITS)] == [(code, facts)]


def test_typed_text_may_be_refused():
    assert [f.code for f in faults(GOOD, replace(LIMITS, takes_typed=False))] == ["typed_not_taken"]


def test_every_fault_is_told_at_once():
    wrong = Entry(10, files=(File("exe", 0),) * 3, authors=(Author(""),), of_unit=9, is_late=True, names_inside=1)

    assert [fault.code.value for fault in faults(wrong, LIMITS)] == [
        "words_below", "too_many_files",
        "file_kind", "file_empty", "file_kind", "file_empty", "file_kind", "file_empty",
        "name_missing", "birth_date_missing", "category_missing", "unit_limit", "pledge_missing",
        "late", "names_inside",
    ]  # fmt: skip


def test_what_a_person_decides_does_not_bar():
    shown = replace(GOOD, words=None, is_late=True, names_inside=1)

    assert [fault.bars for fault in faults(shown, LIMITS)] == [False, False, False]
    assert all(fault.bars for fault in faults(Entry(), LIMITS))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    (
        (date(2006, 9, 5), DAY, 18),
        (date(2006, 9, 6), DAY, 17),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (DAY, DAY, 0),
    ),
)
def test_age_on(born, day, age):
    assert age_on(born, day) == age


@given(st.integers(0, 5000), st.integers(0, 3000), st.integers(0, 3000))
def test_words_are_within_the_limits_exactly_when_nothing_is_said(words, one, other):
    least, most = sorted((one, other))
    codes = {f.code for f in faults(replace(GOOD, words=words), replace(LIMITS, least_words=least, most_words=most))}

    assert (codes == set()) == (least <= words <= most)
    assert codes <= {Code.WORDS_BELOW, Code.WORDS_ABOVE}
