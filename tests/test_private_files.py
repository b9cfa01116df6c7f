"""What is kept, others on the machine cannot read; and it is on the disk before it counts as kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contest.cli import backup
from contest.config import load_config, make_instance
from contest.db import db
from contest.storage import LocalStorage, storage


@pytest.fixture(autouse=True)
def open_handed() -> Any:
    """The umask of most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _rights(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def _all_rights(folder: Path) -> set[tuple[str, str]]:
    paths = [folder, *folder.rglob("*")]
    return {("folder" if path.is_dir() else "file", _rights(path)) for path in paths}


ONLY_OURS = {("folder", "0o700"), ("file", "0o600")}


@pytest.mark.parametrize("made_before", [False, True])
def test_the_instance_folder_is_ours_alone(tmp_path: Path, made_before: bool) -> None:
    folder = tmp_path / "instance"
    if made_before:
        folder.mkdir(mode=0o755)
        (folder / "contest.sqlite3").touch(mode=0o644)

    make_instance(load_config({"CONTEST_INSTANCE_DIR": str(folder)}))

    assert (folder / "contest.sqlite3").exists()
    assert _all_rights(folder) == ONLY_OURS


def test_kept_files_are_ours_alone(tmp_path: Path) -> None:
    store = LocalStorage(tmp_path / "deep" / "files")

    stored = store.put(b"x")
    store.put_at("ab/" + "0" * 32, b"y")

    assert store.read(stored.key) == b"x"
    assert _all_rights(tmp_path / "deep") == ONLY_OURS


def test_a_backup_is_ours_alone(app: Flask, tmp_path: Path) -> None:
    storage().put(b"x")
    db.session.remove()

    result = app.test_cli_runner().invoke(backup.backup, [str(tmp_path / "copy")])

    assert result.exit_code == 0, result.output
    assert _all_rights(tmp_path / "copy") == ONLY_OURS


def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        done.append("folder synced" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "bytes synced")
        sync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        done.append("named")
        return replace(path, target)

    store = LocalStorage(tmp_path)
    store.put_at("ab/" + "0" * 32, b"")
    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)

    store.put_at("ab/" + "1" * 32, b"x")

    assert done == ["bytes synced", "named", "folder synced"]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"x"
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        LocalStorage(tmp_path).put(broken())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
