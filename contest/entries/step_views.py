"""The four steps: the work, the authors, the pledge, looking through and handing in. All work without script."""

from __future__ import annotations

import random
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.db import db, utcnow
from contest.entries import checks, own_actions, own_queries, submit_actions, words
from contest.entries.address import public_address
from contest.entries.author_form import fill_form, slip_from
from contest.entries.blueprint import bp
from contest.entries.forms import AuthorsForm, PledgeForm, WorkForm, offer_kinds
from contest.entries.models import Entry, EntryVersion
from contest.entries.own_views import entry_or_404, why_not_now
from contest.entries.receive import FileRefused, Received, receive
from contest.entries.refused import DraftConflict, EntryRefused
from contest.entries.slip import Slip
from contest.storage import storage
from contest.web.guards import or_404, signed_in
from contest.web.inputs import whole_number
from contest.web.language import _
from contest.web.limits import uploads

# Findings listed on a page; a work full of its author's name needs no more to make the point.
SHOWN = 12


def _open(public_id: str, *, locked: bool = False) -> tuple[Entry, EntryVersion, Slip]:
    """The person's entry, its draft and slip. Raises EntryRefused when nothing may change."""
    find = own_queries.locked_own_entry if locked else own_queries.own_entry
    entry = or_404(find(current_user, public_id))
    version = own_actions.the_draft(entry)
    return entry, version, own_queries.slip_of(entry, version)


def _away(public_id: str, refused: EntryRefused) -> ResponseReturnValue:
    """A step that has nothing to change any more leads to the entry's own page."""
    db.session.rollback()
    if refused.code != "not_draft":
        flash(words.refusal(refused), "bad")
    return redirect(url_for("entries.edit", public_id=public_id))


def findings_of_page(version: EntryVersion, form: Slip) -> dict[str, Any]:
    """The files of a draft, and what the checks found in it, in words."""
    files = own_queries.texts_read(version)
    found = checks.findings_of(version, files, form)
    names = {file.public_id: file.name for file in files}
    texts = list(dict.fromkeys(words.finding_text(item, names) for item in found))
    return {
        "findings": texts[:SHOWN],
        "more_findings": max(len(texts) - SHOWN, 0),
        "advice": words.finding_advice(found),
        "files": files,
        "word_count": checks.words_of(version, files),
    }


def work_page(entry: Entry, version: EntryVersion, slip: Slip, form: WorkForm, problems: list[str]) -> str:
    contest = entry.contest
    return render_template(
        "entries/work.html",
        entry=entry,
        contest=contest,
        version=version,
        form=form,
        why_not=why_not_now(entry),
        problems=problems,
        kinds=words.kinds_text(contest.file_kinds),
        accept=words.accept_of(contest.file_kinds),
        max_bytes=contest.max_file_mb * 1_000_000,
        aside=own_queries.set_aside(entry),
        **findings_of_page(version, slip),
    )


def _work_form(entry: Entry, version: EntryVersion, slip: Slip) -> WorkForm:
    form = WorkForm(
        title=version.title, text=version.text, revision=version.draft_revision,
        category_id=str(slip.category_id or ""), field_of_work_id=str(slip.field_of_work_id or ""),
    )  # fmt: skip
    offer_kinds(form, entry.contest)
    return form


@bp.get("/bai/<public_id>/tac-pham")
@signed_in
def work(public_id: str) -> ResponseReturnValue:
    try:
        entry, version, slip = _open(public_id)
    except EntryRefused as refused:
        return _away(public_id, refused)
    return work_page(entry, version, slip, _work_form(entry, version, slip), [])


def receive_all(kinds: list[str], limit: int) -> tuple[list[Received], list[str]]:
    """The files of this request that can be taken, and what is wrong with the others."""
    taken, problems = [], []
    for sent in request.files.getlist("files"):
        if not sent.filename:
            continue
        try:
            taken.append(receive(sent.stream, sent.filename, kinds=kinds, limit=limit))  # type: ignore[arg-type]
        except FileRefused as refused:
            problems.append(words.file_refusal(refused))
    return taken, problems


def _files_sent() -> int:
    return sum(1 for sent in request.files.getlist("files") if sent.filename)


