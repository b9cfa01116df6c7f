"""Forms of the secretariat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.db import utcnow
from contest.entries.forms import PersonForm
from contest.entries.words import REASONS
from contest.rules.deadlines import HANOI
from contest.web.days import DateTimeField
from contest.web.forms import Form
from contest.web.language import _, lazy


class ReasonsField(SelectMultipleField):  # type: ignore[misc]
    """Several reasons from the coded list, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ScreenForm(Form):
    """Valid, not valid, or back to its author; a reason is asked for where it is not valid."""

    verdict = RadioField(lazy("Kết luận"), validators=[InputRequired()])
    reasons = ReasonsField(lazy("Lý do"), validators=[Optional()])
    note = TextAreaField(lazy("Ghi thêm cho tác giả"), validators=[Length(max=2000)])
    until = DateTimeField(lazy("Tác giả được sửa đến"), validators=[Optional()])
    version_id = HiddenField()
    after = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = [
            SelectChoice("valid", _("Hợp lệ")),
            SelectChoice("returned", _("Trả lại để sửa")),
            SelectChoice("invalid", _("Không hợp lệ")),
        ]
        self.reasons.choices = [SelectChoice(key, str(text)) for key, text in REASONS.items()]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if sound and self.verdict.data != "valid" and not self.reasons.data and not self.note.data:
            self.reasons.errors = [_("Hãy chọn ít nhất một lý do hoặc ghi rõ ở ô dưới.")]
            return False
        if sound and self.verdict.data == "returned" and self.until.data is None:
            self.until.errors = [_("Hãy đặt ngày giờ tác giả phải nộp lại.")]
            return False
        return sound


class PaperForm(Form):
    """An entry on paper, as it lies on the desk."""

    title = StringField(lazy("Tên tác phẩm"), validators=[DataRequired(), Length(max=300)])
    category_id = SelectField(lazy("Thể loại"), coerce=str, validators=[Optional()])
    field_of_work_id = SelectField(lazy("Thuộc lĩnh vực"), coerce=str, validators=[Optional()])
    people = FieldList(FormField(PersonForm), min_entries=1, max_entries=20)
    unit_name = StringField(lazy("Đơn vị"), validators=[Length(max=200)])
    unit_id = HiddenField()
    pages = IntegerField(lazy("Số trang"), validators=[InputRequired(), NumberRange(min=1, max=5000)])
    place = StringField(lazy("Nơi để (kệ, cặp, số)"), validators=[Length(max=120)])
    received_at = DateTimeField(lazy("Ngày giờ nhận (theo dấu bưu điện nếu gửi thư)"), validators=[InputRequired()])
    pledged = BooleanField(lazy("Bài có lời cam kết, tác giả đã ký"))
    files = MultipleFileField(lazy("Bản quét (nếu có)"))
    once = HiddenField()  # made with the page: the same page sent twice is one entry

    def validate_received_at(self, field: Any) -> None:
        if field.data is not None and field.data.replace(tzinfo=HANOI) > utcnow():
            raise ValidationError(_("Ngày giờ nhận chưa đến. Hãy xem lại ngày, tháng, năm."))


class FieldForm(Form):
    """The field of work that an entry is about, when its author chose none or another."""

    field_of_work_id = SelectField(lazy("Thuộc lĩnh vực"), coerce=str, validators=[Optional()])


class ShelfForm(Form):
    """Where a paper entry lies."""

    pages = IntegerField(lazy("Số trang"), validators=[InputRequired(), NumberRange(min=1, max=5000)])
    place = StringField(lazy("Nơi để (kệ, cặp, số)"), validators=[DataRequired(), Length(max=120)])


class AskForm(Form):
    """A request to join codes and authors."""

    what = RadioField(lazy("Mở phách"), validators=[InputRequired()])
    code = StringField(lazy("Mã phách của bài"), validators=[Length(max=12)])
    reason = TextAreaField(lazy("Lý do"), validators=[DataRequired(), Length(min=5, max=2000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what.choices = [
            SelectChoice("all", _("Cả cuộc thi, sau khi các vòng chấm đã xác nhận")),
            SelectChoice("one", _("Một bài, khi có việc phải xác minh tác giả")),
        ]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if sound and self.what.data == "one" and not self.code.data:
            self.code.errors = [_("Hãy ghi mã phách của bài.")]
            return False
        return sound
