"""What a contest's settings say, in sentences: the short answers, and the facts that fill the full rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import g, has_request_context

from contest.contests import markup
from contest.contests.models import Contest
from contest.contests.words_rules import rounds_text
from contest.rules import rule_sets
from contest.rules.deadlines import Kind, last_minute
from contest.web.language import _, local, own_words, show_date, show_instant, show_number

FILE_KINDS = {"docx": "Word (.docx)", "pdf": "PDF", "txt": "văn bản thuần (.txt)", "image": "ảnh chụp từng trang"}


@contextmanager
def vietnamese() -> Iterator[None]:
    """Within it sentences are Vietnamese, whoever asks: the full rules are an official text of one language."""
    if not has_request_context():
        yield
        return
    before = g.get("locale")
    g.locale = "vi"
    try:
        yield
    finally:
        g.pop("locale", None)
        if before is not None:
            g.locale = before


def who(contest: Contest) -> str:
    """Who may enter."""
    age = contest.min_age
    if not contest.open_to_public:
        first = _("Tác giả do đơn vị giới thiệu và đăng ký")
    else:
        first = _("Cán bộ, đảng viên và mọi người dân")
    return _("%(who)s, từ đủ %(age)s tuổi.", who=first, age=age) if age else _("%(who)s.", who=first)


def how_long(contest: Contest) -> str:
    """How long a work may be."""
    least, most = contest.min_words, contest.max_words
    if least and most:
        return _("Từ %(least)s đến %(most)s chữ.", least=show_number(least), most=show_number(most))
    if most:
        return _("Không quá %(most)s chữ.", most=show_number(most))
    if least:
        return _("Từ %(least)s chữ trở lên.", least=show_number(least))
    return _("Không giới hạn số chữ.")


def how_many(contest: Contest) -> str:
    """How many works an author and a unit may send."""
    author, unit = contest.max_per_author, contest.max_per_unit
    said = (
        _("mỗi tác giả gửi không quá %(count)s bài", count=author)
        if author
        else _("không giới hạn số bài của một tác giả")
    )
    if unit:
        said = _("%(author)s; mỗi đơn vị không quá %(count)s bài", author=said, count=unit)
    if contest.max_authors > 1:
        said = _("%(said)s; mỗi bài có không quá %(count)s tác giả", said=said, count=contest.max_authors)
    return f"{said}."


def how_sent(contest: Contest) -> str:
    """In which form a work is sent."""
    kinds = ", ".join(_(FILE_KINDS[kind]) for kind in contest.file_kinds if kind in FILE_KINDS)
    if not kinds:
        return _("Viết bài ngay trên trang.")
    files = _("tải tệp lên (%(kinds)s; mỗi tệp không quá %(size)s MB)", kinds=kinds, size=contest.max_file_mb)
    return _("Viết bài ngay trên trang, hoặc %(files)s.", files=files) if contest.allow_typed else capital(f"{files}.")


def how_judged(body: rule_sets.Body, *, mark: Callable[[str], str] = str) -> str:
    """How it is judged, in two sentences. mark: what is done to names of rounds and criteria."""
    names = mark(", ".join(item["name"].lower() for item in body["rounds"]))
    count = len(body["rounds"])
    first = _("Chấm bài đã giấu tên, một vòng") if count == 1 else _("Chấm bài đã giấu tên, %(count)s vòng: %(names)s",
                                                                      count=count, names=names)  # fmt: skip
    last = body["rounds"][-1]
    most = rule_sets.round_max(last)
    parts = ", ".join(
        f"{item['name'].lower()} {show_number(item['max'])}" if item["max"] else item["name"].lower()
        for item in last["criteria"]
    )
    if most is None:
        return _("%(first)s. %(parts)s.", first=first, parts=mark(capital(parts)))
    return _("%(first)s. Thang %(most)s điểm: %(parts)s.", first=first, most=show_number(most), parts=mark(parts))


def prizes(body: rule_sets.Body) -> str:
    """The prizes in one line; empty where there are none."""
    groups = [body["prizes"], body.get("other_prizes", [])]
    said = [", ".join(f"{item['count']} {no_capital(item['name'])}" for item in group) for group in groups if group]
    return f"{'; '.join(said)}." if said else ""


def answers(contest: Contest, body: rule_sets.Body) -> list[tuple[str, str]]:
    """The five short answers: the organiser's own words, else what the settings say."""
    return [
        (_("Viết gì"), own_words(contest.about)),
        (_("Ai dự thi"), own_words(contest.who) or who(contest)),
        (_("Dài bao nhiêu"), own_words(contest.how_long) or how_long(contest)),
        (_("Chấm thế nào"), own_words(contest.how_judged) or how_judged(body, mark=own_words)),
        (_("Giải thưởng"), own_words(contest.prizes_text or prizes(body))),
    ]


