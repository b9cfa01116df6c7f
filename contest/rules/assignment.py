"""Who marks what: the assignment of judges to entries (formats.md section 4).

Every entry gets exactly its number of judges, no judge leaves min…max, a conflict is never assigned,
fixed pairs stay. Among all such assignments the total preference is the greatest possible, and among
those the loads are as even as possible: the greatest load is the least there can be, then the second
greatest, and so on. The same assignments have the least sum of squared loads, which is what is counted
here, and the highest least load: on the loads of flows all these agree (Frank and Murota: Decreasing
Minimization on M-convex Sets, 2022), so that nobody has to choose what "even" means.

Of several such assignments one is taken in which the judges meet (`assignment_spread`); it is always the
same one, whatever the order of the input. When there is none, nothing is assigned, and `assignment_faults`
says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from contest.rules.assignment_faults import Proofs, plain_faults
from contest.rules.assignment_flow import Placing
from contest.rules.assignment_format import read_instance, write_assigned
from contest.rules.assignment_shapes import Assigned, Instance, Judge, Pair, Wanted
from contest.rules.assignment_spread import spread
from contest.rules.reading import Problem, Refused

__all__ = ["Assigned", "Instance", "Judge", "Pair", "Wanted", "assign", "read_instance", "write_assigned"]


def assign(instance: Instance) -> Assigned:
    """The best assignment there is.

    Raises Refused when there is none, naming the entries and judges that cannot be served, with
    codes `fixed_conflict`, `fixed_above_need`, `fixed_above_max`, `min_above_max`, `too_few_judges`
    (an entry has more need than judges without conflict), `cannot_be_served` (an entry; the judges
    it could reach are full), `below_min` (a judge; there is no more for him or her to mark).
    """
    if problems := plain_faults(instance):
        raise Refused(tuple(problems))
    # By key and not by place: the order of the input must not decide.
    entries = sorted(range(len(instance.entries)), key=lambda i: instance.entries[i].key)
    judges = sorted(range(len(instance.judges)), key=lambda j: instance.judges[j].key)
    wanted, panel = [instance.entries[i] for i in entries], [instance.judges[j] for j in judges]
    placing = _placing(instance, wanted, panel)
    need = [entry.judges for entry in wanted]
    short = [row for row, count in enumerate(need) if not _serve(placing, row, count)]
    below = [j for j, judge in enumerate(panel) if placing.load[j] < judge.min]
    if short or below:
        proofs = Proofs(placing, [entry.key for entry in wanted], [judge.key for judge in panel], need)
        unserved = sorted((entries[row], proofs.entry(row)) for row in short)
        if unserved:
            raise Refused(tuple(Problem(f"entries[{i}]", "cannot_be_served", facts) for i, facts in unserved))
        lacking = sorted((judges[j], proofs.judge(j)) for j in below)
        raise Refused(tuple(Problem(f"judges[{j}]", "below_min", facts) for j, facts in lacking))
    spread(placing)
    return _assigned(instance, wanted, panel, placing)


def _serve(placing: Placing, row: int, count: int) -> bool:
    return all(placing.place(row) for _ in range(count - len(placing.holds[row])))


def _placing(instance: Instance, wanted: Sequence[Wanted], panel: Sequence[Judge]) -> Placing:
    """The instance as whole numbers."""
    scale = lcm(*{value.denominator for value in instance.preferences.values()})
    conflicts, preferences, pinned = instance.conflicts, instance.preferences, instance.fixed
    cost: list[list[int | None]] = []
    fixed: list[set[int]] = []
    for entry in wanted:
        pairs = [(entry.key, judge.key) for judge in panel]
        likes = [preferences.get(pair) for pair in pairs]
        cost.append(
            [
                None if pair in conflicts else 0 if like is None else -like.numerator * (scale // like.denominator)
                for pair, like in zip(pairs, likes, strict=True)
            ]
        )
        fixed.append({column for column, pair in enumerate(pairs) if pair in pinned} if pinned else set())
    need = sum(entry.judges for entry in wanted)
    return Placing(
        cost,
        fixed=fixed,
        least=[judge.min for judge in panel],
        # Need as a limit is none, and keeps the numbers small.
        most=[need if judge.max is None else min(need, judge.max) for judge in panel],
        need=need,
    )


def _assigned(instance: Instance, wanted: Sequence[Wanted], panel: Sequence[Judge], placing: Placing) -> Assigned:
    pairs = tuple(
        (entry.key, panel[column].key)
        for entry, holds in zip(wanted, placing.holds, strict=True)
        for column in sorted(holds)
    )
    total = sum((instance.preferences.get(pair, Fraction(0)) for pair in pairs), Fraction(0))
    return Assigned(pairs, total, {judge.key: load for judge, load in zip(panel, placing.load, strict=True)})
