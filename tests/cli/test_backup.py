"""`backup` and `restore`: the same rows and files again, on either database; a damaged copy is refused whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, insert, select, text

from contest import audit, jobs
from contest.accounts.models import Account
from contest.accounts.passwords import hashed
from contest.cli import backup
from contest.db import db
from contest.jobs import Job
from contest.storage import storage
from contest.units.models import Unit
from tests.conftest import _empty
from tests.fixtures.makers import NOW

PASSWORD = "đồng bào là trên hết"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """A command, in the empty-handed state a process starts in."""

    def invoke(*args: object) -> Result:
        db.session.remove()
        return app.test_cli_runner().invoke(args=[str(arg) for arg in args])

    return invoke


@pytest.fixture
def start_anew(app: Flask) -> Callable[[], None]:
    """Throw the database and all files away."""

    def anew() -> None:
        db.session.remove()
        _empty(app)
        shutil.rmtree(storage().folder, ignore_errors=True)

    return anew


@pytest.fixture
def copy(run: Callable[..., Result], whole: Any, make_account: Any, make_unit: Any, tmp_path: Path) -> Path:
    """A backup of a small installation: a contest that went its whole way, a tree of units, a trail, a job."""
    # The parent has the higher id: its child cannot simply be put in first.
    child = make_unit("Xã Hòa An")
    child.parent = make_unit("Huyện Chiêm Hóa")
    make_account("Bàn Thị Pham", email="pham@example.com", password_hash=hashed(PASSWORD))
    audit.record(audit.SYSTEM, "test.happen", "entry:1", now=NOW)
    jobs.enqueue("mail.send", now=NOW, mail_id=0)
    db.session.commit()
    answer = run("backup", tmp_path / "copy")
    assert answer.exit_code == 0, answer.output
    return tmp_path / "copy"


def _rows() -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
    }


def _sealed(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest so that its checksums agree with the folder again."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in manifest["sha256"]:
        manifest["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    change(manifest)
    path.write_text(json.dumps(manifest))


def _refusal(answer: Result) -> str:
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit), "a refusal, not a traceback"
    assert not any(_rows().values()), "nothing of it was taken in"
    return answer.stderr


def test_every_row_and_file_comes_back(run: Any, copy: Path, start_anew: Any) -> None:
    before = _rows()
    kept = {key: storage().read(key) for key in storage().keys()}  # noqa: SIM118 (not a dict)
    start_anew()

    answer = run("restore", copy)

    assert answer.exit_code == 0, answer.output
    assert _rows() == before
    assert {key: storage().read(key) for key in storage().keys()} == kept  # noqa: SIM118
    assert run("verify").exit_code == 0


def test_a_file_refused_while_the_copy_is_made_does_not_break_it_off(
    run: Any, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload is on the disk before it is checked; what is refused, or swept, is gone again a moment later."""
    listed = [*storage().keys(), "ab/" + "c" * 32]  # (not a dict)
    monkeypatch.setattr(type(storage()), "keys", lambda _store: iter(listed))

    answer = run("backup", tmp_path / "second")

    assert answer.exit_code == 0, answer.exception
    first, second = (json.loads((folder / "manifest.json").read_text()) for folder in (copy, tmp_path / "second"))
    assert first["sha256"] == second["sha256"]


def test_a_copy_of_the_copy_is_the_same(run: Any, copy: Path, start_anew: Any, tmp_path: Path) -> None:
    start_anew()
    run("restore", copy)
    run("backup", tmp_path / "second")

    first, second = (json.loads((folder / "manifest.json").read_text()) for folder in (copy, tmp_path / "second"))
    assert first["sha256"] == second["sha256"]
    assert first["rows"] == second["rows"]


def test_nothing_is_still_nothing_in_a_column_of_json(run: Any, copy: Path, start_anew: Any) -> None:
    start_anew()
    run("restore", copy)

    waiting = select(func.count()).select_from(Job).where(Job.name == "mail.send", text("result IS NULL"))
    assert db.session.scalar(waiting) == 1


def test_people_sign_in_and_new_rows_find_free_ids(run: Any, copy: Path, start_anew: Any, app: Flask) -> None:
    start_anew()
    run("restore", copy)
    taken = {table: set(ids) for table, ids in _ids().items()}

    answer = app.test_client().post("/dang-nhap", data={"identifier": "pham@example.com", "password": PASSWORD})
    audit.record(audit.SYSTEM, "test.happen", "entry:1", now=NOW)
    unit = db.session.scalars(select(Unit).limit(1)).one()
    db.session.add(
        Unit(code="MOI", name="Mới", name_key="moi", sort_key="moi", kind=unit.kind, level=unit.level, path="/9/")
    )
    db.session.commit()

    assert answer.status_code in (302, 303), answer.text
    assert len(_ids()["login_sessions"]) == 1
    assert _ids()["units"] - taken["units"] == {max(taken["units"]) + 1}
    assert run("verify").exit_code == 0


def _ids() -> dict[str, set[int]]:
    return {
        table.name: set(db.session.scalars(select(table.c.id)))
        for table in db.metadata.sorted_tables
        if "id" in table.columns
    }


def test_references_are_checked_at_once_again_afterwards(run: Any, copy: Path, start_anew: Any) -> None:
    if db.engine.dialect.name != "postgresql":
        return
    start_anew()
    run("restore", copy)

    assert db.session.scalar(text("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable")) == 0


