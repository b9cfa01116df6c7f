"""Uploaded and produced files: kept under keys of our own making, never under a person's file name."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import Flask, current_app

CHUNK = 1 << 20
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    """A file at rest: its key, size in bytes and SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class TooLarge(Exception):
    """The file went past the limit (bytes) while being written; nothing was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


def private_folder(folder: Path) -> None:
    """Make a folder that only this program's user may look into, and what is missing above it."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(missing.parent)


def private_file(path: str, flags: int) -> int:
    """For open(…, opener=private_file): a file that only this program's user may read."""
    return os.open(path, flags, 0o600)


def write_safely(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all, and is still there after a power cut: bytes, then its name."""
    private_folder(path.parent)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb", opener=private_file) as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class LocalStorage:
    """Files in a folder, each under a key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: BinaryIO | Iterable[bytes] | bytes, *, limit: int | None = None) -> Stored:
        """Keep a file. Raises TooLarge past `limit` bytes, OSError when the disk refuses."""
        key = secrets.token_hex(17)
        key = f"{key[:2]}/{key[2:]}"
        digest, size = hashlib.sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for chunk in _chunks(stream):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge(limit)
                digest.update(chunk)
                yield chunk

        write_safely(self.folder / key, measured())
        return Stored(key, size, digest.hexdigest())

    def put_at(self, key: str, data: BinaryIO | bytes) -> None:
        """Put a file back under the key it had; for the restoration of a backup."""
        write_safely(self._path(key), _chunks(data))

    def open(self, key: str) -> BinaryIO:
        """Raises FileNotFoundError for a key that was never given out."""
        return self._path(key).open("rb")

    def read(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes of a file, a CHUNK at a time, however large it is. Raises FileNotFoundError."""
        with self.open(key) as file:
            yield from _chunks(file)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)
        self.unmark(key)

    def mark(self, key: str) -> None:
        """Note that nothing seems to need this file. Marking again keeps the first time."""
        with suppress(FileExistsError), open(self._mark(key), "xb", opener=private_file):
            pass

    def unmark(self, key: str) -> None:
        self._mark(key).unlink(missing_ok=True)

    def marked_at(self, key: str) -> float | None:
        """When a file was marked, in seconds since 1970, or None."""
        try:
            return self._mark(key).stat().st_mtime
        except FileNotFoundError:
            return None

    def _mark(self, key: str) -> Path:
        return self._path(key).with_suffix(".unnamed")

    def keys(self) -> Iterator[str]:
        """Every key held, in order."""
        for path in sorted(self.folder.glob("??/*")):
            if _KEY.fullmatch(key := f"{path.parent.name}/{path.name}"):
                yield key

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise FileNotFoundError(key)
        return self.folder / key


def _chunks(stream: BinaryIO | Iterable[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(stream, bytes):
        yield stream
    elif hasattr(stream, "read"):
        while chunk := stream.read(CHUNK):
            yield chunk
    else:
        yield from stream


def _sync_folder(folder: Path) -> None:
    """Without this a power cut can lose the name of a file whose bytes are safe."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def init_storage(app: Flask) -> None:
    """Make the store the app's settings name."""
    url = app.config["STORAGE_URL"]
    if not url.startswith("file://"):
        raise ValueError(f"CONTEST_STORAGE_URL {url!r}: only file:// is known")
    app.extensions["contest_storage"] = LocalStorage(Path(url.removeprefix("file://")))


def storage() -> LocalStorage:
    """The current app's store."""
    store: LocalStorage = current_app.extensions["contest_storage"]
    return store
