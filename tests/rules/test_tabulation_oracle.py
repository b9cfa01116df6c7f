"""Two implementations that were written apart say the same of random bundles."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.rules.bundles import result_of
from tests.rules.random_bundles import bundles
from tests.rules.tabulation_oracle import Oracle


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(bundles())
def test_the_engine_and_the_plain_tabulation_agree(raw: dict[str, Any]) -> None:
    oracle = Oracle(raw)
    result = result_of(raw)

    places = [
        {name: row[name] for name in ("entry", "place", "shared", "total", "decided_by", "advances", "prize")}
        | {"points": {name: each["points"] for name, each in row["rounds"].items()}}
        for row in result["places"]
    ]
    assert places == oracle.places()
    assert {row["entry"]: row["reason"] for row in result["unplaced"]} == oracle.unplaced
    assert {(row["entry"], row["round"]) for row in result["open"]} == oracle.open
