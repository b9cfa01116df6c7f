"""The text of a judge's copy."""

from __future__ import annotations

from typing import Any

from contest.entries.copies import Source, write_text


def test_a_title_that_the_file_repeats_is_read_once(app: Any) -> None:
    copy = write_text(Source("Mái nhà của cụ Mỷ", "MÁI NHÀ CỦA CỤ MỶ\n\nNếu chỉ đi qua đường lớn.", ()), ())

    assert copy.title == "Mái nhà của cụ Mỷ"
    assert copy.html == "<p>Nếu chỉ đi qua đường lớn.</p>"


def test_a_first_line_of_its_own_stays(app: Any) -> None:
    copy = write_text(Source("Mái nhà", "Mái nhà của cụ Mỷ\n\nNếu chỉ đi qua.", ()), ())

    assert copy.html == "<p>Mái nhà của cụ Mỷ</p><p>Nếu chỉ đi qua.</p>"
