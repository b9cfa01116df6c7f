"""Setting a contest up: one page per topic, the check list, announcing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests import actions, markup, public, queries, words
from contest.contests.blueprint import bp
from contest.contests.checklist import checklist
from contest.contests.forms import (
    AskForm,
    CategoriesForm,
    DatesForm,
    InfoForm,
    LimitsForm,
    TextForm,
    dates_from,
    stored,
)
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.rules.permissions import Action
from contest.web.forms import Form
from contest.web.guards import allow
from contest.web.language import _


@bp.get("/cuoc-thi/<contest>/thiet-lap")
@allow(Action.MANAGE_CONTEST)
def setup(contest: Contest) -> ResponseReturnValue:
    """Everything about the contest at a glance, each part with the page that changes it."""
    now = utcnow()
    rules = queries.rules_in_force(contest)
    items = checklist(contest, rules.body, now=now)
    return render_template(
        "contests/setup.html",
        contest=contest,
        items=items,
        ready=all(item.done for item in items),
        rules=rules,
        answers=words.answers(contest, rules.body),
        standing=public.standing(contest, now=now),
        closes=words.last_moment(contest.closes_at) if contest.closes_at else "",
        how_many=words.capital(words.how_many(contest)),
        how_sent=words.how_sent(contest),
        prizes=words.prizes(rules.body),
        can_withdraw=actions.can_withdraw(contest, now=now),
    )


@bp.route("/cuoc-thi/<contest>/thiet-lap/thong-tin", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def setup_info(contest: Contest) -> ResponseReturnValue:
    form = InfoForm(obj=contest)
    if form.validate_on_submit():
        return _save(contest, _columns(form), part="info")
    body = queries.rules_in_force(contest).body
    unsaid = {
        "who": words.who(contest),
        "how_long": words.how_long(contest),
        "how_judged": words.how_judged(body),
        "prizes_text": words.prizes(body),
    }
    return _show("contests/setup_info.html", contest, form, unsaid=unsaid)


@bp.route("/cuoc-thi/<contest>/thiet-lap/the-le", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def setup_text(contest: Contest) -> ResponseReturnValue:
    """The full rules; the button "preview" shows them without saving."""
    form = TextForm(obj=contest)
    facts = words.facts(contest, queries.rules_in_force(contest).body)
    preview = ""
    if form.validate_on_submit():
        wrong = markup.unknown_places(form.rules_text.data, facts)
        if wrong:
            form.rules_text.errors = [_("Không có mục điền sẵn nào tên là: %(names)s.", names=", ".join(wrong))]
        elif "preview" not in request.form:
            return _save(contest, _columns(form), part="text")
        preview = markup.render(form.rules_text.data, facts)
    contents = markup.contents(preview)
    return _show("contests/setup_text.html", contest, form, preview=preview, contents=contents, places=list(facts))


@bp.post("/cuoc-thi/<contest>/thiet-lap/the-le/xem-truoc")
@allow(Action.MANAGE_CONTEST)
def setup_text_preview(contest: Contest) -> ResponseReturnValue:
    """The typed rules as HTML, for the preview beside the text."""
    form = TextForm()
    text = form.rules_text.data or ""
    facts = words.facts(contest, queries.rules_in_force(contest).body)
    return jsonify(html=markup.render(text[:100_000], facts), unknown=markup.unknown_places(text, facts))


@bp.route("/cuoc-thi/<contest>/thiet-lap/doi-tuong", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def setup_limits(contest: Contest) -> ResponseReturnValue:
    form = LimitsForm(obj=contest, data=None)
    if not form.is_submitted():
        form.open_to_public.data = "1" if contest.open_to_public else "0"
    if form.validate_on_submit():
        return _save(contest, form.values(), part="limits")
    return _show("contests/setup_limits.html", contest, form)


@bp.route("/cuoc-thi/<contest>/thiet-lap/thoi-gian", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def setup_dates(contest: Contest) -> ResponseReturnValue:
    """Dates; the deadline is shown in words before it is saved."""
    form = DatesForm(data=stored(dates_from(contest)))
    computed = ""
    if form.validate_on_submit():
        closes = form.closes_at()
        as_before = (closes, form.closes_kind.data) == (contest.closes_at, contest.closes_kind)
        if form.was_seen() or as_before:
            actions.set_marks_due(contest, form.marks_due(), actor=current_user, now=utcnow())
            return _save(contest, form.values(), part="dates")
        if closes is not None:
            form.seen.data = closes.isoformat()
            if form.closes_wording.data == contest.closes_wording:
                # Words that nobody touched must not outlive the date they spoke of.
                form.closes_wording.data = form.wording()
            computed = words.last_moment(closes)
    rounds = {item.key: item.name for item in contest.rounds}
    for row in form.due.entries:
        row.day.label.text = _("Chấm xong %(round)s", round=rounds.get(row.key.data, "").lower())
    current = words.last_moment(contest.closes_at) if contest.closes_at else ""
    return _show("contests/setup_dates.html", contest, form, computed=computed, current=current)


@bp.route("/cuoc-thi/<contest>/thiet-lap/the-loai", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def setup_categories(contest: Contest) -> ResponseReturnValue:
    before = {item.key: item.name for item in contest.categories}
    form = CategoriesForm(data=stored({"rows": [{"key": key, "name": name} for key, name in before.items()]}))
    if form.validate_on_submit() and "add" not in request.form:
        wanted = form.wanted() + form.unseen(contest.categories)
        try:
            actions.set_categories(contest, wanted, actor=current_user, now=utcnow())
        except actions.CategoryInUse as used:
            db.session.rollback()
            said = _("Đã có người dự thi chọn thể loại này nên không bỏ được; tên cũ còn đây. Đổi tên thì được.")
            form.give_back(used.names, said)
        except actions.NoCategoryLeft:
            said = _("Cuộc thi đã công bố phải còn ít nhất một thể loại để người dự thi chọn.")
            form.give_back(dict([*before.items()][:1]), said)
        else:
            kept = {key for key, _name in wanted}
            return _saved(contest, words.left_out(contest, [name for key, name in before.items() if key not in kept]))
    form.rows.append_entry()
    return _show("contests/setup_categories.html", contest, form)


@bp.route("/cuoc-thi/<contest>/cong-bo", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def announce(contest: Contest) -> ResponseReturnValue:
    """Ask once, then make the contest public."""
    if AskForm().validate_on_submit():
        try:
            actions.announce(contest, actor=current_user, now=utcnow())
        except actions.NotReady:
            db.session.rollback()
            flash(_("Chưa công bố được: còn mục chưa đủ."), "bad")
            return redirect(url_for("contests.setup", contest=contest.slug))
        db.session.commit()
        flash(_("Đã công bố cuộc thi. Hãy chia sẻ địa chỉ hoặc mã QR ở cuối trang."), "ok")
        return redirect(url_for("contests.page", contest=contest.slug))
    if contest.state != "draft":  # gone back to, or opened in another window
        flash(_("Cuộc thi đã được công bố."), "info")
        return redirect(url_for("contests.setup", contest=contest.slug))
    closes = words.last_moment(contest.closes_at) if contest.closes_at else ""
    return render_template("contests/announce.html", contest=contest, closes=closes)


@bp.route("/cuoc-thi/<contest>/thu-hoi-cong-bo", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def withdraw(contest: Contest) -> ResponseReturnValue:
    """Ask once, then hide an announced contest again; only before it takes entries."""
    if AskForm().validate_on_submit():
        try:
            actions.withdraw_announcement(contest, actor=current_user, now=utcnow())
        except actions.AlreadyOpen:
            db.session.rollback()
            flash(_("Cuộc thi đã mở nhận bài nên không thu hồi công bố được nữa."), "bad")
            return redirect(url_for("contests.setup", contest=contest.slug))
        db.session.commit()
        flash(_("Đã thu hồi công bố. Trang cuộc thi không còn hiện với mọi người."), "ok")
        return redirect(url_for("contests.setup", contest=contest.slug))
    return render_template("contests/withdraw.html", contest=contest)


def _columns(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


def _save(contest: Contest, values: Mapping[str, Any], *, part: str) -> ResponseReturnValue:
    actions.change_contest(contest, values, part=part, actor=current_user, now=utcnow())
    return _saved(contest)


def _saved(contest: Contest, more: str = "") -> ResponseReturnValue:
    db.session.commit()
    flash(f"{_('Đã lưu.')} {more}".strip(), "ok")
    return redirect(url_for("contests.setup", contest=contest.slug))


def _show(template: str, contest: Contest, form: Form, **more: Any) -> ResponseReturnValue:
    page = render_template(template, contest=contest, form=form, **more)
    return page, 422 if form.is_submitted() and (form.errors or form.form_errors) else 200
