"""Discussion of entries: the head judge opens and ends it, its judges read each other's sheets and talk."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import contest_by_slug, round_by_key
from contest.db import db, utcnow
from contest.judging import (
    apart_queries,
    board_queries,
    discussion_actions,
    discussion_queries,
    discussion_shown,
    panel_queries,
    words,
)
from contest.judging.blueprint import bp
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.queries import standing
from contest.judging.views_panel import PATH, back
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404, signed_in
from contest.web.language import _


@bp.post(PATH + "/thao-luan")
@allow(Action.CONFIRM_RESULTS)
def discuss_far(contest: Contest, key: str) -> ResponseReturnValue:
    """Open a discussion of every entry that is far apart."""
    round_ = or_404(round_by_key(contest, key))
    found = apart_queries.apart_round(standing(round_), own=panel_queries.key_of(round_, current_user))
    return _open(contest, round_, [entry.code for entry in found.entries if "far" in entry.why], "judging.apart")


@bp.post(PATH + "/bai/<code>/thao-luan")
@allow(Action.CONFIRM_RESULTS)
def discuss(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    or_404(board_queries.part_by_code(round_, code))
    return _open(contest, round_, [code], "judging.pair", code=code)


def _open(contest: Contest, round_: Round, codes: list[str], page: str, **more: Any) -> ResponseReturnValue:
    reason = request.form.get("reason", "")[:1000]
    try:
        count = discussion_actions.open_discussions(
            contest, round_, codes, reason=reason, account=current_user, now=utcnow()
        )
    except (NotPossible, Blocked) as gap:
        db.session.rollback()
        flash(words.not_possible_text(gap) if isinstance(gap, NotPossible) else _still_apart(), "bad")
        return back(contest, round_, page, **more)
    db.session.commit()
    flash(_("Đã mở thảo luận %(n)s bài. Giám khảo của bài thấy phiếu của nhau từ lúc này.", n=count), "ok")
    return back(contest, round_, page, **more)


def _still_apart() -> str:
    return _("Chưa mở thảo luận được: chấm độc lập chưa xong. Mọi phiếu của vòng phải được gửi trước.")


@bp.post(PATH + "/bai/<code>/thao-luan/ket-thuc")
@allow(Action.CONFIRM_RESULTS)
def end_discussion(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    part = or_404(board_queries.part_by_code(round_, code))
    conclusion = request.form.get("conclusion", "")[:2000]
    try:
        discussion_actions.end_discussion(
            contest, round_, part.id, conclusion=conclusion, account=current_user, now=utcnow()
        )
    except NotPossible as gap:
        db.session.rollback()
        flash(words.not_possible_text(gap), "bad")
        return back(contest, round_, "judging.pair", code=code)
    db.session.commit()
    flash(_("Đã kết thúc thảo luận bài %(code)s.", code=code), "ok")
    return back(contest, round_, "judging.pair", code=code)


@bp.get("/cham/<public_id>/thao-luan")
@signed_in
def discussion(public_id: str) -> ResponseReturnValue:
    """The other judges' sheets of an entry that is being discussed, for a judge who takes part."""
    place = or_404(discussion_queries.own_place(current_user, public_id))
    return render_template(
        "judging/discussion.html", sheet=place.sheet, view=discussion_shown.judges_view(place)
    )  # fmt: skip


@bp.post("/cham/<public_id>/thao-luan")
@signed_in
def say(public_id: str) -> ResponseReturnValue:
    place = or_404(discussion_queries.own_place(current_user, public_id))
    contest = or_404(contest_by_slug(place.sheet.slug))
    try:
        discussion_actions.say(
            contest, public_id, text=request.form.get("text", "")[:2000], account=current_user, now=utcnow()
        )
    except NotPossible as gap:
        db.session.rollback()
        flash(words.not_possible_text(gap), "bad")
    else:
        db.session.commit()
    return redirect(url_for("judging.discussion", public_id=public_id), 303)
