"""Static files: served by WhiteNoise, addressed with a hash so that they may be kept for ever."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from contest.assets import compress_all

FOLDER = Path(__file__).parent.parent / "static"
FONTS = FOLDER / "vendor" / "fonts"  # TTFs for PDFs; missing until set-up has run


@cache
def _digest(path: str) -> str:
    file = FOLDER / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "missing"


def static_url(path: str) -> str:
    """/static/css/app.css?v=…: changes when the file does."""
    return f"/static/{path}?v={_digest(path)}"


def _revalidate_modules(headers: Headers, path: str, url: str) -> None:
    # Modules import each other by plain name, without the hash that makes keeping them for ever safe.
    if url.startswith(("/static/js/", "/static/vendor/qr/")):
        headers["Cache-Control"] = "public, no-cache"


def init_static(app: Flask) -> None:
    """Put WhiteNoise before the app: static files never reach a view."""
    # A compressed copy older than its file would be served, and kept for ever, under the new file's address.
    with suppress(OSError):  # a folder nobody may write in is as its packager left it
        compress_all(FOLDER)
    app.jinja_env.globals["static_url"] = static_url
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(FOLDER),
        prefix="static/",
        max_age=31_536_000,
        autorefresh=app.debug or app.testing,
        add_headers_function=_revalidate_modules,
    )
