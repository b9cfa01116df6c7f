"""Pages of the administrator: people, their roles, their accounts."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts import actions, queries
from contest.accounts.blueprint import bp
from contest.accounts.forms import RoleForm, StaffForm
from contest.accounts.models import Account
from contest.accounts.passwords import hashed, issued
from contest.accounts.words import ROLES
from contest.db import db, utcnow
from contest.rules import phones
from contest.rules.permissions import Action, Role
from contest.web.guards import allow, or_404
from contest.web.language import _


@bp.get("/quan-tri/tai-khoan")
@allow(Action.MANAGE_ACCOUNTS)
def people() -> ResponseReturnValue:
    search, role = request.args.get("q", "")[:200], request.args.get("vai-tro", "")
    return render_template(
        "accounts/people.html", page=queries.people(search, role), search=search, role=role, roles=ROLES
    )


@bp.get("/quan-tri/tai-khoan/moi")
@allow(Action.MANAGE_ACCOUNTS)
def new_person() -> ResponseReturnValue:
    return render_template("accounts/new_person.html", form=StaffForm())


@bp.post("/quan-tri/tai-khoan/moi", endpoint="take_person")
@allow(Action.MANAGE_ACCOUNTS)
def take_person() -> ResponseReturnValue:
    form = StaffForm()
    if not form.validate_on_submit():
        return render_template("accounts/new_person.html", form=form), 422
    unit_id = form.found_unit
    db.session.rollback()
    password = issued()
    password_hash = hashed(password)
    try:
        account = actions.create_account(
            form.person(unit_id=unit_id),
            password_hash=password_hash,
            must_change=True,
            actor=current_user,
            now=utcnow(),
        )
    except actions.EmailTaken:
        db.session.rollback()
        form.email.errors = [_("Địa chỉ này thuộc một tài khoản khác.")]
        return render_template("accounts/new_person.html", form=form), 422
    db.session.commit()
    return _issued_page(account, password)


def _issued_page(account: Account, password: str) -> ResponseReturnValue:
    """Shown once: the password is kept nowhere."""
    return render_template("accounts/issued.html", account=account, password=password)


@bp.get("/quan-tri/tai-khoan/<code>")
@allow(Action.MANAGE_ACCOUNTS)
def person(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    return _person_page(account)


def _person_page(account: Account, form: RoleForm | None = None) -> str:
    unit_ids = [account.unit_id, *(grant.unit_id for grant in account.grants)]
    return render_template(
        "accounts/person.html",
        account=account,
        roles=ROLES,
        grants=account.grants,
        phone=phones.display(account.phone) if account.phone else "–",
        places=dict(_places()),
        units=queries.unit_names(unit_ids),
        sign_ins=queries.sign_ins_of(account),
        form=form or _role_form(),
    )


def _role_form() -> RoleForm:
    form = RoleForm()
    form.role.choices = [(role.value, ROLES[role]) for role in (*list(Role)[1:], Role.ADMIN)]
    form.place.choices = [(key, name) for key, name in _places()]
    return form


def _places() -> list[tuple[str, str]]:
    return [("all", _("Toàn hệ thống")), *queries.places()]


@bp.get("/quan-tri/tai-khoan/<code>/thong-tin")
@allow(Action.MANAGE_ACCOUNTS)
def edit_person(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    form = StaffForm(
        formdata=None, full_name=account.full_name, email=account.email or "", post=account.post,
        phone=phones.display(account.phone) if account.phone else "",
        unit_id=str(account.unit_id or ""),
        unit_name=queries.unit_names([account.unit_id]).get(account.unit_id or 0, ""),
    )  # fmt: skip
    return render_template("accounts/new_person.html", form=form, account=account)


@bp.post("/quan-tri/tai-khoan/<code>/thong-tin", endpoint="change_person")
@allow(Action.MANAGE_ACCOUNTS)
def change_person(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    form = StaffForm()
    if not form.validate_on_submit():
        return render_template("accounts/new_person.html", form=form, account=account), 422
    try:
        person = form.person(unit_id=form.found_unit, unit_text=account.unit_text)
        actions.change_person(account, person, actor=current_user, now=utcnow())
    except actions.EmailTaken:
        db.session.rollback()
        form.email.errors = [_("Địa chỉ này thuộc một tài khoản khác.")]
        return render_template("accounts/new_person.html", form=form, account=queries.account_by_code(code)), 422
    db.session.commit()
    flash(_("Đã lưu thông tin."), "ok")
    return redirect(url_for("accounts.person", code=code))


@bp.post("/quan-tri/tai-khoan/<code>/vai-tro")
@allow(Action.MANAGE_ACCOUNTS)
def give(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    form = _role_form()
    if account.id == current_user.id:
        # Else who administers accounts could make themselves judge of anything, and nobody would have agreed.
        flash(_("Không tự giao vai trò cho chính mình; xin một quản trị viên khác."), "bad")
        return redirect(url_for("accounts.person", code=code))
    if not form.validate_on_submit():
        return _person_page(account, form), 422
    kind, _colon, number = form.place.data.partition(":")
    scope = {f"{kind}_id": int(number)} if number else {}
    try:
        actions.give_role(
            account,
            Role(form.role.data),
            **scope,
            unit_id=form.unit_for_role(),
            campaign_of=queries.campaign_of(),
            entered=kind == "contest" and queries.has_entered(account, int(number)),
            actor=current_user,
            now=utcnow(),
        )
    except actions.RolesClash as clash:
        db.session.rollback()
        form.role.errors = [
            _(
                "Người này đang là %(held)s nên không thể đồng thời là %(wanted)s.",
                held=ROLES[clash.held],
                wanted=ROLES[clash.wanted],
            )
        ]
        return _person_page(or_404(queries.account_by_code(code)), form), 409
    except actions.HasEntered:
        db.session.rollback()
        form.role.errors = [_("Người này có bài dự thi trong cuộc thi nên không nhận vai trò này được.")]
        return _person_page(or_404(queries.account_by_code(code)), form), 409
    db.session.commit()
    flash(_("Đã giao vai trò."), "ok")
    return redirect(url_for("accounts.person", code=code))


@bp.post("/quan-tri/tai-khoan/<code>/vai-tro/<int:grant_id>/thu-hoi")
@allow(Action.MANAGE_ACCOUNTS)
def take_back(code: str, grant_id: int) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    grant = or_404(queries.grant_of(account, grant_id))
    if grant.account_id == current_user.id and grant.role == Role.ADMIN:
        # The last administrator must not lock everyone out by a slip of the thumb.
        flash(_("Không tự thu hồi vai trò quản trị của chính mình."), "bad")
        return redirect(url_for("accounts.person", code=code))
    actions.revoke_role(grant, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã thu hồi vai trò."), "ok")
    return redirect(url_for("accounts.person", code=code))


@bp.get("/quan-tri/tai-khoan/<code>/mat-khau")
@allow(Action.MANAGE_ACCOUNTS)
def ask_password(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    return render_template(
        "accounts/ask.html",
        account=account,
        action=url_for("accounts.issue_password", code=code),
        question=_("Cấp lại mật khẩu cho %(name)s?", name=account.full_name),
        effect=_("Mật khẩu cũ thôi dùng được và mọi thiết bị bị đăng xuất; mật khẩu mới hiện một lần."),
        yes=_("Cấp lại mật khẩu"),
    )


@bp.get("/quan-tri/tai-khoan/<code>/dong")
@allow(Action.MANAGE_ACCOUNTS)
def ask_close(code: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    return render_template(
        "accounts/ask.html",
        account=account,
        action=url_for("accounts.set_active", code=code, step="dong"),
        question=_("Đóng tài khoản của %(name)s?", name=account.full_name),
        effect=_("Người này bị đăng xuất ngay và không đăng nhập được nữa; bài và phiếu chấm vẫn được giữ."),
        yes=_("Đóng tài khoản"),
    )


@bp.post("/quan-tri/tai-khoan/<code>/mat-khau")
@allow(Action.MANAGE_ACCOUNTS)
def issue_password(code: str) -> ResponseReturnValue:
    or_404(queries.account_by_code(code))
    db.session.rollback()
    password = issued()
    password_hash = hashed(password)
    account = or_404(queries.account_by_code(code))
    actions.set_password(account, password_hash, must_change=True, keep=None, actor=current_user, now=utcnow())
    db.session.commit()
    return _issued_page(account, password)


@bp.post("/quan-tri/tai-khoan/<code>/<any('dong', 'mo'):step>")
@allow(Action.MANAGE_ACCOUNTS)
def set_active(code: str, step: str) -> ResponseReturnValue:
    account = or_404(queries.account_by_code(code))
    if account.id == current_user.id:
        abort(400)
    actions.set_active(account, step == "mo", actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã mở tài khoản.") if step == "mo" else _("Đã đóng tài khoản và đăng xuất mọi thiết bị."), "ok")
    return redirect(url_for("accounts.person", code=code))
