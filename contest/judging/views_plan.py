"""The plan of who marks what: worked out, looked at, changed by hand, taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key
from contest.db import db, utcnow
from contest.entries.queries import unblinded
from contest.jobs import Job
from contest.judging import panel_queries, plan_actions, plan_queries, plan_shown, words
from contest.judging.blueprint import bp
from contest.judging.panel_actions import NotPossible
from contest.judging.panel_queries import Part
from contest.judging.plan_actions import Impossible
from contest.judging.views_panel import PATH, back, refused
from contest.rules.assignment_plan import Moving
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404
from contest.web.language import _

WAIT_SECONDS = 2  # before a page that waits for a job is asked again


@bp.get(PATH + "/phan-cong")
@allow(Action.ASSIGN_JUDGES)
def plan(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    stored, members = plan_queries.plan_of(round_), panel_queries.members_of(round_)
    if stored is not None and stored.state == "working":
        return _waiting_page(contest, round_, plan_queries.job_of(stored), len(members))
    facts = plan_queries.facts_of(contest, round_)
    view = None
    if stored is not None:
        view = plan_shown.plan_view(
            stored,
            facts,
            members,
            everything=request.args.get("moi") == "1",
            start=request.args.get("tu", "")[:12],
            knows=unblinded(contest),
        )
    asks = request.args.get("tranh") == "1"
    return render_template(
        "judging/plan.html",
        contest=contest,
        round=round_,
        view=view,
        size=(len(facts.parts), len(facts.seats)),
        short=sum(1 for part in facts.parts if len(part.active) < facts.need),
        begun=any(part.sheets for part in facts.parts),
        lapsed=[seat.key for seat in facts.seats if not seat.can_take],
        apart=plan_shown.apart_rows(contest, round_, facts, members) if asks else None,
        everything=request.args.get("moi") == "1",
        say=words,
    )


def _waiting_page(contest: Contest, round_: Round, job: Job | None, judges: int) -> ResponseReturnValue:
    """How far the work is. Reads little: it is asked for again and again while the server thinks."""
    entries = len(panel_queries.parts_of(round_))
    page = render_template(
        "judging/plan_wait.html", contest=contest, round=round_, job=job, size=(entries, judges)
    )  # fmt: skip
    answer = make_response(page)
    if job is None or job.state != "failed":
        answer.headers["Refresh"] = str(WAIT_SECONDS)  # works without script
    return answer


@bp.post(PATH + "/phan-cong/lap")
@allow(Action.ASSIGN_JUDGES)
def make_plan(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    wanted = request.form.get("moving", "")
    moving = Moving(wanted) if wanted in set(Moving) else Moving.KEEP
    keep_wishes = request.form.get("forget") != "1"
    try:
        plan_actions.make(contest, round_, moving, keep_wishes=keep_wishes, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap)
    db.session.commit()
    return back(contest, round_, "judging.plan")


@bp.post(PATH + "/phan-cong")
@allow(Action.ASSIGN_JUDGES)
def assign(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    digest = request.form.get("digest", "")
    try:
        given, freed = plan_actions.take(contest, round_, digest=digest, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.plan")
    db.session.commit()
    if freed:
        flash(_("Đã phân công %(count)s phiếu chấm, rút %(freed)s phiếu chưa chấm.", count=given, freed=freed), "ok")
    else:
        flash(_("Đã phân công %(count)s phiếu chấm.", count=given), "ok")
    return back(contest, round_)


def _part_in(parts: Sequence[Part], code: str) -> Part:
    return or_404(next((part for part in parts if part.code == code), None))


@bp.get(PATH + "/phan-cong/bai/<code>")
@allow(Action.ASSIGN_JUDGES)
def plan_entry(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    return _entry_page(contest, or_404(round_by_key(contest, key)), code)


def _entry_page(contest: Contest, round_: Round, code: str, problems: Any = ()) -> str:
    stored = plan_queries.plan_of(round_)
    facts = plan_queries.facts_of(contest, round_)
    part = _part_in(facts.parts, code)
    members = panel_queries.members_of(round_)
    is_open = stored is not None and stored.state in ("ready", "refused")
    return render_template(
        "judging/plan_entry.html",
        contest=contest,
        round=round_,
        code=code,
        is_open=is_open,
        seats=plan_shown.seats_beside(or_404(stored), facts, part, members) if is_open else [],
        problems=problems,
        say=words,
    )


@bp.post(PATH + "/phan-cong/bai/<code>/chon")
@allow(Action.ASSIGN_JUDGES)
def plan_wish(contest: Contest, key: str, code: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    part = _part_in(panel_queries.parts_of(round_), code)
    member = or_404(panel_queries.member_in(round_, request.form.get("judge", "")))
    replaced = request.form.get("instead", "")
    instead = or_404(panel_queries.member_in(round_, replaced)) if replaced else None
    what = request.form.get("what", "")
    if what not in ("with", "without", "free"):
        what = "with"
    try:
        plan_actions.wish(
            contest, round_, part, member, what, instead=instead, actor=current_user, now=utcnow()
        )  # fmt: skip
    except NotPossible as gap:
        return refused(contest, round_, gap, "judging.plan")
    except Impossible as impossible:
        db.session.rollback()
        return _entry_page(contest, or_404(round_by_key(contest, key)), code, impossible.problems), 409
    db.session.commit()
    flash(_("Đã ghi lựa chọn của đồng chí cho bài %(code)s và tính lại các bài khác.", code=code), "ok")
    if request.form.get("from") == "plan":
        return redirect(url_for("judging.plan", contest=contest.slug, key=round_.key) + "#ghim", 303)
    return redirect(url_for("judging.plan_entry", contest=contest.slug, key=round_.key, code=code), 303)


@bp.post(PATH + "/giam-khao/so-truong")
@allow(Action.ASSIGN_JUDGES)
def set_topics(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    members = [row for row in panel_queries.members_of(round_) if row.left_at is None]
    offered = {words.topic_value(item.topic): item.topic for item in plan_queries.topics_offered(contest, round_)}
    chosen = {
        row.id: {offered[value] for value in request.form.getlist(f"topic-{row.key}") if value in offered}
        for row in members
        # Left as the page showed it: then what another window chose for this judge meanwhile stands.
        if set(request.form.getlist(f"topic-{row.key}")) != set(request.form.get(f"was-{row.key}", "-").split())
    }
    try:
        plan_actions.set_topics(round_, chosen, actor=current_user, now=utcnow())
    except NotPossible as gap:
        return refused(contest, round_, gap)
    db.session.commit()
    flash(_("Đã ghi sở trường của các giám khảo."), "ok")
    if any(part.sheets for part in panel_queries.parts_of(round_)):
        flash(_("Phiếu đã giao giữ nguyên; sở trường chỉ dùng khi giao thêm phiếu."), "info")
    return back(contest, round_)
