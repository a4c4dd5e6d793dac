"""kill -9 at several moments of the story, then start again: it completes, with no double message and nothing
lost. Each moment has its own run of the steps that follow; the checks are the story's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wellspring.app.demo.story import Story, close, open_story, tell
from wellspring.app.demo.story_reach import REACH
from wellspring.app.demo.story_steps import STEPS
from wellspring.commerce.sample_orders import write_sample

pytestmark = pytest.mark.story

MOMENTS = [
    "while the first sync runs",
    "while the orders are read",
    "after a scan",
    "among thirty scans",
    "right after submitting",
    "while results come in",
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Outside of a home folder: the embedded server's account has to reach it."""
    path = Path(tempfile.mkdtemp(prefix="wellspring-crash-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def small_story(folder: Path) -> Story:
    orders = folder / "orders.parquet"
    write_sample(orders, seed=11, lines=6_000, customers=400)
    return open_story(folder, orders, customers=1_200)


@pytest.mark.timeout(900)
def test_the_story_survives_a_kill_at_every_moment(folder: Path) -> None:
    story = small_story(folder)
    story.note(crashes=True)
    killed: list[str] = []

    def kill(moment: str) -> None:
        """The brand's clock stands while the process is away: its downtime must not eat WeCom's 20 seconds."""
        if moment in killed:
            return
        killed.append(moment)
        # WeCom's pause between two deliveries is not published; a restart here takes longer than the default's second.
        story.simulator.post("settings", callback_retry_gap_seconds=20)
        story.simulator.post("clock", frozen=True)
        story.product_process.kill()
        if moment == "right after submitting":
            story.simulator_process.kill()
            story.simulator_process.start()
        story.product_process.start()
        # And runs slowly from then on: WeCom delivers again after pauses in real time.
        story.simulator.post("clock", frozen=False, speed=0.05)

    story.between = kill
    lines: list[str] = []
    try:
        tell(story, [*STEPS, *REACH], lines.append)
    finally:
        close(story)
        print("\n".join(lines))
    assert killed == MOMENTS
