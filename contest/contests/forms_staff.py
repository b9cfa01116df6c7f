"""Forms of the staff page."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired, Email, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.accounts.person import Person
from contest.contests.forms import options
from contest.contests.staff import ROLE_NAMES, ROLES
from contest.rules.permissions import Role
from contest.rules.phones import normalise
from contest.web.forms import Form
from contest.web.language import _, lazy

_ROLES = options({str(role): ROLE_NAMES[role] for role in ROLES})


class GiveForm(Form):
    role = SelectField(lazy("Vai trò"), choices=_ROLES)
    code = StringField(lazy("Mã tài khoản"), [DataRequired(), Length(max=20)])


class PersonForm(Form):
    """A new account, for someone who may have neither e-mail nor phone."""

    role = SelectField(lazy("Vai trò"), choices=_ROLES, default=Role.JUDGE)
    full_name = StringField(lazy("Họ và tên"), [DataRequired(), Length(max=200)])
    post = StringField(lazy("Chức vụ, nơi công tác"), [Length(max=200)])
    phone = StringField(lazy("Số điện thoại"), [Optional(), Length(max=20)])
    email = StringField(lazy("Thư điện tử"), [Optional(), Length(max=320), Email()])

    def validate_phone(self, field: Any) -> None:
        if field.data and normalise(field.data) is None:
            raise ValidationError(_("Số điện thoại chưa đúng, ví dụ 0912 345 678."))

    def person(self) -> Person:
        return Person(
            full_name=self.full_name.data,
            phone=normalise(self.phone.data) if self.phone.data else None,
            email=self.email.data.lower() if self.email.data else None,
            post=self.post.data or "",
        )


class CardsForm(Form):
    judges = SelectMultipleField(
        lazy("Giám khảo"),
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
