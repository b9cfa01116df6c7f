"""Where a contest stands: the line of its steps, and the one step that a person of given rights takes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from contest.contests.models import Contest, Round
from contest.contests.public import Stage, stage_of
from contest.home.queries import Figures, RoundFigures
from contest.rules.permissions import Action
from contest.web.language import _, show_number

A = Action


@dataclass(frozen=True)
class Step:
    """One step. state: done | now | next. `fact` says how far it is, in words."""

    key: str
    name: str
    state: str
    fact: str = ""


@dataclass(frozen=True)
class Task:
    """Something to do: a verb with its object, the page it is done on, and who may do it."""

    text: str
    endpoint: str
    needs: frozenset[Action]
    round_key: str = ""
    step: str = ""

    @property
    def arguments(self) -> dict[str, str]:
        return {"key": self.round_key} if self.round_key else {}


def steps_of(contest: Contest, figures: Figures, *, now: datetime) -> list[Step]:
    """The steps in order; the first that is not done is "now", and receiving and screening go side by side."""
    steps: list[Step] = []
    begun = False
    for key, name, is_done, fact in _facts(contest, figures, now=now):
        # Entries are screened while others still come in: both are under way then.
        together = key == "screening" and bool(steps) and steps[-1].state == "now" and figures.submitted > 0
        state = "done" if is_done else "now" if together or not begun else "next"
        begun = begun or not is_done
        steps.append(Step(key, name, state, fact if state != "next" or is_done else ""))
    return steps


def _facts(contest: Contest, figures: Figures, *, now: datetime) -> Iterator[tuple[str, str, bool, str]]:
    stage = stage_of(contest, now=now)
    announced = contest.state != "draft"
    closed = announced and stage not in (Stage.NOT_YET, Stage.OPEN, Stage.DRAFT)
    first = figures.rounds[contest.rounds[0].id] if contest.rounds else RoundFigures()
    coded = closed and first.entries > 0
    yield "announced", _("Công bố thể lệ"), announced, ""
    yield "receiving", _("Nhận bài"), closed, _("%(count)s bài", count=show_number(figures.submitted))
    screened = closed and not figures.pending and figures.submitted > 0
    fact = _("%(done)s / %(all)s bài", done=show_number(figures.screened), all=show_number(figures.submitted))
    yield "screening", _("Kiểm tra bài"), coded or screened, fact
    yield "codes", _("Rọc phách"), coded, _("%(count)s phách", count=show_number(first.entries)) if coded else ""
    for item in contest.rounds:
        its = figures.rounds[item.id]
        fact = _("%(done)s / %(all)s phiếu", done=show_number(its.sent), all=show_number(its.sheets))
        yield (
            f"round:{item.key}",
            _("Chấm %(round)s", round=item.name.lower()),
            its.is_locked,
            fact if its.sheets else "",
        )
    yield "unblinding", _("Khớp phách"), figures.is_unblinded, ""
    awards = _("%(count)s giải", count=show_number(figures.awards)) if figures.awards else ""
    yield "prizes", _("Xét giải"), figures.awards > 0, awards
    yield "published", _("Công bố kết quả"), contest.results_published_at is not None, ""
    made = _("%(count)s giấy", count=show_number(figures.certificates)) if figures.certificates else ""
    yield "awarded", _("Trao giải, cấp chứng nhận"), figures.is_awarded or figures.certificates > 0, made


def tasks_of(contest: Contest, figures: Figures, *, now: datetime) -> list[Task]:
    """Everything that can be done now, most pressing first, whoever may do it."""
    found = []
    for step in steps_of(contest, figures, now=now):
        if step.state == "now":
            found += [replace(task, step=step.name) for task in _tasks(step.key, contest, figures)]
    return found


def _tasks(key: str, contest: Contest, figures: Figures) -> Iterator[Task]:
    if key.startswith("round:"):
        item = next(item for item in contest.rounds if item.key == key.removeprefix("round:"))
        yield from _round_tasks(contest, item, figures)
    elif key == "screening" and figures.pending:
        text = _("Kiểm tra %(count)s bài đang chờ", count=show_number(figures.pending))
        yield Task(text, "entries.intake", frozenset({A.SCREEN_ENTRIES, A.RECEIVE_ENTRIES}))
    elif key == "codes":
        text = _("Rọc phách %(count)s bài hợp lệ", count=show_number(figures.valid))
        yield Task(text, "entries.codes", frozenset({A.DRAW_CODES}))
    elif key == "unblinding":
        # Two people, one after the other: whose turn it is hangs on whether it has been asked for.
        if figures.is_unblinding_asked:
            yield Task(_("Duyệt đề nghị khớp phách"), "entries.unblinding", frozenset({A.APPROVE_UNBLINDING}))
        else:
            yield Task(_("Đề nghị khớp phách"), "entries.unblinding", frozenset({A.KEEP_CODES}))
    elif key in _SIMPLE:
        text, endpoint, needs = _SIMPLE[key]
        yield Task(_(text), endpoint, needs)


_SIMPLE = {
    "announced": ("Hoàn thiện và công bố thể lệ", "contests.setup", frozenset({A.MANAGE_CONTEST})),
    "receiving": ("Xem bài đang gửi về", "entries.intake", frozenset({A.RECEIVE_ENTRIES})),
    "prizes": ("Xét giải", "results.prizes", frozenset({A.DECIDE_PRIZES})),
    "published": ("Công bố kết quả", "results.prizes", frozenset({A.PUBLISH_RESULTS})),
    "awarded": ("Cấp giấy chứng nhận", "results.certificates", frozenset({A.GIVE_CERTIFICATES})),
}


def _round_tasks(contest: Contest, item: Round, figures: Figures) -> Iterator[Task]:
    its, name = figures.rounds[item.id], item.name.lower()
    before = [other for other in contest.rounds if other.position < item.position]
    if not its.entries and before:
        yield Task(_("Đưa bài vào %(round)s", round=name), "results.round", frozenset({A.LOCK_RESULTS}), before[-1].key)
    elif item.state == "waiting":
        text = _("Lập Ban Giám khảo %(round)s", round=name)
        if its.sheets:
            text = _("Mở vòng %(round)s", round=name)
        elif its.judges:
            text = _("Phân công giám khảo %(round)s", round=name)
        yield Task(text, "judging.panel", frozenset({A.ASSIGN_JUDGES}), item.key)
    elif item.state == "confirmed":
        yield Task(_("Khóa kết quả %(round)s", round=name), "results.round", frozenset({A.LOCK_RESULTS}), item.key)
    elif item.state == "closed":
        needs = frozenset({A.CONFIRM_RESULTS})
        yield Task(_("Xác nhận %(round)s", round=name), "judging.board", needs, item.key)
    else:
        if its.sent < its.sheets:
            yield Task(_("Chấm bài %(round)s", round=name), "judging.mine", frozenset({A.MARK}))
        else:
            needs = frozenset({A.ASSIGN_JUDGES})
            yield Task(_("Đóng vòng chấm %(round)s", round=name), "judging.board", needs, item.key)
        yield Task(_("Xem tiến độ %(round)s", round=name), "judging.board", frozenset({A.SEE_PROGRESS}), item.key)


def first_for(tasks: list[Task], held: Collection[Action]) -> Task | None:
    """The first task that one of these rights allows."""
    return next((task for task in tasks if task.needs & frozenset(held)), None)
