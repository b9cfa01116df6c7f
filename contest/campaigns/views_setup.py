"""A campaign's setup: a new year, and the same page again for every change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from contest.campaigns import actions, days, queries
from contest.campaigns.blueprint import bp
from contest.campaigns.forms import CampaignForm, form_of
from contest.campaigns.models import Campaign
from contest.db import db, utcnow
from contest.rules.deadlines import HANOI
from contest.rules.permissions import Action
from contest.web.guards import allow
from contest.web.language import _


@bp.route("/nam-moi", methods=["GET", "POST"])
@allow(Action.MANAGE_CAMPAIGN)
def new() -> ResponseReturnValue:
    """A new campaign."""
    form = form_of(None, year=utcnow().astimezone(HANOI).year)
    if not _is_complete(form):
        return _page(form, None)
    draft = form.draft()
    # Pressed twice, or in two windows: nobody could tell the two apart when giving out roles.
    if queries.namesake(draft.name, draft.year):
        form.name.errors = [
            _("Năm %(year)s đã có phong trào mang tên này. Hãy mở trang đó, hoặc đặt tên khác.", year=draft.year)
        ]
        return _page(form, None)
    campaign = actions.create_campaign(draft, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã lập %(name)s.", name=campaign.name), "ok")
    return redirect(url_for("campaigns.page", campaign=campaign.slug))


@bp.route("/nam/<campaign>/thiet-lap", methods=["GET", "POST"])
@allow(Action.MANAGE_CAMPAIGN)
def setup(campaign: Campaign) -> ResponseReturnValue:
    """What the year is about and what it rests on."""
    form = form_of(campaign, year=campaign.year)
    if not _is_complete(form):
        return _page(form, campaign)
    try:
        changed = actions.update_campaign(campaign, form.draft(), actor=current_user, now=utcnow())
        db.session.commit()
    except IntegrityError:
        # Only a field of work is referred to from elsewhere.
        db.session.rollback()
        form.fields_of_work.errors = [_("Lĩnh vực đã có bài dự thi thì không xóa được; có thể đổi tên.")]
        return _page(form, db.session.merge(campaign, load=True))
    flash(_("Đã lưu.") if changed else _("Không có gì thay đổi."), "ok")
    return redirect(url_for("campaigns.setup", campaign=campaign.slug))


def _is_complete(form: CampaignForm) -> bool:
    """Whether the form was sent to be kept; the buttons that add or remove a row send it too."""
    if form.is_submitted() and form.take_step(request.form.get("act", "")):
        return False
    return bool(form.validate_on_submit())


def _page(form: CampaignForm, campaign: Campaign | None) -> ResponseReturnValue:
    counted = [days.counted_from(row.form.origin.data, form.year.data) for row in form.anniversaries]
    page = render_template("campaigns/setup.html", form=form, campaign=campaign, counted=counted)
    return page, 422 if form.errors else 200
