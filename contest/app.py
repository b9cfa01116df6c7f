"""create_app(): the only file that knows every room."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from flask_wtf import CSRFProtect
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from contest.accounts import views as accounts
from contest.accounts.identity import init_identity
from contest.campaigns import views as campaigns
from contest.config import load_config
from contest.contests import views as contests
from contest.db import db, init_db
from contest.entries import views as entries
from contest.home import views as home
from contest.judging import jobs as judging_jobs
from contest.judging import views as judging
from contest.results import jobs as results_jobs
from contest.results import views as results
from contest.storage import init_storage
from contest.units import views as units
from contest.web.errors import init_errors
from contest.web.guards import public
from contest.web.headers import init_headers
from contest.web.hosts import init_hosts
from contest.web.inputs import init_inputs
from contest.web.kept import init_kept
from contest.web.language import init_language
from contest.web.limits import init_limits, limiter
from contest.web.static import init_static
from contest.web.turns import init_turns

ROOT = Path(__file__).parent.parent
ROOMS = (home, accounts, units, campaigns, contests, entries, judging, results)

# Jobs register themselves by name when their file is read.
JOBS = (judging_jobs, results_jobs)

csrf = CSRFProtect()


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """Build the app. `settings` overrides what the environment says; tests use it.

    Touches no disk: whoever serves or opens the database calls config.make_instance (wsgi.py does).
    Raises contest.config.BadSettings when the environment is not understood.
    """
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping({**load_config(), **(settings or {})})
    init_inputs(app)
    init_hosts(app)
    _configure(app)
    init_db(app)
    init_storage(app)
    init_turns(app)
    csrf.init_app(app)
    init_limits(app)
    init_language(app)
    init_headers(app)
    init_kept(app)
    init_static(app)
    init_errors(app)
    init_identity(app)
    for room in ROOMS:
        for blueprint in room.blueprints():
            app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", healthz)
    return app


def _configure(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_REQUEST_MB"] * 1_000_000
    # Text typed into a form beside a file; Werkzeug's own limit of 500 kB is less than a long essay.
    app.config["MAX_FORM_MEMORY_SIZE"] = 4_000_000
    app.config["MAX_FORM_PARTS"] = 2_000
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # tied to the session; a drafted essay outlives an hour
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.logger.setLevel(app.config["LOG_LEVEL"])
    if app.config["TRUST_PROXY"]:
        hops = app.config["TRUST_PROXY"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


@limiter.exempt
@public
def healthz() -> Response:
    """200 when this process can serve and its database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:  # whatever keeps the database from answering, the answer is the same
        logging.getLogger(__name__).exception("healthz")
        answer = jsonify(status="unavailable")
        answer.status_code = 503
        return answer
    return jsonify(status="ok")
