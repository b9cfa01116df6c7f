"""A judge's own pages: the list, the sheet, its saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts.identity import sign_in_id
from contest.db import db, utcnow
from contest.judging import actions, discussion_queries, joint_queries, sheet_queries, shown, words
from contest.judging import views_apart as views_apart
from contest.judging import views_board as views_board
from contest.judging import views_discussion as views_discussion
from contest.judging import views_joint as views_joint
from contest.judging import views_panel as views_panel
from contest.judging import views_plan as views_plan
from contest.judging import views_slips as views_slips
from contest.judging import views_sync as views_sync
from contest.judging.actions import Refused, Saved, SignedOut
from contest.judging.blueprint import bp
from contest.judging.forms import BODY_BYTES, BadChange, change_of_form, read_change
from contest.judging.ledger import SENT_STATES, criteria, round_rules
from contest.judging.pictures import picture
from contest.rules.rule_sets import Criterion, talks
from contest.web.guards import came_from, or_404, signed_in
from contest.web.language import _


def blueprints() -> list[Blueprint]:
    """This room's pages; importing the files of its other pages hung them on the blueprint."""
    return [bp]


@bp.errorhandler(SignedOut)
def signed_out(_ended: SignedOut) -> ResponseReturnValue:
    """The sign-in was ended while the save waited for its turn: as if it had come a moment later."""
    db.session.rollback()
    if request.is_json:
        return _problem(401, "signed_out", _("Phiên đăng nhập đã hết. Điểm vẫn giữ trên máy này. Hãy đăng nhập lại."))
    return redirect(url_for("accounts.sign_in", next=came_from()))


@bp.get("/cham")
@signed_in
def mine() -> ResponseReturnValue:
    """The judge's list: what is to be marked, what is sent, where to go on."""
    return render_template(
        "judging/mine.html",
        groups=shown.own_groups(sheet_queries.own_sheets(current_user)),
        seal=views_sync.own_seal(),
        lost=sheet_queries.lost_contests(current_user),
        joint=joint_queries.waiting_for(current_user),
        talks=discussion_queries.open_for(current_user),
        app_version=views_sync.app_version(),
    )


@bp.get("/cham/<public_id>")
@signed_in
def sheet(public_id: str) -> ResponseReturnValue:
    return _sheet_page(public_id)


def _sheet_page(public_id: str, *, typed: Any = None, error: str = "", faulty: Sequence[str] = ()) -> str:
    """The sheet as stored, or with what was just typed into its plain form and refused."""
    row = or_404(sheet_queries.own_sheet(current_user, public_id))
    scale = _scale(row)
    looks = sheet_queries.looks_of(row.id) if row.state == "asked_again" else []
    rivals = shown.rival_rows(sheet_queries.rivals(row) if row.has_conflict else [], row, scale)
    return render_template(
        "judging/sheet.html",
        sheet=row,
        view=shown.sheet_view(row, scale, now=utcnow(), typed=typed, faulty=faulty),
        near=sheet_queries.neighbours(current_user, row),
        looks=looks,
        discussed=_is_discussed(row),
        is_joint=_talks(row) == "joint",
        rivals=rivals,
        rivals_from=shown.rivals_from(rivals),
        error=error,
        uuid=str(uuid4()),
        owner=current_user.id,
        seal=views_sync.own_seal(),
        app_version=views_sync.app_version(),
    )


def _is_discussed(row: Any) -> bool:
    """Asked of the database only where the rules have discussions, and once the sheet is sent."""
    if row.state not in SENT_STATES or _talks(row) != "discussion":
        return False
    return discussion_queries.own_place(current_user, row.public_id) is not None


def _talks(row: Any) -> str | None:
    return None if row.rule_set_id is None else talks(round_rules(row.rule_set_id, row.slug, row.round_key))


def _scale(row: Any) -> Sequence[Criterion]:
    return criteria(row.rule_set_id, row.slug, row.round_key) if row.rule_set_id is not None else ()


