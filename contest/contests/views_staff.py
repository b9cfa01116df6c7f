"""Who works on a contest: roles, new accounts, sign-in cards for judges."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts import actions as accounts
from contest.accounts import queries as people
from contest.accounts.passwords import hashed, issued
from contest.contests import staff as actions
from contest.contests.blueprint import bp
from contest.contests.forms import AskForm, options
from contest.contests.forms_staff import CardsForm, GiveForm, PersonForm
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.documents.data import SignInCard as CardData
from contest.documents.desk import sign_in_cards_pdf
from contest.rules.permissions import Action, Role
from contest.web.guards import allow, or_404
from contest.web.inputs import whole_number
from contest.web.language import _
from contest.web.static import FOLDER

MANAGING = (Action.MANAGE_STAFF, Action.MANAGE_ACCOUNTS)
MOST_FOUND = 20


@bp.get("/cuoc-thi/<contest>/nhan-su")
@allow(*MANAGING)
def staff(contest: Contest) -> ResponseReturnValue:
    """Everyone who works on the contest, by role; the cards; whom one searched for."""
    return _page(contest)


@bp.post("/cuoc-thi/<contest>/nhan-su/giao")
@allow(*MANAGING)
def staff_give(contest: Contest) -> ResponseReturnValue:
    """Give a role to someone who has an account."""
    form = GiveForm()
    account = people.account_by_code((form.code.data or "").upper()) if form.validate_on_submit() else None
    if account is None or not account.is_active:
        flash(_("Không có tài khoản nào đang mở với mã ấy."), "bad")
        return _page(contest, give=form, status=422)
    if refused := _give(contest, account, Role(form.role.data)):
        flash(refused, "bad")
        return _page(contest, give=form, status=422)
    return _done(contest, account, Role(form.role.data))


@bp.post("/cuoc-thi/<contest>/nhan-su/nguoi-moi")
@allow(*MANAGING)
def staff_person(contest: Contest) -> ResponseReturnValue:
    """Make an account and give it a role at once."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(contest, person=form, status=422)
    role, password = Role(form.role.data), ""
    if role not in actions.JUDGES:  # judges come in with a card
        db.session.rollback()  # hashing takes its time: nobody waits for it
        password = issued()
    password_hash = hashed(password) if password else None
    try:
        account = accounts.create_account(
            form.person(), password_hash=password_hash, must_change=True, actor=current_user, now=utcnow()
        )
    except accounts.EmailTaken:
        db.session.rollback()
        form.email.errors = [_("Địa chỉ này đã có tài khoản. Hãy tìm theo tên ở trên.")]
        return _page(contest, person=form, status=422)
    if refused := _give(contest, account, role):
        flash(refused, "bad")
        return _page(contest, person=form, status=422)
    if not password:
        return _done(contest, account, role)
    db.session.commit()
    return _password_page(contest, account, password)


@bp.post("/cuoc-thi/<contest>/nhan-su/<int:grant_id>/mat-khau")
@allow(Action.MANAGE_STAFF)
def staff_password(contest: Contest, grant_id: int) -> ResponseReturnValue:
    """A first or a new password for someone of the staff, shown once; other devices are signed out."""
    or_404(actions.grant_in(contest, grant_id))
    db.session.rollback()
    password = issued()
    password_hash = hashed(password)
    account = or_404(actions.grant_in(contest, grant_id)).account
    try:
        actions.check_password(account, current_user)
    except actions.OpensTooMuch as refused:
        db.session.rollback()
        flash(
            _(
                "%(name)s còn có vai trò khác hoặc bài dự thi, nên chỉ quản trị hệ thống cấp lại mật khẩu được.",
                name=refused.name,
            ),
            "bad",
        )
        return redirect(url_for("contests.staff", contest=contest.slug))
    accounts.set_password(account, password_hash, must_change=True, keep=None, actor=current_user, now=utcnow())
    db.session.commit()
    return _password_page(contest, account, password)


def _password_page(contest: Contest, account: Any, password: str) -> ResponseReturnValue:
    """Shown once: the password is kept nowhere."""
    return render_template("contests/staff_password.html", contest=contest, account=account, password=password)


@bp.route("/cuoc-thi/<contest>/nhan-su/<int:grant_id>/thoi-giao", methods=["GET", "POST"])
@allow(*MANAGING)
def staff_take_back(contest: Contest, grant_id: int) -> ResponseReturnValue:
    """Ask once, then take a role back."""
    grant = or_404(actions.grant_in(contest, grant_id))
    if AskForm().validate_on_submit():
        try:
            actions.take_back(contest, grant, actor=current_user, now=utcnow())
        except actions.NotAllowed:
            db.session.rollback()
            flash(_("Vai trò này do quản trị hệ thống giao và thu hồi."), "bad")
            return redirect(url_for("contests.staff", contest=contest.slug))
        db.session.commit()
        flash(_("Đã thôi giao vai trò."), "ok")
        return redirect(url_for("contests.staff", contest=contest.slug))
    role = _(actions.ROLE_NAMES[Role(grant.role)])
    return render_template("contests/staff_take_back.html", contest=contest, grant=grant, role=role)


