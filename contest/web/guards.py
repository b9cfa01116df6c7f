"""Who may open a page: every view carries exactly one of `public`, `signed_in`, `allow`.

`allow` also loads what the page is about. A URL argument named like a registered scope
(contest="viet-2024") is replaced by its row, so every view gets the row, and an unknown or
foreign one is a 404 before any of the view runs. tests/test_architecture.py walks the routes
and fails on a view without a guard.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.rules.permissions import EVERYWHERE, Action, Scope
from contest.web.inputs import split_address
from contest.web.typed import typed_texts

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Row = TypeVar("Row")


class Scoped(Protocol):
    """A row that says where it belongs: a contest, a campaign."""

    @property
    def scope(self) -> Scope: ...


_LOADERS: dict[str, Callable[[str], Scoped | None]] = {}


def scope_loader(argument: str) -> Callable[[Callable[[str], Any]], Callable[[str], Any]]:
    """Register how a URL argument of this name becomes a row. The room that has the table does it."""

    def register(loader: Callable[[str], Any]) -> Callable[[str], Any]:
        _LOADERS[argument] = loader
        return loader

    return register


def public(view: View) -> View:
    """Anyone may open this page."""
    return cast(View, _guarded(view, "public", lambda scope: None))


def signed_in(view: View) -> View:
    """Anyone who is signed in may open this page; the view's queries decide what they see."""
    return cast(View, _guarded(view, "signed_in", lambda scope: _need_account()))


def allow(*actions: Action) -> Callable[[View], View]:
    """Only who may do one of these actions, in the scope the URL names, may open this page."""

    def check(scope: Scope) -> ResponseReturnValue | None:
        refusal = _need_account()
        if refusal is None and not any(current_user.may(action, scope) for action in actions):
            abort(403)
        return refusal

    def decorate(view: View) -> View:
        return cast(View, _guarded(view, " | ".join(actions), check))

    return decorate


def _guarded(view: Any, guard: str, check: Callable[[Scope], ResponseReturnValue | None]) -> Any:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        scope = EVERYWHERE
        for name in [name for name in kwargs if name in _LOADERS]:
            row = _LOADERS[name](kwargs[name])
            if row is None:
                abort(404)
            kwargs[name] = row
            scope = row.scope
        refusal = check(scope)
        if refusal is not None:
            return refusal
        return current_app.ensure_sync(view)(*args, **kwargs)  # type: ignore[no-any-return]

    guarded.guard = guard  # type: ignore[attr-defined]
    return guarded


def _need_account() -> ResponseReturnValue | None:
    if current_user.is_authenticated:
        return None
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        abort(401)
    if typed_texts():
        abort(401)  # a page that gives it back: the sign-in page would have taken it away
    # Only a page can be come back to; what a form sent is not repeated after sign-in.
    target = request.full_path.rstrip("?") if request.method == "GET" else came_from()
    return redirect(url_for("accounts.sign_in", next=target))


def came_from() -> str:
    """The page of ours that a form was sent from, as a path, or the front page."""
    before = split_address(request.referrer)
    if before is None or before.netloc != request.host:
        return "/"
    return before.path + (f"?{before.query}" if before.query else "")


def or_404(row: Row | None) -> Row:
    """The row, or the page that says there is none."""
    if row is None:
        abort(404)
    return row
