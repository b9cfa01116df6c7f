"""What the page's script calls while one writes: saving the draft, picking a text, sending a file."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from contest.db import db, utcnow
from contest.entries import own_actions, own_queries, words
from contest.entries.blueprint import bp
from contest.entries.forms import LONGEST_TEXT, LONGEST_TITLE
from contest.entries.models import Entry, EntryVersion
from contest.entries.own_views import entry_or_404, why_not_now
from contest.entries.receive import FileRefused, receive
from contest.entries.refused import DraftConflict, EntryRefused
from contest.entries.step_views import findings_of_page
from contest.rules.text import clean_line, clean_text
from contest.storage import storage
from contest.web.forms import too_long
from contest.web.guards import or_404, signed_in
from contest.web.inputs import whole_number
from contest.web.language import _, show_clock
from contest.web.limits import uploads

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


def _draft_json(version: EntryVersion, state: str) -> dict[str, Any]:
    return {
        "state": state,
        "title": version.title,
        "text": version.text,
        "revision": version.draft_revision,
        "saved_at": version.saved_at.isoformat(),
        "saved": _("Đã lưu lúc %(at)s · trên máy chủ", at=show_clock(version.saved_at)),
    }


def _refused(refused: EntryRefused) -> tuple[Response, int]:
    db.session.rollback()
    return jsonify(state="refused", code=refused.code, message=words.refusal(refused)), 409


@bp.get("/bai/<public_id>/nhap")
@signed_in
def draft(public_id: str) -> ResponseReturnValue:
    """The stored draft, and a fresh token: a page that stayed open over a new sign-in goes on with it."""
    entry = entry_or_404(public_id)
    try:
        version = own_actions.the_draft(entry)
    except EntryRefused as refused:
        return _refused(refused)
    return jsonify(_draft_json(version, "stored") | {"csrf": generate_csrf()})


@bp.post("/bai/<public_id>/nhap")
@signed_in
def save_draft(public_id: str) -> ResponseReturnValue:
    """{"title", "text", "revision", "category"?, "field_of_work"?, "pick"?}.

    Answers saved, conflict (with the stored text) or refused.
    """
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not _is_draft(sent):
        return jsonify(state="refused", code="bad_request", message=_("Nội dung gửi lên chưa đúng.")), 400
    sent |= {"title": clean_line(sent["title"]), "text": clean_text(sent["text"])}
    if message := _too_long(sent["title"], sent["text"]):
        return jsonify(state="refused", code="too_long", message=message), 422
    entry = or_404(own_queries.locked_own_entry(current_user, public_id))
    try:
        version = own_actions.the_draft(entry)
        _keep(entry, version, sent)
    except DraftConflict as conflict:
        answer = jsonify(_draft_json(conflict.version, "conflict"))
        db.session.rollback()
        return answer, 409
    except EntryRefused as refused:
        return _refused(refused)
    answer = jsonify(_draft_json(version, "saved") | _panel(entry, version))
    db.session.commit()
    return answer


def _is_draft(sent: dict[str, Any]) -> bool:
    title, text, revision = sent.get("title"), sent.get("text"), sent.get("revision")
    return isinstance(title, str) and isinstance(text, str) and isinstance(revision, int)


def _too_long(title: str, text: str) -> str:
    """Which of the two is longer than can be kept, and by how much; "" when neither is."""
    said = [
        f"{name}: {problem}"
        for name, problem in (
            (_("Tên tác phẩm"), too_long(title, LONGEST_TITLE)), (_("Bài viết"), too_long(text, LONGEST_TEXT)),
        )
        if problem
    ]  # fmt: skip
    return " ".join([*said, _("Nội dung đã nhập vẫn được giữ trên máy này.")]) if said else ""


def _keep(entry: Entry, version: EntryVersion, sent: dict[str, Any]) -> None:
    title, text, now = sent["title"], sent["text"], utcnow()
    if sent.get("pick") in ("mine", "theirs"):
        own_actions.pick(
            entry, version, keep_mine=sent["pick"] == "mine", title=title, text=text, revision=sent["revision"], now=now
        )
    else:
        own_actions.save_work(entry, version, title=title, text=text, revision=sent["revision"], now=now)
    slip = own_queries.slip_of(entry, version)
    category, field = sent.get("category"), sent.get("field_of_work")
    own_actions.classify(
        entry, version, now=now,
        # No category is no choice, as long as none was sent; no field of work is one.
        category=own_queries.category_in(entry.contest, _number(category) or slip.category_id),
        field=own_queries.field_in(entry.contest, _number(field) if isinstance(field, str) else slip.field_of_work_id),
    )  # fmt: skip


def _number(sent: Any) -> int | None:
    return whole_number(sent) if isinstance(sent, str) else None


def _panel(entry: Entry, version: EntryVersion) -> dict[str, Any]:
    """The parts of the page that follow the draft and the clock: list of files, findings, the deadline."""
    facts = findings_of_page(version, own_queries.slip_of(entry, version))
    return {
        "files": render_template("entries/_files.html", entry=entry, **facts),
        "findings": render_template("entries/_findings.html", **facts),
        "closing": render_template(
            "entries/_closing.html", entry=entry, contest=entry.contest, why_not=why_not_now(entry)
        ),
    }


@bp.post("/bai/<public_id>/tep")
@uploads()
@signed_in
def upload(public_id: str) -> ResponseReturnValue:
    """One file with the client's UUID: sent twice is stored once."""
    contest = entry_or_404(public_id).contest
    kinds, limit = list(contest.file_kinds), contest.max_file_mb * 1_000_000
    db.session.rollback()  # the line is slow and reading takes time: nobody waits for this request meanwhile
    sent, uuid = request.files.get("file"), request.form.get("uuid", "").lower()
    if sent is None or not _UUID.fullmatch(uuid):
        return jsonify(state="refused", code="bad_request", message=_("Nội dung gửi lên chưa đúng.")), 400
    try:
        received = receive(sent.stream, sent.filename or "", kinds=kinds, limit=limit)  # type: ignore[arg-type]
    except FileRefused as refused:
        return jsonify(state="refused", code=refused.code, message=words.file_refusal(refused)), 422
    try:
        entry = or_404(own_queries.locked_own_entry(current_user, public_id))
        version = own_actions.the_draft(entry)
        _file, is_new = own_actions.attach(entry, version, received, uuid=uuid, now=utcnow())
    except EntryRefused as refused:
        storage().delete(received.stored.key)
        return _refused(refused)
    answer = jsonify({"state": "stored", "new": is_new, **_panel(entry, version)})
    db.session.commit()
    if not is_new:
        storage().delete(received.stored.key)
    return answer
