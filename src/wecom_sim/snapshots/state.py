"""A snapshot is a state file: `wecom-sim serve --state` can open a copy of it. It also holds what lives in memory only:
faults and their dice, call-frequency windows, the lag of groups."""

import re
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from wecom_sim.clock import iso
from wecom_sim.errors import ActionError
from wecom_sim.simulator import Simulator
from wecom_sim.store import StateFileError, open_state_file

NAME = re.compile(r"[\w][\w.-]{0,63}")
ENDING = ".snapshot"


class Snapshots:
    """`folder` None: a temporary one, gone when the simulator ends."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._temporary = folder is None

    def close(self) -> None:
        if self._temporary and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ActionError("bad_name", "A name has letters, digits, dots, dashes and underscores, at most 64.", 422)
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="wecom-sim-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"{name}{ENDING}"

    def _known(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():
            raise ActionError("no_such_snapshot", f"There is no snapshot {name}.", 404)
        return path

    def save(self, sim: Simulator, name: str) -> dict[str, Any]:
        """Keep the state as it is now; an older snapshot of that name is replaced."""
        path = self._path(name)
        now = sim.kernel.clock.now()
        about = {
            "company": sim.kernel.company.name,
            "customers": len(sim.contacts.customers),
            "saved_at": iso(time.time()),
            "clock": iso(now),
        }
        kept = {"now": now, "seed": sim.kernel.ids.state.seed, "in_memory": sim.kernel.in_memory(), "about": about}
        fresh = path.with_suffix(".part")
        fresh.unlink(missing_ok=True)
        try:
            sim.store.save_to(fresh, orjson.dumps(kept))
            fresh.replace(path)
        except (OSError, sqlite3.DatabaseError) as error:
            fresh.unlink(missing_ok=True)
            raise ActionError("not_saved", f"The snapshot could not be written: {error}.", 500) from error
        return self._row(path, about)

    def _row(self, path: Path, about: dict[str, Any]) -> dict[str, Any]:
        return {"name": path.name.removesuffix(ENDING), **about, "bytes": path.stat().st_size}

    def list(self) -> list[dict[str, Any]]:
        paths = sorted(self._folder.glob(f"*{ENDING}")) if self._folder and self._folder.exists() else []
        return [self._row(path, _read(path)["about"]) for path in paths]

    def restore(self, sim: Simulator, name: str) -> dict[str, Any]:
        """Back to a snapshot: everything since is forgotten, the clock goes on from then."""
        path = self._known(name)
        kept = _read(path)
        sim.restore(path, kept["seed"], kept["now"], kept["in_memory"])
        return self._row(path, kept["about"])

    def drop(self, name: str) -> None:
        self._known(name).unlink()


def _read(path: Path) -> dict[str, Any]:
    try:
        with closing(open_state_file(path)) as db:
            row = db.execute("SELECT body FROM rows WHERE tbl = 'snapshot' AND key = 'now'").fetchone()
    except StateFileError as error:
        raise ActionError("bad_snapshot", str(error), 500) from error
    if row is None:
        raise ActionError("bad_snapshot", f"{path.name} is no snapshot.", 500)
    found: dict[str, Any] = orjson.loads(row[0])
    return found
