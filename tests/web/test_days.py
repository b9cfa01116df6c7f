"""Fields for days and times: typed as people here write them, whatever language the browser speaks."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from wtforms.validators import InputRequired, Optional

from contest.web.days import DateField, DateTimeField, TimeField
from contest.web.forms import Form


class When(Form):
    day = DateField("Ngày", [InputRequired()])
    at = TimeField("Giờ", [Optional()])
    until = DateTimeField("Đến", [Optional()])

    class Meta(Form.Meta):
        csrf = False


def _sent(app: Flask, **typed: str) -> tuple[bool, When, str]:
    with app.test_request_context("/", method="POST", data=typed):
        form = When()
        sound = form.validate()
        return sound, form, str(form.day()) + str(form.at()) + str(form.until())


def test_what_people_write_is_read(app: Flask) -> None:
    sound, form, page = _sent(app, day="5/9/2024", at="17h", until="17 giờ 30 ngày 05/9/2024")

    assert (sound, form.day.data, form.at.data) == (True, date(2024, 9, 5), time(17))
    assert form.until.data == datetime(2024, 9, 5, 17, 30)
    assert 'value="5/9/2024"' in page


def test_a_stored_value_is_shown_as_papers_write_it_in_a_plain_text_field(app: Flask) -> None:
    with app.test_request_context("/"):
        form = When(data={"day": date(2024, 2, 5), "at": time(7, 5), "until": datetime(2024, 9, 5, 17)})

        assert 'type="text"' in form.day()
        assert 'value="05/02/2024"' in form.day()
        assert 'value="7 giờ 05"' in form.at()
        assert 'value="05/9/2024, 17 giờ 00"' in form.until()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    (
        ({"day": ""}, "day", "Cần điền mục này."),
        ({"day": "31/02/2024"}, "day", "Không có ngày này. Hãy xem lại."),
        ({"day": "hôm nay"}, "day", "Hãy nhập ngày, tháng, năm, ví dụ 05/9/1990."),
        ({"at": "25:00"}, "at", "Không có giờ này. Hãy xem lại."),
        ({"at": "chiều"}, "at", "Hãy nhập giờ và phút, ví dụ 17 giờ 00."),
        ({"until": "05/9/2024"}, "until", "Hãy nhập ngày và giờ, ví dụ 05/9/2024, 17 giờ 00."),
    ),
)
def test_what_cannot_be_read_is_said_and_stays(app: Flask, typed: dict[str, str], field: str, said: str) -> None:
    sound, form, page = _sent(app, **{"day": "5/9/2024", **typed})

    errors: Any = form[field].errors
    assert (sound, list(errors), form[field].data) == (False, [said], None)
    assert typed[field] in page
