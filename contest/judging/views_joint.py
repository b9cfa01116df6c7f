"""Joint sheets: what the panel agreed on, read and confirmed by each member on an own tablet or on paper."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.contests.queries import round_by_key, rules_in_force
from contest.db import db, utcnow
from contest.judging import board_queries, joint_actions, joint_queries, words
from contest.judging.blueprint import bp
from contest.judging.panel_actions import NotPossible
from contest.judging.pictures import picture
from contest.judging.views_panel import PATH, back
from contest.rules.permissions import Action
from contest.rules.rule_sets import criteria_of
from contest.web.guards import allow, or_404, signed_in
from contest.web.language import _


@bp.get("/cham/chung")
@signed_in
def joint() -> ResponseReturnValue:
    """The joint sheets of the rounds this judge sits in: what is still to be confirmed comes first."""
    return render_template("judging/joint.html", rounds=joint_queries.own_rounds(current_user))


@bp.get("/cham/chung/<public_id>")
@signed_in
def joint_sheet(public_id: str) -> ResponseReturnValue:
    found, sheet = or_404(joint_queries.own_joint(current_user, public_id))
    scale = criteria_of(rules_in_force(found.round.contest).body, found.round.key)
    return render_template(
        "judging/joint_sheet.html", round=found.round, member=found.member, sheet=sheet, scale=scale,
        copy=joint_queries.copy_of(sheet.part_id), total=joint_queries.total_of(sheet, scale),
        own=next((seat for seat in sheet.seats if seat.member_id == found.member.id), None),
    )  # fmt: skip


@bp.post("/cham/chung/<public_id>")
@signed_in
def consent(public_id: str) -> ResponseReturnValue:
    """A member's own word."""
    found, sheet = or_404(joint_queries.own_joint(current_user, public_id))
    stance = request.form.get("stance", "")
    if stance not in joint_actions.OWN:
        abort(400)
    try:
        joint_actions.consent(
            found.round.contest, found.round, sheet, key=found.member.key, stance=stance,
            version=request.form.get("version", ""), note=request.form.get("note", "")[:1000],
            account=current_user, now=utcnow(),
        )  # fmt: skip
    except NotPossible as gap:
        db.session.rollback()
        flash(words.not_possible_text(gap), "bad")
        return redirect(url_for("judging.joint_sheet", public_id=public_id), 303)
    db.session.commit()
    flash(_("Đã ghi ý kiến của đồng chí về phiếu chung bài %(code)s.", code=sheet.code), "ok")
    return redirect(url_for("judging.joint"), 303)


@bp.get("/cham/chung/<public_id>/trang/<int:number>")
@signed_in
def joint_page(public_id: str, number: int) -> ResponseReturnValue:
    """The picture of one page of the work, for the panel."""
    _found, sheet = or_404(joint_queries.own_joint(current_user, public_id))
    copy = joint_queries.copy_of(sheet.part_id)
    pages = copy.pages if copy is not None and copy.state == "ready" else []
    if not 1 <= number <= len(pages):
        abort(404)
    return picture(pages[number - 1]["key"])


@bp.post(PATH + "/bai/<code>/<judge>/phieu-chung")
@allow(Action.CONFIRM_RESULTS, Action.KEY_IN_SLIPS)
def consent_for(contest: Contest, key: str, code: str, judge: str) -> ResponseReturnValue:
    """A member who signed on paper, or was away: entered with the reason."""
    round_ = or_404(round_by_key(contest, key))
    part = or_404(board_queries.part_by_code(round_, code))
    sheets = joint_queries.joint_sheets(contest, round_, part_id=part.id) if joint_queries.is_joint(round_) else []
    sheet = or_404(sheets[0] if sheets else None)
    stance = request.form.get("stance", "")
    if stance not in joint_actions.FOR_ANOTHER:
        abort(400)
    try:
        joint_actions.consent(
            contest, round_, sheet, key=judge, stance=stance, version=request.form.get("version", ""),
            note=request.form.get("note", "")[:1000], account=current_user, now=utcnow(),
        )  # fmt: skip
    except NotPossible as gap:
        db.session.rollback()
        flash(words.not_possible_text(gap), "bad")
        return back(contest, round_, "judging.pair", code=code)
    db.session.commit()
    flash(_("Đã ghi: %(judge)s.", judge=judge), "ok")
    return back(contest, round_, "judging.pair", code=code)
