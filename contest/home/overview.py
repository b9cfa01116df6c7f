"""The organiser's four short lists: what is due, what is late, what clashes, what is running now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from contest.contests.models import Contest
from contest.contests.public import time_left
from contest.home.queries import Figures
from contest.home.steps import steps_of
from contest.rules.deadlines import HANOI
from contest.web.language import _, show_date, show_deadline, show_number

SOON = timedelta(days=45)


@dataclass(frozen=True)
class Line:
    """One line: what, of which contest, and the page it is solved on. `at` orders a list."""

    text: str
    contest: Contest
    endpoint: str
    at: datetime
    note: str = ""
    round_key: str = ""

    @property
    def arguments(self) -> dict[str, str]:
        return {"key": self.round_key} if self.round_key else {}


@dataclass
class Lists:
    due: list[Line] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)
    clashing: list[Line] = field(default_factory=list)
    running: list[Line] = field(default_factory=list)


def lists_of(
    contests: Sequence[Contest], figures: Mapping[int, Figures], *, thirds: Mapping[int, int], now: datetime
) -> Lists:
    """The four lists over these contests, soonest first. thirds: entries that wait for a third judge, by round id."""
    lists = Lists()
    for contest in contests:
        its = figures[contest.id]
        for line, is_open in _dates(contest, its):
            if line.at <= now:
                lists.late += [line] if is_open else []
            elif line.at <= now + SOON:
                lists.due.append(Line(**{**vars(line), "note": time_left(now, line.at)}))
        lists.late += _waiting(contest, its, now)
        lists.clashing += [*_clashes(contest), *_held_up(contest, its, thirds, now)]
        lists.running += _running(contest, its, now)
    for rows in (lists.due, lists.late, lists.clashing):
        rows.sort(key=lambda line: line.at)
    return lists


def _dates(contest: Contest, its: Figures) -> Iterator[tuple[Line, bool]]:
    """Every dated duty, with whether it is late when its moment has passed."""
    if contest.opens_at and contest.state == "draft":
        yield Line(_("Công bố thể lệ trước ngày nhận bài"), contest, "contests.setup", contest.opens_at), True
    if contest.closes_at:
        note = show_deadline(contest.closes_at)
        yield Line(_("Hết hạn nộp bài"), contest, "entries.intake", contest.closes_at, note), False
    for item in contest.rounds:
        if item.marks_due_at:
            text = _("Chấm xong %(round)s", round=item.name.lower())
            note = show_deadline(item.marks_due_at)
            yield (
                Line(text, contest, "judging.board", item.marks_due_at, note, item.key),
                not its.rounds[item.id].is_locked,
            )
    if contest.results_on:
        line = Line(
            _("Công bố kết quả"), contest, "results.prizes", _end(contest.results_on), show_date(contest.results_on)
        )
        yield line, contest.results_published_at is None
    if contest.awards_on:
        at, note = _end(contest.awards_on), show_date(contest.awards_on)
        is_open = not (its.is_awarded or its.certificates)
        yield Line(_("Tổng kết, trao giải"), contest, "results.certificates", at, note), is_open


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HANOI) + timedelta(days=1)


def _waiting(contest: Contest, its: Figures, now: datetime) -> Iterator[Line]:
    if its.pending and contest.closes_at and contest.closes_at <= now:
        text = _("%(count)s bài chưa được kiểm tra", count=show_number(its.pending))
        yield Line(text, contest, "entries.intake", contest.closes_at, _("đã hết hạn nộp bài"))


def _clashes(contest: Contest) -> Iterator[Line]:
    """Dates in the wrong order."""
    moments = [(_("hạn nộp bài"), contest.closes_at)]
    moments += [(_("hạn chấm %(round)s", round=item.name.lower()), item.marks_due_at) for item in contest.rounds]
    moments += [(_("ngày công bố kết quả"), _end(contest.results_on) if contest.results_on else None)]
    moments += [(_("ngày trao giải"), _end(contest.awards_on) if contest.awards_on else None)]
    known = [(name, at) for name, at in moments if at is not None]
    for (earlier, first), (later, second) in zip(known, known[1:], strict=False):
        if second < first:
            text = _("%(later)s đứng trước %(earlier)s", later=later.capitalize(), earlier=earlier)
            yield Line(text, contest, "contests.setup", second)


def _held_up(contest: Contest, its: Figures, thirds: Mapping[int, int], now: datetime) -> Iterator[Line]:
    """What judging cannot go on without: somebody has to choose, answer or be found."""
    for item in contest.rounds:
        found = its.rounds[item.id]
        for count, text in (
            (found.conflicts, _("%(count)s phiếu có hai bản khác nhau", count=show_number(found.conflicts))),
            (
                thirds.get(item.id, 0),
                _("%(count)s bài lệch nhau nhiều, cần giám khảo thứ ba", count=show_number(thirds.get(item.id, 0))),
            ),
            (
                found.asked_again,
                _("%(count)s phiếu được đề nghị xem lại, chờ giám khảo trả lời", count=show_number(found.asked_again)),
            ),
        ):
            if count:
                yield Line(text, contest, "judging.board", now, item.name, item.key)


def _running(contest: Contest, its: Figures, now: datetime) -> Iterator[Line]:
    for step in steps_of(contest, its, now=now):
        if step.state == "now":
            yield Line(step.name, contest, "home.desk", now, step.fact)
