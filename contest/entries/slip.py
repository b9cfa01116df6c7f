"""The author slip (phiếu tác giả) while it is being filled in: values in, JSON out, and what is missing.

It is kept with the draft and becomes Author rows on submission, so that an entry already handed
in keeps its authors while its owner is still changing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """One author. account_id: the account of who entered it for himself or herself."""

    full_name: str = ""
    birth_date: date | None = None
    work: str = ""
    address: str = ""
    phone: str = ""  # as rules.phones stores it
    email: str = ""
    account_id: int | None = None


@dataclass(frozen=True)
class Slip:
    """Everything about an entry that judges do not see. pledged_texts: the wordings agreed to."""

    people: tuple[Person, ...] = ()
    category_id: int | None = None
    field_of_work_id: int | None = None
    unit_id: int | None = None
    unit_name: str = ""
    pledged_at: datetime | None = None
    pledged_texts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        values = asdict(self)
        values["people"] = [
            {**asdict(person), "birth_date": person.birth_date.isoformat() if person.birth_date else None}
            for person in self.people
        ]
        values["pledged_at"] = self.pledged_at.isoformat() if self.pledged_at else None
        values["pledged_texts"] = list(self.pledged_texts)
        return values

    def with_people(self, people: list[Person]) -> Slip:
        return replace(self, people=tuple(people))

    def has_pledged(self, texts: tuple[str, ...]) -> bool:
        """Whether exactly these wordings were agreed to; a contest that changes its wording asks again."""
        return self.pledged_at is not None and self.pledged_texts == texts


def from_json(values: Mapping[str, Any]) -> Slip:
    """What `to_json` wrote; an empty mapping is an empty slip."""
    people = tuple(
        Person(**{**person, "birth_date": date.fromisoformat(person["birth_date"]) if person["birth_date"] else None})
        for person in values.get("people", [])
    )
    pledged_at = values.get("pledged_at")
    return Slip(
        people=people,
        category_id=values.get("category_id"),
        field_of_work_id=values.get("field_of_work_id"),
        unit_id=values.get("unit_id"),
        unit_name=values.get("unit_name", ""),
        pledged_at=datetime.fromisoformat(pledged_at) if pledged_at else None,
        pledged_texts=tuple(values.get("pledged_texts", ())),
    )
