"""The same callbacks once more: nothing changes, and it takes no longer than the first time.

One edit for each pair of customer and member, taken in by the whole product and handled to the end; then the same bytes
again. What is compared is the time until the inbox is empty.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.wecom.deliveries import Company, edits
from bench.wecom.load import send_all

from wellspring.app.demo import brand
from wellspring.app.demo.story import Story, close, open_story


def measure(folder: Path, *, customers: int) -> dict[str, Any]:
    story = open_story(folder, folder / "no-orders", customers=customers)
    try:
        return _measure(story, customers)
    finally:
        close(story)


def _measure(story: Story, customers: int) -> dict[str, Any]:
    story.simulator_process.start()
    # More members than a shop's twelve: WeCom lets each hold some thousands of customers.
    staff = max(4, customers // 12_000)
    story.simulator.post("seed", customers=customers, seed=9, staff_per_store=staff)
    story.simulator.post("clock", now=datetime.now(brand.ZONE).timestamp(), frozen=False)
    story.product_process.start()
    story.api.sign_in()
    brand.connect(story.api, story.simulator)
    brand.start_sync(story.api)
    _wait(story, lambda: not story.api.get("/api/v1/wecom/sync")["running"])
    known = story.simulator.get("company")
    company = Company(known["corpid"], known["token"], known["aes_key"])
    port = int(story.api.base_url.rsplit(":", 1)[1])
    shown = (one for one in story.simulator.relations() if one["on_api"])
    pairs = [(one["userid"], one["external_userid"]) for one in shown][:customers]
    requests = list(edits(company, port, pairs, int(time.time())))
    time.sleep(5)  # past the second in which a repeat could be a change of its own
    rounds = [_round(story, port, requests) for _ in range(2)]
    return {
        "replay_callbacks": len(requests),
        "first_seconds": round(rounds[0][0], 1),
        "replay_seconds": round(rounds[1][0], 1),
        "replay_ratio": round(rounds[1][0] / rounds[0][0], 2),
        "first_handled_per_s": round(len(requests) / rounds[0][0]),
        "replay_changed": rounds[1][1] - rounds[0][1],
    }


def _round(story: Story, port: int, requests: list[bytes]) -> tuple[float, int]:
    """Seconds until everything is handled, and how many callbacks the product has then."""
    began = time.perf_counter()
    send_all(port, requests)
    _wait(story, lambda: story.api.get("/api/v1/wecom/status")["inbox_pending"] == 0)
    return time.perf_counter() - began, int(story.api.get("/api/v1/wecom/inbox", page_size=1)["total"])


def _wait(story: Story, done: Any, *, timeout: float = 3_000) -> None:
    deadline = time.monotonic() + timeout
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("the product did not come to rest")
        time.sleep(0.5)
