"""Keying in paper slips, twice, by two secretaries."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key, rules_in_force
from contest.db import db, utcnow
from contest.judging import panel_queries, slip_actions, slip_queries, words
from contest.judging.actions import Refused
from contest.judging.blueprint import bp
from contest.judging.models import PanelMember
from contest.rules.permissions import Action
from contest.rules.rule_sets import criteria_of
from contest.web.guards import allow, or_404
from contest.web.language import _

PATH = "/cuoc-thi/<contest>/vong/<key>/phieu-giay"


@bp.get(PATH)
@allow(Action.KEY_IN_SLIPS)
def slips(contest: Contest, key: str) -> ResponseReturnValue:
    """Whose slips are to be keyed in."""
    round_ = or_404(round_by_key(contest, key))
    members = panel_queries.members_of(round_)
    loads = panel_queries.loads(round_)
    return render_template("judging/slips.html", contest=contest, round=round_, members=members, loads=loads)


@bp.get(PATH + "/<judge>")
@allow(Action.KEY_IN_SLIPS)
def slip(contest: Contest, key: str, judge: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    return _slip_page(contest, round_, or_404(panel_queries.member_in(round_, judge)))


def _slip_page(contest: Contest, round_: Round, member: PanelMember, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "judging/slip.html",
        contest=contest,
        round=round_,
        member=member,
        criteria=criteria_of(rules_in_force(contest).body, round_.key),
        rows=slip_queries.slip_rows(round_, member, current_user),
        errors=errors or {},
        typed=request.form if errors else {},
        batch=str(uuid.uuid4()),
    )


@bp.post(PATH + "/<judge>")
@allow(Action.KEY_IN_SLIPS)
def key_in(contest: Contest, key: str, judge: str) -> ResponseReturnValue:
    """Store every row that was filled in; a row that is wrong keeps what was typed and spoils no other."""
    round_ = or_404(round_by_key(contest, key))
    member = or_404(panel_queries.member_in(round_, judge))
    scale = criteria_of(rules_in_force(contest).body, round_.key)
    names = {item.key: item.name for item in scale}
    try:
        batch = uuid.UUID(request.form.get("batch", ""))
    except ValueError:
        abort(400)
    errors, outcomes = {}, []
    for row in slip_queries.slip_rows(round_, member, current_user):
        typed = {item.key: request.form.get(f"{row.code}:{item.key}", "") for item in scale}
        if not any(value.strip() for value in typed.values()):
            continue
        try:
            # One number for the row of this very page: sent twice, it is stored once.
            number = str(uuid.uuid5(batch, row.code))
            keyed = slip_actions.key_slip(row.public_id, typed, uuid=number, account=current_user, now=utcnow())
            outcomes.append(keyed.outcome if keyed else "again")
        except Refused as refusal:
            errors[row.code] = words.refusal_text(refusal, names)
    db.session.commit()
    _tell(outcomes)
    if errors:
        return _slip_page(contest, round_, member, errors), 422
    return redirect(url_for("judging.slip", contest=contest.slug, key=key, judge=judge), 303)


def _tell(outcomes: list[Any]) -> None:
    if count := outcomes.count("first"):
        flash(_("%(n)s phiếu đã nhập lần một; cần người thứ hai nhập lại.", n=count), "info")
    if count := outcomes.count("equal"):
        flash(_("%(n)s phiếu khớp với lần một và đã được ghi nhận.", n=count), "ok")
    if count := outcomes.count("differs"):
        flash(_("%(n)s phiếu khác với lần một. Hãy đối chiếu phiếu giấy rồi nhập lại.", n=count), "warn")
