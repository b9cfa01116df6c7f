"""Pages of results: a round's result, prizes, publication, and what the public sees."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import draft_of, round_by_key
from contest.db import db, utcnow
from contest.entries.queries import admitted, unblinded
from contest.results import actions, queries, views_papers
from contest.results import views_agreement as views_agreement
from contest.results.agreement_queries import has_ended
from contest.results.blueprint import bp
from contest.results.forms import DecisionForm, ReasonForm
from contest.results.models import Result
from contest.results.severity_words import severity_told
from contest.results.shown import criteria_heads, effect_counts, effect_rows, in_turn, place_rows, public_rows
from contest.rules.deadlines import HANOI
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404, public
from contest.web.kept import kept_page, kept_part
from contest.web.language import _


def blueprints() -> list[Blueprint]:
    """This room's pages: those below, the papers', and that of the panel's agreement."""
    return [views_papers.blueprint()]


def _round_page(contest: Contest, round_: Round, obstacles: list[queries.Obstacle] | None = None) -> str:
    locked = queries.result_in_force(contest, round_)
    draft = None if locked else queries.draft_of(contest, round_)
    document = queries.document_of(locked) if locked else draft.document if draft else {}
    if obstacles is None:
        obstacles = queries.lock_obstacles(contest, round_, draft) if draft else []
    ids = queries.entries_by_key(contest, round_)
    heads = criteria_heads(contest, round_)
    following = queries.next_round(round_)
    return render_template(
        "results/round.html",
        contest=contest,
        round=round_,
        locked=locked,
        document=document,
        rows=place_rows(document, titles=queries.titles(contest, list(ids.values())), ids=ids),
        heads=heads,
        columns=[{"label": name, "num": True} for _key, name in heads],
        obstacles=in_turn(obstacles),
        following=following,
        has_advanced=following is not None and bool(admitted(following)),
        advancing=sum(1 for place in document.get("places", []) if place["advances"]),
        form=ReasonForm(),
        joined=locked is not None and unblinded(contest),
        agreement=has_ended(round_),
        severity=severity_told(document, round_.key),
    )


