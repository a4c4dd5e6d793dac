"""Looks at a deployment that runs (by asking it) or does not (by opening its stores for a moment)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from wellspring.app.doctor.endpoints import PROOF_HEADER, proof
from wellspring.app.doctor.findings import Finding, looked_at, ok, wrong
from wellspring.app.doctor.inside import examine_platform
from wellspring.app.doctor.machine import answers, examine_machine, folder_holder, local_url
from wellspring.platform.clock import SystemClock
from wellspring.platform.data_folder import DataFolder
from wellspring.platform.db import Database
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.errors import StartError
from wellspring.platform.jobs import Jobs
from wellspring.platform.runtime import Platform
from wellspring.platform.secrets import SecretBox
from wellspring.platform.settings import Settings
from wellspring.platform.warehouse.client import Warehouse

ASK_SECONDS = 30


def diagnose(settings: Settings) -> list[Finding]:
    """Every finding. Migrates nothing, makes no account, calls nothing at WeCom."""
    findings = examine_machine(settings)
    embedded = settings.database_url is None or settings.warehouse_url is None
    if answers(settings):
        return findings + looked_at("Running process", _ask, settings)
    if embedded and folder_holder(settings) == "another process":
        unheard = (
            f"A Wellspring process holds the data folder, but nothing answers on {local_url(settings)}:"
            " name its port with --port, or stop it and start again when it hangs."
        )
        return [*findings, wrong("Running process", unheard)]
    if settings.database_url is None and not (settings.data.expanduser().resolve() / "postgres/PG_VERSION").exists():
        return [*findings, ok("PostgreSQL", "Never started here; the first `wellspring up` lays it out.")]
    findings.append(ok("Running process", "none; the stores were opened for this look and closed again"))
    return findings + looked_at("Stores", _examine_stopped, settings)


def _ask(settings: Settings) -> Iterator[Finding]:
    """The process that has the stores; its answer is believed when it accepts this folder's key."""
    folder = DataFolder(settings.data)
    shown = proof(SecretBox(folder.secret_key()), int(time.time())) if (folder.path / "secret.key").exists() else ""
    answer = httpx.get(
        f"{local_url(settings)}/doctor", headers={PROOF_HEADER: shown}, timeout=ASK_SECONDS, trust_env=False
    )
    if answer.status_code == 401:
        yield wrong(
            "Running process",
            f"The Wellspring on {local_url(settings)} uses another data folder than {settings.data}:"
            " set WELLSPRING_DATA as it was when it was started.",
        )
        return
    answer.raise_for_status()
    yield ok("Running process", "examined itself")
    for one in answer.json():
        yield Finding(one["name"], one["level"], one["text"])


def _examine_stopped(settings: Settings) -> list[Finding]:
    with _opened(settings) as platform:
        return examine_platform(platform, running=False)


@contextmanager
def _opened(settings: Settings) -> Iterator[Platform]:
    """Like Platform.open, but without migrations: a look must not change what it looks at."""
    folder = DataFolder(settings.data)
    embedded = settings.database_url is None or settings.warehouse_url is None
    if embedded:
        folder.lock()
    postgres = EmbeddedPostgres(folder.postgres) if settings.database_url is None else None
    try:
        url = postgres.start() if postgres else str(settings.database_url)
        try:
            warehouse = Warehouse(settings.warehouse_url or f"chdb://{folder.warehouse}", clients=1)
        except Exception as error:
            raise StartError(f"The warehouse can't be opened: {str(error).splitlines()[0][:200]}") from error
        secrets = SecretBox(folder.secret_key())
        platform = Platform(settings, folder, Database(url, pool_size=1), Jobs(url), warehouse, SystemClock(), secrets)
        try:
            yield platform
        finally:
            warehouse.close()
            platform.database.close()
    finally:
        if postgres:
            postgres.stop()
        folder.unlock()
