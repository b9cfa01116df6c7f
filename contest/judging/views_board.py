"""The board of the judging, one entry's sheets side by side, and the end of a round."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key, rules_in_force
from contest.db import db, utcnow
from contest.entries.queries import unblinded
from contest.judging import (
    actions,
    board_queries,
    board_shown,
    discussion_shown,
    joint_queries,
    panel_actions,
    panel_queries,
    sheet_queries,
    words,
)
from contest.judging.actions import Refused
from contest.judging.blueprint import bp
from contest.judging.forms import BadChange, change_of_form
from contest.judging.models import Assignment
from contest.judging.panel_actions import Blocked, NotPossible
from contest.judging.pictures import picture
from contest.judging.queries import blockers, standing
from contest.judging.views_panel import PATH, back, refused
from contest.judging.views_tablets import tablets_of
from contest.rules.permissions import Action
from contest.rules.rule_sets import round_of, talks
from contest.web.guards import allow, or_404
from contest.web.language import _, locale

bp.add_app_template_filter(board_shown.drawn_once, "drawn_once")


def _sees_marks(contest: Contest) -> bool:
    return bool(current_user.may(Action.SEE_DIFFERENCES, contest.scope))


@bp.get(PATH + "/tien-do")
@allow(Action.SEE_PROGRESS)
def board(contest: Contest, key: str) -> ResponseReturnValue:
    return _board_page(contest, or_404(round_by_key(contest, key)))


def _board_page(contest: Contest, round_: Round, refused_by: Any = ()) -> str:
    point = "," if locale() == "vi" else "."
    known = standing(round_)
    shown = board_queries.board(round_, known, viewer=current_user, with_marks=_sees_marks(contest), point=point)
    return render_template(
        "judging/board.html",
        contest=contest,
        round=round_,
        board=shown,
        blocks=board_shown.blocks(shown),
        blockers=joint_queries.all_blockers(round_, known),
        tablets=tablets_of(round_) if round_.state in ("open", "closed") else None,
        refused_by=refused_by,
        ask=request.args.get("hoi", ""),
        sees_marks=_sees_marks(contest),
        joined=round_.state in ("closed", "confirmed") and unblinded(contest),
    )


@bp.get(PATH + "/bai/<code>")
@allow(Action.SEE_DIFFERENCES, Action.ASSIGN_JUDGES)
def pair(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    """One entry: its sheets side by side, what became of each, and what can be done."""
    round_ = or_404(round_by_key(contest, key))
    part = or_404(board_queries.part_by_code(round_, code))
    sees = _sees_marks(contest)
    view = board_shown.pair_view(contest, round_, part, viewer=current_user, with_marks=sees)
    body = rules_in_force(contest).body
    rules = round_of(body, round_.key)
    discusses = sees and talks(rules) == "discussion"
    return render_template(
        "judging/pair.html", contest=contest, round=round_, part=part, view=view, uuid=str(uuid4()),
        joint=_joint(contest, round_, part) if sees and talks(rules) == "joint" else None,
        may_sign=round_.state == "open"
        and any(current_user.may(act, contest.scope) for act in (Action.CONFIRM_RESULTS, Action.KEY_IN_SLIPS)),
        talk=discussion_shown.entry_view(part.id, body, round_.key) if discusses else None,
        may_ask=current_user.may(Action.CONFIRM_RESULTS, contest.scope) and round_.state == "open",
        may_assign=current_user.may(Action.ASSIGN_JUDGES, contest.scope) and round_.state in ("open", "waiting"),
    )  # fmt: skip


def _joint(contest: Contest, round_: Round, part: Any) -> Any:
    return next(iter(joint_queries.joint_sheets(contest, round_, part_id=part.id)), None)


@bp.get(PATH + "/bai/<code>/trang/<int:number>")
@allow(Action.SEE_DIFFERENCES)
def part_image(contest: Contest, key: str, code: str, number: int) -> ResponseReturnValue:
    part = or_404(board_queries.part_by_code(or_404(round_by_key(contest, key)), code))
    pages = part.pages if part.copy_state == "ready" else []
    if not 1 <= number <= len(pages):
        abort(404)
    return picture(pages[number - 1]["key"])


def _sheet(round_: Round, code: str, judge: str) -> Assignment:
    part = or_404(board_queries.part_by_code(round_, code))
    member = or_404(panel_queries.member_in(round_, judge))
    return or_404(board_queries.assignment_of(part.id, member.id))


def _taking_part(round_: Round, code: str) -> panel_queries.Part:
    """The entry of this code while it takes part; one taken back is given to nobody any more."""
    return or_404(next((part for part in panel_queries.parts_of(round_) if part.code == code), None))


@bp.post(PATH + "/bai/<code>/<judge>/xem-lai")
@allow(Action.CONFIRM_RESULTS)
def ask_again(contest: Contest, key: str, code: str, judge: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    sheet = _sheet(round_, code, judge)
    try:
        reason = request.form.get("reason", "")[:1000]
        actions.ask_second_look(sheet, contest, reason=reason, account=current_user, now=utcnow())
    except Refused as refusal:
        db.session.rollback()
        flash(words.refusal_text(refusal, {}), "bad")
        return back(contest, round_, "judging.pair", code=code)
    db.session.commit()
    flash(_("Đã đề nghị %(judge)s xem lại bài %(code)s.", judge=judge, code=code), "ok")
    return back(contest, round_, "judging.pair", code=code)


@bp.post(PATH + "/bai/<code>/<judge>/chon-ban")
@allow(Action.CONFIRM_RESULTS)
def pick_for(contest: Contest, key: str, code: str, judge: str) -> ResponseReturnValue:
    """The head judge settles which of two devices' versions of a judge stands, with a reason."""
    round_ = or_404(round_by_key(contest, key))
    sheet = _sheet(round_, code, judge)
    chosen = or_404(sheet_queries.version_in(sheet.id, request.form.get("version", "")))
    reason = request.form.get("reason", "").strip()[:1000]
    try:
        uuid = change_of_form({"uuid": request.form.get("uuid", "")}, kind="draft").uuid
        if not reason:
            raise Refused("reason_needed")
        actions.pick_version(sheet, chosen, uuid=uuid, account=current_user, reason=reason, now=utcnow())
    except BadChange:
        abort(400)
    except Refused as refusal:
        db.session.rollback()
        flash(words.refusal_text(refusal, {}), "bad")
        return back(contest, round_, "judging.pair", code=code)
    db.session.commit()
    flash(_("Đã chọn bản chấm. Bản kia vẫn được lưu trong sổ chấm."), "ok")
    return back(contest, round_, "judging.pair", code=code)


