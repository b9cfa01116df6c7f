"""The pages of a contest's set-up: one calm form each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.contests import words
from contest.contests.models import Category, Contest
from contest.rules.deadlines import Kind, first_instant, last_instant, last_minute
from contest.web.days import DateField, TimeField
from contest.web.forms import Form
from contest.web.language import _, lazy, local


def options(texts: Mapping[str, str]) -> list[SelectChoice]:
    """Choices by value; the texts are translated when they are shown."""
    return [SelectChoice(value, lazy(text)) for value, text in texts.items()]


KINDS = {
    "by": "Chậm nhất ngày đó: nộp trong ngày đó vẫn đúng hạn",
    "before": "Trước ngày đó: sang ngày đó là quá hạn",
    "within_month": "Trong tháng của ngày đó: đến hết ngày cuối tháng",
}


def stored(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a form shows before it is sent; once sent, nothing of it fills in for what was left out."""
    return {} if request.method == "POST" else data


class Row(Form):
    """A line of a list inside a form; the form around it carries the CSRF token."""

    class Meta(Form.Meta):
        csrf = False


class InfoForm(Form):
    name = StringField(lazy("Tên cuộc thi"), [DataRequired(), Length(max=300)])
    level_name = StringField(lazy("Cấp tổ chức"), [Length(max=80)])
    about = TextAreaField(lazy("Viết gì"), [DataRequired(), Length(max=400)])
    who = TextAreaField(lazy("Ai dự thi"), [Length(max=400)])
    how_long = TextAreaField(lazy("Dài bao nhiêu"), [Length(max=400)])
    how_judged = TextAreaField(lazy("Chấm thế nào"), [Length(max=400)])
    prizes_text = TextAreaField(lazy("Giải thưởng"), [Length(max=400)])
    contact = TextAreaField(lazy("Liên hệ"), [DataRequired(), Length(max=1000)])


class TextForm(Form):
    rules_text = TextAreaField(lazy("Thể lệ"), [DataRequired(), Length(max=100_000)])


