"""How many order lines a second go in, from the upload on disk to committed orders, refunds and events.

    python bench/import_orders.py [FILE]     # default: the real file beside the checkout, else a generated one

Runs in a data folder of its own (under WELLSPRING_BENCH_FOLDER or the system's temporary folder), twice: the
first run takes everything in, the second finds everything there. Writes bench/out/import.json. CPU seconds are
those of this process and of its PostgreSQL, so that a figure from a busy machine can still be judged.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from wellspring.app.domains import register_domains
from wellspring.commerce.imports import service
from wellspring.commerce.imports.files import PendingFile
from wellspring.commerce.imports.options import Options
from wellspring.commerce.imports.running import run_import
from wellspring.commerce.sample_orders import write_sample
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.paths import CHECKOUT
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings

REAL = CHECKOUT.parent / "shared" / "data" / "online_retail_ii_2009_2010.parquet"
OUT = CHECKOUT / "bench" / "out" / "import.json"
TICK = os.sysconf("SC_CLK_TCK")


def choose(arguments: list[str], folder: Path) -> Path:
    named = arguments[0] if arguments else os.environ.get("ORDERS")
    if named:
        return Path(named)
    return REAL if REAL.exists() else write_sample(folder / "orders.parquet", seed=7, lines=500_000)


def postgres_cpu_seconds(folder: Path) -> float:
    """User and system time of the server and its children that are alive."""
    master = int((folder / "postmaster.pid").read_text().split()[0])
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == master or int(fields[1]) == master:
            total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def take(platform: Platform, file: Path) -> dict[str, Any]:
    pending = PendingFile(platform)
    with file.open("rb") as stream:
        shutil.copyfileobj(stream, pending)  # type: ignore[arg-type]
    with platform.database.unit_of_work() as session:
        now = platform.clock.now()
        run, guessed = service.receive(session, platform, SYSTEM, pending=pending, filename=file.name, now=now)
        options = Options.model_validate(guessed.options.model_dump() | {"time_zone": "Europe/London"})
        service.change_mapping(session, platform, run, mapping=guessed.mapping, options=options)
        service.start(session, platform, SYSTEM, run, now)
        import_id = run.id
    cpu, served, began = time.process_time(), postgres_cpu_seconds(platform.folder.postgres), time.monotonic()
    run_import(platform, import_id)
    seconds = time.monotonic() - began
    with platform.database.unit_of_work() as session:
        run = service.get(session, import_id)
        if run.status != "done":
            raise SystemExit(f"the import ended as {run.status}: {run.counts}")
        counts = dict(run.counts)
        session.execute(text("delete from procrastinate_jobs"))
    return {
        "lines": counts["lines_in"],
        "seconds": round(seconds, 2),
        "lines_per_second": round(counts["lines_in"] / seconds),
        "cpu_seconds_python": round(time.process_time() - cpu, 2),
        "cpu_seconds_postgres": round(postgres_cpu_seconds(platform.folder.postgres) - served, 2),
        "orders_new": counts["orders"]["new"],
        "refunds_new": counts["refunds"]["new"],
        "lines_rejected": counts["lines_rejected"],
    }


def main() -> None:
    register_domains()
    folder = Path(tempfile.mkdtemp(prefix="wellspring-bench-", dir=os.environ.get("WELLSPRING_BENCH_FOLDER")))
    load = os.getloadavg()[0]
    try:
        file = choose(sys.argv[1:], folder)
        platform = Platform.open(Settings(data=folder / "data"))
        try:
            result = {
                "file": file.name,
                "cpus": os.cpu_count(),
                "load_before": round(load, 2),
                "first": take(platform, file),
                "again": take(platform, file),
            }
        finally:
            platform.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
