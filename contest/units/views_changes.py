"""Changing the tree: add, rename, merge, close. Each says from which day and on what basis."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.db import db, utcnow
from contest.rules.permissions import Action
from contest.units import actions, queries
from contest.units.blueprint import bp
from contest.units.forms import AddForm, CloseForm, MergeForm, RenameForm
from contest.units.models import Unit
from contest.web.forms import Form
from contest.web.guards import allow, or_404
from contest.web.language import _


@bp.route("/don-vi/moi", methods=["GET", "POST"])
@bp.route("/don-vi/<code>/them", methods=["GET", "POST"])
@allow(Action.MANAGE_UNITS)
def add(code: str | None = None) -> ResponseReturnValue:
    """A unit below this one, or a new root."""
    parent = or_404(queries.unit_by_code(code)) if code else None
    form = AddForm()
    kinds, levels = queries.kinds(), queries.levels()
    form.offer(list(kinds), list(levels))
    if not form.validate_on_submit():
        return _form_page("add", form, parent)
    unit = actions.add_unit(
        form.name.data,
        kind=next(kind for kind in kinds if kind.id == form.kind.data),
        level=next(level for level in levels if level.id == form.level.data),
        parent=parent,
        valid_from=form.valid_from.data,
        actor=current_user,
        now=utcnow(),
    )
    return _done(unit, _("Đã thêm %(name)s.", name=unit.name))


@bp.post("/don-vi/nap-danh-muc")
@allow(Action.MANAGE_UNITS)
def load() -> ResponseReturnValue:
    """Bring in the directory that comes with the service: kinds, levels and the province's units."""
    added = actions.load_units(actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã nạp %(count)s đơn vị.", count=added) if added else _("Danh mục đã nạp từ trước."), "ok")
    return redirect(url_for("units.index"))


@bp.route("/don-vi/<code>/doi-ten", methods=["GET", "POST"])
@allow(Action.MANAGE_UNITS)
def rename(code: str) -> ResponseReturnValue:
    """Another name from a day; the old one stays in every older record."""
    unit = or_404(queries.unit_by_code(code))
    form = RenameForm(name=unit.name)
    if not form.validate_on_submit():
        return _form_page("rename", form, unit)
    try:
        after = actions.rename_unit(
            unit, form.name.data, on=form.on.data, basis=form.basis.data or "", actor=current_user, now=utcnow()
        )
    except actions.WrongDay as wrong:
        return _wrong_day("rename", form, code, wrong.unit.name)
    return _done(after, _("Đã đổi tên thành %(name)s.", name=after.name))


@bp.route("/don-vi/<code>/sap-nhap", methods=["GET", "POST"])
@allow(Action.MANAGE_UNITS)
def merge(code: str) -> ResponseReturnValue:
    """Several units of this superior become a new one."""
    unit = or_404(queries.unit_by_code(code))
    form = MergeForm()
    kinds = queries.kinds()
    form.offer(
        [child for child in queries.subtree(unit) if child.parent_id == unit.id and not child.valid_to], list(kinds)
    )
    if not form.validate_on_submit():
        return _form_page("merge", form, unit)
    try:
        after = actions.merge_units(
            queries.units_by_ids(form.units.data),
            form.name.data,
            kind=next(kind for kind in kinds if kind.id == form.kind.data),
            on=form.on.data,
            basis=form.basis.data or "",
            actor=current_user,
            now=utcnow(),
        )
    except actions.WrongDay as wrong:
        return _wrong_day("merge", form, code, wrong.unit.name)
    return _done(after, _("Đã sáp nhập thành %(name)s.", name=after.name))


@bp.route("/don-vi/<code>/ket-thuc", methods=["GET", "POST"])
@allow(Action.MANAGE_UNITS)
def close(code: str) -> ResponseReturnValue:
    """The unit and all below it are no more from a day."""
    unit = or_404(queries.unit_by_code(code))
    form = CloseForm()
    if not form.validate_on_submit():
        return _form_page("close", form, unit)
    try:
        actions.close_unit(unit, on=form.on.data, basis=form.basis.data or "", actor=current_user, now=utcnow())
    except actions.WrongDay as wrong:
        return _wrong_day("close", form, code, wrong.unit.name)
    return _done(unit, _("Đã ghi ngày kết thúc của %(name)s.", name=unit.name))


def _form_page(step: str, form: Form, unit: Unit | None) -> ResponseReturnValue:
    page = render_template("units/change.html", step=step, form=form, unit=unit)
    return page, 422 if form.is_submitted() else 200


def _wrong_day(step: str, form: Form, code: str, name: str) -> ResponseReturnValue:
    db.session.rollback()
    form.on.errors = [_("Ngày này không nằm trong thời gian hoạt động của %(name)s.", name=name)]
    return _form_page(step, form, queries.unit_by_code(code))


def _done(unit: Unit, text: str) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "ok")
    return redirect(url_for("units.unit", code=unit.code))
