"""How the audit trail calls an entry: by a name that does not lead from its author to it.

The trail says who began and handed in what, and so must not say which row that is: whoever may read the trail
could join author and entry before khớp phách. The name is keyed with the installation's secret, the same in every
event of an entry; from an entry to its events it leads, for who holds database and key, and nowhere from a page.
"""

from __future__ import annotations

import hmac

from flask import current_app

from contest.entries.models import Entry


def subject_of(entry: Entry) -> str:
    """ "entry:" and 20 hex digits."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return "entry:" + hmac.digest(key, f"audit entry {entry.id}".encode(), "sha256").hex()[:20]
