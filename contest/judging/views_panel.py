"""The panel of a round and who marks what, for the secretaries and the organiser."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key
from contest.db import db, utcnow
from contest.judging import panel_actions, panel_queries, panel_shown, plan_queries, words
from contest.judging.blueprint import bp
from contest.judging.forms import InterestForm, OpenForm, most_entries
from contest.judging.panel_actions import Blocked, NotPossible
from contest.rules.permissions import Action
from contest.units.queries import unit_by_code
from contest.web.guards import allow, or_404
from contest.web.language import _

PATH = "/cuoc-thi/<contest>/vong/<key>"


@bp.get(PATH + "/giam-khao")
@allow(Action.ASSIGN_JUDGES)
def panel(contest: Contest, key: str) -> ResponseReturnValue:
    return _panel_page(contest, or_404(round_by_key(contest, key)))


def _panel_page(
    contest: Contest, round_: Round, *, interest: InterestForm | None = None, blocked: Any = (),
    opening: OpenForm | None = None, load: tuple[str, str] = ("", ""), nobody: bool = False,
) -> str:  # fmt: skip
    """load: the judge whose greatest load was refused, and what was typed; nobody: nobody was ticked to be added."""
    members = panel_queries.members_of(round_)
    offered = plan_queries.topics_offered(contest, round_)
    view = panel_shown.panel_view(round_, members, offered)
    interest = interest or InterestForm()
    interest.account.choices = {str(member.account_id): member.account.full_name for member in members}
    return render_template(
        "judging/panel.html",
        contest=contest,
        round=round_,
        view=view,
        candidates=panel_queries.candidates(contest, round_),
        plan=plan_queries.plan_of(round_),
        offered=[(words.topic_value(item.topic), item.name, item.entries) for item in offered],
        declared=panel_shown.declared_rows(contest, round_, members),
        interest=interest,
        open_form=opening or OpenForm(None),
        load=load,
        nobody=nobody,
        blocked=blocked,
        ask=request.args.get("hoi", ""),
    )


def back(contest: Contest, round_: Round, page: str = "judging.panel", **more: Any) -> ResponseReturnValue:
    return redirect(url_for(page, contest=contest.slug, key=round_.key, **more), 303)


def refused(
    contest: Contest, round_: Round, gap: NotPossible, page: str = "judging.panel", **more: Any
) -> ResponseReturnValue:  # fmt: skip
    """Nothing was changed; say why where the person was."""
    db.session.rollback()
    flash(words.not_possible_text(gap), "bad")
    return back(contest, round_, page, **more)


@bp.post(PATH + "/giam-khao/them")
@allow(Action.ASSIGN_JUDGES)
def add_members(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    wanted = set(request.form.getlist("account", type=int))
    if not wanted:
        return _panel_page(contest, round_, nobody=True), 422
    heads = panel_queries.head_judges(contest)
    chosen = [account for account in panel_queries.candidates(contest, round_) if account.id in wanted]
    try:
        for account in chosen:
            panel_actions.add_member(
                round_, account, is_head=account.id in heads, max_entries=None, actor=current_user, now=utcnow()
            )
    except NotPossible as gap:
        return refused(contest, round_, gap)
    db.session.commit()
    if chosen:
        flash(_("Đã thêm %(count)s giám khảo.", count=len(chosen)), "ok")
    else:  # an older page: they are on the panel, or no judges any more
        flash(_("Không thêm ai: những người đã chọn có sẵn trong Ban, hoặc không còn quyền giám khảo."), "info")
    return back(contest, round_)


@bp.post(PATH + "/giam-khao/<judge>/sua")
@allow(Action.ASSIGN_JUDGES)
def change_member(contest: Contest, key: str, judge: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    member = or_404(panel_queries.member_in(round_, judge))
    try:
        most = most_entries(request.form.get("max_entries"))
    except ValueError:
        return _panel_page(contest, round_, load=(member.key, request.form.get("max_entries", "")[:20])), 422
    panel_actions.change_member(
        member, is_head=member.is_head, max_entries=most, actor=current_user, now=utcnow()
    )  # fmt: skip
    db.session.commit()
    flash(_("Đã ghi số bài nhận nhiều nhất của %(judge)s.", judge=member.key), "ok")
    return back(contest, round_)


@bp.post(PATH + "/giam-khao/<judge>/thoi")
@allow(Action.ASSIGN_JUDGES)
def leave(contest: Contest, key: str, judge: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    member = or_404(panel_queries.member_in(round_, judge))
    if member.left_at is not None:
        flash(_("%(judge)s đã được ghi nhận thôi tham gia từ trước; không có gì thay đổi.", judge=judge), "info")
        return back(contest, round_)
    try:
        reason = request.form.get("reason", "")[:1000]
        freed = panel_actions.leave(member, reason=reason, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap)
    db.session.commit()
    flash(_("%(judge)s đã thôi tham gia; %(freed)s bài chưa gửi cần phân công lại.", judge=judge, freed=freed), "warn")
    return back(contest, round_)


@bp.post(PATH + "/co-lien-quan")
@allow(Action.ASSIGN_JUDGES)
def declare(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    members = panel_queries.members_of(round_)
    form = InterestForm()
    form.account.choices = {str(member.account_id): member.account.full_name for member in members}
    if not form.validate_on_submit():
        return _panel_page(contest, round_, interest=form), 422
    account = next(member.account for member in members if member.account_id == form.account.data)
    unit = unit_by_code(form.unit_code.data) if form.unit_code.data else None
    panel_actions.declare(
        contest, account, unit_id=unit.id if unit else None, person_name=form.person_name.data or "",
        reason=form.reason.data or "", actor=current_user, now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Đã ghi nhận. Phân công tự động sẽ tránh các bài có liên quan."), "ok")
    return back(contest, round_)


@bp.post(PATH + "/mo")
@allow(Action.ASSIGN_JUDGES)
def open_round(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    form = OpenForm()
    if not form.validate_on_submit():
        return _panel_page(contest, round_, opening=form), 422
    try:
        panel_actions.open_round(contest, round_, due_at=form.due_at(), actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap)
    except Blocked as gap:
        db.session.rollback()
        return _panel_page(contest, round_, blocked=gap.blockers), 409
    db.session.commit()
    flash(_("Đã mở vòng chấm. Quy chế chấm đã chốt; giám khảo thấy bài của mình từ lúc này."), "ok")
    if round_.marks_due_at is not None and round_.marks_due_at < utcnow():
        flash(_("Hạn chấm đã qua rồi. Nếu ghi nhầm, hãy sửa ở Thiết lập, mục Thời gian."), "warn")
    return back(contest, round_, "judging.board")
