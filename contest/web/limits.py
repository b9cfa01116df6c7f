"""Rate limits: the one limiter of the app, and the limits that have names."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

SIGN_IN = "10 per minute; 60 per hour"
REGISTER = "10 per hour"
UPLOAD = "60 per hour"
LOOK_UP = "60 per minute"

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def init_limits(app: Flask) -> None:
    """Several processes share limits through Redis; one process keeps them in memory."""
    app.config["RATELIMIT_ENABLED"] = app.config["RATE_LIMITS"]
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"] or "memory://"
    # When Redis is away, people still sign in: each process counts for itself meanwhile.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(app.config["REDIS_URL"])
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    limiter.init_app(app)
