"""A person's own entries: beginning one, the list of them, one entry with its versions, withdrawal."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import own_actions, own_queries, submit_actions, words
from contest.entries.blueprint import bp
from contest.entries.forms import ReasonForm
from contest.entries.models import Entry
from contest.entries.refused import EntryRefused
from contest.rules.deadlines import State
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404, signed_in
from contest.web.language import _


def entry_or_404(public_id: str) -> Entry:
    """The signed-in person's entry; anybody else's does not exist for them."""
    return or_404(own_queries.own_entry(current_user, public_id))


def _why_not(contest: Contest, *, for_unit: bool) -> str:
    try:
        own_actions.may_enter(contest, current_user, for_unit=for_unit, now=utcnow())
    except EntryRefused as refused:
        return words.refusal(refused)
    return ""


@bp.get("/cuoc-thi/<contest>/du-thi")
@signed_in
def start(contest: Contest) -> ResponseReturnValue:
    units = own_queries.contact_units(current_user, contest.scope)
    mine = [entry for entry in own_queries.entries_of(current_user) if entry.contest_id == contest.id]
    return render_template(
        "entries/start.html",
        contest=contest,
        refusal=_why_not(contest, for_unit=bool(units)),
        units=units,
        mine=mine,
        begun=next((entry for entry in mine if entry.state == "draft" and entry.channel == "web"), None),
        kinds=words.kinds_text(contest.file_kinds),
    )


@bp.post("/cuoc-thi/<contest>/du-thi")
@signed_in
def begin(contest: Contest) -> ResponseReturnValue:
    units = {str(unit.id): unit for unit in own_queries.contact_units(current_user, contest.scope)}
    unit = units.get(request.form.get("unit_id", ""))
    try:
        entry = own_actions.start(
            contest, account=current_user, now=utcnow(), unit=unit, paper=request.form.get("channel") == "paper"
        )
    except EntryRefused as refused:
        db.session.rollback()
        flash(words.refusal(refused), "bad")
        return redirect(url_for("entries.start", contest=contest.slug))
    db.session.commit()
    return redirect(url_for("entries.work", public_id=entry.public_id))


@bp.get("/bai-cua-toi")
@signed_in
def mine() -> ResponseReturnValue:
    return render_template("entries/mine.html", entries=own_queries.entries_of(current_user))


@bp.get("/cuoc-thi/<contest>/bai-cua-don-vi")
@allow(Action.REGISTER_FOR_UNIT)
def unit_list(contest: Contest) -> ResponseReturnValue:
    return render_template(
        "entries/unit_list.html",
        contest=contest,
        entries=own_queries.unit_entries(contest, current_user),
        units=own_queries.contact_units(current_user, contest.scope),
    )


@bp.get("/bai/<public_id>")
@signed_in
def edit(public_id: str) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    last = own_queries.submitted_version(entry)
    if entry.state == "draft" and last is None:
        return redirect(url_for("entries.work", public_id=public_id))
    return render_template(
        "entries/entry.html",
        entry=entry,
        version=last,
        draft=own_queries.draft_of(entry),
        versions=[version for version in entry.versions if version.submitted_at],
        screening=own_queries.last_screening(entry) if entry.screening in ("invalid", "returned") else None,
        may_edit=_may_edit(entry),
    )


def why_not_now(entry: Entry) -> str:
    """Why the contest takes nothing from this entry at this moment, in a sentence; "" when it does."""
    try:
        own_actions.check_period(entry.contest, utcnow(), entry)
    except EntryRefused as refused:
        return words.refusal(refused)
    return ""


def after_deadline(contest: Contest) -> str:
    """What still holds once the deadline is over, in words; "" before it, and when nothing does.

    Grace is nobody's right, and told only here, to who is writing, while it lasts.
    """
    state = own_actions.period_state(contest, utcnow())
    if state is State.LATE_ACCEPTED:
        return _("bài nộp muộn vẫn được nhận và được ghi chú")
    return _("lúc này vẫn nộp được, hãy nộp ngay") if state is State.GRACE else ""


def mend_until(entry: Entry | None) -> datetime | None:
    """Until when an entry given back may be mended, where that outlives the contest's deadline."""
    now = utcnow()
    if entry is None or entry.edit_until is None or entry.edit_until <= now:
        return None
    return None if own_actions.period_state(entry.contest, now) is State.OPEN else entry.edit_until


def _may_edit(entry: Entry) -> bool:
    return entry.state != "withdrawn" and not why_not_now(entry) and not own_queries.is_drawn(entry)


@bp.post("/bai/<public_id>/sua-bai")
@signed_in
def revise(public_id: str) -> ResponseReturnValue:
    entry = or_404(own_queries.locked_own_entry(current_user, public_id))
    try:
        own_actions.revise(entry, account=current_user, now=utcnow())
    except EntryRefused as refused:
        db.session.rollback()
        flash(words.refusal(refused), "bad")
        return redirect(url_for("entries.edit", public_id=public_id))
    db.session.commit()
    return redirect(url_for("entries.work", public_id=public_id))


@bp.post("/bai/<public_id>/bo-ban-sua")
@signed_in
def discard(public_id: str) -> ResponseReturnValue:
    entry = or_404(own_queries.locked_own_entry(current_user, public_id))
    try:
        own_actions.discard(entry, account=current_user, now=utcnow())
    except EntryRefused as refused:
        db.session.rollback()
        flash(words.refusal(refused), "bad")
        return redirect(url_for("entries.edit", public_id=public_id))
    db.session.commit()
    flash(_("Đã bỏ bản sửa. Bản đã nộp vẫn giữ nguyên."), "ok")
    return redirect(url_for("entries.edit", public_id=public_id))


@bp.route("/bai/<public_id>/rut", methods=["GET", "POST"])
@signed_in
def withdraw(public_id: str) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    form = ReasonForm()
    if form.validate_on_submit():
        entry = or_404(own_queries.locked_own_entry(current_user, public_id))
        try:
            submit_actions.withdraw(entry, reason=form.reason.data, account=current_user, now=utcnow())
        except EntryRefused as refused:
            db.session.rollback()
            flash(words.refusal(refused), "bad")
            return redirect(url_for("entries.edit", public_id=public_id))
        db.session.commit()
        flash(_("Đã rút bài. Mọi bản đã nộp vẫn được lưu."), "ok")
        return redirect(url_for("entries.mine"))
    return render_template("entries/withdraw.html", entry=entry, form=form), 422 if form.errors else 200
