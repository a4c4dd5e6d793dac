"""The processes of a day of trouble, each of which may be killed: PostgreSQL, the simulator, the API, the worker.

The API (`wellspring api`) takes WeCom's callbacks and answers reads. The worker is `wellspring up` on the same database:
jobs and ticks, and the operator's console for what needs the warehouse, because chDB allows one process per folder and no
ClickHouse server stands here. The API's own warehouse folder stays empty; nothing asks it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from wellspring.app.demo.client import Api, Broken, Simulator
from wellspring.app.demo.processes import ManagedProcess, free_port, simulator_process
from wellspring.platform.errors import StartError

NAMES = ("api", "worker", "postgres", "simulator")
UP_WITHIN = 120.0
START_POSTGRES = (
    "import sys; from pathlib import Path; from wellspring.platform.embedded_postgres import EmbeddedPostgres;"
    " print(EmbeddedPostgres(Path(sys.argv[1])).start())"
)


class Killable(Protocol):
    def start(self, timeout: float = ...) -> None: ...
    def kill(self) -> None: ...
    def stop(self) -> None: ...


class Postgres:
    """A server of its own, as an operator would run it, with its `url`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = ""

    def start(self, timeout: float = 60) -> None:
        """Raises StartError; the next try may go well: what is left of a killed server takes a moment to go."""
        command = [sys.executable, "-c", START_POSTGRES, str(self._folder)]
        found = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        if found.returncode:
            raise StartError(f"PostgreSQL did not start: {found.stderr[-300:]}")
        self.url = found.stdout.split()[-1]

    def _postmaster(self) -> int | None:
        """Its process; never somebody else's who was given the number of a server that is gone."""
        file = self._folder / "postmaster.pid"
        pid = int(file.read_text().split()[0]) if file.exists() else 0
        return pid if pid and str(self._folder) in _command_line(pid) else None

    def kill(self) -> None:
        """The postmaster and every process of it, as when the machine's memory runs out."""
        if (postmaster := self._postmaster()) is None:
            return
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if (postmaster := self._postmaster()) is not None:
            os.kill(postmaster, signal.SIGINT)  # a fast shutdown
            deadline = time.monotonic() + 20
            while _command_line(postmaster) and time.monotonic() < deadline:
                time.sleep(0.1)


def _command_line(pid: int) -> str:
    """Empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


class PatientSimulator(Simulator):
    """Waits while the simulator is down; an act that was cut off may then be done twice, which the ledger shows."""

    def _checked(self, method: str, path: str, **options: Any) -> Any:
        return _patiently(lambda: super(PatientSimulator, self)._checked(method, path, **options))


class PatientApi(Api):
    """Tries again while the product or its database is away, as a person at the console would."""

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + UP_WITHIN
        while True:
            answer = super()._send(method, path, **options)
            if answer.status_code < 500 or time.monotonic() > deadline:
                return answer
            time.sleep(0.3)


def _patiently(call: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + UP_WITHIN
    while True:
        try:
            return call()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@dataclass(frozen=True)
class Outage:
    """`since` and `until` are the machine's own seconds (time.time)."""

    name: str
    since: float
    until: float


class World:
    """Everything of one run, in `folder`; nothing is started yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        simulator_port, api_port, worker_port = free_port(), free_port(), free_port()
        simulator_url = f"http://127.0.0.1:{simulator_port}"
        password = secrets.token_urlsafe(12)
        self.postgres = Postgres(folder / "postgres")
        self.outages: list[Outage] = []
        self.killed: list[str] = []
        self.simulator = PatientSimulator(simulator_url)
        self.api = PatientApi(f"http://127.0.0.1:{api_port}", "admin", password, patience=UP_WITHIN)
        self.console = PatientApi(f"http://127.0.0.1:{worker_port}", "admin", password, patience=UP_WITHIN)
        common = {
            "WELLSPRING_DATA": str(folder / "data"),
            "WELLSPRING_ADMIN_PASSWORD": password,
            "WELLSPRING_CLOCK_URL": f"{simulator_url}/control/clock",
            "WELLSPRING_PUBLIC_URL": f"http://127.0.0.1:{api_port}",
        }
        own_warehouse = {"WELLSPRING_WAREHOUSE_URL": f"chdb://{folder / 'api-warehouse'}"}
        self.processes: dict[str, Killable] = {
            "postgres": self.postgres,
            "simulator": simulator_process(folder, simulator_port),
            "worker": self._wellspring("up", worker_port, common),
            "api": self._wellspring("api", api_port, common | own_warehouse),
        }
        self._threads: list[threading.Thread] = []
        self._alone = {name: threading.Lock() for name in NAMES}
        self._errors: list[BaseException] = []

    def _wellspring(self, command: str, port: int, environment: Mapping[str, str]) -> Killable:
        """Built at its start: the database's URL is known then."""
        world = self

        class Wellspring:
            process: ManagedProcess | None = None

            def start(self, timeout: float = 60) -> None:
                self.process = ManagedProcess(
                    f"wellspring {command}",
                    ["-m", "wellspring.app.cli", command, "--host", "127.0.0.1", "--port", str(port)],
                    health_url=f"http://127.0.0.1:{port}/healthz",
                    log=world.folder / f"{command}.log",
                    environment={**environment, "WELLSPRING_DATABASE_URL": world.postgres.url},
                )
                self.process.start(timeout)

            def kill(self) -> None:
                if self.process:
                    self.process.kill()

            def stop(self) -> None:
                if self.process:
                    self.process.stop(10)

        return Wellspring()

    def start(self) -> None:
        for together in (("postgres", "simulator"), ("worker", "api")):
            with ThreadPoolExecutor() as starting:
                list(starting.map(self._up, together))
        self.console.sign_in()
        self.api.sign_in()

    def _up(self, name: str) -> None:
        """As a supervisor does: again and again until it stays."""
        deadline = time.monotonic() + UP_WITHIN
        while True:
            try:
                return self.processes[name].start(60)
            except StartError:
                if time.monotonic() > deadline:
                    raise
                self.processes[name].kill()
                time.sleep(0.5)

    def strike(self, name: str, *, down_seconds: float, then: Callable[[], None] = lambda: None) -> None:
        """kill -9; it is started again after a while, beside whatever else goes on. `then`: once it is up."""

        def kill_and_start() -> None:
            with self._alone[name]:  # nobody is killed who is still being started
                since = time.time()
                self.processes[name].kill()
                self.killed.append(name)
                try:
                    time.sleep(down_seconds)
                    self._up(name)
                    then()
                except BaseException as error:
                    self._errors.append(error)
                self.outages.append(Outage(name, since, time.time()))

        thread = threading.Thread(target=kill_and_start, name=f"strike:{name}")
        thread.start()
        self._threads.append(thread)

    def all_up(self) -> None:
        """Wait until everything that was killed runs again. Raises Broken when something did not start."""
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise Broken(f"a process did not start again: {self._errors[0]}")

    def close(self) -> None:
        for thread in self._threads:
            thread.join(UP_WITHIN)
        for name in ("api", "worker", "simulator", "postgres"):
            self.processes[name].stop()