@bp.post("/cham/<public_id>/phieu")
@signed_in
def save(public_id: str) -> ResponseReturnValue:
    """One version of a sheet, as JSON. The same UUID again gets the first answer again."""
    request.max_content_length = BODY_BYTES
    try:
        change = read_change(request.get_json(silent=True))
    except BadChange as bad:
        return _problem(400, "bad_request", _("Thiết bị gửi dữ liệu không đúng. Hãy tải lại trang."), field=bad.field)
    try:
        saved = actions.save_sheet(
            public_id, change, account=current_user, now=utcnow(), sign_in_id=sign_in_id()
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _refused(public_id, refusal)
    if saved is None:
        abort(404)
    answer = shown.answer(saved)
    db.session.commit()
    return jsonify(answer), 200 if saved.repeated else 201


def _refused(public_id: str, refusal: Refused) -> Response:
    names = sheet_queries.criterion_names(current_user, public_id)
    facts = shown.refusal_facts(refusal, names)
    return _problem(words.status_of(refusal), refusal.code, words.refusal_text(refusal, names), **facts)


def _problem(status: int, code: str, detail: str, **facts: Any) -> Response:
    response = jsonify(type="about:blank", title=code, status=status, code=code, detail=detail, **facts)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


@bp.post("/cham/<public_id>")
@signed_in
def save_form(public_id: str) -> ResponseReturnValue:
    """The same save from a plain form: keep a draft, go on to sending, correct, confirm."""
    act = request.form.get("act", "draft")
    try:
        change = change_of_form(request.form, kind="draft" if act == "review" else act)
        saved = actions.save_sheet(
            public_id, change, account=current_user, now=utcnow(), sign_in_id=sign_in_id()
        )  # fmt: skip
    except (BadChange, Refused) as refusal:
        db.session.rollback()
        return _form_refused(public_id, refusal)
    if saved is None:
        abort(404)
    db.session.commit()
    if act == "review":
        return redirect(url_for("judging.review", public_id=public_id), 303)
    flash(_kept(saved), "ok")
    return redirect(url_for("judging.sheet", public_id=public_id), 303)


def _kept(saved: Saved) -> str:
    if saved.version.kind == "draft":
        return _("Đã lưu phiếu trên máy chủ.")
    return _("Đã giữ nguyên điểm.") if saved.version.kind == "confirmed" else _("Đã gửi phiếu chấm.")


def _form_refused(public_id: str, refusal: BadChange | Refused) -> ResponseReturnValue:
    row = sheet_queries.own_sheet(current_user, public_id)
    if isinstance(refusal, BadChange):
        abort(400 if row is not None else 404)
    if row is None:  # no longer theirs to read: the list says what is
        flash(words.refusal_text(refusal, {}), "bad")
        return redirect(url_for("judging.mine"), 303)
    names = {item.key: item.name for item in _scale(row)}
    faulty = [fault.criterion for fault in refusal.facts.get("faults", ())] + refusal.facts.get("criteria", [])
    text = words.refusal_text(refusal, names)
    return _sheet_page(public_id, typed=request.form, error=text, faulty=faulty), words.status_of(refusal)


@bp.get("/cham/<public_id>/gui")
@signed_in
def review(public_id: str) -> ResponseReturnValue:
    """The question before sending, for a browser without script."""
    row = or_404(sheet_queries.own_sheet(current_user, public_id))
    if row.state != "begun" or row.round_state != "open":
        return redirect(url_for("judging.sheet", public_id=public_id))
    view = shown.sheet_view(row, _scale(row), now=utcnow())
    return render_template("judging/review.html", sheet=row, view=view, uuid=str(uuid4()))


@bp.post("/cham/<public_id>/chon-ban")
@signed_in
def pick(public_id: str) -> ResponseReturnValue:
    """Which of two devices' versions stands."""
    row = or_404(sheet_queries.own_assignment(current_user, public_id))
    chosen = or_404(sheet_queries.version_in(row.id, request.form.get("version", "")))
    try:
        change = change_of_form({"uuid": request.form.get("uuid", "")}, kind="draft")
        actions.pick_version(row, chosen, uuid=change.uuid, account=current_user, reason="", now=utcnow())
    except BadChange:
        abort(400)
    except Refused as refusal:
        db.session.rollback()
        flash(words.refusal_text(refusal, {}), "bad")
        return redirect(url_for("judging.sheet", public_id=public_id), 303)
    db.session.commit()
    flash(_("Đã chọn bản chấm. Bản kia vẫn được lưu trong sổ chấm."), "ok")
    return redirect(url_for("judging.sheet", public_id=public_id), 303)


@bp.post("/cham/<public_id>/tu-choi")
@signed_in
def recuse(public_id: str) -> ResponseReturnValue:
    """The judge declares an interest in this entry."""
    row = or_404(sheet_queries.own_assignment(current_user, public_id))
    code, contest = row.round_entry.code, row.round.contest
    try:
        actions.recuse(row, contest, reason=request.form.get("reason", "")[:1000], account=current_user, now=utcnow())
    except Refused as refusal:
        db.session.rollback()
        return _form_refused(public_id, refusal)
    db.session.commit()
    flash(_("Đã ghi nhận: đồng chí không chấm bài %(code)s. Tổ Thư ký sẽ phân công giám khảo khác.", code=code), "ok")
    return redirect(url_for("judging.mine"), 303)


@bp.get("/cham/<public_id>/trang/<int:number>")
@signed_in
def page_image(public_id: str, number: int) -> ResponseReturnValue:
    """The picture of one page of the work, for its judge alone."""
    return picture(or_404(sheet_queries.page_key(current_user, public_id, number)))
