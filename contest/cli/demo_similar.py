"""The demo's part in "Bài giống nhau": what all may quote from, and what was made of one pair."""

from __future__ import annotations

import io
import re
from datetime import datetime

from contest.accounts.models import Account
from contest.cli import demo_works
from contest.contests.models import Contest
from contest.db import db
from contest.entries import reference_actions, similar_actions, similar_queries
from contest.entries.models import LikePair
from contest.entries.reference_receive import receive_references

NAME, SOURCE = "Gợi ý viết bài.txt", "Ban Tổ chức gửi kèm kế hoạch cuộc thi"


def hand_out_advice(contest: Contest, *, account: Account, now: datetime) -> None:
    """The organiser's advice on writing, which many works follow closely: it proves nothing against anybody.

    The composed stories are made of its paragraphs; without it every second of them would be listed.
    """
    advice = re.sub(r"\{[\w-]+\}", "…", "\n\n".join(demo_works.prepared())).encode()
    taken, _refused = receive_references([(NAME, io.BytesIO(advice))], frozenset())
    reference_actions.add(contest, taken, source=SOURCE, is_known=True, account=account, now=now)
    db.session.commit()


def ask_about_first(contest: Contest, *, account: Account, now: datetime) -> None:
    """The most alike pair was read, and its author is to be asked."""
    pairs = similar_queries.pairs(contest).order_by(LikePair.unlike, LikePair.id).limit(1)
    pair = db.session.scalars(pairs).one()
    reason = "Phần giữa bài gần như nguyên văn một bài gửi trước. Cần hỏi tác giả có dẫn nguồn hay không."
    similar_actions.decide(pair, verdict="ask", reason=reason, seen=0, account=account, now=now)
    db.session.commit()
