"""Covering and checking the judge's copy."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import copy_actions, own_queries
from contest.entries.blueprint import bp
from contest.entries.copies import PARTS, Page, Source, Span, boxes_of, cover_pages, spans_of, write_text
from contest.entries.copy_actions import copy_of, copy_sha256, source_of
from contest.entries.intake_views import STAFF, find
from contest.entries.models import Entry, JudgeCopy
from contest.rules.permissions import Action
from contest.storage import storage
from contest.web.guards import allow, or_404
from contest.web.inputs import whole_number
from contest.web.language import _


def _back(contest: Contest, public_id: str) -> ResponseReturnValue:
    return redirect(url_for("entries.intake_entry", contest=contest.slug, public_id=public_id, _anchor="ban-cham"))


def _ready(contest: Contest, public_id: str, *, locked: bool = False) -> tuple[Entry, JudgeCopy, Source] | None:
    """The entry, its finished copy of the newest version, and what that is made of."""
    entry = find(contest, public_id, locked=locked)
    copy, version = copy_of(entry), own_queries.submitted_version(entry)
    if copy is None or version is None or copy.state != "ready" or copy.version_id != version.id:
        return None
    if own_queries.is_drawn(entry):
        return None
    return entry, copy, source_of(version)


def _not_now(contest: Contest, public_id: str) -> ResponseReturnValue:
    flash(_("Bản chấm chưa sẵn sàng hoặc bài đã rọc phách, không che được nữa."), "bad")
    return _back(contest, public_id)


def _changed(contest: Contest, public_id: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(_("Bản chấm vừa thay đổi hoặc chưa sẵn sàng. Hãy xem lại."), "bad")
    return _back(contest, public_id)


def _is_seen(copy: JudgeCopy) -> bool:
    """Whether the page this request came from showed the copy as it is: covers are numbered as they stood there."""
    return request.form.get("seen") == copy_sha256(copy)


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/che")
@allow(Action.SCREEN_ENTRIES)
def cover(contest: Contest, public_id: str) -> ResponseReturnValue:
    """Cover every place of a passage, or uncover one place (`uncover`)."""
    ready = _ready(contest, public_id)
    if ready is None:
        return _not_now(contest, public_id)
    _entry, copy, source = ready
    before, version_id = list(copy.covered), copy.version_id
    covered: list[Span] = [(start, end) for start, end in before]
    passage, plain = request.form.get("passage", ""), copy.plain
    uncover = whole_number(request.form.get("uncover"))
    if uncover is not None and not _is_seen(copy):
        return _changed(contest, public_id)
    db.session.rollback()  # the work is read again below, without holding anybody up
    if uncover is not None:
        covered = [span for place, span in enumerate(covered) if place != uncover]
    else:
        new = spans_of(passage[:2000], plain)
        if not new:
            flash(_("Không thấy đoạn “%(passage)s” trong bản chấm.", passage=passage[:80]), "bad")
            return _back(contest, public_id)
        covered = sorted({*covered, *new})
    made = write_text(source, covered)
    again = _ready(contest, public_id, locked=True)
    # A cover that somebody else put on meanwhile must not be lost.
    if again is None or again[1].version_id != version_id or again[1].covered != before:
        return _changed(contest, public_id)
    copy_actions.cover_text(again[0], again[1], made, covered, account=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã cập nhật bản chấm. Hãy xem lại rồi xác nhận."), "ok")
    return _back(contest, public_id)


def _covers_wanted(before: list[dict[str, Any]], *, most: int) -> list[dict[str, Any]] | None:
    """The covers of all pages after what was sent; None when that says nothing. most: how many pages there are."""
    page, part = whole_number(request.form.get("page")), request.form.get("part", "")
    drop = whole_number(request.form.get("drop"))
    if page is None or not 0 < page <= most:
        return None
    if drop is not None:
        mine = [item for item in before if item["page"] == page]
        return [item for item in before if item not in mine[drop : drop + 1]]
    new: list[dict[str, Any]] = [{"page": page, "part": part}] if part in PARTS else []
    if "boxes" in request.form:
        new = [{"page": page, "box": list(box)} for box in boxes_of(request.form["boxes"]) or []]
    return [*(item for item in before if item not in new), *new] if new else None


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/che-trang")
@allow(Action.SCREEN_ENTRIES)
def cover_page(contest: Contest, public_id: str) -> ResponseReturnValue:
    """Paint over a part of one page (`part`) or boxes drawn on it (`boxes`), or take one cover off again (`drop`)."""
    ready = _ready(contest, public_id)
    if ready is None:
        return _not_now(contest, public_id)
    _entry, copy, _source = ready
    sources: list[Page] = [dict(item) for item in copy.source_pages]
    before = list(copy.covered_pages)
    covers = _covers_wanted(before, most=len(sources))
    version_id, is_known = copy.version_id, "drop" not in request.form or _is_seen(copy)
    db.session.rollback()
    if not is_known:
        return _changed(contest, public_id)
    if covers is None:
        flash(_("Chưa có ô nào để che. Hãy vẽ ô trên trang rồi bấm lại."), "warn")
        return _back(contest, public_id)
    pages = cover_pages(sources, covers)
    again = _ready(contest, public_id, locked=True)
    if again is None or again[1].version_id != version_id or again[1].covered_pages != before:
        return _changed(contest, public_id)
    copy_actions.cover_page_parts(again[0], again[1], pages, covers, account=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã cập nhật bản chấm. Hãy xem lại rồi xác nhận."), "ok")
    return _back(contest, public_id)


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/xac-nhan-ban-cham")
@allow(Action.SCREEN_ENTRIES)
def confirm_copy(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id, locked=True)
    try:
        copy_actions.confirm_copy(entry, request.form.get("seen", ""), account=current_user, now=utcnow())
    except copy_actions.CopyNotReady:
        return _changed(contest, public_id)
    db.session.commit()
    flash(_("Đã xác nhận bản chấm."), "ok")
    return _back(contest, public_id)


@bp.post("/cuoc-thi/<contest>/tiep-nhan/<public_id>/lam-lai-ban-cham")
@allow(Action.SCREEN_ENTRIES)
def remake_copy(contest: Contest, public_id: str) -> ResponseReturnValue:
    entry = find(contest, public_id, locked=True)
    if own_queries.is_drawn(entry):
        return _not_now(contest, public_id)
    copy_actions.remake(entry, account=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đang làm lại bản chấm; tải lại trang sau ít giây."), "info")
    return _back(contest, public_id)


@bp.get("/cuoc-thi/<contest>/tiep-nhan/<public_id>/trang/<int:number>")
@allow(*STAFF)
def copy_page(contest: Contest, public_id: str, number: int) -> ResponseReturnValue:
    copy = or_404(copy_of(find(contest, public_id)))
    page = or_404(copy.pages[number - 1] if 0 < number <= len(copy.pages) else None)
    return send_file(storage().open(page["key"]), mimetype="image/jpeg")
