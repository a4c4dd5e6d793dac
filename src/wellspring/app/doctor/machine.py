"""What can be seen from outside: Python, the data folder, the port, files and fonts. Opens and changes nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx

from wellspring.acquisition.fonts import find_chinese_font
from wellspring.app.doctor.findings import Finding, looked_at, ok, warning, wrong
from wellspring.app.serve import check_port
from wellspring.platform.data_folder import FORMAT
from wellspring.platform.errors import Refusal, StartError
from wellspring.platform.paths import console_folder
from wellspring.platform.settings import Settings

PYTHON_MIN = (3, 11)
LOW_DISK = 2 * 10**9
NO_DISK = 2 * 10**8
Holder = Literal["nobody", "another process"]


def examine_machine(settings: Settings) -> list[Finding]:
    return [
        *looked_at("Python", _python),
        *looked_at("Data folder", _data_folder, settings),
        *looked_at("Port", _port, settings),
        *looked_at("Console", _console),
        *looked_at("Chinese font", _font),
        *looked_at("Chromium", _chromium),
    ]


def _python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < PYTHON_MIN:
        yield wrong("Python", f"{version} is too old: install Python 3.11 or newer.")
    else:
        yield ok("Python", version)


def _data_folder(settings: Settings) -> Iterator[Finding]:
    name, path = "Data folder", settings.data.expanduser().resolve()
    embedded = settings.database_url is None
    if embedded and os.geteuid() == 0 and Path("/root") in (path, *path.parents):
        yield wrong(name, f"{path} is inside /root, which the embedded PostgreSQL can't enter: set WELLSPRING_DATA.")
        return
    if blocking := next((part for part in (path, *path.parents) if part.exists() and not part.is_dir()), None):
        yield wrong(name, f"{blocking} is a file, not a folder: set WELLSPRING_DATA to another place.")
        return
    if not path.exists():
        above = next(parent for parent in path.parents if parent.exists())
        if os.access(above, os.W_OK):
            yield ok(name, f"{path} is not there yet; the first start makes it.")
        else:
            yield wrong(
                name, f"{path} is not there and {above} can't be written: set WELLSPRING_DATA to another place."
            )
        return
    if not os.access(path, os.W_OK):
        yield wrong(name, f"{path} can't be written: give it to the user who runs Wellspring.")
        return
    yield from _format(path)
    yield from _disk(path)


def _format(path: Path) -> Iterator[Finding]:
    marker = path / "FORMAT"
    found = marker.read_text().strip() if marker.exists() else str(FORMAT)
    if not found.isdigit() or int(found) > FORMAT:
        yield wrong(
            "Data folder", f"{path} has format {found or 'unknown'}, this version reads {FORMAT}: update Wellspring."
        )
        return
    key = path / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield warning("Secret key", f"Others can read {key}: chmod 600 it.")
    elif not key.exists() and (path / "postgres" / "PG_VERSION").exists():
        yield wrong("Secret key", f"{key} is missing: restore it from a backup, without it stored secrets stay shut.")
    yield ok("Data folder", str(path))


def _disk(path: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(path).free
    text = f"{free / 10**9:.1f} GB free"
    if free < NO_DISK:
        yield wrong("Disk", f"{text}: make room, or both databases will stop.")
    elif free < LOW_DISK:
        yield warning("Disk", f"{text}: make room before it runs out.")
    else:
        yield ok("Disk", text)


def folder_holder(settings: Settings) -> Holder:
    """Whether a running process owns the data folder; nothing is left locked."""
    file = settings.data.expanduser().resolve() / "lock"
    if not file.exists():
        return "nobody"
    with file.open("r") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return "another process"
        fcntl.flock(handle, fcntl.LOCK_UN)
    return "nobody"


def answers(settings: Settings) -> bool:
    """Whether a Wellspring answers on the port."""
    try:
        answer = httpx.get(f"{local_url(settings)}/healthz", timeout=3, trust_env=False)
        return answer.status_code == 200 and answer.json() == {"status": "ok"}
    except (httpx.HTTPError, ValueError):
        return False


def local_url(settings: Settings) -> str:
    """How a program on this machine reaches the API, whatever its public name is."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared only
    return f"http://{host}:{settings.port}"


def _port(settings: Settings) -> Iterator[Finding]:
    if answers(settings):
        yield ok("Port", f"Wellspring answers on {local_url(settings)}.")
        return
    try:
        check_port(settings.host, settings.port)
    except StartError as error:
        yield wrong("Port", str(error))
    else:
        yield ok("Port", f"{settings.port} is free.")


def _console() -> Iterator[Finding]:
    if (console_folder() / "index.html").exists():
        yield ok("Console", "built")
    else:
        yield wrong("Console", "Not built: run `make console`.")


def _font() -> Iterator[Finding]:
    try:
        path, _ = find_chinese_font()
    except Refusal as missing:
        yield wrong("Chinese font", str(missing))
    else:
        yield ok("Chinese font", path)


def _chromium() -> Iterator[Finding]:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    yield ok("Chromium", found or "none; only the browser tests need one")
