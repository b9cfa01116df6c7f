"""Pages about one's own account."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts import actions, queries
from contest.accounts.blueprint import bp
from contest.accounts.forms import PasswordForm, PersonForm
from contest.accounts.identity import current_session
from contest.accounts.models import Account
from contest.accounts.passwords import hashed, matches
from contest.accounts.words import ROLES
from contest.db import db, utcnow
from contest.rules import phones
from contest.web.guards import or_404, signed_in
from contest.web.language import _
from contest.web.limits import SIGN_IN, limiter, of_own_account


@bp.get("/chao-mung")
@signed_in
def welcome() -> ResponseReturnValue:
    """The account's code, large, once registered: for many it is the only way to come back."""
    target = request.args.get("next", "/")
    # Browsers drop tabs and line ends from an address: "/<tab>/elsewhere" leads elsewhere.
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return render_template("accounts/welcome.html", next=target if inside else "/")


@bp.get("/tai-khoan")
@signed_in
def account() -> ResponseReturnValue:
    return _page()


def _page(person: PersonForm | None = None, password: PasswordForm | None = None) -> str:
    own = current_user
    if person is None:
        person = PersonForm(
            formdata=None, full_name=own.full_name, email=own.email or "", post=own.post,
            phone=phones.display(own.phone) if own.phone else "",
        )  # fmt: skip
    return render_template(
        "accounts/account.html",
        person=person,
        password=password or PasswordForm(formdata=None),
        sign_ins=queries.sign_ins_of(own),
        here=current_session(),
        roles=[ROLES[grant.role] for grant in own.held()],
        unit=queries.unit_names([own.unit_id]).get(own.unit_id, own.unit_text),
        consent=queries.last_consent(own),
    )


@bp.post("/tai-khoan")
@signed_in
def change() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(person=form), 422
    person = form.person(unit_id=current_user.unit_id, unit_text=current_user.unit_text)
    try:
        actions.change_person(current_user, person, actor=current_user, now=utcnow())
    except actions.EmailTaken:
        db.session.rollback()
        form.email.errors = [_("Địa chỉ này thuộc một tài khoản khác.")]
        return _page(person=form), 422
    db.session.commit()
    flash(_("Đã lưu thông tin."), "ok")
    return redirect(url_for("accounts.account"))


@bp.post("/tai-khoan/mat-khau")
@limiter.limit(SIGN_IN, key_func=of_own_account)
@signed_in
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(password=form), 422
    account_id, stored, issued = current_user.id, current_user.password_hash, current_user.must_change_password
    keep = current_session()
    db.session.rollback()
    if not issued and not matches(form.present.data or "", stored):
        form.present.errors = [_("Mật khẩu hiện nay chưa đúng.")]
        return _page(password=form), 422
    new = hashed(form.password.data)
    own = db.session.get_one(Account, account_id)
    actions.set_password(own, new, must_change=False, keep=keep, actor=own, now=utcnow())
    db.session.commit()
    flash(_("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."), "ok")
    return redirect(url_for("accounts.account"))


@bp.post("/tai-khoan/thiet-bi/<int:sign_in_id>")
@signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    row = or_404(queries.sign_in_of(current_user, sign_in_id))
    actions.end_sign_in(row, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã đăng xuất thiết bị."), "ok")
    return redirect(url_for("accounts.account"))


@bp.post("/tai-khoan/thiet-bi")
@signed_in
def end_others() -> ResponseReturnValue:
    actions.end_other_sign_ins(current_user, keep=current_session(), actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã đăng xuất mọi thiết bị khác."), "ok")
    return redirect(url_for("accounts.account"))
