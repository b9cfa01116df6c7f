"""Who is asking: from the cookie's token to the account, its grants and this sign-in.

The cookie holds a random token; the table holds its hash, so a stolen backup signs nobody in,
and ending a sign-in is one row, on any device.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.util import identity_key

from contest.accounts.models import Account, LoginSession, RoleGrant
from contest.db import READING, Base, db, read_once, utcnow
from contest.rules.permissions import Action, Role, Scope

TOKEN = "sid"  # noqa: S105 (the name of a cookie key)
SEEN_EVERY = timedelta(minutes=10)

Row = TypeVar("Row", bound=Base)


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


def sign_in_id() -> int | None:
    """The number of the sign-in this request came with, even when its row has been forgotten since."""
    row = current_session()
    return row.id if row is not None else None


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


_TABLES = (LoginSession.__table__, Account.__table__, RoleGrant.__table__)
_COLUMNS = [column for table in _TABLES for column in table.c]
_SIGN_IN = (
    select(*_COLUMNS)
    .select_from(LoginSession)
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)))
    .where(LoginSession.token_hash == bindparam("token"), LoginSession.ended_at.is_(None))
    .order_by(RoleGrant.id)
)


def _sign_in(token: str) -> LoginSession | None:
    """The sign-in of this token hash with its account and grants, as rows of this request's session.

    Every request asks this, so it goes past the mapper's loading, which costs as much as a save; and on its own,
    before the request's transaction: whoever is not let in must not have held the database.
    """
    rows = read_once(_SIGN_IN, {"token": token})
    if not rows:
        return None
    ends = [len(_TABLES[0].c), len(_TABLES[0].c) + len(_TABLES[1].c)]
    sign_in = _as_loaded(LoginSession, rows[0][: ends[0]])
    account = _as_loaded(Account, rows[0][ends[0] : ends[1]])
    set_committed_value(sign_in, "account", account)
    grants = [_as_loaded(RoleGrant, row[ends[1] :]) for row in rows if row[ends[1]] is not None]
    set_committed_value(account, "grants", grants)
    return sign_in


def _as_loaded(kind: type[Row], values: Sequence[Any]) -> Row:
    """A row as if the session had loaded it; the one it already has, when it has it."""
    known: Row | None = db.session.identity_map.get(identity_key(kind, values[0]))
    if known is not None and not instance_state(known).expired:
        return known
    columns = zip(kind.__table__.c.keys(), values, strict=True)
    if known is not None:
        for name, value in columns:
            set_committed_value(known, name, value)
        return known
    row = kind()
    row.__dict__.update(columns)  # at once: attribute by attribute took a tenth of a small page
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def _load(_request: Any) -> Account | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    row = _sign_in(token_hash(token))
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
