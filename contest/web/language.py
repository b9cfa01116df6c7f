"""Vietnamese first: the source texts are Vietnamese, `contest/translations/en/*.po` is the English.

`_()` takes the Vietnamese text. Filters write dates, instants and numbers the way each
language does.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup

from contest.rules import numbers
from contest.rules.deadlines import remaining as remaining_time

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "lang"
TRANSLATIONS = Path(__file__).parent.parent / "translations"
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Every English text by its Vietnamese source, from the rooms' catalogues together."""
    texts: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and message.string and isinstance(message.id, str):
                    texts[message.id] = str(message.string)
    return texts


def locale() -> str:
    """The visitor's language: chosen by cookie, else the account's, else the installation's."""
    try:
        return g.locale  # type: ignore[no-any-return]  # asked some hundred times a page
    except (AttributeError, RuntimeError):
        pass
    if not has_request_context():
        return "vi"
    chosen = request.cookies.get(COOKIE)
    g.locale = chosen if chosen in LANGUAGES else current_app.config["DEFAULT_LANGUAGE"]
    return str(g.locale)


def translate(text: str, **facts: Any) -> str:
    """`text` in the visitor's language, with %(name)s filled in. Templates escape the whole."""
    if locale() == "en":
        text = english().get(text, text)
    if any(isinstance(fact, Markup) for fact in facts.values()):
        text = Markup(text)  # noqa: S704 (our own sentences); the other facts are escaped as they go in
    return text % facts if facts else text


_ = translate


def own_words(text: str) -> str:
    """Words of the organisers, which nobody translates: on an English page marked as Vietnamese, for who hears it."""
    return Markup('<span lang="vi">{}</span>').format(text) if text and locale() == "en" else text


def lazy(text: str) -> Any:
    """A text to be translated when shown: for labels made at import."""
    return _Lazy(text)


class _Lazy:
    """Quacks like str for WTForms and Jinja, and speaks the visitor's language when asked."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return translate(self.text)

    def __html__(self) -> str:
        return str(Markup.escape(str(self)))

    def __mod__(self, facts: Any) -> str:
        filled: str = str(self) % facts
        return filled

    def __len__(self) -> int:
        return len(str(self))

    def __getattr__(self, name: str) -> Any:
        return getattr(str(self), name)


def local(at: datetime) -> datetime:
    """An instant on the clock of Hà Nội."""
    return at.astimezone(HANOI)


def show_date(day: date | datetime | None) -> str:
    """05/9/2024: two digits for days under 10 and for January and February, as official papers write."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local(day).date()
    if locale() == "en":
        return f"{day.day} {day:%b} {day.year}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def show_instant(at: datetime | None) -> str:
    """05/9/2024, 17 giờ 00."""
    if at is None:
        return ""
    here = local(at)
    return f"{show_date(at)}, {here:%H:%M}" if locale() == "en" else f"{show_date(at)}, {here.hour} giờ {here:%M}"


def show_deadline(ends: datetime | None) -> str:
    """When a deadline ends, as people say it: midnight is "hết ngày 25/9/2024", not 0 giờ 00 of the day after."""
    if ends is None:
        return ""
    here = local(ends)
    if (here.hour, here.minute) == (0, 0):
        return _("hết ngày %(day)s", day=show_date(here - timedelta(days=1)))
    return show_instant(ends)


def show_clock(at: datetime | None) -> str:
    """14:05."""
    return f"{local(at):%H:%M}" if at else ""


def show_iso(at: datetime | None) -> str:
    """For the `datetime` attribute of <time>."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def show_number(value: Decimal | int | str | None, places: int | None = None) -> str:
    """9,25 and 1.000.000; in English 9.25 and 1,000,000; "–" for no value."""
    if value is None or value == "":
        return "–"
    number = Decimal(value) if isinstance(value, str) else value
    write = numbers.en if locale() == "en" else numbers.vi
    return write(number, places)


def show_signed(value: Decimal, places: int | None = None) -> str:
    """A difference with its sign: "+4,5", "−0,33", "0"."""
    return numbers.signed(value, places, spell=numbers.en if locale() == "en" else numbers.vi)


def show_points(points: str | None) -> str:
    """Points of a result as they stand, "88.00" as "88,00": their decimals say how they were rounded."""
    if points is None:
        return "–"
    return points if locale() == "en" else points.replace(".", ",")


def show_bytes(size: int | None) -> str:
    """12,4 MB, in units of 1,000 as phones show them."""
    if size is None:
        return "–"
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if size >= 10**power:
            return f"{show_number((Decimal(size) / 10**power).quantize(Decimal('0.1')))} {unit}"
    return f"{size} B"


def show_remaining(until: datetime | None) -> str:
    """còn 3 ngày 4 giờ; what is over says so."""
    if until is None:
        return ""
    now = datetime.now(UTC)
    if until <= now:
        return _("đã hết hạn")
    days, hours, minutes = remaining_time(now, until)
    if days:
        return _("còn %(days)s ngày %(hours)s giờ", days=days, hours=hours)
    if hours:
        return _("còn %(hours)s giờ %(minutes)s phút", hours=hours, minutes=minutes)
    return _("còn %(minutes)s phút", minutes=max(minutes, 1))


def init_language(app: Flask) -> None:
    """Give every template `_`, `locale` and the filters."""
    app.jinja_env.globals["_"] = translate
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.filters.update(
        date=show_date,
        instant=show_instant,
        deadline=show_deadline,
        clock=show_clock,
        iso=show_iso,
        number=show_number,
        points=show_points,
        bytes=show_bytes,
        remaining=show_remaining,
        own_words=own_words,
    )

    @app.context_processor
    def _language() -> dict[str, Any]:
        return {"locale": locale()}
