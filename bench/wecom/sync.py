"""A full sync of many customers, end to end: the simulator and the product on the same cores, memory sampled."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from bench.wecom.company import connect, simulator
from sqlalchemy import text

from wellspring.app.serve import settle_memory
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings
from wellspring.wecom.facade import start_full_sync
from wellspring.wecom.sync.run import Runner


class Memory:
    """The resident memory of this process while the block runs, in MiB."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._stop = threading.Event()

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            status = Path("/proc/self/status").read_text()
            resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            self.samples.append(int(resident.split()[1]) / 1024)

    @property
    def growth(self) -> float:
        """Of the last quarter over the second, on average: the first warms up."""
        quarter = max(1, len(self.samples) // 4)
        second, last = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        return sum(last) / len(last) - sum(second) / max(1, len(second))


def measure(folder: Path, *, customers: int) -> dict[str, Any]:
    with simulator(folder, customers=customers, staff_per_store=max(4, customers // 12_000)) as (control, url):
        platform = Platform.open(Settings(data=folder / "data"))
        try:
            connect(platform, control, url)
            settle_memory()
            seconds, memory = _sync(platform)
            with platform.database.unit_of_work() as session:
                known = session.scalar(text("select count(*) from customer")) or 0
            again, _ = _sync(platform)
        finally:
            platform.close()
    return {
        "sync_customers": known,
        "sync_seconds": round(seconds, 1),
        "sync_customers_per_s": round(known / seconds),
        "sync_again_customers_per_s": round(known / again),
        "sync_peak_rss_mib": round(max(memory.samples)),
        "sync_rss_growth_mib": round(memory.growth),
    }


def _sync(platform: Platform) -> tuple[float, Memory]:
    with platform.database.unit_of_work() as session:
        run_id = start_full_sync(session, platform, SYSTEM)
    memory = Memory()
    began = time.perf_counter()
    with memory:
        Runner(platform, run_id).run()
    return time.perf_counter() - began, memory
