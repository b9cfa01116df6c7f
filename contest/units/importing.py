"""Lists of units as files: read and checked whole, before anything is written.

Two kinds of CSV (UTF-8, first line names the columns) are understood:

- ours, as in contest/units/data/tuyen-quang.csv: code, name, kind, level, parent, valid_from, valid_to; a
  superior stands before its subordinates, days are 2025-07-01, kinds and levels are the keys of kinds.csv and
  levels.csv;
- the list of communes since 01/07/2025 as published at thanglequoc/vietnamese-provinces-database: province_code,
  province, ward_code, full_name, type. One province of it is taken, with its communes below it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from datetime import date

from contest.rules.text import clean_line, fold

OURS = ("code", "name", "kind", "level", "parent", "valid_from", "valid_to")
PUBLISHED = ("province_code", "province", "ward_code", "full_name", "type")
SINCE = "2025-07-01"  # the first day of the communes of the published list
LONGEST = {"code": 40, "name": 200}


class BadList(Exception):
    """A list that cannot be taken: every problem as (line of the file, sentence)."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"line {line}: {text}" for line, text in self.problems[:20]))


def read_list(data: bytes, *, province: str = "") -> list[dict[str, str]]:
    """The rows in our columns. province: the code to take out of the published list. Raises BadList."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows = [{key: clean_line(value or "") for key, value in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise BadList([(1, f"no CSV in UTF-8 ({problem})")]) from None
    names = tuple(reader.fieldnames or ())
    if set(OURS) <= set(names):
        return rows
    if set(PUBLISHED) <= set(names):
        return _of_province(rows, province)
    raise BadList([(1, f"the first line must name the columns {', '.join(OURS)}")])


def _of_province(rows: list[dict[str, str]], province: str) -> list[dict[str, str]]:
    mine = [row for row in rows if row["province_code"] == province]
    if not mine:
        known = dict.fromkeys(f"{row['province_code']} {row['province']}" for row in rows)
        raise BadList([(1, f"choose a province by its code: {', '.join(known)}")])
    name = mine[0]["province"]
    head = _row(province, name, kind="thanh-pho" if fold(name).startswith("thanh pho") else "tinh", level="tinh")
    return [head] + [
        _row(
            row["ward_code"], row["full_name"], kind=fold(row["type"]).replace(" ", "-"), level="co-so", parent=province
        )
        for row in mine
    ]


def _row(code: str, name: str, *, kind: str, level: str, parent: str = "") -> dict[str, str]:
    return dict(zip(OURS, (code, name, kind, level, parent, SINCE, ""), strict=True))


def check(
    rows: list[dict[str, str]], *, kinds: Collection[str], levels: Collection[str], known: Collection[str]
) -> None:
    """Raises BadList for rows that cannot become units. known: codes of the units there are already."""
    problems, seen = [], set(known)
    met: set[str] = set()
    for line, row in enumerate(rows, 2):
        problems += [
            (line, f"{name} is missing or too long") for name in LONGEST if not 0 < len(row[name]) <= LONGEST[name]
        ]
        if row["code"] in met:
            problems.append((line, f"the code {row['code']} stands here twice"))
        if row["kind"] not in kinds:
            problems.append((line, f"there is no kind “{row['kind']}”"))
        if row["level"] not in levels:
            problems.append((line, f"there is no level “{row['level']}”"))
        if row["parent"] and row["parent"] not in seen:
            problems.append((line, f"no unit before this line has the code “{row['parent']}”"))
        problems += [
            (line, f"{name}: “{row[name]}” is no day") for name in ("valid_from", "valid_to") if not _is_day(row[name])
        ]
        met.add(row["code"])
        seen.add(row["code"])
    if problems:
        raise BadList(problems)


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False
