"""Texts that entries are compared with: added by the organiser or the secretariat, listed, taken out again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import reference_actions, reference_queries, similar_words
from contest.entries.blueprint import bp
from contest.entries.receipt_views import send_entry_file
from contest.entries.reference_receive import receive_references
from contest.entries.similar_forms import ReferencesForm
from contest.entries.similar_views import READERS
from contest.web.guards import allow, or_404
from contest.web.language import _
from contest.web.limits import uploads


def _page(contest: Contest, form: ReferencesForm, problems: list[str]) -> str:
    return render_template(
        "entries/references.html",
        contest=contest,
        form=form,
        problems=problems,
        rows=reference_queries.references(contest),
    )


@bp.get("/cuoc-thi/<contest>/van-ban-doi-chieu")
@allow(*READERS)
def references(contest: Contest) -> ResponseReturnValue:
    return _page(contest, ReferencesForm(), [])


@bp.post("/cuoc-thi/<contest>/van-ban-doi-chieu")
@uploads()
@allow(*READERS)
def add_references(contest: Contest) -> ResponseReturnValue:
    form = ReferencesForm()
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    if not form.validate() or not sent:
        if not sent:
            form.files.errors = [_("Hãy chọn ít nhất một tệp.")]
        return _page(contest, form, []), 422
    there = reference_queries.hashes_kept(contest)
    # Files are unpacked and kept without a transaction open: many of them must not keep others from writing.
    db.session.rollback()
    taken, refused = receive_references(sent, there)
    problems = [similar_words.reference_refusal(each) for each in refused]
    if taken:
        reference_actions.add(
            contest, taken, source=form.source.data or "", is_known=form.purpose.data == "known",
            account=current_user, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
        flash(_("Đã thêm %(n)s văn bản. Máy đang đọc và so với các bài dự thi.", n=len(taken)), "ok")
    if problems:
        return _page(contest, form, problems), 422
    return redirect(url_for("entries.references", contest=contest.slug))


@bp.get("/cuoc-thi/<contest>/van-ban-doi-chieu/<int:number>/tep")
@allow(*READERS)
def reference_file(contest: Contest, number: int) -> ResponseReturnValue:
    row = or_404(reference_queries.reference_in(contest, number))
    return send_entry_file(row)


@bp.post("/cuoc-thi/<contest>/van-ban-doi-chieu/<int:number>/bo")
@allow(*READERS)
def remove_reference(contest: Contest, number: int) -> ResponseReturnValue:
    row = or_404(reference_queries.reference_in(contest, number))
    reference_actions.remove(row, contest, account=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã bỏ %(name)s khỏi các văn bản đối chiếu.", name=row.name), "ok")
    return redirect(url_for("entries.references", contest=contest.slug))
