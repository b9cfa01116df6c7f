"""Error pages: what is wrong, where, and how to go on."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from contest.db import db
from contest.web.guards import came_from
from contest.web.typed import typed_texts

KNOWN = frozenset({400, 401, 403, 404, 405, 413, 429, 500, 503})

# Behind the check of the form's token: nobody else can have a text shown here.
GIVES_BACK = frozenset({401, 403})


def init_errors(app: Flask) -> None:
    """Pages for people, problem documents for programs."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        return _answer(error.code or 500, error)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        app.logger.exception("%s %s", request.method, _place())
        db.session.rollback()
        if app.testing:
            raise error
        return _answer(500, None)


def _place() -> str:
    """Where it happened, for the log: the route and what fills it, but no token, which would sign its reader in."""
    names = {name: value for name, value in (request.view_args or {}).items() if name != "token"}
    return f"{request.url_rule} {names}" if request.url_rule is not None else "(no route)"


def _answer(code: int, error: HTTPException | None) -> Response:
    if error is not None and error.response is not None:
        return make_response(error.response)
    if wants_json():
        answer = jsonify(type="about:blank", status=code, title=error.name if error else "Internal Server Error")
        answer.content_type = "application/problem+json"
    else:
        answer = make_response(_page(code))
    answer.status_code = code
    if error is not None:
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
    return answer


def _page(code: int) -> str:
    name = f"errors/{code if code in KNOWN else 400}.html"
    if code in (500, 503):
        # Without the context processors: they look up the account in a database that may be what failed.
        return current_app.jinja_env.get_template(name).render(code=code)
    typed = typed_texts() if code in GIVES_BACK else []
    return render_template(name, code=code, typed=typed, before=came_from())


def wants_json() -> bool:
    """Whether the caller is a program: it sent JSON, asked for JSON, or called the API."""
    return request.is_json or request.accept_mimetypes.best == "application/json" or request.path.startswith("/api/")
