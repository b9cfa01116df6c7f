"""The page of large differences between judges: a list to look at, for those who may see differences."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest
from contest.contests.queries import round_by_key
from contest.judging import apart_queries, apart_shown, discussion_queries, panel_queries
from contest.judging.blueprint import bp
from contest.judging.queries import standing
from contest.judging.views_panel import PATH
from contest.rules.permissions import Action
from contest.rules.rule_sets import talks
from contest.web.guards import allow, or_404


@bp.get(PATH + "/chenh-lech")
@allow(Action.SEE_DIFFERENCES)
def apart(contest: Contest, key: str) -> ResponseReturnValue:
    """Entries whose judges are far apart. Nothing of an entry that the viewer has yet to mark."""
    round_ = or_404(round_by_key(contest, key))
    known = standing(round_)
    found = apart_queries.apart_round(known, own=panel_queries.key_of(round_, current_user))
    asked = request.args
    view = apart_shown.apart_view(
        found,
        known.criteria,
        look=asked.get("xem", ""),
        order=asked.get("xep", ""),
        judge=asked.get("gk", ""),
        page=asked.get("trang", 1, type=int),
    )
    discusses = talks(known.rules) == "discussion"
    return render_template(
        "judging/apart.html", contest=contest, round=round_, view=view, discusses=discusses,
        far=sum(1 for entry in found.entries if "far" in entry.why),
        talked=discussion_queries.states(round_) if discusses else {},
        may_open=discusses and round_.state == "open" and current_user.may(Action.CONFIRM_RESULTS, contest.scope),
    )  # fmt: skip
