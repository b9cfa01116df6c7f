"""A line that can be cut: a real server on a real port that is there, or not."""

from __future__ import annotations

import threading
from contextlib import suppress

from flask import Flask
from waitress.server import BaseWSGIServer, create_server


class Line:
    """Serves the app at `address` until it is cut; the port stays the same when it is mended."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server: BaseWSGIServer | None = None
        self._port = 0
        self.mend()
        self.address = f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        self._server = create_server(
            self._app, host="127.0.0.1", port=self._port, threads=8, ident="", clear_untrusted_proxy_headers=True
        )
        self._port = self._server.effective_port
        self._thread = threading.Thread(target=self._serve, args=(self._server, stop := threading.Event()), daemon=True)
        self._stop = stop
        self._thread.start()

    @staticmethod
    def _serve(server: BaseWSGIServer, stop: threading.Event) -> None:
        # Closed by the thread that reads from it: a socket closed under a waiting select is an error there.
        while not stop.is_set():
            server.asyncore.loop(timeout=1, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1)
        # What a browser holds open would go on being served.
        for channel in list(server._map.values()):
            if channel is not server and hasattr(channel, "handle_close"):
                channel.handle_close()
        server.close()

    def cut(self) -> None:
        if self._server is None:
            return
        self._stop.set()
        with suppress(OSError):  # the thread had woken by itself, and closed it
            self._server.pull_trigger()
        self._thread.join(timeout=5)
        assert not self._thread.is_alive(), "the line did not let itself be cut"
        self._server = None
