"""`python wsgi.py` serves the service on one machine; `gunicorn wsgi:app` on several."""

import gc
import os
import sys

from contest.app import create_app
from contest.config import make_instance

app = create_app()
is_pure = False

# What the program is made of stays: the collector need not look through it again and again, 60 ms each time.
gc.collect()
gc.freeze()

# A web process has no use for commands; what they import (Alembic above all) costs it a tenth of its memory.
if os.environ.get("FLASK_RUN_FROM_CLI"):
    from contest.cli import commands

    commands.register(app)
    is_pure = commands.is_pure(sys.argv[1:])

if not is_pure:
    make_instance(app.config)

if __name__ == "__main__":
    from contest.cli.serve import serve

    serve(app)
