"""Pictures of pages, as they are handed to judges."""

from __future__ import annotations

from flask import Response, abort, make_response

from contest.storage import storage


def picture(key: str) -> Response:
    """A stored page picture. Like every private answer it is not kept: a next person's tablet shows nothing."""
    try:
        data = storage().read(key)
    except FileNotFoundError:
        abort(404)
    response = make_response(data)
    response.content_type = _media_type(data)
    return response


def _media_type(data: bytes) -> str:
    """By its first bytes."""
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/webp" if data[8:12] == b"WEBP" else "application/octet-stream"
