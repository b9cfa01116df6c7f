"""The app in a process of its own, for tests that kill it: "tests.tablets.served:hall()" for gunicorn, or this file.

HALL_SETTINGS: settings as JSON. HALL_DIES: "answered" (the first batch is committed and answered, and not a byte
of the answer is sent) or "halfway" (at the second version of the first batch, before the commit).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy import event
from waitress.server import create_server

from contest.app import create_app
from contest.db import db

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def hall() -> Flask:
    app = create_app(json.loads(os.environ["HALL_SETTINGS"]))
    dies = os.environ.get("HALL_DIES")
    if dies == "answered":
        app.wsgi_app = _dying_before_it_speaks(app.wsgi_app)  # type: ignore[method-assign]
    elif dies == "halfway":
        _die_at_the_second_version(app)
    return app


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dying_before_it_speaks(served: Wsgi) -> Wsgi:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/cham/dong-bo" or int(environ.get("CONTENT_LENGTH") or 0) < 500:
            return served(environ, start_response)  # a beat without versions is shorter
        status: list[str] = []
        body = b"".join(served(environ, lambda line, *_rest: status.append(line)))
        # Only a batch that was taken counts: the test is about its receipt.
        if status[0].startswith("200") and b'"number"' in body:
            _die()
        start_response("500 INTERNAL SERVER ERROR", [])
        return [b"the batch was not taken"]

    return answer


def _die_at_the_second_version(app: Flask) -> None:
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT INTO sheet_versions" in statement:
            seen.append(statement)
            if len(seen) == 2:
                _die()

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)


if __name__ == "__main__":
    # The port stays open in a dead process's name for a while: waitress reuses it.
    server = create_server(hall(), host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident="")
    print(server.effective_port, flush=True)
    server.run()
