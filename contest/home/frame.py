"""What the frame of every page shows: navigation, account links, the other language. No query for visitors."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user

from contest.contests.models import Contest
from contest.entries.own_actions import barred_role
from contest.rules.permissions import ALLOWED, Action, Role
from contest.web.language import LANGUAGES, _

Link = tuple[str, str, bool]

_OVERVIEW = {Action.SEE_OVERVIEW, Action.MANAGE_CAMPAIGN, Action.MANAGE_CONTEST}
# (label, endpoint, any of these actions somewhere; empty: everyone signed in)
_NAV: tuple[tuple[str, str, frozenset[Action]], ...] = (
    ("Trang chủ", "home.front", frozenset()),
    ("Bài của tôi", "entries.mine", frozenset()),
    ("Chấm bài", "judging.mine", frozenset({Action.MARK})),
    ("Tổng quan", "home.overview", frozenset(_OVERVIEW)),
    ("Đơn vị", "units.index", frozenset({Action.MANAGE_UNITS, *_OVERVIEW})),
    ("Tài khoản", "accounts.people", frozenset({Action.MANAGE_ACCOUNTS})),
)


def frame() -> dict[str, Any]:
    """For base.html. Everything is absent on a page that failed before anyone was known."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    signed_in = bool(current_user.is_authenticated)
    return {
        "service_name": _("Dân vận khéo"),
        "nav": _nav() if signed_in else [],
        "account_links": _links(("Tài khoản của tôi", "accounts.account"), ("Bài của tôi", "entries.mine")),
        "sign_in_url": "" if signed_in else _url("accounts.sign_in", next=here if here != "/" else None),
        "sign_out_url": _url("accounts.sign_out") if signed_in else "",
        "language_urls": {code: url_for("home.language", code=code, next=here) for code in LANGUAGES},
        "footer_links": _links(("Trang chủ", "home.front"), ("Tra cứu biên nhận", "entries.find_receipt")),
    }


def barred_from_entering(contest: Contest) -> bool:
    """Whether a role of the person's forbids entering this contest: they are not asked to. Nobody asks a visitor."""
    return bool(current_user.is_authenticated) and barred_role(contest, current_user) is not None


def held_anywhere() -> set[Action]:
    """Every action the person may do in some scope."""
    return {action for grant in current_user.held() for action in ALLOWED[grant.role]}


def _nav() -> list[Link]:
    held = held_anywhere()
    # Whoever only judges or keeps codes enters no work: no link to an empty page.
    staff = held and Role.UNIT_CONTACT not in {grant.role for grant in current_user.held()}
    links = []
    for label, endpoint, needs in _NAV:
        url = _url(endpoint)
        if not url or (needs and not needs & held) or (endpoint == "entries.mine" and staff):
            continue
        links.append((_(label), url, request.endpoint == endpoint))
    return links


def _links(*items: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_(label), url) for label, endpoint in items if (url := _url(endpoint))]


def _url(endpoint: str, **arguments: Any) -> str:
    """The address of a page, empty in an installation that does not have it."""
    return url_for(endpoint, **arguments) if endpoint in current_app.view_functions else ""
