"""Background work of judging."""

from __future__ import annotations

from contest.contests.models import Round
from contest.db import db
from contest.jobs import job, progress
from contest.judging import plan_actions, plan_queries
from contest.rules.assignment_plan import Moving

STEPS = 3


@job("judging.work_out")
def work_out(round_id: int, number: int) -> None:
    """Work out a large round's plan: read, think, keep. A plan that was replaced meanwhile is left alone."""
    round_ = db.session.get_one(Round, round_id)
    plan = plan_queries.plan_of(round_)
    if plan is None or (plan.number, plan.state) != (number, "working"):
        return
    moving, wishes = Moving(plan.moving), list(plan.wishes)
    facts = plan_queries.facts_of(round_.contest, round_)
    progress(1, STEPS)  # which ends the transaction: nobody waits while this thinks
    thought = plan_actions.think(facts, moving, wishes)
    progress(2, STEPS)
    plan = plan_queries.plan_of(round_, locked=True)
    if plan is not None and (plan.number, plan.state) == (number, "working"):
        plan_actions.store(plan, facts, *thought)
