"""The two processes of a demo: the WeCom simulator and Wellspring itself, each with its log file."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from wellspring.platform.errors import StartError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ManagedProcess:
    """A child that is started, watched until its health page answers, and always stopped."""

    def __init__(
        self, name: str, arguments: Sequence[str], *, health_url: str, log: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._arguments = list(arguments)
        self._health_url = health_url
        self._log = log
        self._environment = dict(environment)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 150) -> None:
        """Raises StartError with the last line of the log when the process dies or stays silent."""
        out = self._log.open("ab")
        # A session of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *self._arguments],
            stdout=out,
            stderr=out,
            env={**os.environ, **self._environment},
            start_new_session=True,
        )
        deadline = time.monotonic() + timeout
        with httpx.Client(timeout=2, trust_env=False) as http:
            while time.monotonic() < deadline:
                if self._child.poll() is not None:
                    raise StartError(f"{self.name} did not start: {self.last_line()}")
                with contextlib.suppress(httpx.HTTPError):
                    if http.get(self._health_url).status_code == 200:
                        return
                time.sleep(0.1)
        raise StartError(f"{self.name} did not answer within {timeout:.0f} s: {self.last_line()}")

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def last_line(self) -> str:
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"

    def stop(self, timeout: float = 30) -> None:
        """Ask it to end; insist when it doesn't."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(5)

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait(10)


def simulator_process(folder: Path, port: int, *, keep_state: bool = True) -> ManagedProcess:
    state = ["--state", str(folder / "simulator.state")] if keep_state else []
    return ManagedProcess(
        "The WeCom simulator",
        ["-m", "wecom_sim.cli", "serve", "--host", "127.0.0.1", "--port", str(port), *state],
        health_url=f"http://127.0.0.1:{port}/healthz",
        log=folder / "simulator.log",
        environment={},
    )


def product_process(folder: Path, port: int, simulator_url: str, password: str) -> ManagedProcess:
    return ManagedProcess(
        "Wellspring",
        ["-m", "wellspring.app.cli", "up", "--host", "127.0.0.1", "--port", str(port)],
        health_url=f"http://127.0.0.1:{port}/readyz",
        log=folder / "wellspring.log",
        environment={
            "WELLSPRING_DATA": str(folder / "data"),
            "WELLSPRING_ADMIN_PASSWORD": password,
            "WELLSPRING_CLOCK_URL": f"{simulator_url}/control/clock",
            "WELLSPRING_PUBLIC_URL": f"http://127.0.0.1:{port}",
        },
    )
