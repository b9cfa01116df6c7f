"""Under which names the service answers while nobody has said which one is its own."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from contest.web.language import _

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def is_near(host: str) -> bool:
    """Whether a Host header names this machine or one beside it: a name or an address no stranger can own.

    Loopback, private and link-local addresses, names without a dot, and names ending in .local.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        address = ip_address(name)
    except ValueError:
        return bool(_NAME.fullmatch(name)) and ("." not in name or name.endswith((".local", ".localhost")))
    return address.is_private or address.is_loopback or address.is_link_local


def init_hosts(app: Flask) -> None:
    """Answer strangers' names only once CONTEST_PUBLIC_URL is set.

    Without it, addresses in QR codes, papers and letters are those of the request; whoever led an organiser here
    under a name of their own would have it printed on every certificate.
    """

    @app.before_request
    def _near_only() -> ResponseReturnValue | None:
        if current_app.config["PUBLIC_URL"] or request.endpoint == "healthz" or is_near(request.host):
            return None
        current_app.logger.warning("CONTEST_PUBLIC_URL is not set: a request for another host was refused")
        text = _("Máy chủ chưa được đặt địa chỉ công khai. Người quản trị cần đặt CONTEST_PUBLIC_URL rồi chạy lại.")
        return text, 421, {"Content-Type": "text/plain; charset=utf-8"}
