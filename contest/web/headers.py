"""Security headers on every answer, and how long each kind of answer may be kept."""

from __future__ import annotations

from flask import Flask, Response, request

CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)


def init_headers(app: Flask) -> None:
    """Set the headers after each request. Own code: the ready-made package breaks sign-in on plain http."""

    @app.after_request
    def _secure(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        # A token in an address must not turn up in the next request's Referer, and so in some log.
        headers["Referrer-Policy"] = "strict-origin" if "token" in (request.view_args or ()) else "same-origin"
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        # Borrowed tablets and shared phones: the back button must not show the last person's page.
        # `send_file` says "no-cache", which lets a browser keep the file: only what is public may be kept.
        if not headers.get("Cache-Control", "").startswith("public"):
            headers["Cache-Control"] = "private, no-store"
        return response
