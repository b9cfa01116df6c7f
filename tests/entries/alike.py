"""What tests of alike texts share: texts that have nothing in common, and the jobs that compare them."""

from __future__ import annotations

import random

from contest import jobs
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import similar_actions, similar_queries
from contest.entries.models import Entry, EntryVersion, LikePair
from tests.fixtures.makers import NOW

SYLLABLES = [a + b for a in ("b", "c", "d", "g", "kh", "l", "m", "n", "ph", "t", "v", "x") for b in ("an", "eo", "im")]


def prose(words: int, seed: int) -> str:
    """Words that no other seed has in the same order."""
    rng = random.Random(seed)
    return " ".join(rng.choice(SYLLABLES) for _ in range(words))


def again(entry: Entry, text: str) -> EntryVersion:
    """The entry handed in once more, with this text."""
    number = max(version.number for version in entry.versions) + 1
    version = EntryVersion(
        entry_id=entry.id, number=number, title=entry.title, text=text, saved_at=NOW, submitted_at=NOW
    )
    db.session.add(version)
    db.session.commit()
    db.session.expire_all()
    return version


def work_off() -> int:
    """What the jobs asked for now come to, in jobs done."""
    similar_actions.want_fingerprints(utcnow())
    db.session.commit()
    done = jobs.run_due()
    db.session.expire_all()
    return done


def listed(contest: Contest) -> list[tuple[str, str]]:
    """The titles of the pairs that the page shows, most alike first."""
    rows = db.session.scalars(similar_queries.pairs(contest).order_by(LikePair.unlike, LikePair.id))
    names = [[side.entry.title if side.entry else side.reference.name for side in (row.one, row.other)] for row in rows]
    return [(one, other) for one, other in names]
