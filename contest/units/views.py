"""Pages of the units room: the tree, one unit, the search that pickers ask."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from contest.db import utcnow
from contest.rules.deadlines import HANOI
from contest.units import queries, views_changes
from contest.units.blueprint import bp
from contest.units.words import BRANCHES, became, made_of, validity
from contest.web.guards import or_404, public, signed_in
from contest.web.limits import LOOK_UP, limiter

# Importing the other view file is what registers its pages.
PAGES = (views_changes,)


def blueprints() -> list[Blueprint]:
    return [bp]


# Globals, not a context processor: macros imported without context use them.
for word in (became, made_of, validity):
    bp.add_app_template_global(word, f"unit_{word.__name__}")


def today() -> date:
    return utcnow().astimezone(HANOI).date()


@bp.get("/don-vi")
@signed_in
def index() -> ResponseReturnValue:
    """The roots by branch; or what a search finds, past names too."""
    text = request.args.get("q", "")[:100]
    historic = "cu" in request.args
    found = queries.search_units(text, on=today(), historic=True, limit=50) if text.strip() else None
    lines = queries.lines_below(None, on=today(), historic=historic) if found is None else []
    order = list(BRANCHES)
    lines.sort(key=lambda line: order.index(line.unit.kind.branch) if line.unit.kind.branch in order else len(order))
    branches = [
        (BRANCHES.get(key, key), list(rows)) for key, rows in groupby(lines, lambda line: line.unit.kind.branch)
    ]
    after = queries.successors_of(item.unit.id for item in found or [] if not item.is_valid)
    return render_template(
        "units/index.html", text=text, historic=historic, found=found, after=after, branches=branches
    )


@bp.get("/don-vi/<code>")
@signed_in
def unit(code: str) -> ResponseReturnValue:
    """One unit: where it stands, since when, what it was made of and became, what is below it."""
    row = or_404(queries.unit_by_code(code))
    day = today()
    # Below a unit that has ended everything has ended too, and is shown as it was.
    historic = "cu" in request.args or not row.existed_on(day)
    return render_template(
        "units/unit.html",
        unit=row,
        is_valid=row.existed_on(day),
        above=queries.ancestors_of(row),
        lines=queries.lines_below(row, on=day, historic=historic),
        historic=historic,
        after=queries.successors_of([row.id]).get(row.id, []),
        before=queries.predecessors_of([row.id]).get(row.id, []),
    )


@bp.get("/don-vi/tim")
@limiter.limit(LOOK_UP)
@public
def search() -> ResponseReturnValue:
    """For pickers: {"units": [{id, code, name, kind, level, parent, is_valid, note, successors}]}, at most 12.

    q: words without accents. ngay: the day they should exist on (YYYY-MM-DD, today by default). cu=1: past ones too.
    """
    try:
        day = date.fromisoformat(request.args.get("ngay", ""))
    except ValueError:
        day = today()
    found = queries.search_units(request.args.get("q", "")[:100], on=day, historic="cu" in request.args)
    after = queries.successors_of(item.unit.id for item in found if not item.is_valid)
    answer = jsonify(units=[_as_json(item, became(after.get(item.unit.id, []))) for item in found])
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.headers["Vary"] = "Cookie"
    return answer


def _as_json(item: queries.Found, what_became: str) -> dict[str, object]:
    row = item.unit
    note = "" if item.is_valid else "; ".join(part for part in (validity(row), what_became) if part)
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": row.kind.name,
        "level": row.level.name,
        "parent": row.parent.name if row.parent is not None else "",
        "is_valid": item.is_valid,
        "note": note,
        "successors": [{"id": after.id, "code": after.code, "name": after.name} for after in item.successors],
    }
