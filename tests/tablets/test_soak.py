"""Thirty tablets on bad lines, a server whose workers are killed; in the end both sides have the same ledger.

SOAK_SECONDS: how long (15; `make soak` takes 120). SOAK_SEED: of the chance in it.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contest.accounts.identity import TOKEN, token_hash
from contest.accounts.models import LoginSession
from contest.contests.models import Contest
from contest.db import db, utcnow
from contest.judging.actions import recuse
from contest.judging.models import Assignment
from tests.js.node import node
from tests.tablets import ledgers
from tests.tablets.servers import Served

SOAK = Path(__file__).parent / "soak" / "run.mjs"
JUDGES, SECOND_TABLETS, ENTRIES = 25, 5, 6
SECONDS = int(os.environ.get("SOAK_SECONDS", "15"))
SEED = int(os.environ.get("SOAK_SEED", "1510"))


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    """gunicorn, as in the README: two workers, four threads each."""
    served = Served(app, workers=2)
    yield served
    served.stop()


@pytest.fixture
def sign_in_cards(app: Flask) -> Callable[[int, int], list[str]]:
    """sign_in_cards(account id, count): cookies of as many sign-ins."""

    def make(account_id: int, count: int) -> list[str]:
        now, cookies = utcnow(), []
        sealed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        for _number in range(count):
            token = secrets.token_urlsafe(32)
            db.session.add(
                LoginSession(
                    token_hash=token_hash(token), account_id=account_id, way="password", device="test",
                    created_at=now, last_seen_at=now, expires_at=now + timedelta(days=1),
                )
            )  # fmt: skip
            cookies.append(f"session={sealed.dumps({TOKEN: token})}")
        return cookies

    return make


class Trouble(threading.Thread):
    """What befalls the server meanwhile: workers die in the middle of what they do; judges step back from sheets."""

    def __init__(self, app: Flask, served: Served, recused: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self._app, self._served, self._recused = app, served, recused
        self.deaths = 0

    def run(self) -> None:
        end, every = time.monotonic() + SECONDS - 2, max(4, SECONDS / 12)
        self._step_back(after=SECONDS / 3)
        while time.monotonic() < end:
            # On a busy machine a worker needs its time to come up: a hall without any server tries nothing.
            self.deaths += self._served.answers() and self._served.kill_a_worker(self.deaths)
            time.sleep(every)

    def _step_back(self, *, after: float) -> None:
        time.sleep(after)
        with self._app.app_context():
            for sheet_id in self._recused:
                row = db.session.get_one(Assignment, sheet_id)
                recuse(
                    row, row.round.contest, reason="Bài của người nhà.", account=row.panel_member.account, now=utcnow()
                )
                db.session.commit()


def test_thirty_tablets_on_bad_lines_and_the_server_keep_the_same_ledger(
    app: Flask, served: Served, make_hall: Any, sign_in_cards: Callable[[int, int], list[str]]
) -> None:
    if (found := node()) is None:
        pytest.fail("no node") if os.environ.get("CI") else pytest.skip("NO NODE: thirty tablets were not tried")
    hall = make_hall(entries=ENTRIES, judges=JUDGES)
    contest_id = hall.contest.id
    judges = [*range(JUDGES), *range(SECOND_TABLETS)]  # the last tablets are second ones
    tablets = [
        {
            "name": f"máy {number}", "owner": hall.members[judge].account_id,
            "sheets": [row[judge].public_id for row in hall.sheets],
            "cookies": sign_in_cards(hall.members[judge].account_id, 6 + SECONDS // 4),
        }
        for number, judge in enumerate(judges, 1)
    ]  # fmt: skip
    recused = [row[judge].id for row in hall.sheets[:3] for judge in (3, 10, 12, 14, 16, 18)]  # one has two tablets
    db.session.commit()
    db.session.remove()
    served.start()
    trouble = Trouble(app, served, recused)
    trouble.start()

    plan = {"server": served.address, "seconds": SECONDS, "seed": SEED, "tablets": tablets}
    run = subprocess.run(
        [found, str(SOAK)], input=json.dumps(plan), capture_output=True, text=True, timeout=SECONDS + 240
    )
    trouble.join()
    assert run.returncode == 0, run.stderr[-3000:]
    log = json.loads(run.stdout)

    figures = {**log["figures"], "workers killed": trouble.deaths, "refused": len(log["refused"])}
    print(f"\n{SECONDS} s, {len(tablets)} tablets: " + ", ".join(f"{name} {figures[name]}" for name in sorted(figures)))
    wrong = ledgers.faults(log, db.session.get_one(Contest, contest_id))
    assert not wrong, "\n".join(wrong)
    # It was no calm day: what the test is about did happen.
    wanted = {"lost", "cuts", "sent again"} | (
        {"refused", "before", "together", "late", "sessions ended"} if SECONDS >= 60 else set()
    )
    assert {name for name in wanted if not figures.get(name)} == set()
