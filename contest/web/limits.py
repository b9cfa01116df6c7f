"""Rate limits: the one limiter of the app, and the limits that have names."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from flask import Flask, request
from flask_limiter import Limiter, RouteLimit
from flask_limiter.util import get_remote_address
from flask_login import current_user

# One account from one address. Whoever tries one account from many addresses meets the account's own pause.
SIGN_IN = "10 per minute; 60 per hour"
# All accounts from one address: a hall of judges, a school, a whole mobile network may stand behind it.
SIGN_IN_FROM_ONE_PLACE = "200 per minute; 1500 per hour"
REGISTER = "60 per 10 minutes; 200 per hour"
UPLOAD = "60 per hour"
LOOK_UP = "60 per minute"
# What is looked up by 256 random bits is not guessed at any rate; this only keeps the server free for others.
CARD = "300 per minute"

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def of_account_here() -> str:
    """The account that is typed, and the address it is typed at."""
    typed = request.form.get("identifier", "").strip().casefold()
    # Limits are kept in Redis and written to logs; phone numbers are not.
    return f"{get_remote_address()} {sha256(typed.encode()).hexdigest()[:20]}"


def of_own_account() -> str:
    return f"account:{current_user.id}"


def uploads(*, exempt_when: Callable[[], bool] | None = None, cost: int | Callable[[], int] = 1) -> RouteLimit:
    """The limit of one account's uploads, whichever page they come through."""
    return limiter.shared_limit(UPLOAD, "uploads", key_func=of_own_account, exempt_when=exempt_when, cost=cost)


def init_limits(app: Flask) -> None:
    """Several processes share limits through Redis; one process keeps them in memory."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"] or "memory://"
    # When Redis is away, people still sign in: each process counts for itself meanwhile.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(app.config["REDIS_URL"])
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    limiter.init_app(app)
    limiter.enabled = app.config["RATE_LIMITS"]
