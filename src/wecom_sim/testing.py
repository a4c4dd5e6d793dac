"""For tests, here and in other projects: a simulator in a thread or a process, and a client for its control API."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn

from wecom_sim.app import create_app
from wecom_sim.listening import listen
from wecom_sim.testing_acts import Acts, ControlError

__all__ = ["Control", "ControlError", "SimulatorProcess", "SimulatorServer", "running_simulator"]

START_SECONDS = 20.0


class Control(Acts):
    """One method per control call; each answers the decoded JSON and raises ControlError on a refusal."""

    # -- world -------------------------------------------------------------------------------------------------------
    def reset(self, seed: int = 1) -> Any:
        return self.post("reset", {"seed": seed})

    def seed(self, **wish: Any) -> Any:
        return self.post("seed", wish)

    def state(self) -> Any:
        return self.get("state")

    def company(self) -> Any:
        return self.get("company")

    def set_callback(self, url: str, token: str | None = None, aes_key: str | None = None) -> Any:
        return self.post("callback", {"url": url, "token": token, "aes_key": aes_key})

    def clock(self) -> Any:
        return self.get("clock")

    def advance(self, seconds: float) -> Any:
        return self.post("clock", {"advance_seconds": seconds})

    def freeze(self, frozen: bool = True) -> Any:
        return self.post("clock", {"frozen": frozen})

    def set_clock(self, **wish: Any) -> Any:
        return self.post("clock", wish)

    def settings(self, **changes: Any) -> Any:
        return self.post("settings", changes) if changes else self.get("settings")

    # -- reading -----------------------------------------------------------------------------------------------------
    def staff(self) -> Any:
        return self.get("staff")

    def customers(self, query: str = "", limit: int = 20, offset: int = 0) -> Any:
        return self.get("customers", query=query, limit=limit, offset=offset)

    def customer(self, external_userid: str) -> Any:
        return self.get(f"customers/{external_userid}")

    def export(self) -> Iterator[dict[str, Any]]:
        """Every relation."""
        cursor: int | None = 0
        while cursor is not None:
            page = self.get("export", cursor=cursor)
            yield from page["relations"]
            cursor = page["next_cursor"]

    def ledger(self, **filters: Any) -> list[dict[str, Any]]:
        """Every entry that fits kind, external_userid, msgid, after; all pages."""
        found: list[dict[str, Any]] = []
        after = filters.pop("after", 0)
        while True:
            page = self.get("ledger", after=after, limit=10_000, **filters)
            found += page["entries"]
            if len(page["entries"]) < 10_000:
                return found
            after = page["last"]

    def ledger_counts(self) -> Any:
        return self.get("ledger/counts")

    def calls(self) -> Any:
        return self.get("calls")

    def callbacks(self, **filters: Any) -> Any:
        return self.get("callbacks", **filters)

    def mass(self) -> Any:
        return self.get("mass")

    def wait_for_callbacks(self, seconds: float = 20.0) -> Any:
        """Wait until no callback is under way; answers the totals."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            totals = self.callbacks(limit=1)
            if not totals["pending"]:
                return totals["counts"]
            time.sleep(0.02)
        raise TimeoutError("callbacks are still under way")

    # -- acting ------------------------------------------------------------------------------------------------------
    def scan(self, code: str, external_userid: str = "", customer: dict[str, Any] | None = None) -> Any:
        """`code`: a config_id or any link that holds it."""
        wish = {"qr": code, "external_userid": external_userid} | ({"customer": customer} if customer else {})
        return self.post("scan", wish)

    def customer_delete(self, userid: str, external_userid: str) -> Any:
        return self.post("customer-delete", {"userid": userid, "external_userid": external_userid})

    def staff_delete(self, userid: str, external_userid: str) -> Any:
        return self.post("staff-delete", {"userid": userid, "external_userid": external_userid})

    def staff_accept(self, userid: str, external_userid: str) -> Any:
        return self.post("staff-accept", {"userid": userid, "external_userid": external_userid})

    def staff_edit(self, userid: str, external_userid: str, **changes: Any) -> Any:
        return self.post("staff-edit", {"userid": userid, "external_userid": external_userid, **changes})

    def chat(self, userid: str, external_userid: str, text: str, sender: str = "customer") -> Any:
        return self.post("chat", {"userid": userid, "external_userid": external_userid, "text": text, "from": sender})

    def confirm(self, userid: str, msgid: str = "all", external_userids: list[str] | None = None) -> Any:
        return self.post("confirm", {"userid": userid, "msgid": msgid, "external_userids": external_userids})

    def confirm_everything(self) -> int:
        """Every member confirms everything that waits; answers how many tasks that were."""
        waiting = [one["userid"] for one in self.staff() if one["tasks_waiting"]]
        return sum(len(self.confirm(userid)["confirmed"]) for userid in waiting)

    def resign(self, userid: str) -> Any:
        return self.post("resign", {"userid": userid})

    def tag_admin(self, **wish: Any) -> Any:
        return self.post("tag-admin", wish)

    def faults(self, *faults: dict[str, Any]) -> Any:
        """Replace all wire faults; none ends them."""
        return self.post("faults", list(faults))

    def callback_faults(self, **wish: Any) -> Any:
        return self.post("callback-faults", wish)


class SimulatorServer:
    """A simulator in a thread of this process: `with SimulatorServer() as sim: sim.control.seed(customers=100)`."""

    def __init__(self, state_file: Path | None = None, seed: int = 1, port: int = 0) -> None:
        self._listener = listen(port=port)
        self.port: int = self._listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        app = create_app(state_file=state_file, seed=seed, public_url=self.base_url)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="wecom-sim", daemon=True)
        self.control = Control(self.base_url)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))

    def start(self) -> Self:
        self._thread.start()
        _wait_until_up(self.base_url, self._thread.is_alive)
        return self

    def stop(self) -> None:
        self.control.close()
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def running_simulator() -> Iterator[SimulatorServer]:
    """One simulator for as long as it is needed; pytest makes a fixture of it without any plugin, in a conftest.py:

    `simulator = pytest.fixture(scope="session")(running_simulator)`
    """
    with SimulatorServer() as running:
        yield running


class SimulatorProcess:
    """A simulator in its own process, to be killed and started again on the same port and state file."""

    def __init__(self, state_file: Path | None = None, seed: int = 1, port: int = 0, log: Path | None = None) -> None:
        if not port:
            with listen() as listener:
                port = listener.getsockname()[1]
        self.port = port
        self.base_url = f"http://127.0.0.1:{port}"
        self.control = Control(self.base_url)
        self._command = [sys.executable, "-m", "wecom_sim.cli", "serve", "--port", str(port), "--seed", str(seed)]
        if state_file is not None:
            self._command += ["--state", str(state_file)]
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        output = self._log.open("ab") if self._log else None
        try:
            self.process = subprocess.Popen(self._command, stdout=output or subprocess.DEVNULL, stderr=output)  # noqa: S603
        finally:
            if output is not None:
                output.close()
        process = self.process
        _wait_until_up(self.base_url, lambda: process.poll() is None)
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process; answers its exit status. `number` SIGKILL for a crash."""
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        return self.process.wait(15)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.control.close()


def _wait_until_up(base_url: str, alive: Any) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{base_url}/healthz", trust_env=False, timeout=2).is_success:
                return
        except httpx.HTTPError:
            if not alive():
                break
        time.sleep(0.05)
    raise RuntimeError(f"the simulator did not come up on {base_url}")
