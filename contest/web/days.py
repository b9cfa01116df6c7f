"""Fields for days and times, as people here write them: 05/9/2024, 17 giờ 00.

The browser's own date controls speak the browser's language and put the month first in some; these are
plain text fields that read many spellings, the controls' own (2024-09-05) among them, and hold the same
values as the fields of WTForms they stand in for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from wtforms import Field
from wtforms.widgets import TextInput

from contest.rules.dates import BadDate, clock_words, parse_clock, parse_date, parse_moment, short_date
from contest.web.language import lazy

_NO_SUCH = {
    "no_such_day": lazy("Không có ngày này. Hãy xem lại."),
    "no_such_time": lazy("Không có giờ này. Hãy xem lại."),
}
LONGEST = 60


class _Typed(Field):  # type: ignore[misc]
    """Text that is read into `data`; what cannot be read stays in the field as it was typed."""

    widget = TextInput()
    read: ClassVar[Any]  # text to value; raises BadDate
    written: ClassVar[Any]  # value to text
    wrong: Any = ""
    example: Any = ""  # shown as the hint where the page gives none
    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"autocomplete": "off", "maxlength": LONGEST, **kwargs.get("render_kw", {})}
        kwargs.setdefault("description", self.example)
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = type(self).read(valuelist[0][:LONGEST] if valuelist else "")
        except BadDate as problem:
            raise ValueError(str(_NO_SUCH.get(problem.code, self.wrong))) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else type(self).written(self.data)


class DateField(_Typed):
    """A day."""

    read = staticmethod(parse_date)
    written = staticmethod(short_date)
    wrong = lazy("Hãy nhập ngày, tháng, năm, ví dụ 05/9/1990.")
    example = lazy("Ví dụ 05/9/2026.")


class TimeField(_Typed):
    """A time of day."""

    read = staticmethod(parse_clock)
    written = staticmethod(clock_words)
    wrong = lazy("Hãy nhập giờ và phút, ví dụ 17 giờ 00.")
    example = lazy("Ví dụ 17 giờ 00.")


def _moment_words(at: datetime) -> str:
    return f"{short_date(at.date())}, {clock_words(at.time())}"


class DateTimeField(_Typed):
    """A day and a time on the clock of Hà Nội, without an offset."""

    read = staticmethod(parse_moment)
    written = staticmethod(_moment_words)
    wrong = lazy("Hãy nhập ngày và giờ, ví dụ 05/9/2024, 17 giờ 00.")
    example = lazy("Ví dụ 05/9/2026, 17 giờ 00.")