@bp.post("/bai/<public_id>/tac-pham")
@uploads(exempt_when=lambda: not _files_sent(), cost=_files_sent)
@signed_in
def save_work(public_id: str) -> ResponseReturnValue:
    contest = entry_or_404(public_id).contest
    kinds, limit = list(contest.file_kinds), contest.max_file_mb * 1_000_000
    # Files are read without a transaction open: a heavy one must not keep others from writing.
    db.session.rollback()
    taken, problems = receive_all(kinds, limit)
    spare = {received.stored.key for received in taken}
    try:
        return _save_work(public_id, taken, problems, spare)
    finally:
        # Whatever came of it: bytes that no row got to name are not kept.
        for key in spare:
            storage().delete(key)


def _save_work(
    public_id: str, taken: list[Received], problems: list[str], spare: set[str]
) -> ResponseReturnValue:  # fmt: skip
    try:
        entry, version, slip = _open(public_id, locked=True)
        form = _work_form(entry, version, slip)
        if not form.validate():
            return work_page(entry, version, slip, form, problems), 422
        kept = _keep_work(entry, version, form, taken, problems)
    except DraftConflict as conflict:
        return _conflict(public_id, conflict)
    except EntryRefused as refused:
        return _away(public_id, refused)
    db.session.commit()
    spare -= kept
    if problems:
        form.revision.data = version.draft_revision
        return work_page(entry, version, slip, form, problems), 422
    return _next(public_id)


def _next(public_id: str) -> ResponseReturnValue:
    going_on = request.form.get("act", "next") == "next"
    return redirect(url_for("entries.authors" if going_on else "entries.work", public_id=public_id))


def _keep_work(
    entry: Entry, version: EntryVersion, form: WorkForm, taken: list[Received], problems: list[str]
) -> set[str]:
    """Write what the form says; the storage keys of the files that were new."""
    now, kept = utcnow(), set()
    revision = whole_number(form.revision.data)
    own_actions.save_work(entry, version, title=form.title.data, text=form.text.data, revision=revision, now=now)
    own_actions.classify(
        entry, version, category=own_queries.category_in(entry.contest, whole_number(form.category_id.data)),
        field=own_queries.field_in(entry.contest, whole_number(form.field_of_work_id.data)), now=now,
    )  # fmt: skip
    for received in taken:
        try:
            _file, is_new = own_actions.attach(entry, version, received, uuid=None, now=now)
        except EntryRefused as refused:
            problems.append(words.refusal(refused))
            break
        if is_new:
            kept.add(received.stored.key)
    verb, _colon, file = request.form.get("act", "").partition(":")
    if verb == "remove":
        own_actions.remove_file(entry, version, file, now=now)
    elif verb in ("up", "down"):
        own_actions.move_file(entry, version, file, by=-1 if verb == "up" else 1, now=now)
    return kept


def _conflict(public_id: str, conflict: DraftConflict) -> ResponseReturnValue:
    """Both texts side by side; a person picks."""
    page = render_template(
        "entries/conflict.html",
        public_id=public_id,
        theirs=conflict.version,
        title=request.form.get("title", ""),
        text=request.form.get("text", ""),
    )
    db.session.rollback()
    return page, 409


@bp.post("/bai/<public_id>/chon-ban")
@signed_in
def pick(public_id: str) -> ResponseReturnValue:
    """The text picked out of two holds; the other is kept beside it."""
    form = WorkForm()
    del form.category_id, form.field_of_work_id
    try:
        entry, version, _slip = _open(public_id, locked=True)
        revision = whole_number(form.revision.data)
        if not form.validate() or revision is None:
            return redirect(url_for("entries.work", public_id=public_id))
        own_actions.pick(
            entry, version, keep_mine=request.form.get("pick") == "mine", title=form.title.data, text=form.text.data,
            revision=revision, now=utcnow(),
        )  # fmt: skip
    except DraftConflict as conflict:
        return _conflict(public_id, conflict)
    except EntryRefused as refused:
        return _away(public_id, refused)
    db.session.commit()
    flash(_("Đã dùng bản được chọn. Bản kia vẫn giữ ở cuối trang này."), "ok")
    return redirect(url_for("entries.work", public_id=public_id))


def _authors_page(entry: Entry, form: AuthorsForm) -> str:
    return render_template(
        "entries/authors.html", entry=entry, contest=entry.contest, form=form, why_not=why_not_now(entry)
    )


@bp.get("/bai/<public_id>/tac-gia")
@signed_in
def authors(public_id: str) -> ResponseReturnValue:
    try:
        entry, _version, slip = _open(public_id)
    except EntryRefused as refused:
        return _away(public_id, refused)
    return _authors_page(entry, fill_form(slip))


