"""Forms that change the tree of units."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.units.models import Unit, UnitKind, UnitLevel
from contest.units.words import validity
from contest.web.days import DateField
from contest.web.forms import Form
from contest.web.language import lazy as _

NAME = (DataRequired(), Length(max=200))


class BasisForm(Form):
    """On which day, on what document."""

    on = DateField(_("Kể từ ngày"), validators=[InputRequired()])
    basis = StringField(_("Căn cứ"), validators=[Length(max=300)])


class CloseForm(BasisForm):
    """The first day it is no more."""


class RenameForm(BasisForm):
    name = StringField(_("Tên mới"), validators=NAME)


class AddForm(Form):
    name = StringField(_("Tên đơn vị"), validators=NAME)
    kind = SelectField(_("Loại đơn vị"), coerce=int)
    level = SelectField(_("Cấp"), coerce=int)
    valid_from = DateField(_("Hoạt động từ ngày"), validators=[Optional()])

    def offer(self, kinds: list[UnitKind], levels: list[UnitLevel]) -> None:
        self.kind.choices = {kind.id: kind.name for kind in kinds}
        self.level.choices = {level.id: level.name for level in levels}


class MergeForm(BasisForm):
    units = SelectMultipleField(
        _("Các đơn vị cùng nhập"),
        coerce=int,
        validators=[InputRequired()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    name = StringField(_("Tên đơn vị mới"), validators=NAME)
    kind = SelectField(_("Loại đơn vị mới"), coerce=int)

    def offer(self, units: list[Unit], kinds: list[UnitKind]) -> None:
        self.units.choices = {unit.id: f"{unit.name} {validity(unit)}".strip() for unit in units}
        self.kind.choices = {kind.id: kind.name for kind in kinds}

    def validate_units(self, field: SelectMultipleField) -> None:
        if field.data and len(field.data) < 2:
            raise ValidationError(_("Hãy chọn ít nhất hai đơn vị."))