@bp.post("/cuoc-thi/<contest>/nhan-su/the")
@allow(Action.MANAGE_STAFF)
def staff_cards(contest: Contest) -> ResponseReturnValue:
    """Make sign-in cards and hand them out as a PDF: what their QR holds is kept nowhere."""
    chosen = [number for value in request.form.getlist("judges") if (number := whole_number(value)) is not None]
    now = utcnow()
    try:
        made = actions.make_cards(
            contest, chosen, minutes=current_app.config["CARD_MINUTES"], actor=current_user, now=now
        )
    except actions.OpensTooMuch as refused:
        db.session.rollback()
        flash(_too_strong(refused.name), "bad")
        return redirect(url_for("contests.staff", contest=contest.slug))
    if not made:
        flash(_("Hãy chọn ít nhất một giám khảo để làm thẻ."), "warn")
        return redirect(url_for("contests.staff", contest=contest.slug))
    cards = [_card(contest, item) for item in made]
    db.session.commit()
    answer = current_app.response_class(sign_in_cards_pdf(cards, fonts=_fonts()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="the-giam-khao-{contest.slug}.pdf"'
    return answer


@bp.post("/cuoc-thi/<contest>/nhan-su/the/<int:card_id>/thu-hoi")
@allow(Action.MANAGE_STAFF)
def staff_card_revoke(contest: Contest, card_id: int) -> ResponseReturnValue:
    """Withdraw a card; the device that used it is signed out."""
    card = or_404(people.card_in(contest.id, card_id))
    accounts.revoke_card(card, actor=current_user, now=utcnow())
    db.session.commit()
    if card.session_id is None:
        flash(_("Đã thu hồi thẻ. Chưa ai dùng thẻ này; từ nay thẻ không đăng nhập được nữa."), "ok")
    else:
        flash(_("Đã thu hồi thẻ. Máy đã dùng thẻ này phải đăng nhập lại."), "ok")
    return redirect(url_for("contests.staff", contest=contest.slug))


def _page(
    contest: Contest, *, give: GiveForm | None = None, person: PersonForm | None = None, status: int = 200
) -> ResponseReturnValue:
    found = actions.staff_of(contest)
    search = request.args.get("q", "").strip()
    now = utcnow()
    page = render_template(
        "contests/staff.html",
        contest=contest,
        found=[(role, _(actions.ROLE_NAMES[role]), grants) for role, grants in found.items()],
        above=actions.organisers_above(contest),
        search=search,
        people=people.people(search, "").rows[:MOST_FOUND] if search else [],
        give=give or GiveForm(formdata=None),
        person=person or PersonForm(formdata=None),
        judges=_judges(found),
        cards=[(card, accounts.card_state(card, now)) for card in people.cards_in(contest.id)],
        may_make_cards=current_user.may(Action.MANAGE_STAFF, contest.scope),
        roles=[(str(role), _(actions.ROLE_NAMES[role])) for role in actions.ROLES],
    )
    return page, status


def _judges(found: dict[Role, list[Any]]) -> CardsForm:
    form = CardsForm(formdata=None)
    names = {str(grant.account_id): grant.account.full_name for role in actions.JUDGES for grant in found[role]}
    form.judges.choices = options(names)
    return form


def _give(contest: Contest, account: Any, role: Role) -> str:
    """Give the role; when that is refused, undo everything and return the sentence that says why."""
    name = account.full_name
    try:
        actions.give(contest, account, role, actor=current_user, now=utcnow())
    except actions.NotAllowed:
        said = _("Vai trò này do quản trị hệ thống giao và thu hồi.")
    except accounts.HasEntered:
        said = _("%(name)s có bài dự thi trong cuộc thi này nên không làm giám khảo hoặc thư ký được.", name=name)
    except accounts.RolesClash as clash:
        said = _(
            "%(name)s đang là %(held)s nên không thể kiêm %(wanted)s trong cùng cuộc thi. "
            "Người biết tên tác giả hoặc điều hành cuộc thi không được chấm và giữ điểm.",
            name=name,
            held=_(actions.ROLE_NAMES[clash.held]).lower(),
            wanted=_(actions.ROLE_NAMES[clash.wanted]).lower(),
        )
    else:
        return ""
    db.session.rollback()
    return said


def _done(contest: Contest, account: Any, role: Role) -> ResponseReturnValue:
    name, code = account.full_name, account.code
    db.session.commit()
    said = _("Đã giao %(name)s làm %(role)s.", name=name, role=_(actions.ROLE_NAMES[role]).lower())
    flash(f"{said} {_('Mã tài khoản: %(code)s.', code=code)}", "ok")
    return redirect(url_for("contests.staff", contest=contest.slug))


def _too_strong(name: str) -> str:
    return _(
        "%(name)s còn giữ vai trò khác, thẻ QR sẽ mở cả vai trò ấy nên không làm được. "
        "Người này đăng nhập bằng mật khẩu.",
        name=name,
    )


def _card(contest: Contest, made: actions.NewCard) -> CardData:
    root = current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/")
    expires: datetime = made.card.expires_at
    return CardData(
        contest=contest.name,
        name=made.account.full_name,
        role=actions.ROLE_NAMES[made.role],
        qr_text=f"{root}{url_for('accounts.card', token=made.token)}",
        expires_at=expires,
        account_code=made.account.code,
        address=root,
    )


def _fonts() -> Path | None:
    fonts = FOLDER / "vendor" / "fonts"
    return fonts if fonts.is_dir() else None
