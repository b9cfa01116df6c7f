"""Pages of papers: minutes, summaries, decisions, certificates, and the page that verifies one."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest import jobs
from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key
from contest.db import db, utcnow
from contest.entries.queries import unblinded
from contest.results import actions, certificate_actions, papers, queries
from contest.results.blueprint import bp
from contest.results.forms import MinutesForm, ReasonForm, ReplaceForm
from contest.results.models import PaperFile
from contest.rules.permissions import Action
from contest.rules.text import slug
from contest.storage import storage
from contest.web.guards import allow, or_404, public
from contest.web.language import _
from contest.web.limits import LOOK_UP, limiter


def blueprint() -> Blueprint:
    """The room's blueprint, with the pages of this file on it."""
    return bp


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@bp.get("/cuoc-thi/<contest>/van-ban", endpoint="papers")
@allow(Action.WRITE_MINUTES)
def papers_page(contest: Contest) -> ResponseReturnValue:
    return _papers_page(contest)


def _papers_page(contest: Contest, form: MinutesForm | None = None, *, of: Round | None = None) -> str:
    """form: what was sent for the round `of` and could not be taken."""
    locked = [(round_, queries.result_in_force(contest, round_)) for round_ in contest.rounds]
    result = queries.result_in_force(contest)
    return render_template(
        "results/papers.html",
        contest=contest,
        rounds=[
            (round_, result, _own_ids(round_, form if round_ is of else None))
            for round_, result in locked
            if result is not None
        ],
        awards=bool(result and any(award.state == "given" for award in result.awards)),
        files=queries.papers_of(contest),
        placeholder=contest.campaign.place_name,
    )


def _own_ids(round_: Round, sent: MinutesForm | None) -> MinutesForm:
    """The page holds this form once a round: a label must lead to the field beside it."""
    form = sent or MinutesForm(formdata=None)
    for field in form:
        field.id = field.label.field_id = f"{round_.key}-{field.name}"
    return form


