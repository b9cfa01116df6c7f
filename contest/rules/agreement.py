"""Agreement of a panel, round by round, from a bundle (formats.md, section 3). It describes and never changes a result.

Measures are taken over judges' totals (`agreement_tables`), pools together, since severity knows no pools. ICC and W
use the complete entries, those with a total of every judge of the round's panel; alpha all with two totals or more;
severity (`severity`) all that the judge marked. Figures have three decimals, half up; differences are in points.

`entries` and `judges` count what ICC and W are taken over. `notes` names every figure that is null by its path in the
round, with the reason: `no_marks`, `one_judge`, `too_few_entries` (fewer than two, for an interval fewer than ten),
`no_variance` (nothing differs), `variance_not_positive` (judges contradict each other so that a variance is estimated
at 0 or less), `no_shared_entry`, `no_complete_sheet`. `flags`: `agreement_flags`.

Beyond the format, under `more`:
- `entries_marked`, `entries_paired`: entries with a total, with two or more.
- `alpha_interval_95`, `alpha_ordinal_95`: lower and upper bound of the interval alpha and of the ordinal alpha
  (`agreement_chance`).
- `entries_by_judge`, and `spread`: the standard deviation of a judge's totals, over one less than their number.
- `groups`: judges connected through shared entries; more than one group means that severities cannot be compared.
- `pairs`: two judges over the entries both marked: `shared` entries, `correlation` (Pearson), `mean_difference` (the
  first minus the second), `equal` totals.
and beside `rounds`, under `places`: `without_judge` (`agreement_without`), `cut_lines` (`agreement_places`) and, by
round, `severity_corrected` (`severity_effect`), with their own `notes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contest.rules.agreement_chance import alpha_bounds, ordinal_bounds
from contest.rules.agreement_figures import (
    PLACES,
    Figure,
    Lacking,
    alpha_interval,
    alpha_ordinal,
    icc,
    kendall_w,
    root,
    variance,
)
from contest.rules.agreement_flags import Known, flags
from contest.rules.agreement_pairs import pairs
from contest.rules.agreement_places import cut_lines
from contest.rules.agreement_tables import Table, tables
from contest.rules.agreement_without import without_judges
from contest.rules.bundle_types import Bundle
from contest.rules.exact import write
from contest.rules.severity import severity
from contest.rules.severity_effect import severity_effects
from contest.rules.severity_links import components
from contest.rules.tabulation import tabulate

FORMAT = "contest-agreement/1"


def agreement(bundle: Bundle) -> dict[str, Any]:
    """The report. The same bundle gives the same report, whatever the order of its lists."""
    rounds = {key: round_agreement(table) for key, table in tables(bundle).items()}
    return {"format": FORMAT, "bundle_sha256": bundle.sha256, "rounds": rounds, "places": place_agreement(bundle)}


def place_agreement(bundle: Bundle) -> dict[str, Any]:
    """What hangs on single judges in the result as a whole."""
    result = tabulate(bundle)
    without = without_judges(bundle, result)
    lines, lacking = cut_lines(bundle, result)
    notes = {f"cut_lines.{pool}" if pool else "cut_lines": reason.value for pool, reason in lacking.items()}
    if isinstance(without, Lacking):
        notes["without_judge"] = without.value
    return {
        "without_judge": None if isinstance(without, Lacking) else without,
        "cut_lines": lines,
        "severity_corrected": severity_effects(bundle, result),
        "notes": notes,
    }


def round_agreement(table: Table) -> dict[str, Any]:
    """The report of one round."""
    notes = _Notes()
    complete, rows = table.complete(), table.rows()
    by_form = icc(complete) if table.judges else dict.fromkeys(icc([]), Lacking.NO_MARKS)
    concordance = kendall_w(complete) if table.judges else Lacking.NO_MARKS
    alphas: dict[str, Figure] = {"interval": alpha_interval(rows), "ordinal": alpha_ordinal(rows)}
    if len(table.judges) < 2:
        lone = Lacking.ONE_JUDGE if table.judges else Lacking.NO_MARKS
        by_form, concordance, alphas = dict.fromkeys(by_form, lone), lone, dict.fromkeys(alphas, lone)
    own = {
        key: value if isinstance(value, Lacking) else table.points(value)
        for key, value in severity(table.marks).items()
    }
    own |= table.silent
    twos = tuple(pairs({judge: table.column(judge) for judge in table.judges}))
    known = Known(table, own, twos, by_form["3,k"], len(complete))
    return {
        "entries": len(complete),
        "judges": len(table.judges),
        "icc": notes.figures("icc", by_form),
        "kendall_w": notes.figure("kendall_w", concordance),
        "krippendorff_alpha": notes.figures("krippendorff_alpha", alphas),
        "severity": notes.figures("severity", dict(sorted(own.items()))),
        "flags": flags(known),
        "more": _more(table, known, notes),
        "notes": notes.found,
    }


def _more(table: Table, known: Known, notes: _Notes) -> dict[str, Any]:
    rows = table.rows()
    columns = {judge: list(table.column(judge).values()) for judge in table.judges}
    spread: dict[str, Figure] = {
        judge: root(variance(marks) / table.scale**2) if len(marks) > 1 else Lacking.TOO_FEW_ENTRIES
        for judge, marks in columns.items()
    }
    twos = []
    for number, pair in enumerate(known.pairs):
        found = pair.correlation
        value = found if isinstance(found, Lacking) else root(found[0], negative=found[1])
        twos.append(
            {
                "judges": list(pair.judges),
                "shared": pair.shared,
                "correlation": notes.figure(f"more.pairs[{number}].correlation", value),
                "mean_difference": write(table.points(pair.difference), PLACES),
                "equal": pair.equal,
            }
        )
    return {
        "entries_marked": len(rows),
        "entries_paired": sum(len(row) > 1 for row in rows),
        "alpha_interval_95": notes.bounds("more.alpha_interval_95", alpha_bounds(rows)),
        "alpha_ordinal_95": notes.bounds("more.alpha_ordinal_95", ordinal_bounds(rows)),
        "entries_by_judge": {judge: len(marks) for judge, marks in columns.items()},
        "spread": notes.figures("more.spread", spread),
        "groups": [list(judges) for judges in components(table.marks)],
        "pairs": twos,
    }


class _Notes:
    """Writes figures, and notes why those that are null are."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def figure(self, path: str, value: Figure) -> str | None:
        """A figure as text, or None with its reason noted."""
        if isinstance(value, Lacking):
            self.found[path] = value.value
            return None
        return write(value, PLACES)

    def bounds(self, path: str, found: tuple[Fraction, Fraction] | Lacking) -> list[str] | None:
        """Two figures, the lower first."""
        if isinstance(found, Lacking):
            self.figure(path, found)
            return None
        return [write(bound, PLACES) for bound in found]

    def figures(self, path: str, values: Mapping[str, Figure]) -> dict[str, str | None]:
        """The figures of an object."""
        return {name: self.figure(f"{path}.{name}", value) for name, value in values.items()}
