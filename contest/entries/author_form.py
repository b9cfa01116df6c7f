"""Between the author form and the author slip."""

from __future__ import annotations

from dataclasses import replace

from contest.accounts.models import Account
from contest.db import db
from contest.entries import own_queries
from contest.entries.forms import AuthorsForm, person_data, person_from
from contest.entries.models import Entry
from contest.entries.slip import Slip
from contest.rules.text import fold
from contest.units.models import Unit
from contest.web.inputs import whole_number


def fill_form(slip: Slip) -> AuthorsForm:
    """The form as a person finds it: what was filled in so far."""
    return AuthorsForm(
        data={
            "people": [person_data(person) for person in slip.people],
            "unit_name": slip.unit_name,
            "unit_id": str(slip.unit_id or ""),
        }
    )


def slip_from(form: AuthorsForm, before: Slip, entry: Entry, account: Account) -> Slip:
    """The slip a validated form says, with everything the form does not ask for as it was.

    An author keeps the account of its owner only while the name stays the owner's: what a hidden
    field says of accounts is never believed.
    """
    owner = fold(account.full_name) if entry.channel == "web" and entry.owner_id == account.id else None
    people = [
        person_from(
            row.form, account.id if owner is not None and fold(row.form.full_name.data or "") == owner else None
        )
        for row in form.people
    ]
    unit = _unit(form, entry)
    return replace(
        before,
        people=tuple(people),
        unit_id=unit.id if unit else None,
        unit_name=unit.name if unit else (form.unit_name.data or ""),
    )


def _unit(form: AuthorsForm, entry: Entry) -> Unit | None:
    """The unit chosen in the list, or the one whose name was typed; an entry of a contact keeps its unit."""
    if entry.channel != "web" and entry.unit_id is not None:
        return db.session.get(Unit, entry.unit_id)
    return unit_from(form.unit_name.data, form.unit_id.data)


def unit_from(name: str | None, chosen: str | None) -> Unit | None:
    """The unit chosen in the list if its name was left as it is, else the one whose name was typed."""
    typed = fold(name or "")
    if not typed:
        return None
    unit = db.session.get(Unit, number) if (number := whole_number(chosen)) is not None else None
    if unit is not None and unit.name_key == typed:
        return unit
    return own_queries.unit_by_name(typed)
