"""Background work of results."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from contest import mail
from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries.models import Author, Entry, RoundEntry
from contest.jobs import job
from contest.results import actions, papers, queries
from contest.results.models import Result
from contest.storage import storage


@job("results.print_certificates")
def print_certificates(contest_id: int, account_id: int, base: str = "") -> dict[str, Any]:
    """Print every certificate in force into one PDF."""
    contest, account = db.session.get_one(Contest, contest_id), db.session.get_one(Account, account_id)
    certificates = [item for item in queries.certificates_of(contest) if item.revoked_at is None]
    items = [papers.certificate_data(contest, item, item.award, base=base) for item in certificates]
    # Drawing a thousand takes a while: others must be able to write meanwhile.
    db.session.rollback()
    made = papers.certificates_pdf(items)
    result = queries.result_in_force(contest)
    kept = actions.keep_paper(
        contest, "certificates", "giay-chung-nhan.pdf", storage().put(made),
        result_id=result.id if result else None, actor=account, now=utcnow(),
    )  # fmt: skip
    return {"paper_id": kept.id, "count": len(items)}


@job("results.announce")
def announce(result_id: int, base: str = "") -> None:
    """Write to every author with an address that the result is out."""
    result = db.session.get_one(Result, result_id)
    contest = result.contest
    ids = select(RoundEntry.entry_id).where(RoundEntry.round_id.in_([round_.id for round_ in contest.rounds]))
    addresses = db.session.scalars(
        select(Author.email)
        .join(Entry, Entry.id == Author.entry_id)
        .where(Entry.id.in_(ids), Author.email != "")
        .distinct()
        .order_by(Author.email)
    )
    for address in addresses:
        mail.post(
            address,
            f"Kết quả {contest.name}",
            f"Kính gửi tác giả,\n\nBan Tổ chức đã công bố kết quả {contest.name}.\n"
            f"Xem tại: {papers.public_address('results.page', base=base, contest=contest.slug)}\n\nTrân trọng cảm ơn.",
            now=utcnow(),
        )
