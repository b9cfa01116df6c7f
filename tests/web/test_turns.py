"""Small writes of one process take turns; nothing else waits for them, and no turn is lost."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import run_wsgi_app

from contest.web import turns
from contest.web.turns import init_turns


class Room:
    """An app with one route, and how many are in it at once at most."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.inside = self.most = 0
        self._count = threading.Lock()
        self.fails = False
        # Opened when two are inside, or when nobody else can be coming.
        self.met = threading.Event()
        init_turns(self.app)
        self.app.add_url_rule("/", view_func=self.enter, methods=["GET", "POST"])

    def enter(self) -> str:
        with self._count:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == 2:
                self.met.set()
        self.met.wait(0.3)
        with self._count:
            self.inside -= 1
        if self.fails:
            raise RuntimeError
        return "ok"

    def two_at_once(self, **options: Any) -> int:
        """How many of two such requests were inside together."""
        send: Callable[[], Any] = lambda: self.app.test_client().open("/", **options)  # noqa: E731
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        return self.most


@pytest.fixture
def room() -> Iterator[Room]:
    assert not turns._one.locked()
    yield Room()
    assert not turns._one.locked()


def test_small_json_writes_go_one_after_another(room: Room) -> None:
    assert room.two_at_once(method="POST", json={"uuid": "1"}) == 1


@pytest.mark.parametrize(
    "options",
    (
        {"method": "GET"},
        {"method": "GET", "json": {}},
        {"method": "POST", "data": {"password": "x"}},
        {"method": "POST", "json": {"text": "x" * turns.MOST}},
    ),
    ids=("page", "page asked for with a body", "form", "long"),
)
def test_nothing_else_waits(room: Room, options: dict[str, Any]) -> None:
    assert room.two_at_once(**options) == 2


def test_a_view_that_fails_gives_its_turn_back(room: Room) -> None:
    room.fails = True
    assert room.app.test_client().post("/", json={}).status_code == 500


def test_nobody_waits_for_somebody_elses_line(room: Room) -> None:
    """A body that comes slowly holds no turn."""
    began, ends = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            began.set()
            ends.wait(10)
            return super().read(size)

        def readinto(self, buffer: Any) -> int:
            began.set()
            ends.wait(10)
            return super().readinto(buffer)

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "2", "wsgi.input": Slow(b"{}"),
    }  # fmt: skip
    answers: list[Any] = []
    slow = threading.Thread(target=lambda: answers.append(run_wsgi_app(room.app, environ)))
    slow.start()
    try:
        assert began.wait(5)
        assert room.app.test_client().post("/", json={}).status_code == 200
        assert slow.is_alive()
    finally:
        ends.set()
        slow.join(10)
    assert answers[0][1] == "200 OK"


def test_a_turn_that_does_not_come_is_gone_without(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    with turns._one:
        assert room.app.test_client().post("/", json={}).status_code == 200
