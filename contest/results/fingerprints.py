"""What the trail keeps of prizes and certificates: a hash, so that a row changed behind the application shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from contest.results.models import Award, Certificate, Decision
from contest.rules.canonical import canonical_bytes, sha256_hex


def of_decision(decision: Decision, awards: Sequence[Award], codes: Mapping[int, str]) -> str:
    """Of a decision with all that it decides. codes: by entry id; the trail must not lead from a prize to an author."""
    return sha256_hex(
        canonical_bytes(
            {
                "number": decision.number,
                "issued_on": decision.issued_on.isoformat() if decision.issued_on else None,
                "signer": decision.signer_block,
                "note": decision.note,
                "awards": [
                    [row.position, codes.get(row.entry_id), row.prize_key, row.prize_name, row.place, row.total,
                     row.state, row.note]
                    for row in sorted(awards, key=lambda row: row.position)
                ],
            }
        )
    )  # fmt: skip


def of_certificate(row: Certificate) -> str:
    """Of what the paper says and its QR leads to; whether it is in force the trail says for itself."""
    return sha256_hex(
        canonical_bytes(
            {
                "award": row.award_id, "contest": row.contest_id, "number": row.number, "token": row.token,
                "recipient": row.recipient, "unit": row.unit_name, "work": row.work_title, "prize": row.prize_name,
                "contest_name": row.contest_name, "issued_at": row.issued_at.astimezone(UTC).isoformat(),
            }
        )
    )  # fmt: skip