def test_who_owns_the_tables_may_restore_without_being_superuser(run: Any, copy: Path, start_anew: Any) -> None:
    if db.engine.dialect.name != "postgresql":
        return
    start_anew()
    with db.engine.begin() as connection:
        before = connection.scalar(text("SELECT current_user"))
        connection.execute(text("CREATE ROLE keeper"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO keeper"))
        for table in db.metadata.sorted_tables:
            connection.execute(text(f"ALTER TABLE {table.name} OWNER TO keeper"))
        connection.execute(text(f'ALTER ROLE "{before}" SET role = keeper'))
    db.engine.dispose()
    try:
        answer = run("restore", copy)
        assert answer.exit_code == 0, (answer.output, answer.exception)
        assert db.session.scalar(text("SELECT current_user")) == "keeper"
    finally:
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text("RESET ROLE"))
            connection.execute(text(f'SET ROLE "{before}"'))
            connection.execute(text(f'ALTER ROLE "{before}" RESET role'))
            connection.execute(text(f'REASSIGN OWNED BY keeper TO "{before}"'))
            connection.execute(text("DROP OWNED BY keeper"))
            connection.execute(text("DROP ROLE keeper"))
        db.engine.dispose()


def test_a_full_installation_is_left_alone(run: Any, copy: Path) -> None:
    before = _rows()

    answer = run("restore", copy)

    assert (answer.exit_code, _rows()) == (1, before)
    assert "not empty" in answer.stderr and "entries" in answer.stderr


def test_a_backup_goes_into_an_empty_folder_only(run: Any, copy: Path) -> None:
    answer = run("backup", copy)

    assert answer.exit_code == 1 and "not empty" in answer.stderr


def test_strangers_cannot_look_into_the_copy(copy: Path) -> None:
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["changed", "shortened", "missing"])
@pytest.mark.parametrize("part", ["tables/entries.jsonl", "files"])
def test_a_damaged_copy_is_refused(run: Any, copy: Path, start_anew: Any, damage: str, part: str) -> None:
    path = copy / part if part != "files" else next(copy.glob("files/??/*"))
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "shortened" else data[:-2] + b"~" + data[-1:])
    start_anew()

    assert str(path.relative_to(copy)) in _refusal(run("restore", copy))


def test_a_copy_broken_off_is_refused(run: Any, copy: Path, start_anew: Any) -> None:
    (copy / "manifest.json").unlink()
    start_anew()

    assert "no manifest.json" in _refusal(run("restore", copy))


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": "contest-backup/1"}', "\x00"])
def test_a_manifest_that_is_none_is_refused(run: Any, copy: Path, start_anew: Any, manifest: str) -> None:
    (copy / "manifest.json").write_text(manifest)
    start_anew()

    assert "manifest.json cannot be read" in _refusal(run("restore", copy))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda manifest: manifest.update(format="contest-backup/2"), "unknown format 'contest-backup/2'"),
        (lambda manifest: manifest.update(revision="feedbeef"), "revision feedbeef"),
        (lambda manifest: manifest["sha256"].pop("tables/entries.jsonl"), "tables/entries.jsonl"),
        (lambda manifest: manifest["sha256"].update({"tables/spies.jsonl": "0"}), "tables/spies.jsonl"),
        (lambda manifest: manifest["sha256"].update({"files/../../outside": "0"}), "no part of a backup"),
    ],
)
def test_a_manifest_of_something_else_is_refused(
    run: Any, copy: Path, start_anew: Any, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    _sealed(copy, change)
    start_anew()

    assert said in _refusal(run("restore", copy))


def test_rows_that_point_nowhere_are_not_taken_in(run: Any, copy: Path, start_anew: Any) -> None:
    """Even where somebody sealed the copy again."""
    path = copy / "tables" / "units.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[-1]["parent_id"] = 987654
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    _sealed(copy, lambda manifest: None)
    start_anew()

    answer = run("restore", copy)

    assert answer.exit_code == 1
    assert not any(_rows().values())


def test_a_restoration_that_failed_can_be_run_again(
    run: Any, copy: Path, start_anew: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_anew()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(storage()), "put_at", full)
        assert run("restore", copy).exit_code == 1
        assert not any(_rows().values())

    assert run("restore", copy).exit_code == 0


def test_the_copy_is_of_one_instant(run: Any, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves while it is made: nobody waits, and the copy does not show half of it."""
    dump = backup._dump
    done: list[int] = []

    def saving(connection: Any, table: Any, path: Path) -> int:
        if not done:
            done.append(dump(connection, table, path))
            with db.engine.begin() as other:
                other.execute(
                    insert(Account).values(
                        code="GIUA0001", full_name="Giữa", name_key="giua", sort_key="giua", created_at=NOW
                    )
                )
            return done[0]
        return dump(connection, table, path)

    monkeypatch.setattr(backup, "_dump", saving)
    answer = run("backup", tmp_path / "second")

    assert answer.exit_code == 0, answer.exception
    assert "GIUA0001" not in (tmp_path / "second" / "tables" / "accounts.jsonl").read_text()
    assert db.session.scalar(select(func.count()).where(Account.code == "GIUA0001")) == 1
