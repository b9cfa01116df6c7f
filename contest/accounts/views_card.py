"""Signing in by a printed QR card."""

from __future__ import annotations

from flask import current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts import actions, queries
from contest.accounts.blueprint import bp
from contest.accounts.device import device_name
from contest.accounts.identity import current_session, remember
from contest.accounts.words import CARD_REFUSED
from contest.db import db, utcnow
from contest.web.guards import public
from contest.web.limits import CARD, limiter


@bp.get("/the/<token>")
@limiter.limit(CARD)
@public
def card(token: str) -> ResponseReturnValue:
    """Whose card it is, and one button. Looking uses nothing up: phones preview links."""
    row = queries.card_by_token(token)
    state = actions.card_state(row, utcnow()) if row is not None else "unknown"
    here = current_session()
    if row is not None and here is not None and row.session_id == here.id and row.revoked_at is None:
        return redirect("/cham")
    if row is None or state != "usable":
        return render_template("accounts/card_refused.html", reason=CARD_REFUSED[state]), 410 if row else 404
    return render_template("accounts/card.html", card=row, token=token)


@bp.post("/the/<token>", endpoint="use_card")
@limiter.limit(CARD)
@public
def use_card(token: str) -> ResponseReturnValue:
    now, before = utcnow(), current_session()
    before_id = before.id if before is not None else None
    try:
        row, session_token = actions.use_card(
            token, device=device_name(), hours=current_app.config["SESSION_HOURS"], now=now
        )
    except actions.CardRefused as refused:
        db.session.rollback()
        row_before = queries.card_by_token(token) if before is not None else None
        if refused.code == "used" and row_before is not None and row_before.session_id == before_id:
            return redirect("/cham")  # the button pressed twice
        return render_template("accounts/card_refused.html", reason=CARD_REFUSED[refused.code]), 410
    if before is not None and before.id != row.id:
        # A borrowed tablet: the judge before must not stay signed in behind the next.
        actions.end_sign_in(before, actor=current_user, now=now)
    db.session.commit()
    remember(session_token)
    return redirect("/cham")
