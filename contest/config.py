"""Every setting of the service: one table, read once at start.

Settings are environment variables named CONTEST_…; `SETTINGS` is their only list, and a
variable with that prefix that is not in it stops the start, because a misspelt setting
that is silently ignored is how a deadline or a secret goes wrong.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "CONTEST_"


@dataclass(frozen=True)
class Setting:
    """One setting. `kind` is str, int or bool; `default` None means "computed at start"."""

    name: str
    kind: type
    default: str | int | bool | None
    unit: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("DATABASE_URL", str, None, "URL", "Database; default: SQLite in the instance folder"),
    Setting("SECRET_KEY", str, None, "text", "Signs cookies; default: made once, kept in the instance folder"),
    Setting("INSTANCE_DIR", str, None, "folder", "Where database, files and keys live by default: ./instance"),
    Setting("STORAGE_URL", str, None, "URL", "Uploaded files; default: file://INSTANCE_DIR/files"),
    Setting("REDIS_URL", str, "", "URL", "Shared rate limits of several processes; empty: memory"),
    Setting("MAIL_URL", str, "", "URL", "smtp://user:password@host:port; empty: mail stays in the outbox"),
    Setting("MAIL_FROM", str, "dan-van-kheo@localhost", "address", "Sender of every mail"),
    Setting(
        "PUBLIC_URL",
        str,
        "",
        "URL",
        "Address people reach the service at, for QR codes and mail; empty: the request's, on this network only",
    ),
    Setting("DEFAULT_LANGUAGE", str, "vi", "vi|en", "Language where the visitor has not chosen one"),
    Setting("SESSION_HOURS", int, 24 * 14, "hours", "How long a sign-in lasts without use"),
    Setting("CARD_MINUTES", int, 12 * 60, "minutes", "How long a judge's QR sign-in card can be used"),
    Setting("MAX_REQUEST_MB", int, 64, "MB", "Largest body of one request"),
    Setting("TRUST_PROXY", int, 0, "hops", "Reverse proxies in front whose X-Forwarded headers are believed"),
    Setting("RATE_LIMITS", bool, True, "yes/no", "Limit sign-in, registration and upload attempts"),
    Setting("WORKER_IN_PROCESS", bool, True, "yes/no", "Run background jobs in the web process"),
    Setting("DOCUMENTS_APART", bool, True, "yes/no", "Read and draw documents in child processes of their own"),
    Setting("JOB_POLL_SECONDS", int, 2, "seconds", "How often a worker looks for jobs it was not told of"),
    Setting(
        "PAGE_CACHE_SECONDS",
        int,
        2,
        "seconds",
        "How long a kept public page is served before its version is asked again",
    ),
    Setting("LOG_LEVEL", str, "INFO", "level", "Smallest level written to the log"),
    Setting("DEMO", bool, False, "yes/no", "Show the demo accounts on the sign-in page"),
)


class BadSettings(Exception):
    """The environment names a setting that does not exist or holds a value of the wrong kind."""


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """Names under our prefix that are not settings, each with the nearest real one."""
    known = {PREFIX + setting.name for setting in SETTINGS}
    found = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            found.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    return found


def load_config(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings into Flask's config keys. Raises BadSettings naming every problem."""
    environ = os.environ if environ is None else environ
    problems = unknown_settings(environ)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(PREFIX + setting.name)
        try:
            values[setting.name] = setting.default if raw in (None, "") else _parse(setting, str(raw))
        except ValueError:
            problems.append(f"{PREFIX}{setting.name} should be {setting.kind.__name__} ({setting.unit}), not {raw!r}")
    if values.get("DEFAULT_LANGUAGE") not in ("vi", "en"):
        problems.append(f"{PREFIX}DEFAULT_LANGUAGE should be vi or en")
    if problems:
        raise BadSettings("\n".join(problems))
    return _with_computed(values)


def _parse(setting: Setting, raw: str) -> Any:
    if setting.kind is bool:
        if raw.lower() not in _BOOLS:
            raise ValueError(raw)
        return raw.lower() in _TRUE
    return setting.kind(raw)


_TRUE = {"1", "true", "yes", "on"}
_BOOLS = _TRUE | {"0", "false", "no", "off"}


def _with_computed(values: dict[str, Any]) -> dict[str, Any]:
    instance = Path(values["INSTANCE_DIR"] or Path.cwd() / "instance").resolve()
    values["INSTANCE_DIR"] = str(instance)
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / OWN_DATABASE}"
    values["STORAGE_URL"] = values["STORAGE_URL"] or f"file://{instance / 'files'}"
    values["PUBLIC_URL"] = values["PUBLIC_URL"].rstrip("/")
    return values


OWN_DATABASE = "contest.sqlite3"


def make_instance(values: MutableMapping[str, Any]) -> None:
    """Make what the installation keeps in its folder, as far as it is not there; put its own key into the settings.

    Not part of reading the settings: commands that need neither database nor key must leave nothing behind.
    """
    instance = Path(values["INSTANCE_DIR"])
    _keep_to_ourselves(instance)
    if values["DATABASE_URL"] == f"sqlite:///{instance / OWN_DATABASE}":
        # What SQLite puts beside it gets the rights it has.
        os.close(os.open(instance / OWN_DATABASE, os.O_RDWR | os.O_CREAT, 0o600))
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(instance / "secret-key")


def _keep_to_ourselves(instance: Path) -> None:
    """Names, marks and keys lie here: for this user's eyes only, whatever the umask says."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):  # made by somebody else, who then answers for it
        instance.chmod(0o700)
        for file in instance.glob(f"{OWN_DATABASE}*"):
            file.chmod(0o600)


def _kept_secret(path: Path) -> str:
    """The installation's own key, made at the first start and readable by its user only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