@bp.get("/cuoc-thi/<contest>/vong/<key>/ket-qua", endpoint="round")
@allow(Action.SEE_RESULTS_DRAFT)
def round_page(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    # The organiser decides on prizes, not on marks: places are seen once they cannot be moved.
    early = queries.result_in_force(contest, round_) is None
    if early and not current_user.may(Action.SEE_DIFFERENCES, contest.scope):
        return render_template("results/not_yet.html", contest=contest, round=round_), 403
    return _round_page(contest, round_)


@bp.post("/cuoc-thi/<contest>/vong/<key>/khoa")
@allow(Action.LOCK_RESULTS)
def lock(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    try:
        actions.lock_round(contest, round_, actor=current_user, now=utcnow())
    except actions.NotReady as gap:
        db.session.rollback()
        return _round_page(contest, round_, gap.obstacles), 409
    db.session.commit()
    flash(_("Đã khóa kết quả. Bảng điểm từ nay không thay đổi theo phiếu chấm nữa."), "ok")
    return redirect(url_for("results.round", contest=contest.slug, key=key))


@bp.post("/cuoc-thi/<contest>/vong/<key>/mo-khoa")
@allow(Action.LOCK_RESULTS)
def reopen(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Hãy ghi lý do mở khóa, ít nhất 5 ký tự."), "bad")
        return redirect(url_for("results.round", contest=contest.slug, key=key))
    try:
        actions.reopen(contest, round_, reason=form.reason.data, actor=current_user, now=utcnow())
    except actions.NotReady as gap:
        db.session.rollback()
        return _round_page(contest, round_, gap.obstacles), 409
    db.session.commit()
    flash(_("Đã mở khóa. Kết quả cũ vẫn được lưu cùng lý do."), "warn")
    return redirect(url_for("results.round", contest=contest.slug, key=key))


@bp.post("/cuoc-thi/<contest>/vong/<key>/vao-vong-sau")
@allow(Action.LOCK_RESULTS)
def advance(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    try:
        count = actions.advance(contest, round_, actor=current_user, now=utcnow(), rng=secrets.SystemRandom())
    except actions.NotReady as gap:
        db.session.rollback()
        return _round_page(contest, round_, gap.obstacles), 409
    db.session.commit()
    flash(_("Đã đưa %(count)s bài vào vòng sau, mỗi bài một mã phách mới.", count=count), "ok")
    return redirect(url_for("results.round", contest=contest.slug, key=key))


@bp.get("/cuoc-thi/<contest>/xet-giai")
@allow(Action.DECIDE_PRIZES, Action.SEE_RESULTS_DRAFT)
def prizes(contest: Contest) -> ResponseReturnValue:
    return _prizes_page(contest)


def _prizes_page(
    contest: Contest,
    form: DecisionForm | None = None,
    obstacles: list[queries.Obstacle] | None = None,
    withheld: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    """withheld, faults: what was typed and what is wrong with it, by "entry key/prize key"."""
    result = queries.result_in_force(contest)
    awards = queries.awards_of(result) if result else []
    joined = result is not None and unblinded(contest)
    ids = queries.entries_by_key(contest) if result else {}
    known: dict[int, Any] = queries.works(contest, list(ids.values())) if joined else {}
    document = queries.document_of(result) if result else {}
    if form is None:
        decision = awards[0].decision if awards else None
        form = DecisionForm(None, obj=decision)  # what is in force, also on the answer to a form
    return render_template(
        "results/prizes.html",
        contest=contest,
        result=result,
        rows=place_rows(
            {**document, "places": queries.proposals(result) if result else []},
            titles=queries.titles(contest, list(ids.values())),
            ids=ids,
            works=known,
            prizes=actions.prizes_of(result) if result else [],
        ),
        withheld=withheld if withheld is not None else queries.withheld_in(result) if result else {},
        faults=faults or {},
        seen=queries.decision_seen(result) if result else "",
        decided=bool(awards),
        joined=joined,
        form=form,
        obstacles=queries.publish_obstacles(contest, result) if obstacles is None else obstacles,
        last_round=contest.rounds[-1] if contest.rounds else None,
        certified=queries.certificates_exist(contest),
        refusal=refusal or _("Chưa công bố được, vì:"),
        refused=bool(refusal),
    )


@bp.post("/cuoc-thi/<contest>/xet-giai")
@allow(Action.DECIDE_PRIZES)
def decide(contest: Contest) -> ResponseReturnValue:
    form = DecisionForm()
    typed = {name.removeprefix("why-"): why.strip()[:1000] for name, why in request.form.items() if name[:4] == "why-"}
    held = {key: typed.get(key, "") for key in request.form.getlist("withhold")}
    faults = {key: _("Giải nào không trao cần ghi lý do.") for key, reason in held.items() if not reason}
    unticked = {key: why for key, why in typed.items() if why and key not in held}
    faults |= {key: _("Đã có lý do mà chưa đánh dấu “Không trao”: hãy đánh dấu, hoặc xóa lý do.") for key in unticked}
    if not form.validate_on_submit() or faults:
        if faults:
            form.form_errors = [_("Có giải ghi chưa đủ ở cột “Không trao”; xem dòng có dấu lỗi.")]
        return _prizes_page(contest, form, withheld=held | unticked, faults=faults), 422
    try:
        actions.decide_prizes(
            contest,
            held,
            number=form.number.data or "",
            issued_on=form.issued_on.data,
            signer_block=form.signer_block.data or "",
            note=form.note.data or "",
            actor=current_user,
            now=utcnow(),
            seen=request.form.get("seen", ""),
        )
    except actions.UnknownPrize:
        abort(400)
    except actions.NotReady as gap:
        db.session.rollback()
        # Another's decision is shown, not written over: what is typed here was not said of it.
        stale = any(item.code == "decision_changed" for item in gap.obstacles)
        typed_in = (None, None) if stale else (form, held)
        return _prizes_page(contest, typed_in[0], gap.obstacles, typed_in[1], refusal=_("Chưa ghi được, vì:")), 409
    db.session.commit()
    flash(_("Đã ghi quyết định xét giải."), "ok")
    return redirect(url_for("results.prizes", contest=contest.slug))


@bp.post("/cuoc-thi/<contest>/ket-qua/cong-bo")
@allow(Action.PUBLISH_RESULTS)
def publish(contest: Contest) -> ResponseReturnValue:
    try:
        actions.publish(
            contest, actor=current_user, now=utcnow(), base=request.host_url.rstrip("/"),
            seen=request.form.get("seen", ""),
        )  # fmt: skip
    except actions.NotReady as gap:
        db.session.rollback()
        if queries.published_result(contest) is not None:  # pressed twice, or done in another window
            flash(_("Kết quả đã công bố."), "info")
            return redirect(url_for("results.prizes", contest=contest.slug))
        return _prizes_page(contest, None, gap.obstacles), 409
    db.session.commit()
    flash(_("Đã công bố kết quả."), "ok")
    return redirect(url_for("results.page", contest=contest.slug))


@bp.get("/cuoc-thi/<contest>/ket-qua")
@public
def page(contest: Contest) -> ResponseReturnValue:
    """The published result: prize winners by name, everyone else by code."""
    result = queries.published_result(contest)
    if result is None and contest.state == "draft":
        abort(404)
    if result is None:  # the address is passed on before there is anything to see
        day = contest.results_on
        expected = day if day is not None and day >= utcnow().astimezone(HANOI).date() else None
        return render_template("results/coming.html", contest=contest, expected=expected), 404
    return kept_page(
        f"results:{contest.id}", f"{contest.version}:{result.id}:{result.state}", lambda: _public_page(contest, result)
    )


def _public_page(contest: Contest, result: Result) -> str:
    awards = [award for award in queries.awards_of(result) if award.state == "given"]
    document = queries.document_of(result)
    told = [(round_.name, severity_told(document, round_.key)) for round_ in contest.rounds]
    return render_template(
        "results/page.html",
        contest=contest,
        result=result,
        winners=[(award, work) for award, work in _winners(contest, awards)],
        rows=kept_part(f"places:{result.document_sha256}", lambda: _places(contest, result)),
        columns=[{"label": round_.name, "num": True} for round_ in contest.rounds],
        severity=[(name, said) for name, said in told if said is not None],
    )


def _places(contest: Contest, result: Result) -> str:
    rows = public_rows(queries.document_of(result), [round_.key for round_ in contest.rounds])
    return render_template("results/_places.html", rows=rows)


def _winners(contest: Contest, awards: list[Any]) -> list[tuple[Any, Any]]:
    known = queries.works(contest, [award.entry_id for award in awards])
    return [(award, known[award.entry_id]) for award in awards]


@bp.get("/cuoc-thi/<contest>/ket-qua/<any(bundle, result):which>.json")
@public
def download(contest: Contest, which: str) -> Response:
    """The exact bytes whose hashes the page states; anyone can run the rules over them again."""
    result = or_404(queries.published_result(contest))
    body, digest = (
        (result.bundle, result.bundle_sha256) if which == "bundle" else (result.document, result.document_sha256)
    )
    response = make_response(body.encode())
    response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{contest.slug}-{which}.json"'
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.make_conditional(request)
    return response


@bp.get("/cuoc-thi/<contest>/vong/<key>/goi-du-lieu.json")
@allow(Action.SEE_DIFFERENCES)
def round_bundle(contest: Contest, key: str) -> Response:
    """The bundle of a round as it stands, for whoever wants to re-run it elsewhere."""
    round_ = or_404(round_by_key(contest, key))
    locked = queries.result_in_force(contest, round_)
    body = locked.bundle if locked else queries.draft_of(contest, round_).bundle_text
    response = make_response(json.dumps(json.loads(body), ensure_ascii=False, indent=1).encode())
    response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{contest.slug}-{round_.key}-bundle.json"'
    return response


@bp.get("/cuoc-thi/<contest>/quy-che/tac-dong")
@allow(Action.MANAGE_CONTEST, Action.SEE_DIFFERENCES)
def preview_rules(contest: Contest) -> ResponseReturnValue:
    """What a drafted rule set would change. Counts for everyone who may look; places only for who sees marks anyway."""
    draft = or_404(draft_of(contest))
    changed = queries.rules_effect(contest, draft.body, draft.number)
    return render_template(
        "results/preview_rules.html",
        contest=contest,
        draft=draft,
        changed=effect_rows(changed),
        sees_places=current_user.may(Action.SEE_DIFFERENCES, contest.scope),
        counts=effect_counts(changed),
    )
