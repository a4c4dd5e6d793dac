"""One size from an empty folder to its figures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bench.insight import upkeep
from bench.insight.brand import Size, fill
from bench.insight.measuring import forget_peak, peak_rss_gib, timed
from bench.insight.segments import Answered, Compared, against_others, figures, suite
from bench.insight.stores import Asking, opened

OTHERS_UP_TO = 1_000_000
"""Above it PostgreSQL needs hours."""
ROUNDS = 5


def measure(
    members: int, *, line_share: float = 1.0, rounds: int = ROUNDS, folder: Path | None = None
) -> dict[str, Any]:
    """Every figure of this size, printed as it is found. `folder`: where the data goes and stays."""
    size = Size(members, line_share)
    load = os.getloadavg()[0]
    with opened(folder) as platform:
        seconds, rows = timed(lambda: fill(platform.warehouse, size))
        _say(f"{members:,} members, {sum(rows.values()):,} rows of facts made up in {seconds:.0f} s")
        forget_peak()
        seconds = upkeep.first_build(platform)
        _say(f"wide table built and lifetime value fitted in {seconds:.1f} s")
        asking = Asking(platform, size)
        answered = suite(platform, asking, size, rounds)
        _print_suite(answered)
        found: dict[str, Any] = figures(answered)
        kept, people = upkeep.materialise(asking)
        found |= {"materialise_s": kept, "materialised": people}
        found |= upkeep.rebuild(platform)
        found |= upkeep.profiles_meanwhile(platform, size)
        compared: list[Compared] = []
        if members <= OTHERS_UP_TO:
            compared = against_others(platform, asking, platform.folder.path, rounds)
            _print_others(compared)
            found["ratio_vs_postgres"] = sum(one.others_s for one in compared) / sum(one.product_s for one in compared)
        found |= upkeep.day_increment(platform, size)
        found["peak_rss_gib"] = peak_rss_gib()
    found = {key: round(value, 4) if isinstance(value, float) else value for key, value in found.items()}
    return {
        "members": members,
        "cores": os.cpu_count(),
        "load_before": round(load, 2),
        "rows": rows,
        **found,
        "suite": {
            one.name: {"people": one.people, "product_s": one.product_s, "by_hand_s": one.by_hand_s, "way": one.way}
            for one in answered
        },
        "others": {one.name: {"product_s": one.product_s, "postgres_s": one.others_s} for one in compared},
    }


def _say(line: str) -> None:
    print(line, flush=True)


def _print_suite(answered: list[Answered]) -> None:
    _say(f"\n{'segment':<34}{'people':>12}{'product s':>12}{'by hand s':>12}{'ratio':>8}  fastest by hand")
    for one in answered:
        _say(f"{one.name:<34}{one.people:>12,}{one.product_s:>12.3f}{one.by_hand_s:>12.3f}{one.ratio:>8.2f}  {one.way}")


def _print_others(compared: list[Compared]) -> None:
    _say(f"\n{'segment':<34}{'product s':>12}{'PostgreSQL s':>14}{'ratio':>8}")
    for one in compared:
        _say(f"{one.name:<34}{one.product_s:>12.3f}{one.others_s:>14.3f}{one.others_s / one.product_s:>8.1f}")
