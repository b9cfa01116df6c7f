"""A person as typed into a form or made by a command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """What an account says of a person. Phone in stored form, e-mail in small letters, None when there is none.

    unit_text: how the person wrote a unit that was not found; kept when it is matched later.
    """

    full_name: str
    phone: str | None = None
    email: str | None = None
    unit_id: int | None = None
    post: str = ""
    unit_text: str = ""