@bp.post("/cuoc-thi/<contest>/van-ban/<key>/bien-ban")
@allow(Action.WRITE_MINUTES)
def make_minutes(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    result = or_404(queries.result_in_force(contest, round_))
    form = MinutesForm()
    if not form.validate_on_submit():
        return _papers_page(contest, form, of=round_), 422
    made = papers.minutes(contest, round_, result, form.told(), now=utcnow())
    return _keep(contest, "minutes", f"bien-ban-{round_.key}.docx", made, result_id=result.id)


@bp.post("/cuoc-thi/<contest>/van-ban/<key>/tong-hop")
@allow(Action.WRITE_MINUTES)
def make_summary(contest: Contest, key: str) -> ResponseReturnValue:
    round_: Round = or_404(round_by_key(contest, key))
    result = or_404(queries.result_in_force(contest, round_))
    made = papers.summary(contest, round_, result)
    return _keep(contest, "summary", f"bang-tong-hop-{round_.key}.docx", made, result_id=result.id)


@bp.post("/cuoc-thi/<contest>/van-ban/quyet-dinh")
@allow(Action.DECIDE_PRIZES)
def make_decision(contest: Contest) -> ResponseReturnValue:
    result = or_404(queries.result_in_force(contest))
    if not any(award.state == "given" for award in result.awards) or not unblinded(contest):
        flash(_("Chưa có quyết định xét giải, hoặc chưa khớp phách."), "bad")
        return redirect(url_for("results.prizes", contest=contest.slug))
    made = papers.decision(contest, result)
    return _keep(contest, "decision", "quyet-dinh-trao-giai.docx", made, result_id=result.id)


def _keep(contest: Contest, kind: str, name: str, made: bytes, *, result_id: int) -> ResponseReturnValue:
    actions.keep_paper(contest, kind, name, storage().put(made), result_id=result_id, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã lập văn bản. Tệp nằm đầu danh sách bên dưới."), "ok")
    return redirect(url_for("results.papers", contest=contest.slug))


@bp.get("/cuoc-thi/<contest>/van-ban/<int:paper_id>")
@allow(Action.WRITE_MINUTES, Action.GIVE_CERTIFICATES)
def paper(contest: Contest, paper_id: int) -> ResponseReturnValue:
    kept = or_404(queries.paper_in(contest, paper_id))
    if not current_user.may(papers_action(kept), contest.scope):
        return render_template("errors/403.html", code=403), 403
    return _send(kept, slug(contest.name)[:60])


def papers_action(kept: PaperFile) -> Action:
    """Certificates carry names; minutes go by code."""
    return Action.GIVE_CERTIFICATES if kept.kind in ("certificates", "decision") else Action.WRITE_MINUTES


def _send(kept: PaperFile, prefix: str) -> Response:
    kind = PDF if kept.name.endswith(".pdf") else DOCX
    data = BytesIO(storage().read(kept.storage_key))
    return send_file(data, mimetype=kind, as_attachment=True, download_name=f"{prefix}-{kept.name}", max_age=0)


@bp.get("/cuoc-thi/<contest>/chung-nhan")
@allow(Action.GIVE_CERTIFICATES)
def certificates(contest: Contest) -> ResponseReturnValue:
    result, listed = queries.result_in_force(contest), queries.certificates_of(contest)
    return render_template(
        "results/certificates.html",
        contest=contest,
        result=result,
        obstacles=queries.award_obstacles(result),
        certificates=listed,
        in_force={item.award_id for item in listed if item.revoked_at is None},
        files=[kept for kept in queries.papers_of(contest) if kept.kind == "certificates"],
        running=queries.certificate_job(contest),
        form=ReasonForm(),
    )


@bp.post("/cuoc-thi/<contest>/chung-nhan")
@allow(Action.GIVE_CERTIFICATES)
def issue(contest: Contest) -> ResponseReturnValue:
    now = utcnow()
    try:
        made = certificate_actions.issue_certificates(contest, actor=current_user, now=now)
    except actions.NotReady:
        db.session.rollback()
        flash(_("Chưa phát hành được giấy chứng nhận; xem các việc còn lại bên dưới."), "bad")
        return redirect(url_for("results.certificates", contest=contest.slug))
    _print(contest, now)
    db.session.commit()
    if made:
        flash(_("Đã cấp số %(count)s giấy chứng nhận. Tệp in đang được lập.", count=len(made)), "ok")
    else:
        flash(_("Mọi giải đã có giấy, không cấp thêm số nào. Tệp in đang được lập lại."), "info")
    return redirect(url_for("results.certificates", contest=contest.slug))


@bp.post("/cuoc-thi/<contest>/chung-nhan/<number>/thu-hoi")
@allow(Action.GIVE_CERTIFICATES)
def revoke(contest: Contest, number: str) -> ResponseReturnValue:
    certificate = or_404(queries.certificate_in(contest, number))
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Hãy ghi lý do thu hồi, ít nhất 5 ký tự."), "bad")
        return redirect(url_for("results.certificates", contest=contest.slug))
    certificate_actions.revoke_certificate(certificate, reason=form.reason.data, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã thu hồi giấy chứng nhận số %(number)s.", number=certificate.number), "warn")
    return redirect(url_for("results.certificates", contest=contest.slug))


@bp.route("/cuoc-thi/<contest>/chung-nhan/<number>/cap-lai", methods=["GET", "POST"])
@allow(Action.GIVE_CERTIFICATES)
def replace(contest: Contest, number: str) -> ResponseReturnValue:
    """A new paper for the same prize: a name misspelt, a paper lost. The old one is no longer in force."""
    certificate = or_404(queries.certificate_in(contest, number))
    form = ReplaceForm(recipient=certificate.recipient, unit_name=certificate.unit_name)
    if not form.validate_on_submit():
        page = render_template("results/replace.html", contest=contest, certificate=certificate, form=form)
        return page, 422 if form.is_submitted() else 200
    if (later := queries.in_place_of(certificate)) is not None and form.recipient.data != later.recipient:
        said = _(
            "Giấy số %(old)s đã được thay bằng giấy số %(new)s, ghi cho %(name)s. Điều vừa nhập chưa được ghi; "
            "nếu giấy mới còn sai, hãy cấp lại giấy đó.",
            old=number, new=later.number, name=later.recipient,
        )  # fmt: skip
        flash(said, "warn")
        return redirect(url_for("results.certificates", contest=contest.slug))
    now = utcnow()
    made = certificate_actions.replace_certificate(
        contest, certificate, recipient=form.recipient.data, unit_name=form.unit_name.data,
        reason=form.reason.data, actor=current_user, now=now,
    )  # fmt: skip
    _print(contest, now)
    db.session.commit()
    flash(_("Đã cấp giấy số %(new)s thay giấy số %(old)s. Tệp in đang được lập.", new=made.number, old=number), "ok")
    return redirect(url_for("results.certificates", contest=contest.slug))


def _print(contest: Contest, now: datetime) -> None:
    jobs.enqueue(
        "results.print_certificates", now=now, key=f"certificates:{contest.id}",
        contest_id=contest.id, account_id=current_user.id, base=request.host_url.rstrip("/"),
    )  # fmt: skip


@bp.get("/chung-nhan/<token>")
@limiter.limit(LOOK_UP)
@public
def verify_certificate(token: str) -> ResponseReturnValue:
    """Whether a certificate is genuine: what its QR leads to."""
    certificate = queries.certificate_by_token(token)
    # The day on the paper is that of the decision.
    day = (certificate.award.decision.issued_on or certificate.issued_at) if certificate else None
    later = queries.in_place_of(certificate) if certificate is not None and certificate.revoked_at else None
    page = render_template("results/verify.html", certificate=certificate, day=day, later=later)
    return page, 200 if certificate else 404
