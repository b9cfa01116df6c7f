"""Forms of the contestant's steps."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Email, Length, Optional

from contest.contests.models import Contest
from contest.entries.slip import Person
from contest.rules.phones import display, normalise
from contest.web.days import DateField
from contest.web.forms import AtMost, Form
from contest.web.language import _, lazy, locale

LONGEST_TITLE, LONGEST_TEXT = 300, 400_000


class PhoneField(StringField):
    """A telephone number; `stored` is the form it is kept in."""

    stored: str = ""

    def pre_validate(self, form: Any) -> None:
        typed = (self.data or "").strip()
        stored = normalise(typed) if typed else ""
        if stored is None:
            raise ValidationError(_("Số điện thoại chưa đúng, ví dụ 0912 345 678."))
        self.stored = stored


class WorkForm(Form):
    """Step 1: the work. `revision` is the draft's number when the page was loaded."""

    title = StringField(lazy("Tên tác phẩm"), validators=[AtMost(LONGEST_TITLE)])
    category_id = SelectField(lazy("Thể loại"), coerce=str, validators=[Optional()])
    field_of_work_id = SelectField(lazy("Thuộc lĩnh vực"), coerce=str, validators=[Optional()])
    text = TextAreaField(lazy("Bài viết"), validators=[AtMost(LONGEST_TEXT)])
    revision = HiddenField()


def offer_kinds(form: Any, contest: Contest) -> None:
    """Fill the choices of a form's category and field of work: the contest's, and its year's."""
    form.category_id.choices = [SelectChoice("", _("Chọn thể loại"))] + [
        _of_the_organisers(row.id, row.name) for row in contest.categories
    ]
    offer_fields(form, contest)


def offer_fields(form: Any, contest: Contest) -> None:
    form.field_of_work_id.choices = [SelectChoice("", _("Chưa chọn"))] + [
        _of_the_organisers(row.id, row.name) for row in contest.campaign.fields_of_work
    ]


def _of_the_organisers(number: int, name: str) -> SelectChoice:
    return SelectChoice(str(number), name, render_kw={"lang": "vi"} if locale() == "en" else {})


class PersonForm(PlainForm):
    """One author. It gets messages and cleaning from the form around it."""

    full_name = StringField(lazy("Họ và tên"), validators=[DataRequired(), Length(max=200)])
    birth_date = DateField(lazy("Ngày sinh"))
    work = StringField(lazy("Nghề nghiệp, nơi công tác hoặc học tập"), validators=[Length(max=200)])
    address = StringField(lazy("Địa chỉ"), validators=[Length(max=300)])
    phone = PhoneField(lazy("Điện thoại"), validators=[Length(max=30)])
    email = StringField(lazy("Thư điện tử"), validators=[Optional(), Email(), Length(max=320)])
    account_id = HiddenField()

    class Meta(Form.Meta):
        csrf = False


class AuthorsForm(Form):
    """Step 2: the author slip. Never asks for ethnicity or religion."""

    people = FieldList(FormField(PersonForm), min_entries=1, max_entries=20)
    unit_name = StringField(lazy("Đơn vị"), validators=[Length(max=200)])
    unit_id = HiddenField()


def person_data(person: Person) -> dict[str, Any]:
    """An author as the form shows it."""
    return {
        "full_name": person.full_name,
        "birth_date": person.birth_date,
        "work": person.work,
        "address": person.address,
        "phone": display(person.phone),
        "email": person.email,
    }


def person_from(fields: Any, account_id: int | None) -> Person:
    """An author from a validated PersonForm."""
    return Person(
        full_name=fields.full_name.data or "",
        birth_date=fields.birth_date.data,
        work=fields.work.data or "",
        address=fields.address.data or "",
        phone=fields.phone.stored,
        email=fields.email.data or "",
        account_id=account_id,
    )


class PledgeForm(Form):
    """Step 3. The wordings stand beside the boxes."""

    pledge = BooleanField(lazy("Tôi đồng ý với lời cam kết trên"))
    ai_pledge = BooleanField(lazy("Tôi đồng ý với lời cam kết về công cụ trí tuệ nhân tạo"))


class ReasonForm(Form):
    """A reason, asked for before something that stays on record."""

    reason = TextAreaField(lazy("Lý do"), validators=[DataRequired(), Length(min=5, max=2000)])