def deadline_wording(kind: str, day: date, at: time | None) -> str:
    """A deadline as official papers word it: "chậm nhất 17 giờ 00 ngày 27/02/2024"."""
    with vietnamese():
        if kind == Kind.WITHIN_MONTH:
            return f"trong tháng {day.month}/{day.year}"
        hour = f"{at.hour} giờ {at:%M} " if at else ""
        return f"{'trước' if kind == Kind.BEFORE else 'chậm nhất'} {hour}ngày {show_date(day)}"


def last_moment(closes_at: datetime) -> str:
    """Until when exactly: "hết ngày 27/02/2024", "hết 17 giờ 00 phút ngày 27/02/2024"."""
    minute = local(last_minute(closes_at))
    if (minute.hour, minute.minute) == (23, 59):
        return _("hết ngày %(day)s", day=show_date(minute))
    return _("hết %(hour)s giờ %(minute)s phút ngày %(day)s",
             hour=minute.hour, minute=f"{minute:%M}", day=show_date(minute))  # fmt: skip


def left_out(contest: Contest, gone: Sequence[str]) -> str:
    """Which categories went just now, and what that means when none is left; "" for none."""
    if not gone:
        return ""
    said = _("Đã bỏ thể loại: %(names)s.", names=", ".join(gone))
    return said if contest.categories else f"{said} {_('Cần ít nhất một thể loại mới công bố được cuộc thi.')}"


def facts(contest: Contest, body: rule_sets.Body) -> dict[str, str]:
    """What each place of the full rules stands for, as Markdown, in Vietnamese."""
    with vietnamese():
        later = "Ban Tổ chức thông báo sau"
        closes = ""
        if contest.closes_at:
            closes = f"{contest.closes_wording} ({last_moment(contest.closes_at)})"
        inline = {
            "ten-cuoc-thi": contest.name,
            "don-vi-to-chuc": contest.campaign.issuer_name or contest.campaign.organiser.name,
            "doi-tuong": contest.who or who(contest),
            "the-loai": ", ".join(no_capital(item.name) for item in contest.categories) or "do tác giả chọn",
            "do-dai": no_capital(contest.how_long or how_long(contest)),
            "so-bai": how_many(contest),
            "cach-nop": how_sent(contest),
            "mo-nhan-bai": show_instant(contest.opens_at) or later,
            "han-nop": closes or later,
            "ngay-ket-qua": f"ngày {show_date(contest.results_on)}" if contest.results_on else later,
            "ngay-trao-giai": f"ngày {show_date(contest.awards_on)}" if contest.awards_on else later,
            "lien-he": contest.contact,
        }
        filled = {name: markup.escape(text) for name, text in inline.items()}
        return {
            **filled,
            "cach-cham": rounds_text(body),
            "tieu-chi": criteria_tables(body),
            "giai-thuong": prize_table(body),
        }


def criteria_tables(body: rule_sets.Body) -> str:
    """The criteria as Markdown tables; rounds with the same criteria share one."""
    tables: dict[str, list[str]] = {}
    for item in body["rounds"]:
        lines = ["| Tiêu chí | Gợi ý chấm | Điểm tối đa |", "|---|---|---|"]
        for entry in item["criteria"]:
            most = show_number(entry["max"]) if entry["max"] else "không giới hạn"
            lines.append(f"| {_cell(entry['name'])} | {_cell(entry['guidance'])} | {most} |")
        tables.setdefault("\n".join(lines), []).append(item["name"])
    if len(tables) == 1:
        return next(iter(tables))
    return "\n\n".join(f"**{markup.escape(', '.join(names))}**\n\n{table}" for table, names in tables.items())


def prize_table(body: rule_sets.Body) -> str:
    """The prizes as a Markdown table."""
    lines = ["| Giải | Số giải | Mức thưởng mỗi giải |", "|---|---|---|"]
    everything: list[Mapping[str, Any]] = [*body["prizes"], *body.get("other_prizes", [])]
    for item in everything:
        value = _cell(item["value"]) or "theo quyết định của Ban Tổ chức"
        lines.append(f"| {_cell(item['name'])} | {item['count']} | {value} |")
    return "\n".join(lines) if everything else "Ban Tổ chức công bố cơ cấu giải thưởng sau."


def _cell(text: str) -> str:
    return markup.escape(" ".join(text.split()))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def no_capital(text: str) -> str:
    return text[:1].lower() + text[1:]


def show_points(text: str | None) -> str:
    """Points of a rule set's body for people: "0.5" is "0,5"."""
    return "" if text is None else show_number(Decimal(text))
