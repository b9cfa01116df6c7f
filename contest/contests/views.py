"""Pages of the contests room: the public page, its picture to share, a new contest."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.campaigns.models import Campaign
from contest.contests import actions, markup, public, queries, views_rules, views_setup, views_staff, words
from contest.contests.blueprint import bp
from contest.contests.forms import NewForm, options
from contest.contests.models import Contest
from contest.contests.nav import contest_tabs
from contest.contests.templates_data import TEMPLATES, template_by_key
from contest.db import db, utcnow
from contest.documents.desk import qr_png
from contest.rules.deadlines import HANOI
from contest.rules.permissions import Action
from contest.web import guards
from contest.web.guards import allow
from contest.web.kept import kept_page
from contest.web.language import _

# Importing the other view files is what registers their pages.
PAGES = (views_setup, views_rules, views_staff)

guards.scope_loader("contest")(queries.contest_by_slug)


def blueprints() -> list[Blueprint]:
    return [bp]


# Globals, not a context processor: macros imported without context use them.
bp.add_app_template_global(contest_tabs, "contest_tab_items")


@bp.app_template_global("has_page")
def has_page(endpoint: str) -> bool:
    """Whether a page exists in this installation."""
    return endpoint in current_app.view_functions


@bp.get("/cuoc-thi/<contest>")
@guards.public
def page(contest: Contest) -> ResponseReturnValue:
    """The contest as everyone sees it; before it is announced only its staff do."""
    _visible_or_404(contest)
    now = utcnow()
    standing = public.standing(contest, now=now)
    # The page is kept while nothing it says changes: the version, the state to the minute, today's mark.
    said = f"{contest.version}:{standing.stage}:{standing.more}:{now.astimezone(HANOI):%Y%m%d}"
    return kept_page(f"contest:{contest.id}", said, lambda: _draw(contest, standing))


def _visible_or_404(contest: Contest) -> None:
    if contest.state == "draft" and not (current_user.is_authenticated and _is_staff(contest)):
        abort(404)


def _is_staff(contest: Contest) -> bool:
    return any(current_user.may(action, contest.scope) for action in (Action.MANAGE_CONTEST, Action.SEE_OVERVIEW))


def _draw(contest: Contest, standing: public.Standing) -> str:
    body = queries.rules_in_force(contest).body
    now = utcnow()
    url = public_address(contest)
    return render_template(
        "contests/page.html",
        contest=contest,
        standing=standing,
        answers=words.answers(contest, body),
        line=public.dates_line(contest, now=now),
        contents=markup.contents(contest.rules_html),
        url=url,
        picture=_address_of("contests.qr", contest),
        message=public.share_message(contest, body, url=url, now=now),
        closes=words.last_moment(contest.closes_at) if contest.closes_at else "",
    )


def public_address(contest: Contest) -> str:
    """The full address of the contest's page, as people reach it from outside."""
    return _address_of("contests.page", contest)


def _address_of(endpoint: str, contest: Contest) -> str:
    root = current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/")
    return f"{root}{url_for(endpoint, contest=contest.slug)}"


@bp.get("/cuoc-thi/<contest>/ma-qr.png")
@guards.public
def qr(contest: Contest) -> ResponseReturnValue:
    """The page's address as a picture to print and share."""
    _visible_or_404(contest)
    answer = current_app.response_class(_picture(public_address(contest)), mimetype="image/png")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    answer.headers["Content-Disposition"] = f'inline; filename="qr-{contest.slug}.png"'
    return answer


@lru_cache(maxsize=64)
def _picture(text: str) -> bytes:
    # Drawn in pure Python: too slow for each view, and the same for an address for ever.
    return qr_png(text, box=12)


@bp.route("/nam/<campaign>/cuoc-thi-moi", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def new(campaign: Campaign) -> ResponseReturnValue:
    """A contest from a template: name, dates and contact are all it asks for."""
    first = TEMPLATES[0]
    # The official name, in Vietnamese whatever language the page is in.
    form = NewForm(template=first.key, name=f"{first.contest_name} năm {campaign.year}")
    form.template.choices = options({template.key: template.name for template in TEMPLATES})
    template = template_by_key(form.template.data or "")
    ready = form.validate_on_submit() and template is not None
    # Pressed twice, or in two windows: entries would come to two contests nobody can tell apart.
    if ready and queries.has_namesake(campaign, form.name.data):
        form.name.errors = [_("Năm này đã có cuộc thi mang tên này. Hãy mở cuộc thi đó, hoặc đặt tên khác.")]
        ready = False
    if ready and template is not None:
        contest = actions.create_contest(
            campaign,
            template,
            name=form.name.data,
            level_name=form.level_name.data or "",
            contact=form.contact.data,
            dates=form.period(),
            actor=current_user,
            now=utcnow(),
        )
        db.session.commit()
        flash(_("Đã lập cuộc thi. Cuộc thi dùng được ngay; hãy xem lại các phần dưới đây trước khi công bố."), "ok")
        return redirect(url_for("contests.setup", contest=contest.slug))
    hints = {template.key: _(template.description) for template in TEMPLATES}
    page = render_template("contests/new.html", campaign=campaign, form=form, hints=hints)
    return page, 422 if form.is_submitted() else 200
