"""Drawing blind codes, and khớp phách: one asks, another agrees, every look at the list is on record."""

from __future__ import annotations

import random

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import codes_actions, codes_queries, words
from contest.entries.blueprint import bp
from contest.entries.intake_forms import AskForm
from contest.entries.queries import first_round
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404
from contest.web.language import _


def _codes_page(contest: Contest) -> str:
    is_keeper = current_user.may(Action.KEEP_CODES, contest.scope)
    return render_template(
        "entries/codes.html",
        contest=contest,
        state=codes_queries.codes_state(contest),
        round=first_round(contest),
        is_open=contest.closes_at is not None and utcnow() < contest.closes_at,
        rounds=codes_queries.codes_by_round(contest) if is_keeper else None,
    )


@bp.get("/cuoc-thi/<contest>/phach")
@allow(Action.DRAW_CODES, Action.KEEP_CODES)
def codes(contest: Contest) -> ResponseReturnValue:
    return _codes_page(contest)


@bp.post("/cuoc-thi/<contest>/phach")
@allow(Action.DRAW_CODES)
def draw_codes(contest: Contest) -> ResponseReturnValue:
    try:
        rows = codes_actions.draw(contest, account=current_user, now=utcnow(), rng=random.SystemRandom())
    except codes_actions.NotReady as gap:
        db.session.rollback()
        if gap.state.without_code:
            flash(_("Chưa rọc phách được: còn việc phải làm trước."), "bad")
        return redirect(url_for("entries.codes", contest=contest.slug))
    db.session.commit()
    flash(_("Đã rọc phách %(count)s bài.", count=len(rows)), "ok")
    return redirect(url_for("entries.codes", contest=contest.slug))


def _unblinding_page(contest: Contest, form: AskForm | None = None) -> str:
    return render_template(
        "entries/unblinding.html",
        contest=contest,
        form=form or AskForm(what="all"),
        requests=codes_queries.requests_of(contest, current_user),
        unconfirmed=codes_queries.unconfirmed_rounds(contest),
        may_ask=current_user.may(Action.KEEP_CODES, contest.scope),
        may_approve=current_user.may(Action.APPROVE_UNBLINDING, contest.scope),
    )


@bp.get("/cuoc-thi/<contest>/khop-phach")
@allow(Action.KEEP_CODES, Action.APPROVE_UNBLINDING)
def unblinding(contest: Contest) -> ResponseReturnValue:
    return _unblinding_page(contest)


@bp.post("/cuoc-thi/<contest>/khop-phach")
@allow(Action.KEEP_CODES)
def ask_unblinding(contest: Contest) -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return _unblinding_page(contest, form), 422
    code = form.code.data if form.what.data == "one" else ""
    try:
        now = utcnow()
        row = codes_actions.ask(contest, code=code, reason=form.reason.data, account=current_user, now=now)
    except codes_actions.NotJoined as refused:
        db.session.rollback()
        flash(words.unblinding_refusal(refused.code, refused.facts), "bad")
        return _unblinding_page(contest, form), 422
    db.session.commit()
    if row.asked_at != now:
        flash(_("Đề nghị này đã gửi từ trước và đang chờ; không gửi thêm lần nữa."), "info")
        return redirect(url_for("entries.unblinding", contest=contest.slug))
    flash(_("Đã gửi đề nghị. Một người khác có quyền duyệt phải đồng ý thì danh sách mới mở."), "ok")
    return redirect(url_for("entries.unblinding", contest=contest.slug))


def _decide(contest: Contest, number: int, *, agree: bool) -> ResponseReturnValue:
    row = or_404(codes_queries.request_in(contest, number))
    try:
        if agree:
            codes_actions.approve(contest, row, account=current_user, now=utcnow())
        else:
            codes_actions.refuse(row, account=current_user, now=utcnow())
    except codes_actions.NotJoined as refused:
        db.session.rollback()
        flash(words.unblinding_refusal(refused.code, refused.facts), "bad")
        return redirect(url_for("entries.unblinding", contest=contest.slug))
    db.session.commit()
    flash(_("Đã đồng ý mở phách.") if agree else _("Đã từ chối đề nghị."), "ok")
    return redirect(url_for("entries.unblinding", contest=contest.slug))


@bp.post("/cuoc-thi/<contest>/khop-phach/<int:number>/dong-y")
@allow(Action.APPROVE_UNBLINDING)
def approve_unblinding(contest: Contest, number: int) -> ResponseReturnValue:
    return _decide(contest, number, agree=True)


@bp.post("/cuoc-thi/<contest>/khop-phach/<int:number>/tu-choi")
@allow(Action.APPROVE_UNBLINDING)
def refuse_unblinding(contest: Contest, number: int) -> ResponseReturnValue:
    return _decide(contest, number, agree=False)


@bp.post("/cuoc-thi/<contest>/khop-phach/<int:number>/mo")
@allow(Action.KEEP_CODES, Action.APPROVE_UNBLINDING)
def open_joined(contest: Contest, number: int) -> ResponseReturnValue:
    """The joined list. A POST without redirect: looking at it is an act, recorded each time."""
    row = or_404(codes_queries.request_in(contest, number))
    try:
        rows = codes_queries.joined(contest, row)
    except codes_queries.StillSealed as sealed:
        db.session.rollback()
        flash(words.sealed_text(sealed.rounds), "bad")
        return redirect(url_for("entries.unblinding", contest=contest.slug))
    codes_actions.record_opening(row, account=current_user, now=utcnow())
    page = render_template("entries/joined.html", contest=contest, request_row=row, rows=rows)
    db.session.commit()
    return page