@bp.post(PATH + "/bai/<code>/<judge>/chuyen")
@allow(Action.ASSIGN_JUDGES)
def move(contest: Contest, key: str, code: str, judge: str) -> ResponseReturnValue:
    """Give one judge's sheet to another."""
    round_ = or_404(round_by_key(contest, key))
    sheet = _sheet(round_, code, judge)
    member = or_404(panel_queries.member_in(round_, request.form.get("to", "")))
    part = _taking_part(round_, code)
    reason = request.form.get("reason", "")[:1000]
    try:
        panel_actions.move(
            contest, round_, part, sheet, member, reason=reason, actor=current_user, now=utcnow()
        )  # fmt: skip
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.pair", code=code)
    db.session.commit()
    flash(_("Đã chuyển bài %(code)s cho %(judge)s.", code=code, judge=member.key), "ok")
    return back(contest, round_, "judging.pair", code=code)


@bp.post(PATH + "/bai/<code>/giam-khao-thu-ba")
@allow(Action.ASSIGN_JUDGES)
def third(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    """Give an entry whose two judges differ too much to a third."""
    round_ = or_404(round_by_key(contest, key))
    part = _taking_part(round_, code)
    wanted = next((item for item in blockers(round_) if item.code == "third_marker"), None)
    try:
        if wanted is None or code not in wanted.facts["codes"]:
            raise NotPossible("already_there")
        sheet = panel_actions.assign_third(contest, round_, part, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.pair", code=code)
    judge = sheet.panel_member.key
    db.session.commit()
    flash(_("Đã giao bài %(code)s cho giám khảo thứ ba: %(judge)s.", code=code, judge=judge), "ok")
    return back(contest, round_, "judging.pair", code=code)


@bp.post(PATH + "/dong")
@allow(Action.ASSIGN_JUDGES)
def close_round(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    try:
        panel_actions.close_round(contest, round_, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.board")
    except Blocked as gap:
        db.session.rollback()
        return _board_page(contest, round_, gap.blockers), 409
    db.session.commit()
    flash(_("Đã đóng vòng chấm. Trưởng Ban Giám khảo xác nhận điểm của vòng."), "ok")
    return back(contest, round_, "judging.board")


@bp.post(PATH + "/mo-lai")
@allow(Action.ASSIGN_JUDGES, Action.CONFIRM_RESULTS)
def reopen_round(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    try:
        reason = request.form.get("reason", "")[:1000]
        panel_actions.reopen_round(contest, round_, reason=reason, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.board")
    db.session.commit()
    flash(_("Đã mở lại vòng chấm."), "warn")
    return back(contest, round_, "judging.board")


@bp.post(PATH + "/xac-nhan")
@allow(Action.CONFIRM_RESULTS)
def confirm_round(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    try:
        panel_actions.confirm_round(contest, round_, account=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.board")
    except Blocked as gap:
        db.session.rollback()
        return _board_page(contest, round_, gap.blockers), 409
    db.session.commit()
    flash(_("Đã xác nhận điểm của vòng chấm. Tổ Thư ký có thể khóa kết quả."), "ok")
    return back(contest, round_, "judging.board")
