"""What the judge's app asks for besides pages: batches of versions, its own worker and manifest."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.db import db, utcnow
from contest.judging import sheet_queries, shown, words
from contest.judging.actions import Refused, Saved
from contest.judging.blueprint import bp
from contest.judging.forms import BATCH_BYTES, BadChange, read_batch
from contest.judging.sync_actions import note_tablet, save_batch
from contest.web.guards import signed_in
from contest.web.language import _


@bp.post("/cham/dong-bo")
@signed_in
def sync() -> ResponseReturnValue:
    """Versions written while there was no line, oldest first; one answer for each, all stored or none."""
    request.max_content_length = BATCH_BYTES
    try:
        condition, changes = read_batch(request.get_json(silent=True))
    except BadChange as bad:
        detail = _("Thiết bị gửi dữ liệu không đúng. Hãy tải lại trang.")
        return jsonify(code="bad_request", detail=detail, field=bad.field), 400
    now = utcnow()
    outcomes = save_batch(changes, account=current_user, now=now)
    note_tablet(condition, account=current_user, agent=_browser(), now=now)
    results = [
        {"uuid": change.uuid, **_result(public_id, outcome)}
        for (public_id, change), outcome in zip(changes, outcomes, strict=True)
    ]
    db.session.commit()
    return jsonify(results=results, server_at=now.isoformat())


def _result(public_id: str, outcome: Saved | Refused | None) -> dict[str, Any]:
    """status and body, as the single save would have answered."""
    if outcome is None:
        return {"status": 404, "body": {"code": "no_sheet", "detail": _("Không tìm thấy phiếu này.")}}
    if isinstance(outcome, Saved):
        return {"status": 200 if outcome.repeated else 201, "body": shown.answer(outcome)}
    names = sheet_queries.criterion_names(current_user, public_id)
    facts = shown.refusal_facts(outcome, names)
    body = {"code": outcome.code, "detail": words.refusal_text(outcome, names), **facts}
    return {"status": words.status_of(outcome), "body": body}


def _browser() -> str:
    agent = request.user_agent.string
    for name in ("Edg", "OPR", "SamsungBrowser", "Firefox", "CriOS", "Chrome", "Safari"):
        if (at := agent.find(name + "/")) >= 0:
            return agent[at:].split(" ")[0].split(".")[0]
    return agent[:60]