class LimitsForm(Form):
    open_to_public = RadioField(
        lazy("Cách dự thi"),
        choices=options({"1": "Ai cũng tự nộp được", "0": "Chỉ đơn vị đăng ký cho tác giả của mình"}),
        coerce=str,
    )
    min_age = IntegerField(lazy("Tuổi tối thiểu"), [Optional(), NumberRange(1, 120)])
    max_per_author = IntegerField(lazy("Số bài nhiều nhất của một tác giả"), [Optional(), NumberRange(1, 1000)])
    max_per_unit = IntegerField(lazy("Số bài nhiều nhất của một đơn vị"), [Optional(), NumberRange(1, 100_000)])
    max_authors = IntegerField(lazy("Số tác giả nhiều nhất của một bài"), [InputRequired(), NumberRange(1, 50)])
    min_words = IntegerField(lazy("Số chữ ít nhất"), [Optional(), NumberRange(1, 1_000_000)])
    max_words = IntegerField(lazy("Số chữ nhiều nhất"), [Optional(), NumberRange(1, 1_000_000)])
    allow_typed = BooleanField(lazy("Cho viết bài ngay trên trang"))
    file_kinds = SelectMultipleField(
        lazy("Loại tệp được nhận"),
        choices=options(words.FILE_KINDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    max_files = IntegerField(lazy("Số tệp nhiều nhất của một bài"), [InputRequired(), NumberRange(1, 200)])
    max_file_mb = IntegerField(lazy("Cỡ lớn nhất của một tệp (MB)"), [InputRequired(), NumberRange(1, 60)])
    pledge_text = TextAreaField(lazy("Lời cam kết, mỗi dòng một ý"), [DataRequired(), Length(max=4000)])
    ai_pledge_text = TextAreaField(lazy("Cam kết về công cụ trí tuệ nhân tạo"), [Length(max=1000)])

    def validate_max_words(self, field: Any) -> None:
        if field.data and self.min_words.data and field.data < self.min_words.data:
            raise ValidationError(_("Phải không nhỏ hơn số chữ ít nhất."))

    def validate_file_kinds(self, field: Any) -> None:
        if not field.data and not self.allow_typed.data:
            raise ValidationError(_("Hãy chọn ít nhất một cách nộp: viết trên trang hoặc một loại tệp."))

    def values(self) -> dict[str, Any]:
        """The contest's columns."""
        made = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return {
            **made,
            "open_to_public": self.open_to_public.data == "1",
            "file_kinds": list(self.file_kinds.data or []),
        }


class PeriodFields(Form):
    """Opening and closing, as the organiser words them."""

    opens_on = DateField(lazy("Nhận bài từ ngày"), [InputRequired()])
    opens_time = TimeField(lazy("Từ giờ"), [Optional()])
    closes_kind = RadioField(lazy("Hạn nộp tính thế nào"), choices=options(KINDS), default="by")
    closes_on = DateField(lazy("Ngày của hạn nộp"), [InputRequired()])
    closes_time = TimeField(lazy("Giờ của hạn nộp"), [Optional()])

    def validate_closes_time(self, field: Any) -> None:
        if field.data and self.closes_kind.data == Kind.WITHIN_MONTH:
            raise ValidationError(_("Hạn theo tháng không có giờ. Hãy bỏ trống ô này."))

    def validate_closes_on(self, field: Any) -> None:
        opens, closes = self.opens_at(), self.closes_at()
        if opens and closes and opens >= closes:
            raise ValidationError(_("Hạn nộp phải sau ngày bắt đầu nhận bài."))

    def opens_at(self) -> datetime | None:
        return first_instant(self.opens_on.data, self.opens_time.data) if self.opens_on.data else None

    def closes_at(self) -> datetime | None:
        if not self.closes_on.data or self.closes_kind.data not in KINDS:
            return None
        at = None if self.closes_kind.data == Kind.WITHIN_MONTH else self.closes_time.data
        return last_instant(self.closes_kind.data, self.closes_on.data, at)

    def wording(self) -> str:
        """The deadline as papers word it, when the organiser gave no words of their own."""
        return words.deadline_wording(self.closes_kind.data, self.closes_on.data, self.closes_time.data)

    def period(self) -> dict[str, Any]:
        """The contest's columns of its period."""
        return {
            "opens_at": self.opens_at(),
            "closes_at": self.closes_at(),
            "closes_kind": self.closes_kind.data,
            "closes_wording": self.wording(),
        }


class NewForm(PeriodFields):
    template = RadioField(lazy("Mẫu cuộc thi"))
    name = StringField(lazy("Tên cuộc thi"), [DataRequired(), Length(max=300)])
    level_name = StringField(lazy("Cấp tổ chức"), [Length(max=80)])
    contact = TextAreaField(lazy("Liên hệ"), [DataRequired(), Length(max=1000)])


class DueRow(Row):
    key = HiddenField()
    day = DateField(lazy("Chấm xong"), [Optional()])


class DatesForm(PeriodFields):
    closes_wording = StringField(lazy("Hạn nộp ghi trên thể lệ"), [Length(max=200)])
    grace_minutes = IntegerField(lazy("Số phút châm chước"), [InputRequired(), NumberRange(0, 24 * 60)])
    accepts_late = BooleanField(lazy("Vẫn nhận bài nộp sau hạn, có ghi chú “nộp muộn”"))
    due = FieldList(FormField(DueRow))
    results_on = DateField(lazy("Ngày dự kiến công bố kết quả"), [Optional()])
    awards_on = DateField(lazy("Ngày tổng kết, trao giải"), [Optional()])
    # The deadline the organiser has been shown in words; a save under another one shows it first.
    seen = HiddenField()

    def was_seen(self) -> bool:
        closes = self.closes_at()
        return closes is not None and self.seen.data == closes.isoformat()

    def values(self) -> dict[str, Any]:
        """The contest's columns."""
        return {
            **self.period(),
            "closes_wording": self.closes_wording.data or self.wording(),
            "grace_minutes": self.grace_minutes.data,
            "accepts_late": self.accepts_late.data,
            "results_on": self.results_on.data,
            "awards_on": self.awards_on.data,
        }

    def marks_due(self) -> dict[str, datetime | None]:
        """By the round's key."""
        return {row.key.data: last_instant(Kind.BY, row.day.data) if row.day.data else None for row in self.due.entries}


def dates_from(contest: Contest) -> dict[str, Any]:
    """What the dates form shows for a contest: instants turned back into days, times and kind."""
    opens = local(contest.opens_at) if contest.opens_at else None
    day, at = _closing(contest)
    return {
        "opens_on": opens.date() if opens else None,
        "opens_time": opens.time() if opens and opens.time() != time() else None,
        "closes_kind": contest.closes_kind,
        "closes_on": day,
        "closes_time": at,
        "closes_wording": contest.closes_wording,
        "grace_minutes": contest.grace_minutes,
        "accepts_late": contest.accepts_late,
        "results_on": contest.results_on,
        "awards_on": contest.awards_on,
        "due": [
            {"key": item.key, "day": last_minute(item.marks_due_at).date() if item.marks_due_at else None}
            for item in contest.rounds
        ],
    }


def _closing(contest: Contest) -> tuple[date | None, time | None]:
    """The day and time that `closes_at` was made of."""
    if contest.closes_at is None:
        return None, None
    ends = local(contest.closes_at)
    if contest.closes_kind == Kind.BEFORE:
        return ends.date(), None if ends.time() == time() else ends.time()
    last = last_minute(contest.closes_at)
    whole_day = contest.closes_kind == Kind.WITHIN_MONTH or ends.time() == time()
    return last.date(), None if whole_day else last.time()


class CategoryRow(Row):
    key = HiddenField()
    name = StringField(lazy("Tên thể loại"), [Length(max=200)])


class CategoriesForm(Form):
    rows = FieldList(FormField(CategoryRow))

    def validate_rows(self, field: Any) -> None:
        names = [name.casefold() for _key, name in self.wanted()]
        if len(names) != len(set(names)):
            raise ValidationError(_("Hai thể loại không được trùng tên."))

    def wanted(self) -> list[tuple[str, str]]:
        """(key, name) in order; a line without a name is left out."""
        return [(row.key.data or "", row["name"].data) for row in self.rows.entries if row["name"].data]

    def give_back(self, names: Mapping[str, str], said: str) -> None:
        """Show these names, by key, where they were emptied, and say there why they cannot go."""
        for row in self.rows.entries:
            if row.key.data in names:
                row["name"].data, row["name"].errors = names[row.key.data], [said]
        self.rows.errors = [row.errors for row in self.rows.entries]

    def unseen(self, categories: Iterable[Category]) -> list[tuple[str, str]]:
        """(key, name) of those that stood in no line of the page: another window added them meanwhile."""
        shown = {row.key.data for row in self.rows.entries}
        return [(item.key, item.name) for item in categories if item.key not in shown]


class AskForm(Form):
    """A confirmation: nothing but the token."""
