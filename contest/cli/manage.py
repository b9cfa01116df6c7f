"""Commands of whoever runs the installation."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from contest import jobs
from contest.accounts import actions
from contest.accounts.passwords import hashed, issued
from contest.accounts.person import Person
from contest.audit import SYSTEM
from contest.db import db, utcnow
from contest.rules import phones
from contest.rules.permissions import Role
from contest.rules.text import clean_line
from contest.units import actions as units
from contest.units.importing import BadList

MOST_SHOWN = 20


@click.command("create-admin")
@click.option("--name", prompt="Họ và tên", help="Full name.")
@click.option("--email", default="", help="Address to sign in with, if there is one.")
@click.option("--phone", default="", help="Phone to sign in with, if there is one.")
@with_appcontext
def create_admin(name: str, email: str, phone: str) -> None:
    """Make an administrator; prints the account's code and a first password, once."""
    password = issued()
    number = phones.normalise(phone) if phone else None
    if phone and number is None:
        raise click.ClickException(f"not a phone number: {phone}")
    try:
        account = actions.create_account(
            Person(clean_line(name, 200), phone=number, email=email.strip().lower() or None),
            password_hash=hashed(password),
            must_change=True,
            actor=SYSTEM,
            now=utcnow(),
        )
    except actions.EmailTaken:
        raise click.ClickException(f"another account has {email}") from None
    actions.give_role(account, Role.ADMIN, actor=SYSTEM, now=utcnow())
    db.session.commit()
    click.echo(f"{account.full_name}\n  mã tài khoản: {account.code}\n  mật khẩu lần đầu: {password}")


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@with_appcontext
def work(once: bool) -> None:
    """Do background jobs until stopped."""
    if once:
        click.echo(f"{jobs.run_due(10_000)} jobs")
        return
    thread = jobs.start_worker(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("working")
    thread.join()


@click.command("import-units")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--province", default="", help="Code of the province to take out of the published list, for example 24.")
@with_appcontext
def import_units(file: Path, province: str) -> None:
    """Bring in a list of units: a CSV as in contest/units/data, or the published list of communes. All or nothing."""
    try:
        added = units.import_units(file.read_bytes(), name=file.name, province=province, actor=SYSTEM, now=utcnow())
    except BadList as bad:
        lines = [f"  line {line}: {text}" for line, text in bad.problems[:MOST_SHOWN]]
        more = len(bad.problems) - len(lines)
        raise click.ClickException(
            "\n".join([f"{file.name}: nothing taken", *lines, *([f"  … {more} more"] if more else [])])
        ) from None
    db.session.commit()
    click.echo(f"{added} units added")


COMMANDS = (create_admin, import_units, work)
