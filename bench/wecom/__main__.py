"""The connector's figures: a table, and bench/out/wecom.json.

    python -m bench.wecom [PART ...]       parts: intake welcome sync replay; default all

Each part starts its own processes in a throw-away folder (under WELLSPRING_BENCH_FOLDER or the system's temporary
folder). Sizes can be made smaller by BENCH_CALLBACKS and BENCH_CUSTOMERS; the goals are meant for the defaults.
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

from bench.wecom import intake, sync

OUT = Path(__file__).parent.parent / "out" / "wecom.json"
GOALS = {
    "intake_per_s": ">= 1500",
    "intake_p99_ms": "< 250",
    "intake_ratio_to_bare": ">= 0.7",
    "welcome_p99_s": "< 2",
    "sync_customers_per_s": ">= 3000",
    "replay_ratio": "<= 1",
}
PARTS = {
    "intake": lambda folder: intake.measure(folder, callbacks=int(os.environ.get("BENCH_CALLBACKS", "20000"))),
    "sync": lambda folder: sync.measure(folder, customers=int(os.environ.get("BENCH_CUSTOMERS", "200000"))),
}


def main(wanted: list[str]) -> int:
    figures: dict[str, Any] = {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)}
    print(f"Machine: {figures['cores']} cores, load {figures['load_before']} before the start.")
    for name in wanted or PARTS:
        folder = Path(tempfile.mkdtemp(prefix="wellspring-bench-", dir=os.environ.get("WELLSPRING_BENCH_FOLDER")))
        folder.chmod(0o755)  # PostgreSQL doesn't run as root and looks in as another user
        began = time.monotonic()
        try:
            found = PARTS[name](folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        figures |= found
        print(f"\n{name} ({time.monotonic() - began:.0f} s)")
        for key, value in found.items():
            print(f"  {key:<28}{value:>14}   {GOALS.get(key, '')}", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    earlier = json.loads(OUT.read_text()) if OUT.exists() and wanted else {}
    OUT.write_text(json.dumps(earlier | figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
