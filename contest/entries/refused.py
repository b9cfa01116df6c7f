"""Why something about an entry was refused: codes and facts; words.py has the sentences."""

from __future__ import annotations

from typing import Any


class EntryRefused(Exception):
    """Codes: barred (role), not_announced, not_yet (opens_at), closed (closes_at), only_units, author_limit (limit),
    unit_limit (limit), drawn, withdrawn, not_draft, not_submitted, too_many_files (limit), too_much_text (limit),
    no_files, changed, decided, incomplete (faults)."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts


class DraftConflict(Exception):
    """The draft was saved elsewhere since this text was loaded; `version` holds what is stored."""

    def __init__(self, version: Any) -> None:
        super().__init__("another device saved this draft")
        self.version = version
