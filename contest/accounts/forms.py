"""Forms of people and sign-in."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from contest.accounts import queries
from contest.accounts.passwords import weakness
from contest.accounts.person import Person
from contest.rules import phones
from contest.rules.permissions import CONTEST_ROLES, Role
from contest.web.forms import Form
from contest.web.language import lazy as _

WEAK = {
    "short": _("Mật khẩu cần ít nhất 8 ký tự."),
    "long": _("Mật khẩu không quá 200 ký tự."),
    "common": _("Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác, ví dụ ba từ không liên quan."),
    "personal": _("Không dùng mã, số điện thoại hay địa chỉ thư của mình làm mật khẩu."),
}


class SignInForm(Form):
    identifier = StringField(
        _("Mã tài khoản, số điện thoại hoặc thư điện tử"), validators=[DataRequired(), Length(max=320)]
    )
    password = PasswordField(_("Mật khẩu"), validators=[InputRequired(), Length(max=400)])
    next = HiddenField()


class PersonForm(Form):
    """Name and ways to reach a person; every way may be left out."""

    full_name = StringField(_("Họ và tên"), validators=[DataRequired(), Length(min=2, max=200)])
    phone = StringField(_("Số điện thoại"), validators=[Length(max=40)])
    email = StringField(_("Thư điện tử"), validators=[Optional(), Email(), Length(max=320)])
    post = StringField(_("Chức vụ"), validators=[Length(max=200)])

    def validate_phone(self, field: Any) -> None:
        if field.data and phones.normalise(field.data) is None:
            raise ValidationError(str(_("Số điện thoại chưa đúng, ví dụ 0912 345 678.")))

    def person(self, *, unit_id: int | None, unit_text: str = "") -> Person:
        """What was typed, in stored form."""
        return Person(
            full_name=self.full_name.data,
            phone=phones.normalise(self.phone.data) if self.phone.data else None,
            email=self.email.data.lower() if self.email.data else None,
            unit_id=unit_id,
            post=self.post.data or "",
            unit_text=unit_text,
        )


class UnitField(Form):
    """A mixin: a unit, picked from suggestions or typed in full. After validation `found_unit` is its id or None.

    takes_any_name: a name that no unit has is not refused; `other_unit` is then that name.
    """

    unit_name = StringField(_("Đơn vị"), validators=[Length(max=200)])
    unit_id = HiddenField()
    found_unit: int | None = None
    takes_any_name = False

    @property
    def other_unit(self) -> str:
        return (self.unit_name.data or "") if self.found_unit is None else ""

    def validate_unit_name(self, field: Any) -> None:
        if not field.data:
            return
        found = queries.units_named(field.data, self.unit_id.data or "")
        if not found and self.takes_any_name:
            return
        if not found:
            raise ValidationError(str(_("Không có đơn vị nào tên như vậy. Hãy gõ vài chữ rồi chọn trong danh sách.")))
        if len(found) > 1:
            raise ValidationError(str(_("Nhiều đơn vị cùng tên này. Hãy chọn trong danh sách hoặc ghi mã đơn vị.")))
        self.found_unit = found[0]


class NewPassword(Form):
    """A mixin of forms that take a new password."""

    password = PasswordField(_("Mật khẩu"), validators=[InputRequired()])

    def validate_password(self, field: Any) -> None:
        about = tuple(str(getattr(self, name).data or "") for name in ("phone", "email") if hasattr(self, name))
        if (code := weakness(field.data, about=about)) is not None:
            raise ValidationError(str(WEAK[code]))


class RegisterForm(PersonForm, UnitField, NewPassword):
    takes_any_name = True
    agree = BooleanField(_("Tôi đồng ý"), validators=[InputRequired(_("Cần đồng ý để tạo tài khoản."))])


class PasswordForm(NewPassword):
    """Change one's own password. The present one is not asked when it was issued by somebody else."""

    present = PasswordField(_("Mật khẩu hiện nay"), validators=[Length(max=400)])
    password = PasswordField(_("Mật khẩu mới"), validators=[InputRequired()])


class StaffForm(PersonForm, UnitField):
    """An account made or changed for somebody. The unit keeps a judge away from its works."""


class RoleForm(UnitField):
    role = SelectField(_("Vai trò"), validators=[InputRequired()])
    place = SelectField(_("Phạm vi"), validators=[InputRequired()])

    def validate_role(self, field: Any) -> None:
        if field.data == Role.UNIT_CONTACT and not self.unit_name.data:
            raise ValidationError(str(_("Đầu mối đơn vị cần có đơn vị phụ trách: hãy ghi ở ô Đơn vị.")))

    def validate_place(self, field: Any) -> None:
        if self.role.data in CONTEST_ROLES and not str(field.data).startswith("contest:"):
            raise ValidationError(str(_("Vai trò này chỉ giao trong một cuộc thi: hãy chọn cuộc thi.")))

    def unit_for_role(self) -> int | None:
        """Only these two roles are about a unit; the others are not narrowed by one."""
        return self.found_unit if self.role.data in (Role.UNIT_CONTACT, Role.COMMITTEE_MEMBER) else None
