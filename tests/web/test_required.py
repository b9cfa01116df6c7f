"""A text that must be given is not given by pressing the space bar."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired

from contest.web.forms import Form


def _forms(of: type = Form) -> Iterator[type]:
    """The app's forms; what other tests define lives in the same process and is none of them."""
    for form in of.__subclasses__():
        if form.__module__.startswith("contest."):
            yield form
        yield from _forms(form)


def test_no_text_is_taken_for_given_when_it_is_blank(app: Flask) -> None:
    """InputRequired looks at what came over the line, spaces and all; DataRequired at what would be kept."""
    forms = list(_forms())
    blank = [
        f"{form.__name__}.{name}"
        for form in forms
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, StringField | TextAreaField)
        if not issubclass(field.field_class, PasswordField)
        for validators in (field.kwargs.get("validators") or (field.args[1] if len(field.args) > 1 else ()),)
        if any(isinstance(item, InputRequired) for item in validators)
    ]

    assert len(forms) > 20, "the app's forms were not found"
    assert blank == []
