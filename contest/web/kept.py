"""Public pages kept whole: drawn once per version, then served from memory with an ETag.

Only visitors without a session get a kept page: whoever is signed in has a menu and tokens of
their own. For a few seconds (CONTEST_PAGE_CACHE_SECONDS) a kept page is served without asking
the database at all; after that the view runs, and draws again only if the version has moved.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, current_app, make_response, request, session
from markupsafe import Markup

from contest.web.language import locale

# A few hundred pages of at most 100 kB; the least used go first, so that made-up addresses cannot fill memory.
CAPACITY = 300


@dataclass
class _Kept:
    version: str
    body: bytes
    etag: str
    checked: float


_pages: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
_lock = Lock()


def kept_page(key: str, version: str, render: Callable[[], str]) -> Response:
    """The page of this address: drawn by `render` unless this version of it is kept.

    key: what the page is of, such as "contest:17". version: changes with everything the page shows.
    """
    if not _is_anonymous():
        return make_response(render())
    where = (key, *_asked())
    kept = _pages.get(where)
    if kept is None or kept.version != version:
        body = render().encode()
        if session.modified:
            # A token or a message got into the page: it is this visitor's alone.
            return make_response(body)
        kept = _Kept(version, body, hashlib.sha256(body).hexdigest()[:20], 0.0)
    kept.checked = time.monotonic()
    with _lock:
        _pages[where] = kept
        _pages.move_to_end(where)
        _addresses[where[1:]] = where
        while len(_pages) > CAPACITY:
            oldest, _page = _pages.popitem(last=False)
            _addresses.pop(oldest[1:], None)
    return _answer(kept)


# From what a request shows at once to the page kept for it.
_addresses: dict[tuple[str, ...], tuple[str, ...]] = {}


def _asked() -> tuple[str, ...]:
    """What a request shows at once. The host too: pages print whole addresses, and anybody can send any host."""
    return (request.host_url, request.full_path, locale())


# Parts are smaller than pages, and fewer: the long table of each published result, in each language.
PARTS = 60
_parts: OrderedDict[tuple[str, ...], Markup] = OrderedDict()


def kept_part(key: str, render: Callable[[], str]) -> Markup:
    """A part of a page that is the same for everybody, in this language: drawn once for its key.

    key: says all the part shows, such as the hash of a document. render: HTML, escaped.
    """
    where = (key, locale())
    part = _parts.get(where)
    if part is None:
        part = Markup(render())  # noqa: S704 (drawn by a template)
        with _lock:
            _parts[where] = part
            while len(_parts) > PARTS:
                _parts.popitem(last=False)
    return part


def forget_pages() -> None:
    """Keep nothing: another database lies behind the same addresses now."""
    with _lock:
        _parts.clear()
        _pages.clear()
        _addresses.clear()


def _is_anonymous() -> bool:
    return request.method in ("GET", "HEAD") and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _answer(kept: _Kept) -> Response:
    response = Response(kept.body, mimetype="text/html")
    response.set_etag(kept.etag)
    # The browser keeps it too, but asks each time: a published result must not look unpublished.
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Cookie"
    response.make_conditional(request)
    return response


def _fresh() -> Response | None:
    """Before any view: the kept page, if it was checked a moment ago."""
    seconds = current_app.config["PAGE_CACHE_SECONDS"]
    if not seconds or not _is_anonymous():
        return None
    where = _addresses.get(_asked())
    kept = _pages.get(where) if where is not None else None
    if kept is None or time.monotonic() - kept.checked > seconds:
        return None
    return _answer(kept)


def init_kept(app: Flask) -> None:
    """Look for a kept page before anything else of a request is done."""
    app.before_request_funcs.setdefault(None, []).insert(0, _fresh)
