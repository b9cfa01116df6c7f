"""Forms of results."""

from __future__ import annotations

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from contest.web.days import DateField, DateTimeField
from contest.web.forms import Form
from contest.web.language import HANOI
from contest.web.language import lazy as _


class ReasonForm(Form):
    """Something that is taken back, with why."""

    reason = TextAreaField(_("Lý do"), validators=[DataRequired(), Length(min=5, max=1000)])


class ReplaceForm(ReasonForm):
    """A certificate given anew: the names as they should stand on it."""

    recipient = StringField(_("Người nhận"), validators=[DataRequired(), Length(max=600)])
    unit_name = StringField(_("Đơn vị"), validators=[Length(max=200)])


class DecisionForm(Form):
    """The decision on prizes. Number and day are given when the office issues it (R52)."""

    number = StringField(_("Số, ký hiệu quyết định"), validators=[Length(max=80)])
    issued_on = DateField(_("Ngày ban hành"), validators=[Optional()])
    signer_block = TextAreaField(_("Người ký"), validators=[Length(max=400)])
    note = TextAreaField(_("Ghi chú"), validators=[Length(max=1000)])


class MinutesForm(Form):
    """What minutes hold that no table knows."""

    place = StringField(_("Địa điểm họp"), validators=[DataRequired(), Length(max=200)])
    began = DateTimeField(_("Bắt đầu"), validators=[Optional()])
    ended = DateTimeField(_("Kết thúc"), validators=[Optional()])
    absent = TextAreaField(_("Vắng mặt"), validators=[Length(max=600)])
    dissent = TextAreaField(_("Ý kiến khác"), validators=[Length(max=4000)])
    secretary = StringField(_("Thư ký"), validators=[DataRequired(), Length(max=120)])
    chair = StringField(_("Trưởng Ban Giám khảo"), validators=[DataRequired(), Length(max=120)])

    def validate_ended(self, field: Any) -> None:
        if self.began.data and field.data and field.data <= self.began.data:
            raise ValidationError(_("Giờ kết thúc phải sau giờ bắt đầu."))

    def told(self) -> dict[str, Any]:
        """The answers; times typed are those of Hà Nội's clock."""
        answers = {name: self.data[name] for name in ("place", "absent", "dissent", "secretary", "chair")}
        for name in ("began", "ended"):
            typed = self.data[name]
            answers[name] = typed.replace(tzinfo=HANOI) if typed else None
        return answers
