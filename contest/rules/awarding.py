"""Who goes on to the next round and who gets which prize, down the places of one pool.

Pools are ranked apart, so each has its own count of prizes and of places in the next round. Entries that share a place
are never parted: all of them go on, all of them get the same prize, and what goes beyond the count is reported.
A prize given beyond its count takes nothing from the next tier. Nobody is passed by one from a lower place: both
stop at the first place under their `min_total`, even where, with `last`, a lower place has more points. That place may
still get the next prize.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contest.rules.bundle_types import Advance, Prize


@dataclass(frozen=True, slots=True)
class Overflow:
    """A count that sharing a place exceeded: `given` instead of `count`, because of `entries`."""

    count: int
    given: int
    entries: tuple[str, ...]
    prize: str | None = None


def advancing(
    tiers: Sequence[Sequence[str]], totals: Mapping[str, Fraction], rule: Advance
) -> tuple[set[str], Overflow | None]:
    """Entries that go on, and the places shared at the cut. tiers: the entries of each place, from the first down."""
    ahead: set[str] = set()
    for tier in tiers:
        if rule.count is not None and len(ahead) >= rule.count:
            break
        if rule.min_total is not None and totals[tier[0]] < rule.min_total:
            break
        ahead.update(tier)
        if rule.count is not None and len(ahead) > rule.count:
            return ahead, Overflow(rule.count, len(ahead), tuple(tier))
    return ahead, None


def prizes(
    tiers: Sequence[Sequence[str]], totals: Mapping[str, Fraction], rules: Sequence[Prize]
) -> tuple[dict[str, str], list[Overflow]]:
    """The prize of each entry that gets one."""
    given: dict[str, str] = {}
    over: list[Overflow] = []
    waiting = list(tiers)
    for prize in rules:
        filled = 0
        while waiting and filled < prize.count:
            tier = waiting[0]
            if prize.min_total is not None and totals[tier[0]] < prize.min_total:
                break
            given.update(dict.fromkeys(tier, prize.key))
            filled += len(tier)
            if filled > prize.count:
                over.append(Overflow(prize.count, filled, tuple(tier), prize.key))
            waiting.pop(0)
    return given, over
