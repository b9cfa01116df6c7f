"""What hangs on a single judge: places, prizes and advancement without each of them.

The whole result is counted again with one judge's marks struck out, by the rules as they are: where these drop marks
only from `drop_needs` judges on, a smaller panel may drop none; where two judges with a gap ask for a third, an entry
may be left without a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contest.rules.agreement_changes import Row, changes, farthest, placed
from contest.rules.agreement_figures import Lacking
from contest.rules.bundle_types import Bundle
from contest.rules.tabulation import tabulate


def without_judges(bundle: Bundle, result: Mapping[str, Any]) -> list[Row] | Lacking:
    """For each judge who gave a mark: whose place, prize or advancement changes without that judge.

    result: what `tabulate` makes of the bundle. `not_placed`: entries placed now that would not be.
    """
    marking = sorted({mark.judge for mark in bundle.marks if mark.value is not None})
    if len(marking) < 2:
        return Lacking.ONE_JUDGE if marking else Lacking.NO_MARKS
    now = placed(result)
    rows = []
    for judge in marking:
        fewer = replace(
            bundle,
            judges=tuple(each for each in bundle.judges if each.key != judge),
            marks=tuple(mark for mark in bundle.marks if mark.judge != judge),
        )
        then = placed(tabulate(fewer))
        moves = changes(now, then, "place")
        rows.append(
            {
                "judge": judge,
                "moved": len(moves),
                "farthest": farthest(moves),
                "prizes": changes(now, then, "prize"),
                "advances": changes(now, then, "advances"),
                "not_placed": [key for key in now if key not in then],
            }
        )
    return rows
