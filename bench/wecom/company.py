"""A simulated company and a platform connected to it, for the parts that need WeCom to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wecom_sim.testing import Control
from wellspring.app.demo.processes import free_port, simulator_process
from wellspring.app.domains import register_domains
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import connect_company


@contextmanager
def simulator(folder: Path, *, customers: int, staff_per_store: int = 14) -> Iterator[tuple[Control, str]]:
    """Its control API and its address; in a process of its own, state in memory."""
    process = simulator_process(folder, port := free_port(), keep_state=False)
    process.start()
    control = Control(url := f"http://127.0.0.1:{port}")
    try:
        control.seed(customers=customers, staff_per_store=staff_per_store)
        yield control, url
    finally:
        process.stop()


def connect(platform: Platform, control: Control, url: str) -> None:
    register_domains()
    company = control.company()
    with platform.database.unit_of_work() as session:
        connect_company(
            session,
            platform,
            SYSTEM,
            corp_id=company["corpid"],
            secret=company["secret"],
            token=company["token"],
            aes_key=company["aes_key"],
            agent_id=company["agentid"],
            base_url=url,
        )
