"""The secretariat's pages: what came in, one entry, the verdict, paper entries. No page here knows a code."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import (
    intake_actions,
    intake_queries,
    own_queries,
    similar_queries,
    submit_actions,
    typed_units_queries,
    words,
)
from contest.entries.address import public_address
from contest.entries.author_form import unit_from
from contest.entries.blueprint import bp
from contest.entries.copy_shown import copy_facts
from contest.entries.forms import ReasonForm, offer_fields, offer_kinds, person_from
from contest.entries.intake_forms import FieldForm, PaperForm, ScreenForm, ShelfForm
from contest.entries.models import Entry, EntryVersion, Screening
from contest.entries.queries import unblinded
from contest.entries.receipt_views import send_entry_file
from contest.entries.refused import EntryRefused
from contest.entries.step_views import receive_all
from contest.rules.deadlines import HANOI
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404
from contest.web.inputs import whole_number
from contest.web.language import _
from contest.web.paging import page_of

STAFF = (Action.RECEIVE_ENTRIES, Action.SCREEN_ENTRIES)
MEND_DAYS = 3


@bp.get("/cuoc-thi/<contest>/tiep-nhan")
@allow(*STAFF)
def intake(contest: Contest) -> ResponseReturnValue:
    asked = request.args
    filters = intake_queries.Filters(
        q=asked.get("q", "")[:200],
        state="withdrawn" if asked.get("state") == "withdrawn" else "",
        screening=asked.get("screening", "") if asked.get("screening") in words.SCREENINGS else "",
        channel=asked.get("channel", "") if asked.get("channel") in words.CHANNELS else "",
        late=asked.get("late") == "1",
        copy=asked.get("copy", "") if asked.get("copy") in ("unchecked", "failed") else "",
        unit=whole_number(asked.get("unit")),
        field_of_work=_asked_field(contest, asked.get("field", "")),
    )
    page = page_of(intake_queries.intake(contest, filters), Entry.id, secret=current_app.config["SECRET_KEY"])
    return render_template(
        "entries/intake.html",
        contest=contest,
        filters=filters,
        is_filtered=filters != intake_queries.Filters(),
        page=page,
        next_url=_next_page(page.next_cursor),
        first_url=_next_page(None) if "sau" in asked else "",
        counts=intake_queries.counts(contest),
        typed_units=typed_units_queries.how_many(contest),
        alike=similar_queries.open_pairs(contest, [entry.id for entry in page.rows]),
        units=intake_queries.units_taking_part(contest),
    )


def _asked_field(contest: Contest, asked: str) -> str:
    known = own_queries.field_in(contest, whole_number(asked)) is not None
    return asked if known or asked == intake_queries.NO_FIELD else ""


def _next_page(cursor: str | None) -> str:
    arguments = {key: value for key, value in request.args.items() if key != "sau"}
    if cursor:
        arguments["sau"] = cursor
    elif "sau" not in request.args:
        return ""
    return url_for("entries.intake", **(request.view_args or {}), **arguments)  # type: ignore[arg-type]


def find(contest: Contest, public_id: str, *, locked: bool = False) -> Entry:
    return or_404(intake_queries.received_entry(contest, public_id, locked=locked))


def entry_page(contest: Contest, entry: Entry, form: ScreenForm | None = None) -> str:
    """Everything about one entry on one page."""
    version = own_queries.submitted_version(entry)
    slip = own_queries.slip_of(entry, version) if version else None
    history = intake_queries.screenings_of(entry)
    return render_template(
        "entries/intake_entry.html",
        contest=contest,
        entry=entry,
        version=version,
        slip=slip,
        versions=[item for item in entry.versions if item.submitted_at],
        findings=_findings(version),
        form=form or _screen_form(contest, version, history),
        shelf=ShelfForm(pages=entry.paper_pages, place=entry.paper_place) if entry.channel == "paper" else None,
        field_form=_field_form(contest, field_of_work_id=str(entry.field_of_work_id or "")),
        history=history,
        is_drawn=own_queries.is_drawn(entry),
        may_name_field=entry.state == "submitted" and not unblinded(contest),
        alike=similar_queries.open_pairs(contest, [entry.id]).get(entry.id, 0),
        following=intake_queries.next_pending(contest, entry),
        **copy_facts(entry, slip, plain="ban-cham" in request.args),
    )


def _findings(version: EntryVersion | None) -> list[str]:
    if version is None:
        return []
    names = {file.public_id: file.name for file in version.files}
    return list(dict.fromkeys(words.finding_text(item, names) for item in version.findings))


def _screen_form(
    contest: Contest, version: EntryVersion | None, history: Sequence[tuple[Screening, str]]
) -> ScreenForm:  # fmt: skip
    return ScreenForm(
        verdict=None, version_id=version.id if version else "", after=history[0][0].id if history else "",
        until=_mend_until(contest),
    )  # fmt: skip


def _mend_until(contest: Contest) -> datetime:
    """Three days from now, or the closing when that is later, on the clock of Hà Nội."""
    until = utcnow() + timedelta(days=MEND_DAYS)
    if contest.closes_at is not None and contest.closes_at > until:
        until = contest.closes_at
    return until.astimezone(HANOI).replace(second=0, microsecond=0, tzinfo=None)


@bp.get("/cuoc-thi/<contest>/tiep-nhan/<public_id>")
@allow(*STAFF)
def intake_entry(contest: Contest, public_id: str) -> ResponseReturnValue:
    return entry_page(contest, find(contest, public_id))


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/ket-luan")
@allow(Action.SCREEN_ENTRIES)
def screen(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id, locked=True)
    form = ScreenForm()
    if not form.validate_on_submit():
        return entry_page(contest, entry, form), 422
    until = form.until.data.replace(tzinfo=HANOI) if form.until.data else None
    decision = intake_actions.Decision(
        verdict=form.verdict.data, version_id=whole_number(form.version_id.data) or 0,
        after=whole_number(form.after.data),
        reasons=tuple(form.reasons.data or ()), note=form.note.data or "", until=until,
    )  # fmt: skip
    address = public_address("entries.edit", public_id=public_id)
    try:
        intake_actions.screen(entry, decision, account=current_user, now=utcnow(), address=address)
    except EntryRefused as refused:
        db.session.rollback()
        flash(words.staff_refusal(refused), "bad")
        return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))
    db.session.commit()
    flash(_("Đã ghi kết luận: %(verdict)s.", verdict=words.SCREENINGS[decision.verdict][1]), "ok")
    return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))


@bp.get("/cuoc-thi/<contest>/tiep-nhan/<public_id>/ban/<int:number>")
@allow(*STAFF)
def intake_version(contest: Contest, public_id: str, number: int) -> ResponseReturnValue:
    entry = find(contest, public_id)
    version = or_404(own_queries.submitted_version(entry, number))
    slip = own_queries.slip_of(entry, version)
    return render_template(
        "entries/intake_version.html", contest=contest, entry=entry, version=version, slip=slip,
        category=own_queries.category_in(contest, slip.category_id),
        field=own_queries.field_in(contest, slip.field_of_work_id),
    )  # fmt: skip


@bp.get("/cuoc-thi/<contest>/tiep-nhan/<public_id>/tep/<file_id>")
@allow(*STAFF)
def intake_file(contest: Contest, public_id: str, file_id: str) -> ResponseReturnValue:
    file = or_404(own_queries.file_in(find(contest, public_id), file_id))
    if file.version.submitted_at is None:
        return or_404(None)
    return send_entry_file(file)


@bp.route("/cuoc-thi/<contest>/tiep-nhan/<public_id>/rut", methods=["GET", "POST"])
@allow(Action.SCREEN_ENTRIES)
def intake_withdraw(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id, locked=request.method == "POST")
    form = ReasonForm()
    if form.validate_on_submit():
        submit_actions.withdraw(entry, reason=form.reason.data, account=current_user, now=utcnow(), by_staff=True)
        db.session.commit()
        flash(_("Đã ghi bài rút. Mọi bản đã nộp vẫn được lưu."), "ok")
        return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))
    page = render_template("entries/intake_withdraw.html", contest=contest, entry=entry, form=form)
    return page, 422 if form.errors else 200


def _field_form(contest: Contest, **values: str) -> FieldForm:
    form = FieldForm(**values)
    offer_fields(form, contest)
    return form


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/linh-vuc")
@allow(*STAFF)
def name_field(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id, locked=True)
    form = _field_form(contest)
    if not form.validate_on_submit():
        return or_404(None)
    field = own_queries.field_in(contest, whole_number(form.field_of_work_id.data))
    try:
        intake_actions.name_field(entry, field, account=current_user, now=utcnow())
    except EntryRefused as refused:
        db.session.rollback()
        flash(words.staff_refusal(refused), "bad")
        return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))
    db.session.commit()
    flash(_("Đã ghi lĩnh vực: %(name)s.", name=field.name if field else _("chưa chọn")), "ok")
    return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/noi-de")
@allow(Action.RECEIVE_ENTRIES)
def shelf(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id)
    form = ShelfForm()
    if entry.channel == "paper" and form.validate_on_submit():
        intake_actions.note_paper(
            entry, pages=form.pages.data, place=form.place.data, account=current_user, now=utcnow()
        )
        db.session.commit()
        flash(_("Đã ghi nơi để bản giấy."), "ok")
    else:
        flash(_("Hãy ghi số trang và nơi để."), "bad")
    return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id))


def _paper_form(contest: Contest, **values: Any) -> PaperForm:
    form = PaperForm(**values)
    offer_kinds(form, contest)
    return form


def _paper_page(contest: Contest, form: PaperForm, problems: list[str]) -> str:
    return render_template(
        "entries/paper.html", contest=contest, form=form, problems=problems, accept=words.accept_of(contest.file_kinds)
    )


def _written(form: PaperForm) -> intake_actions.PaperEntry:
    return intake_actions.PaperEntry(
        title=form.title.data,
        people=tuple(person_from(row.form, None) for row in form.people),
        pages=form.pages.data,
        place=form.place.data or "",
        received_at=form.received_at.data.replace(tzinfo=HANOI),
        category_id=whole_number(form.category_id.data),
        field_of_work_id=whole_number(form.field_of_work_id.data),
        unit=unit_from(form.unit_name.data, form.unit_id.data),
        unit_name=form.unit_name.data or "",
        pledged=form.pledged.data,
        once=form.once.data or "",
    )


@bp.get("/cuoc-thi/<contest>/tiep-nhan/bai-giay")
@allow(Action.RECEIVE_ENTRIES)
def paper(contest: Contest) -> ResponseReturnValue:
    now = utcnow().astimezone(HANOI).replace(second=0, microsecond=0, tzinfo=None)
    only = str(contest.categories[0].id) if len(contest.categories) == 1 else ""
    return _paper_page(contest, _paper_form(contest, received_at=now, category_id=only, once=secrets.token_hex(16)), [])


@bp.post("/cuoc-thi/<contest>/tiep-nhan/bai-giay")
@allow(Action.RECEIVE_ENTRIES)
def register_paper(contest: Contest) -> ResponseReturnValue:
    form = _paper_form(contest)
    if request.form.get("act") == "add":
        form.people.append_entry()
        return _paper_page(contest, form, [])
    if not form.validate():
        return _paper_page(contest, form, []), 422
    limit = contest.max_file_mb * 1_000_000
    db.session.rollback()  # scans are read without holding anybody up
    scans, problems = receive_all(["pdf", "image"], limit)
    if problems:
        return _paper_page(contest, form, problems), 422
    try:
        entry = intake_actions.register_paper(
            contest, _written(form), scans, account=current_user, now=utcnow(), rng=random.SystemRandom()
        )
    except EntryRefused as refused:
        db.session.rollback()
        return _paper_page(contest, form, [words.refusal(refused)]), 422
    db.session.commit()
    flash(_("Đã ghi nhận bài giấy, mã biên nhận %(code)s.", code=entry.receipt_code), "ok")
    return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=entry.public_id))
