"""Who is asking: from the cookie's token to the account, its grants and this sign-in.

The cookie holds a random token; the table holds its hash, so a stolen backup signs nobody in,
and ending a sign-in is one row, on any device.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account, LoginSession
from contest.db import READING, db, utcnow
from contest.rules.permissions import Action, Role, Scope

TOKEN = "sid"  # noqa: S105 (the name of a cookie key)
SEEN_EVERY = timedelta(minutes=10)


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor who has not signed in."""

    id: int | None = None
    full_name = ""
    language = ""

    def may(self, action: Action | str, scope: Scope | None = None) -> bool:
        return False

    def held(self) -> list[Any]:
        return []

    def has_role(self, roles: Any, scope: Scope) -> bool:
        return False


class CookieSessions(SecureCookieSessionInterface):
    """Secure cookies over https, plain ones on a hall's own http network, without a setting to forget."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def token_hash(token: str) -> str:
    """What the table keeps of a token. Tokens are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def current_session() -> LoginSession | None:
    """The sign-in this request came with."""
    # Flask-Login loads the account, and with it the sign-in, only when somebody asks.
    return g.get("login_session") if current_user.is_authenticated else None


def remember(token: str) -> None:
    """Put a sign-in's token into the cookie; everything else that was in it is forgotten."""
    keep = session.get("csrf_token")
    session.clear()
    if keep:
        session["csrf_token"] = keep
    session[TOKEN] = token
    session.permanent = True


def forget() -> None:
    session.clear()


def _load(_request: Any) -> Account | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    row = (
        db.session.execute(
            select(LoginSession)
            .options(joinedload(LoginSession.account).joinedload(Account.grants))
            .where(LoginSession.token_hash == token_hash(token), LoginSession.ended_at.is_(None))
        )
        .unique()
        .scalar_one_or_none()
    )
    now = utcnow()
    if row is None or row.expires_at <= now or not row.account.is_active:
        return None
    g.login_session = row
    if request.method not in READING and now - row.last_seen_at > SEEN_EVERY:
        row.expires_at = now + (row.expires_at - row.last_seen_at)
        row.last_seen_at = now
    return row.account


def init_identity(app: Flask) -> None:
    """Teach Flask-Login our sessions."""
    app.session_interface = CookieSessions()
    app.permanent_session_lifetime = timedelta(hours=app.config["SESSION_HOURS"])
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager()
    manager.session_protection = None
    manager.anonymous_user = Nobody
    manager.request_loader(_load)
    manager.init_app(app)
    app.jinja_env.globals["Action"] = Action
    app.jinja_env.globals["Role"] = Role
