"""Addresses as they stand outside the page: in QR codes, letters and printed receipts."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for


def public_address(endpoint: str, **values: Any) -> str:
    """The full address people reach a page at: under CONTEST_PUBLIC_URL, else as the request came."""
    base = current_app.config["PUBLIC_URL"]
    if base:
        return f"{base}{url_for(endpoint, **values)}"
    return url_for(endpoint, **values, _external=True)
