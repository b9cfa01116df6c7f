"""Pages of signing in and out, and of registering."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts import actions, queries, views_card, views_own, views_people
from contest.accounts.blueprint import bp
from contest.accounts.device import device_name
from contest.accounts.forms import RegisterForm, SignInForm
from contest.accounts.identity import current_session, forget, remember
from contest.accounts.models import Account
from contest.accounts.passwords import hashed, matches
from contest.accounts.words import CONSENT, CONSENT_VERSION
from contest.db import db, utcnow
from contest.web.errors import wants_json
from contest.web.guards import public
from contest.web.inputs import split_address
from contest.web.language import _
from contest.web.limits import REGISTER, SIGN_IN, SIGN_IN_FROM_ONE_PLACE, limiter, of_account_here


def blueprints() -> list[Blueprint]:
    """This room's pages: those below, and those of the files named here."""
    assert all(pages.bp is bp for pages in (views_own, views_card, views_people))
    return [bp]


@bp.before_app_request
def own_password_first() -> ResponseReturnValue | None:
    """Who signed in with an issued password sets an own one before anything else; a card asks nothing."""
    if request.endpoint in _BEFORE_OWN_PASSWORD or wants_json() or not current_user.is_authenticated:
        return None
    here = current_session()
    if not current_user.must_change_password or here is None or here.way != "password":
        return None
    return redirect(url_for("accounts.account"))


_BEFORE_OWN_PASSWORD = frozenset(
    {"accounts.account", "accounts.change_password", "accounts.sign_out", "accounts.card", "accounts.use_card",
     "home.language", "healthz"}
)  # fmt: skip


def _register_page(form: RegisterForm) -> str:
    return render_template("accounts/register.html", form=form, consent=CONSENT, next=request.values.get("next", ""))


def safe_next(target: str | None) -> str:
    """Where to go after signing in: an address of ours, or the front page."""
    parts = split_address(target)
    inside = parts is not None and (
        not parts.scheme and not parts.netloc and parts.path.startswith("/") and not (target or "").startswith("//")
    )
    clean = inside and "\\" not in (target or "") and all(letter.isprintable() for letter in target or "")
    return str(target) if clean else "/"


@bp.get("/dang-nhap")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


@bp.post("/dang-nhap", endpoint="take_sign_in")
@limiter.limit(SIGN_IN_FROM_ONE_PLACE)
@limiter.limit(SIGN_IN, key_func=of_account_here)
@public
def take_sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    now = utcnow()
    known = [
        (account.id, account.password_hash, account.locked_until)
        for account in queries.candidates(form.identifier.data)
    ]
    # Hashing takes an eighth of a second: nobody else's writing waits for it.
    db.session.rollback()
    right = [
        account_id
        for account_id, stored, locked in known or [(0, None, None)]
        if matches(form.password.data, stored) and not (locked is not None and locked > now)
    ]
    if len(right) != 1:
        if not right:
            actions.note_failure([account_id for account_id, *_rest in known], now=now)
            db.session.commit()
            # One sentence for all: a pause of its own would tell a stranger which accounts there are.
            return _refused(form, _("Tài khoản hoặc mật khẩu chưa đúng. Sai nhiều lần thì phải đợi đến 15 phút."))
        return _refused(form, _("Số này thuộc nhiều tài khoản. Hãy đăng nhập bằng mã tài khoản."))
    account = db.session.get_one(Account, right[0])
    _row, token = actions.open_sign_in(
        account, way="password", device=device_name(), hours=current_app.config["SESSION_HOURS"], now=now
    )
    db.session.commit()
    remember(token)
    return redirect(url_for("accounts.account") if account.must_change_password else safe_next(form.next.data))


def _refused(form: SignInForm, text: str) -> ResponseReturnValue:
    form.form_errors = [text]
    return render_template("accounts/sign_in.html", form=form), 422


@bp.post("/dang-xuat")
@public
def sign_out() -> ResponseReturnValue:
    row = current_session()
    if row is not None:
        actions.end_sign_in(row, actor=current_user, now=utcnow())
        db.session.commit()
    forget()
    flash(_("Đã đăng xuất."), "ok")
    return redirect("/")


@bp.get("/dang-ky")
@public
def register() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.account"))
    return _register_page(RegisterForm())


@bp.post("/dang-ky", endpoint="take_registration")
@limiter.limit(REGISTER)
@public
def take_registration() -> ResponseReturnValue:
    form = RegisterForm()
    if not form.validate_on_submit():
        return _register_page(form), 422
    password_hash, now = hashed(form.password.data), utcnow()
    try:
        account = actions.create_account(
            form.person(unit_id=form.found_unit, unit_text=form.other_unit),
            password_hash=password_hash,
            must_change=False,
            actor=None,
            now=now,
        )
    except actions.EmailTaken:
        db.session.rollback()
        form.email.errors = [_("Địa chỉ này đã có tài khoản. Hãy đăng nhập, hoặc dùng địa chỉ khác.")]
        return _register_page(form), 422
    actions.agree(account, version=CONSENT_VERSION, text=CONSENT.text, channel="web", now=now)
    _row, token = actions.open_sign_in(
        account, way="password", device=device_name(), hours=current_app.config["SESSION_HOURS"], now=now
    )
    db.session.commit()
    remember(token)
    return redirect(url_for("accounts.welcome", next=safe_next(request.form.get("next"))))
