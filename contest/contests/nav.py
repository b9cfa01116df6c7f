"""The tabs of a contest's staff pages: only those the person may open, only those that exist."""

from __future__ import annotations

from flask import current_app, url_for
from flask_login import current_user

from contest.contests.models import Contest
from contest.rules.permissions import Action
from contest.web.language import _

A = Action
Tab = tuple[str, str, bool]

_BEFORE = (
    ("desk", "Bàn làm việc", "home.desk", frozenset(A)),
    ("setup", "Thiết lập", "contests.setup", {A.MANAGE_CONTEST}),
    ("rules", "Quy chế", "contests.rules", {A.MANAGE_CONTEST}),
    ("staff", "Nhân sự", "contests.staff", {A.MANAGE_STAFF}),
    ("intake", "Tiếp nhận", "entries.intake", {A.RECEIVE_ENTRIES, A.SCREEN_ENTRIES}),
    ("similar", "Bài giống nhau", "entries.similar", {A.SCREEN_ENTRIES, A.MANAGE_CONTEST}),
    ("codes", "Phách", "entries.codes", {A.DRAW_CODES, A.KEEP_CODES}),
)
_AFTER = (
    ("unblinding", "Khớp phách", "entries.unblinding", {A.KEEP_CODES, A.APPROVE_UNBLINDING}),
    ("prizes", "Xét giải", "results.prizes", {A.DECIDE_PRIZES}),
    ("papers", "Văn bản", "results.papers", {A.WRITE_MINUTES}),
    ("certificates", "Chứng nhận", "results.certificates", {A.GIVE_CERTIFICATES}),
)
_ROUND = (
    ("panel", "Giám khảo", "judging.panel", {A.ASSIGN_JUDGES}),
    ("board", "Tiến độ", "judging.board", {A.SEE_PROGRESS}),
    ("results", "Kết quả", "results.round", {A.SEE_RESULTS_DRAFT}),
)


def contest_tabs(contest: Contest, current: str) -> tuple[list[Tab], list[Tab]]:
    """(tabs, tabs of the round one is in), each (label, address, whether it is this page).

    current: the page's endpoint ("results.prizes") or its short name ("prizes"); for a page of a round with the
    round's key: "results.round:so-khao" or "results:so-khao".
    """
    held = {action for action in Action if current_user.is_authenticated and current_user.may(action, contest.scope)}
    page, _colon, key = current.partition(":")
    tabs = [
        _tab(label, endpoint, contest, page in (name, endpoint))
        for name, label, endpoint, need in _BEFORE
        if _open(endpoint, need, held)
    ]
    inside: list[Tab] = []
    for item in contest.rounds:
        its = [
            (
                _(label),
                url_for(endpoint, contest=contest.slug, key=item.key),
                page in (name, endpoint) and item.key == key,
            )
            for name, label, endpoint, need in _ROUND
            if _open(endpoint, need, held)
        ]
        if its:
            tabs.append((item.name, its[0][1], item.key == key))
        if item.key == key:
            inside = its
    tabs += [
        _tab(label, endpoint, contest, page in (name, endpoint))
        for name, label, endpoint, need in _AFTER
        if _open(endpoint, need, held)
    ]
    return tabs, inside


def _tab(label: str, endpoint: str, contest: Contest, here: bool) -> Tab:
    return _(label), url_for(endpoint, contest=contest.slug), here


def _open(endpoint: str, need: frozenset[Action] | set[Action], held: set[Action]) -> bool:
    return bool(need & held) and endpoint in current_app.view_functions
