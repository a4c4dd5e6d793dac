"""A whole day of trouble: `make soak`, or `make soak SEED=7`. Says line by line what it checked; ends non-zero at the
first thing that does not hold, and then keeps the logs. The same seed gives the same acts, kills and faults; how they
fall together is up to the machine."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from trouble_day import Day, Plan
from trouble_judge import judge
from trouble_world import World

from wellspring.app.demo.client import Broken

Say = Callable[[str], None]


def run(plan: Plan, say: Say) -> None:
    """Raises Broken, and leaves the folder, where something does not hold."""
    # Outside of a home folder: the embedded server's account has to reach it.
    folder = Path(tempfile.mkdtemp(prefix="wellspring-trouble-"))
    folder.chmod(0o755)
    world = World(folder)
    day = Day(world, plan, say)
    try:
        day.prepare()
        say(f"prepared: {plan.customers:,} customers, seed {plan.seed}; logs are in {folder}")
        day.trouble()
        say(f"{len(world.outages)} kills, {len(day.blocks)} times 45009")
        day.settle()
        judge(day)
    finally:
        world.close()
    shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--customers", type=int, default=20_000)
    options.add_argument("--adds", type=int, default=200)
    options.add_argument("--messages", type=int, default=3)
    options.add_argument("--kills", type=int, default=16)
    options.add_argument("--seconds", type=float, default=900, help="of real time, in which the day is acted out")
    options.add_argument("--speed", type=float, default=1.0, help="of the brand's clock")
    chosen = options.parse_args()
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {line}", flush=True)

    try:
        run(Plan(**vars(chosen)), say)
    except Broken as broken:
        print(f"It does not hold: {broken}", file=sys.stderr)
        return 1
    say("The day holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