@bp.post("/bai/<public_id>/tac-gia")
@signed_in
def save_authors(public_id: str) -> ResponseReturnValue:
    form = AuthorsForm()
    act, _colon, place = request.form.get("act", "next").partition(":")
    try:
        entry, version, slip = _open(public_id, locked=True)
    except EntryRefused as refused:
        return _away(public_id, refused)
    if act == "add" and len(form.people) < entry.contest.max_authors:
        form.people.append_entry()
        return _authors_page(entry, form)
    if act == "remove" and (row := whole_number(place)) is not None and len(form.people) > 1:
        form.people.entries.pop(row if row < len(form.people) else -1)
        return _authors_page(entry, form)
    if not form.validate():
        return _authors_page(entry, form), 422
    own_actions.save_slip(entry, version, slip_from(form, slip, entry, current_user), now=utcnow())
    db.session.commit()
    return redirect(url_for("entries.pledge", public_id=public_id))


@bp.get("/bai/<public_id>/cam-ket")
@signed_in
def pledge(public_id: str) -> ResponseReturnValue:
    try:
        entry, _version, slip = _open(public_id)
    except EntryRefused as refused:
        return _away(public_id, refused)
    done = slip.has_pledged(checks.pledges(entry.contest))
    form = PledgeForm(pledge=done, ai_pledge=done)
    return render_template(
        "entries/pledge.html", entry=entry, contest=entry.contest, form=form, slip=slip, done=done,
        why_not=why_not_now(entry),
    )  # fmt: skip


@bp.post("/bai/<public_id>/cam-ket")
@signed_in
def save_pledge(public_id: str) -> ResponseReturnValue:
    form = PledgeForm()
    try:
        entry, version, slip = _open(public_id, locked=True)
    except EntryRefused as refused:
        return _away(public_id, refused)
    contest = entry.contest
    wanted = [(contest.pledge_text, form.pledge), (contest.ai_pledge_text, form.ai_pledge)]
    if all(box.data for text, box in wanted if text.strip()):
        if not slip.has_pledged(checks.pledges(contest)):
            own_actions.pledge(entry, version, now=utcnow())
    else:
        own_actions.unpledge(entry, version, now=utcnow())
    db.session.commit()
    return redirect(url_for("entries.review", public_id=public_id))


def _review_page(entry: Entry, version: EntryVersion, slip: Slip) -> str:
    gaps = checks.gaps_of(entry, version, slip, now=utcnow())
    facts = findings_of_page(version, slip)
    shown = [(gap, words.gap_text(gap, facts["files"])) for gap in gaps if gap.code != "names_inside"]
    return render_template(
        "entries/review.html",
        entry=entry,
        contest=entry.contest,
        version=version,
        slip=slip,
        why_not=why_not_now(entry),
        category=own_queries.category_in(entry.contest, slip.category_id),
        field=own_queries.field_in(entry.contest, slip.field_of_work_id),
        gaps=[(gap.step, text) for gap, text in shown if gap.bars],
        notes=[text for gap, text in shown if not gap.bars],
        seen=submit_actions.fingerprint(entry, version, slip),
        pledged=slip.has_pledged(checks.pledges(entry.contest)),
        **facts,
    )


@bp.get("/bai/<public_id>/kiem-tra")
@signed_in
def review(public_id: str) -> ResponseReturnValue:
    try:
        entry, version, slip = _open(public_id)
    except EntryRefused as refused:
        return _away(public_id, refused)
    return _review_page(entry, version, slip)


@bp.post("/bai/<public_id>/nop")
@signed_in
def submit(public_id: str) -> ResponseReturnValue:
    entry = or_404(own_queries.locked_own_entry(current_user, public_id))
    address = public_address("entries.receipt", public_id=public_id)
    try:
        submit_actions.submit(
            entry, account=current_user, now=utcnow(), rng=random.SystemRandom(), address=address,
            number=whole_number(request.form.get("number")) or 0, seen=request.form.get("seen", ""),
        )  # fmt: skip
    except EntryRefused as refused:
        return _not_submitted(public_id, refused)
    db.session.commit()
    return redirect(url_for("entries.receipt", public_id=public_id))


def _not_submitted(public_id: str, refused: EntryRefused) -> ResponseReturnValue:
    """The page one looked through, with why it was not taken; the draft is as it was."""
    db.session.rollback()
    if refused.code in ("withdrawn", "not_draft"):
        return _away(public_id, refused)
    entry, version, slip = _open(public_id)
    if not why_not_now(entry):  # else the page says it
        flash(words.refusal(refused), "bad")
    return _review_page(entry, version, slip), 422
