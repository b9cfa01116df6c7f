"""The numbered rule sets: reading them, editing the draft, putting it in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests import actions_rules, drafting, queries, words_rules
from contest.contests.blueprint import bp
from contest.contests.forms import AskForm, stored
from contest.contests.forms_rules import (
    EnforceForm,
    PrizesForm,
    RoundForm,
    TotalForm,
    prizes_data,
    round_data,
    total_data,
)
from contest.contests.models import Contest, RuleSet
from contest.db import db, utcnow
from contest.rules import rule_sets
from contest.rules.permissions import Action
from contest.rules.rule_sets import Body, Problem
from contest.rules.severity import LEAST_ENTRIES, LEAST_JUDGES
from contest.web.forms import Form
from contest.web.guards import allow, or_404
from contest.web.language import _


@bp.get("/cuoc-thi/<contest>/quy-che")
@allow(Action.MANAGE_CONTEST)
def rules(contest: Contest) -> ResponseReturnValue:
    """The rules in force in words, the draft if there is one, and all numbers so far."""
    numbers = queries.rule_sets_of(contest)
    in_force = next((item for item in numbers if item.frozen_at), None)
    draft = numbers[0] if numbers[0].frozen_at is None else None
    shown = draft or in_force or numbers[0]
    return render_template(
        "contests/rules.html",
        contest=contest,
        numbers=numbers,
        in_force=in_force,
        draft=draft,
        shown=shown,
        described=describe(shown.body),
        differences=_differences(in_force, draft),
    )


@bp.get("/cuoc-thi/<contest>/quy-che/<int:number>")
@allow(Action.MANAGE_CONTEST)
def rules_number(contest: Contest, number: int) -> ResponseReturnValue:
    """One numbered rule set, with what it changed."""
    numbers = queries.rule_sets_of(contest)
    shown = or_404(next((item for item in numbers if item.number == number), None))
    before = next((item for item in numbers if item.number == number - 1), None)
    return render_template(
        "contests/rules_number.html",
        contest=contest,
        shown=shown,
        described=describe(shown.body),
        differences=_differences(before, shown),
    )


@bp.route("/cuoc-thi/<contest>/quy-che/vong/<key>", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def rules_round(contest: Contest, key: str) -> ResponseReturnValue:
    """How one round of the draft is judged."""
    body = _draft_body(contest)
    item = or_404(next((item for item in body["rounds"] if item["key"] == key), None))
    form = RoundForm(data=stored(round_data(item)))
    form.offer_ties(words_rules.tiebreak_choices(body, key=key), item["tiebreaks"])
    last = item is body["rounds"][-1]
    if form.validate_on_submit() and "add" not in request.form:
        made = drafting.with_round(body, key, form.item(item, last=last))
        if saved := _save(contest, form, made):
            return saved
    form.criteria.append_entry()
    return _show(
        "contests/rules_round.html",
        contest,
        form,
        round=item,
        last=last,
        sentences=words_rules.round_sentences(body, key),
        least_judges=LEAST_JUDGES,
        least_entries=LEAST_ENTRIES,
    )


@bp.route("/cuoc-thi/<contest>/quy-che/cach-tinh", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def rules_total(contest: Contest) -> ResponseReturnValue:
    """Which rounds there are, and how places come of them."""
    body = _draft_body(contest)
    form = TotalForm(data=stored(total_data(body)))
    form.offer_ties(words_rules.tiebreak_choices(body), body["tiebreaks"])
    if form.validate_on_submit() and "add" not in request.form:
        made = drafting.with_rounds(body, form.wanted_rounds()) if form.wanted_rounds() else {**body, "rounds": []}
        made = drafting.with_total(
            made,
            combine=form.combine.data,
            rounding=form.places(),
            pools=form.pools.data,
            tiebreaks=form.chosen_ties(),
        )
        if saved := _save(contest, form, made):
            return saved
    form.rounds.append_entry()
    return _show("contests/rules_total.html", contest, form)


@bp.route("/cuoc-thi/<contest>/quy-che/giai-thuong", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def rules_prizes(contest: Contest) -> ResponseReturnValue:
    body = _draft_body(contest)
    form = PrizesForm(data=stored(prizes_data(body)))
    if form.validate_on_submit() and "add" not in request.form:
        made = drafting.with_prizes(body, form.prize_items(), form.other_items())
        if saved := _save(contest, form, made):
            return saved
    form.prizes.append_entry()
    form.others.append_entry()
    return _show("contests/rules_prizes.html", contest, form)


@bp.post("/cuoc-thi/<contest>/quy-che/so-moi")
@allow(Action.MANAGE_CONTEST)
def rules_start(contest: Contest) -> ResponseReturnValue:
    """Begin the next number as a copy of the rules in force."""
    draft = actions_rules.start_number(contest, actor=current_user, now=utcnow())
    db.session.commit()
    flash(_("Đã mở bản nháp quy chế số %(number)s. Quy chế đang áp dụng vẫn giữ nguyên.", number=draft.number), "ok")
    return redirect(url_for("contests.rules", contest=contest.slug))


@bp.route("/cuoc-thi/<contest>/quy-che/bo-nhap", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def rules_drop(contest: Contest) -> ResponseReturnValue:
    """Ask once, then give the draft up."""
    if AskForm().validate_on_submit():
        actions_rules.drop_draft(contest, actor=current_user, now=utcnow())
        db.session.commit()
        flash(_("Đã bỏ bản nháp. Quy chế đang áp dụng không thay đổi."), "ok")
        return redirect(url_for("contests.rules", contest=contest.slug))
    return render_template("contests/rules_drop.html", contest=contest)


@bp.route("/cuoc-thi/<contest>/quy-che/ap-dung", methods=["GET", "POST"])
@allow(Action.MANAGE_CONTEST)
def rules_enforce(contest: Contest) -> ResponseReturnValue:
    """Show what the draft changes, ask for the reason, and put it in force."""
    draft = queries.draft_of(contest)
    if draft is None:
        return redirect(url_for("contests.rules", contest=contest.slug))
    form = EnforceForm()
    if form.validate_on_submit():
        try:
            rules = actions_rules.enforce(
                contest, seen=form.seen.data or "", reason=form.reason.data or "", actor=current_user, now=utcnow()
            )
        except (
            actions_rules.DraftChanged, actions_rules.ReasonMissing, actions_rules.RulesUnsound,
            actions_rules.RoundBegun, actions_rules.TalksChanged, actions_rules.RoundLocked,
            actions_rules.ResultsOut,
        ) as refused:  # fmt: skip
            db.session.rollback()
            form.form_errors += _sentences(refused, draft.body)
        else:
            db.session.commit()
            flash(_("Đã áp dụng quy chế số %(number)s.", number=rules.number), "ok")
            return redirect(url_for("contests.rules", contest=contest.slug))
    before = next((item for item in queries.rule_sets_of(contest) if item.frozen_at), None)
    form.seen.data = actions_rules.body_sha256(draft.body)
    return _show(
        "contests/rules_enforce.html",
        contest,
        form,
        draft=draft,
        before=before,
        differences=_differences(before, draft),
        confirmed=queries.confirmed_otherwise(contest, before.body, draft.body) if before else (),
    )


def describe(body: Body) -> dict[str, Any]:
    """A rule set in words, for the pages that show it."""
    combine = words_rules.COMBINE[body["total"]["combine"]]
    return {
        "rounds": [
            {
                "item": item,
                "sentences": words_rules.round_sentences(body, item["key"]),
                "most": rule_sets.round_max(item),
                "ties": [words_rules.tiebreak_name(rule, body) for rule in item["tiebreaks"]],
            }
            for item in body["rounds"]
        ],
        "combine": _(combine),
        "pools": _(words_rules.POOLS[body["pools"]]),
        "ties": [words_rules.tiebreak_name(rule, body) for rule in body["tiebreaks"]],
        "prizes": body["prizes"],
        "others": body.get("other_prizes", []),
    }


def _differences(before: RuleSet | None, after: RuleSet | None) -> list[str]:
    if before is None or after is None:
        return []
    found = rule_sets.changes(before.body, after.body)
    return [words_rules.change_text(change, before.body, after.body) for change in found]


def _draft_body(contest: Contest) -> dict[str, Any]:
    """The body of the draft; without one the page is not there (the rules page offers to make one)."""
    draft = queries.draft_of(contest)
    if draft is None:
        abort(404)
    return draft.body


def _save(contest: Contest, form: Form, body: dict[str, Any]) -> ResponseReturnValue | None:
    """Save the draft and go back, or put what is wrong into the form."""
    try:
        actions_rules.save_draft(contest, body, actor=current_user, now=utcnow())
    except (actions_rules.RulesUnsound, actions_rules.RoundBegun, actions_rules.RulesFrozen) as refused:
        db.session.rollback()
        form.form_errors += _sentences(refused, body)
        return None
    db.session.commit()
    flash(_("Đã lưu bản nháp quy chế."), "ok")
    return redirect(url_for("contests.rules", contest=contest.slug))


def _sentences(refused: Exception, body: Body) -> list[str]:
    if isinstance(refused, actions_rules.RulesUnsound):
        problems: Sequence[Problem] = refused.problems
        return [words_rules.problem_text(problem, body) for problem in problems]
    if isinstance(refused, actions_rules.DraftChanged):
        return [_("Bản nháp vừa được sửa sau khi trang này mở ra. Hãy xem lại những gì thay đổi rồi áp dụng.")]
    if isinstance(refused, actions_rules.RoundBegun):
        return [_("Vòng %(name)s đã có giám khảo hoặc bài dự thi nên không bỏ được.", name=refused.name)]
    if isinstance(refused, actions_rules.TalksChanged):
        return [_("Vòng %(name)s đã bắt đầu chấm nên không đổi được giữa chấm riêng và chấm chung.", name=refused.name)]
    if isinstance(refused, actions_rules.ResultsOut):
        return [_("Kết quả cuộc thi đã công bố nên không đổi quy chế được nữa.")]
    if isinstance(refused, actions_rules.RoundLocked):
        return [
            _("Kết quả vòng %(name)s đã khóa. Muốn đổi quy chế của vòng, trước hết mở khóa kết quả.", name=refused.name)
        ]
    if isinstance(refused, actions_rules.RulesFrozen):
        return [_("Quy chế số %(number)s đã khóa. Hãy lập số mới để thay đổi.", number=refused.number)]
    return [_("Hãy ghi lý do thay đổi: người dự thi đã nộp bài theo quy chế trước.")]


def _show(template: str, contest: Contest, form: Form, **more: Any) -> ResponseReturnValue:
    page = render_template(template, contest=contest, form=form, **more)
    refused = form.is_submitted() and bool(form.errors or form.form_errors)
    return page, 422 if refused else 200
