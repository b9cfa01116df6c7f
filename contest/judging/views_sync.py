"""What the judge's app asks for besides pages: batches of versions, its own worker and manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from contest.accounts.identity import current_session, sign_in_id
from contest.db import db, utcnow
from contest.judging import sheet_queries, shown, words
from contest.judging.actions import Refused, Saved
from contest.judging.blueprint import bp
from contest.judging.forms import BATCH_BYTES, BadChange, read_batch
from contest.judging.sync_actions import Condition, note_tablet, save_batch
from contest.judging.tablet_seals import SealKey, seal_key
from contest.web.guards import public, signed_in
from contest.web.language import _
from contest.web.static import FOLDER, static_url


@bp.post("/cham/dong-bo")
@signed_in
def sync() -> ResponseReturnValue:
    """Versions written while there was no line, oldest first; one answer for each, all stored or none."""
    request.max_content_length = BATCH_BYTES
    try:
        condition, changes = read_batch(request.get_json(silent=True))
    except BadChange as bad:
        detail = _("Thiết bị gửi dữ liệu không đúng. Hãy tải lại trang.")
        return jsonify(code="bad_request", detail=detail, field=bad.field), 400
    if condition.owner not in (None, current_user.id):
        # What another judge wrote on this tablet waits for that judge.
        return jsonify(code="other_judge", detail=_("Máy đang đăng nhập bằng tài khoản khác.")), 401
    now = utcnow()
    outcomes = save_batch(changes, account=current_user, now=now, sign_in_id=sign_in_id())
    note_tablet(_after(condition, outcomes), account=current_user, agent=_browser(), now=now)
    results = [
        {"uuid": change.uuid, **_result(public_id, outcome)}
        for (public_id, change), outcome in zip(changes, outcomes, strict=True)
    ]
    db.session.commit()
    return jsonify(results=results, server_at=now.isoformat())


def _after(condition: Condition, outcomes: Sequence[Saved | Refused | None]) -> Condition:
    """The tablet counted before it sent: what is answered here waits on it no longer."""
    refused = sum(1 for outcome in outcomes if not isinstance(outcome, Saved))
    unsent = max(0, condition.unsent - len(outcomes))
    return replace(condition, unsent=unsent, refused=condition.refused + refused)


def _result(public_id: str, outcome: Saved | Refused | None) -> dict[str, Any]:
    """status and body, as the single save would have answered."""
    if outcome is None:
        return {"status": 404, "body": {"code": "no_sheet", "detail": _("Không tìm thấy phiếu này.")}}
    if isinstance(outcome, Saved):
        return {"status": 200 if outcome.repeated else 201, "body": shown.answer(outcome)}
    names = sheet_queries.criterion_names(current_user, public_id)
    facts = shown.refusal_facts(outcome, names)
    body = {"code": outcome.code, "detail": words.device_refusal_text(outcome, names), **facts}
    return {"status": words.status_of(outcome), "body": body}


def _browser() -> str:
    agent = request.user_agent.string
    for name in ("Edg", "OPR", "SamsungBrowser", "Firefox", "CriOS", "Chrome", "Safari"):
        if (at := agent.find(name + "/")) >= 0:
            return agent[at:].split(" ")[0].split(".")[0]
    return agent[:60]


@bp.get("/cham/phien")
@signed_in
def here() -> Response:
    """Who is signed in on this device, and the form token of now; past what the worker keeps."""
    return jsonify(owner=current_user.id, csrf=generate_csrf())


# What the judge's pages load. Modules import each other without the hash in their address.
_STYLES = (
    "vendor/bootstrap.min.css",
    *(f"css/{name}.css" for name in ("app", "parts", "staff", "sheet", "judging", "pages")),
)
_ICONS = ("icons/favicon.svg", "icons/seal.svg", "icons/sprite.svg")
_SCRIPTS = ("js", "js/judging")
_LIBRARIES = ("vendor/qr/index.js",)  # draws the codes of the last resort, when there is no line
WAIT = 3_000  # ms a page that is kept waits for a fresh one


def _scripts() -> list[str]:
    files = [file for folder in _SCRIPTS for file in sorted((FOLDER / folder).glob("*.js"))]
    files += [FOLDER / path for path in _LIBRARIES if (FOLDER / path).is_file()]
    return [f"/static/{file.relative_to(FOLDER).as_posix()}" for file in files]


@cache
def _config() -> dict[str, Any]:
    """What the worker is told; `version` changes with any file of the judge's app, and so does the worker."""
    assets = [static_url(path) for path in (*_STYLES, *_ICONS)]
    assets += _scripts()
    assets += [f"/static/vendor/fonts/{file.name}" for file in sorted((FOLDER / "vendor" / "fonts").glob("*.woff2"))]
    config = {"assets": assets, "offline": url_for("judging.offline"), "wait": WAIT}
    said = json.dumps(config).encode() + b"".join(map(_script, _scripts()))
    return {**config, "version": hashlib.sha256(said).hexdigest()[:8]}


def app_version() -> str:
    """Of the judge's app: its pages, scripts and styles as one."""
    return str(_config()["version"])


def _script(path: str) -> bytes:
    return (FOLDER / path.removeprefix("/static/")).read_bytes()


def own_seal() -> SealKey | None:
    """With what this page's script seals files; of this judge and this sign-in."""
    sign_in = current_session()
    if sign_in is None:
        return None
    return seal_key(current_user.id, sign_in.id, secret=current_app.config["SECRET_KEY"])


@bp.get("/cham-may.js")
@public
def worker() -> ResponseReturnValue:
    """The worker that serves /cham without a line. At the root, since a worker's reach is its own folder."""
    source = _script("/static/js/judging/worker.js").decode()
    response = make_response(f"const CONFIG = {json.dumps(_config())};\n{source}")
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/cham.webmanifest")
@public
def manifest() -> Response:
    """What makes the judge's pages an app on the tablet's home screen."""
    icon = {"src": static_url("icons/seal.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    response = jsonify(
        name=_("Dân vận khéo · Chấm thi"),
        short_name=_("Chấm thi"),
        id="/cham",
        start_url="/cham",
        scope="/cham",
        display="standalone",
        background_color="#ffffff",
        theme_color="#A61C1C",
        lang="vi",
        icons=[icon],
    )
    response.content_type = "application/manifest+json"
    return response


@bp.get("/cham/ngoai-tuyen")
@public
def offline() -> str:
    """What is shown without a line where nothing was kept."""
    return render_template("judging/offline.html")
