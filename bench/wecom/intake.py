"""How many callbacks a second are durable, and how that compares with the least that can be done per request."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.wecom.deliveries import Company, edits
from bench.wecom.load import send_all

from wellspring.app.demo.processes import ManagedProcess, free_port
from wellspring.app.domains import register_domains
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings
from wellspring.wecom.facade import connect_company

COMPANY = Company("ww00000000benchmark", "benchToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
WARM_UP = 1_000


def measure(folder: Path, *, callbacks: int) -> dict[str, Any]:
    """Product and bare take turns on one PostgreSQL; the better of two rounds of each counts."""
    postgres = EmbeddedPostgres(folder / "postgres")
    url = postgres.start()
    try:
        _prepare(folder, url)
        rounds: dict[str, list[dict[str, Any]]] = {"bare": [], "intake": []}
        for turn in range(2):
            for kind in rounds:
                rounds[kind].append(_round(folder, url, kind, callbacks, turn))
    finally:
        postgres.stop()
    best = {kind: max(found, key=lambda one: float(one["per_s"])) for kind, found in rounds.items()}
    return {
        "intake_per_s": round(best["intake"]["per_s"]),
        "intake_p50_ms": round(best["intake"]["p50_ms"], 1),
        "intake_p99_ms": round(best["intake"]["p99_ms"], 1),
        "bare_per_s": round(best["bare"]["per_s"]),
        "intake_ratio_to_bare": round(best["intake"]["per_s"] / best["bare"]["per_s"], 2),
    }


def _prepare(folder: Path, url: str) -> None:
    register_domains()
    platform = Platform.open(Settings(data=folder / "data", database_url=url))
    try:
        with platform.database.unit_of_work() as session:
            connect_company(
                session,
                platform,
                SYSTEM,
                corp_id=COMPANY.corp_id,
                secret="none",
                token=COMPANY.token,
                aes_key=COMPANY.aes_key,
            )
    finally:
        platform.close()


def _round(folder: Path, url: str, kind: str, callbacks: int, turn: int) -> dict[str, Any]:
    port = free_port()
    server = ManagedProcess(
        kind,
        ["-m", "bench.wecom.servers", kind, str(port)],
        health_url=f"http://127.0.0.1:{port}/healthz",
        log=folder / f"{kind}.log",
        environment={
            "WELLSPRING_DATA": str(folder / "data"),
            "WELLSPRING_DATABASE_URL": url,
            "BENCH_CORP": COMPANY.corp_id,
            "BENCH_TOKEN": COMPANY.token,
            "BENCH_AES_KEY": COMPANY.aes_key,
        },
    )
    server.start()
    try:
        pairs = [(f"staff{n % 40}", f"wm{kind[:1]}{turn}{n:027d}") for n in range(WARM_UP + callbacks)]
        requests = list(edits(COMPANY, port, pairs, int(time.time())))
        send_all(port, requests[:WARM_UP])
        return send_all(port, requests[WARM_UP:])
    finally:
        server.stop()
