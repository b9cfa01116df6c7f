"""The setup of a campaign: its texts, and four lists whose rows come and go by submit buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from contest.campaigns.actions import Document, Draft, Remembered
from contest.campaigns.models import Campaign
from contest.units.models import Unit
from contest.units.queries import search_units, unit_by_code, unit_by_id
from contest.web.days import DateField
from contest.web.forms import Form
from contest.web.language import _ as say
from contest.web.language import lazy as _

LISTS = ("focuses", "fields_of_work", "documents", "anniversaries")
MOST_ROWS = 60


class Row(Form):
    """A row of a list: part of the form around it, which carries the token."""

    class Meta(Form.Meta):
        csrf = False


class DocumentRow(Row):
    number = StringField(_("Số, ký hiệu"), validators=[Length(max=80)])
    issuer = StringField(_("Cơ quan ban hành"), validators=[Length(max=200)])
    issued_on = DateField(_("Ngày ban hành"), validators=[Optional()])
    title = StringField(_("Trích yếu"), validators=[Length(max=1000)])


def _with_day(form: Any, field: DateField) -> None:
    """A name without a day says so; an empty row is left out. Before Optional, which forgives an empty day."""
    if form.name.data and not (field.raw_data and field.raw_data[0]):
        raise StopValidation(say("Cần ngày gốc của sự kiện, ví dụ 15/10/1930."))


def _with_name(form: Any, field: StringField) -> None:
    if form.origin.data is not None and not field.data:
        raise StopValidation(say("Cần điền mục này."))


class AnniversaryRow(Row):
    name = StringField(_("Sự kiện"), validators=[_with_name, Length(max=300)])
    origin = DateField(_("Ngày gốc"), validators=[_with_day, Optional()])


class CampaignForm(Form):
    """Everything of a campaign on one page."""

    name = StringField(_("Tên"), validators=[DataRequired(), Length(max=200)])
    year = IntegerField(_("Năm"), validators=[InputRequired(), NumberRange(min=1930, max=2200)])
    period = StringField(_("Giai đoạn"), validators=[Length(max=80)])
    theme = TextAreaField(_("Chủ đề"), validators=[Length(max=4000)])
    organiser = StringField(_("Cơ quan chủ trì"), validators=[DataRequired(), Length(max=200)])
    # What the picker found for the name above; without it the name alone must do.
    organiser_id = HiddenField()
    superior_name = StringField(_("Cấp trên ghi trên văn bản"), validators=[Length(max=200)])
    issuer_name = StringField(_("Cơ quan ban hành ghi trên văn bản"), validators=[Length(max=200)])
    place_name = StringField(_("Địa danh ghi trên văn bản"), validators=[Length(max=80)])
    focuses = FieldList(
        TextAreaField(_("Trọng tâm"), validators=[Length(max=1000)]), _("Trọng tâm của năm"), max_entries=MOST_ROWS
    )
    fields_of_work = FieldList(
        StringField(_("Lĩnh vực"), validators=[Length(max=200)]), _("Lĩnh vực"), max_entries=MOST_ROWS
    )
    documents = FieldList(FormField(DocumentRow), _("Văn bản căn cứ"), max_entries=MOST_ROWS)
    anniversaries = FieldList(FormField(AnniversaryRow), _("Ngày kỷ niệm"), max_entries=MOST_ROWS)
    is_public = BooleanField(_("Công khai trang của năm này"))

    unit: Unit | None = None

    def validate_organiser(self, field: StringField) -> None:
        key = self.organiser_id.data or ""
        picked = unit_by_id(int(key)) if key.isdecimal() and len(key) < 10 else None
        # Typed over after picking: then the name is what is meant.
        self.unit = picked if picked is not None and picked.name == field.data else _unit_named(field.data or "")

    def validate_anniversaries(self, field: FieldList) -> None:
        late = [row.form.name.data for row in field if _after(row.form.origin.data, self.year.data)]
        if late:
            raise ValidationError(
                say("Ngày gốc phải trước năm %(year)s: %(names)s.", year=self.year.data, names="; ".join(late))
            )

    def take_step(self, act: str) -> bool:
        """Add or remove a row as a button said ("add:focuses", "drop:focuses:2"); False: it was no such button."""
        step, _colon, rest = act.partition(":")
        name, _colon, index = rest.partition(":")
        if step not in _STEPS or name not in LISTS:
            return False
        _STEPS[step](self[name], index)
        return True

    def draft(self) -> Draft:
        """What was filled in, without empty rows. Only after validation."""
        assert self.unit is not None
        return Draft(
            **{name: self[name].data or "" for name in ("name", "period", "theme", *_ON_PAPERS)},
            year=self.year.data,
            organiser=self.unit,
            is_public=bool(self.is_public.data),
            focuses=tuple(text for text in self.focuses.data if text),
            fields_of_work=tuple(dict.fromkeys(text for text in self.fields_of_work.data if text)),
            documents=tuple(Document(**row) for row in self.documents.data if row["number"] or row["title"]),
            anniversaries=tuple(Remembered(**row) for row in self.anniversaries.data if row["name"] and row["origin"]),
        )


_ON_PAPERS = ("superior_name", "issuer_name", "place_name")


def form_of(campaign: Campaign | None, *, year: int) -> CampaignForm:
    """The form as a campaign stands; for a new one with the days every campaign of the movement keeps."""
    if campaign is None:
        return CampaignForm(
            year=year,
            name=say("Phong trào thi đua “Dân vận khéo” năm %(year)s", year=year),
            focuses=[""],
            fields_of_work=[""],
            documents=[{}],
            anniversaries=[{"name": name, "origin": day} for name, day in USUAL_DAYS],
        )
    columns = ("name", "year", "period", "theme", "is_public", *_ON_PAPERS)
    return CampaignForm(
        **{column: getattr(campaign, column) for column in columns},
        organiser=campaign.organiser.name,
        organiser_id=str(campaign.organiser_id),
        focuses=[row.text for row in campaign.focuses],
        fields_of_work=[row.name for row in campaign.fields_of_work],
        documents=[
            {"number": row.number, "issuer": row.issuer, "issued_on": row.issued_on, "title": row.title}
            for row in campaign.documents
        ],
        anniversaries=[{"name": row.name, "origin": row.origin} for row in campaign.anniversaries],
    )


# The three of R43; all on 15 October.
USUAL_DAYS = (
    ("Ngày truyền thống công tác dân vận của Đảng", date(1930, 10, 15)),
    ("Ngày Dân vận của cả nước", date(1999, 10, 15)),
    ("Bài báo “Dân vận” của Chủ tịch Hồ Chí Minh", date(1949, 10, 15)),
)


def _add(field: FieldList, _index: str) -> None:
    if len(field.entries) < MOST_ROWS:
        field.append_entry()


def _drop(field: FieldList, index: str) -> None:
    """Take a row out; the ones after it move up, with what was typed in them."""
    position = next((at for at, row in enumerate(field.entries) if row.name == f"{field.name}-{index}"), None)
    if position is not None:
        del field.entries[position]


_STEPS: dict[str, Callable[[FieldList, str], None]] = {"add": _add, "drop": _drop}


def _after(origin: date | None, year: int | None) -> bool:
    return origin is not None and year is not None and origin.year > year


def _unit_named(text: str) -> Unit:
    """The unit people mean by a code, or by a name that only one unit has."""
    if (unit := unit_by_code(text)) is not None:
        return unit
    found = [item.unit for item in search_units(text, on=date.max, historic=True, limit=50)]
    named = [unit for unit in found if unit.name.casefold() == text.casefold()] or found
    if not named:
        raise ValidationError(say("Chưa có đơn vị nào tên như vậy. Hãy chọn trong danh mục đơn vị."))
    if len(named) > 1:
        shown = "; ".join(f"{unit.name} ({unit.code})" for unit in named[:5])
        raise ValidationError(say("Có nhiều đơn vị tên như vậy, hãy ghi mã: %(units)s.", units=shown))
    return named[0]
