"""Where a contest stands at an instant, as the public page says it in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.contests import words
from contest.contests.models import Contest
from contest.rules.deadlines import HANOI, State, last_minute, remaining, state_at
from contest.rules.rule_sets import Body
from contest.rules.text import fold
from contest.web.language import _, local, own_words, show_date, show_instant
from contest.web.timeline import Line, timeline


class Stage(StrEnum):
    """The states a visitor is told of. Grace is none of them: it is tolerance, not a later deadline."""

    DRAFT = "draft"
    NOT_YET = "not_yet"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"
    JUDGING = "judging"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Standing:
    """The state line: `tone` of the sign, the state, and what is added to it."""

    stage: Stage
    tone: str
    text: str
    more: str = ""

    @property
    def takes_entries(self) -> bool:
        return self.stage in (Stage.OPEN, Stage.LATE)


def stage_of(contest: Contest, *, now: datetime) -> Stage:
    """Reads the contest's rounds once entries are no longer taken."""
    if contest.state == "draft":
        return Stage.DRAFT
    if contest.results_published_at is not None and contest.results_published_at <= now:
        return Stage.PUBLISHED
    if contest.state == "archived":
        return Stage.ARCHIVED
    state = state_at(now, contest.opens_at, contest.closes_at, contest.grace_minutes, contest.accepts_late)
    if state is State.NOT_YET:
        return Stage.NOT_YET
    if state is State.OPEN:
        return Stage.OPEN
    if any(item.state != "waiting" for item in contest.rounds):
        return Stage.JUDGING
    # Grace included: who is in it is served, nobody is promised it.
    return Stage.LATE if contest.accepts_late else Stage.CLOSED


def standing(contest: Contest, *, now: datetime) -> Standing:
    """The state line of the public page."""
    stage = stage_of(contest, now=now)
    tone, text = _SAID[stage]
    return Standing(stage, tone, _(text), _more(contest, stage, now))


def _more(contest: Contest, stage: Stage, now: datetime) -> str:
    if stage is Stage.NOT_YET and contest.opens_at:
        return _("nhận bài từ %(at)s", at=show_instant(contest.opens_at))
    if stage is Stage.OPEN and contest.closes_at:
        return time_left(now, contest.closes_at)
    if stage is Stage.LATE:
        return _("bài nộp muộn vẫn được nhận và được ghi chú")
    if stage is Stage.CLOSED and contest.closes_at:
        return _("từ %(day)s", day=show_date(last_minute(contest.closes_at)))
    # A day that has passed is no plan any more; that it is late, the overview tells those who can help it.
    if stage is Stage.JUDGING and contest.results_on and now.astimezone(HANOI).date() <= contest.results_on:
        return _("dự kiến công bố kết quả ngày %(day)s", day=show_date(contest.results_on))
    if stage is Stage.PUBLISHED and contest.results_published_at:
        return show_date(contest.results_published_at)
    return ""


def time_left(now: datetime, until: datetime) -> str:
    """còn 12 ngày; on the last two days with hours, on the last with minutes."""
    days, hours, minutes = remaining(now, until)
    if days >= 2:
        return _("còn %(days)s ngày", days=days)
    if days:
        return _("còn %(days)s ngày %(hours)s giờ", days=days, hours=hours)
    if hours:
        return _("còn %(hours)s giờ %(minutes)s phút", hours=hours, minutes=minutes)
    return _("còn %(minutes)s phút", minutes=max(minutes, 1))


def dates_line(contest: Contest, *, now: datetime) -> Line | None:
    """The contest's days as a line with today; None while fewer than two are known."""
    points = []
    if contest.opens_at:
        points.append((_("Nhận bài"), local(contest.opens_at).date()))
    if contest.closes_at:
        points.append((_("Hạn nộp bài"), last_minute(contest.closes_at).date()))
    for item in contest.rounds:
        if item.marks_due_at:
            points.append((_marked(item.name), last_minute(item.marks_due_at).date()))
    if contest.results_on:
        points.append((_("Ngày công bố kết quả"), contest.results_on))
    if contest.awards_on:
        points.append((_("Tổng kết, trao giải"), contest.awards_on))
    if len(points) < 2:
        return None
    drawn = [(label, day, show_date(day)) for label, day in sorted(points, key=lambda point: point[1])]
    today = now.astimezone(HANOI).date()
    return timeline(drawn, today=today, today_text=show_date(today))


def _marked(round_name: str) -> str:
    """ "Chấm xong sơ khảo"; of a round that is called "Chấm thi" nothing but "Chấm xong"."""
    name = round_name.lower()
    return _("Chấm xong") if fold(name).startswith("cham") else _("Chấm xong %(round)s", round=own_words(name))


def share_message(contest: Contest, body: Body, *, url: str, now: datetime) -> str:
    """A message ready for Zalo: what, by when, prizes, address."""
    lines = [contest.name.upper(), contest.about]
    if contest.closes_at and stage_of(contest, now=now) in (Stage.NOT_YET, Stage.OPEN):
        lines.append(_("Hạn nộp bài: %(at)s.", at=words.last_moment(contest.closes_at)))
    if said := contest.prizes_text or words.prizes(body):
        lines.append(_("Giải thưởng: %(prizes)s", prizes=said))
    lines.append(_("Thể lệ và nộp bài: %(url)s", url=url))
    return "\n".join(line for line in lines if line)


_SAID = {
    Stage.DRAFT: ("neutral", "Đang soạn, chưa công bố"),
    Stage.NOT_YET: ("info", "Chưa nhận bài"),
    Stage.OPEN: ("ok", "Đang nhận bài"),
    Stage.LATE: ("warn", "Đã hết hạn nộp bài"),
    Stage.CLOSED: ("neutral", "Đã hết hạn nộp bài"),
    Stage.JUDGING: ("info", "Đang chấm bài"),
    Stage.PUBLISHED: ("ok", "Đã công bố kết quả"),
    Stage.ARCHIVED: ("neutral", "Đã kết thúc"),
}
