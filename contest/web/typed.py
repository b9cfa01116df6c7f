"""What a person had typed into a form that was not taken: the error page gives it back, nothing else keeps it."""

from __future__ import annotations

from flask import request

# Shorter, or a single word: typed again sooner than looked for.
WORTH_KEEPING = 12
# Fields of passwords (accounts/forms.py) are never shown.
_NEVER = ("password", "present", "csrf")


def typed_texts() -> list[str]:
    """Texts of the form sent with this request that are worth copying, in the order of their fields."""
    if request.method != "POST" or request.mimetype not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return []
    return [
        text
        for name, values in request.form.lists()
        if not any(part in name for part in _NEVER)
        for text in (value.strip() for value in values)
        if len(text) >= WORTH_KEEPING and len(text.split()) > 1
    ]
