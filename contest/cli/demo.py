"""`demo`: fill an empty installation with a living campaign, and say who can sign in to it.

Three years stand side by side. 2024, the year of the source documents, is told as it was: its writing contest closed
on 31/8/2024 and stands in the middle of its first round, whatever the day is today; marks can still be given. 2023 is
over, with published results and certificates. The present year has a contest that takes entries around today.
Everything is made by the actions that the pages call, in order of time, so ledgers, trail and hashes hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from contest import jobs
from contest.accounts.models import Account
from contest.accounts.passwords import hashed, matches
from contest.accounts.words import ROLES
from contest.cli.demo_cast import SHOWN_WRITERS, STAFF, WRITERS
from contest.cli.demo_setting import Scene, load_people
from contest.cli.demo_years import contest_of_2023, contest_of_2024, contest_of_this_year
from contest.db import db, utcnow

PASSWORD = "demo-dan-van"  # noqa: S105 (printed at every start; the demo keeps no secrets)

Echo = Callable[[str], None]


class NotEmpty(click.ClickException):
    """There are accounts already: the demo would mix with people's real work."""

    def __init__(self) -> None:
        super().__init__("the database is not empty; demo data goes only into a new installation")


def fill(*, echo: Echo) -> None:
    """Fill an empty database. Raises NotEmpty. Commits as it goes; a half-filled database is to be deleted."""
    if db.session.scalars(select(Account.id).limit(1)).first() is not None:
        raise NotEmpty
    scene = Scene(password_hash=hashed(PASSWORD))
    load_people(scene)
    db.session.commit()
    for year in (contest_of_2023, contest_of_2024):
        echo(f"Demo: {year(scene).name}")
    echo(f"Demo: {contest_of_this_year(scene, utcnow()).name}")
    while jobs.run_due():
        pass


def say_accounts(*, echo: Echo) -> None:
    """Print who can sign in, and how; with CONTEST_DEMO the sign-in page shows it too.

    Says nothing where the demo's people are not.
    """
    rows = [(what, account.email or account.code, account.full_name) for what, account in _accounts()]
    stored = set(db.session.scalars(select(Account.password_hash).where(Account.full_name.in_(n for *_, n in rows))))
    # Whoever serves next must not go on holding SQLite's write lock by having read.
    db.session.rollback()
    if not rows:
        return
    echo("\nTÀI KHOẢN DÙNG THỬ, người và việc đều không có thật (demo accounts, invented people):")
    if all(matches(PASSWORD, password_hash) for password_hash in stored):
        echo(f"Mật khẩu chung (password of all): {PASSWORD}")
        if current_app.config["DEMO"]:
            current_app.config["DEMO_ACCOUNTS"] = {"password": PASSWORD, "rows": rows}
    width = max(len(what) for what, *_rest in rows)
    for what, identifier, name in rows:
        echo(f"  {what:<{width}}  {identifier:<22}  {name}")
    echo("")


def _accounts() -> Sequence[tuple[str, Account]]:
    """(what it is for, account) in the order of the cast; only accounts the demo made."""
    names = {person.full_name for person in (*STAFF, *WRITERS)}
    rows = db.session.scalars(select(Account).where(Account.full_name.in_(names)).order_by(Account.id.desc()))
    by_name = {account.full_name: account for account in rows}
    wanted = [(str(ROLES[person.role]), person.full_name) for person in STAFF]
    full = {writer.key: writer.full_name for writer in WRITERS}
    wanted += [(what, full[key]) for key, what in SHOWN_WRITERS]
    return [(what, by_name[name]) for what, name in wanted if name in by_name]


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty, migrated database with the demo campaign."""
    fill(echo=click.echo)
    say_accounts(echo=click.echo)


COMMANDS = (demo,)
