"""`wellspring story`: the loop without a screen, on a throw-away data folder; ends at the first thing that
does not hold. Steps are in `story_steps.py`; this file runs them and prints a line each."""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wellspring.app.demo.client import Api, Broken, Simulator
from wellspring.app.demo.order_file import Account, choose
from wellspring.app.demo.processes import ManagedProcess, free_port, product_process, simulator_process

Interrupt = Callable[[str], None]
"""Called with the name of a moment in the story; a crash test kills a process there."""


@dataclass
class Story:
    """What the steps share. `between` is told each moment at which a crash would hurt most."""

    folder: Path
    orders: Path
    customers: int
    simulator_process: ManagedProcess
    product_process: ManagedProcess
    simulator: Simulator
    api: Api
    random_seed: int = 7
    between: Interrupt = lambda moment: None
    account: Account = field(default_factory=Account)
    found: dict[str, Any] = field(default_factory=dict)

    def note(self, **values: Any) -> None:
        self.found.update(values)


Step = Callable[[Story], str]


def open_story(
    folder: Path, orders: Path, *, customers: int, between: Interrupt | None = None, patience: float = 90
) -> Story:
    """The two processes, not yet started."""
    simulator_port, port = free_port(), free_port()
    simulator_url = f"http://127.0.0.1:{simulator_port}"
    password = secrets.token_urlsafe(12)
    story = Story(
        folder=folder,
        orders=orders,
        customers=customers,
        simulator_process=simulator_process(folder, simulator_port),
        product_process=product_process(folder, port, simulator_url, password),
        simulator=Simulator(simulator_url),
        api=Api(f"http://127.0.0.1:{port}", "admin", password, patience=patience),
    )
    if between is not None:
        story.between = between
    return story


def tell(story: Story, steps: list[tuple[str, Step]], say: Callable[[str], None]) -> None:
    """Run the steps; each returns the figures it checked."""
    began = time.monotonic()
    for number, (title, step) in enumerate(steps, 1):
        at = time.monotonic()
        figures = step(story)
        say(f"{number:>2}. {title:<46} {time.monotonic() - at:6.1f} s  {figures}")
    say(f"The story holds: {len(steps)} steps in {time.monotonic() - began:.1f} s.")


def close(story: Story) -> None:
    story.product_process.stop()
    story.simulator_process.stop()


def run_story(*, orders: Path | None, customers: int = 20_000, keep: bool = False) -> int:
    """The command; its exit code."""
    from wellspring.app.demo.story_reach import REACH
    from wellspring.app.demo.story_steps import STEPS

    file, called = choose(orders)
    folder = Path(tempfile.mkdtemp(prefix="wellspring-story-"))
    folder.chmod(0o755)
    if file is None:
        file = folder / "orders.parquet"
        from wellspring.commerce.sample_orders import write_sample

        write_sample(file, seed=7)
    print(f"Orders: {called}.", flush=True)  # noqa: T201 - this command prints its report
    story = open_story(folder, file, customers=customers)
    try:
        tell(story, [*STEPS, *REACH], lambda line: print(line, flush=True))  # noqa: T201
    except Broken as broken:
        print(f"The story does not hold: {broken}", file=sys.stderr)  # noqa: T201
        print(f"Logs are kept in {folder}.", file=sys.stderr)  # noqa: T201
        keep = True
        return 1
    finally:
        close(story)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0
