"""Works that are alike: the list of pairs, one pair side by side, and what a person makes of it."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import similar_actions, similar_queries, similar_words
from contest.entries.blueprint import bp
from contest.entries.intake_views import STAFF
from contest.entries.models import LikePair
from contest.entries.similar_forms import LikeForm
from contest.entries.similar_shown import both_texts, reasons_of, rows_of
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404
from contest.web.inputs import whole_number
from contest.web.language import _
from contest.web.paging import page_of

# The secretariat works with it; the organiser reads it, without names. Never the panel.
READERS = (Action.SCREEN_ENTRIES, Action.MANAGE_CONTEST)


def _knows(contest: Contest) -> bool:
    return any(current_user.may(action, contest.scope) for action in STAFF)


@bp.get("/cuoc-thi/<contest>/bai-giong-nhau")
@allow(*READERS)
def similar(contest: Contest) -> ResponseReturnValue:
    asked = request.args
    state = asked.get("trang-thai", "") if asked.get("trang-thai") in similar_words.STATES else ""
    public_id = asked.get("bai", "")[:32]
    page = page_of(
        similar_queries.pairs(contest, state, public_id), LikePair.unlike, LikePair.id,
        secret=current_app.config["SECRET_KEY"],
    )  # fmt: skip
    counts = similar_queries.counts(contest)
    handed_in, compared = similar_queries.progress(contest)
    return render_template(
        "entries/similar.html",
        contest=contest,
        state=state,
        public_id=public_id,
        rows=rows_of(contest, page.rows, _knows),
        next_url=_at(contest, state, public_id, page.next_cursor) if page.next_cursor else "",
        first_url=_at(contest, state, public_id) if "sau" in asked else "",
        counts=counts,
        total=sum(counts.values()),
        handed_in=handed_in,
        compared=compared,
    )


def _at(contest: Contest, state: str, public_id: str, cursor: str | None = None) -> str:
    arguments = {"trang-thai": state, "bai": public_id, "sau": cursor}
    kept = {key: value for key, value in arguments.items() if value}
    return url_for("entries.similar", contest=contest.slug, **kept)  # type: ignore[arg-type]


@bp.post("/cuoc-thi/<contest>/bai-giong-nhau/so")
@allow(*READERS)
def compare_rest(contest: Contest) -> ResponseReturnValue:
    """Have works compared that came in before there was anything to compare them with."""
    similar_actions.want_fingerprints(utcnow())
    db.session.commit()
    flash(_("Máy đang so các bài còn lại; tải lại trang sau ít phút."), "info")
    return redirect(url_for("entries.similar", contest=contest.slug))


def _pair_page(contest: Contest, pair: LikePair, form: LikeForm | None = None) -> str:
    history = similar_queries.decisions_of(pair)
    [row] = rows_of(contest, [pair], _knows)
    one, other = both_texts(pair, _knows)
    seen = history[0][0].id if history else 0
    return render_template(
        "entries/similar_pair.html",
        contest=contest,
        pair=pair,
        row=row,
        texts=((row.one, one, "a", "b"), (row.other, other, "b", "a")),
        form=form or LikeForm(state=pair.state, verdict=None, seen=seen),
        history=[
            (item, name, reason)
            for (item, name), reason in zip(
                history, reasons_of([item.reason for item, _name in history], pair, _knows), strict=True
            )
        ],
        following=similar_queries.next_open(contest, pair),
        passages=len(pair.passages),
        may_screen=current_user.may(Action.SCREEN_ENTRIES, contest.scope),
    )


@bp.get("/cuoc-thi/<contest>/bai-giong-nhau/<int:number>")
@allow(*READERS)
def similar_pair(contest: Contest, number: int) -> ResponseReturnValue:
    return _pair_page(contest, or_404(similar_queries.pair_in(contest, number)))


@bp.post("/cuoc-thi/<contest>/bai-giong-nhau/<int:number>")
@allow(*READERS)
def decide_similar(contest: Contest, number: int) -> ResponseReturnValue:
    pair = or_404(similar_queries.pair_in(contest, number, locked=True))
    form = LikeForm(state=pair.state)
    if not form.validate_on_submit():
        return _pair_page(contest, pair, form), 422
    try:
        similar_actions.decide(
            pair, verdict=form.verdict.data, reason=form.reason.data, seen=whole_number(form.seen.data) or 0,
            account=current_user, now=utcnow(),
        )  # fmt: skip
    except similar_actions.Changed:
        db.session.rollback()
        flash(_("Vừa có người khác ghi kết luận về hai bài này. Hãy xem lại rồi ghi."), "bad")
        return redirect(url_for("entries.similar_pair", contest=contest.slug, number=number, _anchor="ket-luan"))
    db.session.commit()
    flash(_("Đã ghi: %(verdict)s. Kết luận kiểm tra của bài dự thi không đổi.",
            verdict=similar_words.STATES[form.verdict.data][1]), "ok")  # fmt: skip
    return redirect(url_for("entries.similar_pair", contest=contest.slug, number=number, _anchor="ket-luan"))
