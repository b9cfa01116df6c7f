"""The page of large differences in values ready to print: which entries, in which order, and a strip for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contest.judging.apart_queries import Apart, ApartRound
from contest.rules.exact import round_half_up, write
from contest.rules.numbers import plain
from contest.rules.rule_sets import Criterion
from contest.web.language import show_signed

PAGE = 50
LEFT, RIGHT = 12, 288  # where a strip's scale begins and ends in its drawing of 300 wide
LOOKS = ("can-xem", "tieu-chi", "tat-ca")
ORDERS = ("lech", "cao-thap", "doi", "tieu-chi", "ma")


@dataclass(frozen=True)
class Dot:
    """One judge's total on the strip; is_out: the one farthest from the others, where that is far."""

    x: int
    judge: str
    total: str
    is_out: bool


@dataclass(frozen=True)
class ApartLine:
    """One entry. Figures as plain decimals, signed ones as text; moves: None where the rules do not average."""

    code: str
    dots: Sequence[Dot]
    mean_x: int
    judge: str
    away: str
    gap: str
    moved_by: str | None
    moves: str | None
    criterion: str
    criterion_judge: str
    criterion_away: str
    criterion_max: str | None
    why: Sequence[str]
    sent: int
    count: int


@dataclass(frozen=True)
class ApartView:
    """counts: entries by what to look at; judges: who stands apart, with how many entries, most first."""

    lines: Sequence[ApartLine]
    counts: Mapping[str, int]
    judges: Sequence[tuple[str, int]]
    ends: tuple[str, str]
    look: str
    order: str
    judge: str
    page: int
    pages: int
    total: int
    hidden: int
    far: str | None


def apart_view(
    found: ApartRound, scale: Sequence[Criterion], *, look: str, order: str, judge: str, page: int
) -> ApartView:
    """look, order, judge, page: as asked for in the address; what does not exist falls back to the first."""
    look = look if look in LOOKS else LOOKS[0]
    order = order if order in ORDERS else "tieu-chi" if look == "tieu-chi" else ORDERS[0]
    chosen = [entry for entry in found.entries if _belongs(entry, look)]
    judges = Counter(_who(entry, look) for entry in chosen)
    if judge in judges:
        chosen = [entry for entry in chosen if _who(entry, look) == judge]
    else:
        judge = ""
    chosen.sort(key=lambda entry: (*_rank(entry, order), entry.code))
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(1, page), pages)
    here = chosen[(page - 1) * PAGE : page * PAGE]
    low, high = _ends(here)
    names = {item.key: item for item in scale}
    return ApartView(
        lines=[_line(entry, names, low, high) for entry in here],
        counts={name: sum(1 for entry in found.entries if _belongs(entry, name)) for name in LOOKS},
        judges=sorted(judges.items(), key=lambda item: (-item[1], len(item[0]), item[0])),
        ends=(plain(figure(low)), plain(figure(high))),
        look=look, order=order, judge=judge, page=page, pages=pages, total=len(chosen), hidden=found.hidden,
        far=None if found.far is None else plain(found.far),
    )  # fmt: skip


def _belongs(entry: Apart, look: str) -> bool:
    if look == "tieu-chi":
        return "criterion" in entry.why
    return look == "tat-ca" or any(code != "criterion" for code in entry.why)


def _who(entry: Apart, look: str) -> str:
    return entry.spread.criterion.judge if look == "tieu-chi" else entry.spread.judge


def _rank(entry: Apart, order: str) -> tuple[Fraction, ...]:
    """Greatest first."""
    figures = entry.spread
    if order == "lech":
        return (-abs(figures.away), -figures.gap)
    if order == "cao-thap":
        return (-figures.gap,)
    if order == "doi":
        return (-abs(figures.moves or Fraction(0)),)
    if order == "tieu-chi":
        return (-(figures.criterion.share or Fraction(0)),)
    return ()


def _ends(entries: Sequence[Apart]) -> tuple[Fraction, Fraction]:
    """Tens around all totals of the page, so that strips can be compared with each other."""
    totals = [value for entry in entries for value in entry.spread.totals.values()]
    if not totals:
        return Fraction(0), Fraction(10)
    low, high = min(totals) // 10 * 10, -(-max(totals) // 10) * 10
    return Fraction(low), Fraction(high if high > low else low + 10)


def _line(entry: Apart, names: Mapping[str, Criterion], low: Fraction, high: Fraction) -> ApartLine:
    figures = entry.spread
    is_far = "far" in entry.why
    dots = [
        Dot(_x(total, low, high), judge, plain(figure(total)), is_far and judge == figures.judge)
        for judge, total in figures.totals.items()
    ]
    item = names[figures.criterion.criterion]
    return ApartLine(
        code=entry.code,
        # The one who stands apart is drawn last, over the others.
        dots=sorted(dots, key=lambda dot: dot.is_out),
        mean_x=_x(sum(figures.totals.values(), Fraction(0)) / len(figures.totals), low, high),
        judge=figures.judge,
        away=show_signed(figure(figures.away)),
        gap=plain(figure(figures.gap)),
        moved_by=figures.moved_by,
        moves=None if figures.moves is None else show_signed(figure(figures.moves)),
        criterion=item.name,
        criterion_judge=figures.criterion.judge,
        criterion_away=show_signed(figure(figures.criterion.away)),
        criterion_max=None if item.max is None else plain(item.max),
        why=entry.why,
        sent=sum(1 for row in entry.sheets if row.state == "sent"),
        count=len(entry.sheets),
    )


def _x(value: Fraction, low: Fraction, high: Fraction) -> int:
    return round(LEFT + (RIGHT - LEFT) * (value - low) / (high - low))


def figure(value: Fraction) -> Decimal:
    """Two decimals at most."""
    return Decimal(write(round_half_up(value, 2), None))
