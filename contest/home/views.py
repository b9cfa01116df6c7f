"""The front page, the organiser's overview, a contest's desk, a campaign's public page, the other language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts.views import safe_next
from contest.campaigns.blueprint import bp as campaigns_bp
from contest.campaigns.days import anniversaries_in
from contest.campaigns.models import Campaign
from contest.campaigns.queries import campaigns
from contest.contests.models import Contest
from contest.contests.public import Standing, standing
from contest.contests.queries import contests_of
from contest.db import utcnow
from contest.entries import typed_units_queries
from contest.home import charts, queries, steps
from contest.home import overview as lists
from contest.home.frame import barred_from_entering, frame, held_anywhere
from contest.rules.permissions import Action
from contest.web.guards import public, signed_in
from contest.web.kept import kept_page
from contest.web.language import COOKIE, LANGUAGES

bp = Blueprint("home", __name__)
bp.app_context_processor(frame)
bp.add_app_template_global(barred_from_entering)

ORGANISING = (Action.MANAGE_CAMPAIGN, Action.MANAGE_CONTEST, Action.SEE_OVERVIEW)
Standings = list[tuple[Contest, Standing]]


def blueprints() -> list[Blueprint]:
    return [bp]


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """This year: what it is about, its contests and the one thing to do in each; for staff, their own work first."""
    years, now = campaigns(), utcnow()
    standings = _standings(years[0], now=now) if years else []
    if current_user.is_authenticated:
        return _front(years, standings, _my_work(now))
    said = ":".join([_version(years[0] if years else None, standings), *(f"{row.id}.{row.version}" for row in years)])
    return kept_page("front", said, lambda: _front(years, standings, None))


def _front(years: Sequence[Campaign], standings: Standings, work: dict[str, object] | None) -> str:
    """years: newest first; the newest is this year's page."""
    campaign = years[0] if years else None
    return render_template(
        "home/front.html",
        campaign=campaign,
        earlier=years[1:],
        days=anniversaries_in(campaign) if campaign is not None else [],
        standings=standings,
        work=work,
        may_begin=work is not None and current_user.may(Action.MANAGE_CAMPAIGN),
    )


def _standings(campaign: Campaign, *, now: datetime) -> Standings:
    return [(contest, standing(contest, now=now)) for contest in contests_of(campaign)]


def _version(campaign: Campaign | None, standings: Standings) -> str:
    """Changes with everything the page shows: the state lines to the minute too."""
    own = f"{campaign.id}.{campaign.version}" if campaign is not None else "-"
    return ":".join([own, *(f"{contest.id}.{contest.version}.{its.stage}.{its.more}" for contest, its in standings)])


def _my_work(now: datetime) -> dict[str, object]:
    """What waits for this person: sheets to mark, and the next step in each contest they work in."""
    contests = queries.staffed_contests(current_user)
    figures = queries.figures_of(contests)
    anywhere = held_anywhere()
    sheets = queries.sheets_to_mark(current_user) if Action.MARK in anywhere else {}
    rows = []
    for contest in contests:
        held = queries.actions_in(current_user, contest)
        task = _existing(steps.tasks_of(contest, figures[contest.id], now=now), held, contest.id in sheets)
        rows.append((contest, standing(contest, now=now), task))
    return {"contests": rows, "sheets": sum(sheets.values()), "judges": Action.MARK in anywhere, "held": anywhere}


def _existing(tasks: list[steps.Task], held: frozenset[Action], has_sheets: bool) -> steps.Task | None:
    """The person's next step. has_sheets: has sheets left to mark; whoever sent all has none of the marking left."""
    open_to = [task for task in tasks if has_sheets or task.endpoint != "judging.mine"]
    return steps.first_for([task for task in open_to if task.endpoint in current_app.view_functions], held)


@campaigns_bp.get("/nam/<campaign>", endpoint="page")
@public
def campaign_page(campaign: Campaign) -> ResponseReturnValue:
    """A year as everyone sees it. Drawn here, because it lists the contests, a later room than campaigns."""
    manages = current_user.is_authenticated and any(current_user.may(a, campaign.scope) for a in ORGANISING)
    if not campaign.is_public and not manages:
        abort(404)
    now = utcnow()
    rows = [(contest, standing(contest, now=now)) for contest in contests_of(campaign, drafts=manages)]

    def draw() -> str:
        days = anniversaries_in(campaign)
        return render_template("campaigns/page.html", campaign=campaign, days=days, standings=rows, manages=manages)

    answer = kept_page(f"campaign:{campaign.id}", _version(campaign, rows), draw)
    if not campaign.is_public:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/tong-quan")
@signed_in
def overview() -> ResponseReturnValue:
    """Everything one organises or follows: what is due, late, clashing, running; below, drawn."""
    contests = [
        contest
        for contest in queries.staffed_contests(current_user)
        if any(current_user.may(action, contest.scope) for action in ORGANISING)
    ]
    if not contests and not {*ORGANISING} & held_anywhere():
        abort(403)
    figures = queries.figures_of(contests)
    now = utcnow()
    year = max((row.campaign.year for row in contests), default=None)
    own = [row for row in campaigns(drafts=True) if current_user.may(Action.MANAGE_CAMPAIGN, row.scope)]
    return render_template(
        "home/overview.html",
        lists=lists.lists_of(contests, figures, thirds=queries.third_markers(contests), now=now),
        contests=contests,
        figures=figures,
        year=year,
        chart=charts.chart_of(queries.arrivals([row for row in contests if row.campaign.year == year])),
        campaigns=own,
        may_begin=current_user.may(Action.MANAGE_CAMPAIGN),
        views=set(current_app.view_functions),
    )


@bp.get("/cuoc-thi/<contest>/ban-lam-viec")
@signed_in
def desk(contest: Contest) -> ResponseReturnValue:
    """Where the contest stands, and the one step that is this person's to take."""
    held = queries.actions_in(current_user, contest)
    if not held:
        abort(403)
    now = utcnow()
    figures = queries.figures_of([contest])[contest.id]
    tasks = steps.tasks_of(contest, figures, now=now)
    return render_template(
        "home/desk.html",
        contest=contest,
        standing=standing(contest, now=now),
        steps=steps.steps_of(contest, figures, now=now),
        figures=figures,
        task=_existing(tasks, held, Action.MARK in held and contest.id in queries.sheets_to_mark(current_user)),
        waiting=tasks[0] if tasks else None,
        sees_counts=bool(held - {Action.MARK}),
        typed_units=typed_units_queries.how_many(contest)
        if held & {Action.RECEIVE_ENTRIES, Action.MANAGE_CONTEST}
        else 0,
    )


@bp.get("/ngon-ngu/<any(vi, en):code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Remember the language for a year in a cookie and go back; nothing else is kept."""
    assert code in LANGUAGES
    answer = make_response(redirect(safe_next(request.args.get("next")) or url_for("home.front")))
    answer.set_cookie(
        COOKIE, code, max_age=timedelta(days=365), samesite="Lax", httponly=True, secure=request.is_secure
    )
    return answer
