"""What a judge's device sends, read strictly; and the small forms of the staff's pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from contest.judging.actions import KINDS, Change
from contest.judging.sync_actions import Condition
from contest.judging.tablet_actions import was_brought
from contest.rules.text import clean_line, clean_text
from contest.units.queries import unit_by_code
from contest.web.days import DateField
from contest.web.forms import Form
from contest.web.inputs import whole_number
from contest.web.language import HANOI, _, lazy

MOST_COMMENT = 5_000
MOST_REASON = 1_000
MOST_DEVICE = 64
MOST_MARKS = 100
BODY_BYTES = 64_000
MOST_ITEMS = 50
BATCH_BYTES = 1_000_000
# What the ledger calls the device of a form that came without script: any of the judge's.
PLAIN_FORM = "form"
FIELD = "mark-"  # name of a criterion's field in the plain form


class BadChange(Exception):
    """A field of a save is not what it should be: a fault of the device's program, not of the judge."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_change(document: Any) -> Change:
    """The JSON body of a save. Raises BadChange naming the field."""
    if not isinstance(document, dict):
        raise BadChange("")
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadChange("kind")
    marks = document.get("marks", {})
    if not isinstance(marks, dict) or len(marks) > MOST_MARKS or not all(map(str.isprintable, marks)):
        raise BadChange("marks")
    return Change(
        uuid=_uuid(document.get("uuid"), "uuid"),
        kind=kind,
        marks=marks,
        based_on=None if document.get("based_on") is None else _uuid(document["based_on"], "based_on"),
        comment=clean_text(_text(document, "comment", MOST_COMMENT)),
        reason=clean_text(_text(document, "reason", MOST_REASON)).strip(),
        device=_device(document),
        client_at=_instant(document.get("client_at")),
    )


def read_batch(document: Any) -> tuple[Condition, list[tuple[str, Change]]]:
    """The JSON body of a batch: how the tablet is, and (sheet, change) in order of writing. Raises BadChange."""
    if not isinstance(document, dict):
        raise BadChange("")
    items = document.get("items", [])
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise BadChange("items")
    changes = []
    for index, item in enumerate(items):
        try:
            changes.append((_sheet(item), read_change(item)))
        except (BadChange, AttributeError) as bad:
            raise BadChange(f"items[{index}].{getattr(bad, 'field', '')}") from None
    return _condition(document), changes


def _sheet(item: Mapping[str, Any]) -> str:
    """The sheet's public id. What no address can hold, no database may be asked for either."""
    name = _text(item, "sheet", 40)
    if not name.isascii() or not name.isprintable():
        raise BadChange("sheet")
    return name


def _condition(document: Mapping[str, Any]) -> Condition:
    device = clean_line(_text(document, "device", MOST_DEVICE))
    if not device:
        raise BadChange("device")
    battery = document.get("battery")
    return Condition(
        device=device,
        owner=_count(document, "owner") if document.get("owner") is not None else None,
        unsent=_count(document, "unsent"),
        refused=_count(document, "refused"),
        kept=_count(document, "kept"),
        battery=battery if isinstance(battery, int) and 0 <= battery <= 100 else None,
        is_charging=document.get("charging") is True,
        at=_instant(document.get("at")),
        version=clean_line(_text(document, "version", 20)),
    )


def _count(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise BadChange(name)
    return value


def change_of_form(form: Mapping[str, str], *, kind: str) -> Change:
    """A save that came as a plain form, from a browser without script. Raises BadChange."""
    return read_change(
        {
            "uuid": form.get("uuid"),
            "based_on": form.get("based_on") or None,
            "kind": kind,
            "marks": {name.removeprefix(FIELD): value for name, value in form.items() if name.startswith(FIELD)},
            "comment": form.get("comment", "")[:MOST_COMMENT],
            "reason": form.get("reason", "")[:MOST_REASON],
            "device": PLAIN_FORM,
        }
    )


def _text(document: Mapping[str, Any], name: str, most: int) -> str:
    value = document.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise BadChange(name)
    return value


def _device(document: Mapping[str, Any]) -> str:
    device = clean_line(_text(document, "device", MOST_DEVICE))
    if was_brought(device):  # only the server says of a version that it came by hand
        raise BadChange("device")
    return device


def _uuid(value: Any, name: str) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise BadChange(name) from None


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo is not None else _no_offset()
    except (ValueError, TypeError, OverflowError):
        raise BadChange("client_at") from None


def _no_offset() -> datetime:
    raise ValueError("an instant without an offset")


class InterestForm(Form):
    """A judge's interest in a unit or a person, recorded by the secretary."""

    account = SelectField(lazy("Giám khảo"), coerce=int)
    unit_code = StringField(lazy("Mã đơn vị"), [Length(max=40)])
    person_name = StringField(lazy("Họ và tên người có liên quan"), [Length(max=200)])
    reason = TextAreaField(lazy("Căn cứ"), [Length(max=MOST_REASON)])

    def validate_unit_code(self, field: Field) -> None:
        """One of the two says what the interest is in."""
        if not field.data and not self.person_name.data:
            raise ValidationError(_("Hãy ghi mã đơn vị hoặc họ tên người có liên quan."))
        if field.data and unit_by_code(field.data) is None:
            raise ValidationError(_("Không có đơn vị mang mã này."))


class OpenForm(Form):
    """Opening a round: until when marks are due, at 17:00 of that day."""

    due_on = DateField(lazy("Hạn chấm"), [Optional()])

    def due_at(self) -> datetime | None:
        """The end of the working day in Hà Nội, or None."""
        return datetime.combine(self.due_on.data, time(17), HANOI) if self.due_on.data else None


def most_entries(typed: str | None) -> int | None:
    """The greatest load as typed; None for no limit. Raises ValueError."""
    if not typed or not typed.strip():
        return None
    value = whole_number(typed.strip(), 100_000)
    if not value:
        raise ValueError(typed)
    return value
