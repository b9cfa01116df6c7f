"""Units in authors' own words: alike ones together, each with a unit of the directory. No page here names a person."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts.forms import UnitField
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.entries import typed_units_actions, typed_units_queries
from contest.entries.blueprint import bp
from contest.rules.permissions import Action
from contest.web.guards import allow
from contest.web.inputs import whole_number
from contest.web.language import _

MATCHERS = (Action.RECEIVE_ENTRIES, Action.MANAGE_CONTEST)


@bp.get("/cuoc-thi/<contest>/don-vi-khai-chu")
@allow(*MATCHERS)
def typed_units(contest: Contest) -> ResponseReturnValue:
    return _page(contest, request.args.get("ten", "")[:200])


def _page(contest: Contest, core: str, form: UnitField | None = None, ticked: list[str] | None = None) -> str:
    """core: of the group that is open, none when no such group waits."""
    groups = typed_units_queries.alike(contest)
    chosen = next((group for group in groups if group.core == core), None)
    if form is None:
        unit = chosen.proposed if chosen else None
        form = UnitField(formdata=None, unit_name=unit.name if unit else "", unit_id=str(unit.id) if unit else "")
    return render_template(
        "entries/typed_units.html",
        contest=contest,
        groups=groups[: typed_units_queries.MOST_GROUPS],
        rest=max(0, len(groups) - typed_units_queries.MOST_GROUPS),
        chosen=chosen,
        ticked=ticked if ticked is not None else chosen.texts if chosen else [],
        form=form,
        matched=typed_units_queries.matched(contest),
    )


@bp.post("/cuoc-thi/<contest>/don-vi-khai-chu")
@allow(*MATCHERS)
def match_units(contest: Contest) -> ResponseReturnValue:
    form, asked = UnitField(), set(request.form.getlist("text"))
    texts = [text for group in typed_units_queries.alike(contest) for text in group.texts if text in asked]
    if not form.validate_on_submit() or form.found_unit is None or not texts:
        if not form.unit_name.errors:
            gap = _("Hãy đánh dấu ít nhất một tên.") if form.found_unit else _("Hãy chọn đơn vị trong danh mục.")
            form.unit_name.errors = [gap]
        return _page(contest, request.form.get("ten", "")[:200], form, texts), 422
    works = typed_units_actions.match_units(contest, texts, unit_id=form.found_unit, actor=current_user, now=utcnow())
    name = form.unit_name.data
    db.session.commit()
    flash(_("Đã ghép %(count)s bài với %(name)s.", count=works, name=name), "ok")
    return redirect(url_for("entries.typed_units", contest=contest.slug), 303)


@bp.post("/cuoc-thi/<contest>/don-vi-khai-chu/bo-ghep")
@allow(*MATCHERS)
def unmatch_units(contest: Contest) -> ResponseReturnValue:
    works = typed_units_actions.unmatch_units(
        contest, request.form.get("text", ""), unit_id=whole_number(request.form.get("unit")) or 0,
        actor=current_user, now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Đã bỏ ghép %(count)s bài; tên đã khai chờ ghép lại.", count=works), "ok")
    return redirect(url_for("entries.typed_units", contest=contest.slug), 303)
