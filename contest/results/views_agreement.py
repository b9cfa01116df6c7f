"""The page of a panel's agreement: where judges stand apart, and which places hang on one of them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key
from contest.results import agreement_queries, queries
from contest.results.agreement_shown import agreement_page
from contest.results.agreement_words import Names
from contest.results.blueprint import bp
from contest.rules.permissions import Action
from contest.web.guards import allow, or_404


@bp.get("/cuoc-thi/<contest>/vong/<key>/thong-nhat")
@allow(Action.SEE_RESULTS_DRAFT)
def agreement(contest: Contest, key: str) -> ResponseReturnValue:
    round_ = or_404(round_by_key(contest, key))
    if why := _not_yet(contest, round_):
        return render_template("results/agreement_not_yet.html", contest=contest, round=round_, why=why), 403
    found = agreement_queries.report(contest, round_)
    # Who sees the judges' names on the board sees them here.
    known = agreement_queries.judge_names(contest) if current_user.may(Action.SEE_PROGRESS, contest.scope) else {}
    names = Names(
        round_.key,
        known,
        {item.key: item.name for item in contest.rounds},
        {item.key: item.name for item in contest.categories},
    )
    return render_template(
        "results/agreement.html",
        contest=contest,
        round=round_,
        shown=agreement_page(found, names),
        # Places of the whole contest know an entry by its code of the first round.
        code_round=contest.rounds[0] if found.whole else round_,
        opens_entries=current_user.may(Action.SEE_DIFFERENCES, contest.scope),
    )


def _not_yet(contest: Contest, round_: Round) -> str:
    """Why the page is shut, or nothing. The organiser sees places once they are locked, here as on the results page."""
    if not agreement_queries.has_ended(round_):
        return "marking"
    early = queries.result_in_force(contest, round_) is None
    return "unlocked" if early and not current_user.may(Action.SEE_DIFFERENCES, contest.scope) else ""
