"""The base of every form: NFC text, Vietnamese messages, numbers with a comma."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField, ValidationError
from wtforms.fields import DecimalField as PlainDecimalField

from contest.rules.numbers import BadMark, parse_mark
from contest.rules.text import clean_line, clean_text
from contest.web.inputs import MOST_ID
from contest.web.language import _, show_number

# WTForms speaks many languages, Vietnamese not among them.
_MESSAGES = {
    "This field is required.": "Cần điền mục này.",
    "Not a valid choice.": "Hãy chọn một mục trong danh sách.",
    "Not a valid choice": "Hãy chọn một mục trong danh sách.",
    "Invalid Choice: could not coerce.": "Hãy chọn một mục trong danh sách.",
    "Not a valid integer value.": "Hãy nhập một số nguyên.",
    "Not a valid decimal value.": "Hãy nhập một số, ví dụ 9,25.",
    "Not a valid date value.": "Hãy nhập ngày theo dạng ngày/tháng/năm.",
    "Not a valid datetime value.": "Hãy nhập ngày và giờ.",
    "Not a valid time value.": "Hãy nhập giờ theo dạng 17:00.",
    "Invalid email address.": "Địa chỉ thư điện tử chưa đúng, ví dụ ten@co-quan.vn.",
    "Invalid URL.": "Địa chỉ trang chưa đúng.",
    "Field must be equal to %(other_name)s.": "Hai ô chưa khớp nhau.",
    "Field must be at least %(min)d character long.": "Cần ít nhất %(min)d ký tự.",
    "Field must be at least %(min)d characters long.": "Cần ít nhất %(min)d ký tự.",
    "Field cannot be longer than %(max)d character.": "Không quá %(max)d ký tự.",
    "Field cannot be longer than %(max)d characters.": "Không quá %(max)d ký tự.",
    "Field must be between %(min)d and %(max)d characters long.": "Cần từ %(min)d đến %(max)d ký tự.",
    "Number must be at least %(min)s.": "Số phải từ %(min)s trở lên.",
    "Number must be at most %(max)s.": "Số không được quá %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Số phải từ %(min)s đến %(max)s.",
    "Invalid input.": "Nội dung chưa hợp lệ.",
    "The CSRF token is missing.": "Trang đã mở quá lâu. Hãy bấm lại một lần nữa; nội dung đã nhập vẫn còn.",
    "The CSRF token is invalid.": "Trang đã mở quá lâu. Hãy bấm lại một lần nữa; nội dung đã nhập vẫn còn.",
    "CSRF token missing.": "Trang đã mở quá lâu. Hãy bấm lại một lần nữa; nội dung đã nhập vẫn còn.",
    "CSRF token invalid.": "Trang đã mở quá lâu. Hãy bấm lại một lần nữa; nội dung đã nhập vẫn còn.",
}


class _Translations:
    """What WTForms asks for its own messages: Vietnamese, then the visitor's language."""

    def gettext(self, text: str) -> str:
        return _(_MESSAGES.get(text, text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


class Form(FlaskForm):
    """Derive every form from this one."""

    class Meta(FlaskForm.Meta):
        locales: list[str] = ["vi"]

        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # Left alone, Flask-WTF takes a JSON body for a form, and fails over one that is no object.
            return None if request.is_json else super().wrap_formdata(form, formdata)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, TextAreaField):
                filters.insert(0, clean_area)
            elif issubclass(unbound_field.field_class, StringField) and not _is_secret(unbound_field.field_class):
                filters.insert(0, clean_input)
            elif issubclass(unbound_field.field_class, IntegerField):
                filters.insert(0, bounded)
            return unbound_field.bind(
                form=form, filters=filters, **{k: v for k, v in options.items() if k != "filters"}
            )


def _is_secret(field_class: type) -> bool:
    # A password is taken as typed, but for its Unicode form, which accounts.actions normalises.
    return field_class.__name__ == "PasswordField"


def bounded(value: Any) -> Any:
    """A whole number that a column can hold. Raises ValueError."""
    if isinstance(value, int) and abs(value) > MOST_ID:
        raise ValueError(_("Hãy nhập một số nguyên."))
    return value


def clean_input(value: Any) -> Any:
    """One line of NFC text without control characters."""
    return clean_line(value) if isinstance(value, str) else value


def clean_area(value: Any) -> Any:
    """NFC text without control characters; lines stay."""
    return clean_text(value) if isinstance(value, str) else value


class AtMost:
    """A text of so many characters at most; who wrote too much is told how much."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Any, field: Any) -> None:
        if said := too_long(field.data or "", self.most):
            raise ValidationError(said)


def too_long(text: str, most: int) -> str:
    """By how much a text is longer than `most` characters, in a sentence; "" when it is not."""
    if len(text) <= most:
        return ""
    return _(
        "Dài %(length)s ký tự, nhiều nhất được %(most)s. Hãy bớt %(over)s ký tự.",
        length=show_number(len(text)), most=show_number(most), over=show_number(len(text) - most),
    )  # fmt: skip


class DecimalField(PlainDecimalField):
    """A number of points; takes "9,25" and "9.25", shows what was typed when it is refused."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Decimal | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = parse_mark(valuelist[0])
        except BadMark:
            raise ValueError(_("Hãy nhập một số, ví dụ 9,25.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")
