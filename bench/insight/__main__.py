"""The insight engine's figures over a synthetic brand: a table, and bench/out/insight-N.json.

    python -m bench.insight N [--line-share 0.5]    one size, e.g. 1000000; 0.5: a line for every second order
    python -m bench.insight --compare               every size measured so far, side by side

Works in a throw-away folder (under WELLSPRING_BENCH_FOLDER or the system's temporary folder).
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from bench.insight.run import measure

OUT = Path(__file__).parent.parent / "out"
GOALS = {
    "suite_p50_s": "<= 0.3", "suite_p95_s": "<= 2", "suite_worst_s": "<= 9", "suite_worst_ratio_to_handwritten": "<= 1.25",
    "materialise_s": "<= 5", "features_rebuild_s": "<= 120", "day_increment_s": "<= 10", "profile_p99_ms": "<= 50",
    "ratio_vs_postgres": ">= 30", "peak_rss_gib": "<= 12",
}  # fmt: skip
"""For 30 million members on two cores; the ratio to PostgreSQL at a million."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.insight", description="Figures of the insight engine.")
    parser.add_argument("members", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--line-share", type=float, default=1.0, help="order lines per order, at most 1")
    parser.add_argument("--compare", action="store_true", help="print every size measured so far")
    asked = parser.parse_args()
    if not asked.compare:
        print(f"Machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start.")
        found = measure(asked.members, line_share=asked.line_share)
        OUT.mkdir(exist_ok=True)
        (OUT / f"insight-{asked.members}.json").write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        compare([found])
        return
    compare([json.loads(file.read_text()) for file in OUT.glob("insight-*.json")])


def compare(sizes: list[dict[str, Any]]) -> None:
    """Columns by size; behind each figure how it grew against the smaller size: 1.00 is as the members did."""
    sizes = sorted(sizes, key=lambda one: int(one["members"]))
    if not sizes:
        print("Nothing measured yet.")
        return
    print("\n" + f"{'':<36}" + "".join(f"{one['members']:>20,}" for one in sizes) + "   goal at 30,000,000")
    for key, goal in GOALS.items():
        cells = [_cell(key, one, before) for one, before in zip(sizes, [None, *sizes], strict=False)]
        print(f"{key:<36}" + "".join(f"{cell:>20}" for cell in cells) + f"   {goal}")


def _cell(key: str, one: dict[str, Any], before: dict[str, Any] | None) -> str:
    value = one.get(key)
    if value is None:
        return "-"
    if before is None or not before.get(key) or not key.endswith("_s"):
        return f"{value:.3f}"
    growth = (value / before[key]) / (one["members"] / before["members"])
    return f"{value:.3f} (x{growth:.2f})"


if __name__ == "__main__":
    main()
