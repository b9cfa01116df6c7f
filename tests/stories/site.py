"""The service as people meet it: an empty database, waitress, the job worker, CSRF and CSP in force."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from contest import jobs
from contest.app import create_app
from contest.cli import commands
from contest.db import db


@contextmanager
def served(folder: Path) -> Iterator[Flask]:
    """The app on a database of its own in `folder`, answering at app.config["PUBLIC_URL"]."""
    app = create_app(
        {
            # Lets files change under the server, which others may be working on.
            "TESTING": True,
            "INSTANCE_DIR": str(folder),
            "SECRET_KEY": "not secret: a story's only",
            "STORAGE_URL": f"file://{folder / 'files'}",
            "DATABASE_URL": f"sqlite:///{folder / 'story.sqlite3'}",
            "RATE_LIMITS": False,
            "PAGE_CACHE_SECONDS": 0,
            "LOG_LEVEL": "WARNING",
        }
    )
    commands.register(app)
    with app.app_context():
        db.create_all()
    server = create_server(app, host="127.0.0.1", port=0, threads=8, ident="", clear_untrusted_proxy_headers=True)
    app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, name="story-server", daemon=True)
    thread.start()
    jobs.start_worker(app)
    yield app
    server.close()
    thread.join(timeout=5)
